"""A plan: which settlement belongs to which grid; and what was fixed, calculated and changed.

`Plan.labels` holds, for each position of the gazetteer, the number of its grid (`labels.py` packs
and unpacks). A grid keeps its number and its code through every change; one that is new gets
numbers that the plan never had.
"""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils import timezone

from linli.areas.models import Area, Level
from linli.kernel.models import Account
from linli.territory.models.gazetteer import Gazetteer
from linli.territory.models.states import BindingKind, OpenCases, PlanState, RunState, StepKind


class Plan(models.Model):
    """Service grids for an area: a draft, a published draft, one with a day, the one in force."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    gazetteer = models.ForeignKey(Gazetteer, models.PROTECT, related_name="plans")
    titles = models.JSONField(default=dict)  # by language; in one of them at least
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.DRAFT)
    # The plan that is, or was, in force when this one comes; its change is counted against it.
    before = models.ForeignKey("self", models.PROTECT, null=True, related_name="later")
    lines = models.ForeignKey(Level, models.PROTECT, related_name="+")  # no grid crosses these
    labels = models.BinaryField()
    grids_made = models.PositiveIntegerField(default=0)  # numbers 0 … grids_made - 1 were given
    # What was asked for: {"grids": 40} or {"from": 80.0, "to": 120.0}, the load of a grid.
    wanted = models.JSONField(default=dict)
    weights = models.JSONField(default=dict)  # `weights.py`: distance, balance, outline, change
    seed = models.PositiveIntegerField(default=1)
    begun_at = models.DateTimeField()
    begun_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    comments_until = models.DateField(null=True)
    since = models.DateField(null=True)  # the day on which it begins
    open_cases = models.CharField(max_length=10, choices=OpenCases, default=OpenCases.BEGUN_STAY)
    carried_at = models.DateTimeField(null=True)  # posts and open cases were carried over
    # Codes of the areas that its adoption wrote or ended, until it is taken back.
    changed = models.JSONField(default=list)
    carried_to = models.BigIntegerField(default=0)  # the last open case that was looked at
    # Its day has come and it cannot go on: since when, and what was refused (`waiting.py`).
    waits_since = models.DateTimeField(null=True)
    waits_for = models.JSONField(default=list)
    revision = models.PositiveIntegerField(default=0)  # one more with every action

    class Meta:
        ordering = ("-begun_at", "-pk")
        constraints = [
            CheckConstraint(
                condition=Q(state__in=["draft", "published", "withdrawn"]) | Q(since__isnull=False),
                name="plan_begins_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"plan {self.pk}"

    @property
    def has_come(self) -> bool:
        """Its day has come, and posts and open cases are still following."""
        if self.state != PlanState.ADOPTED or self.since is None:
            return False
        return self.since <= timezone.localdate()


class Grid(models.Model):
    """One grid of a plan, with its figures as they are now (`figures.py`).

    `code` is the code of the area that it is, or will be. `over` is its load over the mean of the
    grids of its line. `distance` is the mean way of a household to the grid's centre in a straight
    line, `way` that on the ground (`travel.py`), kilometres; `way` is empty where nobody has one,
    `cut_off` households have none. `pieces` counts those in which it lies, and is empty until that
    was looked at. `roundness` is Polsby and Popper's 4π·area/perimeter², 1 for a circle; `joining`
    and `leaving` are households that come from, or go to, another grid than in the plan before.
    `wkb` is its outline once it was drawn, else empty.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="grids")
    number = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    line = models.CharField(max_length=40)  # code of the area of the level `Plan.lines`
    names = models.JSONField(default=dict)
    settlements = models.PositiveIntegerField(default=0)
    households = models.PositiveIntegerField(default=0)
    load = models.FloatField(default=0)
    over = models.FloatField(default=0)
    distance = models.FloatField(default=0)
    way = models.FloatField(null=True)
    cut_off = models.PositiveIntegerField(default=0)
    pieces = models.PositiveIntegerField(null=True)
    roundness = models.FloatField(default=0)
    joining = models.PositiveIntegerField(default=0)
    leaving = models.PositiveIntegerField(default=0)
    centre_lon = models.FloatField(default=0)
    centre_lat = models.FloatField(default=0)
    wkb = models.BinaryField(default=b"")

    class Meta:
        ordering = ("plan", "code")
        constraints = [
            UniqueConstraint(fields=("plan", "number"), name="grid_number_once"),
            UniqueConstraint(fields=("plan", "code"), name="grid_code_once"),
        ]

    def __str__(self) -> str:
        return self.code


class Binding(models.Model):
    """Something that a planner fixed, with the reason that is published with it.

    `positions` are settlements; `grid` is the number of the grid for a lock or a centre.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="bindings")
    kind = models.CharField(max_length=10, choices=BindingKind)
    grid = models.PositiveIntegerField(null=True)
    positions = models.JSONField(default=list)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    reason = models.CharField(max_length=500)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"{self.kind} in plan {self.plan_id}"


class Run(models.Model):
    """A calculation that was asked for. `labels` is the best so far, always a whole plan.

    `worst` is the heaviest load over the mean of its line. `error` is a code with its values.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="runs")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.WAITING)
    fresh = models.BooleanField(default=False)  # begin anew instead of from what the plan has
    seed = models.PositiveIntegerField(default=1)
    steps = models.PositiveBigIntegerField(null=True)  # a budget; None is the engine's own
    done = models.PositiveBigIntegerField(default=0)
    all = models.PositiveBigIntegerField(default=0)
    labels = models.BinaryField(default=b"")
    worst = models.FloatField(null=True)
    distance = models.FloatField(null=True)
    error = models.CharField(max_length=40, blank=True)
    values = models.JSONField(default=dict)
    stop_asked = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    heard_at = models.DateTimeField(null=True)  # of the last word from the calculation
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)
        constraints = [
            UniqueConstraint(
                fields=("plan",),
                condition=Q(state__in=["waiting", "running"]),
                name="one_run_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"run {self.pk} of plan {self.plan_id}"


class Step(models.Model):
    """One change of a plan; the newest that stands can be undone.

    `moved` packs (position, number before, number after); `grids` keeps rows of grids that the
    step took away or renamed, so that undoing brings them back; and codes of those with another
    outline. Neighbour groups that it dropped
    are its own until it is undone, or the plan is no draft any more.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=10, choices=StepKind)
    moved = models.BinaryField(default=b"")
    grids = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.kind} in plan {self.plan_id}"

    @property
    def groups_dropped(self) -> int:
        """How many neighbour groups were dropped when it was made or, once undone, by undoing."""
        return int(self.grids.get("groups_dropped", 0))

    @property
    def groups_restored(self) -> int:
        """How many neighbour groups came back when it was undone."""
        return int(self.grids.get("groups_restored", 0))
