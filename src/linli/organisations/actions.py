"""The only writers of this room."""

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas.conditions import day_of, first_moment
from linli.areas.models import Area
from linli.kernel.actions import action, locked, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.events import CODE, Code
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.organisations import duties, events, rules
from linli.organisations.models import (
    Absence,
    Answering,
    Duty,
    Holding,
    Organisation,
    Post,
    Team,
)
from linli.organisations.queries import during, not_over

LONGEST_ABSENCE = dt.timedelta(days=366)
TAKEN = _("This code is taken already.")
Names = Mapping[str, str]


@action
def load_duties(path: Path = duties.SHIPPED, *, by: Account | None) -> int:
    """Take over a list of duties; returns how many. None as `by` is the installation itself.

    A duty that the file no longer has stays: cases and posts may still name it.
    """
    require(by is None or rules.may_arrange(by))
    lines = duties.read(path)
    Duty.objects.bulk_create(
        [
            Duty(
                code=line.code,
                names=dict(line.names),
                sees_contacts=line.sees_contacts,
                levels=list(line.levels),
                position=position,
            )
            for position, line in enumerate(lines)
        ],
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["names", "sees_contacts", "levels", "position"],
    )
    record(events.DutiesLoaded(duties=len(lines)), by=by)
    return len(lines)


@action
def add_organisation(
    code: str, names: Names, *, kind: str, parent: Organisation | None = None, by: Account
) -> Organisation:
    """Add an organisation; Conflict when its code is taken."""
    require(rules.may_arrange(by))
    _check(code, names, kind, Organisation.Kind.values)
    require(not Organisation.objects.filter(code=code).exists(), Conflict("code-taken", TAKEN))
    organisation = Organisation.objects.create(
        code=code, names=dict(names), kind=kind, parent=parent
    )
    record(
        events.OrganisationAdded(organisation=organisation.pk, code=Code(code)),
        by=by,
    )
    return organisation


@action
def add_post(
    code: str,
    names: Names,
    *,
    organisation: Organisation,
    kind: str = Post.Kind.HANDLER,
    team: Team | None = None,
    oversight: bool = False,
    phone: str = "",
    counter: Names | None = None,
    by: Account,
) -> Post:
    """Add a post that nobody holds yet; Conflict when its code is taken."""
    require(rules.may_add_post(by, organisation, kind, oversight=oversight))
    _check(code, names, kind, Post.Kind.values)
    require(not Post.objects.filter(code=code).exists(), Conflict("code-taken", TAKEN))
    post = Post.objects.create(
        code=code,
        names=dict(names),
        organisation=organisation,
        team=team,
        kind=kind,
        oversight=oversight,
        phone=_phone(phone),
        counter=dict(counter or {}),
    )
    record(
        events.PostAdded(post=post.pk, code=Code(code), organisation=Code(organisation.code)),
        by=by,
    )
    return post


def _check(code: str, names: Names, kind: str, kinds: list[str]) -> None:
    wrong: dict[str, object] = {}
    if not CODE.match(code) or len(code) > 40:
        wrong["code"] = _("Letters, digits and . _ : / - only, at most 40.")
    if not any(names.get(lang, "").strip() for lang in duties.LANGUAGES):
        wrong["names"] = _("A name in at least one language.")
    if kind not in kinds:
        wrong["kind"] = _("Choose one of the list.")
    require(not wrong, Invalid(fields=wrong))


def _phone(text: str) -> str:
    cleaned = text.strip()
    if len(cleaned) > 40 or not all(c.isdigit() or c in "+-() /,;" for c in cleaned):
        raise Invalid("bad-phone", fields={"phone": _("Digits, and + - ( ) / between them.")})
    return cleaned


@action
def set_office_contact(post: Post, *, phone: str, counter: Names, by: Account) -> None:
    """Change the public telephone and counter of a post."""
    require(rules.may_staff(by, post))
    post = locked(post)
    post.phone, post.counter = _phone(phone), dict(counter)
    post.save(update_fields=["phone", "counter"])
    record(events.OfficeContactChanged(post=post.pk), by=by)


@action
def appoint(account: Account, *, to: Post, deputy: bool = False, by: Account) -> Holding:
    """Give a post to somebody from now on; Conflict when they hold it already."""
    require(rules.may_staff(by, to))
    require(account.is_active, Invalid("account-closed"))
    post = locked(to)
    now = timezone.now()
    held = Holding.objects.filter(during(now), post=post, account=account)
    require(not held.exists(), Conflict("holds-already"))
    holding = Holding.objects.create(post=post, account=account, deputy=deputy, since=now)
    record(events.PostAppointed(post=post.pk, account=account.pk, deputy=deputy), by=by)
    return holding


