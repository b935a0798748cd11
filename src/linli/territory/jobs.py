"""What the plan studio does by the clock."""

import os
import subprocess
import sys
from datetime import timedelta

from django.conf import settings

from linli.kernel.jobs import job
from linli.territory import running, typefaces
from linli.territory.actions import adopting, plans, runs
from linli.territory.exports import fonts
from linli.territory.models import Plan, PlanState

_making: list[subprocess.Popen[bytes]] = []  # at most one


@job("territory.runs", every=timedelta(seconds=1))
def calculations_go_on() -> int:
    """Listen to calculations that run, end what was stopped, begin what waits."""
    return running.tick()


@job("territory.ways", every=timedelta(minutes=1))
def ways_are_known() -> int:
    """A plan whose grids were made before ways were counted gets them; one at a time."""
    waiting = Plan.objects.filter(grids__pieces=None).exclude(grids=None)
    plan = waiting.exclude(runs__state__in=runs.OPEN).first()
    if plan is not None:
        plans.look_at(plan)
    return int(plan is not None)


@job("territory.begin-due", every=timedelta(minutes=1))
def begin_due() -> int:
    """Posts and open cases follow a plan whose day has come."""
    return adopting.begin_due()


@job("territory.fonts", every=timedelta(minutes=1))
def fonts_for_paper() -> int:
    """Begin to make the fonts of sheets for comment, in a process of its own.

    Readers of a published plan ask for sheets; they do not wait for fonts.
    """
    if fonts.ready() or not fonts.BUILT.exists() or any(p.poll() is None for p in _making):
        return 0
    if not Plan.objects.filter(state=PlanState.PUBLISHED).exists():
        return 0
    env = os.environ | {"DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE}
    command = [sys.executable, "-m", typefaces.__name__]
    _making[:] = [subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL)]  # noqa: S603
    return 1
