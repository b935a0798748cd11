"""The whole prefecture from a seed: areas with outlines, codes and names, and what a map draws."""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from . import codes
from .cells import UNITS_PER_DEGREE as UNITS
from .cells import Cells, tessellate, to_degrees, to_km
from .divide import LEVELS, Divisions, divide
from .names import NameMaker, Names
from .places import SORTS, Site, sites_at_seats, sites_on_the_way
from .rivers import River, trace_rivers
from .roads import Road, build_roads
from .settle import Homes, Outline, rim_seeds, settle
from .size import Size
from .terrain import Floats, Ints, carve

KIND_NAMES = {
    "prefecture": Names("州", "ཁུལ", "Prefecture"),
    "county": Names("县", "རྫོང", "County"),
    "town": Names("镇", "གྲོང་བརྡལ", "Town"),
    "township": Names("乡", "ཤང", "Township"),
    "village": Names("村", "གྲོང་ཚོ", "Village"),
    "community": Names("社区", "སྡེ་ཁུལ", "Community"),
    "grid": Names("网格", "དྲ་མིག", "grid"),
    "group": Names("邻里小组", "ཁྱིམ་མཚེས་ཚོགས་ཆུང", "neighbour group"),
    "river": Names("河", "གཙང་པོ", "River"),
}
ALL_LEVELS = ("prefecture", *LEVELS, "group")
TOWN_HOUSEHOLDS = 1600
COMMUNITY_KM2 = 3.0


@dataclass(frozen=True)
class AreaRow:
    """One area; `polygon` in degrees, `households` summed over its groups.

    `seat` is a point in degrees, `height` its metres above the sea.
    """

    code: str
    level: str
    parent: str
    names: Names
    polygon: shapely.Polygon
    households: int
    seat: tuple[float, float]
    height: float


@dataclass(frozen=True)
class FeatureRow:
    """A river, road or settlement; households only for settlements."""

    layer: str
    code: str
    names: Names | None
    rank: int
    geometry: shapely.Geometry
    households: int | None = None


@dataclass(frozen=True)
class PlaceRow:
    """A public place at longitude, latitude, and the village it lies in."""

    code: str
    kind: str
    names: Names
    lon: float
    lat: float
    village: str


@dataclass(frozen=True)
class Prefecture:
    """Areas from the prefecture down to the groups, parents first; features and places."""

    size: Size
    seed: int
    areas: list[AreaRow]
    features: list[FeatureRow]
    places: list[PlaceRow]

    def level(self, level: str) -> list[AreaRow]:
        """The areas of one level, in the order of their codes."""
        return [area for area in self.areas if area.level == level]


def build(seed: int = 7, scale: float = 1.0) -> Prefecture:
    """The prefecture for this seed and scale: the same every time, to the last digit."""
    size = Size.scaled(scale)
    streams = np.random.default_rng(seed).spawn(6)
    terrain = carve(size, streams[0])
    rivers = trace_rivers(terrain, streams[1])
    outline = Outline(size, streams[2])
    homes = settle(size, terrain, rivers, outline, streams[2])
    cells = tessellate(homes.seeds, rim_seeds(homes.seeds, size, outline, streams[3]), streams[3])
    divisions = divide(size, homes, cells, terrain, _ground_km2(cells.polygons))
    makers = NameMaker(streams[4])
    tree = _Tree(homes, cells, divisions, terrain.height[terrain.cell_at(homes.seeds)], makers)
    seats = {level: homes.seeds[tree.seat[level]] for level in LEVELS[:3]}
    roads = build_roads(
        terrain, (seats["county"], seats["township"], seats["village"]), streams[5]
    ).stretches
    whole = tree.rows[0].polygon
    rivers, roads = _inside(rivers, roads, whole)
    features = _features(rivers, roads, homes, tree, makers)
    people = {level: tree.households[level].astype(np.float64) for level in LEVELS[:3]}
    sites = sites_at_seats(seats, people, streams[5])
    sites += sites_on_the_way(rivers, roads, terrain, size.road_posts, streams[5])
    return Prefecture(size, seed, tree.rows, features, _places(sites, tree, features))


def _ground_km2(polygons: NDArray[np.object_]) -> Floats:
    """The ground of polygons in degrees, in km² on the plane of the generator."""
    flat = shapely.transform(polygons, lambda c: to_km(np.rint(c * UNITS).astype(np.int64)))
    area: Floats = shapely.area(flat)
    return area


