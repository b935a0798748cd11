"""What the map draws under the areas: one layer at a time, replaced as a whole."""

from collections.abc import Sequence

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _

from linli.areas import rules, shapes
from linli.areas.actions.edition import renew
from linli.areas.events import FeaturesImported
from linli.areas.models import SMALLEST_SETTLEMENT, MapFeature
from linli.areas.names import cleaned
from linli.areas.rows import FeatureRow
from linli.areas.versions import SHOWN
from linli.engines.coverage import rounded
from linli.kernel.actions import action, require
from linli.kernel.errors import Invalid
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account

BATCH = 2000


@action
def replace_features(layer: str, rows: Sequence[FeatureRow], *, by: Account | None) -> int:
    """Replace a layer (river, road, settlement) of the map; returns how many features it has now.

    Raises Invalid: layer-unknown, settlement-too-small, feature-code-twice, feature-not-on-earth.
    """
    require(rules.may_import_areas(by))
    return write_features(layer, rows, by=by)


def write_features(layer: str, rows: Sequence[FeatureRow], *, by: Account | None) -> int:
    """Check and replace one layer; only inside an action of this room."""
    if layer not in MapFeature.Layer.values:
        raise Invalid("layer-unknown", _("The map has no such layer."))
    if len({row.code for row in rows}) != len(rows):
        raise Invalid("feature-code-twice", _("A code appears more than once."))
    if layer == MapFeature.Layer.SETTLEMENT:
        _check_settlements(rows)
    drawn = rounded(shapes.from_wkb([row.wkb for row in rows]))
    bounds = np.abs(shapely.bounds(drawn)).reshape(-1, 4)
    if not (bounds <= (180, 90, 180, 90)).all():
        raise Invalid("feature-not-on-earth", _("Something on the map leaves the world."))
    MapFeature.objects.filter(layer=layer).delete()
    MapFeature.objects.bulk_create(
        [
            MapFeature(
                layer=layer,
                code=row.code,
                names=cleaned(row.names),
                rank=row.rank,
                households=row.households,
                wkb=wkb,
            )
            for row, wkb in zip(rows, shapes.to_wkb(drawn), strict=True)
        ],
        batch_size=BATCH,
    )
    edition = renew()
    record(FeaturesImported(edition=edition, layer=Code(layer), count=len(rows)), by=by)
    return len(rows)


def _check_settlements(rows: Sequence[FeatureRow]) -> None:
    small = [row.code for row in rows if (row.households or 0) < SMALLEST_SETTLEMENT]
    if small:
        raise Invalid(
            "settlement-too-small",
            _("A settlement of fewer than eleven households is not stored."),
            fields={"codes": small[:SHOWN]},
        )
