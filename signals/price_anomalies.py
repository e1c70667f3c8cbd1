"""Price anomalies by month, two-sided: growth against the same month of earlier years (IFPA), prices against a trend.

IFPA: FAO, indicator 2.c.1 (Baquedano 2015). ALPS: WFP, technical guidance (2014). Both were made to see rises; farmers
here sell, so the warning reads the lower side. Prices: (series, months), money per unit, one column a month without
gaps; NaN where not known. A price of zero or below is no price.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.tiers import tier, years_since_first

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

MONTHS = 12
NO_SPREAD = 1e-12  # of growth rates or, relative, of prices: what rounding leaves behind


@dataclass(frozen=True)
class Ifpa:
    """The indicator, its two parts in standard deviations, and the tier; all (series, months)."""

    value: Floats
    quarter: Floats
    year: Floats
    tier: Texts


@dataclass(frozen=True)
class Alps:
    """The score in standard errors, the price that trend and season make normal, and the tier; all (series, months)."""

    score: Floats
    normal: Floats
    is_eligible: Bools
    tier: Texts


def signed_grade(values: Floats, cuts: Sequence[float]) -> Floats:
    """How many of the rising cuts |value| reaches, below zero with a minus; NaN where not known.

    IFPA's cuts are (.5, 1): −2 is abnormally low, −1 moderately; ALPS's are (.25, 1, 2).
    """
    reached = (np.abs(values)[..., None] >= np.asarray(cuts)).sum(axis=-1)
    return np.where(np.isnan(values), np.nan, np.where(values < 0, -reached, reached))


def compound_growth(prices: Floats, months: int) -> Floats:
    """Growth per month over the last `months`: (P_t / P_(t − months))^(1 / months) − 1."""
    priced = np.where(prices > 0, prices, np.nan)
    growth = np.full(prices.shape, np.nan)
    growth[:, months:] = (priced[:, months:] / priced[:, :-months]) ** (1 / months) - 1
    return growth


def ifpa(
    prices: Floats,
    *,
    quarter_months: int,
    year_months: int,
    quarter_weight: float,
    least_earlier: int,
    years_b: float,
    years_a: float,
) -> Ifpa:
    """quarter_weight · z(quarterly growth) + (1 − quarter_weight) · z(yearly growth); FAO: 3, 12, 0.4, least_earlier 2.

    z against the same calendar month of strictly earlier years, weights 1 to n from the oldest known on, a year that is
    not known being left out: so from the 37th month. Tier by the years since the first price. NaN where a spread is 0.
    """
    quarter = _seasonal_score(compound_growth(prices, quarter_months), least_earlier)
    year = _seasonal_score(compound_growth(prices, year_months), least_earlier)
    graded = tier(years_since_first(np.where(prices > 0, prices, np.nan), MONTHS), years_b, years_a)
    value = np.where(graded == "C", np.nan, quarter_weight * quarter + (1 - quarter_weight) * year)
    return Ifpa(value, quarter, year, graded)


def _seasonal_score(growth: Floats, least_earlier: int) -> Floats:
    """(x − m) / s with m and s of the same calendar month of earlier years, the newer ones weighing more."""
    months = growth.shape[1]
    years = -(-months // MONTHS)
    padded = np.pad(growth, [(0, 0), (0, years * MONTHS - months)], constant_values=np.nan)
    by_year = padded.reshape(-1, years, MONTHS)
    known = ~np.isnan(by_year)
    x, rank = np.where(known, by_year, 0.0), np.where(known, np.cumsum(known, axis=1), 0)
    # (series, year judged, earlier year, calendar month)
    weight = rank[:, None] * np.tri(years, k=-1)[:, :, None]
    n = (weight > 0).sum(axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        total = weight.sum(axis=2)
        mean = (weight * x[:, None]).sum(axis=2) / total
        squares = (weight * (x[:, None] - mean[:, :, None]) ** 2).sum(axis=2)
        spread = np.sqrt(squares / (total * (n - 1) / n))
        is_usable = (n >= least_earlier) & (spread > NO_SPREAD)
        score = np.where(is_usable, (by_year - mean) / spread, np.nan)
    flat: Floats = score.reshape(len(growth), -1)[:, :months]
    return flat


def alps(
    prices: Floats,
    *,
    first_month: int,
    least_years: float,
    least_share: float,
    recent_months: int,
    years_b: float,
    years_a: float,
) -> Alps:
    """Residual of P = a + b·t + month + e over its standard error, fitted anew each month on all prices up to it.

    first_month: calendar month of the first column (1 to 12). WFP: least_years 3, least_share .7 of the months since
    the first price, a price in the last 6 (recent_months). NaN where not eligible or in tier C, in a month without a
    price, where a calendar month is seen for the first time, or where the fit leaves no freedom or no spread. The month
    judged is part of its own fit, as WFP has it.
    """
    months = prices.shape[1]
    priced = np.where(prices > 0, prices, np.nan)
    known = ~np.isnan(priced)
    month = (np.arange(months) + first_month - 1) % MONTHS
    design = np.column_stack([np.arange(months) / MONTHS, month[:, None] == np.arange(MONTHS)]).astype(np.float64)
    y = np.where(known, priced, 0.0)
    up_to_now = np.cumsum(known[..., None, None] * (design[:, :, None] * design[:, None, :]), axis=1)
    right = np.cumsum((known * y)[..., None] * design, axis=1)
    # A calendar month without a price has no row of its own: the pseudo-inverse leaves it at zero.
    coefficients = (np.linalg.pinv(up_to_now, hermitian=True, rcond=1e-10) @ right[..., None])[..., 0]
    fitted = coefficients @ design.T  # (series, as seen in month, month)
    is_seen = known[:, None, :] & (np.arange(months)[:, None] >= np.arange(months))
    left = np.where(is_seen, y[:, None, :] - fitted, 0.0)
    seen_in_month = up_to_now.diagonal(axis1=2, axis2=3)[..., 1:]
    freedom = np.cumsum(known, axis=1) - 1 - (seen_in_month > 0).sum(axis=-1)
    history = years_since_first(priced, MONTHS)
    graded = tier(history, years_b, years_a)
    span = np.where(np.isnan(history), 0.0, history * MONTHS + 1)
    recently = np.pad(known, [(0, 0), (recent_months - 1, 0)])
    is_recent = np.lib.stride_tricks.sliding_window_view(recently, recent_months, axis=1).any(axis=-1)
    is_eligible = (
        (span >= least_years * MONTHS) & (np.cumsum(known, axis=1) >= least_share * span) & is_recent & (graded != "C")
    )
    normal = np.einsum("smk,mk->sm", coefficients, design)
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = np.sqrt((left**2).sum(axis=-1) / freedom)
        is_usable = is_eligible & (seen_in_month[:, np.arange(months), month] > 1) & (freedom > 0)
        is_usable &= spread > NO_SPREAD * np.abs(normal)
        score = np.where(is_usable, (priced - normal) / spread, np.nan)
    return Alps(score, np.where(is_usable, normal, np.nan), is_eligible, graded)
