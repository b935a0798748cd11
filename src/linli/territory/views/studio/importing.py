"""Settlements from a file that a planner sends: all of them, or none and what is wrong."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import TemporaryUploadedFile
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format, number_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import LinliError, Missing
from linli.kernel.languages import in_each
from linli.kernel.models import Account
from linli.territory import rules
from linli.territory.actions import plans
from linli.territory.forms.importing import ImportForm
from linli.territory.imports import Workload, import_file
from linli.territory.models import Gazetteer, Plan, PlanState
from linli.territory.problems import Problem, Refused
from linli.territory.views.studio.access import planner

LEVELS = ("prefecture", "county")  # below what somebody plans, plans are made for these


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def load(request: HttpRequest) -> HttpResponse:
    """Import a file, and go on to a plan of it."""
    by = planner(request)
    form = filled(ImportForm, request)
    form.fields["area"].queryset = _areas(by)  # type: ignore[attr-defined]
    problems: list[Problem] = []
    if request.method == "POST" and not only_reads_on(request) and form.is_valid():
        try:
            made = _imported(form.cleaned_data, by)
        except Refused as refused:
            problems = refused.problems
        except LinliError as error:
            if isinstance(error, Missing):
                raise
            form.add_error("file", str(error.message))
        else:
            _tell(request, made)
            if form.cleaned_data["stock"]:
                _take_stock(request, made, by)
            return redirect("territory:desk-begin")
    context: dict[str, Any] = {
        "form": form,
        "problems": problems,
        "switch": {"form": "import", "step": "keep", "enter": "send"},
        "trail": [{"href": reverse("territory:desk-list"), "text": _("Service grids")}],
    }
    status = 400 if problems or (form.is_bound and form.errors) else 200
    return render(request, "territory/desk_import.html", context, status=status)


def _areas(by: Account) -> QuerySet[Area]:
    """What somebody plans, and the prefectures and counties below."""
    found = Q(pk__in=())
    for own in rules.planned_areas(by):
        found |= Q(code=own.code) | (below(own.path) & Q(level__code__in=LEVELS))
    rows = Area.objects.current().filter(found).select_related("level")
    return rows.order_by("level__depth", "path")


def _imported(said: dict[str, Any], by: Account) -> Gazetteer:
    beside = said["neighbours"]
    return import_file(
        _on_disk(said["file"]), said["area"], source=Workload(said["source"]),
        base=said["base"] or 1.0, layer=said["layer"],
        neighbours=_on_disk(beside) if beside else None, by=by,
    )  # fmt: skip


def _on_disk(file: Any) -> Path:
    assert isinstance(file, TemporaryUploadedFile)  # the handler of uploads writes to the disk
    return Path(file.temporary_file_path())


def _tell(request: HttpRequest, made: Gazetteer) -> None:
    many = number_format(made.settlements, force_grouping=True)
    words = ngettext(
        "%(n)s settlement was imported.", "%(n)s settlements were imported.", made.settlements
    )
    messages.success(request, words % {"n": many})
    if made.left_out:
        words = ngettext(
            "%(n)s of fewer than eleven households was counted and not stored.",
            "%(n)s of fewer than eleven households were counted and not stored.",
            made.left_out,
        )
        messages.info(request, words % {"n": number_format(made.left_out, force_grouping=True)})


def _take_stock(request: HttpRequest, made: Gazetteer, by: Account) -> None:
    """The grids of today as a plan, where none of this area is in force yet."""
    if Plan.objects.filter(area__code=made.area.code, state=PlanState.IN_FORCE).exists():
        return
    try:
        plans.take_stock(made.area, made, titles=in_each(_titled), by=by)
    except LinliError as error:
        messages.warning(request, str(error.message))


def _titled() -> str:
    return _("Grids on %(day)s") % {"day": date_format(localdate(), "SHORT_DATE_FORMAT")}
