"""The index: when the database is asked, what lies beside it, and what is never believed."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from django.db import transaction
from django.utils import timezone

from linli.areas import index, queries
from linli.areas.actions import adopt
from linli.areas.models import Edition
from linli.areas.rows import LevelRow
from linli.areas.tests.factories import LONG_AGO, area_row, point, small_prefecture

IN_B = point(7, 2)


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.VAR = tmp_path
    index.forget()
    yield
    index.forget()


def split_b(since=None):
    adopt(
        [area_row("B1", "township", "B", (5, 0, 10, 10))],
        since=since or timezone.localdate(),
        by=None,
    )


@pytest.mark.django_db(transaction=True)
def test_outside_a_transaction_a_warm_question_asks_no_database(django_assert_num_queries):
    small_prefecture()
    assert queries.area_at(*IN_B).code == "B"
    with django_assert_num_queries(0):
        assert queries.area_at(*IN_B).code == "B"
        assert queries.area_at(*point(40, 40)) is None
    split_b()
    assert queries.area_at(*IN_B).code == "B1"


@pytest.mark.django_db(transaction=True)
def test_another_process_reads_the_index_from_its_file(settings, monkeypatch):
    small_prefecture()
    split_b()
    today, before = timezone.localdate(), LONG_AGO
    lons, lats = np.random.default_rng(1).uniform([101.9, 33.9], [103.1, 35.1], (500, 2)).T
    asked = [(day, level) for day in (today, before) for level in (None, "county", "township")]
    built = {(day, of): queries.areas_at(lons, lats, day, level=of).tolist() for day, of in asked}
    assert built[today, None] != built[before, None]
    assert len(list(settings.VAR.glob("index/*/*.npz"))) == 2
    monkeypatch.setattr(index, "_build", lambda day: pytest.fail("it was built again"))
    monkeypatch.setattr(index, "_shelf", index._Shelf())
    for (day, level), wanted in built.items():
        assert queries.areas_at(lons, lats, day, level=level).tolist() == wanted
        assert index.at(day).bounds == pytest.approx((102.0, 34.0, 103.0, 35.0))


@pytest.mark.django_db(transaction=True)
def test_an_action_reads_the_file_as_well(monkeypatch):
    small_prefecture()
    assert queries.area_at(*IN_B).code == "B"
    monkeypatch.setattr(index, "_build", lambda day: pytest.fail("it was built again"))
    monkeypatch.setattr(index, "_shelf", index._Shelf())
    with transaction.atomic():
        assert queries.area_at(*IN_B).code == "B"


@pytest.mark.django_db(transaction=True)
def test_without_an_edition_nothing_is_kept(settings):
    small_prefecture()
    Edition.objects.all().delete()
    index.forget()
    assert queries.area_at(*IN_B).code == "B"
    assert not list(settings.VAR.glob("index/*/*.npz"))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("content", [b"", b"PK", b"no index"])
def test_a_file_that_is_not_whole_is_built_again(settings, monkeypatch, content):
    small_prefecture()
    queries.area_at(*IN_B)
    (path,) = settings.VAR.glob("index/*/*.npz")
    path.write_bytes(content)
    monkeypatch.setattr(index, "_shelf", index._Shelf())
    assert queries.area_at(*IN_B).code == "B"
    assert path.stat().st_size > 1000


@pytest.mark.django_db(transaction=True)
def test_files_of_older_boundaries_go(settings):
    small_prefecture()
    queries.area_at(*IN_B)
    (old,) = settings.VAR.glob("index/*/*.npz")
    split_b()
    queries.area_at(*IN_B)
    (new,) = settings.VAR.glob("index/*/*.npz")
    assert new != old


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_is_not_believed_and_leaves_no_file(settings):
    small_prefecture()
    with transaction.atomic():
        split_b()
        assert queries.area_at(*IN_B).code == "B1"
        transaction.set_rollback(True)
    assert queries.area_at(*IN_B).code == "B"
    assert len(list(settings.VAR.glob("index/*/*.npz"))) == 1


@pytest.mark.django_db
def test_two_levels_side_by_side_answer_by_precedence_and_code():
    rows = [
        area_row("D2", "district", None, (0, 0, 10, 10)),
        area_row("D1", "council", None, (0, 0, 5, 10)),
    ]
    levels = [LevelRow("district", 1, {"en": "District"}), LevelRow("council", 1, {"en": "C"})]
    adopt(rows, levels=levels, since=LONG_AGO, by=None)
    assert queries.area_at(*point(2, 2)).code == "D1"
    assert queries.area_at(*point(7, 2)).code == "D2"
    assert queries.area_at(*point(2, 2), level="district").code == "D2"
    lons, lats = zip(point(2, 2), point(7, 2), point(40, 2), strict=True)
    assert queries.areas_at(lons, lats).tolist() == ["D1", "D2", None]
    assert queries.areas_covering(*point(2, 2)) == ["D1", "D2"]
    assert queries.area_at(*point(2, 2), LONG_AGO - dt.timedelta(days=1)) is None


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(12))
def test_every_level_answers_where_it_lies_in_no_higher_one(seed):
    """Boxes that overlap, touch and stick out of what is above them; the slow way is GEOS."""
    random = np.random.default_rng(seed)
    kinds = {"land": 1, "district": 2, "council": 2, "block": 3}
    rows = []
    for n, level in enumerate(random.choice(list(kinds), 14)):
        (x, y), (wide, high) = random.integers(0, 9, 2), random.integers(1, 5, 2)
        row = area_row(f"X{n:02}", str(level), None, (x, y, x + wide, y + high))
        rows.append(replace(row, precedence=int(random.integers(-1, 2))))
    levels = [LevelRow(code, depth, {"en": code}) for code, depth in kinds.items()]
    adopt(rows, levels=levels, since=LONG_AGO, by=None)
    level_of = {row.code: row.level for row in rows}
    lons, lats = np.transpose([point(x, y) for x, y in random.integers(-2, 28, (150, 2)) / 2])
    covering = [queries.areas_covering(*where) for where in zip(lons, lats, strict=True)]
    for level in (None, *kinds, "unheard-of"):
        wanted = [
            next((code for code in found if level in (None, level_of[code])), None)
            for found in covering
        ]
        assert queries.areas_at(lons, lats, level=level).tolist() == wanted
        single = [queries.area_at(*where, level=level) for where in zip(lons, lats, strict=True)]
        assert [area and area.code for area in single] == wanted
