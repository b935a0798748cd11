"""Where plans, runs, bindings and comments can stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlanState(models.TextChoices):
    """From the draft to the day on which another plan takes its place."""

    DRAFT = "draft", _("draft")
    PUBLISHED = "published", _("published for comment")
    ADOPTED = "adopted", _("adopted, begins on its day")
    IN_FORCE = "in-force", _("in force")
    ENDED = "ended", _("replaced by a later plan")
    WITHDRAWN = "withdrawn", _("given up")


class OpenCases(models.TextChoices):
    """What becomes of open cases of a grid that another plan replaces."""

    BEGUN_STAY = "begun-stay", _("work that has begun stays with its post, the rest moves")
    ALL_STAY = "all-stay", _("every open case stays with its post")
    ALL_MOVE = "all-move", _("every open case goes to the post of the new grid")


class StepKind(models.TextChoices):
    """What changed a plan."""

    BEGUN = "begun", _("begun")
    RUN = "run", _("calculated")
    MOVED = "moved", _("settlements moved")
    SPLIT = "split", _("grid split")
    JOINED = "joined", _("grids joined")
    RENAMED = "renamed", _("grid renamed")


class BindingKind(models.TextChoices):
    """What a planner fixes before the rest is calculated."""

    LOCK = "lock", _("this grid stays as it is")
    TOGETHER = "together", _("these settlements stay together")
    APART = "apart", _("these settlements do not share a grid")
    CENTRE = "centre", _("a grid is measured from this place")


class RunState(models.TextChoices):
    """A calculation, from the request to its result."""

    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("calculating")
    DONE = "done", _("finished")
    STOPPED = "stopped", _("stopped; the best so far was kept")
    FAILED = "failed", _("could not be calculated")


class CommentState(models.TextChoices):
    """A public comment, from its arrival on."""

    WAITING = "waiting", _("not read yet")
    RELEASED = "released", _("published")
    WITHHELD = "withheld", _("not published")
    ERASED = "erased", _("erased")
