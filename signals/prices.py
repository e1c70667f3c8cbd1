"""Price falls (R19): against the same weeks of earlier years, how many weeks running, and the official hog ladder.

Formulas: same-window fall and its tiers, hog-to-grain ratio (NDRC 2021). A fall is positive: 0.15 is 15 % below the
mean of the same week in the earlier years. Arrays hold one series, ordered by week; a price that is not known is NaN.
"""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from signals.tiers import tier

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[np.object_]

ROUNDED_TO = 6

SERIES = """
    select region_code, commodity, price_year, week_number, week_end_date, is_pooled, quote_count, usable_from_date,
        cast(price_cny_per_kg as double) as price, cast(grain_price_cny_per_kg as double) as grain_price
    from intermediate.int_price__weekly_series
    order by region_code, commodity, price_year, week_number
"""
THRESHOLDS = """
    select threshold_id, parameter, level, cast(value as double) as value, valid_from_date, valid_to_date
    from intermediate.int_policy__thresholds_in_force
    where rule_id = 'R19'
    order by threshold_id, valid_from_date
"""
# Columns of the two frames with their types, the same whether a run has prices or not.
WEEK_TYPES = {
    "region_code": "str",
    "commodity": "str",
    "price_year": "int32",
    "week_number": "int32",
    "week_end_date": "datetime64[us]",
    "usable_from_date": "datetime64[us]",
    "quote_count": "int32",
    "is_pooled": "bool",
    "price": "float64",
    "baseline_price": "float64",
    "fall_ratio": "float64",
    "tier": "str",
    "hog_grain_ratio": "float64",
    "hog_level": "str",
}
RUN_TYPES = {
    "region_code": "str",
    "commodity": "str",
    "price_year": "int32",
    "week_number": "int32",
    "threshold_id": "str",
    "weeks_below": "int32",
}


def week_positions(years: Ints, weeks: Ints) -> Ints:
    """The place of each week on the series' own calendar: a year has a week 53 if the series has one."""
    with_53 = set(years[weeks == 53].tolist())
    before: dict[int, int] = {}
    total = 0
    for year in range(int(years.min()), int(years.max()) + 1) if len(years) else ():
        before[year] = total
        total += 53 if year in with_53 else 52
    return np.array([before[int(y)] for y in years], dtype=np.int64) + weeks


def same_window_fall(years: Ints, weeks: Ints, prices: Floats, years_before: int) -> tuple[Floats, Floats]:
    """Mean price of the same week number in the `years_before` years before, and the fall below it (share, positive).

    All those years are required: with one of them missing or blank, both are NaN.
    """
    wanted = [(int(y), int(w)) for y, w in zip(years, weeks, strict=True)]
    known = dict(zip(wanted, prices, strict=True))
    earlier = np.array(
        [[known.get((y - k, w), np.nan) for k in range(1, years_before + 1)] for y, w in wanted],
        dtype=np.float64,
    ).reshape(len(years), years_before)
    baseline = np.round(earlier.mean(axis=1), ROUNDED_TO)
    with np.errstate(divide="ignore", invalid="ignore"):
        return baseline, np.round(1.0 - prices / baseline, ROUNDED_TO)


def tiers(years: Ints, weeks: Ints, prices: Floats, years_b: float, years_a: float) -> Texts:
    """How long the history before each week is: A from `years_a` years on, B from `years_b` on, else C."""
    priced = ~np.isnan(prices)
    if not priced.any():
        return tier(np.full(len(years), np.nan), years_b, years_a)
    first = int(np.argmax(priced))
    # In week numbers, so that the same week n years later has exactly n years before it.
    return tier((years - years[first]) + (weeks - weeks[first]) / 53.0, years_b, years_a)


def weeks_in_a_row(positions: Ints, is_below: Floats, missing_allowed: int) -> Ints:
    """How many weeks running, this one included, were below; `is_below` holds 1, 0 or NaN (not known).

    A week that is absent or not known neither counts nor ends the run, up to `missing_allowed` of them in a row.
    """
    runs = np.zeros(len(positions), dtype=np.int64)
    run, last_known = 0, None
    for i, (position, below) in enumerate(zip(positions, is_below, strict=True)):
        if np.isnan(below):
            continue
        if last_known is not None and position - last_known - 1 > missing_allowed:
            run = 0
        run = run + 1 if below else 0
        runs[i], last_known = run, position
    return runs


