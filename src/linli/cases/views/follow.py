"""The follow-up page: everything about one report, for whoever has its secret link."""

from collections.abc import Callable
from http import HTTPStatus

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases import actions, photos
from linli.cases.forms.following import Adding, Code, Erasing, Solved
from linli.cases.models import Case, Photo
from linli.cases.views.following import FollowPage, about
from linli.cases.views.tokens import case_behind, private, typed
from linli.design import switching
from linli.design.switching import keeps_words
from linli.kernel.errors import Conflict, Invalid, Missing

DONE = {
    "answer": _("Thank you. Your answer is recorded."),
    "add": _("It was added."),
    "withdraw": _("Your contact was erased."),
    "erase": _("Everything was erased."),
}
Do = Callable[[HttpRequest, str, Case], HttpResponse | None]


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def find(request: HttpRequest) -> HttpResponse:
    """Follow a report by the code on its receipt, typed."""
    form = switching.filled(Code, request)
    if form.is_valid():
        token = typed(form.cleaned_data["code"])
        try:
            case_behind(request, token)
        except Missing:
            form.add_error("code", _("There is no report with this code. Please compare it."))
        else:
            return redirect("cases:follow", token)
    status = 404 if form.errors else 200
    context = {"form": form, "switch": {"form": "find", "step": "keep", "enter": "find"}}
    return private(render(request, "cases/follow/find.html", context, status=status))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def show(request: HttpRequest, token: str) -> HttpResponse:
    """One report: how it stands, and what its reporter can do."""
    case = case_behind(request, token)
    if switching.only_reads_on(request):
        form, adding = switching.typed(Solved, request), switching.typed(Adding, request)
        return private(_page(request, token, case, form=form, adding=adding))
    do = DOES.get(request.POST.get("do") or switching.asked(request)[0])
    response = do(request, token, case) if do else None
    return private(response or _page(request, token, case))


def _page(
    request: HttpRequest, token: str, case: Case, *, done: str = "", **forms: object
) -> HttpResponse:
    page: FollowPage = about(case, token)
    enter = "answer" if page.may_answer else "add"
    words = not page.erased and (page.may_answer or page.may_add)
    context = {
        "page": page,
        "switch": {"form": "words", "step": "keep", "enter": enter} if words else None,
        "done": DONE.get(done or request.GET.get("done", "")),
        "form": Solved(),
        "adding": Adding(),
        "erasing": Erasing(),
        **forms,
    }
    wrong = any(getattr(form, "errors", None) for form in forms.values())
    return render(request, "cases/follow/case.html", context, status=400 if wrong else 200)


def _done(token: str, what: str) -> HttpResponse:
    """Back to the page, which says what was done; a reload does it no second time."""
    address = reverse("cases:follow", args=[token])
    return HttpResponseRedirect(f"{address}?done={what}", status=HTTPStatus.SEE_OTHER)


def _said_too(request: HttpRequest, *names: str) -> bool:
    """Was the other part of the page's form filled in as well? It is given back, not lost."""
    return any(request.POST.get(name, "").strip() for name in names)


def _answer(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    form, adding = Solved(request.POST), switching.typed(Adding, request)
    if not form.is_valid():
        return _page(request, token, case, form=form, adding=adding)
    act = actions.confirm if form.is_solved else actions.contest
    try:
        act(about(case, token).acted_on, said=form.said(), token=token)
    except Conflict as error:
        form.add_error(None, str(error.message))
        return _page(request, token, case, form=form, adding=adding)
    if _said_too(request, "more"):
        return _page(request, token, case_behind(request, token), done="answer", adding=adding)
    return _done(token, "answer")


def _add(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    form, answer = Adding(request.POST, request.FILES), switching.typed(Solved, request)
    if form.is_valid():
        try:
            cleaned = form.cleaned_data
            words, pictures = cleaned["more"], cleaned["photos"]
            actions.add_to_report(case, token=token, words=words, pictures=pictures)
        except (Conflict, Invalid) as error:
            form.add_error(None, str(error.message))
        else:
            if _said_too(request, "solved", "words"):
                return _page(request, token, case_behind(request, token), done="add", form=answer)
            return _done(token, "add")
    return _page(request, token, case, form=answer, adding=form)


def _withdraw(_request: HttpRequest, token: str, case: Case) -> HttpResponse:
    actions.withdraw_contact(case, token=token)
    return _done(token, "withdraw")


def _erase(request: HttpRequest, token: str, case: Case) -> HttpResponse:
    form = Erasing(request.POST)
    if not form.is_valid():
        return _page(request, token, case, erasing=form)
    actions.erase_report(case, token=token)
    return _done(token, "erase")


DOES: dict[str, Do] = {
    "answer": _answer,
    "add": _add,
    "withdraw": _withdraw,
    "erase": _erase,
}


@never_cache
@require_safe
def photo(request: HttpRequest, token: str, number: int) -> HttpResponse:
    """A photo of a report: the reporter's own, or one of the result."""
    case = case_behind(request, token)
    own = Q(case=case, kind=Photo.Kind.REPORT)
    result = Q(case=about(case, token).acted_on, kind=Photo.Kind.RESULT, cleared_at__isnull=False)
    row = Photo.objects.filter(own | result, pk=number).select_related("case__key").first()
    if row is None:
        raise Missing()
    return private(jpeg(photos.fetch(row.case.key, row.address)))


def jpeg(data: bytes) -> HttpResponse:
    """A photo as a response that can be nothing but a picture."""
    response = HttpResponse(data, content_type="image/jpeg")
    response["Content-Disposition"] = 'inline; filename="photo.jpg"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    return response
