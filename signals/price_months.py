"""Prices by month (R19): IFPA and ALPS of every series of a run, their grades, and the tier of the history behind them.

A month is the mean of the weeks that end in it, told once it is over. Both indicators are two-sided; a negative grade
is a price below what season and trend make normal. They inform: no level reads them (ADR 0017).
"""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd

from signals.price_anomalies import MONTHS, alps, ifpa, signed_grade
from signals.prices import ROUNDED_TO, THRESHOLDS, setting

# A market whose region nobody knows prices for no region, as by the week.
SERIES = """
    select region_code, commodity, cast(date_trunc('month', week_end_date) as date) as month,
        cast(sum(price_cny_per_kg) as double) / count(price_cny_per_kg) as price, count(price_cny_per_kg) as week_count,
        max(usable_from_date) as usable_from_date
    from intermediate.int_price__weekly_series
    where region_code is not null
        and last_day(week_end_date) <= (select max(as_of_date) from landing.run_clock)
    group by all
    having count(price_cny_per_kg) > 0
    order by all
"""
# Columns of the frame with their types, the same whether a run has prices or not.
MONTH_TYPES = {
    "region_code": "str",
    "commodity": "str",
    "month": "datetime64[us]",
    "price": "float64",
    "week_count": "int32",
    "usable_from_date": "datetime64[us]",
    "ifpa": "float64",
    "ifpa_grade": "float64",
    "alps": "float64",
    "alps_grade": "float64",
    "normal_price": "float64",
    "tier": "str",
}


def judge_months(series: pd.DataFrame, thresholds: pd.DataFrame) -> pd.DataFrame:
    """Series (columns as SERIES reads them, one row a known month) → the same rows with both indicators; MONTH_TYPES.

    Grades count the cuts reached, below normal with a minus; NaN where not known. Raises ValueError when the thresholds
    do not say how to measure.
    """
    if series.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in MONTH_TYPES.items()})
    number = series["month"].dt.year * MONTHS + series["month"].dt.month - 1
    first, count = int(number.min()), int(number.max() - number.min()) + 1
    names = series.groupby(["region_code", "commodity"], sort=True).ngroup().to_numpy()
    place = (number - first).to_numpy()
    prices = np.full((names.max() + 1, count), np.nan)
    prices[names, place] = series["price"].to_numpy(dtype=np.float64)

    days = series["month"].sort_values()

    def of_seed(parameter: str) -> float:
        return setting(thresholds, parameter, days)

    history = {"years_b": of_seed("baseline_years"), "years_a": of_seed("long_history_years")}
    grown = ifpa(
        prices,
        quarter_months=int(of_seed("ifpa_quarter_months")),
        year_months=int(of_seed("ifpa_year_months")),
        quarter_weight=of_seed("ifpa_quarter_weight"),
        least_earlier=int(of_seed("ifpa_least_earlier")),
        **history,
    )
    trend = alps(
        prices,
        first_month=first % MONTHS + 1,
        least_years=of_seed("alps_least_years"),
        least_share=of_seed("alps_least_share"),
        recent_months=int(of_seed("alps_recent_months")),
        **history,
    )
    of_ifpa = signed_grade(grown.value, [of_seed("ifpa_moderate"), of_seed("ifpa_abnormal")])
    of_alps = signed_grade(trend.score, [of_seed("alps_stress"), of_seed("alps_alert"), of_seed("alps_crisis")])
    found = series.assign(
        ifpa=np.round(grown.value[names, place], ROUNDED_TO),
        ifpa_grade=of_ifpa[names, place],
        alps=np.round(trend.score[names, place], ROUNDED_TO),
        alps_grade=of_alps[names, place],
        normal_price=np.round(trend.normal[names, place], ROUNDED_TO),
        tier=grown.tier[names, place],
    )
    return found[list(MONTH_TYPES)].astype(MONTH_TYPES)


def run_price_months(con: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """Reads the weekly series and the R19 thresholds of a run; gives the frame `price_months`.

    Raises duckdb.CatalogException when stage 1 has not been built, ValueError as judge_months does.
    """
    return {"price_months": judge_months(con.execute(SERIES).df(), con.execute(THRESHOLDS).df())}
