"""Posts suggested for a case: who, why, and never one that may not see it."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas.tests.factories import area
from linli.cases import actions, rules
from linli.cases.models import Case
from linli.cases.routing import Where
from linli.cases.suggesting import suggestions
from linli.cases.tests.at_the_desk import case_page, do, see, text_of
from linli.cases.tests.factories import (
    LONG_AGO,
    OUTSIDE,
    a_case,
    a_post,
    fresh,
    person,
    post,
    resolved,
)
from linli.organisations.models import Absence, Holding, Organisation

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


def codes(case):
    return [one.post.code for one in suggestions(case)]


def complaint(office):
    """A complaint about how an office acted."""
    found = Organisation.objects.get(code=office)
    return a_case("office-complaint", where=Where(area=area("A1")), office=found)


def test_posts_of_the_duty_on_the_way_up_but_not_the_owner():
    case = a_case()
    assert case.owner == post("roads-a1")
    assert codes(case) == ["roads-a", "roads-p"]
    assert not any(one.answers for one in suggestions(case))
    actions.assign(case, to=post("centre-a1"), by=person("drolma"))
    found = suggestions(fresh(case))
    assert [one.post.code for one in found] == ["roads-a1", "roads-a", "roads-p"]
    assert [one.answers for one in found] == [True, False, False]


def test_nobody_is_suggested_who_is_not_there():
    case = a_case()
    Absence.objects.create(holding=Holding.objects.get(post=post("roads-a")), since=LONG_AGO)
    Holding.objects.filter(post=post("roads-p")).delete()
    assert codes(case) == []


def test_never_more_than_three_and_the_busier_gives_way_to_the_idle():
    case = a_case()
    for n in range(4):
        a_post(f"roads-{n}", "roads-a1", "handler", "roads", "A1", "tenzin")
    for _ in range(6):
        actions.assign(a_case(), to=post("roads-0"), by=person("drolma"))
    found = suggestions(case)
    assert [one.post.code for one in found] == ["roads-1", "roads-2", "roads-3"]
    assert {one.load for one in found} == {"less"}


def test_load_is_said_in_words_and_only_beside_others():
    case = a_case()
    assert [one.load for one in suggestions(case)] == [None, None]
    for n in (1, 2):
        a_post(f"roads-a-{n}", "roads-a", "handler", "roads", "A", "tenzin")
    for _ in range(3):
        actions.assign(a_case(), to=post("roads-a"), by=person("drolma"))
    loads = {one.post.code: one.load for one in suggestions(case)}
    assert loads == {"roads-a-1": "less", "roads-a-2": "less", "roads-p": None}
    Holding.objects.filter(post__code__in=("roads-a-1", "roads-a-2")).delete()
    loads = {one.post.code: one.load for one in suggestions(case)}
    assert loads["roads-a"] == "more"


def test_the_way_is_from_the_middle_of_the_area_of_the_post():
    case = a_case()  # a tenth of a degree is 11 km north, 9 km east
    assert [one.km for one in suggestions(case)] == [34, 43]
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() + dt.timedelta(minutes=75))
    assert [one.late for one in suggestions(fresh(case))] == [False, True]
    Case.objects.filter(pk=case.pk).update(due_at=timezone.now() - dt.timedelta(days=2))
    assert [one.late for one in suggestions(fresh(case))] == [False, False]


def test_without_a_point_nothing_is_said_about_the_way():
    case = a_case()
    Case.objects.filter(pk=case.pk).update(lon=None, lat=None)
    assert [one.km for one in suggestions(fresh(case))] == [None, None]
    assert suggestions(a_case(at=OUTSIDE)) == []
    assert suggestions(resolved()) == []


@pytest.mark.parametrize("office", ["inspection-p", "roads-a", "roads-p", "county-a"])
def test_of_complaints_about_an_office_nobody_of_its_chain_is_suggested(office):
    a_post("inspection-a", "county-a", "handler", "inspection", "A", "tenzin")
    a_post("inspection-b", "water-a", "handler", "inspection", "A", "wangli")  # also of roads-a
    a_post("inspection-c", "inspection-p", "handler", "inspection", "A", "dekyi")
    case = complaint(office)
    shown = suggestions(case)
    for one in shown:
        assert rules.may_have(one.post, case)
        holder = Holding.objects.get(post=one.post).account
        case.owner = one.post
        assert rules.may_see(holder, case)
    case = fresh(case)
    if office == "roads-a":
        assert "inspection-b" not in {one.post.code for one in shown}
        assert shown


def test_who_ended_a_contested_case_is_not_suggested_again():
    case = resolved()
    actions.contest(case, by=person("drolma"))
    assert "roads-a1" not in codes(fresh(case))
    a_post("roads-new", "roads-a", "handler", "roads", "A1", "tashi")  # the same person
    assert "roads-new" not in codes(fresh(case))


def test_the_page_suggests_and_a_person_decides():
    case = a_case()
    page = text_of(see("drolma", case_page(case)))
    assert "Who could take it" in page
    assert "some 34 km from the middle of its area" in page
    assert fresh(case).owner == post("roads-a1")
    assert do("drolma", case, "assign", post=post("roads-a").pk).status_code == 302
    assert fresh(case).owner == post("roads-a")
    assert "Who could take it" not in text_of(see("wangli", case_page(case)))


def test_suggesting_asks_the_database_a_few_things(django_assert_max_num_queries):
    case = fresh(a_case())
    assert case.area
    assert case.version.definition
    with django_assert_max_num_queries(6):
        assert suggestions(case)
