"""Labels and moves as bytes: one number for each settlement, small and the same everywhere."""

import zlib

import numpy as np
from numpy.typing import ArrayLike, NDArray

Ints = NDArray[np.int64]
WIDTH = np.dtype("<i4")
METRES = 1000  # a kilometre


def packed(labels: ArrayLike) -> bytes:
    """Labels (n,), or moves (n, 3), as compressed little-endian 32-bit numbers."""
    return zlib.compress(np.ascontiguousarray(labels, dtype=WIDTH).tobytes(), 6)


def unpacked(body: bytes | memoryview) -> Ints:
    """What `packed` packed, as one row of numbers; empty bytes are no numbers."""
    if not body:
        return np.empty(0, np.int64)
    return np.frombuffer(zlib.decompress(bytes(body)), dtype=WIDTH).astype(np.int64)


def moves(body: bytes | memoryview) -> Ints:
    """Packed moves as rows (position, number before, number after)."""
    return unpacked(body).reshape(-1, 3)
