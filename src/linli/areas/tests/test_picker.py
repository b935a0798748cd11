"""Choosing an area without scripts."""

import pytest
from django.http import QueryDict
from django.template.loader import render_to_string

from linli.areas.picker import picker_from
from linli.areas.tests.factories import small_prefecture

pytestmark = pytest.mark.django_db


def picked(query):
    """Lists with the one chosen in each, and the area."""
    picker = picker_from(QueryDict(query))
    lists = [([area.code for area in step.areas], step.chosen) for step in picker.steps]
    return lists, picker.area.code if picker.area else None


def test_one_list_leads_to_the_next():
    small_prefecture()
    assert picked("") == ([(["A", "B"], "")], None)
    assert picked("in=A") == ([(["A", "B"], "A"), (["A1", "A2"], "")], "A")
    assert picked("in=A&in=A2") == ([(["A", "B"], "A"), (["A1", "A2"], "A2")], "A2")


def test_a_link_to_a_deep_area_opens_all_lists():
    small_prefecture()
    assert picked("in=A2") == picked("in=A&in=A2")


def test_another_county_forgets_the_township():
    small_prefecture()
    assert picked("in=B&in=A2") == ([(["A", "B"], "B")], "B")
    assert picked("in=nobody") == ([(["A", "B"], "")], None)
    assert picked("in=%00") == ([(["A", "B"], "")], None)


def test_a_name_is_found_and_links_to_its_area(rf):
    small_prefecture()
    request = rf.get("/who/?find=A2&duty=roads")
    html = render_to_string(
        "areas/picker.html", {"picker": picker_from(request.GET), "request": request}, request
    )
    assert 'href="?duty=roads&amp;in=A2"' in html
    assert html.count("<select") == 1
