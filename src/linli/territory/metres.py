"""Which projection coordinates in metres look like, so that whoever brings them knows.

Numbers of reference systems are those of the EPSG register.
"""

import math

# CGCS2000, Gauss and Krüger: with the number of the zone before the easting, and by the meridian.
SIX_DEGREES, THREE_DEGREES = 4491 - 13, 4513 - 25
SIX_ZONES, THREE_ZONES = range(13, 24), range(25, 46)
BY_MERIDIAN = 4534 - 25
UTM_NORTH, UTM_SOUTH = 32600, 32700
ZONE = 1_000_000  # metres: a zone's number counts these
NARROW = 100_000, 900_000  # metres: eastings inside a zone, 500 km at its middle
RADIUS = 6_378_137.0  # metres, of Web Mercator's sphere
POLE = 10_002_000.0  # metres from the equator
NEAR = 3.0  # degrees between a guess and the area


def looks_like(x: float, y: float, lon: float, lat: float) -> str:
    """A name for the projection of a point in metres, near a place in degrees; empty for none.

    The order of x and y may be either.
    """
    return _named(x, y, lon, lat) or _named(y, x, lon, lat)


def _named(x: float, y: float, lon: float, lat: float) -> str:
    zone, easting = divmod(x, ZONE)
    if abs(y) > POLE:
        return ""
    if _is_mercator(x, y, lon, lat):
        return "Web Mercator (EPSG:3857)"
    if NARROW[0] <= easting <= NARROW[1]:
        if int(zone) in SIX_ZONES:
            return f"CGCS2000 / Gauss-Krüger zone {zone:.0f} (EPSG:{SIX_DEGREES + zone:.0f})"
        if int(zone) in THREE_ZONES:
            return f"CGCS2000 / 3-degree zone {zone:.0f} (EPSG:{THREE_DEGREES + zone:.0f})"
        if zone == 0:
            return _without_zone(lon, lat)
    return ""


def _is_mercator(x: float, y: float, lon: float, lat: float) -> bool:
    east = math.degrees(x / RADIUS)
    north = math.degrees(2 * math.atan(math.exp(y / RADIUS)) - math.pi / 2)
    return abs(east - lon) <= NEAR and abs(north - lat) <= NEAR


def _without_zone(lon: float, lat: float) -> str:
    utm = int((lon + 180) // 6) + 1
    found = f"UTM zone {utm} (EPSG:{(UTM_NORTH if lat >= 0 else UTM_SOUTH) + utm})"
    third = round(lon / 3)
    if third in THREE_ZONES:
        found += f" / Gauss-Krüger {third * 3}° (EPSG:{BY_MERIDIAN + third})"
    return found
