"""What people can do here: the links that every page offers.

Each link names its text, the URL's name, and for staff an icon and for whom it is.
"""

import enum
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.kernel.models import Account
from linli.organisations import queries as organisations
from linli.organisations import rules as posts
from linli.territory import rules as territory


class For(enum.Enum):
    """Whose work a staff page is."""

    EVERYBODY = "everybody"
    HOLDERS = "holders"  # of any post
    OPERATORS = "operators"
    PLANNERS = "planners"  # of service grids
    STAFFERS = "staffers"  # whoever staffs posts: administrators, heads of office
    BEFORE_GRIDS = "before-grids"  # whoever staffs or plans grids that begin on a day to come
    ADMINISTRATORS = "administrators"


@dataclass(frozen=True)
class Link:
    """One thing to do; `name` is a URL name as `reverse` takes it."""

    text: Promise
    name: str
    icon: str = ""
    who: For = For.EVERYBODY


PUBLIC: list[Link] = [
    Link(_("Report a problem"), "cases:report"),
    Link(_("Follow my report"), "cases:follow-find"),
    Link(_("Who answers for my place"), "organisations:who"),
    Link(_("Services"), "services:list"),
    Link(_("Public reports"), "opendata:list"),
    Link(_("How places are doing"), "opendata:areas"),
]
STAFF: list[Link] = [
    Link(_("Board"), "cases:desk-board", "board", For.OPERATORS),
    Link(_("Inbox"), "cases:desk-inbox", "inbox"),
    Link(_("Take a report"), "cases:desk-new", "plus", For.HOLDERS),
    Link(_("Written messages"), "messages:written", "chat", For.OPERATORS),
    Link(_("Service grids"), "territory:desk-list", "map", For.PLANNERS),
    Link(_("Grids that begin soon"), "territory:desk-coming", "clock", For.BEFORE_GRIDS),
    Link(_("Coverage"), "organisations:coverage", "chart", For.STAFFERS),
    Link(_("Posts"), "organisations:posts", "building", For.STAFFERS),
    Link(_("Services"), "services:desk", "list", For.ADMINISTRATORS),
    Link(_("People"), "people:people", "people", For.ADMINISTRATORS),
    Link(_("Working calendar"), "calendars:office", "calendar", For.ADMINISTRATORS),
    Link(_("What failed"), "failures:failures", "alert", For.ADMINISTRATORS),
]
FOOTER: list[Link] = [
    Link(_("Plans for service grids"), "territory:plans"),
    Link(_("Proposed questions"), "services:proposed"),
    Link(_("Open data"), "opendata:data"),
    Link(_("Privacy register"), "opendata:register"),
    Link(_("The log, and how to check a receipt"), "opendata:log"),
    Link(_("Sign in for staff"), "account_login"),
    Link(_("Design system"), "design:components"),
]


def links(request: HttpRequest, offered: list[Link]) -> list[dict[str, object]]:
    """The links as templates show them; the one for the present page is marked."""
    addresses = [(link, reverse(link.name)) for link in offered]
    inside = [
        address
        for _link, address in addresses
        if request.path == address or (address != "/" and request.path.startswith(address))
    ]
    nearest = max(inside, key=len, default=None)
    return [
        {"text": link.text, "href": address, "icon": link.icon, "current": address == nearest}
        for link, address in addresses
    ]


def staff_links(request: HttpRequest) -> list[dict[str, object]]:
    """The staff links that are for whoever is signed in; none for anybody else."""
    user = getattr(request, "user", None)
    if not isinstance(user, Account):
        return []
    groups = {For.EVERYBODY}
    if user.is_administrator:
        groups.add(For.ADMINISTRATORS)
    if organisations.holds_a_post(user):
        groups.add(For.HOLDERS)
    if organisations.is_operator(user):
        groups.add(For.OPERATORS)
    if territory.is_planner(user):
        groups.add(For.PLANNERS)
    if posts.staffs_any(user):
        groups.add(For.STAFFERS)
    if territory.next_to_begin(user):
        groups.add(For.BEFORE_GRIDS)
    return links(request, [link for link in STAFF if link.who in groups])
