"""The page of working calendars."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from linli.kernel import calendars
from linli.kernel.models import Account, CalendarDay, WorkingCalendar

pytestmark = pytest.mark.django_db
HERE = "/calendars/office/"


@pytest.fixture(autouse=True)
def shipped(settings):
    settings.LANGUAGE_CODE = "en"
    calendars.install()


@pytest.fixture
def reader(client):
    client.force_login(Account.objects.create(username="dolma"))
    return client


@pytest.fixture
def editor(client):
    client.force_login(Account.objects.create(username="lhamo", is_administrator=True))
    return client


def upload(text):
    return {"file": SimpleUploadedFile("2031.csv", text.encode())}


def test_everybody_who_signed_in_reads_and_nobody_else(client, reader):
    page = reader.get(HERE, {"year": "2026"}).content.decode()
    assert "Spring Festival" in page
    assert "国办发明电" in page
    assert "<form" not in page[page.index("<main") : page.index("</main>")]
    assert reader.get("/calendars/").status_code == 200
    assert reader.get("/calendars/lunar/").status_code == 404
    reader.logout()
    assert client.get(HERE).url.startswith("/sign-in/")


def test_readers_change_nothing(reader):
    before = list(CalendarDay.objects.values_list())
    for path, data in [
        ("day/", {"date": "2031-10-01", "kind": "holiday"}),
        ("remove/", {"date": "2026-05-09"}),
        ("import/", upload("date,kind\n2031-10-01,holiday\n")),
        ("week/", {"day0": "09:00-12:00"}),
    ]:
        assert reader.post(HERE + path, data).status_code == 404
    assert list(CalendarDay.objects.values_list()) == before


def test_a_year_that_nobody_entered_says_so(editor):
    assert "are not entered" in editor.get(HERE, {"year": "2031"}).content.decode()
    assert "are not entered" not in editor.get(HERE, {"year": "2026"}).content.decode()
    assert "are not entered" not in editor.get("/calendars/always/").content.decode()


def test_set_and_remove_a_day(editor):
    day = {"date": "2031-10-01", "kind": "holiday", "en": "Trial Day", "source": "Notice 1"}
    assert editor.post(f"{HERE}day/", day).url == f"{HERE}?year=2031"
    assert not calendars.calendar().is_workday(date(2031, 10, 1))
    assert editor.post(f"{HERE}remove/", {"date": "2031-10-01"}).url == f"{HERE}?year=2031"
    assert calendars.calendar().is_workday(date(2031, 10, 1))
    assert editor.post(f"{HERE}remove/", {"date": "2031-10-01"}).status_code == 404
    assert editor.post(f"{HERE}remove/", {"date": "tomorrow"}).status_code == 404


@pytest.mark.parametrize(
    ("form", "field", "typed"), [("day/", "en", "Trial Day"), ("week/", "day0", "10:00-11:00")]
)
def test_another_language_in_the_middle_changes_no_calendar(editor, form, field, typed):
    before = list(CalendarDay.objects.values_list()), calendars.calendar()
    sent = {"step": "keep:bo", "date": "2031-10-01", "kind": "holiday", field: typed}
    page = editor.post(f"{HERE}{form}", sent).content.decode()
    assert '<html lang="bo">' in page
    assert f'value="{typed}"' in page
    assert f'name="next" value="{HERE}?year=' in page
    assert (list(CalendarDay.objects.values_list()), calendars.calendar()) == before


def test_a_day_without_a_date_comes_back(editor):
    response = editor.post(f"{HERE}day/", {"kind": "holiday", "en": "Trial Day"})
    assert "Trial Day" in response.content.decode()
    assert response.context["day_form"].errors


def test_import(editor):
    response = editor.post(f"{HERE}import/", upload("date,kind\n2031-10-01,holiday\n"))
    assert response.url == f"{HERE}?year=2031"
    assert CalendarDay.objects.get(date=date(2031, 10, 1)).source == "2031.csv"


def test_an_import_with_a_bad_line_changes_nothing_and_names_it(editor):
    text = "date,kind\n2031-10-01,holiday\nsoon,holiday\n"
    page = editor.post(f"{HERE}import/", upload(text)).content.decode()
    assert "Nothing was imported" in page
    assert "Line 3" in page
    assert not CalendarDay.objects.filter(date__year=2031).exists()


def test_no_file_and_not_a_list(editor):
    assert editor.post(f"{HERE}import/").context["file_form"].errors
    page = editor.post(f"{HERE}import/", {"file": SimpleUploadedFile("x.ics", b"\x00\x01\x02")})
    assert "not a text file" in page.content.decode()


def test_hours(editor):
    hours = {f"day{n}": "8:30-12:00, 14:30 – 18:00" for n in range(5)}
    assert editor.post(f"{HERE}week/", hours).status_code == 302
    assert WorkingCalendar.objects.get(code="office").week[0] == [
        ["08:30", "12:00"], ["14:30", "18:00"],
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["nine to five", "12:00-09:00", "25:00-26:00", ""])
def test_hours_that_make_no_sense_come_back(editor, text):
    before = WorkingCalendar.objects.get(code="office").week
    response = editor.post(f"{HERE}week/", {"day0": text})
    assert response.status_code == 200
    assert response.context["week_form"].errors
    assert WorkingCalendar.objects.get(code="office").week == before
