"""A published plan for the county of the factories, with posts and cases, for tests of adoption.

C1: C1a1 takes in C1a2, which ends; C1b1 and C1b2 end, C1x is new in their place
C2: C2a1 ends, C2y (west) and C2z (east) are new in its place
the rest stays
"""

import datetime as dt

import shapely
from django.utils import timezone

from linli.areas.models import Area, Boundary, Level
from linli.areas.tests.factories import SOUTH, WEST
from linli.cases.tests.factories import a_case
from linli.kernel import calendars
from linli.organisations.tests.factories import post
from linli.territory import labels
from linli.territory.models import Grid, PlanState
from linli.territory.tests.factories import SIDE, bare_plan, county, gazetteer

MIDDLE = WEST + (SIDE + SIDE / 4) / 10  # of C2a1
JOINED = {"C1a2": "C1a1", "C1b1": "C1x", "C1b2": "C1x"}


def a_published_plan(groups=True):
    """The plan of the table above, published, with no more comments to wait for."""
    where = county(groups=groups)
    rows = gazetteer(where)
    numbers: dict[str, int] = {}
    shapes: dict[str, shapely.Geometry] = {}
    of = []
    for row in rows.rows.order_by("position"):
        old = _old_grid(row.lon, row.lat)
        of.append(_new_grid(old, row.lon))
    for old in Area.objects.filter(level__code="grid"):
        outline = shapely.from_wkb(bytes(Boundary.objects.get(area=old).wkb))
        for code, part in _parts(old.code, outline):
            shapes[code] = shapely.union(shapes[code], part) if code in shapes else part
            numbers.setdefault(code, len(numbers))
    plan = bare_plan(
        where,
        PlanState.PUBLISHED,
        gazetteer=rows,
        lines=Level.objects.get(code="township"),
        labels=labels.packed([numbers[code] for code in of]),
        grids_made=len(numbers),
        published_at=timezone.now() - dt.timedelta(days=30),
        comments_until=timezone.localdate() - dt.timedelta(days=1),
    )
    for code, number in numbers.items():
        Grid.objects.create(
            plan=plan, number=number, code=code, line=code[:2], wkb=shapely.to_wkb(shapes[code])
        )
    return plan


def _old_grid(lon, lat):
    x, y = (int((lon - WEST) * 20 / SIDE), int((lat - SOUTH) * 20 / SIDE))
    return f"C{x // 2 + y // 2 * 2 + 1}{'ab'[x % 2]}{y % 2 + 1}"


def _new_grid(old, lon):
    if old == "C2a1":
        return "C2y" if lon < MIDDLE else "C2z"
    return JOINED.get(old, old)


def _parts(old, outline):
    if old != "C2a1":
        return [(JOINED.get(old, old), outline)]
    west, south, east, north = outline.bounds
    return [
        ("C2y", shapely.box(west, south, MIDDLE, north)),
        ("C2z", shapely.box(MIDDLE, south, east, north)),
    ]


def posts_of_grids(where, duty="roads"):
    """A centre for the county, and for each old grid a post for a duty, held by somebody."""
    calendars.install()
    post("centre", holder="centre", kind="service-centre", answers=[("service-centre", where)])
    for area in Area.objects.filter(level__code="grid", path__startswith=where.path, until=None):
        post(f"post-{area.code}", holder=f"w-{area.code}", kind="grid", answers=[(duty, area)])


def middle_of(code):
    """A point in an old grid, a little west of its middle."""
    area = Area.objects.filter(code=code).earliest("since")
    return area.centre_lon - 0.01, area.centre_lat


def case_in(code, east=0.0, service="pothole"):
    """A case in an old grid."""
    lon, lat = middle_of(code)
    return a_case(service, at=(lon + east, lat))
