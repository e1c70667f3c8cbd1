"""Six years of prices, calm unless the shock is one of price: hogs and maize by week, the markets by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulation import assumptions as a
from simulation.draws import Floats, Ints, generator, one_between
from simulation.shocks import Shock


@dataclass(frozen=True)
class Week:
    """A week as the bureau counts: seven days from 1 January, the last of the year cut short."""

    year: int
    number: int
    last_day: date


def weeks_between(first: date, last: date) -> list[Week]:
    """All weeks whose last day lies between these days."""
    found = []
    for year in range(first.year, last.year + 1):
        for number in range(1, 54):
            end = min(date(year, 1, 1) + timedelta(days=7 * number - 1), date(year, 12, 31))
            if first <= end <= last:
                found.append(Week(year, number, end))
    return found


def _season(days: Ints, amplitude: float, peak_day: int) -> Floats:
    return np.asarray(1.0 + amplitude * np.cos(2 * np.pi * (days - peak_day) / 365.25), dtype=np.float64)


def _noise(rng: np.random.Generator, size: int, deviation: float) -> Floats:
    return 1.0 + np.clip(rng.normal(0, deviation, size), -2.5 * deviation, 2.5 * deviation)


def _ordinals(days: list[date]) -> tuple[Ints, Floats]:
    """Day of the year, and years since the first day's year began."""
    of_year = np.array([d.timetuple().tm_yday for d in days], dtype=np.int64)
    since = np.array([(d - date(days[0].year, 1, 1)).days / 365.25 for d in days])
    return of_year, since


def _ramp(days: list[date], shocks: Sequence[Shock], kind: str, ramp_days: int) -> Floats:
    """The factor that shocks leave of a price: falling to its size within days, staying until over."""
    factor = np.ones(len(days))
    for shock in (s for s in shocks if s.kind == kind):
        down = np.clip(np.array([(d - shock.onset).days for d in days]) / ramp_days, 0.0, 1.0)
        if shock.until is not None:
            down -= np.clip(np.array([(d - shock.until).days for d in days]) / ramp_days, 0.0, 1.0)
        factor *= 1.0 - shock.size * down
    return factor


def hog_and_maize(
    seed: int, weeks: list[Week], shocks: Sequence[Shock], ramp_days: int = a.PRICE_RAMP_DAYS
) -> tuple[Floats, Floats]:
    """Yuan a kilogram, to two decimals, of each week."""
    rng = generator(seed, "hog_grain")
    days = [w.last_day for w in weeks]
    of_year, since = _ordinals(days)
    maize_base = one_between(rng, a.MAIZE_BASE)
    hog_base = maize_base * one_between(rng, a.HOG_MAIZE_RATIO)
    maize = maize_base * (1 + a.MAIZE_GROWTH) ** since * _season(of_year, a.MAIZE_SEASON, 200)
    hog = hog_base * (1 + a.HOG_GROWTH) ** since * _season(of_year, a.HOG_SEASON, 15)
    hog = hog * _noise(rng, len(weeks), a.WEEKLY_NOISE) * _ramp(days, shocks, "hog_price", ramp_days)
    maize = maize * _noise(rng, len(weeks), a.WEEKLY_NOISE)
    return np.round(hog, 2), np.round(maize, 2)


@dataclass(frozen=True)
class Series:
    """One product at one market."""

    product: str
    region: str
    market: str
    specification: str
    unit: str


SERIES = (
    Series("酥梨", "341321", "砀山惠丰农产品批发市场", "普通", "斤"),
    Series("早酥梨", "341321", "砀山惠丰农产品批发市场", "普通", "斤"),
    Series("酥梨", "341322", "萧县果蔬批发市场", "普通", "斤"),
    Series("小麦", "341302", "埇桥粮食批发市场", "国标三等", "公斤"),
    Series("玉米", "341302", "埇桥粮食批发市场", "国标二等", "公斤"),
)
_LEVELS = {
    "酥梨": (a.PEAR_BASE, a.PEAR_SEASON, 130),
    "小麦": (a.WHEAT_BASE, a.WHEAT_SEASON, 60),
    "玉米": (a.MARKET_MAIZE_BASE, a.MARKET_MAIZE_SEASON, 200),
}


def _early_pear(days: list[date]) -> Floats:
    """The steep fall after the opening, every year the same; not a number outside the season."""
    opening, later, span = a.EARLY_PEAR
    (first_month, first), (last_month, last) = a.EARLY_PEAR_SEASON
    levels = np.full(len(days), np.nan)
    for i, day in enumerate(days):
        start, end = date(day.year, first_month, first), date(day.year, last_month, last)
        if start <= day <= end:
            passed = (day - start).days
            fall = min(1.0, passed / span)
            slow = max(0.0, passed - span) / max(1, (end - start).days - span)
            levels[i] = (opening + (later - opening) * fall) * (1 - a.EARLY_PEAR_LATE_LOSS * slow)
    return levels


def market_averages(
    seed: int, series: Series, days: list[date], shocks: Sequence[Shock], ramp_days: int = a.PRICE_RAMP_DAYS
) -> Floats:
    """Average price of each day, to two decimals; not a number on days without a quote."""
    rng = generator(seed, "market", series.product, series.region)
    of_year, since = _ordinals(days)
    growth = (1 + a.MARKET_GROWTH) ** since
    if series.product == "早酥梨":
        level = _early_pear(days)
    else:
        base, season, peak = _LEVELS[series.product]
        level = base * one_between(rng, (0.97, 1.03)) * _season(of_year, season, peak)
    if (series.product, series.region) == ("酥梨", "341321"):
        level = level * _ramp(days, shocks, "pear_price", ramp_days)
    return np.round(level * growth * _noise(rng, len(days), a.DAILY_NOISE), 2)
