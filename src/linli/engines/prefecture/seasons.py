"""How often people report what, and when: by service, season, weekday and hour.

Invented, and only meant to look like a year on a high pasture: snow and ice in winter, floods and
landslides in the rains, quiet nights, busy mornings, a dip at noon, and bursts after storms.
"""

from dataclasses import dataclass

import numpy as np

# Share of the day's reports in each hour of local time.
HOURS = np.array(
    [2, 1, 1, 1, 1, 3, 9, 20, 38, 52, 50, 44, 26, 24, 36, 42, 40, 34, 28, 26, 24, 16, 9, 4],
    dtype=np.float64,
)
WEEKDAYS = np.array([1.15, 1.08, 1.02, 1.0, 1.0, 0.72, 0.62])

# Weight of each month, January first.
ALL_YEAR = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
WINTER = (9, 8, 5, 2, 0.4, 0.1, 0.1, 0.1, 0.3, 1.5, 5, 8)
FROST = (2.2, 2, 1.4, 0.8, 0.6, 0.6, 0.7, 0.7, 0.7, 0.8, 1.4, 2)
RAINS = (0.1, 0.1, 0.4, 1, 2.5, 5, 8, 7, 4, 1, 0.3, 0.1)
THAW = (0.5, 0.6, 1.6, 2.4, 1.6, 1, 1.2, 1.2, 1, 0.8, 0.6, 0.5)
PASTURE = (0.5, 0.5, 0.8, 1.2, 2, 2.4, 2.2, 2, 1.6, 1, 0.6, 0.5)
SUMMER = (0.3, 0.3, 0.5, 0.8, 1.3, 2, 2.4, 2.2, 1.4, 0.8, 0.4, 0.3)
SCHOOL = (0.4, 0.6, 1.6, 1.5, 1.4, 1.3, 0.3, 0.4, 1.8, 1.5, 1.4, 1.2)
DRY = (1.4, 1.6, 2.2, 1.8, 1, 0.4, 0.3, 0.3, 0.5, 1, 1.2, 1.3)
YEAR_END = (3, 1.4, 0.7, 0.6, 0.6, 0.6, 0.7, 0.7, 0.8, 1, 1.6, 2.8)


@dataclass(frozen=True)
class Habit:
    """How one service is used: its share, its months, where it happens, how often in bursts."""

    share: float = 1.0
    months: tuple[float, ...] = ALL_YEAR
    where: str = "home"
    burst: float = 0.0


HABITS: dict[str, Habit] = {
    "access-barrier": Habit(0.5),
    "ask-a-question": Habit(5.0),
    "benefit-errand": Habit(3.2, YEAR_END),
    "blocked-culvert": Habit(2.0, RAINS, "river", 0.3),
    "bridge-damage": Habit(0.8, RAINS, "river", 0.2),
    "bus-service": Habit(2.0, ALL_YEAR, "road"),
    "clinic-hours": Habit(2.2),
    "construction-debris": Habit(1.6, SUMMER),
    "dead-animal": Habit(2.0, FROST, "pasture"),
    "document-errand": Habit(4.0),
    "fire-risk": Habit(1.6, DRY),
    "gas-cylinder": Habit(0.8, FROST),
    "grassland-fence": Habit(4.2, PASTURE, "pasture"),
    "help-for-another": Habit(0.8, FROST),
    "help-for-myself": Habit(1.6, FROST),
    "illegal-dump": Habit(2.6, THAW, "river"),
    "landslide-signs": Habit(1.8, RAINS, "road", 0.35),
    "livestock-disease": Habit(2.4, THAW, "pasture", 0.3),
    "market-hygiene": Habit(1.0, SUMMER),
    "mediation-request": Habit(1.6, PASTURE),
    "medicine-supply": Habit(1.0, FROST),
    "mobile-signal": Habit(3.4, ALL_YEAR, "pasture"),
    "noise": Habit(1.0, SUMMER),
    "office-complaint": Habit(1.4),
    "open-manhole": Habit(0.7),
    "pasture-pests": Habit(1.8, SUMMER, "pasture", 0.2),
    "pasture-water": Habit(2.0, PASTURE, "pasture"),
    "path-blocked": Habit(3.0, THAW, "home", 0.3),
    "playground": Habit(0.5, SUMMER),
    "pothole": Habit(9.0, THAW, "road"),
    "power-cut": Habit(6.0, FROST, "home", 0.5),
    "public-toilet": Habit(1.6),
    "public-works-idea": Habit(1.6),
    "river-bank": Habit(1.2, RAINS, "river", 0.3),
    "road-sign": Habit(2.0, ALL_YEAR, "road"),
    "rubbish": Habit(8.5, SUMMER),
    "school-building": Habit(0.9, SCHOOL),
    "school-bus": Habit(1.8, SCHOOL, "road"),
    "small-repair": Habit(7.5),
    "snow-ice": Habit(7.0, WINTER, "road", 0.55),
    "street-light": Habit(5.0, FROST),
    "unsafe-building": Habit(0.9, RAINS),
    "wage-arrears": Habit(1.8, YEAR_END),
    "water-supply": Habit(7.5, FROST, "home", 0.45),
    "wild-animals": Habit(2.2, PASTURE, "pasture"),
}


def habit(service: str) -> Habit:
    """The habit of a service; one that a county added is used evenly through the year."""
    return HABITS.get(service, Habit())
