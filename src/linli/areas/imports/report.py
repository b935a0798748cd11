"""What an import found, dropped, mended and did; for people and, as JSON, for scripts."""

from collections import Counter
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.kernel.errors import Text


class Weight(StrEnum):
    """What a finding means for the import."""

    ERROR = "error"  # nothing is imported
    WARNING = "warning"  # imported, and said
    MENDED = "mended"  # changed by --repair


# Every kind of finding, as people read it. The key is the stable code.
WORDS: dict[str, Text] = {
    "file-unreadable": gettext_lazy("The file cannot be read"),
    "column-missing": gettext_lazy("The file has no such column"),
    "mapping-tag-refused": gettext_lazy("A column about religion or ethnicity cannot be mapped"),
    "boundary-projection": gettext_lazy("Wrong projection: longitude and latitude are needed"),
    "axes-swapped": gettext_lazy("Latitude comes before longitude"),
    "code-missing": gettext_lazy("A row has no code"),
    "area-code-not-usable": gettext_lazy("A code holds characters that no code may hold"),
    "area-code-twice": gettext_lazy("The code appears more than once"),
    "area-level-missing": gettext_lazy("The level is not known"),
    "area-parent-missing": gettext_lazy("The area above is not known"),
    "boundary-unreadable": gettext_lazy("The outline cannot be read"),
    "boundary-not-an-area": gettext_lazy("The outline is not an area"),
    "boundary-crossed": gettext_lazy("The rings of the outline cross"),
    "boundary-overlap": gettext_lazy("Two areas of one level overlap"),
    "boundary-gap": gettext_lazy("No area of this level covers the ground between"),
    "boundary-outside-parent": gettext_lazy("The area reaches beyond the one above it"),
    "settlement-too-small": gettext_lazy("Settlements under eleven households, dropped"),
    "kind-unknown": gettext_lazy("Of a kind that is not stored, dropped"),
    "place-outside": gettext_lazy("Outside the territory, dropped"),
    "place-known": gettext_lazy("Known already, left as they are"),
    "name-not-usable": gettext_lazy("A name is too long or holds hidden characters"),
}
SHOWN = 20


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it should be. `codes` are areas; the first is the one meant."""

    kind: str
    weight: Weight
    codes: tuple[str, ...] = ()
    square_metres: float | None = None
    note: str = ""

    def __str__(self) -> str:
        parts = [", ".join(self.codes)]
        if self.square_metres is not None:
            parts.append(_("%(size)s m²") % {"size": f"{self.square_metres:,.0f}"})
        parts.append(self.note)
        return " · ".join(part for part in parts if part)


@dataclass
class Report:
    """Everything about one import. `dropped` counts what refusals keep out, by kind."""

    read: int = 0
    outlines: int = 0
    findings: list[Finding] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)
    tags: Counter[str] = field(default_factory=Counter)
    done: dict[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Nothing can be imported."""
        return any(finding.weight is Weight.ERROR for finding in self.findings)

    @property
    def warned(self) -> bool:
        """Something was imported that is not as it should be."""
        return any(finding.weight is Weight.WARNING for finding in self.findings)

    def error(self, kind: str, *codes: str, note: str = "", size: float | None = None) -> None:
        """Note a reason to import nothing."""
        self.findings.append(Finding(kind, Weight.ERROR, codes, size, note))

    def warn(self, kind: str, *codes: str, note: str = "", size: float | None = None) -> None:
        """Note something that is imported as it is."""
        self.findings.append(Finding(kind, Weight.WARNING, codes, size, note))

    def mend(self, kind: str, *codes: str, note: str = "", size: float | None = None) -> None:
        """Note what --repair changed."""
        self.findings.append(Finding(kind, Weight.MENDED, codes, size, note))

    def refuse_warnings(self) -> None:
        """Let every warning count as an error."""
        self.findings = [
            replace(finding, weight=Weight.ERROR) if finding.weight is Weight.WARNING else finding
            for finding in self.findings
        ]

    def as_json(self) -> dict[str, Any]:
        """The report for scripts; codes of findings are stable."""
        return {
            "imported": bool(self.done) and not self.failed,
            "read": self.read,
            "outlines": self.outlines,
            "findings": [asdict(finding) for finding in self.findings],
            "dropped": dict(self.dropped),
            "tags_dropped": dict(self.tags),
            "done": self.done,
        }

    def lines(self) -> list[str]:
        """The report for people: the first few findings of each kind, and how many there are."""
        result = [_("%(rows)d rows read, %(outlines)d with an outline.") % {
            "rows": self.read, "outlines": self.outlines}]  # fmt: skip
        for weight in Weight:
            result += self._of(weight)
        for kind, count in sorted(self.dropped.items()):
            result.append(f"  {self._dropped(kind)}: {count}")
        for tag, count in sorted(self.tags.items()):
            words = _("Column about religion or ethnicity, dropped: %(tag)s") % {"tag": tag}
            result.append(f"  {words}: {count}")
        return result

    def _of(self, weight: Weight) -> list[str]:
        titles = {
            Weight.ERROR: _("ERROR"),
            Weight.WARNING: _("warning"),
            Weight.MENDED: _("mended"),
        }
        found = [finding for finding in self.findings if finding.weight is weight]
        result = []
        for kind, count in Counter(finding.kind for finding in found).items():
            result.append(f"  {titles[weight]} {kind}: {WORDS[kind]} ({count})")
            same = [finding for finding in found if finding.kind == kind]
            result += [f"    {finding}" for finding in same[:SHOWN] if str(finding)]
            if count > SHOWN:
                result.append("    " + _("… and %(more)d more") % {"more": count - SHOWN})
        return result

    def _dropped(self, kind: str) -> str:
        if kind == "place-of-worship":
            return _("Places of worship, dropped")
        return str(WORDS[kind])
