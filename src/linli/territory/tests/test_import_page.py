"""The page on which a planner sends a file of settlements."""

import json
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.areas.models import Area
from linli.territory.forms import importing
from linli.territory.models import Gazetteer, Plan, PlanState
from linli.territory.tests.factories import account, county, planner, settlement_rows

pytestmark = pytest.mark.django_db
PAGE = reverse("territory:desk-import")
HEAD = ("code", "lon", "lat", "households", "workload")


@pytest.fixture
def where():
    return county()


@pytest.fixture
def desk(client, where):
    client.force_login(planner("ann", where))
    client.cookies["django_language"] = "en"
    return client


def table(*more, rows=None):
    """A CSV of the county's settlements with columns that are not taken."""
    lines = [",".join([*HEAD, *more])]
    for row in settlement_rows() if rows is None else rows:
        values = [row.code, row.lon, row.lat, row.households, row.workload, *("x" for _ in more)]
        lines.append(",".join(map(str, values)))
    return "\n".join(lines).encode()


def send(desk, where, body, name="settlements.csv", **said):
    said = {"area": where.pk, "source": "file", **said}
    return desk.post(PAGE, {**said, "file": SimpleUploadedFile(name, body)})


def beside(text):
    """A second file, of neighbours."""
    return SimpleUploadedFile("beside.csv", text.encode())


def test_only_planners_find_it(client, where):
    client.force_login(account("somebody"))
    assert client.get(PAGE).status_code == 404
    assert send(client, where, table()).status_code == 404
    assert not Gazetteer.objects.exists()


def test_the_empty_studio_leads_there_and_it_leads_to_a_plan(desk, where):
    for name in ("desk-list", "desk-begin"):
        assert f'href="{PAGE}"' in desk.get(reverse(f"territory:{name}")).content.decode()
    got = send(desk, where, table())
    assert got.headers["Location"] == reverse("territory:desk-begin")
    made = Gazetteer.objects.get()
    assert (made.settlements, made.area.code, made.by.username) == (64, "C", "ann")
    text = desk.get(got.headers["Location"]).content.decode()
    assert "64 settlements were imported." in text
    assert not Plan.objects.exists()


@pytest.mark.parametrize("column", ["ethnicity", "risk", "religion"])
@pytest.mark.parametrize("kind", ["csv", "geojson"])
def test_any_other_column_stops_the_import_by_name(desk, where, column, kind):
    body = table(column)
    if kind == "geojson":
        one = {"type": "Point", "coordinates": [102.1, 34.1]}
        values = {"code": "S1", "households": 20, "workload": 2, column: 1}
        feature = {"type": "Feature", "geometry": one, "properties": values}
        body = json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()
    got = send(desk, where, body, f"settlements.{kind}")
    text = got.content.decode()
    assert got.status_code == 400
    assert "The file has a column that is not imported." in text
    assert f"<bdi>{column}</bdi>" in text
    assert not Gazetteer.objects.exists()


def test_every_problem_is_named_and_counted(desk, where):
    rows = settlement_rows()
    wrong = [replace(rows[0], households="many"), replace(rows[1], households="few")]
    got = send(desk, where, table(rows=[*rows[2:], *wrong, replace(rows[2], code="")]))
    text = got.content.decode()
    assert "Nothing was imported." in text
    named = f"<bdi>{rows[0].code}, {rows[1].code}</bdi>"
    assert f'whole number. <span class="import__count">2</span>: {named}' in text
    assert "A settlement has no identifier." in text


def test_a_planner_imports_only_for_areas_that_they_plan(client, where):
    client.force_login(planner("bob", Area.objects.get(code="C1")))
    got = send(client, where, table())
    assert got.status_code == 400
    assert not Gazetteer.objects.exists()
    assert f'value="{where.pk}"' not in got.content.decode()


def test_a_file_that_was_cut_off_at_the_door_is_refused(desk, where, monkeypatch):
    monkeypatch.setattr(importing, "LARGEST", 500)
    got = send(desk, where, table())
    assert got.status_code == 400
    assert "linli grids import" in got.content.decode()
    assert not Gazetteer.objects.exists()


def test_the_grids_of_today_are_recorded_once(desk, where):
    send(desk, where, table(), stock="on")
    send(desk, where, table(), stock="on")
    assert Gazetteer.objects.count() == 2
    now = Plan.objects.get()
    assert (now.state, now.grids.count()) == (PlanState.IN_FORCE, 16)


def test_workload_counts_households_where_it_is_asked_to(desk, where):
    rows = settlement_rows()
    body = b"\n".join(b",".join(line.split(b",")[:4]) for line in table().split(b"\n"))
    assert send(desk, where, body).status_code == 400
    assert send(desk, where, body, source="households").status_code == 302
    assert Gazetteer.objects.get().workload == sum(row.households for row in rows)
    assert send(desk, where, body, source="cases", base="2").status_code == 302
    assert Gazetteer.objects.first().workload == 2 * sum(row.households for row in rows)


def test_neighbours_come_in_a_file_of_their_own(desk, where):
    assert send(desk, where, table(), neighbours=beside("from,to\nS000,S001\n")).status_code == 302
    assert Gazetteer.objects.get().neighbours
    got = send(desk, where, table(), neighbours=beside("from,to,kin\nS000,S001,x\n"))
    text = got.content.decode()
    assert got.status_code == 400
    assert "The file of neighbours has a column that is not imported." in text
    assert "<bdi>kin</bdi>" in text
    got = send(desk, where, table(), neighbours=beside("from,to\nS000,S999\n"))
    assert "<bdi>S999</bdi>" in got.content.decode()
    assert Gazetteer.objects.count() == 1


def test_neighbours_that_were_cut_off_at_the_door_are_refused(desk, where, monkeypatch):
    body = table()
    monkeypatch.setattr(importing, "LARGEST", len(body))
    rows = "from,to\n" + "S000,S001\n" * len(body)
    got = send(desk, where, body, neighbours=beside(rows))
    assert got.status_code == 400
    assert got.context["form"].errors.keys() == {"neighbours"}
    assert not Gazetteer.objects.exists()
