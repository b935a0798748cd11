"""Dividing settlements among service grids: balanced, compact, connected, inside given lines."""

from linli.engines.partition.design import Rules, Weights, design
from linli.engines.partition.ground import Ground, gabriel, ground, inside_lines
from linli.engines.partition.outlines import dissolved, outlines
from linli.engines.partition.plan import Bounds, Plan, divide
from linli.engines.partition.shares import shares

__all__ = [
    "Bounds",
    "Ground",
    "Plan",
    "Rules",
    "Weights",
    "design",
    "dissolved",
    "divide",
    "gabriel",
    "ground",
    "inside_lines",
    "outlines",
    "shares",
]
