"""Verification scores: Finley's tornadoes of 1884, intervals, return periods, and tables without cases."""

from __future__ import annotations

import numpy as np
import pytest

from signals.scores import (
    bias,
    bootstrap_interval,
    csi,
    ets,
    far,
    hss,
    pod,
    return_period_years,
    tables,
    upper_bound_of_none,
)

NAN = float("nan")
FINLEY = np.array([28.0, 72, 23, 2680])


@pytest.mark.parametrize(
    ("score", "value", "digits"),
    [(pod, 0.5490, 4), (far, 0.7200, 4), (csi, 0.2276, 4), (bias, 1.961, 3), (ets, 0.216046, 6), (hss, 0.355325, 6)],
)
def test_finley(score, value: float, digits: int) -> None:
    assert round(float(score(FINLEY)), digits) == value


def test_always_and_never_warning_have_no_skill() -> None:
    always, never = np.array([51.0, 2752, 0, 0]), np.array([0.0, 0, 51, 2752])
    assert (float(pod(always)), float(pod(never))) == (1, 0)
    assert (float(hss(always)), float(hss(never)), float(ets(always))) == (0, 0, 0)
    assert np.isnan(far(never))


def test_a_score_without_cases_is_not_known() -> None:
    for score in (pod, far, csi, bias, ets, hss):
        assert np.isnan(score(np.zeros(4)))


def test_cases_become_tables_and_unknown_ones_count_nowhere() -> None:
    warned = np.array([1.0, 1, 0, 0, NAN, 1])
    happened = np.array([1.0, 0, 1, 0, 1, NAN])
    assert tables(warned, happened).sum(axis=0).tolist() == [1, 1, 1, 1]
    many = np.stack([FINLEY, 2 * FINLEY])
    np.testing.assert_allclose(pod(many), [28 / 51, 28 / 51])


def _interval(groups: np.ndarray, score=pod, seed: int = 1, confidence: float = 0.95):
    return bootstrap_interval(groups, score, rng=np.random.default_rng(seed), repeats=2000, confidence=confidence)


def test_the_interval_of_independent_cases_is_the_binomial_one() -> None:
    cases = np.repeat(np.eye(4), [90, 0, 10, 0], axis=0)
    found = _interval(cases)
    half = 1.96 * np.sqrt(0.9 * 0.1 / 100)
    assert found.value == 0.9
    assert found.low == pytest.approx(0.9 - half, abs=0.015)
    assert found.high == pytest.approx(0.9 + half, abs=0.015)
    assert found == _interval(cases)


def test_cases_that_hang_together_widen_the_interval() -> None:
    apart = np.repeat(np.eye(4), [90, 0, 10, 0], axis=0)
    together = np.stack([[9.0 if world else 0, 0, 1.0 if world else 10, 0] for world in range(10)])
    together[0], together[1:] = [0, 0, 10, 0], [10, 0, 0, 0]
    narrow, wide = _interval(apart), _interval(together)
    assert narrow.value == wide.value == 0.9
    assert wide.high - wide.low > 2 * (narrow.high - narrow.low)


def test_an_interval_of_nothing_is_not_known() -> None:
    found = _interval(np.zeros((5, 4)))
    assert np.isnan([found.value, found.low, found.high]).all()


def test_return_periods() -> None:
    assert return_period_years(26, 6) == 4.5
    assert return_period_years(26, 0) == float("inf")


@pytest.mark.parametrize("cases", [30, 100, 1000])
def test_none_in_n_is_at_most_about_three_in_n(cases: int) -> None:
    assert upper_bound_of_none(cases, 0.95) == pytest.approx(3 / cases, rel=0.06)


def test_none_of_none_says_nothing() -> None:
    assert upper_bound_of_none(0, 0.95) == 1
