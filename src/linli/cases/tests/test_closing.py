"""Done, says the owner; solved or not, says the reporter; or nothing at all."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.cases import actions, jobs, queries, rules
from linli.cases.actions import Said
from linli.cases.models import Answer, Closing, Photo, State, Why
from linli.cases.tests.factories import (
    LONG_AGO,
    a_case,
    a_post,
    a_receipt,
    fresh,
    later,
    person,
    post,
    resolved,
)
from linli.cases.tests.test_intake import a_picture
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.models import Entry
from linli.organisations.models import Holding, Post

pytestmark = pytest.mark.usefixtures("place")


@pytest.fixture
def receipt():
    """A case that its owner said is done, with the reporter's link."""
    found = a_receipt(contact=("phone", "0971-5550123"))
    resolved(found.case)
    return found


def test_resolving_needs_words_and_may_show_a_photo():
    case = a_case()
    with pytest.raises(Invalid, match="words-needed"):
        actions.resolve(case, words=" ", by=person("tashi"))
    case = actions.resolve(case, words="填平了", photo=a_picture(), by=person("tashi"))
    assert case.state == State.RESOLVED
    assert case.photos.get().kind == Photo.Kind.RESULT
    assert [u.words for u in queries.updates_of(case)] == ["填平了"]


@pytest.mark.parametrize("name", ["drolma", "wangli", "zhaomin", "admin", "tenzin"])
def test_only_the_owner_resolves(name):
    with pytest.raises(Forbidden):
        resolved(by=name)


def test_the_reporter_confirms_by_the_link(receipt):
    case = actions.confirm(receipt.case, token=receipt.token, said=Said("好多了", 5, True))
    assert (case.state, case.closing) == (State.CLOSED, Closing.CONFIRMED)
    answer = case.answers.get()
    assert (answer.satisfaction, answer.theirs, answer.entered_by_staff) == (5, True, False)


@pytest.mark.parametrize("token", ["", "a" * 32])
def test_without_the_link_nobody_answers(receipt, token):
    for act in (actions.confirm, actions.contest):
        with pytest.raises(Forbidden):
            act(receipt.case, token=token)
    other = a_receipt()
    with pytest.raises(Forbidden):
        actions.confirm(receipt.case, token=other.token)


def test_the_service_centre_answers_on_the_reporters_word_and_that_is_marked(receipt):
    case = actions.confirm(receipt.case, by=person("drolma"))
    assert case.answers.get().entered_by == person("drolma")
    entry = Entry.objects.get(event="case-confirmed", subject=case.pk)
    assert b'"entered_by_staff":true' in bytes(entry.body)


def test_the_unit_that_did_the_work_cannot_answer_for_the_reporter():
    """Not even where it is the service centre itself."""
    case = actions.assign(a_case(), to=post("centre-a1"), by=person("drolma"))
    resolved(case, by="drolma")
    for name in ("drolma", "kunga", "tashi", "wangli"):
        with pytest.raises(Forbidden):
            actions.confirm(case, by=person(name))
    assert actions.confirm(case, by=person("lina")).closing == Closing.CONFIRMED


def test_who_helped_did_the_work_too():
    case = a_case()
    actions.support(case, to=post("centre-a"), task="联系村里", by=person("tashi"))
    resolved(case)
    with pytest.raises(Forbidden):
        actions.confirm(case, by=person("lina"))


def test_a_contest_goes_to_a_different_verifier_the_next_post_up(receipt):
    case = actions.contest(receipt.case, token=receipt.token, said=Said("还是坑"))
    assert case.state == State.OPEN
    assert case.owner == post("roads-a")
    assert case.reworks == 1
    routing = case.routings.last()
    assert (routing.why, routing.reasons[-1][2]) == (Why.CONTESTED, "roads-a")


def test_each_contest_climbs_to_somebody_who_never_had_it(receipt):
    case = receipt.case
    actions.contest(case, token=receipt.token)
    resolved(case, by="wangli")
    case = actions.contest(case, token=receipt.token)
    assert case.owner == post("roads-p")
    assert case.reworks == 2
    resolved(case, by="sonam")
    case = actions.contest(case, token=receipt.token)
    assert case.owner not in [post(code) for code in ("roads-a1", "roads-a", "roads-p")]


