"""Comments on a published draft: read before they are shown, answered, told, erased in time."""

import datetime as dt
import uuid

import pytest
from django.utils import timezone

from linli.kernel import journal
from linli.kernel.errors import Conflict, Forbidden, Invalid, Missing
from linli.kernel.events import parse
from linli.kernel.models import CaseKey, Contact, Entry
from linli.kernel.reactions import REACTIONS
from linli.messages.models import Outgoing
from linli.territory import events, retention, rules
from linli.territory.actions import comments, publishing
from linli.territory.models import Comment, CommentState, Grid, Plan, PlanState
from linli.territory.tests.factories import account, area, bare_plan, planner

pytestmark = pytest.mark.django_db
SMS = ("sms", "09715550123")
WORDS = "zwqwords: the ford cannot be crossed in June."


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


@pytest.fixture
def who():
    return planner("sonam", area("pf/c1"))


@pytest.fixture
def draft():
    plan = bare_plan(area("pf/c1"))
    Grid.objects.create(plan=plan, number=0, code="g1", line="t1", wkb=b"x")
    return plan


def later(days=30):
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture
def plan(draft, who):
    return publishing.publish(draft, until=later(), by=who)


def say(plan, text=WORDS, **more):
    return comments.comment(plan, text=text, **{"language": "en", **more})


def happen(event, *, at=None):
    """The event stands in the journal, and every reaction to it has answered, twice."""
    entry = journal.record(event, by=None, at=at)
    answer(entry)
    return entry


def answer(entry):
    event = parse(bytes(entry.body))
    for _time in range(2):
        for one in REACTIONS.values():
            if one.name.startswith("territory.tell") and entry.event in one.events:
                one.answer(event, entry)


def newest(name):
    return Entry.objects.filter(event=name).latest("pk")


def test_a_draft_is_published_with_a_last_day_for_comments(plan):
    assert (plan.state, plan.comments_until) == (PlanState.PUBLISHED, later())
    assert newest("plan-published").subject == plan.pk


def test_only_planners_publish_and_only_a_drawn_draft(draft, who):
    with pytest.raises(Forbidden):
        publishing.publish(draft, until=later(), by=account("nobody"))
    for days in (0, 400):
        with pytest.raises(Invalid):
            publishing.publish(draft, until=later(days), by=who)
    Grid.objects.create(plan=draft, number=1, code="g2", line="t1")
    with pytest.raises(Conflict, match="not-drawn"):
        publishing.publish(draft, until=later(), by=who)
    assert Plan.objects.get().state == PlanState.DRAFT


def test_a_plan_that_is_calculated_is_not_published(draft, who):
    draft.runs.create(asked_at=timezone.now())
    with pytest.raises(Conflict, match="run-goes-on"):
        publishing.publish(draft, until=later(), by=who)


def test_what_is_written_lies_locked_and_sent_twice_is_one(plan):
    mark = uuid.uuid4()
    first = say(plan, grid="g1", contact=SMS, op_id=mark)
    assert say(plan, grid="g1", contact=SMS, op_id=mark) == first
    row = Comment.objects.get()
    assert (row.state, row.public_text, row.grid) == (CommentState.WAITING, "", "g1")
    stored = [bytes(row.text_locked), bytes(Contact.objects.get().sealed)]
    stored += [bytes(entry.body) for entry in Entry.objects.all()]
    assert not any(b"zwqwords" in body or b"5550123" in body for body in stored)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"text": " \u200b "}, "words-needed"),
        ({"text": "x" * 2001}, "text-too-long"),
        ({"grid": "g9"}, "no-such-grid"),
        ({"language": "tlh"}, "bad-language"),
    ],
)
def test_what_cannot_be_a_comment_is_refused(plan, more, code):
    with pytest.raises(Invalid, match=code):
        say(plan, **more)
    assert not CaseKey.objects.exists()


def test_comments_are_taken_through_the_last_day(plan):
    Plan.objects.update(comments_until=later(0))
    assert say(plan).pk
    Plan.objects.update(comments_until=later(-1))
    with pytest.raises(Conflict, match="comments-over"):
        say(plan)


