"""A small invented county for tests of this room."""

import datetime as dt

from django.utils import timezone

from linli.areas.models import Level
from linli.kernel import vault
from linli.organisations.tests.factories import account, area, post
from linli.territory import labels
from linli.territory.models import Comment, Gazetteer, Plan, PlanState

DAY = dt.date(2026, 6, 1)


def planner(name, where):
    """Somebody who holds a planner's post for an area."""
    post(f"planner-{name}", holder=name, answers=[("planning", where)])
    return account(name)


def bare_gazetteer(where):
    """A gazetteer without rows."""
    return Gazetteer.objects.create(area=where, imported_at=timezone.now())


def bare_plan(where, state=PlanState.DRAFT, **fields):
    """A plan of nothing, in any state."""
    level, _new = Level.objects.get_or_create(code="township", defaults={"depth": 2})
    values = {
        "gazetteer": bare_gazetteer(where),
        "title": "Plan",
        "lines": level,
        "labels": labels.packed([]),
        "begun_at": timezone.now(),
        "since": None if state in (PlanState.DRAFT, PlanState.PUBLISHED) else DAY,
    }
    return Plan.objects.create(area=where, state=state, **(values | fields))


def bare_comment(plan, **fields):
    """A comment without words."""
    key = vault.new_key()
    return Comment.objects.create(plan=plan, key=key, received_at=timezone.now(), **fields)


__all__ = ["account", "area", "bare_comment", "bare_gazetteer", "bare_plan", "planner", "post"]
