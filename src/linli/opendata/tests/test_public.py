"""The one way out: what a public case holds, and what can never be in it."""

import csv
import dataclasses
import io
import json

import pytest
from django.http import QueryDict

from linli.cases import actions
from linli.cases.models import Case
from linli.cases.models.cases import Authority
from linli.opendata import formats, public
from linli.opendata.filters import Filter
from linli.opendata.tests.factories import (
    a_case,
    cleared_photo,
    fresh,
    person,
    released,
)

pytestmark = pytest.mark.django_db

SECRET = "Drolma Xenial lives behind the bridge"


def out(rows=None):
    return list(public.public_cases(Case.objects.all() if rows is None else rows))


def test_before_triage_nothing_is_public(place):
    case = a_case()
    assert out() == []
    actions.triage(case, by=person("drolma"))
    assert out() == []
    actions.triage(fresh(case), publish=True, public_text="A hole.", by=person("drolma"))
    assert [c.number for c in out()] == [case.number]


def test_a_public_case_holds_nothing_else(place):
    case = released(contact=("phone", "0971-5550199"))
    actions.add_note(fresh(case), words=SECRET, by=person("tashi"))
    (found,) = out()
    text = str(dataclasses.asdict(found))
    assert "5550199" not in text
    assert "Tashi" not in text
    assert SECRET not in text
    assert found.text == "A hole before the bridge."
    assert found.office == "roads-a1"
    assert {f.name for f in dataclasses.fields(found)} == {
        "number", "service", "service_names", "state", "closing", "text", "area", "area_names",
        "place", "place_names", "lon", "lat", "office", "office_names", "received_at",
        "first_due_at", "due_at", "resolved_at", "closed_at", "reworks", "photos",
    }  # fmt: skip


def test_points_are_rounded(place):
    released()
    Case.objects.update(lon=2.1234567, lat=1.9876543)
    (found,) = out()
    assert (found.lon, found.lat) == (2.123, 1.988)


def test_only_cleared_photos(place):
    case = released()
    photo = cleared_photo(case)
    assert out()[0].photos == (photo.pk,)
    photo.cleared_at = None
    photo.save()
    assert out()[0].photos == ()


def test_merged_erased_and_private_ones_never_leave(place):
    one, two, three = released(), released(), released()
    actions.merge(fresh(two), into=fresh(one), by=person("drolma"))
    actions.mark_accusing(fresh(three), authority=Authority.POLICE, by=person("drolma"))
    a_case("ask-a-question")
    assert [c.number for c in out()] == [one.number]


def test_a_caller_cannot_widen_the_filter(place):
    hidden, shown = a_case(), released()
    Case.objects.filter(pk=hidden.pk).update(public_text=SECRET)
    rows = Case.objects.order_by("pk")
    assert [c.number for c in out(rows)] == [shown.number]
    assert [c.number for c in out(rows[:10])] == [shown.number]
    assert out(Case.objects.filter(pk=hidden.pk)) == []


def test_slices_keep_their_order(place):
    numbers = [released().number for _ in range(4)]
    rows = Filter().cases()
    assert [c.number for c in out(rows[:3])] == numbers[:0:-1]


def test_many_cases_cost_few_reads(place, django_assert_max_num_queries):
    for _ in range(5):
        released()
    with django_assert_max_num_queries(8):
        assert len(out()) == 5


class TestFilters:
    def test_by_area_service_state_words_and_day(self, place):
        case = released(text="Deep hole near the school")
        number = case.number

        def found(**fields):
            return [c.number for c in public.public_cases(Filter.read(fields).cases())]

        for fields in [{}, {"area": "A"}, {"area": "A1"}, {"service": "pothole"},
                       {"state": "open"}, {"q": "SCHOOL"}, {"since": "2001-01-01"},
                       {"until": "2199-01-01"}]:  # fmt: skip
            assert found(**fields) == [number], fields
        for fields in [
            {"area": "B"}, {"service": "street-light"}, {"state": "ended"},
            {"q": "bridge"}, {"since": "2199-01-01"}, {"until": "2001-01-01"},
        ]:  # fmt: skip
            assert found(**fields) == [], fields

    @pytest.mark.parametrize(
        "fields",
        [{"area": "\x00"}, {"state": "DROP"}, {"since": "2026-99-99"}, {"until": "9999-12-31"},
         {"q": "\u202e" * 300}, {"service": "'; --"}],
    )  # fmt: skip
    def test_nonsense_is_left_out(self, place, fields):
        list(Filter.read(fields).cases())

    def test_an_address_gives_the_same_filter_again(self, place):
        fields = {"area": "A1", "service": "pothole", "state": "open", "q": "hole",
                  "since": "2026-01-01", "until": "2026-02-01"}  # fmt: skip
        chosen = Filter.read(fields)
        assert Filter.read(QueryDict(chosen.query).dict()) == chosen


class TestFormats:
    def test_geojson(self, place):
        released()
        Case.objects.update(lon=None, lat=None)
        released()
        data = json.loads("".join(formats.geojson(public.public_cases(Filter().cases()))))
        assert data["type"] == "FeatureCollection"
        with_point, without = data["features"]
        assert with_point["geometry"]["type"] == "Point"
        assert without["geometry"] is None
        assert without["properties"]["received_at"].startswith("20")

    def test_empty_geojson_is_valid(self, place):
        assert json.loads("".join(formats.geojson(iter([]))))["features"] == []

    def test_csv_is_no_formula(self, place):
        released(text="=HYPERLINK(1)\nsecond line, with comma")
        text = "".join(formats.csv_lines(public.public_cases(Filter().cases())))
        header, row = list(csv.reader(io.StringIO(text.lstrip("\ufeff"))))
        assert tuple(header) == formats.COLUMNS
        assert row[header.index("text")] == "'=HYPERLINK(1)\nsecond line, with comma"
