"""What a plan is judged by, as planners see it: four weights and a band."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any, Self

from django.utils.translation import gettext_lazy as _

from linli.engines import partition
from linli.kernel.errors import Invalid

HIGHEST = 1_000.0
WIDEST = 0.5  # of the mean; beyond it a band binds nothing
_DEFAULT = partition.Weights()


@dataclass(frozen=True)
class Weights:
    """How much each counts: ways of households, equal loads, round outlines, few changes.

    `band` is how far the load of a grid may be off the mean of its line, as a share of it.
    """

    distance: float = _DEFAULT.distance
    balance: float = _DEFAULT.even
    outline: float = _DEFAULT.shape
    change: float = _DEFAULT.change
    band: float = _DEFAULT.band

    def __post_init__(self) -> None:
        for field in fields(self):
            value, top = getattr(self, field.name), WIDEST if field.name == "band" else HIGHEST
            number = isinstance(value, int | float) and not isinstance(value, bool)
            if not number or not math.isfinite(value) or not 0 <= value <= top:
                raise Invalid(
                    "weight-not-usable",
                    _("A weight is a number from zero to its limit."),
                    fields={field.name: f"0 … {top:g}"},
                )

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Self:
        """The weights in a plan's row; Invalid `weight-unknown` for any other name."""
        if unknown := sorted(set(data) - {field.name for field in fields(cls)}):
            raise Invalid(
                "weight-unknown", _("There is no such weight."), fields=dict.fromkeys(unknown, "")
            )
        return cls(**data)

    def as_data(self) -> dict[str, float]:
        """What `of` reads."""
        return asdict(self)

    def for_engine(self) -> partition.Weights:
        """The same in the engine's words."""
        return partition.Weights(self.distance, self.balance, self.outline, self.change, self.band)
