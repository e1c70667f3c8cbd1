"""Prices by month: which months are told, each series judged by itself, and what short histories leave unsaid."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from signals.price_months import MONTH_TYPES, judge_months, run_price_months

SETTINGS = {
    "baseline_years": 3,
    "long_history_years": 5,
    "ifpa_quarter_months": 3,
    "ifpa_year_months": 12,
    "ifpa_quarter_weight": 0.4,
    "ifpa_least_earlier": 2,
    "ifpa_moderate": 0.5,
    "ifpa_abnormal": 1,
    "alps_least_years": 3,
    "alps_least_share": 0.7,
    "alps_recent_months": 6,
    "alps_stress": 0.25,
    "alps_alert": 1,
    "alps_crisis": 2,
}
EARLY_PEAR = {7: 6.0, 8: 3.2, 9: 3.0}  # steep after the opening, every year the same


def _thresholds(**changed: float) -> pd.DataFrame:
    rows = [(name, name, None, value) for name, value in {**SETTINGS, **changed}.items()]
    frame = pd.DataFrame(rows, columns=["threshold_id", "parameter", "level", "value"])
    return frame.assign(valid_from_date=pd.Timestamp("2016-01-01"), valid_to_date=date(9999, 12, 30))


def _months(first: str, last: str) -> pd.DatetimeIndex:
    return pd.date_range(first, last, freq="MS")


def _series(commodity: str, months: pd.DatetimeIndex, prices: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region_code": "341321000000",
            "commodity": commodity,
            "month": months,
            "price": prices,
            "week_count": 4,
            "usable_from_date": months + pd.offsets.MonthEnd(0),
        }
    )


def _noisy(months: pd.DatetimeIndex, seed: int = 1) -> np.ndarray:
    season = 1 + 0.1 * np.cos(2 * np.pi * months.month.to_numpy() / 12)
    return np.asarray(10 * season * np.random.default_rng(seed).normal(1, 0.02, len(months)))


def test_a_lasting_fall_is_abnormally_low_by_both() -> None:
    months = _months("2016-01-01", "2021-12-01")
    prices = _noisy(months)
    prices[-5:] *= 0.6
    found = judge_months(_series("pear", months, prices), _thresholds())
    fallen, before = found.iloc[-5:], found.iloc[-17:-5]
    assert (fallen["ifpa_grade"] == -2).all()
    assert (fallen["alps_grade"] == -3).all()
    assert (fallen["tier"] == "A").all()
    assert not (before["alps_grade"] == -3).any()
    assert fallen["normal_price"].gt(fallen["price"]).all()


def test_a_rise_has_the_other_sign() -> None:
    months = _months("2016-01-01", "2021-12-01")
    prices = _noisy(months)
    prices[-5:] *= 1.6
    fresh = judge_months(_series("pear", months, prices), _thresholds()).iloc[-5:]
    assert (fresh["ifpa_grade"] == 2).all()
    assert (fresh["alps_grade"] == 3).all()


def test_less_than_three_years_say_nothing_and_say_so() -> None:
    months = _months("2019-06-01", "2021-12-01")
    found = judge_months(_series("pear", months, _noisy(months)), _thresholds())
    assert (found["tier"] == "C").all()
    assert found[["ifpa", "ifpa_grade", "alps", "alps_grade", "normal_price"]].isna().all(axis=None)


def test_early_pears_that_fall_every_july_are_not_abnormal() -> None:
    months = _months("2015-07-01", "2021-09-01")
    months = months[months.month.isin(list(EARLY_PEAR))]
    noise = np.random.default_rng(3).normal(1, 0.02, len(months))
    prices = np.array([EARLY_PEAR[m] for m in months.month]) * noise
    found = judge_months(_series("early_pear", months, prices), _thresholds(alps_least_share=0.2))
    told = found.dropna(subset=["alps_grade"])
    assert len(told) >= 6
    assert not (told["alps_grade"] <= -3).any()
    fall = prices[months.month == 8] / prices[months.month == 7] - 1
    assert (fall < -0.4).all()


def test_each_series_is_judged_by_itself() -> None:
    long, short = _months("2016-01-01", "2021-12-01"), _months("2020-01-01", "2021-12-01")
    both = pd.concat([_series("pear", long, _noisy(long)), _series("wheat", short, _noisy(short, 2))])
    found = judge_months(both.reset_index(drop=True), _thresholds())
    alone = judge_months(_series("pear", long, _noisy(long)), _thresholds())
    pears = found[found["commodity"] == "pear"].reset_index(drop=True)
    pd.testing.assert_frame_equal(pears, alone)
    assert (found.loc[found["commodity"] == "wheat", "tier"] == "C").all()


def test_a_missing_setting_is_named() -> None:
    months = _months("2016-01-01", "2021-12-01")
    without = _thresholds()
    without = without[without["parameter"] != "alps_alert"]
    with pytest.raises(ValueError, match="alps_alert"):
        judge_months(_series("pear", months, _noisy(months)), without)


def _run(weeks: pd.DataFrame, as_of: date) -> pd.DataFrame:
    con = duckdb.connect()
    con.execute("create schema intermediate")
    con.execute("create schema landing")
    con.execute("create table landing.run_clock as select ? as as_of_date", [as_of])
    con.register("weeks", weeks)
    con.execute("create table intermediate.int_price__weekly_series as select * from weeks")
    con.register("thresholds", _thresholds().assign(rule_id="R19"))
    con.execute("create table intermediate.int_policy__thresholds_in_force as select * from thresholds")
    return run_price_months(con)["price_months"]


def _weeks(days: pd.DatetimeIndex, price: float | None) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "region_code": "341321000000",
            "commodity": "pear",
            "week_end_date": days,
            "price_cny_per_kg": pd.Series([price] * len(days), dtype="float64"),
            "usable_from_date": days + pd.Timedelta(days=3),
        }
    )


def test_a_month_is_told_when_it_is_over() -> None:
    weeks = _weeks(pd.date_range("2021-10-07", "2021-12-30", freq="7D"), 4.0)
    found = _run(weeks, date(2021, 12, 30))
    assert found["month"].dt.strftime("%Y-%m").tolist() == ["2021-10", "2021-11"]
    assert found["price"].tolist() == [4.0, 4.0]
    assert found["week_count"].tolist() == [4, 4]
    assert len(_run(weeks, date(2021, 12, 31))) == 3


def test_a_market_of_no_known_region_prices_for_none() -> None:
    weeks = _weeks(pd.date_range("2021-10-07", "2021-12-30", freq="7D"), 4.0)
    nowhere = weeks.assign(region_code=None, price_cny_per_kg=1.0)
    found = _run(pd.concat([nowhere, weeks], ignore_index=True), date(2021, 12, 31))
    assert found["region_code"].tolist() == ["341321000000"] * 3
    assert found["price"].tolist() == [4.0] * 3
    assert _run(nowhere, date(2021, 12, 31)).empty


@pytest.mark.parametrize("days", [pd.DatetimeIndex([]), pd.DatetimeIndex(["2021-10-07"])])
def test_a_run_without_a_price_gives_an_empty_frame_of_the_same_shape(days: pd.DatetimeIndex) -> None:
    found = _run(_weeks(days, None), date(2021, 12, 31))
    assert found.empty
    assert list(found.columns) == list(MONTH_TYPES)
