"""Price falls: same-window baseline, tiers, weeks in a row, the official hog ladder, and the frames of a run."""

from __future__ import annotations

from datetime import date

import duckdb
import numpy as np
import pandas as pd
import pytest

from signals.prices import (
    RUN_TYPES,
    WEEK_TYPES,
    hog_ladder,
    in_force,
    judge_series,
    run_prices,
    same_window_fall,
    tiers,
    week_positions,
    weeks_in_a_row,
)

NAN = float("nan")


def _weeks(first_year: int, last_year: int, per_year: int = 52) -> tuple[np.ndarray, np.ndarray]:
    years = np.repeat(np.arange(first_year, last_year + 1), per_year)
    return years, np.tile(np.arange(1, per_year + 1), last_year - first_year + 1)


def _thresholds() -> pd.DataFrame:
    rows = [
        ("price_fall_blue", "same_window_fall", "blue", 0.1),
        ("price_fall_red", "same_window_fall", "red", 0.3),
        ("hog_ratio_yellow", "hog_grain_ratio_below", "yellow", 6.0),
        ("hog_ratio_orange", "hog_grain_ratio_below", "orange", 6.0),
        ("hog_weeks_orange", "hog_grain_weeks", "orange", 3.0),
        ("hog_ratio_red", "hog_grain_ratio_below", "red", 5.0),
        ("price_baseline_years", "baseline_years", None, 3.0),
        ("price_long_history", "long_history_years", None, 5.0),
        ("price_missing_weeks", "missing_weeks_allowed", None, 1.0),
    ]
    frame = pd.DataFrame(rows, columns=["threshold_id", "parameter", "level", "value"])
    return frame.assign(valid_from_date=pd.Timestamp("2016-01-01"), valid_to_date=date(9999, 12, 30))


def test_the_baseline_is_the_mean_of_the_same_week_of_the_three_years_before() -> None:
    years, weeks = _weeks(2018, 2021)
    prices = np.where(years == 2018, 9.0, np.where(years == 2019, 10.0, np.where(years == 2020, 11.0, 8.0)))
    baseline, fall = same_window_fall(years, weeks, prices, 3)
    assert np.isnan(baseline[years < 2021]).all()
    assert (baseline[years == 2021] == 10.0).all()
    assert (fall[years == 2021] == 0.2).all()


@pytest.mark.parametrize("absent", [(2019, 7), (2020, 7)])
def test_one_year_missing_or_blank_leaves_no_fall(absent: tuple[int, int]) -> None:
    years, weeks = _weeks(2018, 2021)
    is_absent = (years == absent[0]) & (weeks == absent[1])
    judged = (years == 2021) & (weeks == 7)
    blank = np.where(is_absent, NAN, 10.0)
    assert np.isnan(same_window_fall(years, weeks, blank, 3)[1][judged]).all()
    kept = ~is_absent
    without = same_window_fall(years[kept], weeks[kept], np.full(kept.sum(), 10.0), 3)[1]
    assert np.isnan(without[judged[kept]]).all()
    assert (without[(years[kept] == 2021) & (weeks[kept] != 7)] == 0).all()


def test_a_price_above_the_baseline_is_a_negative_fall() -> None:
    years, weeks = _weeks(2018, 2021)
    fall = same_window_fall(years, weeks, np.where(years == 2021, 12.0, 10.0), 3)[1]
    assert (fall[years == 2021] == -0.2).all()


def test_week_fifty_three_is_compared_with_weeks_fifty_three_alone() -> None:
    years = np.array([2018, 2019, 2020, 2021])
    assert same_window_fall(years, np.full(4, 53), np.array([10.0, 10, 10, 5]), 3)[1][3] == 0.5
    fall = same_window_fall(np.array([2018, 2020, 2021]), np.full(3, 53), np.array([10.0, 10, 5]), 3)[1]
    assert np.isnan(fall).all()


def test_early_pears_that_fall_by_half_each_july_are_no_fall() -> None:
    years, weeks = _weeks(2018, 2021)
    in_season = (weeks >= 28) & (weeks <= 36)
    prices = np.where(in_season, 6.0 - 2.76 * np.minimum(weeks - 28, 3) / 3, NAN)
    fall = same_window_fall(years, weeks, prices, 3)[1]
    assert prices[weeks == 31][0] == pytest.approx(6.0 * 0.54)
    assert (fall[(years == 2021) & in_season] == 0).all()
    assert np.isnan(fall[~in_season]).all()