class _Tree:
    """Dissolves cells into areas level by level, and gives each its code, name and seat."""

    def __init__(
        self, homes: Homes, cells: Cells, divisions: Divisions, heights: Floats, makers: NameMaker
    ) -> None:
        self._homes, self._heights, self._makers = homes, heights, makers
        self.of_cell = divisions.of_cell | {"group": np.arange(len(homes.seeds))}
        self.parent = divisions.parent | {"group": divisions.of_cell["grid"]}
        self.polygons = _dissolve(cells.polygons, self.parent)
        self.households = {
            level: np.bincount(self.of_cell[level], homes.households).astype(np.int64)
            for level in (*LEVELS, "group")
        }
        self.seat = {level: self._seats(level) for level in (*LEVELS, "group")}
        self.codes: dict[str, list[str]] = {"prefecture": [codes.PREFECTURE_CODE]}
        self.names: dict[str, list[Names]] = {}
        self.plain: dict[str, list[Names]] = {}
        self.rows: list[AreaRow] = [self._whole()]
        for depth, level in enumerate((*LEVELS, "group")):
            self._number(level, ALL_LEVELS[depth])
            self._name(level, ALL_LEVELS[depth])
            self.rows += self._rows(level, ALL_LEVELS[depth])

    def _seats(self, level: str) -> Ints:
        """For each area the cell of its largest settlement, or its first cell where it has none."""
        homes = self._homes
        size = np.bincount(homes.settlement[homes.settlement >= 0], minlength=len(homes.centre))
        rank = np.zeros(len(homes.seeds))
        rank[homes.centre] = size
        order = np.lexsort((np.arange(len(rank)), -rank, self.of_cell[level]))
        _, first = np.unique(self.of_cell[level][order], return_index=True)
        return order[first]

    def _whole(self) -> AreaRow:
        self.plain["prefecture"] = [self._makers.prefecture()]
        self.names["prefecture"] = [self.plain["prefecture"][0].with_kind(KIND_NAMES["prefecture"])]
        households = int(self._homes.households.sum())
        seat = self._seat(int(self.seat["county"][np.argmax(self.households["county"])]))
        polygon = shapely.normalize(shapely.coverage_union_all(self.polygons["county"]))
        assert isinstance(polygon, shapely.Polygon)
        names = self.names["prefecture"][0]
        return AreaRow(codes.PREFECTURE_CODE, "prefecture", "", names, polygon, households, *seat)

    def _number(self, level: str, above: str) -> None:
        centres = shapely.get_coordinates(shapely.centroid(self.polygons[level]))
        parent = self.parent[level]
        first = np.array([self._first_number(level, i) for i in range(len(parent))])
        number = codes.numbered(parent, centres, first)
        width = 2 if level in ("county", "group") else 3
        heads = [self.codes[above][p] for p in parent]
        if level == "county":
            heads = [head[:4] for head in heads]
        self.codes[level] = [
            f"{head}{n:0{width}d}" for head, n in zip(heads, number.tolist(), strict=True)
        ]

    def _first_number(self, level: str, index: int) -> int:
        kind = self._kind(level, index)
        return {
            "county": codes.COUNTY_BASE,
            "town": codes.TOWN_BASE,
            "township": codes.TOWNSHIP_BASE,
            "community": codes.COMMUNITY_BASE,
            "village": codes.VILLAGE_BASE,
        }.get(kind, 1)

    def _kind(self, level: str, index: int) -> str:
        """A township around a large settlement is a town; a small dense village is a community."""
        if level == "township" and self._settled(level, index) > TOWN_HOUSEHOLDS // 17:
            return "town"
        ground = _ground_km2(self.polygons[level][index : index + 1])[0]
        if level == "village" and ground < COMMUNITY_KM2:
            return "community"
        return level

    def _settled(self, level: str, index: int) -> int:
        """Groups in the settlement that is the seat of this area."""
        settlement = self._homes.settlement[self.seat[level][index]]
        return int((self._homes.settlement == settlement).sum()) if settlement >= 0 else 0

    def _name(self, level: str, above: str) -> None:
        names: list[Names] = []
        plain: list[Names] = []
        for index, code in enumerate(self.codes[level]):
            kind = KIND_NAMES[self._kind(level, index)]
            if level in ("grid", "group"):
                parent = self.names[above][self.parent[level][index]]
                plain.append(parent)
                names.append(
                    parent.numbered(kind, int(code[-3:] if level == "grid" else code[-2:]))
                )
                continue
            plain.append(self._new_name(level, index))
            names.append(plain[-1].with_kind(kind))
        self.plain[level], self.names[level] = plain, names

    def _new_name(self, level: str, index: int) -> Names:
        if level == "county":
            return self._makers.county(index)
        return self._makers.village() if level == "village" else self._makers.region()

    def _rows(self, level: str, above: str) -> list[AreaRow]:
        rows = [
            AreaRow(
                code,
                level,
                self.codes[above][self.parent[level][i]],
                self.names[level][i],
                self.polygons[level][i],
                int(self.households[level][i]),
                *self._seat(int(self.seat[level][i])),
            )
            for i, code in enumerate(self.codes[level])
        ]
        return sorted(rows, key=lambda row: row.code)

    def _seat(self, cell: int) -> tuple[tuple[float, float], float]:
        """Where a cell's households live, degrees, and how high that is, metres."""
        lon, lat = to_degrees(self._homes.seeds[cell : cell + 1])[0].tolist()
        return (lon, lat), round(float(self._heights[cell]))


