"""What the plan studio does by the clock."""

from datetime import timedelta

from linli.kernel.jobs import job
from linli.territory import running
from linli.territory.actions import adopting


@job("territory.runs", every=timedelta(seconds=1))
def calculations_go_on() -> int:
    """Listen to calculations that run, end what was stopped, begin what waits."""
    return running.tick()


@job("territory.begin-due", every=timedelta(minutes=1))
def begin_due() -> int:
    """Posts and open cases follow a plan whose day has come."""
    return adopting.begin_due()
