"""`linli grids adopt` and `linli grids take-back`: the day of a plan, from the command line."""

import datetime as dt

import click

from linli.territory import carrying
from linli.territory.actions import adopting
from linli.territory.commands_answering import AS_JSON, NUMBER, Day, answering, plan_of, say
from linli.territory.models import OpenCases


@click.command()
@NUMBER
@click.option("--since", type=Day, required=True, help="The day on which the grids begin.")
@click.option(
    "--open-cases",
    type=click.Choice(OpenCases.values),
    default=OpenCases.BEGUN_STAY.value,
    show_default=True,
    help="What becomes of open cases of grids that change.",
)
@click.option("--dry-run", is_flag=True, help="Say what would change; change nothing.")
@AS_JSON
def adopt(number: int, since: dt.datetime, open_cases: str, dry_run: bool, as_json: bool) -> None:
    """Adopt the published plan NUMBER from a day on; lists the grids that need a holder."""
    with answering(as_json):
        plan = plan_of(number)
        seen = carrying.preview(plan)
        if not dry_run:
            adopting.adopt(plan, since=since.date(), open_cases=OpenCases(open_cases), by=None)
    answer = {
        "plan": number,
        "adopted": not dry_run,
        "since": since.date().isoformat(),
        "open_cases": open_cases,
        "begin": seen.begin,
        "end": seen.end,
        "stay": seen.stay,
        "groups_moved": seen.groups,
        "groups_begin": seen.groups_begin,
        "groups_end": seen.groups_end,
        "groups_cut": seen.torn.smaller,
        "groups_torn": seen.torn.ending,
        "grids_partly_without_groups": seen.torn.bare,
        "posts": {one.code: list(one.posts) for one in seen.carried if one.source != one.code},
        "need_a_holder": [one.code for one in seen.without],
        "posts_without_grid": seen.without_grid,
        "cases": {
            "all": seen.cases.all,
            "move": seen.cases.move,
            "begun": seen.cases.begun,
            "left_at_posts_without_grid": seen.cases.left_by(OpenCases(open_cases)),
        },
        "comments_unanswered": seen.unanswered,
    }
    say(answer, as_json=as_json)


@click.command("take-back")
@NUMBER
@AS_JSON
def take_back(number: int, as_json: bool) -> None:
    """Before its day, make the adopted plan NUMBER a published draft again."""
    with answering(as_json):
        adopting.take_back(plan_of(number), by=None)
    say({"plan": number, "adopted": False}, as_json=as_json)
