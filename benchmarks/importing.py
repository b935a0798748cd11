"""`python -m benchmarks.importing [MILLIONS]`: a settlement file of ten million rows, streamed.

The file is generated: all but one row in a thousand have fewer than eleven households and are
counted only, as in a file of dwellings that somebody took for settlements. It is read and judged
as an import does it; the memory beyond that of the start is printed.
"""

import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROWS = 1_000_000
EVERY = 1000  # of these rows one is a settlement


def main(millions: int) -> int:
    """Print rows, seconds and memory; 1 where the count is not that of the file."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LINLI_VAR"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        path = Path(folder) / "settlements.csv"
        _write(path, millions * ROWS)
        return _read(path, millions * ROWS)


def _write(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("code,lon,lat,households,workload\n")
        for n in range(rows):
            lon, lat = 102 + n % 997 / 1000, 34 + n % 991 / 1000
            file.write(f"S{n},{lon:.7f},{lat:.7f},{20 if n % EVERY == 0 else 3},1.5\n")


def _read(path: Path, rows: int) -> int:
    import shapely

    from linli.areas.actions import load
    from linli.areas.models import Area
    from linli.areas.rows import AreaRow
    from linli.territory.imports import checked

    box = shapely.to_wkb(shapely.box(101.9, 33.9, 103.1, 35.1))
    load([AreaRow("C", "county", None, {"en": "C"}, box)], by=None)
    area = Area.objects.select_related("level").get(code="C")
    start, before = time.perf_counter(), _memory()
    with tempfile.SpooledTemporaryFile(1 << 24, "w+", encoding="utf-8") as waiting:
        found = checked(path, area, waiting)
        stored = sum(1 for _row in found.rows)
    seconds = time.perf_counter() - start
    print(f"{found.read:,} rows of {path.stat().st_size / 1e6:,.0f} MB, {stored:,} to store: "
          f"{seconds:.1f} s, {found.read / seconds:,.0f} rows/s, "
          f"{_memory() - before:.0f} MB more memory")  # fmt: skip
    return int(found.read != rows or stored != -(-rows // EVERY) or bool(found.problems))


def _memory() -> float:
    """The most memory so far, megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
