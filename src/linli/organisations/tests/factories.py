"""A small invented prefecture: prefecture pf > county c1, c2 > township t1 > village v1."""

import datetime as dt

from django.utils import timezone

from linli.areas.models import Area, Level
from linli.kernel.models import Account
from linli.organisations import actions
from linli.organisations.models import Answering, Duty, Holding, Organisation, Post

START = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
RUNGS = ("prefecture", "county", "township", "village", "grid")


def area(path, **fields):
    """One area by its path of codes, with whatever is above it."""
    *above, code = path.split("/")
    parent = area("/".join(above)) if above else None
    level, _ = Level.objects.get_or_create(code=RUNGS[len(above)], defaults={"depth": len(above)})
    found = Area.objects.filter(path=path, **fields).first()
    return found or Area.objects.create(
        code=code,
        path=path,
        parent=parent,
        level=level,
        names={"en": code.upper(), "zh": code.upper()},
        **{"since": dt.date(2025, 1, 1), **fields},
    )


def account(name, **fields):
    names = {"en": name.title(), "zh": name.title(), "bo": name.title()}
    found = Account.objects.filter(username=name).first()
    return found or Account.objects.create(username=name, names=names, **fields)


def administrator():
    return account("admin", is_administrator=True)


def duty(code):
    if not Duty.objects.exists():
        actions.load_duties(by=None)
    return Duty.objects.get(code=code)


def organisation(code, parent=None, kind="department"):
    names = {"en": f"Office {code}", "zh": f"机构{code}"}
    values = {"kind": kind, "parent": parent, "names": names}
    return Organisation.objects.get_or_create(code=code, defaults=values)[0]


def post(code, *, holder=None, deputy=None, office=None, kind="handler", answers=(), **fields):
    """A post with holder and deputy; `answers` are pairs of duty code and area."""
    row = Post.objects.create(
        code=code,
        names={"en": f"Post {code}", "zh": f"岗位{code}"},
        organisation=office or organisation("office"),
        kind=kind,
        **fields,
    )
    for name, is_deputy in ((holder, False), (deputy, True)):
        if name:
            Holding.objects.create(post=row, account=account(name), deputy=is_deputy, since=START)
    for code_, where in answers:
        Answering.objects.create(post=row, duty=duty(code_), area=where, since=START)
    return row


def away(name, days=7):
    """Somebody is absent from every post they hold, from an hour ago."""
    now = timezone.now()
    for holding in Holding.objects.filter(account__username=name):
        holding.absences.create(
            since=now - dt.timedelta(hours=1), until=now + dt.timedelta(days=days)
        )
