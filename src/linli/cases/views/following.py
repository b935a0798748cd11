"""What the follow-up page shows about one report."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from linli.cases import merging, numbers, rulebook, timeline
from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.forms.draft import Draft
from linli.cases.forms.questions import spoken
from linli.cases.forms.where import described
from linli.cases.models import ENDED, LIVE, Authority, Case, Photo, Routing, State
from linli.cases.opening import Opening
from linli.cases.queries import reading
from linli.kernel import contacts
from linli.kernel.languages import pick
from linli.organisations.explaining import sentences
from linli.organisations.models import Post

TONES = {
    State.RECEIVED: "neutral",
    State.OPEN: "info",
    State.PAUSED: "warning",
    State.RESOLVED: "success",
    State.CLOSED: "success",
    State.DECLINED: "error",
}
# To its reporter a state says what it means for them.
STATES = {
    State.RECEIVED: _("received"),
    State.OPEN: _("being worked on"),
    State.PAUSED: _("paused"),
    State.RESOLVED: _("answered: is it solved?"),
}
WHY_LOOKED = {
    contacts.Why.CALL_BACK: _("to call back"),
    contacts.Why.ASK_DETAILS: _("to ask for details"),
    contacts.Why.ARRANGE_VISIT: _("to arrange a visit"),
    contacts.Why.SEND_ANSWER: _("to send an answer"),
}


@dataclass(frozen=True)
class Line:
    """One question and what was answered."""

    question: str
    answer: str


@dataclass(frozen=True)
class Shown:
    """A photo as the page shows it."""

    href: str
    width: int
    height: int


@dataclass(frozen=True)
class Look:
    """Somebody looked at the contact."""

    name: dict[str, str]
    at: dt.datetime
    why: str | Lazy


@dataclass(frozen=True)
class Made:
    """A promise and how it stands."""

    title: str
    due: dt.datetime
    met: dt.datetime | None
    paused: bool


@dataclass(frozen=True)
class FollowPage:
    """One report for its reporter. `case` is theirs; `acted_on` the one it was merged into, or
    itself."""

    case: Case
    acted_on: Case
    token: str

    @property
    def number(self) -> str:
        """The number, in groups."""
        return numbers.spoken(self.case.number)

    @property
    def service(self) -> ServiceDefinition | None:
        """What it is about; a private request names no service, here as on its receipt."""
        return self.acted_on.version.definition if self.case.public else None

    @property
    def state(self) -> str:
        """Where it stands, in words."""
        case = self.acted_on
        ended = case.get_closing_display() or case.get_state_display()
        return str(STATES.get(State(case.state), ended))

    @property
    def tone(self) -> str:
        """The tone of the state."""
        return TONES.get(State(self.acted_on.state), "neutral")

    @property
    def erased(self) -> bool:
        """Nothing is left to show."""
        return self.case.state == State.ERASED or self.case.key.destroyed_at is not None

    @property
    def authority(self) -> str:
        """Who is competent for what was erased because it accused somebody."""
        return str(Authority(self.case.authority).label) if self.case.authority else ""

    @property
    def merged(self) -> bool:
        """It goes on in another case."""
        return self.case.pk != self.acted_on.pk

    @property
    def here(self) -> str:
        """The address of the page."""
        return reverse("cases:follow", args=[self.token])

    @property
    def receipt(self) -> str:
        """The address of the receipt."""
        return reverse("cases:receipt", args=[self.token])

    @property
    def may_answer(self) -> bool:
        """The reporter is asked whether it is solved, and has not answered yet."""
        case = self.acted_on
        waits = case.state in (State.RESOLVED, State.DECLINED)
        spoken_ = case.answers.filter(source=self.case, round=case.reworks).exists()
        return waits and not spoken_ and timezone.now() <= self.answer_until

    @property
    def answer_until(self) -> dt.datetime:
        """Until when an answer counts."""
        since = self.acted_on.resolved_at or self.acted_on.closed_at or timezone.now()
        return since + rulebook.times(since).silence

    @property
    def may_add(self) -> bool:
        """More can be said while somebody may still read it."""
        return self.acted_on.state in LIVE

    @property
    def steps(self) -> list[timeline.Step]:
        """What has happened, newest first."""
        return timeline.steps(self.acted_on)

    @property
    def notes(self) -> list[timeline.Said]:
        """What staff wrote among themselves, once it is closed; of one's own case only."""
        rows = reading.notes_of(self.case) if self.acted_on.state in ENDED else []
        return [timeline.Said(note.row.at, note.words or "") for note in rows]

    @property
    def promises(self) -> list[Made]:
        """Every promise, the first one first."""
        paused = self.acted_on.state == State.PAUSED
        return [
            Made(str(row.get_kind_display()), row.due_at, row.met_at, paused)
            for row in merging.promises(self.acted_on)
        ]

    @property
    def owner(self) -> Post:
        """The post that has it."""
        return self.acted_on.owner

    @property
    def reasons(self) -> list[str]:
        """Why that post, step by step."""
        row = Routing.objects.filter(case=self.acted_on).order_by("-at", "-pk").first()
        if row is None:
            return []
        return [str(row.get_why_display()), *sentences(row.reasons, row.at)]

    @property
    def has_contact(self) -> bool:
        """A contact was left and is still kept."""
        return self.case.contact_id is not None

    @property
    def looks(self) -> list[Look]:
        """Who looked at the contact, when and why."""
        return [
            Look(dict(look.by.names) if look.by else {}, look.at, WHY_LOOKED[look.why])
            for look in reading.looks_at(self.case)
        ]

    @property
    def opening(self) -> Opening | None:
        """What was written and sent."""
        return reading.opening_of(self.case)

    @property
    def text(self) -> str:
        """The reporter's words."""
        return self.opening.text if self.opening else ""

    @property
    def answers(self) -> list[Line]:
        """The service's questions with what was answered."""
        given = self.opening.answers if self.opening else {}
        return [
            Line(pick(q.text), spoken(q, given[q.code]))
            for q in self.case.version.definition.questions
            if q.code in given
        ]

    @property
    def where(self) -> str:
        """Where it is."""
        case = self.case
        words = reading.where_words(case) or ""
        place, area = case.place, case.area
        return described(
            Draft(lon=case.lon, lat=case.lat, where=words,
                  place=place.code if place else "", area=area.code if area else "")
        )  # fmt: skip

    @property
    def photos(self) -> list[Shown]:
        """The reporter's own photos."""
        return self._shown(Photo.objects.filter(case=self.case, kind=Photo.Kind.REPORT))

    @property
    def results(self) -> list[Shown]:
        """Photos of the result in which somebody found no face."""
        rows = Photo.objects.filter(case=self.acted_on, kind=Photo.Kind.RESULT)
        return self._shown(rows.filter(cleared_at__isnull=False))

    def _shown(self, rows: Any) -> list[Shown]:
        return [
            Shown(reverse("cases:follow-photo", args=[self.token, p.pk]), p.width, p.height)
            for p in rows
        ]


def about(case: Case, token: str) -> FollowPage:
    """The page of one report; a merged one shows the case that it went into."""
    return FollowPage(case, merging.leading(case), token)
