"""The bulk path: writes for a story the rows and the journal that the actions would write.

Each method below stands beside the action of the same name in `linli.cases.actions`; a test
performs the same stories both ways and compares every column and every byte. Columns are spelled
out when a table is opened, so that a column the bulk path does not know stops it at once.
"""

from collections.abc import Iterable
from typing import Any

from django.db import connection

from linli.cases import events as ev
from linli.cases import follow, numbers, opening
from linli.cases.models import (
    Answer,
    Case,
    Climb,
    Merge,
    Note,
    Offer,
    Pause,
    Promise,
    Routing,
    Update,
)
from linli.cases.models.cases import TEXT, WHERE
from linli.cases.models.clock import PAUSE_WORDS
from linli.cases.models.handling import OFFER_WORDS
from linli.cases.models.words import ANSWER_WORDS, NOTE_WORDS, UPDATE_WORDS
from linli.kernel import vault
from linli.kernel.contacts import LABEL as CONTACT
from linli.kernel.models import CaseKey, Contact
from linli.web.demo.ledger import Ledger, Stencil, quoted
from linli.web.demo.row import DAY, Row
from linli.web.demo.steps import Contest, Said, Step, Verb
from linli.web.demo.story import Story
from linli.web.demo.tables import Table, maybe, moment, reset_sequences, stamp
from linli.web.demo.world import Calendar, Given, World

E = {
    name: Stencil(getattr(ev, name))
    for name in (
        "CaseOpened", "CasePromised", "CaseRouted", "CaseTriaged", "NoteAdded", "CaseOffered",
        "OfferAccepted", "OfferRefused", "CasePaused", "CaseResumed", "UpdateAdded",
        "CaseDeclined", "CaseResolved", "CaseConfirmed", "CaseContested", "CaseClosedUnanswered",
        "CaseMerged", "CaseClimbed", "PartErased",
    )
}  # fmt: skip


