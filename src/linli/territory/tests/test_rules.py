"""Who may draw grids, who sees plans; and that both say the same."""

import pytest

from linli.organisations.tests.factories import post
from linli.territory import rules
from linli.territory.models import Plan, PlanState
from linli.territory.tests.factories import account, area, bare_comment, bare_plan, planner

pytestmark = pytest.mark.django_db
ALL = list(PlanState)


@pytest.fixture
def plans():
    where = [area("pf"), area("pf/c1"), area("pf/c1/t1"), area("pf/c2")]
    return [bare_plan(one, state) for one in where for state in ALL]


@pytest.fixture
def people():
    gone = planner("gone", area("pf"))
    gone.is_active = False
    gone.save()
    return [
        planner("high", area("pf")),
        planner("low", area("pf/c1")),
        account("admin", is_administrator=True),
        account("nobody"),
        gone,
    ]


def test_what_is_visible_and_who_may_see_it_agree(plans, people):
    for person in [*people, None]:
        seen = set(rules.plans_visible_to(person))
        assert seen == {plan for plan in plans if rules.may_see_plan(person, plan)}


def test_what_can_be_planned_and_who_may_plan_it_agree(plans, people):
    for person in people:
        able = set(rules.plans_plannable_by(person))
        assert able == {plan for plan in plans if rules.may_plan(person, plan.area)}


def test_comments_visible_to_somebody_and_who_may_read_them_agree(plans, people):
    comments = [bare_comment(plan) for plan in plans]
    for person in people:
        seen = set(rules.comments_visible_to(person))
        assert seen == {one for one in comments if rules.may_read_comment(person, one)}


def test_adoptions_readable_by_somebody_and_who_may_read_them_agree(plans, people):
    head = account("head")
    post("office", holder="head", kind="chief")
    for person in [*people, head]:
        seen = set(rules.adoptions_readable_by(person))
        assert seen == {plan for plan in plans if rules.may_read_adoption(person, plan)}
    for person, states in [
        (people[0], {"published", "adopted", "in-force"}),
        (head, {"adopted", "in-force"}),
        (people[2], {"adopted", "in-force"}),
        (people[3], set()),
        (people[4], set()),
    ]:
        assert {plan.state for plan in rules.adoptions_readable_by(person)} == states


def test_a_planner_plans_an_area_and_what_lies_below(plans, people):
    high, low, admin, nobody, gone = people
    codes = {p.area.code for p in rules.plans_plannable_by(low)}
    assert codes == {"c1", "t1"}
    assert rules.plans_plannable_by(high).count() == len(plans)
    for person in (admin, nobody, gone):
        assert not rules.plans_plannable_by(person).exists()
        assert not rules.is_planner(person)


def test_drafts_are_for_planners_and_published_plans_for_everybody(plans):
    hidden = {PlanState.DRAFT, PlanState.WITHDRAWN}
    assert {p.state for p in rules.plans_visible_to(None)} == set(ALL) - hidden
    assert Plan.objects.filter(state__in=hidden).exists()
