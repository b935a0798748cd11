"""Areas that end without a successor, and sets that are taken back before their day."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas import queries
from linli.areas.actions import add_place, adopt, rehome_places, take_back
from linli.areas.events import AreasTakenBack
from linli.areas.models import Area, Boundary, Edition, Place
from linli.areas.rows import AreaRow, PlaceRow
from linli.areas.tests.factories import area, area_row, box, point, small_prefecture
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.events import parse
from linli.kernel.models import Account, Entry

pytestmark = pytest.mark.django_db


def today():
    """The day on which tests run."""
    return timezone.localdate()


def soon(days=10):
    """A day that has not come."""
    return today() + dt.timedelta(days=days)


def the_tree():
    """Everything there is of areas, apart from the edition."""
    columns = [f.attname for f in Area._meta.local_fields]
    outlines = {pk: bytes(wkb) for pk, wkb in Boundary.objects.values_list("pk", "wkb")}
    return list(Area.objects.order_by("pk").values_list(*columns)), outlines


def grids():
    """Township A1 with groups g1 (south) and g2 (north), one grid for each."""
    small_prefecture()
    rows = [
        area_row("G1", "grid", "A1", (0, 0, 5, 2)),
        area_row("G2", "grid", "A1", (0, 2, 5, 5)),
        area_row("g1", "group", "G1", (0, 0, 5, 2)),
        area_row("g2", "group", "G2", (0, 2, 5, 5)),
    ]
    adopt(rows, since=dt.date(2021, 1, 1), by=None)


def redrawn(since):
    """G1 ends, G2 grows, G3 is new; both groups move."""
    rows = [
        AreaRow("G2", boundary=box(0, 0, 2, 5)),
        area_row("G3", "grid", "A1", (2, 0, 5, 5)),
        AreaRow("g1", parent="G3"),
        AreaRow("g2", parent="G3"),
    ]
    return adopt(rows, since=since, by=None, ending=["G1"])


def test_an_area_ends_without_a_successor():
    grids()
    done = redrawn(soon())
    assert (done.versions, done.closed) == (4, 4)
    assert done.codes == ("G1", "G2", "G3", "g1", "g2")
    before = soon() - dt.timedelta(days=1)
    assert queries.by_code("G1", before) is not None
    assert queries.by_code("G1", soon()) is None
    assert queries.area_at(*point(4, 1), before, level="grid").code == "G1"
    assert queries.area_at(*point(4, 1), soon(), level="grid").code == "G3"
    assert queries.by_code("g1", before).path == "P/A/A1/G1/g1"
    assert queries.by_code("g1", soon()).path == "P/A/A1/G3/g1"
    assert queries.area_at(*point(4, 1), soon()).code == "g1"


def test_what_ended_without_a_successor_is_covered_by_what_lies_above():
    grids()
    adopt([], since=soon(), by=None, ending=["G1", "g1"])
    assert queries.area_at(*point(4, 1), soon() - dt.timedelta(days=1)).code == "g1"
    assert queries.area_at(*point(4, 1), soon()).code == "A1"


@pytest.mark.parametrize(
    ("rows", "ending", "code", "named"),
    [
        ([], ["G1"], "area-below-ending", ["g1"]),
        ([AreaRow("g2", parent="G1")], ["G1", "g1"], "area-below-ending", ["g2"]),
        ([AreaRow("G1", names={"en": "x"})], ["G1", "g1"], "area-ends-and-stays", ["G1"]),
        ([], ["nowhere"], "area-not-open", ["nowhere"]),
    ],
)
def test_what_cannot_end_is_refused_whole(rows, ending, code, named):
    grids()
    before = the_tree()
    with pytest.raises(Invalid) as refused:
        adopt([area_row("FINE", "county", "P"), *rows], since=soon(), by=None, ending=ending)
    assert (refused.value.code, refused.value.fields) == (code, {"codes": named})
    assert the_tree() == before


def test_an_area_cannot_end_on_the_day_on_which_it_began():
    grids()
    adopt([area_row("G9", "grid", "A1")], since=soon(), by=None)
    with pytest.raises(Conflict):
        adopt([], since=soon(), by=None, ending=["G9"])
    adopt([], since=soon(11), by=None, ending=["G9"])
    assert queries.by_code("G9", soon()) is not None


def test_a_code_that_ends_later_is_not_given_again_before():
    grids()
    redrawn(soon())
    with pytest.raises(Conflict) as refused:
        adopt([area_row("G1", "grid", "A1", (0, 0, 5, 2))], since=soon(5), by=None)
    assert refused.value.fields == {"codes": ["G1"]}
    adopt([area_row("G1", "grid", "A2", (0, 5, 5, 7))], since=soon(), by=None)
    assert queries.by_code("G1", soon()).path == "P/A/A2/G1"


def test_nothing_is_put_below_an_area_that_begins_later():
    grids()
    redrawn(soon())
    with pytest.raises(Conflict) as refused:
        adopt([area_row("g3", "group", "G3")], since=soon(5), by=None)
    assert refused.value.fields == {"codes": ["g3"]}


def test_an_area_does_not_end_before_what_lies_below_it_now_has_moved():
    grids()
    adopt([AreaRow("G1", parent="A2"), AreaRow("G2", parent="A2")], since=soon(), by=None)
    with pytest.raises(Conflict) as refused:
        adopt([], since=soon(5), by=None, ending=["A1"])
    assert refused.value.fields == {"codes": ["G1", "G2"]}
    adopt([], since=soon(), by=None, ending=["A1"])


def test_taking_back_leaves_the_tree_as_it_was():
    grids()
    before, edition = the_tree(), Edition.objects.get().number
    done = redrawn(soon())
    assert queries.area_at(*point(4, 1), soon(), level="grid").code == "G3"
    assert take_back(soon(), done.codes, by=None) == 4
    assert the_tree() == before
    assert Edition.objects.get().number not in (edition, done.edition)
    assert queries.area_at(*point(4, 1), soon(), level="grid").code == "G1"
    event = parse(bytes(Entry.objects.latest("id").body))
    assert isinstance(event, AreasTakenBack)
    assert (event.versions, event.reopened, event.since) == (4, 4, soon())


def test_a_set_can_be_adopted_again_after_it_was_taken_back():
    grids()
    first = redrawn(soon())
    take_back(soon(), first.codes, by=None)
    assert redrawn(soon()).codes == first.codes


def test_the_day_itself_is_too_late(monkeypatch):
    grids()
    done, day = redrawn(soon()), soon()
    then = timezone.now() + dt.timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: then)
    before = the_tree()
    with pytest.raises(Conflict, match="areas-day-has-come"):
        take_back(day, done.codes, by=None)
    assert the_tree() == before


@pytest.mark.parametrize(
    "rows",
    [
        [AreaRow("G2", names={"en": "Later"})],
        [area_row("G1", "grid", "A1", (0, 0, 5, 2))],
        [AreaRow("A1", parent="B")],
    ],
)
def test_what_has_changed_since_is_not_taken_back(rows):
    grids()
    done = redrawn(soon())
    adopt(rows, since=soon(20), by=None)
    before = the_tree()
    with pytest.raises(Conflict, match="areas-changed-since"):
        take_back(soon(), done.codes, by=None)
    assert the_tree() == before


def test_what_lies_above_may_not_have_moved_meanwhile():
    grids()
    done = adopt([AreaRow("G1", parent="A2"), AreaRow("G2", parent="A2")], since=soon(), by=None)
    adopt([AreaRow("A1", parent="B")], since=soon(5), by=None)
    before = the_tree()
    with pytest.raises(Conflict, match="areas-changed-since"):
        take_back(soon(), done.codes, by=None)
    assert the_tree() == before


def test_codes_that_do_not_change_on_the_day_are_not_taken_back():
    grids()
    redrawn(soon())
    with pytest.raises(Conflict, match="areas-changed-since"):
        take_back(soon(), ["A1", "G1", "G2", "G3", "g1", "g2"], by=None)
    with pytest.raises(Conflict, match="areas-changed-since"):
        take_back(soon(3), ["G1"], by=None)


def test_what_something_else_refers_to_is_not_taken_back():
    grids()
    done = redrawn(soon())
    with pytest.raises(Conflict, match="areas-in-use"):
        take_back(soon(), ["G1", "G2", "G3"], by=None)  # the groups would hang below G3
    row = PlaceRow("X", "school", {"en": "x"}, *point(4, 1), area="G3", since=soon())
    add_place(row, by=None)
    before = the_tree()
    with pytest.raises(Conflict) as refused:
        take_back(soon(), done.codes, by=None)
    assert (refused.value.code, refused.value.fields) == ("areas-in-use", {"codes": ["G3"]})
    assert the_tree() == before


def test_only_administrators_take_back():
    grids()
    done = redrawn(soon())
    with pytest.raises(Forbidden):
        take_back(soon(), done.codes, by=Account.objects.create(username="somebody"))


def test_a_place_in_an_area_that_ends_waits_for_the_day(monkeypatch):
    grids()
    add_place(PlaceRow("X", "school", {"en": "x"}, *point(4, 1)), by=None)
    adopt([], since=soon(), by=None, ending=["G1", "g1"])
    assert rehome_places(by=None) == 0
    assert Place.objects.get().area.code == "g1"
    then = timezone.now() + dt.timedelta(days=10)
    monkeypatch.setattr(timezone, "now", lambda: then)
    assert rehome_places(by=None) == 1
    assert Place.objects.get().area == area("A1")
