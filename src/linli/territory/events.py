"""What happened to plans. References, enums, numbers and days: never a word that a person wrote."""

import datetime as dt

from linli.kernel.events import Code, Event
from linli.territory.models.states import BindingKind, OpenCases, RunState, StepKind


class SettlementsImported(Event):
    """The settlements of an area were imported; those of fewer than eleven households left out."""

    gazetteer: int
    area: Code
    settlements: int
    left_out: int


class PlanBegun(Event):
    """Somebody began a plan for an area."""

    plan: int
    area: Code
    gazetteer: int
    before: int | None


class AimsSet(Event):
    """What a draft is to have, and what it is judged by, was set anew."""

    plan: int


class PlanRetitled(Event):
    """A plan is called something else, or in more languages."""

    plan: int


class PlanRecounted(Event):
    """What a plan changes is counted against the plan in force now, or against none."""

    plan: int
    before: int | None


class RunAsked(Event):
    """A calculation was asked for."""

    plan: int
    run: int
    seed: int


class RunEnded(Event):
    """A calculation ended; what it found is the plan's where it was done or stopped."""

    plan: int
    run: int
    state: RunState


class PlanChanged(Event):
    """A plan was changed by a step; so many settlements changed their grid."""

    plan: int
    kind: StepKind
    settlements: int


class StepUndone(Event):
    """The newest step of a plan was taken back."""

    plan: int
    step: int


class GroupsDrawn(Event):
    """Grids of a plan got neighbour groups, in place of those that the plan had for them."""

    plan: int
    groups: int


class GroupsDropped(Event):
    """The neighbour groups of a plan are gone: today's go on."""

    plan: int
    groups: int


class BindingMade(Event):
    """Something was fixed in a plan, for a reason that is published."""

    plan: int
    binding: int
    kind: BindingKind


class BindingRemoved(Event):
    """Something is no longer fixed in a plan."""

    plan: int
    binding: int


class PlanPublished(Event):
    """Everybody can see the plan and comment on it until a day."""

    plan: int
    until: dt.date


class PlanWithdrawn(Event):
    """A plan was given up before it was adopted."""

    plan: int


class CommentReceived(Event):
    """Somebody said something about a plan."""

    comment: int
    plan: int
    grid: Code | None


class CommentSeen(Event):
    """A planner opened what somebody wrote."""

    comment: int


class CommentRead(Event):
    """A planner read a comment; `released` says whether the public reads it now."""

    comment: int
    released: bool


class CommentAnswered(Event):
    """A comment was answered, where everybody reads it."""

    comment: int


class CommentErased(Event):
    """What was written and whom to tell are gone with their key."""

    comment: int


class PlanFollowed(Event):
    """Somebody wants to hear what becomes of a plan."""

    follower: int
    plan: int


class FollowingEnded(Event):
    """They hear nothing more; whom to tell is gone with its key."""

    follower: int
    plan: int


class PlanAdopted(Event):
    """A plan takes effect on a day; the areas of that day are written."""

    plan: int
    since: dt.date
    open_cases: OpenCases
    edition: int


class AdoptionTakenBack(Event):
    """Before its day the plan is a published draft again, and the areas are as they were."""

    plan: int
    since: dt.date


class PlanHeldUp(Event):
    """The day of a plan has come, and something was refused: it waits until that is mended."""

    plan: int
    refused: tuple[Code, ...]


class PlanBegan(Event):
    """The day of a plan has come: posts and open cases were carried over."""

    plan: int
    posts: int
    without: int  # grids that need a new holder
    moved: int  # open cases that went to another post
