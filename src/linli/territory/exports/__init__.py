"""A plan as a file: for maps (GeoJSON, GeoPackage) and on paper (an atlas, sheets for comment)."""

from linli.territory.exports.atlas import atlas, sheets
from linli.territory.exports.files import geojson, geopackage, groups

__all__ = ["atlas", "geojson", "geopackage", "groups", "sheets"]
