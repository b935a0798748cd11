"""The secret link of whoever follows a plan, and how many do."""

import hmac

from linli.cases import follow as links
from linli.engines.figures import SMALLEST
from linli.kernel.errors import Missing
from linli.territory.models import Follower, Plan


def behind(token: str) -> Follower:
    """Who holds this link; Missing for every other text, and after they have stopped.

    By digest, compared once more in constant time, as `cases.follow.case_for`.
    """
    if not links.TOKEN.match(token):
        raise Missing()
    wanted = links.digest(token)
    rows = Follower.objects.select_related("key", "contact", "plan__area")
    row = rows.filter(follow_digest=wanted).first()
    if row is None or not hmac.compare_digest(row.follow_digest, wanted):
        raise Missing()
    return row


def token_of(follower: Follower) -> str:
    """The token of the link."""
    return links.token(follower.key)


def counted(plan: Plan) -> int | None:
    """How many follow a plan; None for fewer than eleven."""
    number = plan.followers.count()
    return number if number >= SMALLEST else None
