"""New hardship by month: planted outbreaks and clusters, what short histories leave unsaid, and what is not known."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from signals.hardship_months import HARDSHIP_TYPES, judge_hardship

SETTINGS = {
    "count_history_years": 3,
    "count_long_history_years": 5,
    "ears_periods": 7,
    "ears_gap": 0,
    "ears_spreads": 3.09,
    "farrington_years": 5,
    "farrington_half_width": 1,
    "farrington_seasons": 4,
    "farrington_left_out": 6,
    "farrington_weights_above": 2.58,
    "farrington_trend_p": 0.05,
    "farrington_trend_years": 3,
    "farrington_alpha": 0.01,
    "farrington_least_cases": 5,
    "farrington_cases_periods": 1,
    "scan_periods": 3,
    "scan_population_cap": 0.25,
    "scan_simulations": 199,
    "scan_clusters": 3,
    "scan_p": 0.05,
}
PREFECTURE = "341300000000"
COUNTIES = [f"3413{place:02d}000000" for place in range(21, 27)]
TOWNS = [f"{county[:6]}{place}00000"[:12] for county in COUNTIES for place in (101, 102, 103, 104)]


def _thresholds(**changed: float) -> pd.DataFrame:
    rows = [(name, name, None, value) for name, value in {**SETTINGS, **changed}.items()]
    frame = pd.DataFrame(rows, columns=["threshold_id", "parameter", "level", "value"])
    return frame.assign(valid_from_date=pd.Timestamp("2010-01-01"), valid_to_date=date(9999, 12, 30))


def _counts(years: int, *, seed: int = 3, mean: float = 8.0) -> np.ndarray:
    """Townships × months under a season, each with a rate of its own, nothing unusual."""
    months = np.arange(12 * years)
    season = 1 + 0.3 * np.cos(2 * np.pi * months / 12)
    own = np.linspace(0.5, 1.5, len(TOWNS))[:, None]
    return np.random.default_rng(seed).poisson(mean * own * season, (len(TOWNS), len(months))).astype(float)


def _months(counts: np.ndarray) -> pd.DataFrame:
    """As int_level__hardship_monthly gives them: townships, their counties, the prefecture."""
    starts = pd.date_range("2015-01-01", periods=counts.shape[1], freq="MS")
    of_towns = {town: counts[place] for place, town in enumerate(TOWNS)}
    of_counties = {c: sum(of_towns[t] for t in TOWNS if t[:6] == c[:6]) for c in COUNTIES}
    every = [
        *(("township", t, f"{t[:6]}000000", y, 1000) for t, y in of_towns.items()),
        *(("county", c, c, y, 4000) for c, y in of_counties.items()),
        ("prefecture", PREFECTURE, None, counts.sum(axis=0), 24_000),
    ]
    return pd.concat(
        pd.DataFrame(
            {
                "region_code": region,
                "region_level": level,
                "county_code": county,
                "prefecture_code": PREFECTURE,
                "month_start_date": starts,
                "new_count": values,
                "vulnerable_household_count": vulnerable,
            }
        )
        for level, region, county, values, vulnerable in every
    )


def _newest(counts: np.ndarray, **changed: float) -> pd.DataFrame:
    found = judge_hardship(_months(counts), _thresholds(**changed))
    assert list(found.columns) == list(HARDSHIP_TYPES)
    return found[found["month_start_date"] == found["month_start_date"].max()].set_index("region_code")


def test_two_years_say_nothing_but_by_the_months_before() -> None:
    counts = _counts(2)
    counts[0, -1] = 80
    newest = _newest(counts)
    assert (newest["history_tier"] == "C").all()
    assert newest["farrington_alarm"].isna().all()
    assert newest["is_clustered"].isna().all()
    assert newest.loc[TOWNS[0], "ears_alarm"] == 1
    assert newest.loc[TOWNS[5], "ears_alarm"] == 0


def test_an_outbreak_is_above_its_season_and_its_limit_is_told() -> None:
    counts = _counts(6)
    counts[0, -1] = 40
    newest = _newest(counts)
    one = newest.loc[TOWNS[0]]
    assert (one["history_tier"], one["farrington_alarm"]) == ("A", 1)
    assert one["expected_count"] < one["upper_count"] < 40
    assert (one["is_clustered"], one["cluster_number"], one["cluster_months"]) == (1, 1, 1)


def test_a_household_where_there_were_none_is_no_outbreak() -> None:
    counts = _counts(6, mean=0.05)
    counts[0] = 0
    counts[0, -1] = 4
    assert _newest(counts).loc[TOWNS[0], "farrington_alarm"] == 0
    counts[0, -1] = 5
    assert _newest(counts).loc[TOWNS[0], "farrington_alarm"] == 1


def test_a_season_is_no_outbreak() -> None:
    alarms = judge_hardship(_months(_counts(8)), _thresholds())
    assert alarms["farrington_alarm"].notna().sum() > 1000
    # One month in a hundred by the limit's own chance, and some more for what is estimated.
    assert alarms["farrington_alarm"].mean() < 0.03
    assert alarms.loc[alarms["region_code"].isin(TOWNS), "is_clustered"].mean() < 0.05


def test_townships_that_rise_together_are_a_cluster_and_so_is_their_county() -> None:
    counts = _counts(6)
    counts[4:8, -3:] += 7
    newest = _newest(counts)
    assert (newest.loc[TOWNS[4:8], "is_clustered"] == 1).all()
    assert newest.loc[COUNTIES[1], "is_clustered"] == 1
    told = newest.loc[COUNTIES[1]]
    assert (told["cluster_months"], told["cluster_count"]) == (3, counts[4:8, -3:].sum())
    assert told["cluster_p_value"] <= 0.05
    assert newest.loc[TOWNS[0], "is_clustered"] == 0
    assert pd.isna(newest.loc[PREFECTURE, "is_clustered"])


def test_a_county_above_the_cap_is_no_zone() -> None:
    counts = _counts(6)
    counts[4:8, -3:] += 7
    newest = _newest(counts, scan_population_cap=0.1)
    assert pd.isna(newest.loc[COUNTIES[1], "is_clustered"])
    assert not (newest.loc[TOWNS[4:8], "cluster_count"] == counts[4:8, -3:].sum()).any()


def test_a_month_that_is_not_known_is_not_calm() -> None:
    counts = _counts(6)
    counts[0, -1] = np.nan
    one = _newest(counts).loc[TOWNS[0]]
    assert pd.isna(one["ears_alarm"])
    assert pd.isna(one["farrington_alarm"])
    assert pd.isna(one["is_clustered"])


def test_an_earlier_month_is_judged_by_what_lay_before_it() -> None:
    counts = _counts(6)
    before = judge_hardship(_months(counts), _thresholds())
    counts[:, -1] *= 5
    after = judge_hardship(_months(counts), _thresholds())
    newest = before["month_start_date"].max()
    pd.testing.assert_frame_equal(
        before[before["month_start_date"] < newest], after[after["month_start_date"] < newest]
    )


def test_no_month_and_no_parameter() -> None:
    empty = judge_hardship(_months(_counts(1)).head(0), _thresholds())
    assert list(empty.columns) == list(HARDSHIP_TYPES)
    with pytest.raises(ValueError, match="scan_p "):
        judge_hardship(_months(_counts(1)), _thresholds().query("parameter != 'scan_p'"))
