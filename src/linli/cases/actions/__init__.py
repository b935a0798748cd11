"""The only writers of the room `cases`, by stage."""

from linli.cases.actions.climbing import climb
from linli.cases.actions.closing import Said, close_unanswered, confirm, contest, resolve
from linli.cases.actions.dispatch import agree, assign, change_service, decline, triage
from linli.cases.actions.erasing import erase_parts, mark_accusing
from linli.cases.actions.handover import (
    accept,
    finish_support,
    offer,
    refuse,
    support,
    withdraw_offer,
)
from linli.cases.actions.intake import Receipt, Sent, receipt, report
from linli.cases.actions.joining import merge, unmerge
from linli.cases.actions.pauses import pause, resume, resume_in_time
from linli.cases.actions.pictures import clear_photo, remove_photo
from linli.cases.actions.reaching import look_at_contact
from linli.cases.actions.redrawing import catch_up, redraw
from linli.cases.actions.reporter import add_to_report, erase_report, withdraw_contact
from linli.cases.actions.words import add_note, add_update

__all__ = [
    "Receipt",
    "Said",
    "Sent",
    "accept",
    "add_note",
    "add_to_report",
    "add_update",
    "agree",
    "assign",
    "catch_up",
    "change_service",
    "clear_photo",
    "climb",
    "close_unanswered",
    "confirm",
    "contest",
    "decline",
    "erase_parts",
    "erase_report",
    "finish_support",
    "look_at_contact",
    "mark_accusing",
    "merge",
    "offer",
    "pause",
    "receipt",
    "redraw",
    "refuse",
    "remove_photo",
    "report",
    "resolve",
    "resume",
    "resume_in_time",
    "support",
    "triage",
    "unmerge",
    "withdraw_contact",
    "withdraw_offer",
]
