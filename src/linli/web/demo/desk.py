"""A few cases of these days in the township of the sample accounts, so that every desk has work.

They are made by the actions themselves, after the year that is loaded in bulk: one that just came
in with a photo nobody has looked at, some that are due, one that is late, one offered to another
post, one with a helping unit, one that is asked about, one that was contested.
"""

import datetime as dt
import random
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from linli.areas.models import Area
from linli.cases import actions
from linli.cases.actions import Said, Sent
from linli.cases.catalogue import queries as catalogue
from linli.cases.models import Case, Photo
from linli.cases.routing import Where
from linli.kernel.models import Account
from linli.organisations.models import Post
from linli.organisations.queries import areas_answered_by, operator_areas, posts_of
from linli.web.demo import phrases, pictures
from linli.web.demo.clock import standing_at

HOUR = dt.timedelta(hours=1)
AFTER = dt.timedelta(seconds=20)  # from one thing that is done at a desk to the next


class Desk:
    """The sample accounts at work, one thing after the other."""

    def __init__(self, seed: int) -> None:
        names = ("operator", "clerk", "roads", "water", "grid")
        self.people = {name: Account.objects.get(username=name) for name in names}
        self.township = operator_areas(self.people["clerk"])[0]
        self.grids = Area.objects.current().within(self.township).filter(level__code="grid")
        [self.grid] = areas_answered_by(posts_of(self.people["grid"]))
        self.chance = random.Random(seed)  # noqa: S311 - where a pothole lies
        self.now = timezone.now()

    def post(self, duty: str, area: Area | None = None) -> Post:
        """The post for a duty, of the township or of another area."""
        return Post.objects.get(code=f"{duty}-{(area or self.township).code}")

    def reported(
        self,
        service: str,
        hours: float,
        *,
        language: str = "zh-hans",
        photo: bool = False,
        grid: Area | None = None,
    ) -> Case:
        """Somebody reported this so many hours ago, in a grid of the township, by default any."""
        version = catalogue.current_version(service)
        grid = grid or self.chance.choice(list(self.grids))
        assert version is not None
        key = {"zh-hans": "zh"}.get(language, language)
        text = phrases.report(service, language, grid.names[key], self.chance.randrange(99))
        sent = Sent(
            version=version,
            text=text,
            where=Where(lon=grid.centre_lon, lat=grid.centre_lat),
            photos=pictures.sent(service, int(photo), self.chance.randrange(99)) if photo else (),
            language=language,
        )
        with standing_at(self.now - hours * HOUR):
            return actions.report(sent, by=None).case

    def does(self, verb: Callable[..., Any], about: Any, who: str, **how: Any) -> Any:
        """One of the samples does this, now; each thing a little later than the one before."""
        self.now += AFTER
        with standing_at(self.now):
            return verb(about, by=self.people[who], **how)

    def contested(self, case: Case) -> None:
        """The reporter says on the secret link that it is not solved."""
        self.now += AFTER
        said = Said(words=phrases.say("contested", "zh-hans", 0))
        with standing_at(self.now):
            actions.contest(case, said=said, token=actions.receipt(case).token)

    def read(self, case: Case, language: str = "zh-hans") -> Case:
        """The clerk has read it, and lets everybody read what it is about."""
        words = phrases.report(case.version.service.code, language, "", 0)
        done: Case = self.does(actions.triage, case, "clerk", public_text=words, publish=True)
        return done


def open_desk(seed: int) -> None:
    """Report the cases, and do with them what the sample accounts would have done by now."""
    desk = Desk(seed)
    desk.reported("pothole", 1, photo=True)
    desk.reported("street-light", 3, language="bo")
    desk.read(desk.reported("bridge-damage", 30))
    desk.read(desk.reported("snow-ice", 20 * 24))
    shown = desk.read(desk.reported("pothole", 26, photo=True))
    desk.does(actions.clear_photo, Photo.objects.get(case=shown), "clerk")
    helped = desk.read(desk.reported("road-sign", 50, language="en"), "en")
    desk.does(actions.support, helped, "roads", to=desk.post("works"),
              task=phrases.say("note", "zh-hans", 1))  # fmt: skip
    offered = desk.read(desk.reported("pothole", 28))
    desk.does(actions.offer, offered, "roads", to=desk.post("works"))
    asked = desk.read(desk.reported("snow-ice", 40))
    solved = phrases.say("resolved", "zh-hans", 0)
    desk.does(actions.resolve, asked, "roads", words=solved)
    contested = desk.read(desk.reported("pothole", 9 * 24))
    county = desk.post("roads", desk.township.parent)  # the sample who verifies is above it
    desk.does(actions.assign, contested, "clerk", to=county)
    desk.does(actions.resolve, contested, "roads", words=solved)
    desk.contested(contested)
    _in_the_grid(desk)


def _in_the_grid(desk: Desk) -> None:
    """Small things of the lane at the grid worker's: new, late, passed on, and done."""
    desk.read(desk.reported("small-repair", 4, grid=desk.grid))
    desk.read(desk.reported("path-blocked", 9 * 24, grid=desk.grid))
    passed_on = desk.read(desk.reported("small-repair", 30, grid=desk.grid))
    desk.does(actions.offer, passed_on, "grid", to=desk.post("works"))
    done = desk.read(desk.reported("path-blocked", 27, grid=desk.grid))
    desk.does(actions.resolve, done, "grid", words=phrases.say("resolved", "zh-hans", 0))
