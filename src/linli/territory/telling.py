"""Messages to people who commented on a plan and left a contact: an answer, and what became of it.

Each is written once for its journal entry, so reading one twice changes nothing.
"""

from linli.kernel.events import Event
from linli.kernel.models import Entry
from linli.kernel.reactions import reaction
from linli.messages import actions as messages
from linli.territory import events
from linli.territory.models import Comment


def _tell(comment: Comment, entry: Entry, template: str, **codes: str) -> None:
    if comment.contact is None or comment.key.destroyed_at is not None:
        return
    messages.send(
        comment.key,
        comment.contact,
        template,
        language=comment.language,
        codes={"number": str(comment.plan_id), **codes},
        cause=entry.pk,
        by=None,
    )


def _tell_all(event: Event, entry: Entry, template: str, **codes: str) -> None:
    rows = Comment.objects.filter(plan=event.plan).exclude(contact=None)  # type: ignore[attr-defined]
    for comment in rows.select_related("key", "contact").order_by("pk").iterator():
        _tell(comment, entry, template, **codes)


@reaction("territory.tell-answered", events.CommentAnswered)
def tell_answered(event: events.CommentAnswered, entry: Entry) -> None:
    """That the comment was answered."""
    comment = Comment.objects.select_related("key", "contact").filter(pk=event.comment).first()
    if comment is not None:
        _tell(comment, entry, "plan-answered")


@reaction("territory.tell-withheld", events.CommentRead)
def tell_withheld(event: events.CommentRead, entry: Entry) -> None:
    """That the comment was read and is not shown; one that is shown can be seen."""
    comment = Comment.objects.select_related("key", "contact").filter(pk=event.comment).first()
    if comment is not None and not event.released:
        _tell(comment, entry, "plan-withheld")


@reaction("territory.tell-adopted", events.PlanAdopted)
def tell_adopted(event: events.PlanAdopted, entry: Entry) -> None:
    """From which day the new grids count."""
    _tell_all(event, entry, "plan-adopted", until=event.since.isoformat())


@reaction("territory.tell-taken-back", events.AdoptionTakenBack)
def tell_taken_back(event: events.AdoptionTakenBack, entry: Entry) -> None:
    """That it does not begin on that day after all."""
    _tell_all(event, entry, "plan-taken-back", until=event.since.isoformat())


@reaction("territory.tell-began", events.PlanBegan)
def tell_began(event: events.PlanBegan, entry: Entry) -> None:
    """That the new grids count from today."""
    _tell_all(event, entry, "plan-began")


@reaction("territory.tell-withdrawn", events.PlanWithdrawn)
def tell_withdrawn(event: events.PlanWithdrawn, entry: Entry) -> None:
    """That the plan was given up."""
    _tell_all(event, entry, "plan-withdrawn")
