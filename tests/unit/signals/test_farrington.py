"""Farrington flexible: R surveillance's figures, statsmodels one by one, and what gaps, zeros and huge counts do."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from benchmarks.signals import CASES, SETTINGS, upper_one_by_one
from signals.farrington import Judged, Reference, Settings, farrington, reference, reference_dates
from signals.limits import negative_binomial_limits, power_limits

NAN = float("nan")
YEARS = [52, 104, 156, 208]
OLD = {"half_width": 3, "seasons": 1, "left_out": 3}
NEW = {"half_width": 3, "seasons": 10, "left_out": 26}
MONTHLY = reference([12, 24, 36], half_width=1, seasons=4, left_out=6)
# The reference run took the error of the mean from relative residuals; see ADR 0017.
FLEXIBLE = replace(SETTINGS, alpha=0.1, error_from="relative_residuals")


def _one(value: float) -> np.ndarray:
    return np.array([value])


@pytest.mark.parametrize(
    ("power", "lower", "upper", "p_value", "score"),
    [
        ("none", 1.3073128, 8.6926872, 0.0907246, 0.8124165),
        ("1/2", 1.9891097, 9.3744842, 0.1189986, 0.6857951),
        ("2/3", 1.8084477, 9.1154825, 0.1094727, 0.7289546),
    ],
)
def test_limits_by_each_power(power, lower: float, upper: float, p_value: float, score: float) -> None:
    found = power_limits(_one(8), _one(5), _one(0.2), _one(1), alpha=0.05, power=power)
    np.testing.assert_allclose(
        [found.lower[0], found.upper[0], found.p_value[0], found.score[0]],
        [lower, upper, p_value, score],
        rtol=0,
        atol=6e-8,
    )


@pytest.mark.parametrize(
    ("takes_upper_mean", "phi", "lower", "upper", "p_value"),
    [
        (True, 1.5, 8, 24, 0.8597797),
        (True, 1.0, 9, 22, 0.9093099),
        (False, 1.5, 1, 10, 0.03763657),
        (False, 1.0, 2, 9, 0.01369527),
    ],
)
def test_limits_by_the_negative_binomial(
    takes_upper_mean: bool, phi: float, lower: int, upper: int, p_value: float
) -> None:
    found = negative_binomial_limits(
        _one(11), np.log(_one(5)), np.log(_one(2)), _one(phi), alpha=0.05, takes_upper_mean=takes_upper_mean
    )
    assert (found.lower[0], found.upper[0]) == (lower, upper)
    assert found.p_value[0] == pytest.approx(p_value, abs=6e-8)


def test_a_count_of_none_is_never_unlikely_and_one_that_is_not_known_has_no_chance() -> None:
    found = negative_binomial_limits(
        np.array([0.0, NAN]), np.log(np.full(2, 5.0)), np.zeros(2), np.full(2, 1.5), alpha=0.05, takes_upper_mean=False
    )
    assert found.p_value[0] == 1
    assert np.isnan(found.p_value[1])


def test_the_reference_days_are_the_nearest_of_the_same_weekday() -> None:
    assert reference_dates(date(2013, 6, 6), 3) == [date(2012, 6, 7), date(2011, 6, 9), date(2010, 6, 3)]


def test_a_leap_day_and_a_week_fifty_three_have_reference_days_too() -> None:
    assert reference_dates(date(2020, 2, 29), 1) == [date(2019, 3, 2)]
    monday = date(2020, 12, 28)
    assert monday.isocalendar().week == 53
    lags = [(monday - day).days // 7 for day in reference_dates(monday, 4)]
    assert lags == [52, 104, 157, 209]
    assert farrington(np.full((1, 260), 4.0), None, np.array([250]), reference(lags, **NEW), SETTINGS).expected[
        0, 0
    ] == pytest.approx(4)


@pytest.fixture
def salmonella(shared_data: Path) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """All weeks, and R surveillance's bounds by column for weeks 282 to 312."""
    with (shared_data / "clusters/salmonella_agona_input.csv").open(encoding="utf-8") as file:
        counts = np.array([[float(row["observed"]) for row in csv.DictReader(file)]])
    with (shared_data / "clusters/farrington_salmonella_agona.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return counts, {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("name", "ref", "settings"),
    [
        ("flex_old", OLD, replace(FLEXIBLE, weights_above=1.0)),
        ("flex_new", NEW, replace(FLEXIBLE, trend_p=1.0)),
        # Its interval is two-sided: alpha .05 is .025 above.
        ("farr1996", OLD, replace(SETTINGS, alpha=0.025, weights_above=1.0)),
    ],
)
def test_a_whole_series_as_r_surveillance_has_it(salmonella, name: str, ref: dict[str, int], settings) -> None:
    counts, bounds = salmonella
    found = farrington(counts, None, bounds["week"].astype(int) - 1, reference(YEARS, **ref), settings)
    # R ends its iterations at a relative change of 1e-8 of the deviance, ours at 1e-11.
    np.testing.assert_allclose(found.upper[0], bounds[f"{name}_ub"], rtol=0, atol=2e-4)
    np.testing.assert_array_equal(found.alarm[0], bounds[f"{name}_alarm"])
    assert set(found.tier[0]) == {"B"}


