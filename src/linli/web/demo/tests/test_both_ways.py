"""The bulk path writes what the actions write: two hundred cases, made both ways and compared."""

import datetime as dt
import json
from collections import Counter
from hashlib import sha256

import pytest
from django.db import connection, transaction
from django.test import override_settings

from linli.cases import follow, models, numbers, opening, photos
from linli.cases.models import Case
from linli.engines import merkle
from linli.engines.prefecture import build
from linli.kernel import vault
from linli.kernel.events import parse
from linli.kernel.models import Contact, Entry, Pending, Sealed, SealerState
from linli.kernel.sealer import seal
from linli.messages.models import Outgoing
from linli.opendata import indexing
from linli.opendata.counting import NUMBERS, counted, fields_of, read, sums_of
from linli.opendata.models import LogLeaf, LogNode, Sum, Tally
from linli.opendata.public import paths_with_page
from linli.web.demo.aside import packed, unpacked
from linli.web.demo.build import settle_in
from linli.web.demo.bulk import STENCILS, Batch, CaseWriter
from linli.web.demo.cases import YEAR, year_of
from linli.web.demo.ledger import Ledger
from linli.web.demo.steps import Verb
from linli.web.demo.story import Teller
from linli.web.demo.tests.perform import Performer
from linli.web.demo.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)
COUNT = 200
# What is drawn at random, and what only names a row.
FREE = {
    "id",
    "number",
    "key",
    "follow_digest",
    "contact",
    "contact_ref",
    "case",
    "source",
    "into",
    "address",
}
LABELS = {
    models.Note: {"words_locked": "note"},
    models.Update: {"words_locked": "update"},
    models.Pause: {"words_locked": "pause"},
    models.Answer: {"words_locked": "answer"},
    models.Offer: {"words_locked": "offer", "refusal_locked": "offer"},
    models.Support: {"task_locked": "task"},
    models.Photo: {},
    models.Promise: {},
    models.Routing: {},
    models.Climb: {},
    models.Merge: {},
}
LOG = ((LogNode, ("level", "position", "hash")), (LogLeaf, ("number", "start")))
NUMBERED = ("note", "update", "offer", "support", "photo")


@pytest.fixture(scope="module")
def both(django_db_setup, django_db_blocker, tmp_path_factory):
    """Stories, and their case keys by number: made by the actions, and made in bulk."""
    folder = tmp_path_factory.mktemp("demo")
    changed = override_settings(VAR=folder, KEYS=folder / "keys", DEMO=True)
    with django_db_blocker.unblock(), changed, transaction.atomic():
        yield made_both_ways(folder)
        transaction.set_rollback(True)


def made_both_ways(folder):
    settle_in(build(seed=7, scale=0.02), NOW)
    while seal():
        pass
    world = World(NOW, NOW - YEAR)
    teller = Teller(world, int(NOW.timestamp()))
    year = year_of(world, count=1500, seed=3)
    days = [(int(day.received[0]), list(teller.tell(day))) for day in year.days()]
    chosen = choose([story for _, told in days for story in told])
    days = [(start, [s for s in told if s.number in chosen]) for start, told in days]
    stories = [story for _, told in days for story in told]
    performer = Performer(NOW)
    performer.perform(stories)
    while seal():
        pass
    ledger, writer = Ledger(folder, STENCILS), CaseWriter(world)
    world.read_all()
    pieces = [(start, writer.tell(told)) for start, told in days if told]
    for start, told in pieces:
        batch = Batch(*unpacked(packed(tuple(told))))  # as between two processes
        ledger.write_until(start)
        ledger.keep(batch.journal)
        writer.put(batch)
    ledger.write_rest()
    writer.finish(ledger)
    connection.check_constraints()
    written = {s.number: Case.objects.get(number=writer.number_of(s)).pk for s in stories}
    return stories, performer.cases, written


def choose(stories) -> set[int]:
    """Merged ones with what they went into, complaints, the newest, others from all the year."""
    chosen: set[int] = set()
    for story in stories:
        if story.steps and story.steps[-1].verb is Verb.MERGE and len(chosen) < 40:
            chosen |= {story.number, story.twin}
    chosen |= {story.number for story in stories if story.office} & set(range(0, 1500, 3))
    chosen |= {story.number for story in stories[-40:]} - {s.number for s in stories if s.twin >= 0}
    chosen |= each_kind(stories)
    rest = [story.number for story in stories[::7] if story.number not in chosen]
    return chosen | set(rest[: COUNT - len(chosen)])


