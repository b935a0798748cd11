"""Versions of areas: a set takes effect on a day, for administrators, all or nothing."""

import datetime as dt

import pytest
import shapely
from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.areas import queries
from linli.areas.actions import (
    add_place,
    adopt,
    load,
    rehome_places,
    replace_features,
    retire_place,
)
from linli.areas.models import Area, Boundary, Edition, MapFeature, Place
from linli.areas.rows import AreaRow, FeatureRow, PlaceRow
from linli.areas.tests.factories import LONG_AGO, area, area_row, box, point, small_prefecture
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.models import Account, Entry

pytestmark = pytest.mark.django_db
LATER = dt.date(2024, 6, 1)
EVEN_LATER = dt.date(2025, 6, 1)


def somebody(**fields):
    """An account."""
    return Account.objects.create(username="somebody", **fields)


def test_a_new_version_closes_the_one_before_and_keeps_what_it_does_not_say():
    small_prefecture()
    done = adopt([AreaRow("A", names={"zh": "新名"})], since=LATER, by=None)
    assert (done.versions, done.closed) == (1, 1)
    old, new = Area.objects.filter(code="A").order_by("since")
    assert (old.until, new.since, new.until) == (LATER, LATER, None)
    assert new.names == {"zh": "新名", "bo": "ས་ཁོངས་A", "en": "Area A"}
    assert bytes(new.boundary.wkb) == bytes(old.boundary.wkb)
    assert (new.centre_lon, new.path, new.level) == (old.centre_lon, old.path, old.level)


def test_moving_an_area_takes_everything_below_it_along():
    small_prefecture()
    adopt([AreaRow("A", parent="B")], since=LATER, by=None)
    assert area("A1").path == "P/B/A/A1"
    assert [a.code for a in queries.ancestors(area("A1"))] == ["A", "B", "P"]
    assert {a.code for a in queries.within(area("B"))} == {"A", "A1", "A2", "B"}
    before = LATER - dt.timedelta(days=1)
    assert [a.code for a in queries.ancestors(queries.by_code("A1", before))] == ["A", "P"]
    assert queries.area_at(*point(2, 2)).code == "A1"


def test_a_child_of_a_renamed_parent_still_belongs_to_it():
    small_prefecture()
    adopt([AreaRow("A", names={"en": "New"})], since=LATER, by=None)
    assert [a.code for a in queries.children(area("A"))] == ["A1", "A2"]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([AreaRow("X", "county"), AreaRow("X", "county")], "area-code-twice"),
        ([AreaRow("a/b", "county")], "area-code-not-usable"),
        ([AreaRow("", "county")], "area-code-not-usable"),
        ([AreaRow("x" * 41, "county")], "area-code-not-usable"),
        ([AreaRow("X", "county", "nobody")], "area-parent-missing"),
        ([AreaRow("X")], "area-level-missing"),
        ([AreaRow("X", "moon")], "area-level-missing"),
        ([AreaRow("X", "county", "Y"), AreaRow("Y", "county", "X")], "area-parent-circle"),
        ([AreaRow("P", parent="A1")], "area-parent-circle"),
        ([AreaRow("X", "county", names={"fr": "x"})], "name-not-usable"),
        ([AreaRow("X", "county", names={"en": "a\nb"})], "name-not-usable"),
        ([AreaRow("X", "county", boundary=b"rubbish")], "boundary-unreadable"),
        ([AreaRow("X", "county", boundary=shapely.to_wkb(shapely.Point(1, 1)))],
         "boundary-not-an-area"),
        ([AreaRow("X", "county", boundary=shapely.to_wkb(shapely.box(0, 0, 999, 1)))],
         "boundary-outside-world"),
        ([AreaRow("X", "county", boundary=shapely.to_wkb(
            shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])))], "boundary-crossed"),
    ],
)  # fmt: skip
def test_rows_that_cannot_be_are_refused_whole(rows, code):
    small_prefecture()
    edition = Edition.objects.get().number
    with pytest.raises(Invalid) as refused:
        adopt([area_row("FINE", "county", "P"), *rows], since=LATER, by=None)
    assert refused.value.code == code
    assert not Area.objects.filter(code="FINE").exists()
    assert Edition.objects.get().number == edition
    assert Entry.objects.count() == 1


