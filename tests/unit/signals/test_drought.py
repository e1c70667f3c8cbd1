"""Drought index: the reference files of 123 years, the classes, and what a gap or a flat record does."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import ndtr

from signals.drought import SCALE_END, drought_grade, gamma, pearson3, running_sums, standardised_index

NAN = float("nan")
MCI = (-0.5, -1.0, -1.5, -2.0)
WHOLE = slice(None)
NORMAL_PERIOD = slice(1981 - 1895, 2010 - 1895 + 1)


def _index(sums: np.ndarray, calibration: slice = WHOLE, distribution=gamma, first_month: int = 1) -> np.ndarray:
    return standardised_index(
        sums,
        first_month=first_month,
        calibration=calibration,
        distribution=distribution,
        years_b=20,
        years_a=30,
    )[0]


def _rain(years: int, seed: int = 3) -> np.ndarray:
    return np.random.default_rng(seed).gamma(2.0, 30.0, years * 12)


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ("file", "months", "distribution", "calibration", "is_balance", "tolerance"),
    [
        ("spi_01_gamma", 1, gamma, WHOLE, False, 1e-10),
        ("spi_06_gamma", 6, gamma, WHOLE, False, 1e-10),
        ("spi_06_pearson3", 6, pearson3, NORMAL_PERIOD, False, 1e-10),
        ("spei_06_gamma", 6, gamma, WHOLE, True, 6e-6),  # the file has five decimals
        ("spei_06_pearson3", 6, pearson3, WHOLE, True, 6e-4),  # the file has three
    ],
)
def test_the_reference_file_comes_out(
    shared_data: Path, file: str, months: int, distribution, calibration: slice, is_balance: bool, tolerance: float
) -> None:
    folder = shared_data / "hazards/drought_ref"
    water = np.load(folder / "precips_mm_monthly.npy").ravel()
    sums = running_sums(water, months)
    if is_balance:
        # The reference lifts each month's balance by 1000 mm, so that a gamma can be fitted to it.
        sums = running_sums(water - np.load(folder / "pet_thornthwaite.npy").ravel() + 1000, months)
    expected = np.load(folder / f"{file}.npy")
    found = _index(sums, calibration, distribution)
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    np.testing.assert_allclose(found, expected, rtol=0, atol=tolerance)


@pytest.mark.shared_data
def test_the_gamma_of_each_calendar_month_is_the_reference(shared_data: Path) -> None:
    """Shape and scale fitted on 1981 to 2010: at shape · scale · x the probability follows from them alone."""
    from scipy.stats import gamma as gamma_of

    folder = shared_data / "hazards/drought_ref"
    rain = np.load(folder / "precips_mm_monthly.npy")
    shape, scale = np.load(folder / "gamma_monthly.npy")
    found = gamma(rain, rain[NORMAL_PERIOD])
    np.testing.assert_allclose(found, gamma_of.cdf(rain, shape, scale=scale), rtol=0, atol=1e-10)


@pytest.mark.parametrize(("index", "chance"), [(-2.0, 0.0228), (-1.5, 0.0668), (-1.0, 0.1587), (-0.5, 0.3085)])
def test_the_chance_of_each_cut(index: float, chance: float) -> None:
    assert round(float(ndtr(index)), 4) == chance
    rain = np.random.default_rng(1).gamma(3.0, 20.0, 12 * 5_000)
    assert (_index(rain) <= index).mean() == pytest.approx(chance, abs=0.004)


@pytest.mark.parametrize(
    ("index", "grade"),
    [(0.3, 0), (-0.49, 0), (-0.5, 1), (-0.99, 1), (-1.0, 2), (-1.5, 3), (-1.99, 3), (-2.0, 4), (-3.09, 4)],
)
def test_a_cut_belongs_to_the_drier_class(index: float, grade: int) -> None:
    assert drought_grade(np.array([index]), MCI)[0] == grade


def test_an_index_that_is_not_known_has_no_grade() -> None:
    assert np.isnan(drought_grade(np.array([NAN]), MCI)).all()


def test_a_month_that_is_missing_leaves_every_sum_that_holds_it_unknown() -> None:
    rain = _rain(40)
    rain[100] = NAN
    found = _index(running_sums(rain, 3))
    assert np.flatnonzero(np.isnan(found)).tolist() == [0, 1, 100, 101, 102]


def test_a_month_without_rain_is_dry_and_one_without_a_reading_is_not() -> None:
    rain = _rain(40)
    rain[5::12][::4] = 0.0
    found = _index(rain)
    dry = found[5::12][::4]
    assert np.allclose(ndtr(dry), 0.25)
    assert not np.isnan(found).any()


@pytest.mark.parametrize("value", [0.0, 25.0, NAN])
def test_a_record_without_spread_says_nothing(value: float) -> None:
    for distribution in (gamma, pearson3):
        assert np.isnan(_index(np.full(480, value), distribution=distribution)).all()


def test_a_short_record_is_tier_c_and_unknown_and_the_tier_grows_with_it() -> None:
    def read(years: int) -> tuple[np.ndarray, set[str]]:
        found, tiers = standardised_index(
            _rain(years), first_month=1, calibration=WHOLE, distribution=gamma, years_b=20, years_a=30
        )
        return found, set(tiers.tolist())

    assert np.isnan(read(19)[0]).all()
    assert [read(years)[1] for years in (19, 20, 29, 30)] == [{"C"}, {"B"}, {"B"}, {"A"}]
    assert not np.isnan(read(20)[0]).any()


def test_a_record_may_begin_in_any_month_and_end_in_any() -> None:
    rain = _rain(41)
    whole = _index(rain, slice(1, 41))
    from_april = _index(rain[3:-2], slice(1, 40), first_month=4)
    assert from_april.shape == (41 * 12 - 5,)
    by_month = slice(9, 10)
    np.testing.assert_allclose(from_april[:9], _index(rain, slice(1, 40))[3:12])
    assert whole.shape == rain.shape
    assert not np.isnan(from_april[by_month]).any()


def test_extremes_end_at_the_scale_and_series_do_not_touch_each_other() -> None:
    rain = np.stack([_rain(40, 1), _rain(40, 2)])
    rain[0, 200] = 1e9
    found = _index(rain)
    assert found[0, 200] == SCALE_END
    np.testing.assert_array_equal(found[1], _index(rain[1]))


def test_a_symmetric_and_a_left_tailed_balance_are_read() -> None:
    steps = np.repeat(np.linspace(-1, 1, 41), 12)
    symmetric = _index(steps, distribution=pearson3)
    assert symmetric[20 * 12] == pytest.approx(0, abs=1e-9)
    skewed = np.random.default_rng(2).gamma(2.0, 1.0, 12 * 300)
    np.testing.assert_allclose(
        _index(-skewed, distribution=pearson3), -_index(skewed, distribution=pearson3), rtol=0, atol=1e-9
    )


def test_a_sum_over_no_months_is_refused() -> None:
    with pytest.raises(ValueError, match="0 months"):
        running_sums(np.ones(12), 0)
    assert np.isnan(running_sums(np.ones(3), 6)).all()
