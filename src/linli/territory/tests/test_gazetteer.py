"""Settlements are imported whole or not at all, and what is wrong is named."""

from dataclasses import replace

import numpy as np
import pytest
import shapely

from linli.kernel.errors import Forbidden, Invalid
from linli.territory.actions.gazetteer import import_settlements
from linli.territory.models import Gazetteer, Settlement
from linli.territory.problems import Refused
from linli.territory.queries.settlements import places
from linli.territory.tests.factories import (
    account,
    area,
    county,
    gazetteer,
    planner,
    settlement_rows,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def where():
    return county()


def test_settlements_are_stored_in_their_order(where):
    rows = settlement_rows()
    made = gazetteer(where)
    assert [row.code for row in made.rows.order_by("position")] == [row.code for row in rows]
    assert made.settlements == len(rows) == 64
    assert made.households == sum(row.households for row in rows)
    assert made.workload == sum(row.workload for row in rows)


def test_the_settlements_of_an_import_are_read_once_and_never_taken_for_those_of_another(where):
    made = gazetteer(where)
    assert places(made) is places(Gazetteer.objects.get(pk=made.pk))
    pk, first = made.pk, places(made).codes.tolist()
    made.rows.all().delete()
    made.delete()
    rows = [replace(row, code=f"other-{row.code}") for row in settlement_rows()]
    again = gazetteer(where, rows)
    Gazetteer.objects.filter(pk=again.pk).update(id=pk)
    Settlement.objects.filter(gazetteer=again.pk).update(gazetteer=pk)
    found = places(Gazetteer.objects.get(pk=pk)).codes.tolist()
    assert found == [f"other-{code}" for code in first]


def test_fewer_than_eleven_households_are_counted_and_not_stored(where):
    rows = settlement_rows()
    rows[3] = replace(rows[3], households=10)
    rows[5] = replace(rows[5], households=0, code="not a code")
    made = import_settlements(where, rows, left_out=2, by=None)
    assert (made.settlements, made.left_out) == (62, 4)
    assert not made.rows.filter(households__lt=11).exists()


WRONG = {
    "code-missing": {"code": ""},
    "code-not-usable": {"code": "a b"},
    "households-not-a-number": {"households": -1},
    "workload-not-above-zero": {"workload": 0.0},
    "coordinates-not-finite": {"lon": float("nan")},
    "coordinates-swapped": {"lon": 34.1, "lat": 102.1},
    "coordinates-projected": {"lon": 34_512_000.0, "lat": 3_790_000.0},
    "outside-the-area": {"lon": 103.1},
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_is_named_and_nothing_is_stored(where, code):
    rows = settlement_rows()
    rows[7] = replace(rows[7], **WRONG[code])
    with pytest.raises(Refused) as refused:
        import_settlements(where, rows, by=None)
    assert refused.value.code == code
    assert not Gazetteer.objects.exists()
    assert not Settlement.objects.exists()


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_workload_is_a_number_above_zero(where, value):
    row = replace(settlement_rows()[0], workload=value)
    with pytest.raises(Refused, match="workload-not-above-zero"):
        import_settlements(where, [row], by=None)


def test_every_problem_is_told_at_once_and_a_few_are_named(where):
    rows = [replace(row, workload=0) for row in settlement_rows()]
    rows[0] = replace(rows[0], workload=1.0, lon=103.1)
    with pytest.raises(Refused) as refused:
        import_settlements(where, rows, by=None)
    found = {problem.code: problem.count for problem in refused.value.problems}
    assert found == {"workload-not-above-zero": 63, "outside-the-area": 1}
    assert refused.value.fields["workload-not-above-zero"].endswith("… (+58)")


@pytest.mark.parametrize("apart", [False, True])
def test_an_identifier_comes_once(where, monkeypatch, apart):
    monkeypatch.setattr("linli.territory.checking.BATCH", 5)
    monkeypatch.setattr("linli.territory.checking.batches.__defaults__", (5,))
    rows = settlement_rows()
    rows[40 if apart else 1] = replace(rows[40], code=rows[0].code)
    with pytest.raises(Refused) as refused:
        import_settlements(where, rows, by=None)
    assert refused.value.fields == {"code-twice": rows[0].code}
    assert not Settlement.objects.exists()


def test_two_settlements_may_lie_at_one_place(where):
    rows = settlement_rows()
    rows[1] = replace(rows[1], lon=rows[0].lon, lat=rows[0].lat)
    assert gazetteer(where, rows).settlements == 64


def test_latitude_first_is_noticed_where_both_are_degrees(where):
    rows = [replace(row, lon=row.lat, lat=row.lon) for row in settlement_rows()]
    with pytest.raises(Refused) as refused:
        import_settlements(where, rows, by=None)
    assert {p.code: p.count for p in refused.value.problems} == {"coordinates-swapped": 64}


@pytest.mark.parametrize(
    ("x", "y", "name"),
    [
        (34_512_000, 3_790_000, "EPSG:4522"),
        (17_412_000, 3_790_000, "EPSG:4495"),
        (3_790_000, 34_512_000, "EPSG:4522"),
        (11_370_000, 4_030_000, "EPSG:3857"),
        (512_000, 3_790_000, "EPSG:4543"),
        (12, 3_790_000, "3,790,000"),
    ],
)
def test_metres_are_named(where, x, y, name):
    with pytest.raises(Refused) as refused:
        import_settlements(where, [replace(settlement_rows()[0], lon=x, lat=y)], by=None)
    assert name in refused.value.fields["coordinates-projected"]


def test_nothing_at_all_is_refused(where):
    with pytest.raises(Refused, match="file-empty"):
        import_settlements(where, [], by=None)


def test_an_area_without_an_outline_cannot_be_judged():
    with pytest.raises(Invalid, match="area-without-outline"):
        import_settlements(area("pf"), settlement_rows(), by=None)


def test_only_planners_of_the_area_import(where):
    assert import_settlements(where, settlement_rows(), by=planner("p", where)).by is not None
    for somebody in (account("nobody"), account("admin", is_administrator=True)):
        with pytest.raises(Forbidden):
            import_settlements(where, settlement_rows(), by=somebody)


def test_outlines_are_kept(where):
    outline = shapely.to_wkb(shapely.box(102.01, 34.01, 102.02, 34.02))
    made = gazetteer(where, [replace(settlement_rows()[0], wkb=outline)])
    assert bytes(made.rows.get().wkb) == outline
    assert np.isfinite(made.workload)