def test_a_very_deep_path_is_refused():
    rows = [AreaRow(f"{k:040d}", "group", f"{k - 1:040d}" if k else None) for k in range(8)]
    with pytest.raises(Invalid) as refused:
        adopt(rows, since=LATER, by=None)
    assert refused.value.code == "area-path-too-long"


def test_an_older_day_is_a_conflict():
    small_prefecture(since=LATER)
    with pytest.raises(Conflict):
        adopt([AreaRow("A", names={"en": "x"})], since=LONG_AGO, by=None)
    assert Area.objects.filter(code="A").count() == 1


def test_outlines_may_follow_names_on_the_same_day():
    adopt([area_row("A", "county")], since=LATER, by=None)
    assert queries.area_at(*point(1, 1)) is None
    done = adopt([AreaRow("A", boundary=box(0, 0, 5, 5))], since=LATER, by=None)
    assert (done.versions, done.outlined) == (0, 1)
    assert queries.area_at(*point(1, 1)).code == "A"
    with pytest.raises(Conflict):
        adopt([AreaRow("A", boundary=box(0, 0, 6, 6))], since=LATER, by=None)


def test_a_boundary_of_next_year_waits_for_its_day():
    small_prefecture()
    future = timezone.localdate() + dt.timedelta(days=30)
    adopt([AreaRow("B", boundary=box(5, 0, 12, 10))], since=future, by=None)
    assert queries.area_at(*point(11, 5)) is None
    assert queries.area_at(*point(11, 5), future).code == "B"


def test_outlines_are_rounded_to_a_centimetre_and_neighbours_keep_their_corners():
    third = 100 + 1 / 3
    rows = [
        AreaRow("W", "county", boundary=shapely.to_wkb(shapely.box(100, 30, third, 31))),
        AreaRow("E", "county", boundary=shapely.to_wkb(shapely.box(third, 30, 101, 31))),
    ]
    adopt(rows, since=LATER, by=None)
    west, east = (shapely.from_wkb(bytes(b.wkb)) for b in Boundary.objects.order_by("area__code"))
    assert 100.3333333 in {x for x, _y in west.exterior.coords}
    assert shapely.intersection(west, east).length == 1.0
    assert queries.area_at(100.3333333, 30.5).code == "E"


def test_only_administrators_import():
    person, row = somebody(), PlaceRow("X", "school", {"en": "x"}, *point(2, 2))
    with pytest.raises(Forbidden):
        adopt([area_row("A")], since=LATER, by=person)
    with pytest.raises(Forbidden):
        load([area_row("A")], by=person)
    with pytest.raises(Forbidden):
        replace_features("river", [], by=person)
    with pytest.raises(Forbidden):
        add_place(row, by=person)
    assert not Area.objects.exists()
    person.is_administrator = True
    adopt([area_row("A", corners=(0, 0, 5, 5))], since=LONG_AGO, by=person)
    place = add_place(row, by=person)
    person.is_active = False
    with pytest.raises(Forbidden):
        retire_place(place, until=EVEN_LATER, by=person)
    assert [entry.event for entry in Entry.objects.order_by("id")] == [
        "areas-imported",
        "place-added",
    ]


