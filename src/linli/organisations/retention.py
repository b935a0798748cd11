"""What is deleted by the clock."""

from datetime import timedelta

from linli.kernel.jobs import job
from linli.organisations import actions


@job("organisations.forget-absences", every=timedelta(hours=1))
def forget_absences() -> int:
    """Delete absences that are over."""
    return actions.forget_absences()
