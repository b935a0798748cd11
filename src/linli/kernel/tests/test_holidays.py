"""Files of holidays: all of a file, or every line that is wrong with it."""

from datetime import date

import pytest

from linli.kernel.calendars import Kind
from linli.kernel.errors import Invalid
from linli.kernel.holidays import read_days

CSV = """date,kind,name_zh,name_bo,name_en
2031-10-02,holiday,试验节,ཚོད་ལྟ།,Trial Day
2031-10-01,Holiday,试验节,,Trial Day
2031/9/28,workday,,,
"""
ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20311001\r
DTEND;VALUE=DATE:20311004\r
SUMMARY:试验节（\r
 休）\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20310928\r
SUMMARY:试验节（班）\r
END:VEVENT\r
END:VCALENDAR\r
"""
MARKED = """BEGIN:VCALENDAR
BEGIN:VEVENT
DTSTART;VALUE=DATE:20311005
X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY
SUMMARY:假期补课
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20311006
X-APPLE-SPECIAL-DAY:WORK-HOLIDAY
SUMMARY:试验节
END:VEVENT
BEGIN:VEVENT
DTSTART;VALUE=DATE:20311007
SUMMARY:植树日
END:VEVENT
END:VCALENDAR
"""


def test_csv():
    days = read_days(CSV.encode(), source="a.csv")
    assert [(d.date, d.kind) for d in days] == [
        (date(2031, 9, 28), Kind.WORKDAY),
        (date(2031, 10, 1), Kind.HOLIDAY),
        (date(2031, 10, 2), Kind.HOLIDAY),
    ]
    assert days[2].names == {"zh": "试验节", "bo": "ཚོད་ལྟ།", "en": "Trial Day"}
    assert days[2].source == "a.csv"


def test_csv_as_a_chinese_spreadsheet_writes_it():
    (day,) = read_days("date,kind,name\r\n2031-10-01,holiday,试验节\r\n".encode("gbk"), source="")
    assert day.names == {"zh": "试验节"}
    (day,) = read_days("\ufeffdate,kind\n2031-10-01,holiday\n".encode(), source="")
    assert day.date == date(2031, 10, 1)


def test_icalendar():
    days = read_days(ICS.encode(), source="a.ics")
    assert [(d.date.isoformat()[5:], d.kind.value) for d in days] == [
        ("09-28", "workday"),
        ("10-01", "holiday"),
        ("10-02", "holiday"),
        ("10-03", "holiday"),
    ]
    assert days[1].names == {"zh": "试验节（休）"}


def test_icalendar_that_marks_its_days_lists_others_too():
    days = read_days(MARKED.encode(), source="a.ics")
    assert [(d.date.day, d.kind) for d in days] == [(5, Kind.WORKDAY), (6, Kind.HOLIDAY)]


def wrong_lines(data):
    with pytest.raises(Invalid) as caught:
        read_days(data, source="x")
    return list(caught.value.fields)


def test_every_bad_line_is_named_and_nothing_is_used():
    text = (
        "date,kind\n2031-10-01,holiday\n31.10.2031,holiday\n2031-10-03,closed\n2031-02-30,holiday\n"
    )
    assert wrong_lines(text.encode()) == ["line 3", "line 4", "line 5"]


def test_a_day_cannot_be_both():
    assert wrong_lines(b"date,kind\n2031-10-01,holiday\n2031-10-01,workday\n") == ["line 3"]


def test_an_event_that_says_neither_is_reported():
    text = ICS.replace("试验节（班）", "Some meeting")
    assert wrong_lines(text.encode()) == ["line 9"]


def test_an_event_at_an_hour_or_backwards_is_reported():
    assert wrong_lines(ICS.replace(";VALUE=DATE:20310928", ":20310928T090000Z").encode()) == [
        "line 9"
    ]
    assert wrong_lines(ICS.replace("20311004", "20310901").encode()) == ["line 3"]


@pytest.mark.parametrize(
    "data",
    [b"", b"hello", b"date\n2031-10-01\n", b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", b'date,kind\n"\n'],
)
def test_a_file_without_days(data):
    assert wrong_lines(data)


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\x00\x00", b"date,kind\n" * 200_000])
def test_a_file_that_is_no_list(data):
    with pytest.raises(Invalid):
        read_days(data, source="x")
