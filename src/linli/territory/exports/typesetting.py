"""A document as PDF, set by Typst from one of our templates and plain data."""

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Unavailable
from linli.territory import press
from linli.territory.exports import fonts

TEMPLATES = Path(__file__).parent
LONGEST = 300  # seconds; a thousand pages take ten


def pdf(template: str, data: Mapping[str, Any]) -> bytes:
    """The PDF of `template`, a file beside this one, which reads `data`.

    Nothing outside a folder of its own, and no other font than ours, is read. Raises Unavailable:
    as `fonts.folder`, and `not-printed` when it takes too long or fails.
    """
    made = fonts.folder()
    with tempfile.TemporaryDirectory() as inner:
        root = Path(inner)
        shutil.copy(TEMPLATES / template, root / template)
        text = json.dumps(_printable(data, made), ensure_ascii=False)
        (root / "data.json").write_text(text, encoding="utf-8")
        command = [sys.executable, "-m", press.__name__, str(root / template), str(made)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=LONGEST)  # noqa: S603
        except subprocess.SubprocessError as error:
            raise Unavailable("not-printed", _("The document could not be made.")) from error
        return (root / press.OUTPUT).read_bytes()


def _printable(value: Any, made: Path) -> Any:
    """The same with every text as it can be printed; pictures are left alone."""
    if isinstance(value, str):
        return value if value.startswith("<svg") else fonts.printable(value, made)
    if isinstance(value, Mapping):
        return {key: _printable(inner, made) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(inner, made) for inner in value]
    return value
