"""What happened to cases. References, enums, numbers and times: never a word that a person wrote.

Events of private services name no service and no area.
"""

import datetime as dt
import enum

from linli.cases.models import Authority, Channel, DeclineReason, PauseReason, Refusal, Why
from linli.cases.models.clock import Promise
from linli.cases.models.words import Update
from linli.kernel.events import Code, Digest, Event


class Part(enum.Enum):
    """What of a case was erased."""

    PHOTOS = "photos"
    POINT = "point"
    TEXTS = "texts"
    CONTACT = "contact"
    ALL = "all"


class CaseOpened(Event):
    """A case was received. `opening` commits to what was written and sent (`cases.opening`)."""

    case: int
    number: Code
    service: Code | None  # code@version; None for a private service
    area: Code | None  # None for a private service
    channel: Channel
    received_at: dt.datetime
    captured_at: dt.datetime
    photos: int
    opening: Digest


class CasePromised(Event):
    """A deadline was promised."""

    case: int
    kind: Promise.Kind
    due_at: dt.datetime
    calendar: Code
    edition: int


class CaseRouted(Event):
    """The case came to a post, which owns it from now on."""

    case: int
    post: int
    why: Why


class CaseTriaged(Event):
    """An operator read the case; `published` says whether the public sees it now."""

    case: int
    published: bool


class CaseOffered(Event):
    """The owner offered the case to another post."""

    case: int
    offer: int
    giver: int
    taker: int


class OfferAccepted(Event):
    """The other post accepted and owns the case now."""

    case: int
    offer: int
    post: int


class OfferRefused(Event):
    """The other post refused; the owner keeps the case."""

    case: int
    offer: int
    post: int
    reason: Refusal


class OfferWithdrawn(Event):
    """The owner took the offer back."""

    case: int
    offer: int


class SupportAsked(Event):
    """Another unit was asked to help with a task of its own."""

    case: int
    support: int
    post: int


class SupportFinished(Event):
    """The helping unit has done its task."""

    case: int
    support: int
    post: int


class CasePaused(Event):
    """The case stands still, for a reason."""

    case: int
    reason: PauseReason


class CaseResumed(Event):
    """The case goes on; it stood still for so many seconds of working time."""

    case: int
    seconds: int


class CaseDeclined(Event):
    """Nothing will be done here, for a reason."""

    case: int
    post: int
    reason: DeclineReason


class ServiceChanged(Event):
    """The case is about something else than was chosen; both promises stay."""

    case: int
    service: Code | None


class AgreementGiven(Event):
    """The person for whom help was asked agrees."""

    case: int


class NoteAdded(Event):
    """Somebody wrote an internal note."""

    case: int
    note: int


class UpdateAdded(Event):
    """Somebody told the reporter something."""

    case: int
    update: int
    kind: Update.Kind


class PhotoAdded(Event):
    """A photo of the result was added."""

    case: int
    photo: int


class PhotoCleared(Event):
    """Somebody looked at a photo: no faces, no number plates."""

    case: int
    photo: int


class PhotoRemoved(Event):
    """A photo was erased because it shows somebody, or a number plate."""

    case: int
    photo: int


class CaseResolved(Event):
    """The owner says that it is done; the reporter is asked."""

    case: int
    post: int


class CaseConfirmed(Event):
    """The reporter says: solved."""

    case: int
    entered_by_staff: bool


class CaseContested(Event):
    """The reporter says: not solved. Another post checks; it counts as rework."""

    case: int
    verifier: int
    entered_by_staff: bool


class CaseClosedUnanswered(Event):
    """The reporter did not answer in time. Never counted as confirmed."""

    case: int


class CaseClimbed(Event):
    """Unanswered work came to the eyes of the next post up."""

    case: int
    post: int
    rung: int
    level: Code


class CaseMerged(Event):
    """The case tells of the same thing as another and is followed there."""

    case: int
    into: int


class CaseUnmerged(Event):
    """A merge was undone."""

    case: int
    into: int


class CaseMarkedAccusing(Event):
    """It accused a private person: erased with its key. Only this count stays."""

    case: int
    authority: Authority


class ReporterAdded(Event):
    """The reporter added something: words, photos, or both."""

    case: int
    addition: int
    photos: int


class CaseWithdrawn(Event):
    """The reporter had the case erased, with its key."""

    case: int


class PartErased(Event):
    """A part of a case reached the end of its time and was erased."""

    case: int
    part: Part


class KeyDestroyed(Event):
    """Nothing locked was left, so the key of the case was destroyed."""

    case: int
