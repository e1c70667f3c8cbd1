"""Unusual counts by the same season of earlier years: Farrington flexible, for all regions and periods at once.

Farrington, Andrews, Beale and Catchpole (1996); Noufaily and others (2012). Quasi-Poisson with a log link on earlier
years, past outbreaks weighted down by their Anscombe residuals, a trend only where it holds up, and the upper limit by
a normalising power. Every lag of the reference is counted back from the period judged, so that all of them share one
design: a whole back-test is a few matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtr

from signals.limits import Limits, Power, power_limits
from signals.loglinear import Fit, dispersion, fit_counts, leverages
from signals.tiers import tier

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

# Cells (region and period) fitted together: their working arrays stay in the processor's cache.
AT_ONCE = 384


@dataclass(frozen=True)
class Reference:
    """Which earlier periods count: lags back from the period judged, their season (0: the judged one) and year."""

    lags: Ints
    seasons: Ints
    years: Ints
    per_year: float


@dataclass(frozen=True)
class Settings:
    """Parameters of the method; all of them come from the policy seed.

    alpha: chance of exceeding the limit without cause, one-sided; weights_above: Anscombe residuals above it are
    weighted down; trend_p: a trend is kept below it (1: always, if it does not extrapolate); trend_years: and from so
    many reference years on; least_cases in the last `cases_periods`; years_b, years_a: reference years of the tiers.
    error_from: "dispersion" takes the error of the mean from φ, as the papers do; "relative_residuals" from the mean
    squared relative residual instead, as the flexible variant of R surveillance 1.20 was found to do.
    """

    alpha: float
    weights_above: float
    trend_p: float
    trend_years: int
    least_cases: float
    cases_periods: int
    years_b: float
    years_a: float
    power: Power = "2/3"
    error_from: Literal["dispersion", "relative_residuals"] = "dispersion"


@dataclass(frozen=True)
class Judged:
    """Per region and judged period (regions, judged). alarm is 1, 0 or NaN (not known); NaN wherever not known."""

    expected: Floats
    upper: Floats
    score: Floats
    p_value: Floats
    alarm: Floats
    dispersion: Floats
    error: Floats
    has_trend: Bools
    tier: Texts


def reference_dates(day: date, years: int) -> list[date]:
    """The days of the same weekday nearest to `day` one to `years` years before, newest first.

    So a weekly series with a week 53 keeps its season: lags follow from the dates, not from a count of 52.
    """
    found = []
    for back in range(1, years + 1):
        last_of_february = (day.month, day.day) == (2, 29)
        same = date(day.year - back, 2, 28) if last_of_february else day.replace(year=day.year - back)
        ahead = (day.weekday() - same.weekday()) % 7
        found.append(same + timedelta(days=ahead if ahead <= 3 else ahead - 7))
    return found


def reference(centres: Sequence[int], *, half_width: int, seasons: int, left_out: int) -> Reference:
    """The reference of one period: windows of ± `half_width` around `centres`, the time between them in seasons.

    centres: lags of the same season one, two, … years before, rising (52, 104, …; from `reference_dates` where weeks
    are true weeks). seasons: parts of the year, the window being one of them; 1 leaves the time between out. left_out:
    the newest periods, which may hold the outbreak itself. Raises ValueError where windows overlap, seasons lack
    periods, or the newest window is left out.
    """
    ends = np.array([0, *centres], dtype=np.int64)
    between = np.diff(ends) - 2 * half_width - 1
    if not centres or (between < max(seasons - 1, 0)).any():
        raise ValueError(f"windows of ±{half_width} around {list(centres)} leave no room for {seasons} seasons")
    lags = np.arange(1, ends[-1] + half_width + 1)
    year = np.searchsorted(ends + half_width, lags)  # the year whose window, or the time after it, holds the lag
    is_window = np.abs(lags - ends[year]) <= half_width
    # In order of time: the first season is the one right after the older window.
    place = ends[year] - half_width - 1 - lags
    season = np.where(is_window, 0, 1 + place * (seasons - 1) // np.maximum(between[np.maximum(year, 1) - 1], 1))
    kept = (lags > left_out) & (is_window | (seasons > 1))
    if left_out >= centres[0] - half_width:
        raise ValueError(f"leaving out {left_out} periods cuts into the window of the year before")
    return Reference(lags[kept], season[kept], year[kept], float(ends[-1] / len(centres)))


def farrington(counts: Floats, exposure: Floats | None, judged: Ints, ref: Reference, settings: Settings) -> Judged:
    """Judges each region at each period of `judged` against its own reference.

    counts: (regions, periods) cases, NaN where not known; exposure: same shape, persons or households at risk (None:
    equal); judged: indices of periods (what a reference asks for before the series begins is missing). Tier by the
    years whose window holds a known count; in tier C, or where the people at risk are not known, nothing is said.
    Raises ValueError for negative counts.
    """
    exposed = np.ones_like(counts) if exposure is None else exposure
    regions = max(1, AT_ONCE // max(len(judged), 1))
    parts = [
        _judge(counts[first : first + regions], exposed[first : first + regions], judged, ref, settings)
        for first in range(0, max(len(counts), 1), regions)
    ]
    return Judged(*(np.concatenate([getattr(part, field.name) for part in parts]) for field in fields(Judged)))


def _judge(counts: Floats, exposed: Floats, judged: Ints, ref: Reference, settings: Settings) -> Judged:
    y, at_risk = _earlier(counts, judged, ref.lags), _earlier(exposed, judged, ref.lags)
    usable = ~np.isnan(y) & (at_risk > 0)
    weights = usable.astype(np.float64)
    offset = np.log(np.where(usable, at_risk, 1.0))
    in_window = usable & (ref.seasons == 0)
    years = np.stack([in_window[:, ref.years == back].any(axis=1) for back in np.unique(ref.years[ref.years > 0])])
    history = years.sum(axis=0).astype(np.float64)
    now, at_risk_now = counts[:, judged].ravel(), exposed[:, judged].ravel()

    with_trend = _design(ref, has_trend=True)
    fitted = _robust(with_trend, y, weights, offset, settings)
    largest = np.where(usable, y, 0).max(axis=1)
    keeps = _trend_holds(fitted, history, at_risk_now, largest, settings)
    mean, error, phi = _prediction(fitted, at_risk_now)
    without = np.flatnonzero(~keeps)
    if len(without):
        plain = _robust(_design(ref, has_trend=False), y[without], weights[without], offset[without], settings)
        mean[without], error[without], phi[without] = _prediction(plain, at_risk_now[without])

    graded = tier(history, settings.years_b, settings.years_a)
    unknown = (graded == "C") | np.isnan(mean) | ~(at_risk_now > 0)
    mean, error, phi = (np.where(unknown, np.nan, value) for value in (mean, error, phi))
    limits = power_limits(now, mean, error, phi, alpha=settings.alpha, power=settings.power)
    alarm = _alarm(now, limits, _recent_cases(counts, judged, settings), settings.least_cases)
    shape = (counts.shape[0], len(judged))
    return Judged(
        expected=mean.reshape(shape),
        upper=limits.upper.reshape(shape),
        score=limits.score.reshape(shape),
        p_value=limits.p_value.reshape(shape),
        alarm=alarm.reshape(shape),
        dispersion=phi.reshape(shape),
        error=error.reshape(shape),
        has_trend=(keeps & ~unknown).reshape(shape),
        tier=graded.reshape(shape),
    )


@dataclass(frozen=True)
class _Robust:
    fit: Fit
    dispersion: Floats
    error_dispersion: Floats
    freedom: Floats


def _earlier(values: Floats, judged: Ints, lags: Ints) -> Floats:
    """(regions × judged, lags) of what lay so many periods before; NaN before the series begins."""
    places = judged[:, None] - lags
    found = np.where(places >= 0, values[:, np.maximum(places, 0)], np.nan)
    flat: Floats = found.reshape(-1, len(lags))
    return flat


def _design(ref: Reference, *, has_trend: bool) -> Floats:
    """Intercept, trend in years (0 at the period judged), one column per season but the judged one."""
    seasons = [(ref.seasons == season).astype(np.float64) for season in np.unique(ref.seasons[ref.seasons > 0])]
    trend = [-ref.lags / ref.per_year] if has_trend else []
    return np.column_stack([np.ones(len(ref.lags)), *trend, *seasons])


def _robust(design: Floats, y: Floats, weights: Floats, offset: Floats, settings: Settings) -> _Robust:
    """Fits, weights past outbreaks down by their Anscombe residuals, and fits again."""
    known = (weights > 0).sum(axis=1)
    terms = ((weights > 0).astype(np.float64) @ (design != 0)).astype(bool).sum(axis=1)
    freedom = (known - terms).astype(np.float64)
    fit = fit_counts(design, y, weights, offset)
    phi = np.maximum(dispersion(y, weights, fit.means, freedom), 1.0)
    left = np.sqrt(phi[:, None] * np.maximum(1 - leverages(design, weights, fit), 1e-9))
    counts = np.where(weights > 0, y, 0.0)
    residual = 1.5 * (np.cbrt(counts) ** 2 * fit.means ** (-1 / 6) - np.sqrt(fit.means)) / left
    is_high = (residual > settings.weights_above) & (weights > 0)
    lighter = np.where(is_high, 1.0 / np.where(is_high, residual, 1.0) ** 2, weights)
    lighter = lighter * (known / np.maximum(lighter.sum(axis=1), 1e-300))[:, None]
    rows = np.flatnonzero(is_high.any(axis=1))
    again = fit_counts(design, y[rows], lighter[rows], offset[rows], start=fit.means[rows])
    for part in ("coefficients", "covariance", "means"):
        getattr(fit, part)[rows] = getattr(again, part)
    phi = np.maximum(dispersion(y, lighter, fit.means, freedom), 1.0)
    of_error = phi if settings.error_from == "dispersion" else dispersion(y, lighter, fit.means, freedom, power=2)
    return _Robust(fit, phi, of_error, freedom)


def _prediction(fitted: _Robust, at_risk: Floats) -> tuple[Floats, Floats, Floats]:
    """Mean, its standard error and the dispersion for the period judged, in cases."""
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = np.exp(fitted.fit.coefficients[:, 0]) * at_risk
        error = mean * np.sqrt(fitted.error_dispersion * fitted.fit.covariance[:, 0, 0])
    return mean, error, fitted.dispersion


def _trend_holds(fitted: _Robust, history: Floats, at_risk: Floats, largest: Floats, settings: Settings) -> Bools:
    slope, variance = fitted.fit.coefficients[:, 1], fitted.fit.covariance[:, 1, 1]
    with np.errstate(divide="ignore", invalid="ignore"):
        p_value = 2 * stdtr(fitted.freedom, -np.abs(slope) / np.sqrt(fitted.error_dispersion * variance))
    is_significant = (p_value < settings.trend_p) | (settings.trend_p >= 1)
    mean, _, _ = _prediction(fitted, at_risk)
    holds: Bools = is_significant & (history >= settings.trend_years) & (mean <= largest)
    return holds


def _recent_cases(counts: Floats, judged: Ints, settings: Settings) -> tuple[Floats, Bools]:
    """Known cases of the last periods, the judged one included, and whether all of those periods are known."""
    recent = _earlier(counts, judged, np.arange(settings.cases_periods))
    return np.nansum(recent, axis=1), np.asarray(~np.isnan(recent).any(axis=1))


def _alarm(now: Floats, limits: Limits, recent: tuple[Floats, Bools], least_cases: float) -> Floats:
    """1 above the limit with enough recent cases, 0 where one of the two fails for sure, NaN where it is not known."""
    cases, all_known = recent
    is_above = now > limits.upper
    is_settled = ~np.isnan(now) & ~np.isnan(limits.upper) & (~is_above | (cases >= least_cases) | all_known)
    return np.where(is_settled, (is_above & (cases >= least_cases)).astype(np.float64), np.nan)
