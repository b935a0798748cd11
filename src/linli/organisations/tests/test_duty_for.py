"""Who answers for a duty in an area, and why."""

import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from linli.kernel.models import Account
from linli.organisations import queries, walk
from linli.organisations.models import Answering, Holding
from linli.organisations.tests.factories import (
    START,
    account,
    area,
    away,
    organisation,
    post,
)
from linli.organisations.walk import Why

pytestmark = pytest.mark.django_db


def whys(answered):
    return [(s.area, s.duty, s.post, s.why.value) for s in answered.reasons]


def test_the_nearest_post_with_a_holder_answers_and_says_why():
    village = area("pf/c1/t1/v1")
    roads = post("roads-t1", holder="dolma", answers=[("roads", area("pf/c1/t1"))])
    post("roads-c1", holder="norbu", answers=[("roads", area("pf/c1"))])
    found = queries.duty_for(village, "roads")
    assert (found.post, found.holder, found.acting_as_deputy) == (roads, account("dolma"), False)
    assert found.area == "t1"
    assert not found.by_fallback
    assert whys(found) == [
        ("v1", "roads", None, "nobody"),
        ("t1", "roads", "roads-t1", "holder"),
    ]
    assert found.codes[-1] == ["t1", "roads", "roads-t1", "holder"]


def test_a_deputy_acts_for_an_absent_holder():
    roads = post("r", holder="dolma", deputy="tashi", answers=[("roads", area("pf"))])
    away("dolma")
    found = queries.duty_for(area("pf/c1"), "roads")
    assert (found.post, found.holder, found.acting_as_deputy) == (roads, account("tashi"), True)
    assert found.reasons[-1].why is Why.DEPUTY


def test_absent_and_empty_posts_are_passed_by():
    post("empty", answers=[("roads", area("pf/c1/t1/v1"))])
    post("absent", holder="dolma", deputy="tashi", answers=[("roads", area("pf/c1/t1"))])
    county = post("county", holder="norbu", answers=[("roads", area("pf/c1"))])
    away("dolma")
    away("tashi")
    found = queries.duty_for(area("pf/c1/t1/v1"), "roads")
    assert found.post == county
    assert [w for *_, w in whys(found)] == ["empty", "absent", "holder"]


def test_a_left_colleague_holds_nothing():
    post("r", holder="dolma", answers=[("roads", area("pf/c1"))])
    Account.objects.filter(username="dolma").update(is_active=False)
    top = post("top", holder="norbu", answers=[("roads", area("pf"))])
    assert queries.duty_for(area("pf/c1"), "roads").post == top


def test_without_the_duty_the_nearest_service_centre_answers():
    centre = post("centre", holder="dolma", answers=[("service-centre", area("pf/c1"))])
    found = queries.duty_for(area("pf/c1/t1"), "roads")
    assert found.post == centre
    assert found.by_fallback
    assert whys(found)[-1] == ("c1", "service-centre", "centre", "holder")


def test_when_nobody_is_there_the_nearest_service_centre_keeps_it():
    post("roads", answers=[("roads", area("pf/c1/t1"))])
    centre = post("centre", answers=[("service-centre", area("pf/c1"))])
    found = queries.duty_for(area("pf/c1/t1"), "roads")
    assert (found.post, found.holder) == (centre, None)
    assert found.reasons[-1].why is Why.LAST_RESORT
    assert found.by_fallback


def test_nothing_at_all_is_none():
    assert queries.duty_for(area("pf/c1"), "roads") is None


def test_other_branches_do_not_answer():
    post("elsewhere", holder="dolma", answers=[("roads", area("pf/c2"))])
    assert queries.duty_for(area("pf/c1"), "roads") is None