@pytest.mark.parametrize("state", [s for s in PlanState if s != PlanState.PUBLISHED])
def test_only_a_published_draft_takes_comments(plan, state):
    Plan.objects.update(state=state, since=later())
    with pytest.raises(Conflict, match="comments-over"):
        say(plan)


def test_a_planner_reads_releases_and_answers(plan, who):
    row = say(plan)
    assert comments.look(row, by=who) == WORDS
    row = comments.read(row, release=True, public_text="The ford is flooded in June.", by=who)
    assert (row.state, row.public_text) == (CommentState.RELEASED, "The ford is flooded in June.")
    row = comments.answer(row, text="The grid now ends at the ford.", by=who)
    comments.answer(row, text="The grid now ends at the ford.", by=who)
    assert Entry.objects.filter(event="comment-answered").count() == 1
    row = comments.read(row, release=False, by=who)
    assert (row.state, row.public_text, row.answer) == (CommentState.WITHHELD, "", "")
    with pytest.raises(Conflict, match="not-released"):
        comments.answer(row, text="Thank you.", by=who)
    assert comments.read(row, release=True, by=who).public_text == WORDS


def test_nobody_else_reads_or_answers(plan):
    row = say(plan)
    strangers = [
        planner("low", area("pf/c1/t1")),
        planner("beside", area("pf/c2")),
        account("admin", is_administrator=True),
    ]
    for other in strangers:
        for act in (
            lambda by: comments.look(row, by=by),
            lambda by: comments.read(row, release=True, by=by),
            lambda by: comments.answer(row, text="No.", by=by),
            lambda by: comments.erase(row, by=by),
        ):
            with pytest.raises(Forbidden):
                act(other)


def test_who_left_a_contact_is_told_once_what_happened(plan, who):
    told = say(plan, contact=SMS, language="bo")
    say(plan, text="No contact.")
    comments.read(told, release=True, by=who)
    answer(newest("comment-read"))
    assert not Outgoing.objects.exists()
    comments.answer(told, text="Thank you.", by=who)
    answer(newest("comment-answered"))
    since = dt.date(2027, 3, 1)
    happen(events.PlanAdopted(plan=plan.pk, since=since, open_cases="begun-stay", edition=1))
    happen(events.AdoptionTakenBack(plan=plan.pk, since=since))
    happen(events.PlanBegan(plan=plan.pk, posts=1, without=0, moved=0))
    happen(events.PlanWithdrawn(plan=plan.pk))
    rows = Outgoing.objects.order_by("pk")
    assert [row.template for row in rows] == [
        "plan-answered", "plan-adopted", "plan-taken-back", "plan-began", "plan-withdrawn",
    ]  # fmt: skip
    assert {row.language for row in rows} == {"bo"}
    assert rows[1].codes == {"number": str(plan.pk), "until": "2027-03-01"}


def test_who_is_not_shown_is_told_so(plan, who):
    comments.read(say(plan, contact=SMS), release=False, by=who)
    answer(newest("comment-read"))
    assert Outgoing.objects.get().template == "plan-withheld"


def test_a_planner_erases_all_of_a_comment_and_the_count_stays(plan, who):
    row = say(plan, contact=SMS)
    comments.read(row, release=True, by=who)
    comments.erase(row, by=who)
    row = Comment.objects.get()
    assert (row.state, row.public_text, row.text_locked) == (CommentState.ERASED, "", None)
    assert not Contact.objects.exists()
    assert CaseKey.objects.get().destroyed_at is not None
    with pytest.raises(Missing):
        comments.read(row, release=True, by=who)


