"""Pages on which posts are staffed."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.design.switching import filled, keeps_words
from linli.kernel.actions import require
from linli.kernel.errors import LinliError, Missing
from linli.kernel.models import Account
from linli.organisations import actions, rules
from linli.organisations.forms import AbsenceForm, AnsweringForm, AppointForm, OfficeForm
from linli.organisations.models import Absence, Answering, Holding, Post
from linli.organisations.queries import during, not_over


@login_required
def posts(request: HttpRequest) -> HttpResponse:
    """The posts that somebody may staff, and their own, with a search by name or code."""
    by = _account(request)
    words = request.GET.get("q", "").strip()[:60]
    rows = rules.readable_by(by).select_related("organisation").order_by("code")
    if words:
        named = Q(code__icontains=words) | Q(names__zh__icontains=words)
        rows = rows.filter(named | Q(names__bo__icontains=words) | Q(names__en__icontains=words))
    page = Paginator(rows, 50).get_page(request.GET.get("page"))
    return render(request, "organisations/posts.html", {"page": page, "words": words})


@login_required
def post(request: HttpRequest, pk: int) -> HttpResponse:
    """One post: what it answers for, who holds it, how the public reaches it."""
    by = _account(request)
    return _page(request, _post(by, pk), by)


def _page(
    request: HttpRequest, row: Post, by: Account, forms: dict[str, Form] | None = None
) -> HttpResponse:
    holdings = Holding.objects.filter(during(), post=row).select_related("account")
    away = dict(
        Absence.objects.filter(holding__in=holdings, until__gt=timezone.now()).values_list(
            "holding", "until"
        )
    )
    office = OfficeForm(initial={"phone": row.phone, **row.counter})
    context = {
        "post": row,
        "page_address": reverse("organisations:post", args=[row.pk]),
        "holdings": [
            {"row": h, "away": away.get(h.pk), "may": rules.may_set_absence(by, h)}
            for h in holdings.order_by("deputy", "since")
        ],
        "answerings": _answerings(row, by),
        "may_staff": rules.may_staff(by, row),
        "may_arrange": rules.may_arrange(by),
        "appoint_form": AppointForm(),
        "absence_form": AbsenceForm(),
        "answer_form": AnsweringForm(),
        "office_form": office,
        **(forms or {}),
    }
    return render(request, "organisations/post.html", context)


def _answerings(row: Post, by: Account) -> list[dict[str, object]]:
    """What the post answers for, and from a day to come will; whether the reader may end it."""
    rows = Answering.objects.filter(not_over(), post=row).select_related("duty", "area__level")
    now = timezone.now()
    return [
        {"row": a, "coming": a.since > now, "may": rules.may_give(by, row, a.duty, a.area)}
        for a in rows.order_by("duty__position", "area__path")
    ]


@login_required
@require_POST
@keeps_words
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the post to somebody."""
    by, form = _account(request), filled(AppointForm, request)
    row = _post(by, pk)
    if form.is_valid():
        account, deputy = form.cleaned_data["username"], form.cleaned_data["deputy"]
        return _done(request, row, lambda: actions.appoint(account, to=row, deputy=deputy, by=by))
    return _page(request, row, by, {"appoint_form": form})


@login_required
@require_POST
@keeps_words
def answer_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the post answer for a duty in an area."""
    by, form = _account(request), filled(AnsweringForm, request)
    row = _post(by, pk)
    if form.is_valid():
        duty, area = form.cleaned_data["duty"], form.cleaned_data["area"]
        return _done(request, row, lambda: actions.answer_for(row, duty=duty, area=area, by=by))
    return _page(request, row, by, {"answer_form": form})


@login_required
@require_POST
@keeps_words
def office(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the public telephone and counter."""
    by, form = _account(request), filled(OfficeForm, request)
    row = _post(by, pk)
    if form.is_valid():
        phone, counter = form.cleaned_data["phone"], form.counter()
        return _done(
            request,
            row,
            lambda: actions.set_office_contact(row, phone=phone, counter=counter, by=by),
        )
    return _page(request, row, by, {"office_form": form})


@login_required
@require_POST
def relieve(request: HttpRequest, pk: int) -> HttpResponse:
    """End a holding."""
    by, holding = _account(request), _holding(request, pk)
    return _done(request, holding.post, lambda: actions.relieve(holding, by=by))


@login_required
@require_POST
def absent(request: HttpRequest, pk: int) -> HttpResponse:
    """A holder is away until a day."""
    by, holding, form = _account(request), _holding(request, pk), AbsenceForm(request.POST)
    if form.is_valid():
        until = form.moment()
        return _done(request, holding.post, lambda: actions.set_absent(holding, until=until, by=by))
    return _page(request, holding.post, by, {"absence_form": form})


@login_required
@require_POST
def back(request: HttpRequest, pk: int) -> HttpResponse:
    """A holder is back."""
    by, holding = _account(request), _holding(request, pk)
    return _done(request, holding.post, lambda: actions.end_absence(holding, by=by))


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """The post no longer answers for this."""
    by = _account(request)
    answering = Answering.objects.select_related("post").filter(pk=pk).first()
    if answering is None or not rules.may_read_post(by, answering.post):
        raise Missing()
    return _done(request, answering.post, lambda: actions.stop_answering(answering, by=by))


def _done(request: HttpRequest, row: Post, act: Callable[[], object]) -> HttpResponse:
    """Act, say how it went, and go back to the post's page."""
    try:
        act()
    except LinliError as error:
        if isinstance(error, Missing):
            raise
        text = " ".join(str(value) for value in error.fields.values()) or error.message
        messages.error(request, str(text))
    else:
        messages.success(request, _("Done."))
    return redirect("organisations:post", pk=row.pk)


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _post(by: Account, pk: int) -> Post:
    row = rules.readable_by(by).select_related("organisation", "team").filter(pk=pk).first()
    require(row is not None)
    assert row is not None
    return row


def _holding(request: HttpRequest, pk: int) -> Holding:
    by = _account(request)
    row = Holding.objects.select_related("post").filter(pk=pk).first()
    if row is None or not rules.may_set_absence(by, row):
        raise Missing()
    return row