def test_a_new_version_of_an_area_keeps_its_posts():
    old = area("pf/c1/t1")
    roads = post("roads", holder="dolma", answers=[("roads", old)])
    old.until = dt.date(2026, 1, 1)
    old.save()
    new = area("pf/c1/t1", since=dt.date(2026, 1, 1))
    assert new.pk != old.pk
    assert queries.duty_for(new, "roads").post == roads
    Answering.objects.create(
        post=roads, duty=Answering.objects.get().duty, area=new, since=timezone.now()
    )
    assert len(queries.duty_for(new, "roads").reasons) == 1


def test_answers_follow_the_moment_asked_for():
    roads = post("roads", holder="dolma", answers=[("roads", area("pf"))])
    change = START + dt.timedelta(days=100)
    Holding.objects.update(until=change)
    Holding.objects.create(post=roads, account=account("norbu"), since=change)
    assert queries.duty_for(area("pf"), "roads", START).holder == account("dolma")
    assert queries.duty_for(area("pf"), "roads", change).holder == account("norbu")
    assert queries.duty_for(area("pf"), "roads", START - dt.timedelta(days=1)) is None


def test_many_at_once_answer_like_one_by_one(django_assert_max_num_queries):
    rows = [area(f"pf/c{c}/t{c}{t}") for c in (1, 2) for t in (1, 2, 3)]
    post("a", holder="dolma", answers=[("roads", rows[0])])
    post("b", holder="norbu", answers=[("roads", area("pf/c2"))])
    post("c", holder="tashi", answers=[("service-centre", area("pf"))])
    away("norbu")
    with django_assert_max_num_queries(5):
        found = queries.duties_for([row.pk for row in rows], "roads")
    assert found == {row.pk: queries.duty_for(row, "roads") for row in rows}


class TestNextPostUp:
    def test_is_a_higher_post_of_the_duty(self):
        low = post("low", holder="dolma", answers=[("roads", area("pf/c1/t1"))])
        peer = post("peer", holder="pema", answers=[("roads", area("pf/c1/t1"))])
        high = post("high", holder="norbu", answers=[("roads", area("pf/c1"))])
        assert queries.next_post_up(low, area("pf/c1/t1/v1"), "roads").post == high
        assert queries.next_post_up(peer, area("pf/c1/t1/v1"), "roads").post == high

    def test_is_never_the_same_person(self):
        low = post("low", holder="dolma", answers=[("roads", area("pf/c1/t1"))])
        post("high", holder="dolma", answers=[("roads", area("pf/c1"))])
        top = post("top", holder="norbu", answers=[("roads", area("pf"))])
        found = queries.next_post_up(low, area("pf/c1/t1"), "roads")
        assert found.post == top
        assert found.reasons[0].why is Why.INVOLVED

    def test_is_none_of_those_involved_before(self):
        low = post("low", holder="dolma", answers=[("roads", area("pf/c1/t1"))])
        middle = post("middle", holder="norbu", answers=[("roads", area("pf/c1"))])
        top = post("top", holder="pema", answers=[("roads", area("pf"))])
        found = queries.next_post_up(low, area("pf/c1/t1"), "roads", involved=[middle])
        assert found.post == top

    def test_falls_back_to_centre_then_inspection_then_anybody_else(self):
        low = post("low", holder="dolma", answers=[("roads", area("pf"))])
        assert queries.next_post_up(low, area("pf"), "roads") is None
        other = post("other", holder="pema", answers=[("roads", area("pf"))])
        assert queries.next_post_up(low, area("pf"), "roads").post == other
        village = post("village", holder="tashi", answers=[("roads", area("pf/c1"))])
        check = post("check", holder="lhamo", answers=[("inspection", area("pf"))])
        both = [low, other]
        assert queries.next_post_up(village, area("pf/c1"), "roads", involved=both).post == check
        centre = post("centre", holder="yangzom", answers=[("service-centre", area("pf"))])
        assert queries.next_post_up(village, area("pf/c1"), "roads", involved=both).post == centre


