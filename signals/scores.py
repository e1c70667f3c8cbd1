"""Is a warning any good: verification scores of a 2 × 2 table, with intervals.

Tables stand along the last axis as hits a, false alarms b, misses c, correct negatives d. Murphy (1996) on Finley's
tornado forecasts of 1884, whose figures are the tests. There is no accuracy here: "never warn" scored .98 in Finley's
day. Not known (NaN) is left out of a table, and a score without cases is NaN.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Score = Callable[[Floats], Floats]


@dataclass(frozen=True)
class Interval:
    """A score with the ends of its bootstrap interval."""

    value: float
    low: float
    high: float


def tables(warned: Floats, happened: Floats) -> Floats:
    """One row (a, b, c, d) per case; both (n,) of 1, 0 or NaN. A case that is not known in either counts nowhere."""
    pairs = ((1, 1), (1, 0), (0, 1), (0, 0))
    return np.stack([(warned == w) & (happened == h) for w, h in pairs], axis=-1).astype(np.float64)


def _share(part: Floats, whole: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(whole != 0, part / whole, np.nan))


def pod(table: Floats) -> Floats:
    """Probability of detection: a / (a + c)."""
    a, _, c, _ = np.moveaxis(table, -1, 0)
    return _share(a, a + c)


def far(table: Floats) -> Floats:
    """False alarm ratio: b / (a + b)."""
    a, b, _, _ = np.moveaxis(table, -1, 0)
    return _share(b, a + b)


def csi(table: Floats) -> Floats:
    """Critical success index: a / (a + b + c)."""
    a, b, c, _ = np.moveaxis(table, -1, 0)
    return _share(a, a + b + c)


def bias(table: Floats) -> Floats:
    """Warnings over events: (a + b) / (a + c)."""
    a, b, c, _ = np.moveaxis(table, -1, 0)
    return _share(a + b, a + c)


def ets(table: Floats) -> Floats:
    """Equitable threat score (Gilbert): CSI without the hits of chance."""
    a, b, c, d = np.moveaxis(table, -1, 0)
    by_chance = _share((a + b) * (a + c), a + b + c + d)
    return _share(a - by_chance, a + b + c - by_chance)


def hss(table: Floats) -> Floats:
    """Heidke skill score: share correct beyond chance."""
    a, b, c, d = np.moveaxis(table, -1, 0)
    return _share(2 * (a * d - b * c), (a + c) * (c + d) + (a + b) * (b + d))


def bootstrap_interval(
    groups: Floats, score: Score, *, rng: np.random.Generator, repeats: int, confidence: float
) -> Interval:
    """Score of the summed tables, with the percentile interval of drawing whole groups with replacement (Efron 1979).

    groups: (G, 4), one table per group whose cases hang together (a world, an event); independent cases are groups of
    one. Ends are NaN where the score is not known in every draw.
    """
    counts = rng.multinomial(len(groups), np.full(len(groups), 1 / len(groups)), size=repeats)
    drawn = score(counts @ groups)
    drawn = drawn[~np.isnan(drawn)]
    tail = (1 - confidence) / 2
    low, high = np.quantile(drawn, [tail, 1 - tail]) if len(drawn) else (np.nan, np.nan)
    return Interval(float(score(groups.sum(axis=0))), float(low), float(high))


def return_period_years(years: float, activations: int) -> float:
    """(years + 1) / activations (Weibull's plotting position, used by OCHA); infinite where nothing was activated."""
    return (years + 1) / activations if activations else float("inf")


def upper_bound_of_none(cases: int, confidence: float) -> float:
    """Largest chance that still leaves none in `cases` with probability 1 − confidence; at .95 about 3 / cases.

    Rule of three (Hanley and Lippman-Hand 1983), exact. Of no case at all nothing is known: 1.
    """
    return 1 - (1 - confidence) ** (1 / cases) if cases else 1.0
