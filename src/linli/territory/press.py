"""Setting one document in a process of its own: `python -m linli.territory.press`.

A thousand pages take a gigabyte while they are set; it goes back to the system with the process.
It knows no database and no Django.
"""

import os
import sys
from pathlib import Path

NICE = 10
OUTPUT = "out.pdf"


def main(template: str, fonts: str) -> None:
    """Set the file `template` as a PDF beside it; only its folder and `fonts` are read."""
    import typst

    os.nice(NICE)
    root = Path(template).parent
    typst.compile(
        template, output=str(root / OUTPUT), root=str(root), font_paths=[fonts],
        ignore_system_fonts=True, format="pdf",
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
