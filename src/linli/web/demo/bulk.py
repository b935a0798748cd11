"""The bulk path: makes of a story the rows and the journal that the actions would write.

What each step writes stands in `deeds`; here a case is opened and put down, with its messages and
its part in the public figures. A test performs the same stories both ways and compares every
column and every byte. Columns are spelled out when a table is opened, so that a column the bulk
path does not know stops it at once.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db import connection

from linli.cases import events as ev
from linli.cases import follow, numbers, opening, photos
from linli.cases.actions.erasing import WORDS
from linli.cases.models import (
    Answer,
    Case,
    Climb,
    Merge,
    Note,
    Offer,
    Pause,
    Photo,
    Promise,
    PublicWords,
    Routing,
    Support,
    Update,
)
from linli.cases.models.cases import TEXT, WHERE
from linli.cases.photos import Picture
from linli.cases.reactions import TOLD
from linli.cases.wording import folded
from linli.kernel import vault
from linli.kernel.contacts import LABEL as CONTACT
from linli.kernel.events import Event
from linli.kernel.models import CaseKey, Contact
from linli.messages.events import MessagesEmptied
from linli.messages.models import Outgoing
from linli.web.demo.deeds import DEEDS
from linli.web.demo.figures import Counted, Figures, counted
from linli.web.demo.ledger import Book, Ledger, Message, Place, Stencil, message_table, quoted
from linli.web.demo.row import Row
from linli.web.demo.steps import Verb
from linli.web.demo.story import Story
from linli.web.demo.tables import DAY, Table, maybe, moment, reset_sequences, spoken_time, stamp
from linli.web.demo.world import Given, Terms, World

E = {
    kind.__name__: Stencil(kind)
    for kind in vars(ev).values()
    if isinstance(kind, type) and issubclass(kind, Event) and kind is not Event
}
E["MessagesEmptied"] = Stencil(MessagesEmptied)
STENCILS = {stencil.name: stencil for stencil in E.values()}
EMPTIED = (None, "", "", "{}", Outgoing.State.EMPTIED.value)  # of a message, behind its key
UNTOLD = ("additions",)  # what no story writes
KEYS = 500  # opened at once


class Shot(NamedTuple):
    """A photo of the case that is being told; `picture` None once it is erased."""

    pk: int
    kind: str
    picture: Picture | None
    added_at: int
    cleared_at: int | None = None
    cleared_by: int | None = None


class Batch(NamedTuple):
    """What becomes of some stories: rows by table, cases changed once more, what of them the public
    figures count, locked photos, and the journal by day."""

    cases: int
    rows: list[list[tuple[Any, ...]]]
    bumps: list[int]
    counted: list[Counted]
    files: list[bytes]
    journal: dict[int, bytes]


class CaseWriter:
    """Makes rows of stories, in the order of their receipt, and writes them."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._now = int(world.now.timestamp())
        self._book = Book()
        self._open_tables()
        self.figures = Figures()
        self._counted: list[Counted] = []
        self._files: list[bytes] = []
        self._postgresql = connection.vendor == "postgresql"
        self._keys: list[vault.OpenKey] = []
        self.bumps: list[int] = []

    def _open_tables(self) -> None:
        self.keys = Table(CaseKey, "id", "ref", "master", "wrapped", "destroyed_at")
        self.contacts = Table(Contact, "id", "key_id", "channel", "sealed")
        self.cases = Table(Case, *Row.COLUMNS)
        self.pictures = Table(Photo, "id", "case_id", "kind", "address", "digest", "width",
                              "height", "added_at", "cleared_at", "cleared_by_id")  # fmt: skip
        self.public_words = Table(PublicWords, "case_id", "words")
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
        self.supports = Table(Support, "id", "case_id", "post_id", "task_locked", "by_id",
                              "asked_at", "done_at")  # fmt: skip
        self.pauses = Table(Pause, "id", "case_id", "reason", "words_locked", "by_id", "since",
                            "expected_until", "until", "seconds")  # fmt: skip
        self.answers = Table(Answer, "id", "case_id", "source_id", "kind", "round",
                             "satisfaction", "theirs", "words_locked", "entered_by_id",
                             "at")  # fmt: skip
        self.climbs = Table(Climb, "id", "case_id", "rung", "level", "post_id", "ladder", "at")
        self.merges = Table(Merge, "id", "case_id", "into_id", "state_before", "by_id", "at",
                            "undone_at")  # fmt: skip
        self._words: dict[Table, tuple[str, ...]] = {
            getattr(self, rows): columns for rows, columns in WORDS.items() if rows not in UNTOLD
        }
        self.messages = message_table()  # the ledger writes them, with the entries they answer
        self.tables = [
            self.keys, self.contacts, self.cases, self.public_words, self.pictures, self.promises,
            self.routings, self.notes, self.updates, self.offers, self.supports, self.pauses,
            self.answers, self.climbs, self.merges,
        ]  # fmt: skip

    def tell(self, stories: Iterable[Story]) -> Batch:
        """The rows and the journal of these stories; asks the database nothing."""
        count = 0
        for story in stories:
            self._write_one(story)
            count += 1
        rows = [table.taken() for table in self.tables]
        batch = Batch(count, rows, self.bumps, self._counted, self._files, self._book.taken())
        self.bumps, self._counted, self._files = [], [], []
        return batch

    def put(self, batch: Batch) -> None:
        """Write what `tell` made, but for the journal; inside the caller's transaction."""
        for table, rows in zip(self.tables, batch.rows, strict=True):
            table.write(rows)
        with connection.cursor() as cursor:
            cursor.executemany(
                f'UPDATE "{Case._meta.db_table}" SET revision = revision + 1 WHERE id = %s',  # noqa: S608
                [(pk,) for pk in batch.bumps],
            )
        for locked in batch.files:
            photos.put(locked)
        for line in batch.counted:
            self.figures.count(line)

    def finish(self, ledger: Ledger) -> None:
        """Write the last figures, and let the engine count on after the keys given by hand."""
        self.figures.close()
        reset_sequences([*self.tables, *self.figures.tables, *ledger.tables])

    def number_of(self, story: Story) -> str:
        """The number of a story's case."""
        return numbers.nth(story.number)

    def _write_one(self, story: Story) -> None:
        if not self._keys:
            self._keys = vault.open_keys(KEYS)
        self.key = self._keys.pop()
        self.row = row = Row(self.cases.new_pk(), self.keys.new_pk(), story)
        self.story, story.case = story, row.id
        self.terms = story.terms
        self.met: dict[str, int] = {}
        self._promised: list[tuple[int, str, int, int, Terms]] = []
        self.open_pause: tuple[Any, ...] | None = None
        self.open_offer: tuple[Any, ...] | None = None
        self.photos: list[Shot] = []
        self.open_support: tuple[Any, ...] | None = None
        self.into: Story | None = None
        self.paused_at = self.merged_at = 0
        self.destroyed_at: int | None = None
        self._open()
        for step in story.steps:
            DEEDS[step.verb](self, step)
        self._follow_the_other()
        self._erase()
        self._put_down()

    def _put_down(self) -> None:
        row, key, story = self.row, self.key, self.story
        reference = str(key.ref) if self._postgresql else key.ref.hex
        gone = self.destroyed_at
        wrap = (key.master, key.wrapped) if gone is None else ("", b"")
        self.keys.add(row.key_id, reference, *wrap, maybe(gone))
        for pk, kind, started, due, terms in self._promised:
            met, calendar = maybe(self.met.get(kind)), terms.calendar
            self.promises.add(pk, row.id, kind, terms.version, calendar.code, calendar.edition,
                              moment(started), moment(due), met)  # fmt: skip
        if self.open_pause:
            self.pauses.add(*self.open_pause, None, 0)
        if self.open_offer:
            self.offers.add(*self.open_offer)
        if self.open_support:
            self.supports.add(*self.open_support, None)
        if row.contact_id is not None:
            sealed = key.lock(story.contact or "", label=CONTACT)
            self.contacts.add(row.contact_id, row.key_id, "phone", sealed)
        for photo in self.photos:
            self._put_down_photo(photo)
        self.cases.add(*row.values())
        if row.published and row.public_text:
            self.public_words.add(row.id, folded(row.public_text))
        if line := counted(row, self.met.get("first")):
            self._counted.append(line)
        if story.contact is not None:
            self._write_messages()

    def _put_down_photo(self, photo: Shot) -> None:
        picture = photo.picture
        if picture is None:
            return
        locked = self.key.lock(picture.jpeg, label=photos.LABEL)
        self._files.append(locked)
        self.pictures.add(photo.pk, self.row.id, photo.kind, photos.address(locked), picture.digest,
                          picture.width, picture.height, moment(photo.added_at),
                          maybe(photo.cleared_at), photo.cleared_by)  # fmt: skip

    def add_photo(self, kind: str, picture: Picture, at: int) -> Shot:
        """A photo comes to the case."""
        photo = Shot(self.pictures.new_pk(), kind, picture, at)
        self.photos.append(photo)
        return photo

    def record(self, name: str, at: int, by: int | None, *values: Any) -> Place:
        """An entry about the case."""
        return self._book.note(E[name], at, self.row.id, by, values)

    def lock(self, words: str, label: str) -> bytes | None:
        """Words locked with the key of the case; None for none."""
        return self.key.lock(words, label=label) if words else None

    # ------------------------------------------------ cases.reactions

    def say(self, to: Place, template: str, **codes: str) -> None:
        """A message to the reporter that answers an entry; written when the case is put down."""
        if self.story.contact is not None or self.story.followed:
            self.story.told.append((to, template, codes))

    def _write_messages(self) -> None:
        row, story = self.row, self.story
        number = numbers.spoken(row.number)
        for to, template, codes in story.told:
            self._message(to, 1, template, {"number": number, **codes})
        for to, template, codes in self.into.told if self.into else ():
            if to[0] > self.merged_at and template != "received":
                self._message(to, 1 + row.id, template, {"number": number, **codes})

    def _message(self, to: Place, rank: int, template: str, codes: dict[str, str]) -> None:
        row, pk = self.row, self.messages.new_pk()
        if self.destroyed_at is not None:
            self._book.answer(to, rank, template, Message(pk, row.key_id, *EMPTIED))
            return
        written = ", ".join(f'"{name}": "{code}"' for name, code in codes.items())
        message = Message(pk, row.key_id, row.contact_id, template, row.language, f"{{{written}}}")
        self._book.answer(to, rank, template, message)

    # ------------------------------------------------ cases.actions.erasing

    def wipe(self, closing: str, authority: str, at: int, by: int | None) -> None:
        """All of it is erased, with the key; what was written down about it, too."""
        for table in (*self._words, self.routings, self.climbs, self.merges):
            table.drop(self.row.id)
        self._promised, self.photos = [], []
        self.open_pause = self.open_offer = self.open_support = None
        self._destroy_key(at, by)
        self.row.wipe(closing, authority, at)

    def _destroy_key(self, at: int, by: int | None) -> None:
        self.destroyed_at = at
        if self.story.contact is not None and (count := len(self.story.told)):
            self._book.note(E["MessagesEmptied"], at, count, by, (count,), about="messages")
        self.record("KeyDestroyed", at, by, self.row.id)

    # ------------------------------------------------ cases.actions.intake

    def _open(self) -> None:
        story, row, key = self.story, self.row, self.key
        opened = opening.opened_with(story.text, story.answers, [p.digest for p in story.photos])
        for picture in story.photos:
            self.add_photo("report", picture, story.received)
        row.next_climb_at = story.due + self.world.grace
        row.number = numbers.nth(story.number)
        statement = opened.salt + opened.statement
        row.text_locked = key.lock(statement, label=TEXT)
        row.where_locked = self.lock(story.words, WHERE)
        row.follow_digest = follow.digest(follow.spelled(key.derive(follow.PURPOSE)))
        if story.contact is not None:
            row.contact_id = row.contact_ref = self.contacts.new_pk()
        area = story.area.code if story.area and row.public else None
        at, by = story.received, story.by
        place = self.record(
            "CaseOpened", at, by, quoted(area), quoted(stamp(story.captured)), row.id,
            quoted(story.channel), quoted(row.number), quoted(opened.digest.hex()),
            len(story.photos), quoted(stamp(at)), quoted(story.terms.code),
        )  # fmt: skip
        if story.terms.call_back:
            self.say(place, "call-back")
        else:
            self.say(place, "received", due=spoken_time(story.due))
        self.promise("first", at, story.due, at, by)
        self.give(story.given, at, by)

    def promise(self, kind: str, started: int, due: int, at: int, by: int | None) -> None:
        """A deadline is promised."""
        calendar = self.terms.calendar
        self._promised.append((self.promises.new_pk(), kind, started, due, self.terms))
        self.record(
            "CasePromised", at, by, quoted(calendar.code), self.row.id, quoted(stamp(due)),
            calendar.edition, quoted(kind),
        )  # fmt: skip

    def give(self, given: Given, at: int, by: int | None) -> None:
        """The case comes to a post."""
        row = self.row
        self.routings.add(self.routings.new_pk(), row.id, given.post, given.why,
                          given.reasons, row.area_id, row.version_id, by,
                          moment(at))  # fmt: skip
        place = self.record("CaseRouted", at, by, row.id, given.post, quoted(given.why))
        if given.why in TOLD:
            self.say(place, "assigned", office=self.world.post_codes[given.post])
        row.owner_id = given.post

    # ------------------------------------------------ what follows from another case, and the end

    def _follow_the_other(self) -> None:
        """What happens to a merged case with the one it went into: met, closed."""
        for step in self.into.steps if self.into else ():
            if step.verb is Verb.RESOLVE:
                self.met = {"first": step.at}
            elif step.verb is Verb.CONTEST:
                self.met = {}
            if step.verb in (Verb.CONFIRM, Verb.CLOSE, Verb.CONTEST, Verb.DECLINE):
                self.row.change()

    def _erase(self) -> None:
        """As `erase_parts` at each time at which some part is due."""
        row, into = self.row, self.into
        if self.destroyed_at is not None:
            return
        if self.terms.call_back and row.agreed_at is None:
            row.next_erasure_at = row.received_at + self.world.agreement
            return
        ended = into.ended if into else row.closed_at
        if ended is None:
            return
        keep = self.terms.definition.retention
        left = [(ended + keep.texts * DAY, "texts")]
        if row.contact_id is not None:
            left.append((ended + self.world.contact_kept, "contact"))
        if any(photo.picture for photo in self.photos):
            left.append((ended + keep.photos * DAY, "photos"))
        if row.lon is not None or row.where_locked is not None:
            left.append((ended + keep.points * DAY, "point"))
        while left:
            at = row.next_erasure_at = min(left)[0]
            if at > self._now:
                return
            self._erase_parts(sorted(part for due, part in left if due <= at), at)
            left = [] if self.destroyed_at else [one for one in left if one[0] > at]
        row.next_erasure_at = None

    def _erase_parts(self, parts: list[str], at: int) -> None:
        """These parts, in the order of their names."""
        for part in parts:
            self.record("PartErased", at, None, self.row.id, quoted(part))
        if "texts" in parts or "photos" in parts:
            self.photos = []
        if "texts" in parts:
            for table, columns in self._words.items():
                table.blank(self.row.id, columns)
            self._destroy_key(at, None)
        self.row.erase(parts)
