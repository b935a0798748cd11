"""Pages of the catalogue: what may be asked for, what is proposed, and the administrator's desk."""

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.cases.actions import catalogue as actions
from linli.cases.catalogue import queries, rules, showing
from linli.cases.catalogue.problems import Problem
from linli.cases.catalogue.validator import FILE_BYTES
from linli.cases.models.catalogue import Proposal, Service
from linli.kernel.actions import require
from linli.kernel.errors import Invalid, LinliError, Missing
from linli.kernel.languages import key
from linli.kernel.models import Account

FILES = 100
UPLOAD_BYTES = FILES * FILE_BYTES


@require_safe
def services(request: HttpRequest) -> HttpResponse:
    """Everything that may be asked for, what each asks, and by when somebody answers."""
    versions = sorted(queries.current_versions(), key=queries.catalogue_order)
    context = {"groups": showing.grouped(versions), "draft": _draft(), "waiting": _waiting()}
    return render(request, "cases/services/list.html", context)


@require_safe
def proposed(request: HttpRequest) -> HttpResponse:
    """New questions that wait for a second person and their seven days."""
    return render(request, "cases/services/proposed.html", {"proposals": showing.proposals()})


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Switch services per area, second proposals, publish files, clear draft marks."""
    _keeper(request)
    return _desk(request, request.GET.get("area", ""))


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Offer or stop offering a service in an area."""
    by = _keeper(request)
    area, code = _area(request.POST.get("area", "")), request.POST.get("service", "")
    service = Service.objects.filter(code=code).first()
    if area is None or service is None:
        raise Missing()
    enabled = request.POST.get("enabled") == "1"
    return _done(
        request, lambda: actions.switch(service, area, enabled=enabled, by=by), area=area.code
    )


@login_required
@require_POST
def second(request: HttpRequest, pk: int) -> HttpResponse:
    """Agree to a proposal."""
    by, proposal = _keeper(request), _proposal(pk)
    return _done(request, lambda: actions.second(proposal, by=by))


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a proposal back."""
    by, proposal = _keeper(request), _proposal(pk)
    return _done(request, lambda: actions.withdraw(proposal, by=by))


@login_required
@require_POST
def clear_draft(request: HttpRequest, language: str) -> HttpResponse:
    """Say that a native speaker has read a language's texts."""
    by = _keeper(request)
    return _done(request, lambda: actions.clear_draft(language, by=by))


@csrf_exempt  # only until the handler is chosen: `_upload` checks the token
@login_required
@require_POST
def upload(request: HttpRequest) -> HttpResponse:
    """Publish service files from the administrator's machine; all of them or none."""
    _keeper(request)
    if int(request.META.get("CONTENT_LENGTH") or 0) > UPLOAD_BYTES:
        raise Invalid("too-big", _("That is too much at once; send fewer files."))
    # The usual handler is made for photos and keeps only a few files.
    request.upload_handlers = [TemporaryFileUploadHandler(request)]
    return _upload(request)


@csrf_protect
def _upload(request: HttpRequest) -> HttpResponse:
    by = _keeper(request)
    sent = request.FILES.getlist("files")[:FILES]
    # One byte more than allowed is enough for the validator to say that it is too much.
    files = {(file.name or "?")[:80]: file.read(FILE_BYTES + 1) for file in sent}
    if not files:
        messages.error(request, _("Choose at least one file."))
        return redirect("services:desk")
    try:
        outcomes = actions.publish(files, by=by)
    except actions.Refused as refused:
        return _desk(request, "", refused.problems, status=400)
    except LinliError as error:
        messages.error(request, str(error.message))
        return redirect("services:desk")
    for outcome in outcomes:
        messages.success(request, _said(outcome))
    return redirect("services:desk")


def _desk(
    request: HttpRequest,
    code: str,
    problems: Mapping[str, list[Problem]] | None = None,
    status: int = 200,
) -> HttpResponse:
    area = _area(code) or areas.roots().first()
    context = {
        "area": area,
        "above": list(reversed(areas.ancestors(area))) if area else [],
        "below": areas.children(area) if area else [],
        "lines": showing.switches(area) if area else [],
        "proposals": showing.proposals(),
        "drafts": queries.drafts(),
        "problems": dict(problems or {}),
    }
    return render(request, "cases/services/desk.html", context, status=status)


def _said(outcome: actions.Outcome) -> str:
    texts = {
        actions.State.UNCHANGED: _("{code}: unchanged, still version {number}."),
        actions.State.PUBLISHED: _("{code}: published as version {number}."),
        actions.State.WAITING: _("{code}: version {number} waits for a second person and 7 days."),
    }
    return texts[outcome.state].format(code=outcome.code, number=outcome.number)


def _done(request: HttpRequest, act: Callable[[], object], area: str = "") -> HttpResponse:
    try:
        act()
        messages.success(request, _("Done."))
    except actions.Refused as refused:
        found = [problem.message for row in refused.problems.values() for problem in row]
        messages.error(request, " ".join(dict.fromkeys(found)))
    except Missing:
        raise
    except LinliError as error:
        messages.error(request, str(error.message))
    answer = redirect("services:desk")
    if area:
        answer["Location"] += "?" + urlencode({"area": area})
    return answer


def _keeper(request: HttpRequest) -> Account:
    by = request.user
    assert isinstance(by, Account)
    require(rules.may_keep_catalogue(by))
    return by


def _proposal(pk: int) -> Proposal:
    found = Proposal.objects.filter(pk=pk).first()
    if found is None:
        raise Missing()
    return found


def _area(code: str) -> Area | None:
    return areas.by_code(code[:40]) if code and "\0" not in code else None


def _draft() -> bool:
    return key() in queries.drafts()


def _waiting() -> int:
    return queries.waiting().count()
