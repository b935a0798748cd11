"""Whom a case comes to, and that it can say why."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas.models import Area, Place
from linli.areas.tests.factories import area
from linli.cases import actions, queries
from linli.cases.actions import catalogue
from linli.cases.models import Why
from linli.cases.routing import Where
from linli.cases.tests.factories import (
    IN_A1,
    IN_A2,
    IN_B,
    OUTSIDE,
    a_case,
    person,
    service,
)
from linli.kernel.errors import Invalid, Unavailable
from linli.organisations.models import Absence, Answering, Holding, Organisation, Post

pytestmark = pytest.mark.usefixtures("place")


def routed(**fields):
    case = a_case(**fields)
    routing = case.routings.get()
    assert routing.post == case.owner
    return case.owner.code, routing.why


def test_a_point_goes_to_the_nearest_post_of_the_duty():
    assert routed(at=IN_A1) == ("roads-a1", Why.DUTY)
    assert routed(at=IN_A2) == ("roads-a", Why.DUTY)
    assert routed(at=IN_B) == ("roads-p", Why.DUTY)


def test_a_place_goes_to_the_post_of_its_area():
    bridge = Place.objects.create(
        code="bridge-1", kind="bridge", lon=IN_A2[0], lat=IN_A2[1], area=area("A2"),
        since=dt.date(2020, 1, 1),
    )  # fmt: skip
    assert routed(where=Where(place=bridge)) == ("roads-a", Why.DUTY)


def test_an_area_with_words_goes_to_the_post_of_that_area():
    where = Where(area=area("A1"), words="沿河往上第二个弯")
    assert routed(code="water-supply", where=where) == ("water-a", Why.DUTY)


def test_a_point_outside_goes_to_the_topmost_service_centre():
    assert routed(at=OUTSIDE) == ("centre-p", Why.OUTSIDE)


def test_words_alone_go_to_the_topmost_service_centre():
    assert routed(code="water-supply", where=Where(words="老桥")) == ("centre-p", Why.WORDS_ONLY)


def test_without_a_post_of_the_duty_it_goes_to_the_service_centre():
    assert routed(code="street-light", at=IN_A1) == ("centre-a1", Why.NO_DUTY_HOLDER)
    assert routed(code="street-light", at=IN_A2) == ("centre-a", Why.NO_DUTY_HOLDER)


def test_a_service_withdrawn_meanwhile_goes_to_the_service_centre():
    version = service("pothole")
    catalogue.switch(version.service, area("A1"), enabled=False, by=person("admin"))
    assert routed(version=version) == ("centre-a1", Why.WITHDRAWN)
    assert routed(version=version, at=IN_A2) == ("roads-a", Why.DUTY)


def test_who_is_absent_is_passed_by():
    for name in ("tashi", "norbu"):
        holding = Holding.objects.get(account=person(name))
        Absence.objects.create(holding=holding, since=timezone.now() - dt.timedelta(hours=1))
    assert routed() == ("roads-a", Why.DUTY)


def complaint(office, **fields):
    return a_case(
        "office-complaint",
        where=Where(area=area("A1")),
        office=Organisation.objects.get(code=office),
        **fields,
    )


def test_a_complaint_about_an_office_goes_outside_its_chain():
    case = complaint("roads-a1")
    assert case.owner.code == "inspection-p"
    assert case.routings.get().why == Why.OFFICE


def test_a_complaint_about_the_inspection_goes_to_a_service_centre():
    case = complaint("inspection-p")
    assert case.owner.code == "centre-a1"


def test_a_complaint_about_everybody_says_that_nobody_here_is_independent():
    Post.objects.filter(code="inspection-p").update(
        organisation=Organisation.objects.get(code="township-a1")
    )
    with pytest.raises(Invalid, match="no-independent-post"):
        complaint("prefecture-p")


def test_without_any_service_centre_nothing_is_taken():
    Answering.objects.filter(duty__code="service-centre").delete()
    with pytest.raises(Unavailable, match="no-service-centre"):
        a_case(at=OUTSIDE)


def test_a_case_says_which_boundary_post_deadline_and_version():
    case = a_case(at=IN_A2)
    because = queries.why(case)
    assert because.rule == "pothole/1"
    assert because.boundary == area("A2")
    [turn] = because.turns
    assert (turn.post.code, turn.why, turn.rule) == ("roads-a", Why.DUTY, "pothole/1")
    assert [(s.area, s.post, s.found) for s in turn.steps] == [
        ("A2", "", "nobody"),
        ("A", "roads-a", "holder"),
    ]
    [deadline] = because.deadlines
    assert (deadline.amount, deadline.unit, deadline.calendar) == (5, "days", "office")
    assert deadline.rule == "pothole/1"
    assert because.times == because.ladder == "2026-1"


def test_a_new_version_changes_nothing_for_a_running_case():
    case = a_case()
    service("pothole", within={"days": 1})
    because = queries.why(case)
    assert because.rule == "pothole/1"
    assert because.deadlines[0].amount == 5


def test_a_new_boundary_changes_nothing_for_a_running_case():
    case = a_case()
    version, today = case.area, timezone.localdate()
    version.until = today
    version.save()
    same = {f.attname: getattr(version, f.attname) for f in Area._meta.local_fields}
    Area.objects.create(**(same | {"id": None, "since": today, "until": None}))
    assert queries.why(case).boundary == version
    assert actions.triage(case, by=person("drolma")).area == version
