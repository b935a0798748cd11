"""Public places: where services are given and where roads and rivers need watching.

Schools, clinics, markets, offices, bridges, gauges, slopes, road posts, depots and stops. No camp,
tent or dwelling, and no place of worship.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from .names import Names
from .rivers import River
from .roads import COUNTY_ROAD, TRUNK, Road
from .terrain import Floats, Terrain

# What stands there -> the kind of place it is stored as, and what it is called.
SORTS: dict[str, tuple[str, Names]] = {
    "primary-school": ("school", Names("小学", "སློབ་ཆུང", "Primary School")),
    "middle-school": ("school", Names("中学", "སློབ་འབྲིང", "Middle School")),
    "clinic": ("clinic", Names("卫生室", "སྨན་ཁང་ཆུང་བ", "Clinic")),
    "health-centre": ("clinic", Names("卫生院", "འཕྲོད་བསྟེན་ཁང", "Health Centre")),
    "hospital": ("hospital", Names("医院", "སྨན་ཁང", "Hospital")),
    "market": ("market", Names("集贸市场", "ཁྲོམ་ར", "Market")),
    "service-centre": ("service-centre", Names("便民服务中心", "ཞབས་ཞུ་ལྟེ་གནས", "Service Centre")),
    "service-point": ("service-centre", Names("便民服务点", "ཞབས་ཞུ་ས་ཚིགས", "Service Point")),
    "vet": ("vet", Names("兽医站", "ཕྱུགས་སྨན་ས་ཚིགས", "Veterinary Station")),
    "bus-stop": ("bus-stop", Names("客运站", "རླངས་འཁོར་ས་ཚིགས", "Bus Stop")),
    "waste-point": ("waste-point", Names("垃圾收集点", "གད་སྙིགས་བསྡུ་ས", "Waste Point")),
    "water-point": ("water-point", Names("供水站", "ཆུ་མཁོ་འདོན་ས་ཚིགས", "Water Station")),
    "substation": ("substation", Names("变电站", "གློག་འགྱུར་ས་ཚིགས", "Substation")),
    "shelter": ("shelter", Names("避灾安置点", "གནོད་འཚེ་གཡོལ་ས", "Emergency Shelter")),
    "bridge": ("bridge", Names("桥", "ཟམ་པ", "Bridge")),
    "gauge": ("gauge", Names("水位站", "ཆུ་ཚད་ས་ཚིགས", "River Gauge")),
    "slope": ("slope", Names("滑坡监测点", "ས་རུད་ལྟ་ཞིབ་ས་ཚིགས", "Watched Slope")),
    "road-post": ("road-post", Names("道路值守点", "གཞུང་ལམ་སྲུང་ས་ཚིགས", "Road Post")),
}


@dataclass(frozen=True)
class Site:
    """A place before it is named: its sort, where it is in kilometres, and after what it is called.

    `named_after` is a level and the number of an area, or "river" and the number of a river.
    """

    sort: str
    point: tuple[float, float]
    named_after: tuple[str, int]


def sites_at_seats(
    seats: dict[str, Floats], households: dict[str, Floats], rng: np.random.Generator
) -> list[Site]:
    """What stands at the seats of counties, townships and villages, a short way from the middle."""
    plans: list[tuple[str, str, Callable[[float], bool]]] = [
        ("county", "middle-school", lambda _: True),
        ("county", "hospital", lambda _: True),
        ("county", "service-centre", lambda _: True),
        ("county", "market", lambda _: True),
        ("township", "primary-school", lambda _: True),
        ("township", "health-centre", lambda _: True),
        ("township", "service-centre", lambda _: True),
        ("township", "vet", lambda _: True),
        ("township", "bus-stop", lambda _: True),
        ("township", "waste-point", lambda h: h > 600),
        ("township", "water-point", lambda h: h > 900),
        ("township", "substation", lambda h: h > 900),
        ("township", "shelter", lambda _: True),
        ("township", "market", lambda h: h > 1200),
        ("village", "service-point", lambda _: True),
        ("village", "clinic", lambda h: h > 120),
        ("village", "primary-school", lambda h: h > 260),
    ]
    sites = []
    for level, kind, wanted in plans:
        for number, seat in enumerate(seats[level]):
            if wanted(float(households[level][number])):
                x, y = seat + rng.normal(0, 0.12, 2)
                sites.append(Site(kind, (float(x), float(y)), (level, number)))
    return sites


def sites_on_the_way(
    rivers: list[River], roads: list[Road], terrain: Terrain, posts: int, rng: np.random.Generator
) -> list[Site]:
    """Bridges, gauges, watched slopes and exactly `posts` road posts."""
    sites = _bridges(rivers, roads)
    for number, river in enumerate(rivers):
        if river.flow_km2 > 250:
            x, y = river.points[int(len(river.points) * rng.uniform(0.5, 0.85))]
            sites.append(Site("gauge", (float(x), float(y)), ("river", number)))
    on_roads = np.vstack([road.points for road in roads if road.rank <= COUNTY_ROAD])
    steep = _steepness(terrain)[terrain.cell_at(on_roads)]
    order = np.argsort(-steep * rng.uniform(0.6, 1, len(steep)), kind="stable")
    for x, y in on_roads[order[: 6 * posts]]:
        aside = rng.normal(0, 0.15, 2)
        sites.append(Site("slope", (float(x + aside[0]), float(y + aside[1])), ("village", -1)))
    trunk = np.vstack([road.points for road in roads if road.rank == TRUNK])
    trunk = trunk[np.unique(np.linspace(0, len(trunk) - 1, posts).astype(int))]
    more = on_roads[rng.choice(len(on_roads), posts - len(trunk))]
    for x, y in np.vstack([trunk, more]):
        sites.append(Site("road-post", (float(x), float(y)), ("village", -1)))
    return sites


def _bridges(rivers: list[River], roads: list[Road]) -> list[Site]:
    """Where a trunk or county road crosses a river."""
    ways = [shapely.LineString(road.points) for road in roads if road.rank <= COUNTY_ROAD]
    tree = shapely.STRtree(ways)
    sites = []
    for number, river in enumerate(rivers):
        line = shapely.LineString(river.points)
        for found in sorted(tree.query(line, predicate="crosses").tolist()):
            for point in shapely.get_parts(line.intersection(ways[found])):
                if point.geom_type == "Point":
                    sites.append(Site("bridge", (point.x, point.y), ("river", number)))
    return sites


def _steepness(terrain: Terrain) -> Floats:
    """Metres of rise a kilometre, from the differences to the neighbours."""
    down, right = np.gradient(terrain.height.reshape(terrain.rows, terrain.columns))
    steep: Floats = np.hypot(down, right).ravel() / terrain.cell_km
    return steep