def test_a_verifier_is_not_held_by_the_same_person(receipt):
    a_post("roads-a-2", "roads-a", "handler", "roads", "A", "tashi")
    post("roads-a").answerings.update(until=timezone.now())
    case = actions.contest(receipt.case, token=receipt.token)
    assert case.owner == post("roads-p")


def also(name, code, *, deputy=False):
    """Let somebody hold one more post."""
    post(code).holdings.create(account=person(name), since=LONG_AGO, deputy=deputy)


def ends(case, name):
    """Whether somebody may say that it is done, or that nothing will be done."""
    found = {rules.may_resolve(person(name), case), rules.may_decline(person(name), case)}
    assert len(found) == 1
    return found.pop()


def test_who_ended_it_is_passed_by_even_after_leaving_that_post(receipt):
    post("roads-a1").holdings.update(until=timezone.now())
    post("roads-a").holdings.update(until=timezone.now())
    also("tashi", "roads-a")
    case = actions.contest(receipt.case, token=receipt.token)
    assert case.owner == post("roads-p")
    codes = [(step[2], step[3]) for step in case.routings.last().reasons]
    assert codes == [("roads-a", "involved"), ("roads-p", "holder")]


def test_a_deputy_who_ended_it_does_not_end_it_again(receipt):
    also("tashi", "roads-a", deputy=True)
    case = actions.contest(receipt.case, token=receipt.token)
    assert case.owner == post("roads-a")
    assert not ends(case, "tashi")
    for act in (
        lambda: resolved(case, by="tashi"),
        lambda: actions.decline(case, reason="no-means", words="没钱", by=person("tashi")),
    ):
        with pytest.raises(Forbidden):
            act()
    assert resolved(case, by="wangli").state == State.RESOLVED


@pytest.mark.parametrize("way", ["assign", "offer"])
def test_nor_when_the_case_comes_back_by_hand(receipt, way):
    case = actions.contest(receipt.case, token=receipt.token)
    if way == "assign":
        case = actions.assign(case, to=post("roads-a1"), by=person("drolma"))
    else:
        offer = actions.offer(case, to=post("roads-a1"), by=person("wangli"))
        case = actions.accept(offer, by=person("tashi"))
    assert not ends(case, "tashi")
    assert ends(case, "norbu")  # the deputy did not end it
    assert rules.may_offer(person("tashi"), case)


def test_who_declined_it_does_not_end_it_after_a_contest():
    found = a_receipt()
    also("drolma", "roads-a1")
    actions.decline(found.case, reason="no-means", words="没钱", by=person("drolma"))
    case = actions.contest(found.case, token=found.token)
    assert not ends(case, "drolma")  # who leads could otherwise decline it a second time
    assert ends(case, "wangli")


def test_where_nobody_else_is_left_the_case_stays_and_says_so(receipt):
    """Not even then does one person end it twice: it waits for another, and can be handed over."""
    Holding.objects.exclude(post__code="roads-a1").delete()
    for row in Post.objects.exclude(code="roads-a1"):
        row.holdings.create(account=person("tashi"), since=LONG_AGO)
    case = actions.contest(receipt.case, token=receipt.token)
    assert case.owner == post("roads-a1")
    assert case.routings.last().reasons[-1][2:] == ["roads-a1", "last-resort"]
    assert not ends(case, "tashi")


def test_ending_it_once_is_no_bar_without_a_contest(receipt):
    """A case whose result was told stands as it is; only a contest asks for somebody else."""
    assert not rules.must_leave_it(person("tashi"), fresh(receipt.case))
    actions.contest(receipt.case, token=receipt.token)
    assert rules.must_leave_it(person("tashi"), fresh(receipt.case))
    assert not rules.must_leave_it(person("wangli"), fresh(receipt.case))


def test_one_answer_a_round(receipt):
    actions.contest(receipt.case, token=receipt.token)
    with pytest.raises(Conflict, match="case-state"):
        actions.contest(receipt.case, token=receipt.token)
    resolved(receipt.case, by="wangli")
    actions.confirm(receipt.case, token=receipt.token)
    with pytest.raises(Conflict, match="case-state"):
        actions.contest(receipt.case, token=receipt.token)
    assert [a.round for a in receipt.case.answers.all()] == [0, 1]


