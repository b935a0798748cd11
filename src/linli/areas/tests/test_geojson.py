"""GeoJSON read piece by piece gives what reading it at once gives."""

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.areas.imports import geojson
from linli.areas.imports.geojson import NotGeoJson, Reader


def inside(inner):
    """Lists and objects of smaller values."""
    return st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)


numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
simple = st.none() | st.booleans() | numbers | st.text(max_size=5)
values = st.recursive(simple, inside, max_leaves=6)
members = st.dictionaries(st.text(max_size=3).map(lambda key: f"x{key}"), values, max_size=2)


@given(
    st.lists(st.dictionaries(st.text(max_size=4), values, max_size=3), max_size=5),
    members,
    members,
    st.integers(1, 40),
    st.sampled_from([None, 2]),
    st.booleans(),
)
def test_any_collection_in_any_pieces(properties, before, after, chunk, indent, ascii_only):
    features = [{"type": "Feature", "properties": p, "geometry": None} for p in properties]
    others = {**before, "type": "FeatureCollection"}
    whole = {**others, "features": features, **after}
    text = json.dumps(whole, indent=indent, ensure_ascii=ascii_only).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(geojson, "CHUNK", chunk)
        reader = Reader(io.BytesIO(text))
        assert list(reader.features()) == features
        assert reader.head == {**others, **after}


def test_a_feature_that_never_ends_is_refused_before_memory_is(monkeypatch):
    monkeypatch.setattr(geojson, "CHUNK", 64)
    monkeypatch.setattr(geojson, "LONGEST", 1000)
    endless = b'{"features": [{"type": "' + b"x" * 100_000
    file = io.BytesIO(endless)
    with pytest.raises(NotGeoJson):
        list(Reader(file).features())
    assert file.tell() < 5000