def each_kind(stories) -> set[int]:
    """Some of each kind of thing that happens."""
    found: set[int] = set()
    for verb in Verb:
        with_it = [s.number for s in stories if any(step.verb is verb for step in s.steps)]
        found |= set(with_it[:: max(1, len(with_it) // 5)][:5])
    return found


def plain(row, names, labels, case_key):
    """The columns of a row as they compare: locked words in plain, cases by their story."""
    found = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname)
        if field.name in labels:
            locked = value
            value = locked and vault.unlock(case_key, bytes(locked), label=labels[field.name])
        elif field.name in ("case", "source", "into"):
            value = names[value]
        elif field.name in FREE:
            continue
        found[field.name] = value
    return found


def case_columns(case):
    found = plain(case, {}, {"where_locked": "where"}, case.key)
    key = case.key
    found["key"] = (key.destroyed_at, key.destroyed_at and (key.master, bytes(key.wrapped)))
    if case.text_locked is not None:
        opened = opening.unlock(case)
        found["text_locked"] = (opened.text, dict(opened.answers), opened.photos)
    held = case.contact
    found["contact"] = held and (
        held.channel,
        vault.unlock(case.key, bytes(held.sealed), label="contact"),
    )
    found["contact_ref"] = case.contact_ref is not None
    return found


def journal(case, names):
    """Time, actor and body of every entry about a case, in order, without drawn values."""
    ordinals = {kind: {} for kind in NUMBERED}
    lines = []
    for entry in Entry.objects.filter(subject_kind="case", subject=case.pk).order_by("id"):
        body = json.loads(bytes(entry.body))
        assert bytes(entry.leaf) == merkle.leaf_hash(bytes(entry.salt) + bytes(entry.body))
        assert len(entry.salt) == 16
        of = body["of"]
        for kind in NUMBERED:
            if kind in of:
                of[kind] = ordinals[kind].setdefault(of[kind], len(ordinals[kind]))
        for name in ("case", "into"):
            if name in of:
                of[name] = names[of[name]]
        if body["event"] == "case-opened":
            assert of.pop("number") == case.number
            digest = of.pop("opening")
            assert case.text_locked is None or digest == opening.unlock(case).digest.hex()
        lines.append((entry.at, entry.event, entry.by_id, body))
    return lines


def messages(case):
    """What its reporter was told, when, and in answer to what."""
    found = []
    for row in Outgoing.objects.filter(key=case.key_id):
        cause = Entry.objects.get(pk=row.cause)
        entry = Entry.objects.get(subject_kind="message", subject=row.pk)
        assert entry.pk > row.cause
        if row.state != Outgoing.State.EMPTIED:
            assert row.codes.pop("number") == numbers.spoken(case.number)
        told = (row.template, row.language, row.codes, row.created_at, row.state)
        to = (row.contact_id is not None, cause.event, cause.at)
        found.append((told, to, entry.at, entry.by_id, json.loads(bytes(entry.body))["of"]))
    for *_, of in found:
        of.pop("message")
    return sorted(found, key=repr)


def test_both_ways_give_the_same_rows_and_the_same_journal(both) -> None:
    stories, performed, written = both
    assert len(stories) == COUNT
    names = {pk: number for made in (performed, written) for number, pk in made.items()}
    for story in stories:
        one, other = (Case.objects.get(pk=made[story.number]) for made in (performed, written))
        label = f"{story.number} {[s.verb.value for s in story.steps]}"
        assert case_columns(other) == case_columns(one), label
        for model, labels in LABELS.items():
            rows = [
                [
                    plain(r, names, labels, c.key)
                    for r in model.objects.filter(case=c).order_by("pk")
                ]
                for c in (one, other)
            ]
            assert sorted(rows[1], key=repr) == sorted(rows[0], key=repr), (label, model)
        assert journal(other, names) == journal(one, names), label
        assert messages(other) == messages(one), label


def test_each_photo_lies_on_the_disk_and_opens_with_the_key_of_its_case(both) -> None:
    _, _, written = both
    rows = models.Photo.objects.filter(case__in=written.values()).select_related("case__key")
    assert {row.kind for row in rows} == {"report", "result"}
    assert {row.cleared_at is None for row in rows} == {True, False}
    for row in rows:
        jpeg = photos.fetch(row.case.key, row.address)
        assert sha256(jpeg).digest() == bytes(row.digest)


def test_both_ways_say_how_many_messages_were_emptied(both) -> None:
    _, _, written = both
    bulk = Entry.objects.filter(subject_kind="case", subject__in=written.values())
    begin = bulk.order_by("id").first().pk
    emptied = Entry.objects.filter(event="messages-emptied").order_by("at", "subject")
    said = [
        list(emptied.filter(**{f"pk__{side}": begin}).values_list("at", "by", "subject", "body"))
        for side in ("lt", "gte")
    ]
    assert said[0] == said[1] != []


def test_the_stories_hold_something_of_everything(both) -> None:
    stories, _, _ = both
    seen = Counter(step.verb for story in stories for step in story.steps)
    assert [verb for verb in Verb if not seen[verb]] == []
    erased = Entry.objects.filter(event="part-erased").values_list("body", flat=True)
    parts = {json.loads(bytes(body))["of"]["part"] for body in erased}
    assert parts == {"all", "contact", "photos", "point", "texts"}
    assert any(story.office for story in stories)
    assert any(story.place for story in stories)
    assert any(story.asked_area for story in stories)
    assert Contact.objects.exists()


def test_the_bulk_journal_is_sealed_canonical_and_in_order_of_time(both) -> None:
    _, _, written = both
    assert not Pending.objects.exists()
    chain, frontier, size = b"", [], 0
    for sealed in Sealed.objects.select_related("entry").order_by("number"):
        leaf = bytes(sealed.entry.leaf)
        chain = sha256(chain + leaf).digest()
        frontier = merkle.appended(frontier, size, leaf)
        size += 1
        assert sealed.number == size
        assert bytes(sealed.chain) == chain
    state = SealerState.objects.get()
    assert (state.size, bytes(state.chain)) == (size, chain)
    assert bytes(state.frontier) == b"".join(frontier)
    mine = Entry.objects.filter(subject_kind="case", subject__in=written.values()).order_by("id")
    times = list(mine.values_list("at", flat=True))
    assert times == sorted(times)
    for entry in mine:
        body = bytes(entry.body)
        assert parse(body).name == entry.event
        again = json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
        assert again == body


def test_the_nodes_of_the_log_are_what_its_index_would_keep(both) -> None:
    kept = [set(m.objects.values_list(*names)) for m, names in LOG]
    assert all(kept)
    for model, _ in LOG:
        model.objects.all().delete()
    indexing.catch_up()
    assert [set(m.objects.values_list(*names)) for m, names in LOG] == kept


def test_the_figures_are_what_counting_finds(both) -> None:
    _, performed, written = both
    names = ("area_id", "month", "days", *NUMBERS)
    kept = {row[:2]: row[2:] for row in Tally.objects.values_list(*names)}
    for made in (performed, written):
        found = counted(Case.objects.filter(pk__in=made.values()))
        fields = {cell: fields_of(count) for cell, count in found.items()}
        assert kept == {cell: tuple(f[n] for n in names[2:]) for cell, f in fields.items()}


def test_search_reads_the_same_words(both) -> None:
    stories, performed, written = both
    words = dict(models.PublicWords.objects.values_list("case", "words"))
    found = [(words.get(performed[s.number]), words.get(written[s.number])) for s in stories]
    assert any(by_actions for by_actions, _ in found)
    assert [by_actions for by_actions, _ in found] == [in_bulk for _, in_bulk in found]


def test_the_sums_are_those_of_the_figures(both) -> None:
    added = sums_of(read(Tally.objects.all(), "area__path"), paths_with_page())
    assert added
    assert {(path, month): count for path, month, count in read(Sum.objects.all(), "path")} == added


def test_every_link_finds_its_case_and_every_key_is_its_own(both) -> None:
    _, _, written = both
    cases = Case.objects.filter(pk__in=written.values()).select_related("key")
    assert len({case.key_id for case in cases}) == COUNT
    for case in cases.filter(key__destroyed_at=None)[:40]:
        assert follow.case_for(follow.token(case.key)).pk == case.pk