def test_tiers_by_the_length_of_the_history() -> None:
    years, weeks = _weeks(2016, 2022)
    grades = tiers(years, weeks, np.full(len(years), 10.0), 3, 5)
    by_year = {int(y): set(grades[years == y]) for y in np.unique(years)}
    assert by_year == {2016: {"C"}, 2017: {"C"}, 2018: {"C"}, 2019: {"B"}, 2020: {"B"}, 2021: {"A"}, 2022: {"A"}}


def test_a_history_that_begins_in_the_middle_of_a_year_counts_from_there() -> None:
    years, weeks = _weeks(2016, 2019)
    prices = np.where((years == 2016) & (weeks < 20), NAN, 10.0)
    grades = tiers(years, weeks, prices, 3, 5)
    assert grades[(years == 2019) & (weeks == 19)] == "C"
    assert grades[(years == 2019) & (weeks == 20)] == "B"


def test_a_series_without_a_single_price_is_tier_c() -> None:
    assert tiers(np.array([2019, 2020]), np.array([1, 1]), np.array([NAN, NAN]), 3, 5).tolist() == ["C", "C"]


@pytest.mark.parametrize(
    ("below", "runs"),
    [
        ([1, 1, 1, 0, 1], [1, 2, 3, 0, 1]),
        ([1, 1, NAN, 1, 1], [1, 2, 0, 3, 4]),
        ([1, 1, NAN, NAN, 1], [1, 2, 0, 0, 1]),
        ([0, NAN, 1], [0, 0, 1]),
    ],
)
def test_an_unknown_week_neither_counts_nor_ends_a_run_but_two_do(below: list[float], runs: list[int]) -> None:
    assert weeks_in_a_row(np.arange(1, len(below) + 1), np.array(below), 1).tolist() == runs


def test_an_absent_week_is_like_an_unknown_one() -> None:
    assert weeks_in_a_row(np.array([1, 2, 4]), np.array([1.0, 1, 1]), 1).tolist() == [1, 2, 3]
    assert weeks_in_a_row(np.array([1, 2, 5]), np.array([1.0, 1, 1]), 1).tolist() == [1, 2, 1]
    assert weeks_in_a_row(np.array([1, 2, 4]), np.array([1.0, 1, 1]), 0).tolist() == [1, 2, 1]


def test_the_last_week_of_a_year_is_followed_by_the_first_of_the_next() -> None:
    short = week_positions(np.array([2019, 2020]), np.array([52, 1]))
    long = week_positions(np.array([2020, 2020, 2021]), np.array([52, 53, 1]))
    across_a_year = week_positions(np.array([2018, 2020]), np.array([1, 1]))
    assert np.diff(short).tolist() == [1]
    assert np.diff(long).tolist() == [1, 1]
    assert np.diff(across_a_year).tolist() == [104]


def _ladder(ratios: list[float]) -> list[str | None]:
    n = len(ratios)
    return list(
        hog_ladder(
            np.arange(1, n + 1),
            np.array(ratios),
            yellow_below=np.full(n, 6.0),
            orange_below=np.full(n, 6.0),
            orange_weeks=np.full(n, 3.0),
            red_below=np.full(n, 5.0),
            missing_allowed=1,
        )
    )


def test_the_week_of_24_january_2022_is_level_two() -> None:
    """5.57:1, the third week running between 5:1 and 6:1 (NDRC's announcement)."""
    assert _ladder([6.02, 5.86, 5.72, 5.57])[-1] == "orange"


def test_the_week_of_30_january_2023_is_level_one() -> None:
    """4.96:1 is below 5:1 and needs no second week (NDRC's announcement)."""
    assert _ladder([6.1, 4.96])[-1] == "red"


@pytest.mark.parametrize(
    ("ratios", "last"),
    [
        ([6.0], "none"),
        ([5.999999], "yellow"),
        ([5.9, 5.9], "yellow"),
        ([5.9, 5.9, 5.9], "orange"),
        ([5.9, 6.0, 5.9, 5.9], "yellow"),
        ([5.0], "yellow"),
        ([4.999999], "red"),
        ([5.5, 4.9, 5.5], "orange"),
        ([5.9, 5.9, NAN], None),
        ([5.9, 5.9, NAN, 5.9], "orange"),
    ],
)
def test_the_ladder_at_its_steps(ratios: list[float], last: str | None) -> None:
    assert _ladder(ratios)[-1] == last


