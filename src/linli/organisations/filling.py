"""Who could answer for an area, today or from the day on which it begins. Reads only."""

from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone

from linli.areas.conditions import day_of, first_moment
from linli.areas.models import Area
from linli.kernel.models import Account
from linli.organisations import rules
from linli.organisations.duties import INSPECTION
from linli.organisations.models import Answering, Duty, Organisation, Post
from linli.organisations.queries import during, roster

SHOWN = 30  # posts next door


@dataclass(frozen=True)
class Filled:
    """A post that answers in the area, and whether anybody holds it."""

    post: Post
    held: bool


@dataclass(frozen=True)
class Opening:
    """A duty in an area from a moment on, and who may be asked to answer."""

    area: Area
    duty: Duty

    @property
    def coming(self) -> bool:
        """The area begins on a day to come."""
        return self.area.since > day_of(None)

    @property
    def has(self) -> list[Filled]:
        """The posts that answer for the duty in this very area from then on, by code."""
        at = first_moment(self.area.since) if self.coming else timezone.now()
        seats = roster(at, [self.area.code], [self.duty.code]).get(
            (self.area.code, self.duty.code), ()
        )
        posts = Post.objects.select_related("organisation").in_bulk([seat.post for seat in seats])
        return [Filled(posts[seat.post], bool(seat.holders)) for seat in seats]

    def beside(self, by: Account) -> list[Post]:
        """Posts that have this duty next door, below the same area, and that `by` may give it."""
        rows = self._there().filter(area__parent__code=self._above()[-1])
        has = {one.post.pk for one in self.has}
        posts = rules.posts_to_give(by, self.duty, self.area).filter(pk__in=rows.values("post"))
        found = posts.select_related("organisation").exclude(pk__in=has)
        return list(found.order_by("code")[:SHOWN])

    def offices(self, by: Account) -> QuerySet[Organisation]:
        """Offices with posts of this duty next door or above, to which `by` may add one."""
        near = self._there().filter(area__parent__code=self._above()[-1])
        over = self._there().filter(area__code__in=self._above())
        ids = {*near.values_list("post__organisation", flat=True)}
        ids.update(over.values_list("post__organisation", flat=True))
        return rules.offices_to_add_to(by, self.kind).filter(pk__in=ids)

    @property
    def kind(self) -> Post.Kind:
        """What a post of its own for this area is: a grid worker's, or a handler's."""
        return Post.Kind.GRID if self.area.level.code == Post.Kind.GRID else Post.Kind.HANDLER

    @property
    def free_code(self) -> str:
        """A code for a post of its own that no other post has."""
        first = f"{self.kind}-{self.area.code}"[:36]
        known = set(Post.objects.filter(code__startswith=first).values_list("code", flat=True))
        others = (f"{first}-{number}" for number in range(2, len(known) + 3))
        return next(code for code in (first, *others) if code not in known)

    def _above(self) -> list[str]:
        return str(self.area.path).split("/")[:-1] or [self.area.code]

    def _there(self) -> QuerySet[Answering]:
        return Answering.objects.filter(during(), duty=self.duty)


def usual_duties(area: Area) -> list[Duty]:
    """The duties whose posts normally sit at the level of this area; those that begin there first.

    Inspection is left out: nobody else answers for it.
    """
    level = area.level.code
    rows = [d for d in Duty.objects.exclude(code=INSPECTION) if level in d.levels]
    return sorted(rows, key=lambda d: (d.levels.index(level), d.position))
