"""IFPA and ALPS: against a plain reading of their formulas, at their cuts, with gaps, and two-sided."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from signals.price_anomalies import Alps, Ifpa, alps, compound_growth, ifpa, signed_grade

NAN = float("nan")
TIERS = {"years_b": 3.0, "years_a": 5.0}


def _ifpa(prices: np.ndarray) -> Ifpa:
    return ifpa(prices, quarter_months=3, year_months=12, quarter_weight=0.4, least_earlier=2, **TIERS)


def _alps(prices: np.ndarray, first_month: int = 1, **more: float) -> Alps:
    given = {"least_years": 3.0, "least_share": 0.7, "recent_months": 6, **TIERS, **more}
    return alps(prices, first_month=first_month, **given)


def _prices(months: int, series: int = 1, seed: int = 7) -> np.ndarray:
    rng = np.random.default_rng(seed)
    season = 1 + 0.2 * np.sin(2 * np.pi * np.arange(months) / 12)
    return 10 * season * np.exp(np.cumsum(rng.normal(0, 0.03, (series, months)), axis=1))


def _plainly(prices: np.ndarray, t: int) -> float:
    """IFPA of one month as its formula reads, in loops."""
    value = 0.0
    for share, k in ((0.4, 3), (0.6, 12)):

        def growth(at: int, k: int = k) -> float:
            return (prices[at] / prices[at - k]) ** (1 / k) - 1 if at >= k else NAN

        earlier = [growth(at) for at in range(t % 12, t, 12)]
        known = [x for x in earlier if not np.isnan(x)]
        weights = range(1, len(known) + 1)
        n, total = len(known), sum(weights)
        mean = sum(w * x for w, x in zip(weights, known, strict=True)) / total
        squares = sum(w * (x - mean) ** 2 for w, x in zip(weights, known, strict=True))
        value += share * (growth(t) - mean) / (squares / (total * (n - 1) / n)) ** 0.5
    return value


@pytest.mark.parametrize(
    ("value", "grade"),
    [(1.0, 2), (0.99, 1), (0.5, 1), (0.49, 0), (0.0, 0), (-0.49, 0), (-0.5, -1), (-0.99, -1), (-1.0, -2), (-7.0, -2)],
)
def test_the_cuts_of_ifpa_are_mirrored_below(value: float, grade: int) -> None:
    assert signed_grade(np.array([value]), (0.5, 1)) == grade
    assert np.isnan(signed_grade(np.array([NAN]), (0.5, 1))).all()


@pytest.mark.parametrize(("value", "grade"), [(0.24, 0), (0.25, 1), (1.0, 2), (2.0, 3), (-0.25, -1), (-2.5, -3)])
def test_the_cuts_of_alps(value: float, grade: int) -> None:
    assert signed_grade(np.array([value]), (0.25, 1, 2)) == grade


def test_growth_is_compounded_by_the_month() -> None:
    found = compound_growth(np.array([[10.0, 10, 10, 13.31, 0, -1]]), 3)[0]
    assert found[3] == pytest.approx(0.1)
    assert np.isnan(found[[0, 1, 2, 4, 5]]).all()


def test_ifpa_is_its_formula() -> None:
    prices = _prices(90, series=3)
    found = _ifpa(prices)
    for row in range(3):
        expected = [_plainly(prices[row], t) for t in range(36, 90)]
        np.testing.assert_allclose(found.value[row, 36:], expected, rtol=1e-9)
    assert np.nanmin(signed_grade(found.value, (0.5, 1))) == -2


def test_ifpa_begins_with_the_thirty_seventh_month_of_prices() -> None:
    prices = np.hstack([np.full((1, 5), NAN), _prices(60)])
    known = np.flatnonzero(~np.isnan(_ifpa(prices).value[0]))
    assert known[0] == 5 + 36
    assert len(known) == 60 - 36
    assert set(_ifpa(prices).tier[0, known[:24]]) == {"B"}


def test_a_year_without_data_is_left_out_of_mean_and_spread_alike() -> None:
    prices = _prices(96)
    prices[0, 36:48] = NAN
    found = _ifpa(prices).value[0]
    assert np.isnan(found[36:60]).all()
    np.testing.assert_allclose(found[63:], [_plainly(prices[0], t) for t in range(63, 96)], rtol=1e-9)


def test_growth_without_spread_and_prices_without_any_say_nothing() -> None:
    steady = 10 * 1.01 ** np.arange(80)
    assert np.isnan(_ifpa(np.stack([steady, np.full(80, 7.0), np.full(80, NAN), np.zeros(80)])).value).all()


def test_pears_that_fall_by_half_each_season_are_normal_and_one_that_falls_further_is_not() -> None:
    season = np.tile([6.0, 6, 6, 6, 6, 6, 3.24, 3.24, 4, 5, 6, 6], 7)
    usual = (season * np.exp(np.random.default_rng(1).normal(0, 0.02, len(season))))[None, :]
    july = 6 * 12 + 6
    assert usual[0, july] / usual[0, july - 1] == pytest.approx(0.54, abs=0.03)
    assert signed_grade(_ifpa(usual).value[:, july], (0.5, 1)) > -2
    fallen = usual.copy()
    fallen[0, july] *= 0.7
    assert signed_grade(_ifpa(fallen).value[:, july], (0.5, 1)) == -2


def _by_statsmodels(prices: np.ndarray, first_month: int) -> float:
    months = (np.arange(len(prices)) + first_month - 1) % 12
    design = np.column_stack([np.arange(len(prices)), months[:, None] == np.arange(12)]).astype(float)
    known = ~np.isnan(prices)
    design = design[:, (design[known] != 0).any(axis=0)]
    fit = sm.OLS(prices[known], design[known]).fit()
    return float(fit.resid[-1] / np.sqrt(fit.mse_resid))


def test_alps_is_the_residual_of_statsmodels_ols_in_standard_errors() -> None:
    prices = _prices(70, series=3)
    prices[1, [5, 17, 18, 40]] = NAN
    prices[2, 3::12] = NAN
    found = _alps(prices, first_month=4)
    for row in range(3):
        for t in (38, 52, 69):
            if not np.isnan(prices[row, t]):
                assert found.score[row, t] == pytest.approx(_by_statsmodels(prices[row, : t + 1], 4), rel=1e-8)
    assert np.isnan(found.score[2, 3::12]).all()


def test_alps_sees_a_fall_as_well_as_a_rise() -> None:
    prices = _prices(60)
    for factor, grade in ((0.4, -2), (1.8, 3)):
        shocked = prices.copy()
        shocked[0, -1] *= factor
        assert signed_grade(_alps(shocked).score[0, -1:], (0.25, 1, 2)) == grade


def test_alps_needs_three_years_and_seven_months_in_ten() -> None:
    prices = _prices(50)
    assert np.flatnonzero(~np.isnan(_alps(prices).score[0]))[0] == 36
    sparse = np.where(np.arange(100) % 10 < 7, _prices(100)[0], NAN)[None, :]
    assert _alps(sparse).is_eligible[0, 99]
    assert not _alps(np.where(np.arange(100) == 50, NAN, sparse)).is_eligible[0, 99]


def test_alps_needs_a_price_in_the_last_six_months() -> None:
    prices = _prices(60)
    prices[0, -6:] = NAN
    assert _alps(prices).is_eligible[0, -6:].tolist() == [True] * 5 + [False]
    assert np.isnan(_alps(prices).score[0, -6:]).all()


def test_a_calendar_month_seen_for_the_first_time_has_no_normal() -> None:
    prices = _prices(60)
    prices[0, 5:48:12] = NAN
    found = _alps(prices)
    assert np.isnan(found.score[0, 53])
    assert not np.isnan(found.score[0, 52])


def test_alps_of_a_flat_line_and_of_nothing_says_nothing() -> None:
    assert np.isnan(_alps(np.stack([np.full(60, 9.0), np.full(60, NAN)])).score).all()


def test_one_series_is_read_as_it_is_among_others() -> None:
    prices = _prices(60, series=4)
    np.testing.assert_allclose(_alps(prices).score[2], _alps(prices[2:3]).score[0], rtol=1e-9)
    np.testing.assert_allclose(_ifpa(prices).value[2], _ifpa(prices[2:3]).value[0], rtol=1e-12)
