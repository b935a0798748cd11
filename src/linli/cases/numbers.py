"""Case numbers: eleven digits that can be said, heard and typed in any language.

Ten digits at random, so that a number says nothing about how many cases there are or when it was
given, and a check digit by Damm's method, which notices every single wrong digit and every swap of
neighbours. The first digit is 2 to 9: nobody takes it for a mobile number, and none is lost as a
leading zero. Written in groups: 4827-1930-556.
"""

import re
import secrets

# Damm, "Total anti-symmetrische Quasigruppen" (2004): a quasigroup of order ten.
TABLE = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
LOWEST, COUNT = 2 * 10**9, 8 * 10**9
STRIDE = 4_944_271_909  # has no factor in common with COUNT: `nth` visits every number once


def check_digit(digits: str) -> int:
    """The digit that makes `digits` followed by it come out as zero."""
    interim = 0
    for digit in digits:
        interim = TABLE[interim][int(digit)]
    return interim


def new() -> str:
    """A number at random; the database says whether it is taken."""
    return _complete(LOWEST + secrets.randbelow(COUNT))


def nth(index: int) -> str:
    """The number of the index-th case of a bulk load: scattered, and no two alike."""
    return _complete(LOWEST + index * STRIDE % COUNT)


def _complete(body: int) -> str:
    return f"{body}{check_digit(str(body))}"


def read(said: str) -> str | None:
    """The number in what somebody typed, in any digits, spaces and hyphens apart; None if none."""
    digits = "".join(str(int(c)) for c in said if c.isdecimal())
    rest = re.sub(r"[\d\s\-‐‑–—.·་]", "", said)
    right = len(digits) == 11 and digits[0] not in "01" and check_digit(digits) == 0
    return digits if right and not rest else None


def spoken(number: str) -> str:
    """The number in groups, as it is printed."""
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"
