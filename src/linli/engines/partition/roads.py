"""Roads as a net between points: which of them are neighbours along it, and how far it is.

Two points are neighbours by road when one can go from one to the other and nowhere on that way is
nearer to a third: the dual of the Voronoi diagram of a network (Erwig, "The graph Voronoi diagram
with applications", Networks 36, 2000). Roads meet where they share a corner; where they only cross,
one leads over the other.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from linli.engines.partition.ground import Floats, Ints, Pairs

Flags = NDArray[np.bool_]

JOINT = 1e-5  # kilometres: corners as near as this are one
NO_LENGTH = 1e-9  # kilometres for a link of none, which a sparse matrix would not hold
NO_PATHS = np.zeros((0, 2), np.int64)


@dataclass(frozen=True)
class Net:
    """The roads between some points, with nothing on them but where they branch.

    `links` (m, 2) join nodes: below the number of points a node is a point, from there on a branch.
    `km` (m,) are their lengths. Between two nodes there is one link at most, the shortest.
    """

    links: Pairs
    km: Floats

    def matrix(self, points: int) -> csr_matrix:
        """Kilometres from node to node, of so many points and all branches."""
        count = max(points, int(self.links.max(initial=-1)) + 1)
        return _sparse(count, self.links, self.km)


@dataclass(frozen=True)
class Along:
    """What `along` found: neighbours `pairs` (m, 2), the `net`, and `leg` (n,), kilometres from
    each point to its road.
    """

    pairs: Pairs
    net: Net
    leg: Floats


def along(points: Floats, corners: Floats, start: Ints, paths: Pairs = NO_PATHS) -> Along:
    """How points (n, 2) hang together by roads, all in kilometres.

    Road number r is the line through `corners[start[r]:start[r + 1]]`; one of a single corner is
    left out. Each point goes straight to the nearest road, however far. `paths` (m, 2) are points
    between which one could go without a road; one does where that is no further than both go to
    their roads. Raises ValueError where no road is left.
    """
    nodes, links = _sides(corners, start)
    if not len(links):
        raise ValueError("there is no road")
    first, second = nodes[links[:, 0]], nodes[links[:, 1]]
    side, share, leg = _nearest(points, first, second)
    links, km, foot = _cut(links, first, second, side, share, len(nodes))
    off = np.hypot(*(points[paths[:, 0]] - points[paths[:, 1]]).T)
    gone = off <= leg[paths].sum(axis=1)
    paths, off = np.sort(paths[gone], axis=1), off[gone]
    pairs = np.unique(np.vstack([_beside(links, km, foot), paths]), axis=0)
    legs = np.column_stack([np.arange(len(points)), foot + len(points)])
    links = np.vstack([links + len(points), legs, paths])
    return Along(pairs, _bare(links, np.concatenate([km, leg, off]), len(points)), leg)


def _sides(corners: Floats, start: Ints) -> tuple[Floats, Pairs]:
    """The corners of roads, each place once, and the straight sides between them, each once."""
    last = np.zeros(len(corners), np.bool_)
    last[start[1:][start[1:] > start[:-1]] - 1] = True
    at = np.flatnonzero(~last)
    whole = np.rint(corners / JOINT).astype(np.int64)
    whole -= whole.min(axis=0, initial=0)
    key = whole[:, 0] * (whole[:, 1].max(initial=0) + 1) + whole[:, 1]
    _key, first, own = np.unique(key, return_index=True, return_inverse=True)
    low, high = np.sort(np.column_stack([own[at], own[at + 1]]), axis=1).T
    low, high = np.divmod(np.unique((low * len(first) + high)[low != high]), max(len(first), 1))
    return corners[first], np.column_stack([low, high])


def _nearest(points: Floats, first: Floats, second: Floats) -> tuple[Ints, Floats, Floats]:
    """The nearest side of each point, the share of it before its foot there, and how far that is.

    Of sides as near as each other it is the first: at a corner, one of those that meet there.
    """
    tree = shapely.STRtree(np.asarray(shapely.linestrings(np.stack([first, second], axis=1))))
    found = tree.query_nearest(shapely.points(points), all_matches=True)
    one, at = np.unique(found[0], return_index=True)
    assert len(one) == len(points)
    side = np.minimum.reduceat(found[1], at).astype(np.int64)
    way = second[side] - first[side]
    share = ((points - first[side]) * way).sum(axis=1) / (way**2).sum(axis=1)
    share = np.clip(share, 0.0, 1.0)
    foot = first[side] + share[:, None] * way
    return side, share, np.hypot(*(points - foot).T)


def _cut(
    links: Pairs, first: Floats, second: Floats, side: Ints, share: Floats, count: int
) -> tuple[Pairs, Floats, Ints]:
    """Sides cut at the feet of points: links, kilometres, and the node of each point's foot."""
    foot = count + np.arange(len(side))
    length = np.hypot(*(second - first).T)
    every = np.arange(len(links))
    of = np.concatenate([every, side, every])
    where = np.concatenate([np.zeros(len(links)), share, np.ones(len(links))])
    rank = np.repeat([0, 1, 2], [len(links), len(side), len(links)])
    node = np.concatenate([links[:, 0], foot, links[:, 1]])
    order = np.lexsort((where, rank, of))  # feet between the ends of their side, also on one
    of, where, node = of[order], where[order], node[order]
    next_ = np.flatnonzero(of[:-1] == of[1:])
    km = (where[next_ + 1] - where[next_]) * length[of[next_]]
    return np.column_stack([node[next_], node[next_ + 1]]).astype(np.int64), km, foot