@pytest.mark.shared_data
def test_a_whole_series_with_the_negative_binomial(salmonella) -> None:
    counts, bounds = salmonella
    weeks = bounds["week"].astype(int) - 1
    found = farrington(counts, None, weeks, reference(YEARS, **NEW), replace(FLEXIBLE, trend_p=1.0))
    limits = negative_binomial_limits(
        counts[0, weeks],
        np.log(found.expected[0]),
        found.error[0] / found.expected[0],
        found.dispersion[0],
        alpha=0.01,
        takes_upper_mean=False,
    )
    np.testing.assert_array_equal(limits.upper, bounds["nbplugin_a01_ub"])
    np.testing.assert_array_equal(counts[0, weeks] > limits.upper, bounds["nbplugin_alarm"])


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_all_regions_at_once_are_what_statsmodels_finds_one_by_one(case) -> None:
    """With an exposure that grows, past outbreaks, a trend that holds up here and not there, and gaps."""
    rng = np.random.default_rng(11)
    periods = 6 * case.per_year
    exposure = rng.uniform(1e3, 5e3, (6, 1)) * np.linspace(1, 1.2, periods)
    growth = np.exp(np.array([-0.25, -0.1, 0.0, 0.0, 0.1, 0.25])[:, None] * np.arange(periods) / case.per_year)
    counts = rng.poisson(exposure * 0.004 * growth * rng.gamma(3, 1 / 3, exposure.shape)).astype(float)
    counts[:, 2 * case.per_year] *= 8
    counts[rng.random(counts.shape) < 0.1] = NAN
    judged = np.array([periods - case.per_year // 2, periods - 1])
    counts[:, judged] = 5.0
    ref = case.reference(4)
    found = farrington(counts, exposure, judged, ref, SETTINGS)
    alone = [[upper_one_by_one(counts[r], exposure[r], t, ref, SETTINGS) for t in judged] for r in range(6)]
    np.testing.assert_allclose(found.upper, alone, rtol=1e-6)
    assert found.has_trend.any()
    assert not found.has_trend.all()


def _judged(counts: np.ndarray, settings: Settings = SETTINGS, ref: Reference = MONTHLY, **more) -> Judged:
    return farrington(counts, more.get("exposure"), np.array([counts.shape[1] - 1]), ref, settings)


def _steady(last: float, level: float = 6.0, months: int = 48) -> np.ndarray:
    counts = np.random.default_rng(5).poisson(level, (1, months)).astype(float)
    counts[0, -1] = last
    return counts


def test_one_extreme_month_alarms_and_an_ordinary_one_does_not() -> None:
    assert _judged(_steady(25)).alarm[0, 0] == 1
    assert _judged(_steady(6)).alarm[0, 0] == 0


def test_a_past_outbreak_does_not_hide_the_next() -> None:
    counts = _steady(25)
    counts[0, -37] = 60
    assert _judged(counts).alarm[0, 0] == 1
    assert _judged(counts, replace(SETTINGS, weights_above=np.inf)).alarm[0, 0] == 0


def test_twice_the_people_with_twice_the_cases_is_no_alarm() -> None:
    counts, exposure = _steady(12), np.full((1, 48), 1000.0)
    assert _judged(counts, exposure=exposure).expected[0, 0] == pytest.approx(6, abs=1.5)
    exposure[0, -1] = 2000
    assert _judged(counts, exposure=exposure).expected[0, 0] == pytest.approx(12, abs=3)
    assert _judged(counts, exposure=exposure).alarm[0, 0] == 0


@pytest.mark.parametrize("exposure_now", [0.0, NAN])
def test_a_region_whose_people_are_not_known_is_not_judged(exposure_now: float) -> None:
    exposure = np.full((1, 48), 1000.0)
    exposure[0, -1] = exposure_now
    found = _judged(_steady(25), exposure=exposure)
    assert np.isnan([found.upper[0, 0], found.alarm[0, 0], found.expected[0, 0]]).all()


def test_a_count_that_is_not_known_is_neither_an_alarm_nor_none() -> None:
    found = _judged(_steady(NAN))
    assert np.isnan(found.alarm[0, 0])
    assert found.upper[0, 0] > 0


def test_too_few_recent_cases_are_no_alarm_unless_the_other_periods_are_not_known() -> None:
    counts = np.zeros((1, 48))
    counts[0, -1] = 4
    assert _judged(counts).alarm[0, 0] == 0
    counts[0, -2] = NAN
    assert np.isnan(_judged(counts).alarm[0, 0])
    counts[0, -1] = 5
    assert _judged(counts).alarm[0, 0] == 1


def test_years_without_a_single_case_expect_none() -> None:
    counts = np.zeros((2, 48))
    counts[1, -1] = 9
    found = _judged(counts)
    assert found.expected.max() < 1e-6
    assert found.upper.max() < 0.1
    assert found.alarm[:, 0].tolist() == [0, 1]


def test_a_season_without_cases_beside_busy_ones_stays_solvable() -> None:
    counts = np.tile(np.array([0.0, 0, 0, 0, 9, 9, 9, 9, 9, 9, 9, 0]), 4)[None, :-11]
    found = _judged(counts)
    assert found.expected[0, 0] < 1e-3
    assert found.alarm[0, 0] == 0


def test_a_season_that_was_never_reported_is_left_out() -> None:
    counts = _steady(25)
    counts[0, np.isin(47 - np.arange(48), MONTHLY.lags[MONTHLY.seasons == 2])] = NAN
    found = _judged(counts)
    assert found.expected[0, 0] == pytest.approx(_judged(_steady(25)).expected[0, 0], rel=0.2)
    assert found.alarm[0, 0] == 1


def test_nothing_known_says_nothing() -> None:
    found = _judged(np.full((1, 48), NAN))
    assert np.isnan([found.upper[0, 0], found.alarm[0, 0], found.score[0, 0], found.p_value[0, 0]]).all()
    assert found.tier[0, 0] == "C"


def test_a_year_without_data_is_left_out_and_lowers_the_tier() -> None:
    counts = _steady(6, months=84)
    ref = reference([12, 24, 36, 48, 60], half_width=1, seasons=4, left_out=6)
    assert _judged(counts, ref=ref).tier[0, 0] == "A"
    counts[0, -30:-18] = NAN
    found = _judged(counts, ref=ref)
    assert found.tier[0, 0] == "B"
    assert 0 < found.expected[0, 0] < 12


def test_a_series_of_two_years_is_tier_c_and_says_nothing() -> None:
    found = _judged(_steady(60, months=30))
    assert found.tier[0, 0] == "C"
    assert np.isnan([found.upper[0, 0], found.alarm[0, 0]]).all()


def test_a_constant_series_has_no_overdispersion_and_its_own_mean() -> None:
    found = _judged(np.full((1, 48), 7.0))
    assert found.expected[0, 0] == pytest.approx(7)
    assert found.dispersion[0, 0] == 1
    assert found.alarm[0, 0] == 0


def test_counts_of_a_trillion_do_not_overflow() -> None:
    counts = np.full((1, 48), 1e12) * np.random.default_rng(2).uniform(0.9, 1.1, (1, 48))
    found = _judged(counts)
    assert found.expected[0, 0] == pytest.approx(1e12, rel=0.2)
    assert np.isfinite(found.upper).all()


def test_a_trend_does_not_carry_the_mean_above_anything_seen() -> None:
    counts = np.round(2 * np.exp(np.arange(48) / 14))[None, :]
    found = _judged(counts)
    assert not found.has_trend[0, 0]
    falling = _judged(counts[:, ::-1].copy())
    assert falling.has_trend[0, 0]


def test_a_trend_needs_its_years() -> None:
    falling = np.round(40 * np.exp(-np.arange(48) / 20))[None, :]
    assert _judged(falling).has_trend[0, 0]
    assert not _judged(falling, replace(SETTINGS, trend_years=4)).has_trend[0, 0]


def test_regions_do_not_touch_each_other() -> None:
    counts = np.vstack([_steady(25), _steady(6), np.full((1, 48), NAN), np.zeros((1, 48))])
    together = _judged(counts)
    for row in range(len(counts)):
        alone = _judged(counts[row : row + 1])
        np.testing.assert_allclose(together.upper[row], alone.upper[0], rtol=1e-9)


def test_negative_counts_are_refused() -> None:
    counts = _steady(6)
    counts[0, 12] = -1
    with pytest.raises(ValueError, match="negative"):
        _judged(counts)


@pytest.mark.parametrize(
    ("centres", "half_width", "seasons", "left_out"),
    [([], 1, 1, 0), ([6, 12], 3, 1, 0), ([12], 1, 11, 0), ([12], 1, 4, 11)],
)
def test_a_reference_that_cannot_be_is_refused(
    centres: list[int], half_width: int, seasons: int, left_out: int
) -> None:
    with pytest.raises(ValueError, match=r"room|cuts"):
        reference(centres, half_width=half_width, seasons=seasons, left_out=left_out)


def test_the_seasons_of_a_reference() -> None:
    ref = reference([12, 24], half_width=1, seasons=4, left_out=2)
    assert dict(zip(ref.lags.tolist(), ref.seasons.tolist(), strict=True)) == {
        **dict.fromkeys([11, 12, 13, 23, 24, 25], 0),
        **dict.fromkeys([8, 9, 10, 20, 21, 22], 1),
        **dict.fromkeys([5, 6, 7, 17, 18, 19], 2),
        **dict.fromkeys([3, 4, 14, 15, 16], 3),
    }


def test_no_region_and_no_period_to_judge_give_empty_answers() -> None:
    none = farrington(np.zeros((0, 48)), None, np.array([47]), MONTHLY, SETTINGS)
    assert none.alarm.shape == none.tier.shape == (0, 1)
    assert farrington(_steady(6), None, np.array([], dtype=np.int64), MONTHLY, SETTINGS).upper.shape == (1, 0)


def test_the_size_of_a_batch_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = np.vstack([_steady(25), _steady(6), _steady(12)])
    together = _judged(counts).upper
    monkeypatch.setattr("signals.farrington.AT_ONCE", 1)
    np.testing.assert_allclose(_judged(counts).upper, together, rtol=1e-9)
