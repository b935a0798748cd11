"""How large the reference prefecture is, and how it shrinks for tests."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Size:
    """The counts a generated prefecture meets exactly, and its extent in kilometres."""

    counties: int = 8
    townships: int = 102
    villages: int = 700
    grids: int = 1015
    groups: int = 8636
    towns: int = 18
    teams: int = 138
    team_members: int = 2100
    road_posts: int = 25
    half_width_km: float = 128.0
    half_height_km: float = 94.0
    cell_km: float = 1.6

    @classmethod
    def scaled(cls, scale: float) -> "Size":
        """The prefecture at `scale` (0 < scale <= 1) of its full size, with every level present.

        There are always two counties or more, and each level has more areas than the one above.
        """
        if not 0 < scale <= 1:
            raise ValueError("scale must be above 0 and at most 1")
        full = cls()
        counties = max(2, round(full.counties * scale))
        townships = max(2 * counties, round(full.townships * scale))
        villages = max(2 * townships, round(full.villages * scale))
        grids = max(villages + 2, round(full.grids * scale))
        groups = max(4 * grids, round(full.groups * scale))
        linear = max(scale, 0.01) ** 0.5
        return cls(
            counties=counties,
            townships=townships,
            villages=villages,
            grids=grids,
            groups=groups,
            towns=max(counties, round(full.towns * scale)),
            teams=max(counties, round(full.teams * scale)),
            team_members=max(8 * counties, round(full.team_members * scale)),
            road_posts=max(2, round(full.road_posts * scale)),
            half_width_km=full.half_width_km * linear,
            half_height_km=full.half_height_km * linear,
            cell_km=full.cell_km * max(linear, 0.5),
        )
