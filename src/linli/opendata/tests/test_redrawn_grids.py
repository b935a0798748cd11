"""When grids are drawn anew, what the public sees from village up does not change by it."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas import queries as areas
from linli.cases import actions as cases
from linli.cases.tests.factories import fresh, later
from linli.opendata import actions
from linli.opendata.area_figures import _count
from linli.opendata.models import Sum, Tally
from linli.opendata.months import first_day
from linli.opendata.tests.factories import heard
from linli.organisations.tests.factories import account
from linli.territory.actions import adopting
from linli.territory.models import OpenCases, PlanState
from linli.territory.tests.adopted import a_published_plan, case_in, posts_of_grids

pytestmark = pytest.mark.django_db
PAGES = ("P", "C", "C1", "C1a", "C1b", "C2", "C2a", "C3")


def released_in(code):
    """A case in an old grid that the service centre released."""
    case = case_in(code)
    cases.triage(case, publish=True, public_text="A hole.", by=account("centre"))
    return fresh(case)


def received():
    """Cases received, and running now, by area with a page; and the same of its parts."""
    found = {}
    for code in PAGES:
        page = _count(areas.by_code(code))
        parts = {part.code: (f.count.received, f.now.running) for part, f in page.parts}
        found[code] = (page.whole.count.received, page.whole.now.running, parts)
    return found


def sums():
    """The kept sums by path."""
    return {(s.path, s.month): s.received for s in Sum.objects.exclude(received=0)}


def test_figures_of_the_day_after_are_those_of_the_day_before_and_the_new_cases(monkeypatch):
    plan = a_published_plan()
    posts_of_grids(plan.area)
    for code in ("C1a2", "C1b1", "C1b2", "C2a1", "C3a1"):
        released_in(code)
    heard()
    before = received()
    assert before["P"][0] == 5
    adopting.adopt(plan, since=timezone.localdate() + dt.timedelta(days=1), by=None,
                   open_cases=OpenCases.ALL_MOVE)  # fmt: skip
    assert received() == before
    later(monkeypatch, days=1)
    adopting.begin_due()
    plan.refresh_from_db()
    assert plan.state == PlanState.IN_FORCE
    heard()
    assert received() == before
    new = released_in("C1b1")
    heard()
    after = received()
    assert (after["C1b"][0], after["C1"][0]) == (before["C1b"][0] + 1, before["C1"][0] + 1)
    assert after["C1a"] == before["C1a"]
    assert after["C2"] == before["C2"]
    kept = sums()
    for month in {first_day(new.received_at), *(m for _path, m in kept)}:
        actions.rebuild_month(month, by=None)
        actions.add_up(month)
    assert sums() == kept
    # No cell or sum is kept for anything below a village: nothing can be subtracted there.
    assert {path.count("/") for path, _month in kept} <= {0, 1, 2, 3}
    assert Tally.objects.filter(area__code__in=["C1b1-01", "C1b2-01"]).count() == 3