def test_a_place_is_retired_once():
    small_prefecture()
    place = add_place(PlaceRow("X", "school", {"en": "x"}, *point(2, 2), since=LATER), by=None)
    with pytest.raises(Conflict):
        retire_place(place, until=LATER, by=None)
    retire_place(place, until=EVEN_LATER, by=None)
    with pytest.raises(Conflict):
        retire_place(place, until=EVEN_LATER, by=None)
    assert queries.places(area("A"), at=LATER) == [Place.objects.get()]
    assert queries.places(area("A"), at=EVEN_LATER) == []
    assert queries.places(area("A"), ["clinic"], at=LATER) == []


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (PlaceRow("X", "school", {}, *point(99, 2)), "place-outside"),
        (PlaceRow("X", "school", {}, 34.2, 102.2), "coordinates-swapped"),
        (PlaceRow("X", "school", {}, float("nan"), 1), "coordinates-not-finite"),
        (PlaceRow("X Y", "school", {}, *point(2, 2)), "place-code-not-usable"),
        (PlaceRow("OLD", "school", {}, *point(2, 2)), "place-code-twice"),
    ],
)
def test_a_place_that_cannot_be_is_refused(row, code):
    small_prefecture()
    add_place(PlaceRow("OLD", "school", {}, *point(1, 1)), by=None)
    with pytest.raises(Invalid) as refused:
        add_place(row, by=None)
    assert refused.value.code == code
    assert Place.objects.count() == 1


@pytest.mark.parametrize(
    ("layer", "row", "code"),
    [
        ("settlement", ("S", {}, shapely.Point(1, 1), 1, 10), "settlement-too-small"),
        ("settlement", ("S", {}, shapely.Point(1, 1), 1, None), "settlement-too-small"),
        (
            "river",
            ("R", {}, shapely.LineString([(0, 0), (0, 99)]), 1, None),
            "feature-not-on-earth",
        ),
        ("temple", ("T", {}, shapely.Point(1, 1), 1, None), "layer-unknown"),
    ],
)
def test_what_no_map_draws_is_refused(layer, row, code):
    name, names, shape, rank, households = row
    with pytest.raises(Invalid) as refused:
        replace_features(
            layer,
            [FeatureRow(layer, name, names, shapely.to_wkb(shape), rank, households)],
            by=None,
        )
    assert refused.value.code == code


def test_the_database_itself_holds_no_dwelling():
    with pytest.raises(IntegrityError), transaction.atomic():
        MapFeature.objects.create(layer="settlement", code="S", households=4, wkb=b"")


def test_the_subtree_is_one_range_of_the_index(django_assert_num_queries):
    from django.db import connection

    small_prefecture()
    query = Area.objects.within(area("A")).order_by()
    assert {a.code for a in query} == {"A", "A1", "A2"}
    if connection.vendor == "sqlite":
        plan = query.explain()
        assert "SCAN areas_area" not in plan
        assert "area_path" in plan


def test_codes_that_begin_alike_are_not_below_each_other():
    rows = [area_row("1"), area_row("1.5"), area_row("1-2"), area_row("10"),
            area_row("1a"), area_row("2", "township", "1")]  # fmt: skip
    adopt(rows, since=LONG_AGO, by=None)
    assert {a.code for a in queries.within(area("1"))} == {"1", "2"}


def test_a_place_follows_the_boundaries():
    small_prefecture()
    place = add_place(PlaceRow("X", "school", {"en": "x"}, *point(2, 4.5)), by=None)
    assert place.area.code == "A1"
    moved = [AreaRow("A1", boundary=box(0, 0, 5, 4)), AreaRow("A2", boundary=box(0, 4, 5, 10))]
    adopt(moved, since=LATER, by=None)
    place.refresh_from_db()
    assert place.area == area("A2")
    assert queries.places(area("A2")) == [place]
    assert queries.places(area("A1")) == []
    adopt([AreaRow("A", parent="B")], since=EVEN_LATER, by=None)
    assert queries.places(area("B")) == [place]


def test_a_place_waits_for_the_day_on_which_a_boundary_begins(monkeypatch):
    small_prefecture()
    place = add_place(PlaceRow("X", "school", {"en": "x"}, *point(2, 4.5)), by=None)
    moved = [AreaRow("A1", boundary=box(0, 0, 5, 4)), AreaRow("A2", boundary=box(0, 4, 5, 10))]
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    adopt(moved, since=tomorrow, by=None)
    assert rehome_places(by=None) == 0
    then = timezone.now() + dt.timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: then)
    assert rehome_places(by=None) == 1
    assert rehome_places(by=None) == 0
    place.refresh_from_db()
    assert place.area.code == "A2"
