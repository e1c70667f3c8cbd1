"""Real prices read two-sided: hogs by province 2016 to 2022, fruit of Beijing's Xinfadi market 2013 to 2016.

What to expect was read off the prices by hand: hogs in Anhui rose from 15 to 36 yuan within 2019 (swine fever) and fell
from 33 to 10 between January and October 2021.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from signals.price_anomalies import alps, ifpa, signed_grade
from signals.prices import same_window_fall, tiers, week_positions, weeks_in_a_row

pytestmark = pytest.mark.shared_data
NAN = float("nan")
IFPA = {"quarter_months": 3, "year_months": 12, "quarter_weight": 0.4, "least_earlier": 2, "years_b": 3, "years_a": 5}
ALPS = {"least_years": 3, "least_share": 0.7, "recent_months": 6, "years_b": 3, "years_a": 5}
FALLEN_MONTHS = slice(12 * 5 + 2, 12 * 5 + 10)  # March to October 2021
RISEN_MONTHS = slice(12 * 3 + 1, 12 * 3 + 12)  # February to December 2019


class Hogs:
    """Weekly prices (yuan a kilogram) with their own week numbers, and monthly means by province."""

    def __init__(self, file: Path) -> None:
        with file.open(encoding="utf-8") as source:
            rows = list(csv.DictReader(source))
        self.years, self.weeks = (np.array([int(row[name]) for row in rows]) for name in ("yr", "wk"))
        self.provinces = [name for name in rows[0] if name.startswith("pg_")]
        self.prices = np.array([[float(row[name] or NAN) for row in rows] for name in self.provinces])
        # Week numbers are not ISO; twelve equal parts of 53 weeks put each into a month.
        month = (self.years - 2016) * 12 + (self.weeks - 1) * 12 // 53
        known, inside = ~np.isnan(self.prices), month[:, None] == np.arange(84)
        with np.errstate(invalid="ignore"):
            self.monthly = np.where(known, self.prices, 0) @ inside / (known.astype(float) @ inside)

    def of(self, province: str) -> int:
        return self.provinces.index(province)


@pytest.fixture(scope="module")
def hogs() -> Hogs:
    from tests.conftest import SHARED_DATA

    return Hogs(SHARED_DATA / "prices/China_hog_prvwk_230228.csv")


def test_the_yearly_means_of_anhui_are_those_of_the_file(hogs: Hogs) -> None:
    anhui = hogs.prices[hogs.of("pg_1")]
    means = [round(float(np.nanmean(anhui[hogs.years == year])), 1) for year in range(2016, 2023)]
    assert means == [19.0, 15.1, 12.5, 20.8, 31.7, 18.8, 17.2]


def test_nothing_is_said_of_the_first_three_years(hogs: Hogs) -> None:
    found, score = ifpa(hogs.monthly, **IFPA), alps(hogs.monthly, first_month=1, **ALPS)
    assert np.isnan(found.value[:, :36]).all()
    assert np.isnan(score.score[:, :36]).all()
    assert set(found.tier[:, :36].ravel()) == {"C"}
    anhui = hogs.prices[hogs.of("pg_1")]
    _, fall = same_window_fall(hogs.years, hogs.weeks, anhui, 3)
    assert np.isnan(fall[hogs.years < 2019]).all()
    assert set(tiers(hogs.years, hogs.weeks, anhui, 3, 5)[hogs.years == 2018]) == {"C"}


def test_both_indicators_see_the_rise_of_2019_and_the_fall_of_2021(hogs: Hogs) -> None:
    found = signed_grade(ifpa(hogs.monthly, **IFPA).value, (0.5, 1))[hogs.of("pg_1")]
    assert (found[RISEN_MONTHS] == 2).all()
    assert (found[FALLEN_MONTHS] == -2).all()
    score = alps(hogs.monthly, first_month=1, **ALPS).score[hogs.of("pg_1")]
    assert (score[RISEN_MONTHS] >= 1).all()
    assert (score[12 * 5 + 4 : 12 * 5 + 12] <= -1).all()


def test_most_provinces_tell_the_same_story(hogs: Hogs) -> None:
    found = signed_grade(ifpa(hogs.monthly, **IFPA).value, (0.5, 1))
    june_2021, december_2019 = 12 * 5 + 5, 12 * 3 + 11
    for month, grade in ((june_2021, -2), (december_2019, 2)):
        known = ~np.isnan(found[:, month])
        assert known.sum() >= 25
        assert (found[known, month] == grade).mean() > 0.9


def test_the_same_window_fall_of_2021_is_lasting_and_large(hogs: Hogs) -> None:
    """Week 41 of 2021: 10.15 against the mean 25.31 of weeks 41 of 2018 to 2020: 59.9 % below."""
    anhui = hogs.prices[hogs.of("pg_1")]
    baseline, fall = same_window_fall(hogs.years, hogs.weeks, anhui, 3)
    deepest = int(np.nanargmax(fall))
    earlier = [anhui[(hogs.years == year) & (hogs.weeks == 41)][0] for year in (2018, 2019, 2020)]
    assert (hogs.years[deepest], hogs.weeks[deepest]) == (2021, 41)
    assert baseline[deepest] == pytest.approx(np.mean(earlier), abs=1e-6)
    assert fall[deepest] == pytest.approx(0.599, abs=5e-4)
    below = np.where(np.isnan(fall), NAN, (fall >= 0.3).astype(float))
    running = weeks_in_a_row(week_positions(hogs.years, hogs.weeks), below, 1)
    reached = [(y, w) for y, w, run in zip(hogs.years, hogs.weeks, running, strict=True) if run == 4]
    assert reached == [(2021, 31), (2021, 52)]


@pytest.fixture(scope="module")
def pears() -> np.ndarray:
    """Monthly means (yuan a 斤) of three pears, June 2013 to May 2016; repeated rows counted once."""
    from tests.conftest import SHARED_DATA

    quotes: dict[tuple[str, int], set[tuple[str, str, float]]] = {}
    with (SHARED_DATA / "prices/xinfadi_fruit_2016-05-05.csv").open(encoding="utf-8-sig") as source:
        for row in csv.DictReader(source):
            if row["品名"] in {"鸭梨", "丰水梨", "雪花梨"} and float(row["平均价"]) > 0:
                year, month, _ = row["发布日期"].split("-")
                place = (int(year) - 2013) * 12 + int(month) - 6
                key = (row["发布日期"], row["规格"], float(row["平均价"]))
                quotes.setdefault((row["品名"], place), set()).add(key)
    names = sorted({name for name, _ in quotes})
    return np.array(
        [
            [np.mean([q[2] for q in quotes[name, m]]) if (name, m) in quotes else NAN for m in range(36)]
            for name in names
        ]
    )


def test_three_years_of_fruit_are_tier_c_and_say_nothing(pears: np.ndarray) -> None:
    assert pears.shape == (3, 36)
    found = ifpa(pears, **IFPA)
    assert np.isnan(found.value).all()
    assert set(found.tier.ravel()) == {"C"}
    assert np.isnan(alps(pears, first_month=6, **ALPS).score).all()


def test_each_new_crop_halves_the_price_of_pears(pears: np.ndarray) -> None:
    """From the end of the old crop (June, July) to September 2014: what week on week would call a collapse."""
    old, new = np.nanmax(pears[:, 12:14], axis=1), pears[:, 15]
    assert (new / old < 0.57).all()
