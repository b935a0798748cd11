"""What is emptied by the clock."""

from datetime import timedelta

from linli.kernel.jobs import job
from linli.messages import actions


@job("messages.empty-erased", every=timedelta(minutes=10))
def empty_erased() -> int:
    """Empty messages whose case was erased, should the eraser have been interrupted."""
    return actions.empty_erased()
