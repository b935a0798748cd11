"""Who may change posts and holders. `may_…` and the querysets beside them always agree."""

from django.db.models import Q, QuerySet

from linli.kernel.models import Account
from linli.kernel.rights import needs_no_second_factor
from linli.organisations.models import Holding, Organisation, Post
from linli.organisations.queries import posts_of, sees_contacts


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
