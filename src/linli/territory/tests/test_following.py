"""Following a plan without a comment: told of it, stopped by a link, erased in time."""

import datetime as dt
import re
import uuid
from functools import partial

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from linli.kernel.errors import Conflict, Invalid
from linli.kernel.models import CaseKey, Contact, Entry
from linli.messages.models import Outgoing
from linli.territory import events, following, retention
from linli.territory.actions import comments
from linli.territory.actions import following as actions
from linli.territory.commands import grids
from linli.territory.models import Follower, OpenCases, PlanState
from linli.territory.tests.factories import area, bare_plan, planner
from linli.territory.tests.test_comments import SMS, WORDS, answer, happen, later, newest

pytestmark = pytest.mark.django_db
MAIL = ("email", "zwq@example.org")


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    cache.clear()


@pytest.fixture
def plan():
    return bare_plan(area("pf/c1"), state=PlanState.PUBLISHED, comments_until=later())


def follow(plan, contact=SMS, **more):
    return actions.follow(plan, contact=contact, **{"language": "en", **more})


def told():
    return sorted(Outgoing.objects.values_list("contact", "template", "language"))


# ------------------------------------------------------------------ who is told


def test_a_follower_hears_of_it_at_once_and_of_everything_after(plan):
    row = follow(plan, language="bo")
    assert newest("plan-followed").subject == row.pk
    answer(newest("plan-followed"))
    happen(
        events.PlanAdopted(plan=plan.pk, since=later(40), open_cases=OpenCases.ALL_STAY, edition=2)
    )
    happen(events.AdoptionTakenBack(plan=plan.pk, since=later(40)))
    happen(events.PlanBegan(plan=plan.pk, posts=0, without=0, moved=0))
    happen(events.PlanWithdrawn(plan=plan.pk))
    templates = ("adopted", "began", "followed", "taken-back", "withdrawn")
    assert told() == [(row.contact_id, f"plan-{name}", "bo") for name in templates]


def test_whoever_commented_and_whoever_follows_is_told_once_each(plan):
    said = comments.comment(plan, text=WORDS, language="en", contact=SMS)
    row, other = follow(plan, MAIL), follow(bare_plan(area("pf/c2"), state=PlanState.PUBLISHED))
    happen(events.PlanWithdrawn(plan=plan.pk))
    contacts = {contact for contact, _template, _language in told()}
    assert contacts == {said.contact_id, row.contact_id}
    assert other.contact_id not in contacts
    assert len(told()) == 2


def test_answers_are_for_those_who_commented(plan):
    follow(plan)
    said = comments.comment(plan, text=WORDS, language="en")
    happen(events.CommentRead(comment=said.pk, released=False))
    happen(events.CommentAnswered(comment=said.pk))
    assert told() == []


@pytest.mark.parametrize("state", PlanState.values)
def test_a_plan_is_followed_until_it_begins_or_is_given_up(state):
    since = later() if state not in ("draft", "published", "withdrawn") else None
    plan = bare_plan(area("pf/c1"), state=state, since=since)
    if state in ("published", "adopted"):
        assert follow(plan).plan == plan
        return
    with pytest.raises(Conflict) as refused:
        follow(plan)
    assert refused.value.code == "plan-not-to-come"
    assert not CaseKey.objects.exists()


@pytest.mark.parametrize("state", ["published", "adopted"])
def test_a_plan_whose_followers_are_erased_is_followed_by_nobody_any_more(client, state):
    until = later(-455)
    plan = bare_plan(area("pf/c1"), state=state, comments_until=until, since=later())
    follow(plan)
    assert retention.erase_followers() == 0
    plan.comments_until = later(-456)
    plan.save()
    with pytest.raises(Conflict):
        follow(plan)
    address = reverse("territory:follow", args=[plan.pk])
    assert client.get(address).status_code == 404
    assert address not in client.get(reverse("territory:plan", args=[plan.pk])).content.decode()


def test_the_same_sending_is_one_follower_and_two_sendings_have_nothing_in_common(plan):
    mark = uuid.uuid4()
    assert follow(plan, op_id=mark) == follow(plan, op_id=mark)
    follow(plan)
    first, second = Contact.objects.all()
    assert bytes(first.sealed) != bytes(second.sealed)
    assert first.key_id != second.key_id
    assert SMS[1].encode() not in bytes(first.sealed)
    with pytest.raises(Invalid):
        follow(plan, language="fr")


# ------------------------------------------------------------------ stopping, and the end


def gone(row):
    key = CaseKey.objects.get(pk=row.key_id)
    return key.destroyed_at is not None and not (
        Follower.objects.filter(pk=row.pk).exists()
        or Contact.objects.filter(pk=row.contact_id).exists()
        or Outgoing.objects.exclude(state=Outgoing.State.EMPTIED).filter(key=key).exists()
    )


def test_stopping_erases_the_contact_its_key_and_what_was_to_be_sent(plan):
    row, other = follow(plan), follow(plan)
    for entry in Entry.objects.filter(event="plan-followed"):
        answer(entry)
    actions.stop(row)
    assert gone(row)
    assert not gone(other)
    assert newest("following-ended").subject == row.pk
    answer(Entry.objects.filter(event="plan-followed").order_by("pk").first())
    happen(events.PlanWithdrawn(plan=plan.pk))
    assert {*Outgoing.objects.values_list("contact", flat=True)} == {None, other.contact_id}
    with pytest.raises(Conflict):
        actions.stop(row)