def _beside(links: Pairs, km: Floats, foot: Ints) -> Pairs:
    """The points whose parts of the roads touch, the smaller first, each pair once."""
    count = int(max(links.max(), foot.max(initial=0))) + 1
    away, _from, nearest = dijkstra(
        _sparse(count, links, km), directed=False, indices=foot, min_only=True,
        return_predecessors=True,
    )  # fmt: skip
    owner = np.full(count, -1)
    owner[foot] = np.arange(len(foot))
    reached = np.isfinite(away)
    owner[reached] = owner[nearest[reached]]
    pairs = np.sort(owner[links], axis=1)
    return np.unique(pairs[(pairs[:, 0] >= 0) & (pairs[:, 0] != pairs[:, 1])], axis=0)


def _bare(links: Pairs, km: Floats, points: int) -> Net:
    """The net without dead ends and without nodes that only lead on; its branches numbered anew."""
    links, km = _shortest_only(links, km)
    while True:
        ends = np.bincount(links.ravel())
        branch = np.arange(len(ends)) >= points
        if (leads_on := (ends == 2) & branch).any():
            links, km = _shortest_only(*_straightened(links, km, leads_on))
        elif (dead := (ends == 1) & branch).any():
            kept = ~dead[links].any(axis=1)
            links, km = links[kept], km[kept]
        else:
            break
    nodes, own = np.unique(np.concatenate([np.arange(points), links.ravel()]), return_inverse=True)
    assert (nodes[:points] == np.arange(points)).all()
    return Net(own[points:].reshape(-1, 2).astype(np.int64), km)


def _straightened(links: Pairs, km: Floats, leads_on: Flags) -> tuple[Pairs, Floats]:
    """Chains of nodes that lead on as one link each; those that lead back or nowhere left out."""
    inner = leads_on[links]
    both = inner.all(axis=1)
    chain = connected_components(_sparse(len(leads_on), links[both], km[both]), directed=False)[1]
    enters = inner.any(axis=1) & ~both
    node = np.where(inner[enters, 0], links[enters, 0], links[enters, 1])
    outer = np.where(inner[enters, 0], links[enters, 1], links[enters, 0])
    length = np.bincount(chain[node], km[enters], len(leads_on))
    length += np.bincount(chain[links[both, 0]], km[both], len(leads_on))
    order = np.argsort(chain[node], kind="stable")
    ends = outer[order].reshape(-1, 2)  # every chain that is entered is entered at both its ends
    of = chain[node][order][::2]
    there = ends[:, 0] != ends[:, 1]
    plain = ~inner.any(axis=1)
    return (
        np.vstack([links[plain], ends[there]]),
        np.concatenate([km[plain], length[of[there]]]),
    )


def _shortest_only(links: Pairs, km: Floats) -> tuple[Pairs, Floats]:
    """Of links between the same two nodes the shortest."""
    links = np.sort(links, axis=1)
    order = np.lexsort((km, links[:, 0] * (links.max(initial=0) + 1) + links[:, 1]))
    links, km = links[order], km[order]
    fresh = np.ones(len(links), np.bool_)
    fresh[1:] = (links[1:] != links[:-1]).any(axis=1)
    return links[fresh], km[fresh]


def _sparse(count: int, links: Pairs, km: Floats) -> csr_matrix:
    ends = links[:, 0], links[:, 1]
    return coo_matrix((np.maximum(km, NO_LENGTH), ends), shape=(count, count)).tocsr()
