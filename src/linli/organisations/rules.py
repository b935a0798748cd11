"""Who may change posts and holders. `may_…` and the querysets beside them always agree."""

from django.db.models import Q, QuerySet

from linli.areas.models import Area
from linli.kernel.models import Account
from linli.kernel.rights import needs_no_second_factor
from linli.organisations.duties import INSPECTION
from linli.organisations.models import Answering, Duty, Holding, Organisation, Post
from linli.organisations.queries import during, posts_of, sees_contacts

ADDED_BY_HEADS = (Post.Kind.HANDLER, Post.Kind.GRID)


def may_arrange(by: Account) -> bool:
    """Add organisations and posts, give duties to posts: administrators."""
    return by.is_active and by.is_administrator


def may_staff(by: Account, post: Post) -> bool:
    """Appoint to this post, relieve, and keep its public contact: administrators; heads of office
    for their office and those below it, except posts of oversight and heads' own posts."""
    return staffable_by(by).filter(pk=post.pk).exists()


def staffable_by(by: Account) -> QuerySet[Post]:
    """The posts that `by` may staff."""
    if may_arrange(by):
        return Post.objects.all()
    offices = _offices_of(by)
    return Post.objects.filter(organisation__in=offices, oversight=False).exclude(
        pk__in=posts_of(by).values("pk")
    )


def staffs_any(by: Account) -> bool:
    """Does `by` staff posts at all: an administrator, or the head of an office?"""
    return may_arrange(by) or posts_of(by).filter(kind=Post.Kind.CHIEF).exists()


def may_give(by: Account, post: Post, duty: Duty, area: Area) -> bool:
    """Let this post answer for a duty in an area, or end that: administrators; heads of office for
    the posts they staff, where an office of theirs answers for the same duty there or above it.
    Inspection is given by administrators alone."""
    return posts_to_give(by, duty, area).filter(pk=post.pk).exists()


def posts_to_give(by: Account, duty: Duty, area: Area) -> QuerySet[Post]:
    """The posts that `by` may let answer for a duty in an area."""
    ground = ground_of(by, duty)
    if ground is not None and ground.isdisjoint(area.path.split("/")):
        return Post.objects.none()
    return staffable_by(by)


def ground_of(by: Account, duty: Duty) -> set[str] | None:
    """Codes of the areas in and below which `by` lets posts answer for a duty; None: all."""
    if may_arrange(by):
        return None
    if duty.code == INSPECTION:
        return set()
    own = Answering.objects.filter(during(), post__organisation__in=_offices_of(by), duty=duty)
    return set(own.values_list("area__code", flat=True))


def may_add_post(by: Account, office: Organisation, kind: str, *, oversight: bool = False) -> bool:
    """Add a post to an office: administrators; heads of office, for handlers and grid workers of
    their office and those below it."""
    if may_arrange(by):
        return True
    return kind in ADDED_BY_HEADS and not oversight and office.pk in _offices_of(by)


def offices_to_add_to(by: Account, kind: str) -> QuerySet[Organisation]:
    """The offices that `may_add_post` is true for, for a post without oversight."""
    if may_arrange(by):
        return Organisation.objects.all()
    return Organisation.objects.filter(pk__in=_offices_of(by) if kind in ADDED_BY_HEADS else ())


def _offices_of(by: Account) -> set[int]:
    headed = posts_of(by).filter(kind=Post.Kind.CHIEF)
    found: set[int] = set()
    step = set(headed.values_list("organisation", flat=True))
    while step:
        found |= step
        below = Organisation.objects.filter(parent__in=step).exclude(pk__in=found)
        step = set(below.values_list("pk", flat=True))
    return found


def may_set_absence(by: Account, holding: Holding) -> bool:
    """Say that a holder is away or back: the holder, the other holders of the post (somebody has to
    cover at once), and whoever may staff the post."""
    return absences_settable_by(by).filter(pk=holding.pk).exists()


def absences_settable_by(by: Account) -> QuerySet[Holding]:
    """The holdings whose absence `by` may enter or end."""
    if not by.is_active:
        return Holding.objects.none()
    return Holding.objects.filter(
        Q(account=by) | Q(post__in=posts_of(by).values("pk")) | Q(post__in=staffable_by(by))
    )


def may_see_coverage(by: Account) -> bool:
    """Look at the coverage page: administrators, and whoever holds any post."""
    return by.is_active and (by.is_administrator or posts_of(by).exists())


def may_read_post(by: Account, post: Post) -> bool:
    """Open the page of a post with its holders: whoever may staff it, and whoever holds it."""
    return readable_by(by).filter(pk=post.pk).exists()


def readable_by(by: Account) -> QuerySet[Post]:
    """The posts whose pages `by` may open."""
    return Post.objects.filter(
        Q(pk__in=staffable_by(by).values("pk")) | Q(pk__in=posts_of(by).values("pk"))
    )


@needs_no_second_factor
def liaison_without_contacts(account: Account) -> bool:
    """A liaison none of whose posts opens contacts signs in with a password alone."""
    return account.kind == Account.Kind.LIAISON and not sees_contacts(account)
