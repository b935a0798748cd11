"""Boundaries change under running cases: which stay, which go to another post, and what is said."""

import datetime as dt

import pytest
from django.utils import timezone, translation

from linli.areas.actions import adopt
from linli.areas.models import Place
from linli.areas.rows import AreaRow
from linli.areas.tests.factories import area, area_row, box, point
from linli.cases import actions, events, queries, redrawing, timeline
from linli.cases.models import Case, Offer, State, Why
from linli.cases.routing import Where, area_of
from linli.cases.suggesting import suggestions
from linli.cases.tests.factories import a_case, a_post, fresh, later, person, post, resolved
from linli.kernel.events import parse
from linli.kernel.models import Entry
from linli.organisations import actions as organisations
from linli.organisations.models import Answering

pytestmark = pytest.mark.usefixtures("place")
SOUTH, NORTH, EAST = point(1, 1), point(1, 4), point(4, 1)


@pytest.fixture
def _grids(place):
    """Township A1 has grids G1 (south) and G2 (north), and a post for roads in each."""
    rows = [
        area_row("G1", "grid", "A1", (0, 0, 5, 2)),
        area_row("G2", "grid", "A1", (0, 2, 5, 5)),
    ]
    adopt(rows, since=dt.date(2021, 1, 1), by=None)
    a_post("grid-1", "roads-a1", "grid", "roads", "G1", "tenzin")
    a_post("grid-2", "roads-a1", "grid", "roads", "G2", "dekyi")


def redrawn(monkeypatch):
    """From tomorrow, which comes: G1 is gone, G2 is the west and G3 the east, still without post.

    The post of G1 answers for nothing any more.
    """
    day = timezone.localdate() + dt.timedelta(days=1)
    rows = [AreaRow("G2", boundary=box(0, 0, 2, 5)), area_row("G3", "grid", "A1", (2, 0, 5, 5))]
    adopt(rows, since=day, by=None, ending=["G1"])
    later(monkeypatch, days=1)
    answering = Answering.objects.get(post__code="grid-1")
    organisations.stop_answering(answering, by=None)


def redraw(case, **how):
    """Whether the case moves; and where it is then."""
    moved = actions.redraw(fresh(case), **how)
    return moved, fresh(case).owner.code


@pytest.mark.usefixtures("_grids")
def test_a_case_goes_to_the_post_that_answers_for_its_point_now(monkeypatch):
    case = a_case(at=SOUTH)
    assert case.owner.code == "grid-1"
    before = fresh(case)
    redrawn(monkeypatch)
    assert redraw(case) == (True, "grid-2")
    now = fresh(case)
    for name in ("area", "state", "first_due_at", "due_at", "next_climb_at", "paused_seconds"):
        assert getattr(now, name) == getattr(before, name)
    assert list(now.promises.values()) == list(before.promises.values())
    assert now.area.code == "G1"
    turn = queries.why(now).turns[-1]
    assert (turn.why, turn.boundary, turn.post.code) == (Why.REDRAWN, area("G2"), "grid-2")
    assert [step.area for step in turn.steps] == ["G2"]
    event = parse(bytes(Entry.objects.filter(event="case-routed").latest("id").body))
    assert event == events.CaseRouted(case=case.pk, post=post("grid-2").pk, why=Why.REDRAWN)
    with translation.override("en"):
        assert timeline.steps(now)[0].title == "Boundaries changed; it is now with"
    assert redraw(case) == (False, "grid-2")


@pytest.mark.usefixtures("_grids")
def test_without_a_post_in_the_new_grid_the_next_one_up_has_it(monkeypatch):
    case = a_case(at=EAST)
    redrawn(monkeypatch)
    assert redraw(case) == (True, "roads-a1")


@pytest.mark.usefixtures("_grids")
def test_where_nobody_has_the_duty_the_service_centre_has_it_and_is_told_who_could(monkeypatch):
    case = a_case(at=EAST)
    redrawn(monkeypatch)
    Answering.objects.filter(duty__code="roads").exclude(post__code="grid-2").update(
        until=timezone.now()
    )
    assert redraw(case) == (True, "centre-a1")
    assert suggestions(fresh(case)) == []
    organisations.answer_for(
        post("roads-a1"), duty=Answering.objects.filter(post__code="grid-2").get().duty,
        area=area("A1"), by=None,
    )  # fmt: skip
    (one,) = suggestions(fresh(case))
    assert (one.post, one.answers) == (post("roads-a1"), True)


