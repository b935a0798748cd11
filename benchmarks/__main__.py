"""Prints one line for each engine: ours, the peer's, their ratio, and whether they agree.

Then the same for what public pages read, and how well reports of the same thing are found, in a
generated year; then service grids, beside METIS and others.
"""

import sys

from benchmarks import engines, grids, outlining, pages, suggesting
from benchmarks.duplicates import print_duplicates
from benchmarks.timing import Measured
from benchmarks.year import generated_year


def main() -> int:
    """Run all; 1 where ours and its peer disagree."""
    print(f"{'what':<34} {'ours s':>9} {'peer s':>9} {'peer/ours':>10}  peer")
    same = [_printed(run()) for run in (*engines.ALL, *suggesting.ALL)]
    with generated_year():
        same += [_printed(run()) for run in pages.ALL]
        print_duplicates()
    grids.print_grids(10_000)
    grids.print_ways(10_000)
    grids.print_change(10_000)
    outlining.print_outlines()
    return 0 if all(same) else 1


def _printed(row: Measured) -> bool:
    ratio = row.theirs / row.ours
    note = "" if row.same else "  RESULTS DIFFER"
    print(f"{row.what:<34} {row.ours:>9.4f} {row.theirs:>9.4f} {ratio:>10.2f}  {row.peer}{note}")
    return row.same


if __name__ == "__main__":
    sys.exit(main())
