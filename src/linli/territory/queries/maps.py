"""A plan as GeoJSON (RFC 7946): its grids with their figures, its settlements with their grid."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.kernel.languages import pick
from linli.territory.labels import unpacked
from linli.territory.models import BindingKind, Grid, Plan
from linli.territory.queries.settlements import places

Feature = dict[str, Any]


SMALL = 0.0005  # degrees, 50 metres: a corner of less than its square is not seen on a screen
DIGITS = 5  # of a degree: a metre


def map_features(plan: Plan, *, for_screens: bool = False) -> dict[str, Any]:
    """The grids as a FeatureCollection; a grid that was not drawn yet has no geometry.

    `for_screens`: with fewer corners; grids still share their borders.
    """
    locked = set(plan.bindings.filter(kind=BindingKind.LOCK).values_list("grid", flat=True))
    grids = list(plan.grids.order_by("code"))
    shapes = _shapes(grids, for_screens)
    return _collection(
        [
            _feature(shapes.get(grid.number), {**properties(grid), "locked": grid.number in locked})
            for grid in grids
        ]
    )


def properties(grid: Grid) -> dict[str, Any]:
    """What is public of a grid, rounded to what anybody can use; kilometres, households, shares.

    `distance` is straight, `way` on the ground, None where nobody has one.
    """
    return {
        "number": grid.number,
        "code": grid.code,
        "line": grid.line,
        "name": pick(grid.names),
        "settlements": grid.settlements,
        "households": grid.households,
        "load": round(grid.load, 1),
        "over": round(grid.over, 3),
        "distance": round(grid.distance, 2),
        "way": None if grid.way is None else round(grid.way, 2),
        "cut_off": grid.cut_off,
        "roundness": round(grid.roundness, 3),
        "joining": grid.joining,
        "leaving": grid.leaving,
    }


def settlement_features(plan: Plan) -> dict[str, Any]:
    """The settlements as points: position, code, households, and the number of their grid."""
    here, labels = places(plan.gazetteer), unpacked(plan.labels)
    lon, lat = here.lon.round(DIGITS).tolist(), here.lat.round(DIGITS).tolist()
    rows = zip(here.codes, lon, lat, here.households.tolist(), labels.tolist(), strict=True)
    return _collection(
        [
            {
                "type": "Feature",
                "id": position,
                "geometry": {"type": "Point", "coordinates": [lon, lat]},
                "properties": {
                    "position": position, "code": code, "households": households, "grid": number
                },
            }
            for position, (code, lon, lat, households, number) in enumerate(rows)
        ]
    )  # fmt: skip


def _shapes(grids: Sequence[Grid], for_screens: bool) -> dict[int, Any]:
    drawn = [grid for grid in grids if grid.wkb]
    shapes = shapely.from_wkb([bytes(grid.wkb) for grid in drawn])
    if for_screens:
        shapes = shapely.transform(shapely.coverage_simplify(shapes, SMALL), _rounded)
    return {grid.number: shape for grid, shape in zip(drawn, shapes, strict=True)}


def _rounded(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    return lonlat.round(DIGITS)


def _feature(shape: Any, values: Mapping[str, Any]) -> Feature:
    geometry = None if shape is None else shapely.geometry.mapping(shapely.orient_polygons(shape))
    return {
        "type": "Feature", "id": values["number"], "geometry": geometry, "properties": dict(values)
    }  # fmt: skip


def _collection(features: list[Feature]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}