@pytest.mark.parametrize("satisfaction", [0, 6, -1, 99])
def test_satisfaction_is_one_to_five(receipt, satisfaction):
    with pytest.raises(Invalid, match="bad-satisfaction"):
        actions.confirm(receipt.case, token=receipt.token, said=Said("", satisfaction))


def test_silence_closes_as_unanswered_after_fourteen_days_and_never_before(receipt, monkeypatch):
    later(monkeypatch, days=13, hours=23)
    assert jobs.close_unanswered() == 0
    later(monkeypatch, hours=2)
    assert jobs.close_unanswered() == 1
    case = fresh(receipt.case)
    assert (case.state, case.closing) == (State.CLOSED, Closing.UNANSWERED)
    assert not case.answers.exists()
    assert not Entry.objects.filter(event="case-confirmed").exists()
    assert jobs.close_unanswered() == 0


def test_the_job_cannot_close_what_is_not_silent(receipt):
    with pytest.raises(Conflict):
        actions.close_unanswered(receipt.case)


def test_a_declined_case_is_contested_in_time_or_not_at_all(monkeypatch):
    found = a_receipt()
    actions.decline(found.case, reason="no-means", words="没有经费", by=person("tashi"))
    later(monkeypatch, days=15)
    with pytest.raises(Conflict, match="too-late"):
        actions.contest(found.case, token=found.token)


def test_the_reporter_reads_staff_notes_only_after_closing(receipt):
    actions.add_note(receipt.case, words="施工队周三去", by=person("tashi"))
    assert queries.followed(receipt.token).notes == []
    actions.confirm(receipt.case, token=receipt.token)
    assert [n.words for n in queries.followed(receipt.token).notes] == ["施工队周三去"]


def test_the_page_asks_once_a_round(receipt):
    assert queries.followed(receipt.token).may_answer
    actions.contest(receipt.case, token=receipt.token)
    assert not queries.followed(receipt.token).may_answer
    resolved(receipt.case, by="wangli")
    assert queries.followed(receipt.token).may_answer


def test_single_ratings_are_never_seen_by_the_unit_that_did_the_work(receipt):
    actions.confirm(receipt.case, token=receipt.token, said=Said("慢", 2, False))
    answer = Answer.objects.get()
    for name, seen in {"tashi": False, "norbu": False, "drolma": True, "lina": True}.items():
        visible = rules.ratings_visible_to(person(name))
        assert rules.may_see_rating(person(name), answer) is seen
        assert visible.filter(pk=answer.pk).exists() is seen
        assert len(queries.answers_of(receipt.case, visible)) == seen


def test_the_unit_that_did_the_work_cannot_open_the_contact_afterwards():
    case = a_case("benefit-errand", contact=("phone", "0971-5550123"))
    assert case.owner == post("civil-a")
    assert rules.may_look_at_contact(person("dekyi"), case)
    case = resolved(case, by="dekyi")
    assert not rules.may_look_at_contact(person("dekyi"), case)
    assert rules.may_look_at_contact(person("drolma"), case)


@pytest.mark.parametrize("name", ["tashi", "wangli", "admin", "tenzin"])
def test_a_duty_without_contacts_never_opens_one(name):
    case = a_case(contact=("phone", "0971-5550123"))
    assert not rules.may_look_at_contact(person(name), case)


@pytest.mark.django_db(transaction=True)
def test_every_look_is_shown_to_the_reporter():
    found = a_receipt(contact=("phone", "0971-5550123"))
    from linli.kernel.contacts import Why as LookWhy

    seen = actions.look_at_contact(found.case, why=LookWhy.CALL_BACK, by=person("drolma"))
    assert seen == "0971-5550123"
    with pytest.raises(Forbidden):
        actions.look_at_contact(found.case, why=LookWhy.CALL_BACK, by=person("tashi"))
    [look] = queries.followed(found.token).looks
    assert (look.by, look.why) == (person("drolma"), LookWhy.CALL_BACK)
    assert dt.timedelta(0) <= timezone.now() - look.at
