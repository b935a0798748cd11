"""Past cases count where they were reported, public ones only; help, disputes, fraud never."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas.tests.factories import area as areas_area
from linli.areas.tests.factories import point
from linli.cases.catalogue import reading
from linli.cases.models import Case
from linli.cases.tests.factories import a_case, a_small_place, service
from linli.territory import workload
from linli.territory.rows import SettlementRow

pytestmark = pytest.mark.django_db
SOUTH, EAST, NORTH = point(1, 1), point(4, 1), point(2, 8)


@pytest.fixture
def rows():
    a_small_place()
    places = {"S": (SOUTH, 20), "E": (EAST, 60), "N": (NORTH, 30)}
    return [
        SettlementRow(code, *where, households, 1.0) for code, (where, households) in places.items()
    ]


def counted(rows, **values):
    found = workload.with_cases(areas_area("A"), rows, **values)
    return {row.code: row.workload - row.households for row in found}


def reported(at, code="pothole", version=None, **changes):
    case = a_case(code, at=at, version=version)
    values = {"triaged_at": timezone.now(), "state": "open", **changes}
    Case.objects.filter(pk=case.pk).update(**values)
    return case


def test_a_case_counts_for_the_nearest_settlement_of_its_area(rows):
    reported(point(1.2, 1.1))
    reported(point(3.5, 1.1))
    reported(point(4, 4.9))  # nearer to the settlement in the north, across the line
    assert counted(rows) == {"S": 1, "E": 2, "N": 0}


def test_a_case_whose_point_is_gone_is_shared_by_households(rows):
    case = reported(SOUTH)
    Case.objects.filter(pk=case.pk).update(lon=None, lat=None)
    assert counted(rows) == pytest.approx({"S": 0.25, "E": 0.75, "N": 0})


@pytest.mark.parametrize(
    "changes",
    [
        {"received_at": timezone.now() - dt.timedelta(days=366)},
        {"state": "received", "triaged_at": None},
        {"state": "declined", "closed_at": timezone.now()},
        {"public": False},
    ],
)
def test_what_is_old_not_looked_at_declined_or_private_does_not_count(rows, changes):
    reported(SOUTH, **changes)
    assert sum(counted(rows).values()) == 0


@pytest.mark.parametrize(
    "changes",
    [{"group": "help"}, {"duty": "mediation"}, {"duty": "fraud"}, {"duty": "social-services"}],
)
def test_help_disputes_and_fraud_do_not_count_even_where_public(rows, changes):
    version = service("pothole", **changes)
    case = reported(SOUTH)
    assert sum(counted(rows).values()) == 1
    Case.objects.filter(pk=case.pk).update(version=version)
    assert sum(counted(rows).values()) == 0


def test_every_private_service_that_ships_is_left_out_with_a_reason():
    for path in reading.SHIPPED.glob("*.toml"):
        raw = reading.parse(path.read_bytes())
        about = raw["about"] in ("call-back", "office")
        if raw["visibility"] == "private" and about:
            assert workload.left_out(raw["code"], raw["group"], raw["duty"]), raw["code"]
    assert not workload.left_out("pothole", "roads", "roads")


def test_households_are_weighed(rows):
    found = workload.with_cases(areas_area("A"), rows, base=0.5)
    assert [row.workload for row in found] == [10, 30, 15]
    assert workload.with_cases(areas_area("A"), []) == []
