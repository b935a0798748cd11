"""What staff can do with a case: each verb with its form, who may, and the action it calls."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.cases import actions, numbers, photos
from linli.cases import rules as may
from linli.cases.actions import Said
from linli.cases.forms import desk as forms
from linli.cases.models import (
    LIVE,
    RUNNING,
    Authority,
    Case,
    DeclineReason,
    Merge,
    PauseReason,
    State,
    Update,
)
from linli.kernel.errors import Missing
from linli.kernel.models import Account

Cleaned = Mapping[str, Any]


@dataclass(frozen=True)
class Verb:
    """One thing to do. `kind` is the look of its button; `group` where it stands on the page."""

    name: str
    title: Promise
    form: type[forms.VerbForm]
    may: Callable[[Account, Case], bool]
    do: Callable[[Case, Cleaned, Account], object]
    group: str = "more"
    kind: str = "secondary"
    icon: str = ""


def _revision(cleaned: Cleaned) -> dict[str, Any]:
    return {"revision": cleaned.get("revision")}


def _triage(case: Case, cleaned: Cleaned, by: Account) -> object:
    return actions.triage(
        case,
        by=by,
        public_text=cleaned.get("public_text", ""),
        publish=cleaned.get("publish", False),
        **_revision(cleaned),
    )


def _pause(case: Case, cleaned: Cleaned, by: Account) -> object:
    day: dt.date = cleaned["until"]
    until = timezone.make_aware(dt.datetime.combine(day, dt.time(23, 59)))
    reason = PauseReason(cleaned["reason"])
    return actions.pause(
        case, reason=reason, words=cleaned["words"], until=until, by=by, **_revision(cleaned)
    )


def _resolve(case: Case, cleaned: Cleaned, by: Account) -> object:
    picture = photos.prepare_all([cleaned["photo"]])[0] if cleaned.get("photo") else None
    return actions.resolve(case, words=cleaned["words"], photo=picture, by=by, **_revision(cleaned))


def _said(cleaned: Cleaned) -> Said:
    return Said(cleaned["words"], cleaned["satisfaction"], cleaned["theirs"])


def _merge(case: Case, cleaned: Cleaned, by: Account) -> object:
    number = numbers.read(cleaned["into"])
    into = may.visible_to(by).filter(number=number).first() if number else None
    if into is None:
        raise Missing("no-such-case", _("No case that you may see has this number."))
    return actions.merge(case, into=into, by=by, **_revision(cleaned))


def _merged(case: Case) -> Merge | None:
    return Merge.objects.filter(case=case, undone_at=None).select_related("into").first()


def _may_unmerge(by: Account, case: Case) -> bool:
    row = _merged(case) if case.state == State.MERGED else None
    return row is not None and may.may_merge(by, case, row.into)


VERBS = (
    Verb(
        "triage", _("Release it"), forms.TriageForm,
        lambda by, case: may.may_triage(by, case)
        and case.triaged_at is None and case.state in (*LIVE, State.CLOSED),
        _triage, group="first", kind="primary", icon="check",
    ),
    Verb(
        "text", _("Change the public text"), forms.TriageForm,
        lambda by, case: may.may_triage(by, case) and case.public
        and case.triaged_at is not None and case.state in (*LIVE, State.CLOSED),
        _triage,
    ),
    Verb(
        "resolve", _("Say that it is done"), forms.ResolveForm, may.may_resolve,
        _resolve, group="first", kind="primary", icon="check-circle",
    ),
    Verb(
        "update", _("Tell the reporter"), forms.UpdateForm,
        lambda by, case: may.may_add_update(by, case) and case.state in LIVE,
        lambda case, c, by: actions.add_update(
            case, words=c["words"], kind=Update.Kind(c["kind"]), by=by
        ),
        group="first", icon="chat",
    ),
    Verb(
        "note", _("Note for colleagues"), forms.NoteForm, may.may_add_note,
        lambda case, c, by: actions.add_note(case, words=c["words"], by=by),
        group="first", icon="edit",
    ),
    Verb(
        "assign", _("Give it to a post"), forms.PostForm, may.may_assign,
        lambda case, c, by: actions.assign(case, to=c["post"], by=by, **_revision(c)),
        group="owner", icon="swap",
    ),
    Verb(
        "offer", _("Offer it to another post"), forms.OfferForm, may.may_offer,
        lambda case, c, by: actions.offer(
            case, to=c["post"], words=c["words"], by=by, **_revision(c)
        ),
        group="owner", icon="swap",
    ),
    Verb(
        "support", _("Ask a unit to help"), forms.SupportForm, may.may_support,
        lambda case, c, by: actions.support(
            case, to=c["post"], task=c["task"], by=by, **_revision(c)
        ),
        group="owner", icon="people",
    ),
    Verb(
        "service", _("Correct the service"), forms.ServiceForm, may.may_change_service,
        lambda case, c, by: actions.change_service(case, to=c["service"], by=by, **_revision(c)),
        group="owner",
    ),
    Verb(
        "pause", _("Pause"), forms.PauseForm,
        lambda by, case: may.may_pause(by, case) and case.state != State.PAUSED,
        _pause, icon="pause",
    ),
    Verb(
        "resume", _("Resume"), forms.VerbForm,
        lambda by, case: may.may_pause(by, case) and case.state == State.PAUSED,
        lambda case, c, by: actions.resume(case, by=by, **_revision(c)),
        group="first", kind="primary",
    ),
    Verb(
        "decline", _("Decline with a reason"), forms.DeclineForm, may.may_decline,
        lambda case, c, by: actions.decline(
            case, reason=DeclineReason(c["reason"]), words=c["words"], by=by, **_revision(c)
        ),
    ),
    Verb(
        "agree", _("The person concerned agrees"), forms.VerbForm,
        lambda by, case: may.may_agree(by, case) and case.agreed_at is None
        and case.version.definition.about == "call-back",
        lambda case, c, by: actions.agree(case, by=by, **_revision(c)),
    ),
    Verb(
        "confirm", _("The reporter says: solved"), forms.ReporterForm,
        lambda by, case: may.may_answer_for_reporter(by, case) and case.state == State.RESOLVED,
        lambda case, c, by: actions.confirm(case, said=_said(c), by=by),
        group="first",
    ),
    Verb(
        "contest", _("The reporter says: not solved"), forms.ReporterForm,
        lambda by, case: may.may_answer_for_reporter(by, case)
        and case.state in (State.RESOLVED, State.DECLINED),
        lambda case, c, by: actions.contest(case, said=_said(c), by=by),
        group="first",
    ),
    Verb(
        "merge", _("Put together with another case"), forms.MergeForm,
        lambda by, case: may.leads(by, case) and case.public and case.state in LIVE,
        _merge,
    ),
    Verb(
        "unmerge", _("Take apart again"), forms.VerbForm, _may_unmerge,
        lambda case, _c, by: actions.unmerge(case, by=by), group="first",
    ),
    Verb(
        "accusing", _("It accuses a private person"), forms.AccusingForm,
        lambda by, case: may.may_mark_accusing(by, case) and case.state in RUNNING,
        lambda case, c, by: actions.mark_accusing(
            case, authority=Authority(c["authority"]), by=by, **_revision(c)
        ),
        kind="danger",
    ),
)  # fmt: skip
BY_NAME = {verb.name: verb for verb in VERBS}


def allowed(by: Account, case: Case) -> list[Verb]:
    """What this person may do with the case as it stands."""
    return [verb for verb in VERBS if verb.may(by, case)]
