"""The rows of the kernel."""

from linli.kernel.models.accounts import Account, SignInLock, UsedCode
from linli.kernel.models.calendars import CalendarDay, WorkingCalendar
from linli.kernel.models.journal import (
    Cursor,
    Entry,
    Failure,
    Pending,
    Sealed,
    SealerState,
    TreeHead,
)
from linli.kernel.models.vault import CaseKey, Contact

__all__ = [
    "Account",
    "CalendarDay",
    "CaseKey",
    "Contact",
    "Cursor",
    "Entry",
    "Failure",
    "Pending",
    "Sealed",
    "SealerState",
    "SignInLock",
    "TreeHead",
    "UsedCode",
    "WorkingCalendar",
]
