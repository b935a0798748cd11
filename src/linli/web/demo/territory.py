"""The territory into the database, through the action that takes whole territories."""

import shapely

from linli.areas.actions import Adopted, load
from linli.areas.rows import AreaRow, FeatureRow, PlaceRow
from linli.engines.prefecture import Prefecture


def load_territory(prefecture: Prefecture) -> Adopted:
    """Areas with their outlines, places, and what the map draws; as of today on the clock."""
    outlines = shapely.to_wkb([area.polygon for area in prefecture.areas])
    lines = shapely.to_wkb([feature.geometry for feature in prefecture.features])
    return load(
        [
            AreaRow(area.code, area.level, area.parent or None, area.names.json(), outline)
            for area, outline in zip(prefecture.areas, outlines, strict=True)
        ],
        by=None,
        places=[
            PlaceRow(p.code, p.kind, p.names.json(), p.lon, p.lat, area=p.village)
            for p in prefecture.places
        ],
        features=[
            FeatureRow(
                f.layer,
                f.code,
                f.names.json() if f.names else {},
                wkb,
                f.rank,
                f.households,
            )
            for f, wkb in zip(prefecture.features, lines, strict=True)
        ],
    )