@pytest.mark.usefixtures("_grids")
def test_posts_above_the_grids_keep_their_cases(monkeypatch):
    case = a_case(at=SOUTH)
    Case.objects.filter(pk=case.pk).update(owner=post("roads-a1"))
    redrawn(monkeypatch)
    assert redraw(case, begun_too=True) == (False, "roads-a1")


@pytest.mark.usefixtures("_grids")
def test_the_same_post_keeps_what_lies_in_its_new_grid(monkeypatch):
    case = a_case(at=SOUTH)
    redrawn(monkeypatch)
    answering = Answering.objects.get(post__code="grid-2")
    organisations.stop_answering(answering, by=None)
    organisations.answer_for(post("grid-1"), duty=answering.duty, area=area("G2"), by=None)
    assert redraw(case) == (False, "grid-1")
    assert fresh(case).routings.count() == 1


def _told(case):
    actions.add_update(case, words="我们明天去看。", by=person("tenzin"))


def _helped(case):
    actions.support(case, to=post("water-a"), task="关水", by=person("tenzin"))


def _by_hand(case):
    actions.assign(case, to=post("grid-1"), by=person("drolma"))


def _triaged(case):
    actions.triage(case, by=person("drolma"))


@pytest.mark.usefixtures("_grids")
@pytest.mark.parametrize(
    ("begin", "begun"), [(_told, True), (_helped, True), (_by_hand, True), (_triaged, False)]
)
def test_work_that_has_begun_stays_unless_told_otherwise(monkeypatch, begin, begun):
    case = a_case(at=SOUTH)
    begin(case)
    assert redrawing.standing(case).begun is begun
    redrawn(monkeypatch)
    assert redraw(case) == (not begun, "grid-1" if begun else "grid-2")
    assert redraw(case, begun_too=True)[1] == "grid-2"


@pytest.mark.usefixtures("_grids")
def test_an_open_offer_is_withdrawn(monkeypatch):
    case = a_case(at=SOUTH)
    offer = actions.offer(case, to=post("roads-a"), by=person("tenzin"))
    redrawn(monkeypatch)
    assert redraw(case)[0]
    offer.refresh_from_db()
    assert offer.state == Offer.State.WITHDRAWN


@pytest.mark.usefixtures("_grids")
def test_contested_private_and_ended_cases_stay(monkeypatch):
    contested, private, ended = (a_case(at=SOUTH) for _n in range(3))
    resolved(ended, by="tenzin")
    Case.objects.filter(pk=contested.pk).update(reworks=1)
    Case.objects.filter(pk=private.pk).update(public=False)
    redrawn(monkeypatch)
    for case in (contested, private, ended):
        assert redraw(case, begun_too=True) == (False, "grid-1")
    assert not redrawing.of_ended_areas(area("A1"), timezone.localdate()).exists()


@pytest.mark.usefixtures("_grids")
def test_cases_of_ended_areas_are_found_below_an_area(monkeypatch):
    cases = [a_case(at=SOUTH), a_case(at=NORTH)]
    found = redrawing.of_ended_areas
    assert not found(area("A1"), timezone.localdate()).exists()
    redrawn(monkeypatch)
    assert list(found(area("A1"), timezone.localdate())) == cases
    assert not found(area("A2"), timezone.localdate()).exists()
    new = a_case(at=SOUTH)
    assert (new.area.code, new.owner.code, new.state) == ("G2", "grid-2", State.RECEIVED)
    assert list(found(area("A"), timezone.localdate())) == cases


@pytest.mark.usefixtures("_grids")
def test_a_place_counts_where_todays_boundaries_put_it_before_it_has_followed(monkeypatch):
    bridge = Place.objects.create(
        code="bridge-1", kind="bridge", lon=SOUTH[0], lat=SOUTH[1], area=area("G1"),
        since=dt.date(2020, 1, 1),
    )  # fmt: skip
    assert a_case(where=Where(place=bridge)).owner.code == "grid-1"
    redrawn(monkeypatch)
    bridge = Place.objects.get()
    assert a_case(where=Where(place=bridge)).owner.code == "grid-2"


@pytest.mark.usefixtures("_grids")
def test_an_area_that_ended_is_followed_by_what_covers_its_middle(monkeypatch):
    old = area("G1")
    redrawn(monkeypatch)
    assert area_of(Where(area=old), timezone.now()).code == "G3"
