"""How heavy a grid is, in five steps: the colour of the map and the same in words."""

from collections.abc import Mapping

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas.models import Level
from linli.kernel.languages import pick

# The upper ends of the steps, as a grid's load over the mean of its line. Within three per
# cent nobody feels a difference: it is the band that the calculation aims at.
EDGES = (0.90, 0.97, 1.03, 1.10)
WORDS: tuple[Promise, ...] = (
    gettext_lazy("much less work than the mean"),
    gettext_lazy("less work"),
    gettext_lazy("as much work as the mean"),
    gettext_lazy("more work"),
    gettext_lazy("much more work than the mean"),
)
# As in studio.css, by light and by dark: a picture in a file of its own reads no style sheet.
COLOURS = (
    ("#3f7fb5", "#5f9fd6"),
    ("#a9cbe3", "#2f5878"),
    ("#f1ead8", "#2b302d"),
    ("#f3b872", "#80541f"),
    ("#c4661a", "#df8432"),
)
ROUND = (0.25, 0.45)
# Of an area with many grids the same colours from the middle upwards say how much changes.
MIDDLE = 2
CHANGES = (0.05, 0.20)  # shares of all households
CHANGE_WORDS: tuple[Promise, ...] = (
    gettext_lazy("hardly anybody gets another grid"),
    gettext_lazy("some get another grid"),
    gettext_lazy("many get another grid"),
)


def step(over: float) -> int:
    """The step of a load over its mean: 0 is the lightest, 2 even, 4 the heaviest."""
    return sum(over > edge for edge in EDGES)


def words(over: float, lines: Level) -> str:
    """The same in words: "12 % more work than the mean of its township"; `lines` is the plan's."""
    share = round(abs(over - 1) * 100)
    values = {"share": number_format(share), "line": line(lines)}
    if share == 0:
        return _("just the mean of its %(line)s") % values
    if over > 1:
        return _("%(share)s %% more work than the mean of its %(line)s") % values
    return _("%(share)s %% less work than the mean of its %(line)s") % values


def line(lines: Level) -> str:
    """What no grid of a plan crosses, inside a sentence: "township"."""
    return inside(lines.names) or lines.code


def inside(names: Mapping[str, str]) -> str:
    """The name of a level as it stands inside a sentence."""
    return pick(names).lower().rstrip("་།")


def change(share: float) -> int:
    """The step of a share of households that get another grid: 2 is hardly any, 4 many."""
    return MIDDLE + sum(share > edge for edge in CHANGES)


def shape(roundness: float) -> str:
    """A roundness (Polsby and Popper, 1 is a circle) in a word."""
    if not roundness:
        return _("not drawn yet")
    return (_("long or ragged"), _("somewhat long"), _("compact"))[
        sum(roundness > edge for edge in ROUND)
    ]
