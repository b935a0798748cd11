"""Prints one line for each engine: ours, the peer's, their ratio, and whether they agree.

Then how well reports of the same thing are found.
"""

import sys

from benchmarks.duplicates import print_duplicates
from benchmarks.engines import ALL


def main() -> int:
    """Run all; 1 where an engine and its peer disagree."""
    rows = [run() for run in ALL]
    print(f"{'what':<34} {'ours s':>9} {'peer s':>9} {'peer/ours':>10}  peer")
    for row in rows:
        ratio = row.theirs / row.ours
        note = "" if row.same else "  RESULTS DIFFER"
        print(
            f"{row.what:<34} {row.ours:>9.4f} {row.theirs:>9.4f} {ratio:>10.2f}  {row.peer}{note}"
        )
    print_duplicates()
    return 0 if all(row.same for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