def test_the_threshold_in_force_on_the_day_decides() -> None:
    frame = _thresholds()
    frame.loc[frame["threshold_id"] == "hog_ratio_red", "valid_to_date"] = date(2021, 6, 8)
    later = frame[frame["threshold_id"] == "hog_ratio_red"].assign(
        value=5.5, valid_from_date=pd.Timestamp("2021-06-09"), valid_to_date=date(9999, 12, 30)
    )
    days = pd.Series(pd.to_datetime(["2015-12-31", "2021-06-08", "2021-06-09"]))
    values = in_force(pd.concat([frame, later]), "hog_grain_ratio_below", "red", days)
    assert np.isnan(values[0])
    assert values[1:].tolist() == [5.0, 5.5]


def _series(commodity: str, prices: np.ndarray, years: np.ndarray, weeks: np.ndarray, grain: float) -> pd.DataFrame:
    ends = [
        pd.Timestamp(date(int(y), 1, 1)) + pd.Timedelta(days=7 * int(w) - 1) for y, w in zip(years, weeks, strict=True)
    ]
    return pd.DataFrame(
        {
            "region_code": "341321000000",
            "commodity": commodity,
            "price_year": years,
            "week_number": weeks,
            "week_end_date": ends,
            "is_pooled": False,
            "quote_count": 5,
            "usable_from_date": ends,
            "price": prices,
            "grain_price": grain,
        }
    )


def test_a_series_gets_its_falls_runs_and_tier() -> None:
    years, weeks = _weeks(2018, 2021)
    prices = np.where((years == 2021) & (weeks >= 40), 6.9, 10.0)
    found, runs = judge_series(_series("pear", prices, years, weeks, NAN), _thresholds())
    last = found.iloc[-1]
    assert (last["fall_ratio"], last["baseline_price"], last["tier"]) == (0.31, 10.0, "B")
    assert last["hog_level"] is None
    assert list(found.columns) == list(WEEK_TYPES)
    in_last_week = runs[(runs["price_year"] == 2021) & (runs["week_number"] == 52)]
    assert dict(zip(in_last_week["threshold_id"], in_last_week["weeks_below"], strict=True)) == {
        "price_fall_blue": 13,
        "price_fall_red": 13,
    }


def test_hogs_without_a_maize_price_have_a_fall_and_no_level() -> None:
    years, weeks = _weeks(2018, 2021)
    found, _ = judge_series(_series("hog", np.full(len(years), 15.0), years, weeks, NAN), _thresholds())
    assert found["hog_level"].isna().all()
    assert found["hog_grain_ratio"].isna().all()
    assert (found["fall_ratio"].dropna() == 0).all()


def test_hogs_at_exactly_five_to_one_are_not_below_it() -> None:
    years, weeks = _weeks(2018, 2021)
    found, _ = judge_series(_series("hog", np.full(len(years), 15.0), years, weeks, 3.0), _thresholds())
    assert found["hog_level"].tolist() == ["yellow"] * 2 + ["orange"] * (len(years) - 2)


def _connection(series: pd.DataFrame) -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute("create schema intermediate")
    renamed = series.rename(columns={"price": "price_cny_per_kg", "grain_price": "grain_price_cny_per_kg"})
    con.register("series", renamed)
    con.execute("create table intermediate.int_price__weekly_series as select * from series")
    con.register("thresholds", _thresholds().assign(rule_id="R19"))
    con.execute("create table intermediate.int_policy__thresholds_in_force as select * from thresholds")
    return con


def test_a_run_gives_both_frames_whatever_the_order_of_its_rows() -> None:
    years, weeks = _weeks(2018, 2021)
    series = _series("pear", np.where(years == 2021, 8.0, 10.0), years, weeks, NAN)
    frames = run_prices(_connection(series))
    shuffled = run_prices(_connection(series.sample(frac=1, random_state=7)))
    assert list(frames["price_weeks"].columns) == list(WEEK_TYPES)
    assert list(frames["price_runs"].columns) == list(RUN_TYPES)
    for name, frame in frames.items():
        pd.testing.assert_frame_equal(frame, shuffled[name])


def test_a_run_without_prices_gives_empty_frames_of_the_same_shape() -> None:
    frames = run_prices(_connection(_series("pear", np.array([]), np.array([], int), np.array([], int), NAN)))
    assert frames["price_weeks"].empty
    assert list(frames["price_weeks"].columns) == list(WEEK_TYPES)
    assert frames["price_runs"].empty
    assert list(frames["price_runs"].columns) == list(RUN_TYPES)


def test_a_missing_setting_is_named() -> None:
    years, weeks = _weeks(2018, 2021)
    thresholds = _thresholds()
    without = thresholds[thresholds["parameter"] != "baseline_years"]
    with pytest.raises(ValueError, match="baseline_years"):
        judge_series(_series("pear", np.full(len(years), 10.0), years, weeks, NAN), without)
