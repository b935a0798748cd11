"""Who is at the desk, and which plan they may change."""

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.kernel.errors import Missing
from linli.kernel.languages import pick
from linli.kernel.models import Account
from linli.territory import rules
from linli.territory.models import Plan


def planner(request: HttpRequest) -> Account:
    """Whoever is signed in; Missing where they plan nothing."""
    by = request.user
    if not isinstance(by, Account) or not rules.is_planner(by):
        raise Missing()
    return by


def plan_of(request: HttpRequest, pk: int) -> tuple[Plan, Account]:
    """A plan and its planner; Missing where they do not plan its area."""
    by = planner(request)
    plan = rules.plans_plannable_by(by).select_related("before").filter(pk=pk).first()
    if plan is None:
        raise Missing()
    return plan, by


def trail_of(plan: Plan) -> list[dict[str, str]]:
    """The way to a page below that of a plan."""
    return [
        {"href": address("desk-list"), "text": _("Service grids")},
        {"href": address("desk-plan", plan.pk), "text": pick(plan.titles)},
    ]


def picture_address(plan: Plan, area: Area) -> str:
    """The address of a picture of all grids of a plan in an area."""
    query = "" if area.code == plan.area.code else f"?{urlencode({'line': area.code})}"
    return address("desk-picture", plan.pk) + query


def address(name: str, *args: object) -> str:
    """The address of a page of this room; empty where the house has none of this name."""
    try:
        return reverse(f"territory:{name}", args=args)
    except NoReverseMatch:
        return ""
