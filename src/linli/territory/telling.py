"""Messages to people who follow a plan, or commented on it and left a contact.

Who commented is told of the answer too. Whoever did both is told by both: a contact is found by
nothing, so nothing can tell that two are one. Each is written once for its journal entry: reading
one twice changes nothing.
"""

from linli.kernel.events import Event
from linli.kernel.models import Entry
from linli.kernel.reactions import reaction
from linli.messages import actions as messages
from linli.territory import events
from linli.territory.models import Comment, Follower


def _tell(told: Comment | Follower, entry: Entry, template: str, **codes: str) -> None:
    if told.contact is None or told.key.destroyed_at is not None:
        return
    messages.send(
        told.key,
        told.contact,
        template,
        language=told.language,
        codes={"number": str(told.plan_id), **codes},
        cause=entry.pk,
        by=None,
    )


def _tell_all(event: Event, entry: Entry, template: str, **codes: str) -> None:
    plan = event.plan  # type: ignore[attr-defined]
    said = Comment.objects.filter(plan=plan).exclude(contact=None)
    for rows in (said, Follower.objects.filter(plan=plan)):
        for told in rows.select_related("key", "contact").order_by("pk").iterator():
            _tell(told, entry, template, **codes)


@reaction("territory.tell-followed", events.PlanFollowed)
def tell_followed(event: events.PlanFollowed, entry: Entry) -> None:
    """That they will hear of the plan, and how to stop it."""
    row = Follower.objects.select_related("key", "contact").filter(pk=event.follower).first()
    if row is not None:
        _tell(row, entry, "plan-followed")


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
