"""Rows of the plan studio; start with `plans.py`."""

from linli.territory.models.comments import Comment
from linli.territory.models.followers import Follower
from linli.territory.models.gazetteer import Gazetteer, Settlement
from linli.territory.models.groups import Group
from linli.territory.models.plans import Binding, Grid, Plan, Run, Step
from linli.territory.models.states import (
    BindingKind,
    CommentState,
    OpenCases,
    PlanState,
    RunState,
    StepKind,
)

__all__ = [
    "Binding",
    "BindingKind",
    "Comment",
    "CommentState",
    "Follower",
    "Gazetteer",
    "Grid",
    "Group",
    "OpenCases",
    "Plan",
    "PlanState",
    "Run",
    "RunState",
    "Settlement",
    "Step",
    "StepKind",
]
