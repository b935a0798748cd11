"""Why a calculation failed, in a sentence."""

from typing import Any

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Text
from linli.territory.fixed import names_of
from linli.territory.models import Run
from linli.territory.preparing import Prepared

REASONS: dict[str, Text] = {
    "calculation-lost": _("The calculation was lost twice. Ask for it again."),
    "bindings-contradict": _("What is fixed contradicts itself. Release something."),
    "plan-changed": _("The plan was changed while it was calculated. Ask for it again."),
    "plan-not-draft": _("The plan is no draft any more."),
}
OTHERWISE = _("What was asked for cannot be calculated. Look at what is wanted and fixed.")
SHOWN = 5


def contradiction(ready: Prepared, points: list[int]) -> dict[str, Any]:
    """The values of a run that failed as what is fixed for these settlements cannot be met.

    `settlements` and `lines` are codes.
    """
    lines = sorted({ready.lines[ready.line[n]] for n in points})
    codes = [str(ready.here.codes[n]) for n in points[:SHOWN]]
    return {"settlements": codes, "more": len(points) - len(codes), "lines": lines[:SHOWN]}


def reason(run: Run) -> Text:
    """Why a run failed; empty for one that did not."""
    if run.error == "bindings-contradict" and run.values.get("settlements"):
        return _contradicting(run.values)
    return REASONS.get(run.error, OTHERWISE) if run.error else ""


def _contradicting(values: dict[str, Any]) -> str:
    """Which settlements of which township or village, in the reader's language."""
    settlements, lines = values["settlements"], values["lines"]
    names = names_of([*settlements, *lines])
    shown = [names.get(code, code) for code in settlements]
    said = {
        "line": " · ".join(names.get(code, code) for code in lines),
        "settlements": " · ".join(shown) + (" …" if values["more"] else ""),
    }
    return (
        _now(
            "In %(line)s no plan can keep what is fixed for %(settlements)s. Release something"
            " there, or ask for another number of grids."
        )
        % said
    )
