"""What this room does by the clock."""

from datetime import timedelta

from linli.areas.actions import rehome_places
from linli.kernel.jobs import job


@job("areas.rehome-places", every=timedelta(hours=1))
def places_follow_boundaries() -> int:
    """On the day on which a new boundary begins, places move to the area that covers them now."""
    return rehome_places(by=None)
