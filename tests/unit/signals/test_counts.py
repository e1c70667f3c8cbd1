"""EARS and CUSUM: the textbook's table, alarms at their step, the reset, and what is not known."""

from __future__ import annotations

import numpy as np
import pytest

from signals.counts import Cusum, Ears, cusum, ears

NAN = float("nan")
TIERS = {"periods_per_year": 12, "years_b": 3, "years_a": 5}
# Montgomery and Runger, table 16-8: target 99, slack 1, decision 10.
CONCENTRATIONS = np.array(
    [
        *[102.0, 94.8, 98.3, 98.4, 102.0, 98.5, 99.0, 97.7, 100.0, 98.1],
        *[101.3, 98.7, 101.1, 98.4, 97.0, 96.7, 100.3, 101.4, 97.2, 101.0],
    ]
)


def _ears(counts: list[float], gap: int = 0) -> Ears:
    return ears(np.array(counts), baseline=7, gap=gap, sds=3.09, **TIERS)


def _cusum(values: list[float] | np.ndarray, *, resets: bool = True, target: float = 0, decision: float = 4) -> Cusum:
    return cusum(np.array(values, dtype=float), target=target, slack=1.0, decision=decision, resets=resets, **TIERS)


def test_the_sums_of_the_textbook() -> None:
    found = _cusum(CONCENTRATIONS, target=99, decision=10)
    high = [2.0, 0, 0, 0, 2.0, 0.5, 0, 0, 0, 0, 1.3, 0, 1.1, 0, 0, 0, 0.3, 1.7, 0, 1.0]
    low = [0, 3.2, 2.9, 2.5, 0, 0, 0, 0.3, 0, 0, 0, 0, 0, 0, 1.0, 2.3, 0, 0, 0.8, 0]
    np.testing.assert_allclose(found.high, high, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.low, low, rtol=0, atol=1e-9)
    assert found.high_alarm.sum() == found.low_alarm.sum() == 0


def test_after_an_alarm_the_sum_begins_anew_and_without_a_reset_it_rings_on() -> None:
    values = [3.0, 3, 3, 0, 0, 3, 3, 3]
    assert _cusum(values).high.tolist() == [2, 4, 6, 0, 0, 2, 4, 6]
    assert _cusum(values).high_alarm.tolist() == [0, 0, 1, 0, 0, 0, 0, 1]
    on = _cusum(values, resets=False)
    assert on.high.tolist() == [2, 4, 6, 5, 4, 6, 8, 10]
    assert on.high_alarm.tolist() == [0, 0, 1, 1, 0, 1, 1, 1]


def test_exactly_at_the_decision_is_no_alarm_and_each_side_has_its_own() -> None:
    found = _cusum([5.0, -5.5])
    assert found.high.tolist() == [4, 0]
    assert found.high_alarm.tolist() == [0, 0]
    assert found.low_alarm.tolist() == [0, 1]


def test_a_period_that_is_not_known_moves_no_sum_and_is_no_all_clear() -> None:
    found = _cusum([3.0, NAN, 4.0])
    assert np.isnan([found.high[1], found.low[1], found.high_alarm[1], found.low_alarm[1]]).all()
    assert found.high[[0, 2]].tolist() == [2, 5]
    assert found.high_alarm[2] == 1


def test_regions_reset_by_themselves_and_may_have_their_own_target() -> None:
    values = np.array([[6.0, 3, 3], [3, 3, 3], [13, 13, 13]])
    found = cusum(values, target=np.array([[0.0], [0], [10]]), slack=1.0, decision=4.0, resets=True, **TIERS)
    assert found.high.tolist() == [[5, 2, 4], [2, 4, 6], [2, 4, 6]]
    assert np.isnan(_cusum([NAN, NAN]).high_alarm).all()


def test_c1_alarms_above_mean_and_three_spreads_of_the_seven_before() -> None:
    before = [4.0, 6, 5, 5, 3, 7, 5]
    limit = 5 + 3.09 * np.std(before, ddof=1)
    assert _ears([*before, limit]).alarm[-1] == 0
    assert _ears([*before, np.ceil(limit)]).alarm[-1] == 1
    found = _ears([*before, 6])
    assert (found.mean[-1], found.limit[-1]) == (5, pytest.approx(limit))
    assert np.isnan(found.alarm[:-1]).all()


def test_c2_looks_past_the_two_newest_so_that_a_slow_rise_does_not_excuse_itself() -> None:
    counts = [4.0, 6, 5, 5, 3, 7, 5, 9, 12, 14]
    assert _ears(counts).alarm[-1] == 0
    assert _ears(counts, gap=2).alarm[-1] == 1
    assert _ears(counts, gap=2).mean[-1] == 5


def test_equal_counts_alarm_at_any_rise_and_zeros_at_the_first_case() -> None:
    assert _ears([5.0] * 8).alarm[-1] == 0
    assert _ears([5.0] * 7 + [6]).alarm[-1] == 1
    assert _ears([0.0] * 8).alarm[-1] == 0
    assert _ears([0.0] * 7 + [1]).alarm[-1] == 1


def test_a_gap_in_the_baseline_or_in_the_period_leaves_the_alarm_unknown() -> None:
    counts = [4.0, 6, 5, 5, 3, 7, 5, 90]
    assert np.isnan(_ears([NAN, *counts[1:]]).alarm[-1])
    assert np.isnan(_ears([*counts[:-1], NAN]).alarm[-1])
    assert np.isnan(_ears([NAN] * 9).alarm).all()
    assert _ears([NAN, *counts]).alarm[-1] == 1


def test_a_series_too_short_for_a_baseline_is_unknown_throughout() -> None:
    assert np.isnan(_ears([1.0] * 7).alarm).all()
    assert np.isnan(_ears([1.0] * 9, gap=2).alarm).all()
    assert not np.isnan(_ears([1.0] * 10, gap=2).alarm[-1])


def test_a_baseline_of_one_period_is_refused() -> None:
    with pytest.raises(ValueError, match="1 periods"):
        ears(np.ones(9), baseline=1, gap=0, sds=3.09, **TIERS)


def test_counts_of_a_trillion_and_many_regions_at_once() -> None:
    counts = np.full((3, 8), 1e12)
    counts[1, -1] = 2e12
    counts[2, 0] = NAN
    found = ears(counts, baseline=7, gap=0, sds=3.09, **TIERS)
    assert found.alarm[:2, -1].tolist() == [0, 1]
    assert np.isnan(found.alarm[2, -1])


def test_the_tier_stands_beside_every_value() -> None:
    values = np.arange(110.0)
    values[:40] = NAN
    for graded in (ears(values, baseline=7, gap=0, sds=3.09, **TIERS).tier, _cusum(values).tier):
        assert graded[[0, 40, 75, 76, 99, 100]].tolist() == ["C", "C", "C", "B", "B", "A"]
