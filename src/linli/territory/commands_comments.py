"""`linli grids comments|comment`: what people say about a plan, by the command line.

The list says what everybody may know. What somebody wrote is opened for planners only, so whoever
reads or decides names themselves with `--by`; each look is in the journal before it is given, as on
the page. Contacts are opened by nobody.
"""

from typing import Any

import click
from django.db.models import Count
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from linli.engines.figures import SMALLEST
from linli.kernel.errors import Missing
from linli.kernel.models import Account
from linli.territory import following, rules
from linli.territory.actions import comments as actions
from linli.territory.commands_answering import AS_JSON, NUMBER, answering, plan_of, say
from linli.territory.models import Comment, CommentState

COMMENT = click.argument("number", metavar="COMMENT", type=int)
BY = click.option("--by", "username", required=True, help="The planner who reads and decides.")


@click.command()
@NUMBER
@click.option("--state", type=click.Choice(CommentState.values), help="Only those that stand so.")
@AS_JSON
def comments(number: int, state: str | None, as_json: bool) -> None:
    """List the comments on plan NUMBER: how they stand, and what everybody may read."""
    with answering(as_json):
        _list(number, state, as_json=as_json)


@click.group()
def comment() -> None:
    """Read, show, hide, answer or erase a COMMENT, by its number in the list."""


def _list(number: int, state: str | None, *, as_json: bool) -> None:
    plan = plan_of(number)
    rows, told = plan.comments.all(), {"followers": following.counted(plan) or f"< {SMALLEST}"}
    counted = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    counts = {value: counted.get(value, 0) for value in CommentState.values}
    shown = rows.filter(state=state) if state else rows
    if as_json:
        listed = [_said(row) for row in shown]
        say({"plan": number, "counts": counts, **told, "comments": listed}, as_json=True)
        return
    say({"plan": number, **counts, **told}, as_json=False)
    for row in shown:
        day, state = f"{localtime(row.received_at):%Y-%m-%d}", row.get_state_display()
        answered = [str(_("answered"))] if row.answer else []
        line = [str(row.pk), day, state, row.grid or "–", *answered, row.public_text]
        click.echo("  ".join(line).rstrip())


@comment.command()
@COMMENT
@BY
@AS_JSON
def read(number: int, username: str, as_json: bool) -> None:
    """Open what somebody wrote in COMMENT, before anybody else reads it."""
    with answering(as_json):
        row, by = _held(number, username)
        text = actions.look(row, by=by)
        say({**_said(row), "language": row.language, "text": text}, as_json=as_json)


@comment.command()
@COMMENT
@click.option("--text", default="", help="What everybody reads; default: all that was written.")
@BY
@AS_JSON
def show(number: int, text: str, username: str, as_json: bool) -> None:
    """Show COMMENT to everybody; leave out names, and whatever speaks of a person."""
    with answering(as_json):
        row, by = _held(number, username)
        say(_said(actions.read(row, release=True, public_text=text, by=by)), as_json=as_json)


@comment.command()
@COMMENT
@BY
@AS_JSON
def hide(number: int, username: str, as_json: bool) -> None:
    """Do not show COMMENT, or no longer: it is only counted.

    Once what was written is erased, taking away what is shown is for good.
    """
    with answering(as_json):
        row, by = _held(number, username)
        say(_said(actions.read(row, release=False, by=by)), as_json=as_json)


@comment.command()
@COMMENT
@click.option("--text", required=True, help="Everybody reads it below the comment.")
@BY
@AS_JSON
def answer(number: int, text: str, username: str, as_json: bool) -> None:
    """Answer a COMMENT that is shown; whoever left a contact is told."""
    with answering(as_json):
        row, by = _held(number, username)
        say(_said(actions.answer(row, text=text, by=by)), as_json=as_json)


@comment.command()
@COMMENT
@BY
@click.confirmation_option(prompt="Words, contact and answer are gone for good. Erase them?")
@AS_JSON
def erase(number: int, username: str, as_json: bool) -> None:
    """Erase a COMMENT that accuses or describes a person; only the count stays."""
    with answering(as_json):
        row, by = _held(number, username)
        say(_said(actions.erase(row, by=by)), as_json=as_json)


def _held(number: int, username: str) -> tuple[Comment, Account]:
    """A comment and its planner; Missing where there is none, or it is not theirs to read."""
    by = Account.objects.filter(username=username, is_active=True).first()
    if by is None:
        raise Missing(
            "account-missing", _("Nobody signs in by this name."), fields={"by": username}
        )
    rows = rules.comments_visible_to(by).select_related("key", "plan__area", "contact")
    row = rows.filter(pk=number).first()
    if row is None:
        raise Missing(fields={"comment": number})
    return row, by


def _said(row: Comment) -> dict[str, Any]:
    """What everybody may know of a comment."""
    return {
        "comment": row.pk,
        "grid": row.grid,
        "state": row.state,
        "received": localtime(row.received_at).isoformat(timespec="minutes"),
        "public_text": row.public_text,
        "answer": row.answer,
    }
