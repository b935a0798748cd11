"""Tables as rows: every cell under a name of its own."""

import pytest

from linli.areas.imports.areas import import_areas
from linli.areas.imports.places import import_place_file
from linli.areas.imports.sources import Source
from linli.areas.models import Area, Place
from linli.areas.tests.factories import LONG_AGO
from linli.areas.tests.files import COUNTIES, feature, geojson, mapping, table
from linli.kernel.errors import Invalid

HIDING = [
    ("code,wkt\nA,POINT(1 1),x\n", "row-too-long", {"row": 1}),
    ("code,wkt\n\nA,POINT(1 1)\nB,POINT(1 1),\n", "row-too-long", {"row": 2}),
    ("code,,wkt\nA,x,POINT(1 1)\n", "column-unnamed", {"column": 2}),
    ("code,wkt, \nA,POINT(1 1),x\n", "column-unnamed", {"column": 3}),
    ("code,wkt,code \nA,POINT(1 1),x\n", "column-twice", {"column": "code"}),
    ("\n\n,\n", "column-unnamed", {"column": 1}),
]


def test_a_short_row_has_nothing_in_its_last_cells(tmp_path):
    rows = list(Source(table(tmp_path, "\ufeffcode,name,note\n\nA,one\nB,two,x\n")).rows())
    assert [row.values for row in rows] == [
        {"code": "A", "name": "one", "note": None},
        {"code": "B", "name": "two", "note": "x"},
    ]
    assert [row.number for row in rows] == [1, 2]
    assert list(Source(table(tmp_path, "")).rows()) == []


@pytest.mark.parametrize(("text", "code", "named"), HIDING)
def test_nothing_hides_beyond_or_between_the_columns(tmp_path, text, code, named):
    with pytest.raises(Invalid, match=code) as found:
        list(Source(table(tmp_path, text)).rows())
    assert found.value.fields == named
    assert str(next(iter(named.values()))) in str(found.value.message) or code == "column-twice"


@pytest.mark.django_db
@pytest.mark.parametrize(("text", "code", "_named"), HIDING)
def test_neither_areas_nor_places_are_imported_from_such_a_table(tmp_path, text, code, _named):
    path = table(tmp_path, text)
    with pytest.raises(Invalid, match=code):
        import_areas(path, COUNTIES, since=LONG_AGO, by=None)
    with pytest.raises(Invalid, match=code):
        import_place_file(path, mapping(), since=LONG_AGO, by=None)
    assert not Area.objects.exists()
    assert not Place.objects.exists()


def test_what_stands_in_a_feature_beside_its_properties_is_a_column(tmp_path):
    one = {**feature(None, code="A", note="own"), "id": 7, "note": "beside", "religion": "x"}
    [row] = Source(geojson(tmp_path, [{**one, "bbox": [1, 1, 1, 1]}])).rows()
    assert row.values == {"id": 7, "note": "own", "religion": "x", "code": "A"}
