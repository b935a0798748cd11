"""What is wrong with settlements that somebody brings: each kind counted, the first few named."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Invalid, Text

SHOWN = 5
SENTENCES: dict[str, Text] = {
    "column-refused": _(
        "The file has a column that is not imported. A settlement has an identifier, a place, "
        "households and a workload, and nothing else."
    ),
    "column-missing": _("The file lacks a column."),
    "columns-alike": _("Two columns say the same thing. Keep one of them."),
    "file-empty": _("The file holds no settlement of eleven households or more."),
    "code-missing": _("A settlement has no identifier."),
    "code-not-usable": _("An identifier holds characters that no code may hold."),
    "code-twice": _("An identifier appears more than once."),
    "place-missing": _("A settlement has no place, or one that cannot be read."),
    "households-not-a-number": _("The number of households is no whole number."),
    "workload-not-above-zero": _("A workload is no number above zero."),
    "coordinates-swapped": _("Longitude and latitude are exchanged: longitude comes first."),
    "coordinates-projected": _(
        "The coordinates are no degrees. Save the file again with longitude and latitude "
        "(EPSG:4326 or EPSG:4490)."
    ),
    "height-not-usable": _(
        "A height is no number of metres between −500 and 9,000. It is the third coordinate."
    ),
    "height-missing": _(
        "A settlement has no height, and others have one. Give the height of all, or of none."
    ),
    "neighbour-missing": _("A row of the neighbours does not name two settlements."),
    "neighbour-unknown": _(
        "The neighbours name a settlement that is not among those of eleven households or more."
    ),
    "neighbour-of-itself": _("A settlement is named as its own neighbour."),
    "neighbours-twice": _("Two neighbours are named more than once. One row is for both ways."),
    "neighbours-empty": _("The file of neighbours holds no pair of settlements."),
    "neighbour-column-refused": _(
        "The file of neighbours has a column that is not imported. It has from and to, codes of "
        "settlements, and nothing else."
    ),
    "road-not-a-line": _("The file of roads holds something that is no line."),
    "roads-empty": _("The file of roads holds no road."),
    "roads-elsewhere": _("No road of the file runs through the area."),
    "coordinates-not-finite": _("A coordinate is no number."),
    "outline-of-dwellings": _(
        "An outline could be that of single houses. Give one outline round all of a settlement; "
        "several, and holes in them, only if each is larger than a hectare."
    ),
    "outside-the-area": _("A settlement lies outside the area."),
}


@dataclass
class Problem:
    """One kind of problem: how many settlements have it, and which, as far as they are named."""

    code: str
    count: int = 0
    examples: list[str] = field(default_factory=list)

    @property
    def sentence(self) -> Text:
        """What is wrong, for people."""
        return SENTENCES[self.code]

    @property
    def named(self) -> str:
        """The first examples in one line."""
        more = f" … (+{self.count - len(self.examples)})" if self.count > len(self.examples) else ""
        return ", ".join(self.examples) + more


class Problems:
    """Problems as they are found; few are kept, all are counted."""

    def __init__(self) -> None:
        self._found: dict[str, Problem] = {}

    def __iter__(self) -> Iterator[Problem]:
        return iter(self._found.values())

    def __bool__(self) -> bool:
        return bool(self._found)

    def note(self, code: str, *examples: str, of: int | None = None) -> None:
        """Count a problem once for each example, or as often as these are `of`; none without."""
        if not examples:
            return
        problem = self._found.setdefault(code, Problem(code))
        problem.count += len(examples) if of is None else of
        problem.examples += examples[: max(0, SHOWN - len(problem.examples))]

    def refuse(self) -> None:
        """Raise Refused where there is anything."""
        if self:
            raise Refused(self)


class Refused(Invalid):
    """Nothing is imported; `problems` says everything that is wrong, the first gives the code."""

    def __init__(self, problems: Problems) -> None:
        self.problems = list(problems)
        first = self.problems[0]
        fields = {problem.code: problem.named for problem in self.problems}
        super().__init__(first.code, first.sentence, fields=fields)
