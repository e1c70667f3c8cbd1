"""Chance, by name: each part of the world has a generator of its own and disturbs no other."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def generator(seed: int, *names: object) -> np.random.Generator:
    """The generator of the part with these names; the same seed and names give the same draws."""
    return np.random.Generator(
        np.random.PCG64(np.random.SeedSequence([seed, *(crc32(str(n).encode()) for n in names)]))
    )


def between(rng: np.random.Generator, bounds: tuple[float, float], size: int) -> Floats:
    """So many uniform draws between two bounds."""
    return rng.uniform(bounds[0], bounds[1], size)


def one_between(rng: np.random.Generator, bounds: tuple[float, float]) -> float:
    """One uniform draw between two bounds."""
    return float(rng.uniform(bounds[0], bounds[1]))


def choose(rng: np.random.Generator, shares: Sequence[float], size: int) -> Ints:
    """Positions in a list of shares, drawn by share; shares need not add up to one."""
    edges = np.cumsum(np.asarray(shares, dtype=np.float64))
    return np.asarray(np.searchsorted(edges, rng.random(size) * edges[-1], side="right"), dtype=np.int64)


def rank_within(group: NDArray[np.int64], order: Floats) -> Ints:
    """For each element its rank, from 0, among those of the same group, by `order`."""
    by = np.lexsort((order, group))
    sorted_group = group[by]
    starts = np.flatnonzero(np.r_[True, sorted_group[1:] != sorted_group[:-1]])
    lengths = np.diff(np.r_[starts, len(group)])
    ranks = np.empty(len(group), dtype=np.int64)
    ranks[by] = np.arange(len(group)) - np.repeat(starts, lengths)
    return ranks


def sample(rng: np.random.Generator, pool: Ints, count: int) -> Ints:
    """At most `count` different elements of the pool, in ascending order."""
    if count <= 0 or len(pool) == 0:
        return np.empty(0, dtype=np.int64)
    return np.sort(rng.choice(pool, size=min(count, len(pool)), replace=False))