@action
def relieve(holding: Holding, *, by: Account) -> None:
    """End a holding now; its absences go with it. Conflict when it has ended."""
    require(rules.may_staff(by, holding.post))
    holding = locked(holding)
    require(holding.until is None, Conflict())
    holding.until = timezone.now()
    holding.save(update_fields=["until"])
    holding.absences.all().delete()
    record(events.PostRelieved(post=holding.post_id, account=holding.account_id), by=by)


@action
def set_absent(
    holding: Holding, *, until: dt.datetime, since: dt.datetime | None = None, by: Account
) -> Absence:
    """A holder is away until a day, at most a year ahead; it replaces what was entered before."""
    require(rules.may_set_absence(by, holding))
    holding = locked(holding)
    since = since or timezone.now()
    require(holding.until is None, Conflict())
    if not since < until <= since + LONGEST_ABSENCE:
        raise Invalid("bad-absence", fields={"until": _("A day after today, within a year.")})
    holding.absences.all().delete()
    absence = Absence.objects.create(holding=holding, since=since, until=until)
    record(events.PostCoverChanged(post=holding.post_id), by=by)
    return absence


@action
def end_absence(holding: Holding, *, by: Account) -> None:
    """A holder is back: nothing is kept of the absence. Conflict when there is none."""
    require(rules.may_set_absence(by, holding))
    holding = locked(holding)
    gone, _kinds = holding.absences.all().delete()
    require(gone > 0, Conflict())
    record(events.PostCoverChanged(post=holding.post_id), by=by)


@action
def answer_for(post: Post, *, duty: Duty, area: Area, by: Account | None) -> Answering:
    """Let a post answer for a duty in an area from now on, or from the day the area begins.

    Complaints about offices (the duty `inspection`) go only to posts of oversight. None as `by` is
    the service itself, when areas change under the posts. Raises Conflict `answers-already`, and
    Conflict where the area is not to begin any more.
    """
    require(by is None or rules.may_give(by, post, duty, area))
    post = locked(post)
    since = timezone.now()
    if area.since > day_of(since):
        since = first_moment(locked(area).since)
    if duty.code == duties.INSPECTION and not post.oversight:
        raise Invalid("not-oversight", _("Only a post of oversight can answer for inspection."))
    same = Answering.objects.filter(not_over(), post=post, duty=duty, area__code=area.code)
    require(not same.exists(), Conflict("answers-already", _("This post answers there already.")))
    answering = Answering.objects.create(post=post, duty=duty, area=area, since=since)
    record(
        events.DutyTaken(post=post.pk, duty=Code(duty.code), area=Code(area.code)),
        by=by,
    )
    return answering


@action
def stop_answering(answering: Answering, *, by: Account | None) -> None:
    """End an answering now, and one that has not begun for good; Conflict when it has ended.

    None as `by` is as for `answer_for`.
    """
    require(by is None or rules.may_give(by, answering.post, answering.duty, answering.area))
    answering = locked(answering)
    require(answering.until is None, Conflict())
    now = timezone.now()
    duty, area = Code(answering.duty.code), Code(answering.area.code)
    if answering.since > now:
        Answering.objects.filter(pk=answering.pk).delete()
    else:
        answering.until = now
        answering.save(update_fields=["until"])
    record(events.DutyLeft(post=answering.post_id, duty=duty, area=area), by=by)


@action
def add_post_for(
    area: Area,
    duty: Duty,
    *,
    code: str,
    names: Names,
    organisation: Organisation,
    kind: str = Post.Kind.HANDLER,
    holder: Account | None = None,
    by: Account,
) -> Post:
    """Add a post, let it answer for a duty in an area, appoint its holder: all of it or nothing."""
    post = add_post(code, names, organisation=organisation, kind=kind, by=by)
    answer_for(post, duty=duty, area=area, by=by)
    if holder is not None:
        appoint(holder, to=post, by=by)
    return post


@action
def forget_absences(*, by: None = None) -> int:
    """Delete absences that are over: they serve routing, and are no record of anybody's days.

    Returns how many. The journal keeps nothing of it, for the same reason.
    """
    require(by is None)
    gone, _kinds = Absence.objects.filter(until__lte=timezone.now()).delete()
    return gone