class TestOutsideChain:
    def test_is_an_inspection_post_of_another_office(self):
        government = organisation("gov-c1", kind="government")
        bureau = organisation("bureau", parent=government)
        inside = organisation("own-check", parent=bureau)
        roads = post("roads", holder="dolma", office=bureau, answers=[("roads", area("pf/c1"))])
        post("a", holder="a", office=inside, answers=[("inspection", area("pf/c1"))])
        post("b", holder="b", office=government, answers=[("inspection", area("pf/c1"))])
        outside = organisation("inspection", parent=government, kind="inspection")
        right = post("c", holder="c", office=outside, answers=[("inspection", area("pf/c1"))])
        assert queries.outside_chain(roads, area("pf/c1/t1")).post == right

    def test_a_government_is_not_inspected_from_below(self):
        prefecture = organisation("gov-pf", kind="government")
        county = organisation("gov-c1", parent=prefecture, kind="government")
        below = organisation("check-c1", parent=county)
        beside = organisation("check-pf", parent=prefecture)
        post("low", holder="a", office=below, answers=[("inspection", area("pf/c1"))])
        right = post("high", holder="b", office=beside, answers=[("inspection", area("pf"))])
        assert queries.outside_chain(county, area("pf/c1")).post == right

    def test_none_rather_than_the_own_chain(self):
        bureau = organisation("bureau")
        roads = post("roads", holder="dolma", office=bureau, answers=[("inspection", area("pf"))])
        assert queries.outside_chain(roads, area("pf")) is None


def test_posts_and_operators():
    centre = post(
        "centre", holder="dolma", deputy="tashi", kind="service-centre",
        answers=[("service-centre", area("pf/c1"))],
    )  # fmt: skip
    dolma, tashi, norbu = account("dolma"), account("tashi"), account("norbu")
    assert queries.holds(dolma, centre)
    assert queries.holds(tashi, centre)
    assert not queries.holds(norbu, centre)
    assert queries.is_operator(dolma)
    assert not queries.is_operator(norbu)
    assert [a.code for a in queries.operator_areas(dolma)] == ["c1"]
    assert queries.operator_areas(norbu) == []
    assert queries.sees_contacts(dolma)
    assert not queries.sees_contacts(norbu)
    assert queries.post_sees_contacts(centre, "service-centre")
    assert not queries.post_sees_contacts(centre, "roads")
    assert not queries.holds(dolma, centre, START - dt.timedelta(days=1))


CODES = ("a", "b", "c", "d")
seats = st.builds(
    walk.Seat,
    post=st.integers(1, 30),
    code=st.just("p"),
    organisation=st.integers(1, 4),
    acting=st.none() | st.integers(1, 9),
    deputy=st.booleans(),
    holders=st.frozensets(st.integers(1, 9), max_size=3),
)
rosters = st.dictionaries(
    st.tuples(st.sampled_from(CODES), st.sampled_from(["roads", "service-centre"])),
    st.lists(seats, max_size=3),
)


@given(rosters, st.integers(1, 4), st.sets(st.integers(1, 9)), st.sets(st.integers(1, 4)))
def test_the_walk_never_ends_at_a_barred_seat_nor_misses_a_free_one(table, depth, out, offices):
    path, duties = CODES[:depth], ("roads", "service-centre")
    barred = walk.Barred(posts=out, holders=frozenset(out), organisations=offices)
    found = walk.answer(path, duties, table, barred)
    usable = [
        (duties.index(duty), -path.index(code), seat)
        for (code, duty), row in table.items()
        if code in path
        for seat in row
        if barred.why(seat) is None
    ]
    if not usable:
        assert found is None
        return
    assert barred.why(found.seat) is None
    assert found.steps[-1].why in walk.CHOSEN
    staffed = [u for u in usable if u[2].acting is not None]
    if staffed:
        nearest = min(u[:2] for u in staffed)
        assert (duties.index(found.steps[-1].duty), -path.index(found.area)) == nearest
    else:
        assert found.why is walk.Why.LAST_RESORT
