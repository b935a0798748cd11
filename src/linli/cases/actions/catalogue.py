"""Writers of the catalogue: publish, second, withdraw, switch, clear a draft mark."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.cases.catalogue import events, queries, reading, rules
from linli.cases.catalogue.problems import Problem
from linli.cases.catalogue.queries import DRAFTS, PUBLIC_DAYS
from linli.cases.catalogue.reading import Raw
from linli.cases.catalogue.validator import check
from linli.cases.models.catalogue import (
    Proposal,
    Service,
    ServiceSwitch,
    ServiceVersion,
    TranslationMark,
)
from linli.kernel.actions import action, locked, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.events import Code, Digest
from linli.kernel.journal import record
from linli.kernel.models import Account

# What a resident is asked or told; the rest (duty, promise, keywords …) may change at once.
ASKED = ("name", "description", "about", "visibility", "where", "retention")


class State(StrEnum):
    """What publishing a definition did."""

    UNCHANGED = "unchanged"
    PUBLISHED = "published"
    WAITING = "waiting"


@dataclass(frozen=True)
class Outcome:
    """What became of one definition."""

    code: str
    number: int
    state: State


class Refused(Invalid):
    """Some definition may not be published; nothing was. `problems` says what, by file."""

    code = "service-refused"
    message = _("This service definition was refused.")

    def __init__(self, problems: Mapping[str, list[Problem]]) -> None:
        super().__init__(fields={f: [p.as_json() for p in found] for f, found in problems.items()})
        self.problems = problems


@action
def publish(sources: Mapping[str, bytes | Raw], *, by: Account | None) -> list[Outcome]:
    """Freeze definitions (by file name) as versions; all of them or none.

    An unchanged definition makes no new version. One that asks something new waits on the public
    page for a second person and seven days. `by` is None for the county's own folder at a start of
    the service. Raises `Refused`; `Conflict` when two files define one service.
    """
    require(by is None or rules.may_keep_catalogue(by))
    return _publish(sources, by=by, first=False)


@action
def publish_shipped(*, by: Account | None = None) -> list[Outcome]:
    """Publish what ships with Linli. Into an empty catalogue it goes without waiting.

    Safe to run at every start: an unchanged file does nothing; what a new release asks anew waits
    like everybody's questions.
    """
    require(by is None or rules.may_keep_catalogue(by))
    return _publish(reading.files(), by=by, first=not ServiceVersion.objects.exists())


def _publish(
    sources: Mapping[str, bytes | Raw], *, by: Account | None, first: bool
) -> list[Outcome]:
    duties = queries.duties()
    judged = {name: check(source, duties=duties) for name, source in sources.items()}
    problems = {name: found for name, found in judged.items() if found}
    if problems:
        raise Refused(problems)
    tables = [reading.parse(s) if isinstance(s, bytes) else s for s in sources.values()]
    if len({raw["code"] for raw in tables}) < len(tables):
        raise Conflict("duplicate-code", _("Two files define the same service."))
    return [_freeze(raw, by=by, first=first) for raw in tables]


def _freeze(raw: Raw, *, by: Account | None, first: bool) -> Outcome:
    service, _made = Service.objects.get_or_create(code=raw["code"])
    service = locked(service)
    versions = list(service.versions.order_by("number"))
    digest = bytes.fromhex(reading.digest(raw))
    # A restart finds its own files again even when a county has published its version since;
    # an administrator may go back to an earlier one.
    known = versions if by is None else versions[-1:]
    for version in known:
        if bytes(version.digest) == digest:
            return Outcome(service.code, version.number, State.UNCHANGED)
    now = timezone.now()
    waits = not first and _asks_something_new(raw, versions, now)
    version = ServiceVersion.objects.create(
        service=service,
        number=len(versions) + 1,
        body=raw,
        digest=digest,
        published_at=now,
        published_by=by,
        usable_from=None if waits else now,
    )
    record(_published(version), by=by)
    if waits:
        _put_on_the_public_page(version, by=by, at=now)
    return Outcome(service.code, version.number, State.WAITING if waits else State.PUBLISHED)


def _published(version: ServiceVersion) -> events.ServicePublished:
    return events.ServicePublished(
        service=version.service_id,
        code=Code(version.service.code),
        number=version.number,
        digest=Digest(bytes(version.digest)),
        usable_from=version.usable_from,
    )


def _asks_something_new(raw: Raw, versions: list[ServiceVersion], now: datetime) -> bool:
    """Compared with the versions that were in use: a question nobody saw before, or other words."""
    used = [v.body for v in versions if v.usable_from and v.usable_from <= now]
    if not used:
        return True
    seen = {reading.canonical(row) for body in used for row in body.get("questions", [])}
    new_question = any(reading.canonical(row) not in seen for row in raw.get("questions", []))
    return new_question or any(raw.get(key) != used[-1].get(key) for key in ASKED)


def _put_on_the_public_page(version: ServiceVersion, *, by: Account | None, at: datetime) -> None:
    Proposal.objects.create(version=version, proposed_by=by, public_from=at)
    record(
        events.QuestionProposed(service=version.service_id, number=version.number, public_from=at),
        by=by,
    )


@action
def second(proposal: Proposal, *, by: Account) -> Proposal:
    """Agree to a proposal as the second person; it comes into use after its seven public days.

    The proposer cannot second (`same-person`). What came out of a folder without anybody's name is
    proposed by whoever agrees first, and waits for another; only for what ships were the people
    who made the release the first. The definition is judged again, by today's rules.
    """
    require(rules.may_keep_catalogue(by))
    proposal = _open(proposal)
    if proposal.proposed_by is None and not _ships(proposal.version):
        return _taken_up(proposal, by=by)
    if proposal.proposed_by_id == by.pk:
        raise Conflict("same-person", _("A second person must agree, not the one who proposed it."))
    version = proposal.version
    if problems := check(version.body, duties=queries.duties()):
        raise Refused({version.service.code: problems})
    now = timezone.now()
    proposal.seconded_by, proposal.seconded_at = by, now
    proposal.save(update_fields=["seconded_by", "seconded_at"])
    version.usable_from = max(now, proposal.public_from + PUBLIC_DAYS)
    version.save(update_fields=["usable_from"])
    record(
        events.QuestionSeconded(
            service=version.service_id, number=version.number, usable_from=version.usable_from
        ),
        by=by,
    )
    return proposal


def _ships(version: ServiceVersion) -> bool:
    shipped = (reading.parse(data) for data in reading.files().values())
    return bytes(version.digest).hex() in {reading.digest(raw) for raw in shipped}


def _taken_up(proposal: Proposal, *, by: Account) -> Proposal:
    """Somebody puts their name to a proposal that has none."""
    proposal.proposed_by = by
    proposal.save(update_fields=["proposed_by"])
    version = proposal.version
    since = proposal.public_from
    record(
        events.QuestionProposed(
            service=version.service_id, number=version.number, public_from=since
        ),
        by=by,
    )
    return proposal


@action
def withdraw(proposal: Proposal, *, by: Account) -> Proposal:
    """Take a proposal that is not in use back: it never comes into use."""
    require(rules.may_keep_catalogue(by))
    proposal = locked(proposal)
    version = proposal.version
    if proposal.withdrawn_at or (version.usable_from and version.usable_from <= timezone.now()):
        raise Conflict()
    proposal.withdrawn_at = timezone.now()
    proposal.save(update_fields=["withdrawn_at"])
    version.usable_from = None
    version.save(update_fields=["usable_from"])
    record(events.ProposalWithdrawn(service=version.service_id, number=version.number), by=by)
    return proposal


def _open(proposal: Proposal) -> Proposal:
    proposal = locked(proposal)
    if proposal.seconded_at or proposal.withdrawn_at:
        raise Conflict()
    return proposal


@action
def switch(service: Service, area: Area, *, enabled: bool, by: Account) -> None:
    """Offer a service, or stop offering it, in an area and everything below it.

    Running cases keep their version and go on. Switching to what it already is records nothing.
    """
    require(rules.may_keep_catalogue(by))
    service = locked(service)
    row = ServiceSwitch.objects.filter(service=service, area__code=area.code).first()
    if row is not None and row.enabled == enabled:
        return
    if row is None:
        ServiceSwitch.objects.create(service=service, area=area, enabled=enabled)
    else:
        row.enabled, row.area = enabled, area
        row.save(update_fields=["enabled", "area"])
    record(events.ServiceSwitched(service=service.pk, area=area.pk, enabled=enabled), by=by)


@action
def clear_draft(language: str, *, by: Account) -> TranslationMark:
    """Say that a native speaker has read all texts of a language as they stand now.

    Versions published later are drafts again. Raises Invalid (`no-draft`) for another language.
    """
    require(rules.may_keep_catalogue(by))
    if language not in DRAFTS:
        raise Invalid("no-draft", _("The texts in this language carry no draft mark."))
    mark, _made = TranslationMark.objects.update_or_create(
        language=language, defaults={"cleared_by": by, "cleared_at": timezone.now()}
    )
    record(events.DraftMarkCleared(mark=mark.pk, language=Code(language)), by=by)
    return mark
