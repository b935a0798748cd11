"""A generated year in a database of its own, for what needs one."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path

SEED = 11  # not the year by which the shares in `engines.likely` were chosen
SCALE, CASES = 0.05, 50_000  # as dense as a million in the whole prefecture


@contextmanager
def generated_year(*, cases: int = CASES, scale: float = SCALE) -> Iterator[None]:
    """Set Django up on a new SQLite database with a year of cases; gone afterwards.

    Once in a process: what it is set up on stays.
    """
    with tempfile.TemporaryDirectory(prefix="linli-bench-") as folder:
        os.environ.pop("LINLI_DATABASE", None)
        os.environ |= {"LINLI_VAR": folder, "LINLI_DEMO": "1"}
        os.environ["DJANGO_SETTINGS_MODULE"] = "linli.web.settings"
        import django

        django.setup()
        from django.core.management import call_command

        from linli.web.demo.build import build

        call_command("migrate", verbosity=0)
        with Path(os.devnull).open("w") as nowhere, redirect_stdout(nowhere):
            build(cases=cases, seed=SEED, scale=scale)
        yield
