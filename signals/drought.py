"""Drought: the standardised precipitation index and its classes (R12).

SPI-k (McKee, Doesken and Kleist 1993): sums over k months, a distribution fitted per calendar month, the probability
of a dry sum mixed in, read as a quantile of the normal. Gamma by Thom's estimate (1958) for rain; Pearson III by
L-moments (Hosking 1990) for a water balance, which may be negative (SPEI, Vicente-Serrano 2010). Two-sided: below zero
is dry. A month that is not known is NaN, and so is every sum that holds it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammainc, gammaln, ndtr, ndtri

from signals.tiers import tier

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]
Distribution = Callable[[Floats, Floats], Floats]

MONTHS = 12
# Beyond this the fitted tail says nothing that thirty or a hundred years could bear out.
SCALE_END = 3.09
NEARLY_SYMMETRIC = 1e-6


def running_sums(monthly: Floats, months: int) -> Floats:
    """Sum of each month and the `months` - 1 before it; monthly: (..., n) in mm, in order. NaN where one is missing.

    Raises ValueError when `months` is not at least 1.
    """
    if months < 1:
        raise ValueError(f"a sum over {months} months is none")
    sums = np.full(monthly.shape, np.nan)
    if monthly.shape[-1] >= months:
        windows = np.lib.stride_tricks.sliding_window_view(monthly, months, axis=-1)
        sums[..., months - 1 :] = windows.sum(axis=-1)
    return sums


def standardised_index(
    sums: Floats,
    *,
    first_month: int,
    calibration: slice,
    distribution: Distribution,
    years_b: float,
    years_a: float,
) -> tuple[Floats, Texts]:
    """Standard normal quantile of each sum among the sums of its calendar month, within ±3.09, and its tier.

    sums: (..., n) as `running_sums` leaves them; first_month: calendar month of the first (1 to 12); calibration: the
    years of the record to fit on, counted from the January of its first year; distribution: `gamma` or `pearson3`.
    Tier by the known sums of the calendar month that were fitted on. NaN where the sum is, in tier C, and where the
    fitted sums are all equal or all dry.
    """
    before = first_month - 1
    after = -(before + sums.shape[-1]) % MONTHS
    padded = np.pad(sums, [(0, 0)] * (sums.ndim - 1) + [(before, after)], constant_values=np.nan)
    years = padded.reshape(*sums.shape[:-1], -1, MONTHS)
    fitted_on = years[..., calibration, :]
    history = (~np.isnan(fitted_on)).sum(axis=-2, keepdims=True).astype(np.float64)
    tiers = tier(np.broadcast_to(history, years.shape), years_b, years_a)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.clip(ndtri(distribution(years, fitted_on)), -SCALE_END, SCALE_END)
    index[tiers == "C"] = np.nan
    inside = slice(before, before + sums.shape[-1])
    return index.reshape(padded.shape)[..., inside], tiers.reshape(padded.shape)[..., inside]


def gamma(sums: Floats, fitted_on: Floats) -> Floats:
    """Probability of at most each sum: gamma by Thom's estimate, mixed with the share of dry sums; (..., years, 12)."""
    wet = np.where(fitted_on > 0, fitted_on, np.nan)
    known = (~np.isnan(fitted_on)).sum(axis=-2, keepdims=True)
    count = (~np.isnan(wet)).sum(axis=-2, keepdims=True)
    mean = np.nansum(wet, axis=-2, keepdims=True) / count
    spread = np.log(mean) - np.nansum(np.log(wet), axis=-2, keepdims=True) / count
    shape = np.where(spread > 0, (1 + np.sqrt(1 + 4 * spread / 3)) / (4 * spread), np.nan)
    dry = (known - count) / known
    of_wet: Floats = gammainc(shape, np.where(sums >= 0, sums, np.nan) * shape / mean)
    mixed: Floats = dry + (1 - dry) * of_wet
    return mixed


def pearson3(sums: Floats, fitted_on: Floats) -> Floats:
    """Probability of at most each sum: Pearson III by L-moments; (..., years, 12). Takes negative sums."""
    ordered = np.sort(fitted_on, axis=-2)
    n = (~np.isnan(ordered)).sum(axis=-2, keepdims=True)
    rank = np.arange(ordered.shape[-2])[:, None]
    b0 = np.nansum(ordered, axis=-2, keepdims=True) / n
    b1 = np.nansum(rank * ordered, axis=-2, keepdims=True) / (n * (n - 1))
    b2 = np.nansum(rank * (rank - 1) * ordered, axis=-2, keepdims=True) / (n * (n - 1) * (n - 2))
    l2, l3 = 2 * b1 - b0, 6 * b2 - 6 * b1 + b0
    ratio = np.where(l2 > 0, np.abs(l3 / l2), np.nan)
    small = 3 * np.pi * ratio**2
    large = 1 - ratio
    alpha = np.where(
        ratio < 1 / 3,
        (1 + 0.2906 * small) / (small + 0.1882 * small**2 + 0.0442 * small**3),
        (0.36067 * large - 0.59567 * large**2 + 0.25361 * large**3)
        / (1 - 2.78861 * large + 2.56096 * large**2 - 0.77045 * large**3),
    )
    scale = np.sqrt(np.pi * alpha) * l2 * np.exp(gammaln(alpha) - gammaln(alpha + 0.5))
    standard = (sums - b0) / scale
    sign = np.where(l3 < 0, -1.0, 1.0)
    # A standardised Pearson III is a gamma of shape alpha, moved and, for a long tail to the left, mirrored.
    lower = np.asarray(gammainc(alpha, np.maximum(alpha + sign * np.sqrt(alpha) * standard, 0)))
    skewed = np.where(sign > 0, lower, 1 - lower)
    return np.where(ratio < NEARLY_SYMMETRIC, ndtr((sums - b0) / (np.sqrt(np.pi) * l2)), skewed)


def drought_grade(index: Floats, cuts: Sequence[float]) -> Floats:
    """How many of the cuts the index lies at or below: 0 for no drought, up to len(cuts); NaN where it is not known.

    cuts: falling, as the policy seed gives them; with China's MCI classes (−0.5, −1.0, −1.5, −2.0) 1 is light and 4
    extreme.
    """
    return np.where(np.isnan(index), np.nan, (index[..., None] <= np.asarray(cuts)).sum(axis=-1).astype(np.float64))
