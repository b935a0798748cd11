"""Dividing settlements among service grids: balanced, compact, connected, inside given lines."""

from linli.engines.partition.binding import Contradiction
from linli.engines.partition.design import Rules, Weights, design
from linli.engines.partition.ground import Ground, gabriel, ground, inside_lines
from linli.engines.partition.outlines import dissolved, outlines
from linli.engines.partition.plan import Bounds, Plan, divide, neighbours
from linli.engines.partition.roads import Along, Net, along
from linli.engines.partition.shares import shares
from linli.engines.partition.ways import NAISMITH, Ways, climbed, ways

__all__ = [
    "NAISMITH",
    "Along",
    "Bounds",
    "Contradiction",
    "Ground",
    "Net",
    "Plan",
    "Rules",
    "Ways",
    "Weights",
    "along",
    "climbed",
    "design",
    "dissolved",
    "divide",
    "gabriel",
    "ground",
    "inside_lines",
    "neighbours",
    "outlines",
    "shares",
    "ways",
]