@pytest.mark.parametrize(("days", "left"), [(89, 1), (90, 0)])
@pytest.mark.parametrize(
    "event",
    [events.PlanWithdrawn, partial(events.PlanBegan, posts=0, without=0, moved=0)],
)
def test_followers_go_ninety_days_after_the_plan_is_over(plan, event, days, left):
    row = follow(plan)
    still = follow(bare_plan(area("pf/c2"), state=PlanState.PUBLISHED, comments_until=later()))
    happen(event(plan=plan.pk), at=timezone.now() - dt.timedelta(days=days, minutes=1))
    assert retention.erase_followers() == 1 - left
    assert gone(row) is not bool(left)
    assert not gone(still)
    assert retention.erase_followers() == 0


def test_followers_of_a_plan_that_nobody_decides_about_go_in_the_end(plan):
    row = follow(plan)
    plan.comments_until = later(-455)
    plan.save()
    assert retention.erase_followers() == 0
    plan.comments_until = later(-456)
    plan.save()
    assert retention.erase_followers() == 1
    assert gone(row)


def test_one_that_cannot_be_erased_does_not_hold_up_the_others(plan, monkeypatch, caplog):
    rows = [follow(plan), follow(plan)]
    happen(events.PlanWithdrawn(plan=plan.pk), at=timezone.now() - dt.timedelta(days=91))
    real = actions.sealed.destroy

    def broken(key, contact, *, by):
        if key.pk == rows[0].key_id:
            raise RuntimeError(SMS[1])
        real(key, contact, by=by)

    monkeypatch.setattr(actions.sealed, "destroy", broken)
    assert retention.erase_followers() == 1
    assert gone(rows[1])
    assert Follower.objects.get() == rows[0]
    assert SMS[1] not in caplog.text


# ------------------------------------------------------------------ pages and commands


def sent(client, plan, **more):
    data = {"reach": "sms", "contact": "0971 5550123", "step": "send", "mark": uuid.uuid4(), **more}
    return client.post(reverse("territory:follow", args=[plan.pk]), data)


@pytest.fixture
def en(client):
    client.cookies["django_language"] = "en"
    return client


def test_anybody_follows_on_a_page_and_stops_by_its_link(en, plan):
    page = en.get(reverse("territory:plan", args=[plan.pk])).content.decode()
    assert reverse("territory:follow", args=[plan.pk]) in page
    done = sent(en, plan)
    assert done.status_code == 303
    row = Follower.objects.get()
    assert (row.language, row.contact.channel) == ("en", "sms")
    assert done["Location"] == reverse("territory:following", args=[following.token_of(row)])
    for response in (done, there := en.get(done["Location"])):
        assert response["Referrer-Policy"] == "no-referrer"
        assert "no-store" in response["Cache-Control"]
    text = there.content.decode()
    assert "We send you a text message" in text
    assert "5550123" not in text
    assert Follower.objects.count() == 1  # a link that a mail program opens stops nothing
    assert "You are not told any more." in en.post(done["Location"]).content.decode()
    assert gone(row)
    for over in (en.get(done["Location"]), en.post(done["Location"])):
        assert over.status_code == 404
        assert "Nothing is followed by this link" in over.content.decode()


def test_a_wrong_link_opens_nothing(en, plan):
    follow(plan)
    for token in ("a" * 32, "x", Follower.objects.get().follow_digest):
        assert en.post(reverse("territory:following", args=[token])).status_code == 404
    assert Follower.objects.count() == 1


@pytest.mark.parametrize(
    "more", [{"contact": ""}, {"contact": "not a number"}, {"reach": ""}, {"reach": "phone"}]
)
def test_without_a_way_and_a_contact_nobody_follows(en, plan, more):
    assert sent(en, plan, **more).status_code == 400
    assert not Follower.objects.exists()


def test_reading_on_in_another_language_keeps_what_was_typed_and_does_nothing(en, plan):
    text = sent(en, plan, step="keep:bo").content.decode()
    assert 'lang="bo"' in text
    assert "0971 5550123" in text
    assert not Follower.objects.exists()


def test_what_comes_in_floods_is_refused(en, plan, monkeypatch):
    monkeypatch.setattr("linli.territory.views.public.floods.MOST", 2)
    codes = [sent(en, plan).status_code for _time in range(3)]
    assert codes == [303, 303, 429]
    assert Follower.objects.count() == 2


@pytest.mark.parametrize("state", ["draft", "in-force", "ended", "withdrawn"])
def test_a_plan_that_is_not_to_come_has_no_such_page(en, state):
    since = later(-1) if state in ("in-force", "ended") else None
    plan = bare_plan(area("pf/c1"), state=state, since=since)
    assert sent(en, plan).status_code == 404


def test_a_plan_that_was_given_up_can_still_be_stopped(en, plan):
    token = following.token_of(follow(plan, MAIL))
    plan.state = PlanState.WITHDRAWN
    plan.save()
    text = en.get(reverse("territory:following", args=[token])).content.decode()
    assert "The plan was given up." in text
    assert reverse("territory:plan", args=[plan.pk]) not in text


@pytest.mark.parametrize(("number", "page", "line"), [
    (0, "Fewer than eleven people follow", "< 11"),
    (10, "Fewer than eleven people follow", "< 11"),
    (11, "11 people follow the plan", "11"),
])  # fmt: skip
def test_planners_learn_only_how_many_and_not_of_a_few(en, plan, number, page, line):
    for _one in range(number):
        follow(plan)
    said = CliRunner().invoke(grids, ["comments", str(plan.pk)]).output
    assert re.search(rf"^followers: {line}$", said, re.M)
    en.force_login(planner("sonam", plan.area))
    text = en.get(reverse("territory:desk-comments", args=[plan.pk])).content.decode()
    assert page in text
    public = en.get(reverse("territory:plan", args=[plan.pk])).content.decode()
    assert "people follow" not in public
