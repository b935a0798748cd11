"""Prints tables of ours beside peers: `python -m benchmarks [PART ...]`, by default all parts.

engines      one line each: ours, the peer's, their ratio, and whether they agree
cases        the same for what public pages read, and how well reports of the same thing are found,
             in a generated year
prefecture   `area_at` point by point and an atlas of 1,015 grids, in the reference prefecture
grids        service grids, beside METIS and others, and their outlines
"""

import argparse
import subprocess
import sys
from collections.abc import Callable

from benchmarks import engines, grids, outlining, pages, suggesting
from benchmarks.duplicates import print_duplicates
from benchmarks.timing import Measured
from benchmarks.year import generated_year


def main(words: list[str]) -> int:
    """Run the parts; 1 where ours and its peer disagree."""
    parser = argparse.ArgumentParser(
        "benchmarks", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], help="all, unless named")
    asked = parser.parse_args(words).part or PARTS
    same = [PARTS[part]() for part in asked]
    return 0 if all(same) else 1


def _engines() -> bool:
    _print_head()
    same = [_printed(run()) for run in (*engines.ALL, *suggesting.ALL)]
    return all(same)


def _cases() -> bool:
    _print_head()
    with generated_year():
        same = [_printed(run()) for run in pages.ALL]
        print_duplicates()
    return all(same)


def _prefecture() -> bool:
    # A process of its own: Django is set up on one database only.
    command = [sys.executable, "-m", "benchmarks.prefecture"]
    return subprocess.run(command, check=False).returncode == 0


def _grids() -> bool:
    grids.print_grids(10_000)
    grids.print_ways(10_000)
    grids.print_change(10_000)
    outlining.print_outlines()
    return True


PARTS: dict[str, Callable[[], bool]] = {
    "engines": _engines,
    "cases": _cases,
    "prefecture": _prefecture,
    "grids": _grids,
}


def _print_head() -> None:
    print(f"{'what':<34} {'ours s':>9} {'peer s':>9} {'peer/ours':>10}  peer", flush=True)


def _printed(row: Measured) -> bool:
    ratio = row.theirs / row.ours
    note = "" if row.same else "  RESULTS DIFFER"
    print(
        f"{row.what:<34} {row.ours:>9.4f} {row.theirs:>9.4f} {ratio:>10.2f}  {row.peer}{note}",
        flush=True,
    )
    return row.same


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
