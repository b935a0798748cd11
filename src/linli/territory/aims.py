"""What a plan is to have: so many grids, or grids with loads from one number to another."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.engines.partition import shares
from linli.engines.partition.shares import enough
from linli.kernel.errors import Invalid

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
NAMES = {"grids", "from", "to", "barriers"}


def wanted(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for, checked; Invalid `aims-not-usable`.

    Either `grids`, a whole number, or `from` and `to`, the load of a grid; `barriers` true keeps
    rivers between grids wherever no bridge or road leads over.
    """
    number, band = data.get("grids"), (data.get("from"), data.get("to"))
    if "grids" in data:
        fits = band == (None, None) and type(number) is int and number > 0
    else:
        fits = all(_is_number(end) for end in band) and 0 < float(band[0]) <= float(band[1])  # type: ignore[arg-type]
    if not fits or set(data) - NAMES or not isinstance(data.get("barriers", False), bool):
        raise Invalid(
            "aims-not-usable",
            _("Say how many grids there are to be, or the least and the most load of a grid."),
        )
    return dict(data)


def _is_number(value: Any) -> bool:
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    return plain and math.isfinite(value)


def parts(
    aims: Mapping[str, Any], load: Floats, least: Ints, most: Ints, lines: Sequence[str]
) -> tuple[Ints, list[str]]:
    """How many grids each line gets, and the lines where no whole number meets the wanted load.

    `load` is that of each line; `least` and `most` say how many grids it can have. Raises Invalid:
    grids-too-few, grids-more-than-settlements.
    """
    if "grids" not in aims:
        found, missed = enough(load, float(aims["from"]), float(aims["to"]))
        short = np.flatnonzero(found > most)
        missing = {*missed.tolist(), *short.tolist()}
        return np.clip(found, least, most), [lines[n] for n in sorted(missing)]
    count = int(aims["grids"])
    if count < least.sum():
        raise Invalid(
            "grids-too-few",
            _("Every township or village needs a grid of its own; ask for more grids."),
            fields={"grids": count, "least": int(least.sum())},
        )
    if count > most.sum():
        raise Invalid(
            "grids-more-than-settlements",
            _("There are more grids wanted than settlements that could be in them."),
            fields={"grids": count, "most": int(most.sum())},
        )
    return shares(load, count, least, most), []