def _dissolve(
    cells: NDArray[np.object_], parent: dict[str, Ints]
) -> dict[str, NDArray[np.object_]]:
    """The polygons of every level, each the union of those below it, vertex for vertex."""
    polygons = {"group": shapely.normalize(cells)}
    below = polygons["group"]
    for level, child in zip(reversed(LEVELS), ("group", *reversed(LEVELS[1:])), strict=True):
        order = np.argsort(parent[child], kind="stable")
        parts = np.split(below[order], np.cumsum(np.bincount(parent[child]))[:-1])
        merged = np.array([shapely.coverage_union_all(part) for part in parts], dtype=object)
        below = polygons[level] = shapely.normalize(merged)
    return polygons


def _inside(
    rivers: list[River], roads: list[Road], whole: shapely.Polygon
) -> tuple[list[River], list[Road]]:
    """Rivers and roads cut at the border of the prefecture; slivers outside are dropped."""
    shapely.prepare(whole)

    def cut(points: Floats) -> list[Floats]:
        line = shapely.LineString(to_degrees(points))
        if whole.contains(line):
            return [points]
        parts = shapely.get_parts(line.intersection(whole))
        lines = [part for part in parts if part.geom_type == "LineString" and part.length > 0.02]
        degrees = [shapely.get_coordinates(part) for part in lines]
        return [to_km(np.rint(part * UNITS).astype(np.int64)) for part in degrees]

    return (
        [River(part, river.flow_km2) for river in rivers for part in cut(river.points)],
        [Road(part, road.rank) for road in roads for part in cut(road.points)],
    )


def _features(
    rivers: list[River], roads: list[Road], homes: Homes, tree: _Tree, makers: NameMaker
) -> list[FeatureRow]:
    rows = []
    for number, river in enumerate(rivers):
        rank = 1 if river.flow_km2 > 2500 else 2 if river.flow_km2 > 500 else 3
        names = makers.settlement().with_kind(KIND_NAMES["river"])
        line = shapely.LineString(to_degrees(river.points))
        rows.append(FeatureRow("river", f"R{number:04d}", names, rank, line))
    for number, road in enumerate(roads):
        line = shapely.LineString(to_degrees(road.points))
        rows.append(FeatureRow("road", f"W{number:04d}", None, road.rank, line))
    return rows + _settlements(homes, tree, makers)


def _settlements(homes: Homes, tree: _Tree, makers: NameMaker) -> list[FeatureRow]:
    """Every settlement as a point; the seat of a village bears the village's name.

    A village of open pasture has its office at one of its groups: that group is its settlement.
    """
    settled = homes.settlement >= 0
    households = np.bincount(
        homes.settlement[settled], homes.households[settled], len(homes.centre)
    )
    size = dict(zip(homes.centre.tolist(), households.astype(int).tolist(), strict=True))
    seat_of = {int(cell): village for village, cell in enumerate(tree.seat["village"])}
    rows = []
    for number, cell in enumerate(sorted({*size, *seat_of})):
        count = size.get(cell, int(homes.households[cell]))
        village = seat_of.get(cell)
        names = makers.settlement() if village is None else tree.plain["village"][village]
        rank = 1 if count > TOWN_HOUSEHOLDS else 2 if village is not None else 3
        point = shapely.Point(to_degrees(homes.seeds[cell : cell + 1])[0])
        rows.append(FeatureRow("settlement", f"S{number:04d}", names, rank, point, count))
    return rows


def _places(sites: list[Site], tree: _Tree, features: list[FeatureRow]) -> list[PlaceRow]:
    """Sites that lie in the prefecture, named after their area or river, numbered by kind."""
    degrees = to_degrees(np.array([site.point for site in sites]))
    index = shapely.STRtree(tree.polygons["village"])
    found = index.query(shapely.points(degrees), predicate="intersects")
    village = dict(zip(found[0].tolist(), found[1].tolist(), strict=True))
    rivers = [row.names for row in features if row.layer == "river"]
    rows: list[PlaceRow] = []
    count: dict[str, int] = {}
    for i, site in enumerate(sites):
        if i not in village:
            continue
        kind, called = SORTS[site.sort]
        count[kind] = count.get(kind, 0) + 1
        level, number = site.named_after
        number = village[i] if number < 0 else number
        after = rivers[number] if level == "river" else tree.plain[level][number]
        assert after is not None  # every river has a name
        code, home = f"{kind}-{count[kind]:04d}", tree.codes["village"][village[i]]
        lon, lat = degrees[i].tolist()
        rows.append(PlaceRow(code, kind, after.with_kind(called), lon, lat, home))
    return rows