class CaseWriter:
    """Writes stories, in the order of their receipt."""

    def __init__(self, world: World, ledger: Ledger) -> None:
        self._world, self._ledger = world, ledger
        self._now = int(world.now.timestamp())
        self._open_tables()
        self._keys: list[vault.OpenKey] = []
        self._pk_of: dict[int, int] = {}
        self._bumps: list[int] = []

    def _open_tables(self) -> None:
        self.keys = Table(CaseKey, "id", "ref", "master", "wrapped", "destroyed_at")
        self.contacts = Table(Contact, "id", "key_id", "channel", "sealed")
        self.cases = Table(Case, *Row.COLUMNS)
        self.promises = Table(Promise, "id", "case_id", "kind", "version_id", "calendar",
                              "edition", "started_at", "due_at", "met_at")  # fmt: skip
        self.routings = Table(Routing, "id", "case_id", "post_id", "why", "reasons", "area_id",
                              "version_id", "by_id", "at")  # fmt: skip
        self.notes = Table(Note, "id", "case_id", "by_id", "at", "words_locked")
        self.updates = Table(Update, "id", "case_id", "kind", "reason", "post_id", "by_id", "at",
                             "words_locked")  # fmt: skip
        self.offers = Table(Offer, "id", "case_id", "giver_id", "taker_id", "state",
                            "words_locked", "refusal", "refusal_locked", "by_id", "offered_at",
                            "answered_at")  # fmt: skip
        self.pauses = Table(Pause, "id", "case_id", "reason", "words_locked", "by_id", "since",
                            "expected_until", "until", "seconds")  # fmt: skip
        self.answers = Table(Answer, "id", "case_id", "source_id", "kind", "round",
                             "satisfaction", "theirs", "words_locked", "entered_by_id",
                             "at")  # fmt: skip
        self.climbs = Table(Climb, "id", "case_id", "rung", "level", "post_id", "ladder", "at")
        self.merges = Table(Merge, "id", "case_id", "into_id", "state_before", "by_id", "at",
                            "undone_at")  # fmt: skip
        self.tables = [
            self.keys, self.contacts, self.cases, self.promises, self.routings, self.notes,
            self.updates, self.offers, self.pauses, self.answers, self.climbs, self.merges,
        ]  # fmt: skip

    def write(self, stories: Iterable[Story]) -> int:
        """Put these stories into their tables; inside the caller's transaction."""
        count = 0
        for story in stories:
            self._write_one(story)
            count += 1
        for table in self.tables:
            table.write()
        with connection.cursor() as cursor:
            cursor.executemany(
                f'UPDATE "{Case._meta.db_table}" SET revision = revision + 1 WHERE id = %s',  # noqa: S608
                [(pk,) for pk in self._bumps],
            )
        self._bumps.clear()
        return count

    def finish(self) -> None:
        """Let the engine count on after the keys given by hand."""
        reset_sequences([*self.tables, *self._ledger.tables])

    def number_of(self, story: Story) -> str:
        """The number of a story's case."""
        return numbers.nth(story.number)

    def _write_one(self, story: Story) -> None:
        if not self._keys:
            self._keys = vault.open_keys(2000)
        self.key = self._keys.pop()
        self.row = row = Row(self.cases.new_pk(), self.keys.new_pk(), story)
        self.story = story
        self._met: dict[str, int] = {}
        self._promised: list[tuple[int, str, int, int, Calendar]] = []
        self._open_pause: tuple[Any, ...] | None = None
        self._open_offer: tuple[Any, ...] | None = None
        self._into: Story | None = None
        if story.followed:
            self._pk_of[story.number] = row.id
        self._open()
        for step in story.steps:
            self._do(step)
        self._follow_the_other()
        self._erase()
        self._put_down()

    def _put_down(self) -> None:
        row, key = self.row, self.key
        reference = key.ref if connection.vendor == "postgresql" else key.ref.hex
        self.keys.add(row.key_id, reference, key.master, key.wrapped, None)
        for pk, kind, started, due, calendar in self._promised:
            met = maybe(self._met_of(kind))
            self.promises.add(pk, row.id, kind, self.story.version, calendar.code,
                              calendar.edition, moment(started), moment(due), met)  # fmt: skip
        if self._open_pause:
            self.pauses.add(*self._open_pause, None, 0)
        if self._open_offer:
            self.offers.add(*self._open_offer)
        if row.contact_id is not None:
            sealed = key.lock(self.story.contact or "", label=CONTACT)
            self.contacts.add(row.contact_id, row.key_id, "phone", sealed)
        self.cases.add(*row.values())

    def _met_of(self, kind: str) -> int | None:
        return self._met.get(kind)

    def _record(self, name: str, at: int, by: int | None, *values: Any) -> None:
        self._ledger.record(E[name], at, self.row.id, by, values)

    def _lock(self, words: str, label: str) -> bytes | None:
        return self.key.lock(words, label=label) if words else None

    # ------------------------------------------------ cases.actions.intake

    def _open(self) -> None:
        story, row, key = self.story, self.row, self.key
        opened = opening.opened_with(story.text, story.answers, ())
        row.next_climb_at = story.due + self._world.grace
        row.number = numbers.nth(story.number)
        row.text_locked = key.lock(opened.salt + opened.statement, label=TEXT)
        row.where_locked = self._lock(story.words, WHERE)
        row.follow_digest = follow.digest(follow.spelled(key.derive(follow.PURPOSE)))
        if story.contact is not None:
            row.contact_id = row.contact_ref = self.contacts.new_pk()
        area = story.area.code if story.area and row.public else None
        at, by = story.received, story.by
        self._record(
            "CaseOpened", at, by, quoted(area), quoted(stamp(story.captured)), row.id,
            quoted(story.channel), quoted(row.number), quoted(opened.digest.hex()), 0,
            quoted(stamp(at)), quoted(story.code),
        )  # fmt: skip
        self._promise("first", at, story.due, at, by)
        self._give(story.given, at, by)

    def _promise(self, kind: str, started: int, due: int, at: int, by: int | None) -> None:
        calendar = self.story.calendar
        self._promised.append((self.promises.new_pk(), kind, started, due, calendar))
        self._record(
            "CasePromised", at, by, quoted(calendar.code), self.row.id, quoted(stamp(due)),
            calendar.edition, quoted(kind),
        )  # fmt: skip

    def _give(self, given: Given, at: int, by: int | None) -> None:
        row = self.row
        self.routings.add(self.routings.new_pk(), row.id, given.post, given.why,
                          given.reasons, row.area_id, row.version_id, by,
                          moment(at))  # fmt: skip
        self._record("CaseRouted", at, by, row.id, given.post, quoted(given.why))
        row.owner_id = given.post

    # ------------------------------------------------ the steps

    def _do(self, step: Step) -> None:
        METHODS[step.verb](self, step)

    def _triage(self, step: Step) -> None:
        row = self.row
        published, text = step.what
        self._record("CaseTriaged", step.at, step.by, row.id, "true" if published else "false")
        row.triaged_at, row.public_text, row.published = step.at, text, published
        row.change(state="open")

    def _note(self, step: Step) -> None:
        pk, at = self.notes.new_pk(), moment(step.at)
        self.notes.add(pk, self.row.id, step.by, at, self._lock(step.what, NOTE_WORDS))
        self._record("NoteAdded", step.at, step.by, self.row.id, pk)

    def _tell(self, kind: str, words: str, step: Step, reason: str = "") -> None:
        pk, row = self.updates.new_pk(), self.row
        locked = self._lock(words, UPDATE_WORDS)
        self.updates.add(pk, row.id, kind, reason, row.owner_id, step.by, moment(step.at), locked)
        self._record("UpdateAdded", step.at, step.by, row.id, quoted(kind), pk)

    def _update(self, step: Step) -> None:
        self._tell("progress", step.what, step)
        self.row.change()

    def _offer(self, step: Step) -> None:
        pk, row = self.offers.new_pk(), self.row
        taker, words = step.what
        self._open_offer = (pk, row.id, row.owner_id, taker, "open",
                            self._lock(words, OFFER_WORDS), "", None, step.by,
                            moment(step.at), None)  # fmt: skip
        self._record("CaseOffered", step.at, step.by, row.id, row.owner_id, pk, taker)
        row.change()

    def _close_offer(self, state: str, refusal: str, at: int) -> tuple[int, int]:
        assert self._open_offer is not None  # a story answers only what was offered
        pk, case, giver, taker, _, words, _, none, by, offered, _ = self._open_offer
        self.offers.add(pk, case, giver, taker, state, words, refusal, none, by, offered,
                        moment(at))  # fmt: skip
        self._open_offer = None
        return pk, taker

    def _accept(self, step: Step) -> None:
        pk, taker = self._close_offer("accepted", "", step.at)
        self._record("OfferAccepted", step.at, step.by, self.row.id, pk, taker)
        self._give(Given(taker, "handed-over", "[]"), step.at, step.by)
        self.row.change()

    def _refuse(self, step: Step) -> None:
        pk, taker = self._close_offer("refused", step.what, step.at)
        self._record("OfferRefused", step.at, step.by, self.row.id, pk, taker, quoted(step.what))
        self.row.change()

    def _pause(self, step: Step) -> None:
        reason, words, until = step.what
        row = self.row
        self._open_pause = (self.pauses.new_pk(), row.id, reason, self._lock(words, PAUSE_WORDS),
                            step.by, moment(step.at), moment(until))  # fmt: skip
        self._paused_at = step.at
        self._tell("paused", words, step, reason)
        self._record("CasePaused", step.at, step.by, row.id, quoted(reason))
        row.change(state="paused", next_climb_at=None)

    def _resume(self, step: Step) -> None:
        row = self.row
        assert self._open_pause is not None  # a story resumes only what was paused
        seconds = self.story.worked(self._paused_at, step.at)
        self.pauses.add(*self._open_pause, moment(step.at), seconds)
        self._open_pause = None
        self._record("CaseResumed", step.at, step.by, row.id, seconds)
        row.paused_seconds += seconds
        row.change(state="open", next_climb_at=max(row.due_at + self._world.grace, step.at))

    def _decline(self, step: Step) -> None:
        reason, words = step.what
        row = self.row
        self._tell("declined", words, step, reason)
        self._record("CaseDeclined", step.at, step.by, row.id, row.owner_id, quoted(reason))
        row.closed_at, row.closing = step.at, "declined"
        row.change(state="declined", next_climb_at=None)

    def _resolve(self, step: Step) -> None:
        row = self.row
        self._tell("resolved", step.what, step)
        self._met = {"first": step.at, "rework": step.at}
        self._record("CaseResolved", step.at, step.by, row.id, row.owner_id)
        row.resolved_at = step.at
        row.change(state="resolved", next_climb_at=None)

    def _said(self, kind: str, said: Said, step: Step) -> None:
        row = self.row
        self.answers.add(self.answers.new_pk(), row.id, row.id, kind, row.reworks,
                         said.satisfaction, said.theirs, self._lock(said.words, ANSWER_WORDS),
                         step.by, moment(step.at))  # fmt: skip

    def _confirm(self, step: Step) -> None:
        self._said("confirmed", step.what, step)
        staff = "true" if step.by is not None else "false"
        self._record("CaseConfirmed", step.at, step.by, self.row.id, staff)
        self.row.close("confirmed", step.at)

    def _close(self, step: Step) -> None:
        self._record("CaseClosedUnanswered", step.at, None, self.row.id)
        self.row.close("unanswered", step.at)

    def _contest(self, step: Step) -> None:
        what: Contest = step.what
        row, given = self.row, what.given
        self._said("contested", what.said, step)
        self._met = {}
        staff = "true" if step.by is not None else "false"
        self._record("CaseContested", step.at, step.by, row.id, staff, given.post)
        self._promise("rework", step.at, what.due, step.at, step.by)
        self._give(given, step.at, step.by)
        row.reworks += 1
        row.resolved_at, row.due_at = None, what.due
        row.change(state="open", next_climb_at=what.due + self._world.grace)

    def _climb(self, step: Step) -> None:
        post, level = step.what
        row = self.row
        row.rung += 1
        self.climbs.add(self.climbs.new_pk(), row.id, row.rung, level, post, self._world.rule.code,
                        moment(step.at))  # fmt: skip
        self._record("CaseClimbed", step.at, None, row.id, quoted(level), post, row.rung)
        row.change(next_climb_at=step.at + self._world.pace)

    def _top(self, _step: Step) -> None:
        self.row.change(next_climb_at=None)

    def _merge(self, step: Step) -> None:
        other: Story = step.what
        row, into = self.row, self._pk_of[other.number]
        self.merges.add(self.merges.new_pk(), row.id, into, row.state, step.by, moment(step.at),
                        None)  # fmt: skip
        self._record("CaseMerged", step.at, step.by, row.id, into)
        self._bumps.append(into)
        self._into = other
        row.change(state="merged", next_climb_at=None)

    # ------------------------------------------------ what follows from another case, and the end

    def _follow_the_other(self) -> None:
        """What happens to a merged case with the one it went into: met, closed."""
        for step in self._into.steps if self._into else ():
            if step.verb is Verb.RESOLVE:
                self._met = {"first": step.at}
            elif step.verb is Verb.CONTEST:
                self._met = {}
            elif step.verb in (Verb.CONFIRM, Verb.CLOSE):
                self.row.change()

    def _erase(self) -> None:
        """As `erase_parts`: contact, then point, as far as their time has come."""
        row, into = self.row, self._into
        ended = into.ended if into else row.closed_at
        if ended is None or (into and into.first(Verb.DECLINE)):
            return
        keep = self.story.definition.retention
        times = [
            ("contact", ended + self._world.contact_kept),
            ("point", ended + keep.points * DAY),
        ]
        for part, at in times:
            if row.has(part) and at <= self._now:
                self._record("PartErased", at, None, row.id, quoted(part))
                row.erase(part)
        left = [at for part, at in times if row.has(part)]
        row.next_erasure_at = min([*left, ended + keep.texts * DAY])


METHODS = {
    Verb.TRIAGE: CaseWriter._triage,
    Verb.NOTE: CaseWriter._note,
    Verb.UPDATE: CaseWriter._update,
    Verb.OFFER: CaseWriter._offer,
    Verb.ACCEPT: CaseWriter._accept,
    Verb.REFUSE: CaseWriter._refuse,
    Verb.PAUSE: CaseWriter._pause,
    Verb.RESUME: CaseWriter._resume,
    Verb.DECLINE: CaseWriter._decline,
    Verb.RESOLVE: CaseWriter._resolve,
    Verb.CONFIRM: CaseWriter._confirm,
    Verb.CONTEST: CaseWriter._contest,
    Verb.CLOSE: CaseWriter._close,
    Verb.CLIMB: CaseWriter._climb,
    Verb.TOP: CaseWriter._top,
    Verb.MERGE: CaseWriter._merge,
}
