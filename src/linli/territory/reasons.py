"""Why a calculation failed, in a sentence."""

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Text
from linli.territory.models import Run

REASONS: dict[str, Text] = {
    "calculation-lost": _("The calculation was lost twice. Ask for it again."),
    "bindings-contradict": _("What is fixed contradicts itself. Release something."),
    "plan-changed": _("The plan was changed while it was calculated. Ask for it again."),
    "plan-not-draft": _("The plan is no draft any more."),
}
OTHERWISE = _("What was asked for cannot be calculated. Look at what is wanted and fixed.")


def reason(run: Run) -> Text:
    """Why a run failed; empty for one that did not."""
    return REASONS.get(run.error, OTHERWISE) if run.error else ""
