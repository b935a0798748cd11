"""The planners' desk of comments: read, show or not, answer, erase."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.design import switching
from linli.design.switching import keeps_words
from linli.kernel.errors import LinliError, Missing
from linli.kernel.models import Account
from linli.territory import following, picture, rules
from linli.territory.actions import comments
from linli.territory.forms.comments import Answering, Reading
from linli.territory.models import Comment, CommentState, Plan
from linli.territory.views.studio.access import trail_of

A_PAGE = 20


@login_required
@never_cache
@require_safe
def listed(request: HttpRequest, pk: int) -> HttpResponse:
    """The comments on a plan by how they stand, the oldest first; those not read yet by default.

    With the words that everybody reads; what was written is opened on the page of each.
    """
    by = _account(request)
    plan = rules.plans_plannable_by(by).filter(pk=pk).first()
    if plan is None:
        raise Missing()
    rows = rules.comments_visible_to(by).filter(plan=plan)
    counted = dict(rows.order_by().values_list("state").annotate(Count("pk")))
    state = request.GET.get("state", "")
    state = state if state in CommentState.values else CommentState.WAITING
    page = Paginator(rows.filter(state=state).order_by("pk"), A_PAGE).get_page(
        request.GET.get("page")
    )
    names = _names(plan, {row.grid for row in page})
    context = {
        "plan": plan,
        "trail": trail_of(plan),
        "tabs": [
            {"state": value, "text": text, "count": counted.get(value, 0), "now": value == state}
            for value, text in CommentState.choices
        ],
        "page": page,
        "followers": following.counted(plan),
        "lines": [{"row": row, "grid_name": names.get(row.grid, row.grid)} for row in page],
    }
    return render(request, "territory/desk_comments.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def one(request: HttpRequest, pk: int, comment: int) -> HttpResponse:
    """One comment and what can be done with it; whoever opens it stands in the journal."""
    by = _account(request)
    row = _comment(by, pk, comment)
    step = switching.asked(request)[0]
    reading = _filled(Reading, request, step in ("show", "keep"))
    answering = _filled(Answering, request, step in ("answer", "keep"))
    acts = request.method == "POST" and not switching.only_reads_on(request)
    if acts and (done := _do(request, step, row, reading, answering, by)):
        return done
    text = comments.look(row, by=by)
    reading.initial = {"public_text": row.public_text or text, **reading.initial}
    answering.initial = {"answer": row.answer, **answering.initial}
    there = reverse("territory:desk-comments", args=[pk])
    context = {
        "row": row,
        "plan": row.plan,
        "trail": [*trail_of(row.plan), {"href": there, "text": _("Comments")}],
        "grid_name": _names(row.plan, {row.grid}).get(row.grid, row.grid),
        "text": text,
        "reading": reading,
        "answering": answering,
        "gone": row.key.destroyed_at is not None,
        "shown": row.state == CommentState.RELEASED,
        "open": row.state != CommentState.ERASED,
    }
    wrong = reading.errors or answering.errors
    return render(request, "territory/desk_comment.html", context, status=400 if wrong else 200)


def _filled(kind: type[switching.Filled], request: HttpRequest, mine: bool) -> switching.Filled:
    return switching.filled(kind, request) if mine else kind()


def _do(
    request: HttpRequest,
    step: str,
    row: Comment,
    reading: Reading,
    answering: Answering,
    by: Account,
) -> HttpResponse | None:
    if step == "show" and reading.is_valid():
        shown = reading.cleaned_data["public_text"]
        return _done(
            request, row, lambda: comments.read(row, release=True, public_text=shown, by=by)
        )
    if step == "hide":
        return _done(request, row, lambda: comments.read(row, release=False, by=by))
    if step == "answer" and answering.is_valid():
        said = answering.cleaned_data["answer"]
        return _done(request, row, lambda: comments.answer(row, text=said, by=by))
    if step == "erase" and request.POST.get("sure"):
        return _done(request, row, lambda: comments.erase(row, by=by))
    return None


def _done(request: HttpRequest, row: Comment, act: Callable[[], object]) -> HttpResponse:
    try:
        act()
    except Missing:
        raise
    except LinliError as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("Done."))
    return redirect("territory:desk-comment", pk=row.plan_id, comment=row.pk)


def _comment(by: Account, plan: int, pk: int) -> Comment:
    rows = rules.comments_visible_to(by).select_related("key", "plan__area", "contact")
    row = rows.filter(plan=plan, pk=pk).first()
    if row is None:
        raise Missing()
    return row


def _names(plan: Plan, codes: set[str]) -> dict[str, str]:
    return {one.code: picture.grid_name(one) for one in plan.grids.filter(code__in=codes)}


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


urls = [
    path("desk/grids/<int:pk>/comments/", listed, name="desk-comments"),
    path("desk/grids/<int:pk>/comments/<int:comment>/", one, name="desk-comment"),
]
