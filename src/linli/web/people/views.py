"""People: a list, one account, and what an administrator may do with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.design.switching import filled, keeps_words
from linli.kernel import accounts, rules
from linli.kernel.actions import require
from linli.kernel.errors import Conflict, Invalid, Missing
from linli.kernel.models import Account
from linli.web.people.forms import Names, OpenAccount

ON_A_PAGE = 50
SWITCH = {"form": "account", "step": "keep", "enter": "send"}  # components/languages.html


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """All accounts, by sign-in name; searched by name."""
    by = _by(request)
    require(rules.may_manage_accounts(by))
    rows = _found(rules.accounts_visible_to(by), request.GET)
    page = Paginator(rows.order_by("username"), ON_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "web/people/people.html", {"page": page, "kinds": Account.Kind.choices})


def _found(rows: QuerySet[Account], wanted: Any) -> QuerySet[Account]:
    words = str(wanted.get("q", "")).strip()[:60]
    if words:
        name = Q(username__icontains=words)
        for key in ("zh", "bo", "en"):
            name |= Q(**{f"names__{key}__icontains": words})
        rows = rows.filter(name)
    if wanted.get("kind") in Account.Kind.values:
        rows = rows.filter(kind=wanted["kind"])
    if wanted.get("state") in ("open", "closed"):
        rows = rows.filter(is_active=wanted["state"] == "open")
    return rows


@login_required
@never_cache
@keeps_words
def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account and hand over the link on which its owner chooses a password."""
    by = _by(request)
    require(rules.may_manage_accounts(by))
    form = filled(OpenAccount, request)
    if form.is_valid() and (account := _opened(form, by)):
        return _link(request, account, accounts.make_link(account, by=by))
    return render(request, "web/people/open.html", {"form": form, "switch": SWITCH})


def _opened(form: OpenAccount, by: Account) -> Account | None:
    data = form.cleaned_data
    try:
        return accounts.open_account(
            data["username"], form.names(), by=by, kind=data["kind"], language=data["language"]
        )
    except Invalid as error:
        for field, text in error.fields.items():
            form.add_error("zh" if field == "names" else field, text)
        return None


@login_required
@never_cache
@keeps_words
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """One account, and its names to be corrected. Only administrators see it."""
    by = _by(request)
    require(rules.may_manage_accounts(by))
    account = _account(pk)
    form = filled(Names, request, initial=account.names)
    if form.is_valid() and _renamed(form, account, by):
        messages.success(request, _("Kept."))
        return redirect("people:person", pk)
    context = {
        "account": account,
        "form": form,
        "factors": accounts.second_factors(account),
        "own": account == by,
        "switch": SWITCH,
    }
    return render(request, "web/people/person.html", context)


def _renamed(form: Names, account: Account, by: Account) -> bool:
    try:
        accounts.rename_account(account, form.names(), by=by)
    except Invalid as error:
        form.add_error("zh", str(error.fields["names"]))
        return False
    return True


@login_required
@require_POST
@never_cache
def change(request: HttpRequest, pk: int, what: str) -> HttpResponse:
    """Do one thing with an account: close, reopen, link, reset, promote, demote."""
    by, account = _by(request), _account(pk)
    require(what in CHANGES, Missing())
    try:
        token = CHANGES[what](account, by)
    except Conflict as error:
        messages.error(request, str(error.message))
        return redirect("people:person", pk)
    if token:
        account.refresh_from_db()
        return _link(request, account, token)
    messages.success(request, _("Done."))
    return redirect("people:person", pk)


CHANGES: dict[str, Callable[[Account, Account], str | None]] = {
    "close": lambda account, by: accounts.close_account(account, by=by),
    "reopen": lambda account, by: accounts.reopen_account(account, by=by),
    "link": lambda account, by: accounts.make_link(account, by=by),
    "reset": lambda account, by: accounts.reset_second_factor(account, by=by),
    "promote": lambda account, by: accounts.set_administrator(account, True, by=by),
    "demote": lambda account, by: accounts.set_administrator(account, False, by=by),
}


def _link(request: HttpRequest, account: Account, token: str) -> HttpResponse:
    """The link, shown in this one answer and nowhere else."""
    address = request.build_absolute_uri(reverse("password_link", args=[account.pk, token]))
    return render(request, "web/people/link.html", {"account": account, "address": address})


def _account(pk: int) -> Account:
    account = Account.objects.filter(pk=pk).first()
    if account is None:
        raise Missing()
    return account


def _by(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)
    return account
