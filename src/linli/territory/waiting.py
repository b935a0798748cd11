"""Why a plan whose day has come still waits: what was refused, as codes, and in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas.models import Area
from linli.kernel.errors import LinliError
from linli.kernel.languages import pick
from linli.kernel.models import Account
from linli.organisations import rules as staffing
from linli.organisations.models import Duty, Post
from linli.territory.models import Plan

SHOWN = 50
NAMED = ("post", "duty", "old", "area")  # codes: who answers for what, in which grid, for which new
WHY: dict[str, str | Promise] = {
    "not-oversight": gettext_lazy("only a post of oversight can answer for this"),
    "answers-already": gettext_lazy("it answers there already"),
}


@dataclass(frozen=True)
class Reason:
    """One thing that was refused.

    `post` is the key of its page, `area` the code of the grid that `duty` is for, where the reader
    may mend it there; `name` and `grid` are what post and grid are called.
    """

    words: str
    name: str = ""
    grid: str = ""
    post: int | None = None
    area: str = ""
    duty: str = ""


def as_data(refused: Sequence[LinliError]) -> list[dict[str, str]]:
    """What the plan keeps of what was refused: codes alone."""
    return [
        {"code": one.code, **{name: one.fields[name] for name in NAMED if name in one.fields}}
        for one in refused[:SHOWN]
    ]


def reasons(plan: Plan, by: Account) -> list[Reason]:
    """Why the plan waits, for somebody at the desk; none where it does not."""
    return [_reason(one, by) for one in plan.waits_for]


def _reason(one: dict[str, str], by: Account) -> Reason:
    post = Post.objects.filter(code=one.get("post", "")).first()
    duty = Duty.objects.filter(code=one.get("duty", "")).first()
    if post is None or duty is None:
        return Reason(_("Something was refused (%(code)s).") % {"code": one["code"]})
    why = str(WHY.get(one["code"], _("it was refused (%(code)s)") % {"code": one["code"]}))
    said = {
        "post": pick(post.names), "duty": pick(duty.names), "why": why,
        "old": _grid(one["old"]), "new": _grid(one["area"]),
    }  # fmt: skip
    words = _(
        "%(post)s answers for “%(duty)s” in %(old)s, which has ended, and cannot do so in %(new)s: "
        "%(why)s. Give %(new)s another post for it, or end what this post answers for in %(old)s."
    )
    target = Area.objects.current().filter(code=one["area"]).first()
    may_give = target is not None and staffing.posts_to_give(by, duty, target).exists()
    return Reason(
        words % said,
        said["post"],
        said["new"],
        post.pk if staffing.may_read_post(by, post) else None,
        one["area"] if may_give else "",
        duty.code,
    )


def _grid(code: str) -> str:
    area = Area.objects.filter(code=code).order_by("-since").first()
    return (pick(area.names) if area else "") or code
