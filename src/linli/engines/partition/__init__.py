"""Dividing settlements among service grids: balanced, compact, connected, inside given lines."""

from linli.engines.partition.design import Weights, design
from linli.engines.partition.ground import Ground, ground
from linli.engines.partition.shares import shares

__all__ = ["Ground", "Weights", "design", "ground", "shares"]
