"""Lists of holidays from files: CSV and iCalendar (RFC 5545). All of a file, or nothing of it.

CSV has a heading line: `date` and `kind` (holiday or workday), and where there is a name `name`,
or `name_zh`, `name_bo`, `name_en`. In iCalendar an event of whole days is a holiday or a worked
rest day by its X-APPLE-SPECIAL-DAY; in a file without that mark, by what its summary says (休, 假,
holiday; 班, workday), and one that says neither is reported, not guessed. A file with the mark also
lists days that are no holidays; they are passed over.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, timedelta

from django.utils.translation import gettext as _

from linli.kernel.calendars import Day, Kind
from linli.kernel.errors import Invalid

BYTES = 1 << 20
DAYS = 3000
YEARS = range(2000, 2101)
DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
COLUMNS = {"name": "zh", "name_zh": "zh", "name_bo": "bo", "name_en": "en"}
SPECIAL = "X-APPLE-SPECIAL-DAY"
Line = tuple[int, Day | str]


def read_days(data: bytes, *, source: str) -> list[Day]:
    """The days in a file. Invalid names every bad line; then nothing of the file is used."""
    if len(data) > BYTES:
        raise Invalid("calendar-file-size", _("The file is larger than 1 MB."))
    text = _decoded(data)
    lines = list(_from_ics(text) if "BEGIN:VCALENDAR" in text[:200] else _from_csv(text))
    wrong = {f"line {n}": found for n, found in lines if isinstance(found, str)}
    days: dict[date, Day] = {}
    for n, found in lines:
        if isinstance(found, Day) and days.setdefault(found.date, found).kind != found.kind:
            wrong[f"line {n}"] = _("This day is both a holiday and a workday.")
    if len(days) > DAYS:
        raise Invalid("calendar-file-size", _("The file has more days than ten years of rest."))
    if not days and not wrong:
        wrong["line 1"] = _("There is no day in this file.")
    if wrong:
        raise Invalid("calendar-file", fields=wrong)
    return [Day(d.date, d.kind, d.names, source[:120]) for d in sorted(days.values(), key=_date)]


def _date(day: Day) -> date:
    return day.date


def _decoded(data: bytes) -> str:
    """UTF-8, or what a Chinese spreadsheet program writes."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Invalid("calendar-file-encoding", _("This is not a text file."))


def _day(text: str) -> date:
    parts = DATE.fullmatch(text.strip())
    if not parts or int(parts[1]) not in YEARS:
        raise ValueError(text)
    return date(int(parts[1]), int(parts[2]), int(parts[3]))


def _from_csv(text: str) -> Iterator[Line]:
    rows = csv.DictReader(io.StringIO(text))
    headings = {h: (h or "").strip().lower() for h in rows.fieldnames or ()}
    if not {"date", "kind"} <= set(headings.values()):
        yield 1, _("The first line must name the columns “date” and “kind”.")
        return
    try:
        for row in rows:
            line = {headings[k]: (v or "").strip() for k, v in row.items() if k in headings}
            if any(line.values()):
                yield rows.line_num, _csv_day(line)
    except csv.Error:
        yield rows.line_num, _("This line cannot be read.")


def _csv_day(line: dict[str, str]) -> Day | str:
    try:
        day = _day(line["date"])
    except ValueError:
        return _("“%(text)s” is not a date like 2026-10-01.") % {"text": line["date"][:40]}
    if line["kind"].lower() not in Kind.values:
        return _("“%(text)s” is neither “holiday” nor “workday”.") % {"text": line["kind"][:40]}
    names = {key: line[c][:60] for c, key in COLUMNS.items() if line.get(c)}
    return Day(day, Kind(line["kind"].lower()), names)


def _from_ics(text: str) -> Iterator[Line]:
    events = list(_events(text))
    marked = any(SPECIAL in event for _n, event in events)
    for n, event in events:
        if SPECIAL in event or not marked:
            yield from ((n, found) for found in _event_days(event))


def _events(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    event: dict[str, str] = {}
    began = 0
    for n, line in _unfolded(text):
        name, _colon, value = line.partition(":")
        name = name.partition(";")[0].upper()
        if (name, value) == ("BEGIN", "VEVENT"):
            event, began = {}, n
        elif (name, value) == ("END", "VEVENT"):
            yield began, event
        elif name in ("DTSTART", "DTEND", "SUMMARY", SPECIAL):
            event[name] = value.strip()


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Content lines, with continuation lines put back (RFC 5545, 3.1)."""
    kept, start = "", 1
    for n, line in enumerate(text.splitlines(), 1):
        if line[:1] in (" ", "\t"):
            kept += line[1:]
            continue
        if kept:
            yield start, kept
        kept, start = line, n
    if kept:
        yield start, kept


def _event_days(event: dict[str, str]) -> Iterator[Day | str]:
    summary = event.get("SUMMARY", "")[:60]
    kind = _kind_of(event)
    try:
        first, last = (_ics_date(event.get(k, "")) for k in ("DTSTART", "DTEND"))
    except ValueError:
        first = last = None
    if first is None:
        yield _("“%(text)s” has no date of a whole day.") % {"text": summary}
    elif kind is None:
        yield _("“%(text)s” says neither holiday nor workday.") % {"text": summary}
    else:
        length = (last - first).days if last else 1
        if not 0 < length <= 31:
            yield _("“%(text)s” ends before it begins, or lasts too long.") % {"text": summary}
            return
        for n in range(length):
            yield Day(first + timedelta(days=n), kind, {"zh": summary})


def _ics_date(text: str) -> date | None:
    if not text:
        return None
    if not re.fullmatch(r"\d{8}(T000000Z?)?", text):
        raise ValueError(text)
    return _day(f"{text[:4]}-{text[4:6]}-{text[6:8]}")


def _kind_of(event: dict[str, str]) -> Kind | None:
    special = event.get(SPECIAL, "").upper()
    summary = event.get("SUMMARY", "").lower()
    if special == "ALTERNATE-WORKDAY" or (not special and re.search("班|workday", summary)):
        return Kind.WORKDAY
    if special == "WORK-HOLIDAY" or re.search("休|假|holiday", summary):
        return Kind.HOLIDAY
    return None
