"""Unusual counts without a model: EARS against the last periods, CUSUM against a target (R20, R25).

Series stand along the last axis, the newest value last; NaN is a period that is not known. An alarm is 1, 0 or NaN (not
known). These need no years of history and stay when a series is too short for Farrington; the tier says so.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.tiers import tier, years_since_first

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


@dataclass(frozen=True)
class Ears:
    """Mean and sd of the baseline, the limit, the alarm and the tier of each period; shape of the counts."""

    mean: Floats
    sd: Floats
    limit: Floats
    alarm: Floats
    tier: Texts


@dataclass(frozen=True)
class Cusum:
    """Sums of what lay above and below, in units of the series, and their alarms; shape of the series."""

    high: Floats
    low: Floats
    high_alarm: Floats
    low_alarm: Floats
    tier: Texts


def ears(
    counts: Floats, *, baseline: int, gap: int, sds: float, periods_per_year: float, years_b: float, years_a: float
) -> Ears:
    """Alarm where a count exceeds mean + sds · sd of `baseline` periods that end `gap` periods before.

    C1 is (7, 0, 3.09), C2 is (7, 2, 3.09) (Hutwagner and others 2003; Fricker, Hegler and Dunfee 2008); sd with n − 1.
    Every period of the baseline must be known. Equal counts have sd 0: any rise above them is an alarm.
    Raises ValueError for a baseline of fewer than two periods.
    """
    if baseline < 2:
        raise ValueError(f"a baseline of {baseline} periods has no spread")
    mean, sd = np.full(counts.shape, np.nan), np.full(counts.shape, np.nan)
    if counts.shape[-1] > baseline + gap:
        windows = np.lib.stride_tricks.sliding_window_view(counts, baseline, axis=-1)
        before = windows[..., : counts.shape[-1] - baseline - gap, :]
        mean[..., baseline + gap :] = before.mean(axis=-1)
        sd[..., baseline + gap :] = before.std(axis=-1, ddof=1)
    limit = mean + sds * sd
    graded = tier(years_since_first(counts, periods_per_year), years_b, years_a)
    return Ears(mean, sd, limit, _known(counts > limit, counts + limit), graded)


def cusum(
    values: Floats,
    *,
    target: Floats | float,
    slack: Floats | float,
    decision: Floats | float,
    resets: bool,
    periods_per_year: float,
    years_b: float,
    years_a: float,
) -> Cusum:
    """Two-sided tabular CUSUM (Page 1954; Montgomery and Runger, Applied Statistics, section 16-8).

    high = max(0, x − (target + slack) + high before), low = max(0, (target − slack) − x + low before); alarm where one
    exceeds `decision`. target, slack, decision: numbers, or arrays that fit the values. resets: begins anew at 0 after
    an alarm (without it one outbreak rings for a year). A period that is not known leaves the sums where they were.
    """
    targets, slacks, decisions = (
        np.broadcast_to(np.asarray(v, float), values.shape) for v in (target, slack, decision)
    )
    sums = np.full((2, *values.shape), np.nan)
    running = np.zeros((2, *values.shape[:-1]))
    for t in range(values.shape[-1]):
        above = values[..., t] - targets[..., t]
        step = np.stack([above, -above]) - slacks[..., t]
        is_known = ~np.isnan(step)
        moved = np.where(is_known, np.maximum(running + step, 0.0), running)
        sums[..., t] = np.where(is_known, moved, np.nan)
        running = np.where(is_known & (moved > decisions[..., t]) & resets, 0.0, moved)
    high, low = sums
    graded = tier(years_since_first(values, periods_per_year), years_b, years_a)
    return Cusum(high, low, _known(high > decisions, high), _known(low > decisions, low), graded)


def _known(is_alarm: NDArray[np.bool_], rests_on: Floats) -> Floats:
    """1 or 0, and NaN where what it rests on is not known."""
    return np.where(np.isnan(rests_on), np.nan, is_alarm.astype(np.float64))
