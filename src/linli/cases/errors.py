"""What actions on cases say when they refuse, by stable code."""

from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Conflict, Invalid

MESSAGES = {
    # Invalid: the input has to change.
    "bad-kind": _("This kind of message is written by another step."),
    "bad-satisfaction": _("Please choose one of the five answers."),
    "half-a-point": _("A point needs both figures."),
    "not-for-another": _("Only help asked for another person needs that person's agreement."),
    "other-kind": _("That is another kind of request. It has to be reported anew."),
    "own-chain": _("That office belongs to the chain that this complaint is about."),
    "private-service": _("A private case is never published, nor put together with another."),
    "service-not-in-use": _("This service is not in use."),
    "text-too-long": _("The text is too long. Please shorten it."),
    "unknown-question": _("This service does not ask that."),
    "until-past": _("Please give a time that is still to come."),
    "words-needed": _("Please say it in words."),
    # Conflict: the case has moved on.
    "already-agreed": _("That person's agreement is recorded already."),
    "already-answered": _("There is an answer already."),
    "already-cleared": _("Somebody has checked this photo already."),
    "already-done": _("This task is done already."),
    "already-helping": _("That unit helps with it already."),
    "already-owner": _("That post has it already."),
    "case-changed": _("Somebody has changed the case in the meantime. Please look at it again."),
    "case-paused": _("The case is paused already."),
    "case-state": _("The case has moved on: this cannot be done any more."),
    "no-number": _("No free number was found. Please send it again."),
    "not-merged": _("The case is not put together with another."),
    "offer-answered": _("The offer was answered or taken back."),
    "offer-open": _("An offer is open. It has to be answered or taken back first."),
    "same-case": _("A case cannot be put together with itself."),
    "same-service": _("It is this service already."),
    "too-late": _("The time for an answer is over. You can report it anew."),
    "too-often": _("That is enough for one report."),
}


def invalid(code: str) -> Invalid:
    """The input cannot be used."""
    return Invalid(code, MESSAGES[code])


def conflict(code: str) -> Conflict:
    """The case has moved on."""
    return Conflict(code, MESSAGES[code])