def hog_ladder(
    positions: Ints,
    ratios: Floats,
    *,
    yellow_below: Floats,
    orange_below: Floats,
    orange_weeks: Floats,
    red_below: Floats,
    missing_allowed: int,
) -> Texts:
    """Level by the official ladder; every cut is the one in force in that week (NaN: none in force).

    Level 3 (yellow) below the first ratio; level 2 (orange) after so many weeks running below it; level 1 (red) at once
    below the second. A week without both prices is None; with no cut in force it is None too.
    """
    known = ~np.isnan(ratios)
    below = np.where(known & ~np.isnan(orange_below), (ratios < orange_below).astype(np.float64), np.nan)
    running = weeks_in_a_row(positions, below, missing_allowed)
    levels = np.full(len(ratios), None, dtype=object)
    levels[known & ~np.isnan(yellow_below)] = "none"
    levels[known & (ratios < yellow_below)] = "yellow"
    levels[known & (ratios < orange_below) & (running >= orange_weeks)] = "orange"
    levels[known & (ratios < red_below)] = "red"
    return levels


def in_force(thresholds: pd.DataFrame, parameter: str, level: str | None, days: pd.Series[Any]) -> Floats:
    """The value in force on each day, NaN where none is. Spans of one parameter and level do not overlap."""
    same_level = thresholds["level"].isna() if level is None else thresholds["level"] == level
    values = np.full(len(days), np.nan)
    moments = pd.to_datetime(days)
    for row in thresholds[(thresholds["parameter"] == parameter) & same_level].to_dict("records"):
        holds = (moments >= pd.Timestamp(row["valid_from_date"])) & (moments <= pd.Timestamp(row["valid_to_date"]))
        values[holds.to_numpy()] = row["value"]
    return values


def setting(thresholds: pd.DataFrame, parameter: str, days: pd.Series[Any]) -> float:
    """How the newest period is to be measured. Raises ValueError when the policy seed says nothing for it."""
    value = float(in_force(thresholds, parameter, None, days)[-1])
    if np.isnan(value):
        raise ValueError(f"no threshold named {parameter} is in force on {days.iloc[-1]:%Y-%m-%d}; the seed needs one")
    return value


def judge_series(series: pd.DataFrame, thresholds: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """One series (columns as SERIES reads them) → its weeks with fall, tier and ladder, and its runs per threshold.

    Raises ValueError when the thresholds do not say how to measure.
    """
    years = series["price_year"].to_numpy(dtype=np.int64)
    weeks = series["week_number"].to_numpy(dtype=np.int64)
    prices = series["price"].to_numpy(dtype=np.float64, na_value=np.nan)
    days = series["week_end_date"]
    positions = week_positions(years, weeks)

    years_before = int(setting(thresholds, "baseline_years", days))
    missing_allowed = int(setting(thresholds, "missing_weeks_allowed", days))
    baseline, fall = same_window_fall(years, weeks, prices, years_before)
    ratio = np.round(prices / series["grain_price"].to_numpy(dtype=np.float64, na_value=np.nan), ROUNDED_TO)
    found = series.assign(
        baseline_price=baseline,
        fall_ratio=fall,
        tier=tiers(years, weeks, prices, years_before, setting(thresholds, "long_history_years", days)),
        hog_grain_ratio=ratio,
        hog_level=hog_ladder(
            positions,
            ratio,
            yellow_below=in_force(thresholds, "hog_grain_ratio_below", "yellow", days),
            orange_below=in_force(thresholds, "hog_grain_ratio_below", "orange", days),
            orange_weeks=in_force(thresholds, "hog_grain_weeks", "orange", days),
            red_below=in_force(thresholds, "hog_grain_ratio_below", "red", days),
            missing_allowed=missing_allowed,
        ),
    )
    cuts = thresholds[thresholds["parameter"] == "same_window_fall"].drop_duplicates("threshold_id")
    runs = [
        series.assign(
            threshold_id=cut["threshold_id"],
            weeks_below=weeks_in_a_row(
                positions, np.where(np.isnan(fall), np.nan, (fall >= cut["value"]).astype(np.float64)), missing_allowed
            ),
        )
        for cut in cuts.to_dict("records")
    ]
    return found[list(WEEK_TYPES)], pd.concat([one[list(RUN_TYPES)] for one in runs] or [_empty(RUN_TYPES)])


def _empty(types: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in types.items()})


def run_prices(con: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """Reads the weekly series and the R19 thresholds of a run; gives the frames `price_weeks` and `price_runs`.

    Raises duckdb.CatalogException when stage 1 has not been built, ValueError as judge_series does.
    """
    series = con.execute(SERIES).df()
    thresholds = con.execute(THRESHOLDS).df()
    judged = [judge_series(one, thresholds) for _, one in series.groupby(["region_code", "commodity"], sort=True)]
    weeks = pd.concat([_empty(WEEK_TYPES), *(found for found, _ in judged)], ignore_index=True)
    runs = pd.concat([_empty(RUN_TYPES), *(running for _, running in judged)], ignore_index=True)
    return {"price_weeks": weeks.astype(WEEK_TYPES), "price_runs": runs.astype(RUN_TYPES)}
