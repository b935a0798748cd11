"""The fonts of our own pages as files that paper can be set with; nothing is fetched.

Pages get their fonts in slices of WOFF2. For print the slices of a weight become one file, once,
beside what the service has written.
"""

import os
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from fontTools.merge import Merger
from fontTools.ttLib import TTFont

from linli import design
from linli.kernel.errors import Unavailable

BUILT = Path(str(design.__file__)).parent / "static" / "built" / "fonts"
# family on paper: the slices of each weight
FAMILIES = {
    "Linli Sans": {400: "noto-sans-sc-*-400-normal.woff2", 600: "noto-sans-sc-*-600-normal.woff2"},
    "Linli Tibetan": {
        400: "noto-serif-tibetan-*-400-normal.woff2",
        600: "noto-serif-tibetan-*-700-normal.woff2",
    },
}
PER_SLICE = ("GSUB", "GPOS", "GDEF", "BASE", "vhea", "vmtx", "VORG")  # cannot be put together
FAMILY_NAMES = (1, 16)
write = TTFont.save  # a file, not a row of the database


def ready() -> bool:
    """Can paper be set at once? Making the fonts takes half a minute, which no reader waits."""
    made = Path(settings.VAR) / "fonts"
    return all(
        (made / f"{family.replace(' ', '')}-{weight}.ttf").exists()
        for family, weights in FAMILIES.items()
        for weight in weights
    )


def folder() -> Path:
    """The folder of the fonts for paper; they are made when they are missing.

    Raises Unavailable `fonts-missing` where the front end was not built.
    """
    made = Path(settings.VAR) / "fonts"
    for family, weights in FAMILIES.items():
        for weight, pattern in weights.items():
            target = made / f"{family.replace(' ', '')}-{weight}.ttf"
            slices = sorted(BUILT.glob(f"*/{pattern}"))
            if not slices:
                raise Unavailable(
                    "fonts-missing",
                    _("The fonts for Chinese and Tibetan are missing: run `make frontend`."),
                )
            if not target.exists() or target.stat().st_mtime < slices[0].stat().st_mtime:
                _make(slices, family, weight, target)
    return made


def _make(slices: list[Path], family: str, weight: int, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target.parent) as inner:
        files = []
        for slice_ in slices:
            font = TTFont(slice_)
            font.flavor = None
            for table in PER_SLICE if len(slices) > 1 else ():
                if table in font:
                    del font[table]
            files.append(str(Path(inner) / f"{slice_.stem}.ttf"))
            write(font, files[-1])
        font = Merger().merge(files) if len(files) > 1 else TTFont(files[0])
        for record in font["name"].names:
            if record.nameID in FAMILY_NAMES:
                record.string = family
        font["OS/2"].usWeightClass = weight
        whole = Path(inner) / "whole.ttf"
        write(font, whole)
        os.replace(whole, target)


@cache
def _known(made: Path) -> frozenset[int]:
    """The characters for which every weight has a sign."""
    signs: dict[int, set[int]] = {}
    for file in sorted(made.glob("*.ttf")):
        weight = int(file.stem.rsplit("-", 1)[1])
        signs.setdefault(weight, set()).update(TTFont(file).getBestCmap())
    return frozenset(set.intersection(*signs.values()))


def printable(text: str, made: Path) -> str:
    """The text with each character that no font has written as its number, like [U+2A6D6]."""
    known = _known(made)
    return "".join(c if ord(c) in known or c.isspace() else f"[U+{ord(c):04X}]" for c in text)
