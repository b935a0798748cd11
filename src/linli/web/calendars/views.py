"""Working calendars: everybody who signs in may read them, administrators change them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from linli.design.switching import filled, keeps_words
from linli.kernel import calendars, rules
from linli.kernel.actions import require
from linli.kernel.errors import Invalid, Missing
from linli.kernel.holidays import BYTES, read_days
from linli.kernel.models import Account, WorkingCalendar
from linli.web.calendars.forms import ImportDays, SetDay, SetWeek


@login_required
@require_GET
def calendar(request: HttpRequest, code: str = calendars.OFFICE) -> HttpResponse:
    """One calendar, a year at a time."""
    return _page(request, _row(code))


@login_required
@require_POST
@keeps_words
def set_day(request: HttpRequest, code: str) -> HttpResponse:
    """Make a day a holiday or a worked rest day."""
    by, row = _by(request), _row(code)
    form = filled(SetDay, request)
    if not form.is_valid():
        return _page(request, row, day=form)
    day = form.day()
    calendars.set_day(row, day, by=by)
    messages.success(request, _("Kept."))
    return _back(row, day.date.year)


@login_required
@require_POST
def remove_day(request: HttpRequest, code: str) -> HttpResponse:
    """Let a day follow its week again."""
    day = parse_date(request.POST.get("date", ""))
    if day is None:
        raise Missing()
    row = _row(code)
    calendars.remove_day(row, day, by=_by(request))
    messages.success(request, _("Removed."))
    return _back(row, day.year)


@login_required
@require_POST
def import_days(request: HttpRequest, code: str) -> HttpResponse:
    """Read a file: all its days are set, or every bad line is named and nothing changes."""
    by, row = _by(request), _row(code)
    require(rules.may_change_calendars(by))
    form = ImportDays(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, row, file=form)
    file = form.cleaned_data["file"]
    try:
        days = read_days(file.read(BYTES + 1), source=file.name)
        count = calendars.import_days(row, days, by=by)
    except Invalid as error:
        return _page(request, row, file=form, wrong=_wrong(error))
    messages.success(request, _("%(count)d days were set.") % {"count": count})
    return _back(row, days[0].date.year)


def _wrong(error: Invalid) -> list[str]:
    lines = [
        _("Line %(number)s: %(text)s") % {"number": where.removeprefix("line "), "text": text}
        for where, text in error.fields.items()
    ]
    return lines or [str(error.message)]


@login_required
@require_POST
@keeps_words
def set_week(request: HttpRequest, code: str) -> HttpResponse:
    """Set the opening hours."""
    by, row = _by(request), _row(code)
    require(rules.may_change_calendars(by))
    form = filled(SetWeek, request, week=row.week)
    week = form.week() if form.is_valid() else None
    if week is None:
        return _page(request, row, week=form)
    try:
        calendars.set_week(row, week, by=by)
    except Invalid as error:
        form.add_error(None, str(error.fields["week"]))
        return _page(request, row, week=form)
    messages.success(request, _("Kept. Promises already made keep their dates."))
    return _back(row)


def _page(request: HttpRequest, row: WorkingCalendar, **forms: Any) -> HttpResponse:
    this = timezone.localdate().year
    known = calendars.known_years(row.code)
    wanted = request.GET.get("year", "")
    year = int(wanted) if wanted.isdecimal() and len(wanted) == 4 else this
    years = sorted({*known, this, this + 1, year})
    context = {
        "calendar": row,
        "page_address": f"{reverse('calendars:calendar', args=[row.code])}?year={year}",
        "calendars": WorkingCalendar.objects.order_by("pk"),
        "days": row.days.filter(date__year=year),
        "year": year,
        "tabs": [
            {"href": f"?year={y}", "text": y, "count": None, "current": y == year} for y in years
        ],
        "known": year in known or not known,
        "may_change": rules.may_change_calendars(_by(request)),
        "day_form": forms.get("day") or SetDay(),
        "file_form": forms.get("file") or ImportDays(),
        "week_form": forms.get("week") or SetWeek(week=row.week),
        "wrong": forms.get("wrong", []),
    }
    return render(request, "web/calendars/calendar.html", context)


def _back(row: WorkingCalendar, year: int | None = None) -> HttpResponse:
    address = reverse("calendars:calendar", args=[row.code])
    return redirect(f"{address}?year={year}" if year else address)


def _row(code: str) -> WorkingCalendar:
    row = WorkingCalendar.objects.filter(code=code).first()
    if row is None:
        raise Missing()
    return row


def _by(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)
    return account
