"""A case comes in: routed, promised, and committed to the journal, in one transaction."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.cases import clock, events, follow, ladder, numbers, opening, photos, pinned, retention
from linli.cases import rules as may
from linli.cases.catalogue import queries as catalogue
from linli.cases.errors import conflict, invalid
from linli.cases.forms.cleaning import LONGEST, clean, clean_line
from linli.cases.models import Case, Channel, Photo, Promise, Routing, ServiceVersion, State
from linli.cases.models.cases import WHERE
from linli.cases.photos import Picture
from linli.cases.routing import Routed, Where, area_of, route
from linli.kernel import contacts, vault
from linli.kernel.actions import action, require
from linli.kernel.errors import Invalid
from linli.kernel.events import Code, Digest
from linli.kernel.journal import record
from linli.kernel.models import Account, CaseKey, Entry
from linli.organisations.models import Organisation, Post

TRIES = 5  # to find a number that is not taken


@dataclass(frozen=True)
class Sent:
    """What somebody sent us.

    `contact` is a channel of `kernel.Contact` and the number or address; `op_id` is the sender's
    own identifier of this one sending: the same one again gives the same receipt, not a second
    case. `captured_at` is when it was written, where that was offline.
    """

    version: ServiceVersion
    text: str
    where: Where
    answers: Mapping[str, Any] = field(default_factory=dict)
    photos: Sequence[Picture] = ()
    contact: tuple[str, str] | None = None
    language: str = "zh-hans"
    channel: Channel = Channel.WEB
    captured_at: dt.datetime | None = None
    office: Organisation | None = None
    op_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Receipt:
    """What the reporter is given: who has it, by when, the secret link, and the proof.

    `leaf` is the leaf hash of the opening record; `record_salt` goes with its bytes, `salt` with
    the statement (`cases.opening`).
    """

    case: Case
    number: str
    token: str
    owner: Post
    due_at: dt.datetime
    leaf: bytes
    record: bytes
    record_salt: bytes
    salt: bytes
    digest: bytes


def report(sent: Sent, *, by: Account | None) -> Receipt:
    """Take a case in and give the receipt. `by` is None where the reporter sent it.

    Raises Invalid `service-not-in-use`, `text-too-long`, `unknown-question`, `area-only` (a point
    was sent where the service takes none), `place-needed`, `half-a-point`, `words-needed`,
    `contact-needed`, and what `routing.route` raises.
    """
    require(may.may_take(by))
    if again := _sent_before(sent):
        return receipt(again)
    at, sent = timezone.now(), cleaned(sent)
    _check(sent, at)
    key = vault.unsaved_key()
    # Encrypting photos and writing them to the disk takes its time; nobody waits for it in line.
    kept = [photos.keep(key, picture) for picture in sent.photos]
    try:
        return receipt(_open(sent, key, kept, at, by=by))
    except IntegrityError:
        # The same sending came twice at once, and the other one was first.
        if again := _sent_before(sent):
            return receipt(again)
        raise


def cleaned(sent: Sent) -> Sent:
    """The same without invisible and turning characters, by whatever door it came."""
    words = clean_line(sent.where.words)
    answers = {code: _clean_answer(given) for code, given in sent.answers.items()}
    return replace(
        sent, text=clean(sent.text), answers=answers, where=replace(sent.where, words=words)
    )


def _clean_answer(given: Any) -> Any:
    if isinstance(given, list | tuple):
        return [_clean_answer(each) for each in given]
    return clean(given) if isinstance(given, str) else given


def _sent_before(sent: Sent) -> Case | None:
    return Case.objects.filter(op_id=sent.op_id).first() if sent.op_id else None


def _check(sent: Sent, at: dt.datetime) -> None:
    service, where = sent.version.definition, sent.where
    if sent.version.usable_from is None or sent.version.usable_from > at:
        raise invalid("service-not-in-use")
    lengths = [len(sent.text), len(where.words), *(len(str(a)) for a in sent.answers.values())]
    require(max(lengths) <= LONGEST, invalid("text-too-long"))
    known = {question.code for question in service.questions}
    require(known.issuperset(sent.answers), invalid("unknown-question"))
    _check_words(sent)
    pointed = where.lon is not None or where.place is not None
    if service.where == "area" and (pointed or where.words):
        raise Invalid("area-only", _("For this, choose only the area, please: no exact place."))
    if service.where == "exact" and not (pointed or (where.area and where.words)):
        raise Invalid("place-needed", _("Please show on the map or name the place."))
    if (where.lon is None) != (where.lat is None):
        raise invalid("half-a-point")


def _check_words(sent: Sent) -> None:
    """Help asked for another has a telephone number to call and no words; the rest has words."""
    if sent.version.definition.about != "call-back":
        require(bool(sent.text), invalid("words-needed"))
        return
    require(not sent.text and not sent.photos, invalid("unknown-question"))
    if sent.contact is None or sent.contact[0] != "phone":
        raise Invalid("contact-needed", _("We call you back: please leave a way to reach you."))


@action
def _open(
    sent: Sent, key: CaseKey, kept: Sequence[str], at: dt.datetime, *, by: Account | None
) -> Case:
    routed = _routed(sent, at)
    due = clock.due(sent.version.definition, at)
    opened = opening.opened_with(sent.text, sent.answers, [p.digest for p in sent.photos])
    key.save(force_insert=True)
    case = Case(**case_fields(sent, routed, opened, key=key, number=_free_number(), due=due, at=at))
    if sent.contact is not None:
        case.contact = contacts.keep(key, *sent.contact)
        case.contact_ref = case.contact.pk
    case.save(force_insert=True)
    Photo.objects.bulk_create(_photos(case, sent.photos, kept, at))
    Promise.objects.create(**promise_fields(case, Promise.Kind.FIRST, due, at=at))
    Routing.objects.create(**routing_fields(case, routed, by=by, at=at))
    record(opened_event(case, opened), by=by, at=at)
    record(promised_event(case, Promise.Kind.FIRST, due), by=by, at=at)
    record(events.CaseRouted(case=case.pk, post=routed.post.pk, why=routed.why), by=by, at=at)
    return case


def _routed(sent: Sent, at: dt.datetime) -> Routed:
    area = area_of(sent.where, at)
    withdrawn = area is not None and not catalogue.is_offered(sent.version, area)
    return route(
        sent.version.definition, sent.where, at=at, office=sent.office, withdrawn=withdrawn
    )


def _free_number() -> str:
    for _try in range(TRIES):
        number = numbers.new()
        if not Case.objects.filter(number=number).exists():
            return number
    raise conflict("no-number")


def _photos(
    case: Case, pictures: Sequence[Picture], kept: Sequence[str], at: dt.datetime
) -> list[Photo]:
    return [
        Photo(case=case, address=address, digest=p.digest, width=p.width, height=p.height,
              added_at=at)
        for p, address in zip(pictures, kept, strict=True)
    ]  # fmt: skip


# ------------------------------------------------ columns, as the bulk path of the demo needs them


def case_fields(
    sent: Sent,
    routed: Routed,
    opened: opening.Opening,
    *,
    key: CaseKey,
    number: str,
    due: clock.Due,
    at: dt.datetime,
) -> dict[str, Any]:
    """The columns of a new case. Locks what was written with `key`; asks the database nothing."""
    service, where = sent.version.definition, sent.where
    words = vault.lock(key, where.words, label=WHERE) if where.words else None
    return {
        "number": number,
        "op_id": sent.op_id,
        "version": sent.version,
        "public": service.public,
        "outside_chain": service.outside_chain,
        "office": sent.office if service.outside_chain else None,
        "state": State.RECEIVED,
        "channel": sent.channel,
        "language": sent.language,
        "received_at": at,
        "captured_at": min(sent.captured_at or at, at),
        "key": key,
        "text_locked": opening.lock(key, opened),
        "where_locked": words,
        "follow_digest": follow.digest(follow.token(key)),
        "lon": where.lon,
        "lat": where.lat,
        "place": where.place,
        "area": routed.area,
        "owner": routed.post,
        "first_due_at": due.at,
        "due_at": due.at,
        "next_climb_at": ladder.first_climb(due.at),
        "next_erasure_at": retention.before_agreement(service, at),
    }


def promise_fields(
    case: Case, kind: Promise.Kind, due: clock.Due, *, at: dt.datetime
) -> dict[str, Any]:
    """The columns of a promise that starts at `at`."""
    return {
        "case": case,
        "kind": kind,
        "version": case.version,
        "calendar": due.calendar,
        "edition": due.edition,
        "started_at": at,
        "due_at": due.at,
    }


def routing_fields(
    case: Case, routed: Routed, *, by: Account | None, at: dt.datetime
) -> dict[str, Any]:
    """The columns of a routing."""
    return {
        "case": case,
        "post": routed.post,
        "why": routed.why,
        "reasons": routed.reasons,
        "area": routed.area,
        "version": case.version,
        "by": by,
        "at": at,
    }


def opened_event(case: Case, opened: opening.Opening) -> events.CaseOpened:
    """The opening record of a case; that of a private service names no service and no area."""
    return events.CaseOpened(
        case=case.pk,
        number=Code(case.number),
        service=pinned.shown_code(case.version),
        area=Code(case.area.code) if case.area and case.public else None,
        channel=Channel(case.channel),
        received_at=case.received_at,
        captured_at=case.captured_at,
        photos=len(opened.photos),
        opening=Digest(opened.digest),
    )


def promised_event(case: Case, kind: Promise.Kind, due: clock.Due) -> events.CasePromised:
    """What the journal says about a promise."""
    return events.CasePromised(
        case=case.pk, kind=kind, due_at=due.at, calendar=Code(due.calendar), edition=due.edition
    )


def receipt(case: Case) -> Receipt:
    """The receipt of a case; Missing once its texts are erased."""
    opened = opening.unlock(case)
    entry = Entry.objects.get(subject_kind="case", subject=case.pk, event=events.CaseOpened.name)
    return Receipt(
        case=case,
        number=case.number,
        token=follow.token(case.key),
        owner=case.owner,
        due_at=case.first_due_at,
        leaf=bytes(entry.leaf),
        record=bytes(entry.body),
        record_salt=bytes(entry.salt),
        salt=opened.salt,
        digest=opened.digest,
    )
