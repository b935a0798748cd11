"""What a new installation contains before anybody has done anything. Safe to run again."""

from collections.abc import Callable

from linli.cases.commands import publish_at_start
from linli.kernel import calendars, vault
from linli.organisations.actions import load_duties
from linli.organisations.models import Duty


def install_duties() -> None:
    """Load the duties that ship with Linli, unless there are duties already."""
    if not Duty.objects.exists():
        load_duties(by=None)


def install() -> None:
    """Publish the services and load the rules, levels and duties that ship with Linli."""
    for step in STEPS:
        step()


STEPS: list[Callable[[], object]] = [
    vault.ready,
    calendars.install,
    install_duties,
    publish_at_start,
]
