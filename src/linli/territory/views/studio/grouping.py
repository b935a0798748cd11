"""Neighbour groups of a draft: drawn from a file of households that is read once, and dropped."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import LinliError, Missing
from linli.kernel.models import Account
from linli.territory import picture
from linli.territory.actions import grouping
from linli.territory.as_areas import Drawn
from linli.territory.forms.importing import GroupsForm
from linli.territory.groups import Groups, groups_in
from linli.territory.models import Plan, PlanState
from linli.territory.problems import Problem, Refused
from linli.territory.views.studio.access import plan_of, trail_of
from linli.territory.views.studio.changes import Listed, of_torn_groups
from linli.territory.views.studio.doing import seen

PAGE = 20
MOST = 50_000  # households of a file that is divided while somebody waits


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The groups that a plan brings along, by grid; a draft gets them from a file."""
    plan, by = plan_of(request, pk)
    form = filled(GroupsForm, request)
    problems: list[Problem] = []
    if request.method == "POST" and not only_reads_on(request) and form.is_valid():
        try:
            _tell(request, *_drawn(plan, form.cleaned_data["file"], by))
        except Refused as refused:
            problems = refused.problems
        except LinliError as error:
            if isinstance(error, Missing):
                raise
            form.add_error("file", str(error.message))
        else:
            return redirect("territory:desk-groups", pk=pk)
    status = 400 if problems or (form.is_bound and form.errors) else 200
    context = {
        "plan": plan,
        "form": form,
        "problems": problems,
        "draft": plan.state == PlanState.DRAFT,
        "switch": {"form": "groups", "step": "keep", "enter": "send"},
        "trail": trail_of(plan),
        "torn": _torn(plan),
        **_listed(request, plan),
    }
    return render(request, "territory/desk_groups.html", context, status=status)


def _torn(plan: Plan) -> dict[str, Listed]:
    """What a draft would do to groups of today over which its borders run; none where nothing."""
    grids = plan.grids.order_by()
    if plan.state != PlanState.DRAFT or not grids.exists() or grids.filter(wkb=b"").exists():
        return {}
    found = of_torn_groups(plan, Drawn(plan).torn)
    return found if any(listed.all for listed in found.values()) else {}


def _drawn(plan: Plan, file: TemporaryUploadedFile, by: Account) -> tuple[int, Groups]:
    found = groups_in(plan, Path(file.temporary_file_path()), most=MOST)
    return grouping.draw(plan, found, by=by), found


def _tell(request: HttpRequest, count: int, found: Groups) -> None:
    said = [
        (count, ngettext("%(n)s group was drawn.", "%(n)s groups were drawn.", count)),
        (
            found.outside,
            ngettext(
                "%(n)s household lies in no grid of this plan.",
                "%(n)s households lie in no grid of this plan.",
                found.outside,
            ),
        ),
        (
            found.few,
            ngettext(
                "%(n)s grid has fewer than ten households of the file; its groups stay as today.",
                "%(n)s grids have fewer than ten households of the file; their groups stay as "
                "today.",
                found.few,
            ),
        ),
        (
            found.larger,
            ngettext(
                "%(n)s group has more than twenty households: smaller ones would have fewer than "
                "ten, or give dwellings away.",
                "%(n)s groups have more than twenty households: smaller ones would have fewer than "
                "ten, or give dwellings away.",
                found.larger,
            ),
        ),
    ]
    for n, words in said:
        if n:
            messages.success(request, words % {"n": number_format(n, force_grouping=True)})


def _listed(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """The grids with groups, and the map of the groups of one of them."""
    counts = dict(plan.groups.order_by().values_list("grid").annotate(Count("pk")))
    grids = list(plan.grids.filter(code__in=counts).order_by("code").defer("wkb"))
    number = request.GET.get("page", "1")
    page = Paginator(grids, PAGE).get_page(number if len(number) < 6 else "1")
    asked = request.GET.get("grid", "")[:40]
    chosen = next((grid for grid in grids if grid.code == asked), None)
    return {
        "all": sum(counts.values()),
        "page": page,
        "rows": [
            {"grid": one, "name": picture.grid_name(one), "count": counts[one.code]} for one in page
        ],
        "chosen": chosen,
        "chosen_name": picture.grid_name(chosen) if chosen else "",
        "drawing": picture.draw_groups(plan, chosen.code) if chosen else None,
    }


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """The draft brings no groups along any more."""
    plan, by = plan_of(request, pk)
    try:
        grouping.drop(plan, by=by, revision=seen(request, plan))
    except LinliError as error:
        if isinstance(error, Missing):
            raise
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The groups are dropped. Those of today go on."))
    return redirect("territory:desk-groups", pk=pk)


urls = [
    path("desk/grids/<int:pk>/groups/", show, name="desk-groups"),
    path("desk/grids/<int:pk>/groups/drop/", drop, name="desk-groups-drop"),
]