@pytest.mark.parametrize("over", ["began", "withdrawn"])
def test_ninety_days_later_words_and_contacts_are_erased(plan, who, over):
    shown, hidden = say(plan, contact=SMS), say(plan, text="Hidden.", contact=SMS)
    comments.read(shown, release=True, by=who)
    comments.answer(shown, text="Thank you.", by=who)
    answer(newest("comment-answered"))
    began = events.PlanBegan(plan=plan.pk, posts=0, without=0, moved=0)
    event = began if over == "began" else events.PlanWithdrawn(plan=plan.pk)
    at = timezone.now() - rules.KEPT + dt.timedelta(hours=1)
    entry = happen(event, at=at)
    assert retention.erase_comments() == 0
    Entry.objects.filter(pk=entry.pk).update(at=at - dt.timedelta(hours=2))
    assert retention.erase_comments() == 2
    assert retention.erase_comments() == 0
    shown, hidden = Comment.objects.get(pk=shown.pk), Comment.objects.get(pk=hidden.pk)
    assert (shown.state, shown.public_text, shown.answer) == (
        CommentState.RELEASED, WORDS, "Thank you.",
    )  # fmt: skip
    assert hidden.state == CommentState.ERASED
    assert {shown.text_locked, hidden.text_locked} == {None}
    assert not Contact.objects.exists()
    assert not CaseKey.objects.filter(destroyed_at=None).exists()
    assert set(Outgoing.objects.values_list("state", flat=True)) == {Outgoing.State.EMPTIED}


@pytest.mark.parametrize("state", [PlanState.PUBLISHED, PlanState.ADOPTED])
def test_a_plan_that_nobody_decides_about_keeps_no_contact(plan, who, state):
    shown, waiting = say(plan, contact=SMS), say(plan, text="Not read.", contact=SMS)
    comments.read(shown, release=True, by=who)
    last = timezone.localdate() - rules.LATEST
    since = None if state == PlanState.PUBLISHED else timezone.localdate()
    Plan.objects.filter(pk=plan.pk).update(comments_until=last, state=state, since=since)
    assert retention.erase_comments() == 0
    Plan.objects.filter(pk=plan.pk).update(comments_until=last - dt.timedelta(days=1))
    assert retention.erase_comments() == 2
    shown.refresh_from_db()
    waiting.refresh_from_db()
    assert (shown.state, shown.public_text) == (CommentState.RELEASED, WORDS)
    assert (waiting.state, waiting.public_text) == (CommentState.ERASED, "")
    assert {shown.text_locked, waiting.text_locked} == {None}
    assert not Contact.objects.exists()


@pytest.fixture
def left(plan, who):
    """A comment of which only what was shown is left."""
    row = say(plan, contact=SMS)
    comments.read(row, release=True, public_text="Ask Tsering at the ford.", by=who)
    comments.answer(row, text="Thank you, Tsering.", by=who)
    return comments.erase_in_time(row)


def test_what_is_left_can_be_shortened_and_taken_away(left, who):
    with pytest.raises(Invalid, match="words-needed"):
        comments.read(left, release=True, by=who)
    row = comments.read(left, release=True, public_text="Ask at the ford.", by=who)
    row = comments.answer(row, text="Thank you.", by=who)
    assert (row.public_text, row.answer) == ("Ask at the ford.", "Thank you.")
    row = comments.read(row, release=False, by=who)
    assert (row.state, row.public_text, row.answer) == (CommentState.ERASED, "", "")
    with pytest.raises(Missing):
        comments.read(row, release=True, public_text="Words of a planner.", by=who)


def test_what_is_left_can_be_erased(left, who):
    gone = CaseKey.objects.get().destroyed_at
    row = comments.erase(left, by=who)
    assert (row.state, row.public_text, row.answer) == (CommentState.ERASED, "", "")
    assert CaseKey.objects.get().destroyed_at == gone


def test_each_look_is_in_the_journal_before_it_is_given(plan, who, monkeypatch):
    row = say(plan)
    with pytest.raises(Forbidden):
        comments.look(row, by=account("nobody"))
    assert not looks()
    comments.look(row, by=who)
    assert [(entry.subject, entry.by) for entry in looks()] == [(row.pk, who)]
    monkeypatch.setattr(comments, "record", lambda *_event, **_by: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        comments.look(row, by=who)
    monkeypatch.undo()
    comments.look(comments.erase(row, by=who), by=who)  # nothing is opened
    assert len(looks()) == 1


def looks():
    return Entry.objects.filter(event="comment-seen")


def test_comments_of_another_plan_stay(plan, who):
    row = say(plan)
    other = bare_plan(area("pf/c2"))
    happen(events.PlanWithdrawn(plan=other.pk), at=timezone.now() - dt.timedelta(days=200))
    assert retention.erase_comments() == 0
    assert comments.look(row, by=who) == WORDS
