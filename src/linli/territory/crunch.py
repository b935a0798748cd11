"""A calculation in a process of its own: `python -m linli.territory.crunch`.

It reads a problem from its input and writes frames to its output; it knows no database and no
Django. A frame is the length of a JSON line, that line, and the labels it speaks of. When its input
ends, whoever asked is gone, and it ends; a byte on its input asks it to stop with what it has.
"""

import io
import json
import os
import struct
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, fields
from typing import IO, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.engines.partition import Bounds, Contradiction, Weights, divide
from linli.territory.labels import packed, unpacked

Ints = NDArray[np.int64]
LENGTH = struct.Struct("<II")
PAUSE = 0.3  # seconds between two frames at least
STOP = b"\n"
NICE = 10


@dataclass(frozen=True)
class Problem:
    """What `divide` is given, by settlement. `begin` and `before` are parts, -1 for none."""

    points: NDArray[np.float64]
    workload: NDArray[np.float64]
    line: Ints
    parts: Ints
    bounds: Bounds
    weights: Weights
    begin: Ints | None
    before: Ints | None
    seed: int
    steps: int | None


@dataclass(frozen=True)
class Frame:
    """How far it is: labels of the best so far; `ended` with the last, `error` where it failed.

    `points` are the positions of the settlements for which what is fixed cannot be met.
    """

    done: int = 0
    all: int = 0
    ended: bool = False
    error: str = ""
    points: Sequence[int] = ()
    links: int = 0
    labels: Ints | None = None


Told = Callable[[int, int, Ints], bool]


def solved(problem: Problem, told: Told | None) -> Frame:
    """Calculate, and say how it ended; what the engine refuses is an error and no exception."""
    last = (0, 0)

    def watched(done: int, all_: int, labels: Ints) -> bool:
        nonlocal last
        last = done, all_
        return told is None or told(done, all_, labels)

    try:
        found = divide(
            problem.points, problem.workload, problem.line, problem.parts,
            bounds=problem.bounds, weights=problem.weights, begin=problem.begin,
            before=problem.before, seed=problem.seed, steps=problem.steps, progress=watched,
        )  # fmt: skip
    except Contradiction as error:
        return Frame(last[0], last[1], ended=True, error=str(error), points=error.points)
    except ValueError as error:
        return Frame(last[0], last[1], ended=True, error=str(error) or "refused")
    return Frame(last[0], last[1], ended=True, links=found.links, labels=found.labels)


def written(problem: Problem) -> bytes:
    """The problem as bytes with their length before them."""
    bounds = problem.bounds
    groups = [np.asarray(group, np.int64) for group in bounds.together]
    arrays: dict[str, Any] = {
        "points": problem.points,
        "workload": problem.workload,
        "line": problem.line,
        "parts": problem.parts,
        "groups": np.concatenate([np.zeros(0, np.int64), *groups]),
        "sizes": np.array([len(group) for group in groups], np.int64),
        "apart": bounds.apart,
        "centres": bounds.centres,
        "passes": bounds.passes,
        "barriers": np.frombuffer(
            shapely.to_wkb(shapely.geometrycollections(list(bounds.barriers))), np.uint8
        ),
    }
    for name, value in (
        ("locked", bounds.locked), ("roads", bounds.roads), ("heights", bounds.heights),
        ("begin", problem.begin), ("before", problem.before),
    ):  # fmt: skip
        if value is not None:
            arrays[name] = value
    head = {"weights": asdict(problem.weights), "seed": problem.seed, "steps": problem.steps}
    body = io.BytesIO()
    np.savez(body, **arrays)
    return _packet(json.dumps(head).encode(), body.getvalue())


def read(file: IO[bytes]) -> Problem:
    """The problem that `written` wrote. EOFError where it is not whole."""
    head, body = _opened(file)
    data = json.loads(head)
    with np.load(io.BytesIO(body), allow_pickle=False) as arrays:
        has = {name: arrays[name] for name in arrays.files}
    ends = np.cumsum(has["sizes"])[:-1]
    bounds = Bounds(
        locked=has.get("locked"),
        together=np.split(has["groups"], ends) if len(has["sizes"]) else (),
        apart=has["apart"],
        centres=has["centres"],
        barriers=list(shapely.get_parts(shapely.from_wkb(has["barriers"].tobytes()))),
        passes=has["passes"],
        roads=has.get("roads"),
        heights=has.get("heights"),
    )
    return Problem(
        has["points"], has["workload"], has["line"], has["parts"], bounds,
        Weights(**data["weights"]), has.get("begin"), has.get("before"), data["seed"],
        data["steps"],
    )  # fmt: skip


def send(file: IO[bytes], frame: Frame) -> None:
    """Write one frame."""
    head = {field.name: getattr(frame, field.name) for field in fields(frame)}
    labels = head.pop("labels")
    file.write(_packet(json.dumps(head).encode(), b"" if labels is None else packed(labels)))
    file.flush()


def receive(file: IO[bytes]) -> Frame:
    """Read one frame. EOFError where there is none any more."""
    head, body = _opened(file)
    return Frame(**json.loads(head), labels=unpacked(body) if body else None)


def _packet(head: bytes, body: bytes) -> bytes:
    return LENGTH.pack(len(head), len(body)) + head + body


def _opened(file: IO[bytes]) -> tuple[bytes, bytes]:
    first, second = LENGTH.unpack(_exactly(file, LENGTH.size))
    return _exactly(file, first), _exactly(file, second)


def _exactly(file: IO[bytes], count: int) -> bytes:
    data = file.read(count)
    if len(data) < count:
        raise EOFError
    return data


def main() -> None:
    """Calculate what the input says, and end with it."""
    source, target = sys.stdin.buffer, sys.stdout.buffer
    problem = read(source)
    stop = threading.Event()

    def listen() -> None:
        while source.read(1):
            stop.set()
        os._exit(1)  # whoever asked is gone

    threading.Thread(target=listen, daemon=True).start()
    said = [0.0]

    def told(done: int, all_: int, labels: Ints) -> bool:
        now = time.monotonic()
        if now - said[0] >= PAUSE:
            said[0] = now
            send(target, Frame(done, all_, labels=labels))
        return not stop.is_set()

    send(target, solved(problem, told))


if __name__ == "__main__":
    if hasattr(os, "nice"):
        os.nice(NICE)
    main()
