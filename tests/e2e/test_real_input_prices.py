"""The real provincial hog prices and the real Xinfadi quotes, landed, staged and measured.

What is expected of Anhui was worked out twice: by hand from the file (the literal counts below), and by a few lines of
plain Python over the raw file that share nothing with the code under test.
"""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from ingest.home import Home
from ingest.landing import land
from ingest.landing_views import create_views
from ingest.receipts import Receipt, read_receipts
from signals.prices import run_prices
from tests.conftest import SHARED_DATA
from tests.e2e.conftest import build_models

# What the signals read.
MODELS = ["+int_price__weekly_series", "+int_policy__thresholds_in_force"]
pytestmark = pytest.mark.shared_data

PRICES = SHARED_DATA / "prices"
HOGS = PRICES / "China_hog_prvwk_230228.csv"
FRUIT = [PRICES / "xinfadi_fruit_2016-04-27.csv", PRICES / "xinfadi_fruit_2016-05-05.csv"]
ANHUI = "340000000000"
AS_OF = date(2023, 3, 1)

# Anhui (pg_1), weeks at least so far below the mean of the same week of the three years before, by year. 2020 had none:
# hogs were dear. 2020 week 33 is blank and 2021 week 40 is absent, so 2021 and 2022 judge two weeks less each.
WEEKS_BELOW = {
    0.1: {2019: 10, 2021: 28, 2022: 39},
    0.15: {2019: 9, 2021: 28, 2022: 33},
    0.2: {2019: 9, 2021: 28, 2022: 29},
    0.3: {2019: 4, 2021: 24, 2022: 21},
}
WEEKS_BELOW_BY_A_THIRD_2019 = [2, 3, 4, 6]
WEEKS_JUDGED = {2019: 52, 2020: 51, 2021: 50, 2022: 50}


@dataclass(frozen=True)
class Told:
    """What the real files gave: receipts by file, the weekly frames, and the staged quotes."""

    receipts: list[Receipt]
    weeks: pd.DataFrame
    runs: pd.DataFrame
    quotes: pd.DataFrame


def _fill_inbox(inbox: Path) -> None:
    arrivals = [("file", "received_at")]
    for feed, files in (("prices_hog_grain", [HOGS]), ("prices_market", FRUIT)):
        (inbox / feed).mkdir(parents=True)
        for file in files:
            shutil.copy(file, inbox / feed / file.name)
            day = {HOGS: "2023-02-28", FRUIT[0]: "2016-04-27", FRUIT[1]: "2016-05-05"}[file]
            arrivals.append((f"{feed}/{file.name}", f"{day}T18:00:00+08:00"))
    with (inbox / "arrivals.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(arrivals)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The real files at their true times, measured as of March 2023."""
    root = tmp_path_factory.mktemp("real-prices")
    _fill_inbox(root / "inbox")
    home = Home(root / "home")
    home.root.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("SHOUXIAN_KEYS", raising=False)
        land(root / "inbox", home=home)
        receipts = read_receipts(home)
        folder = root / "run"
        folder.mkdir()
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            create_views(con, home, [r for r in receipts if r.outcome == "landed"])
            con.execute(
                "create table landing.run_clock (as_of_date date, known_at timestamp, history_months integer, "
                "prefecture_code varchar)"
            )
            con.execute(
                "insert into landing.run_clock values (?, ?, 24, '341300000000')", [AS_OF, datetime(2023, 3, 1)]
            )
        build_models(folder, home, MODELS)
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            frames = run_prices(con)
            quotes = con.execute("select * from staging.stg_prices__market").df()
        yield Told(receipts, frames["price_weeks"], frames["price_runs"], quotes)


@cache
def _anhui() -> dict[tuple[int, int], float | None]:
    with HOGS.open(encoding="utf-8-sig", newline="") as file:
        return {
            (int(row["yr"]), int(row["wk"])): float(row["pg_1"]) if row["pg_1"].strip() else None
            for row in csv.DictReader(file)
        }


def _oracle_falls() -> dict[tuple[int, int], float]:
    """Fall of each week that has a price in all three years before, from the raw file."""
    falls = {}
    for (year, week), price in _anhui().items():
        before = [_anhui().get((year - k, week)) for k in (1, 2, 3)]
        if price is not None and None not in before:
            falls[year, week] = 1 - price / (sum(p for p in before if p is not None) / 3)
    return falls


def _series(told: Told) -> pd.DataFrame:
    return told.weeks[(told.weeks["region_code"] == ANHUI) & (told.weeks["commodity"] == "hog")]


def test_every_row_of_every_file_is_accounted_for(told: Told) -> None:
    assert {r.file_name.rsplit("/", 1)[-1] for r in told.receipts} == {f.name for f in (HOGS, *FRUIT)}
    for receipt in told.receipts:
        assert receipt.outcome == "landed", receipt
        assert receipt.rows_in == receipt.accepted + receipt.quarantined + receipt.duplicates, receipt
        assert receipt.quarantined == sum(receipt.quarantine_reasons.values()), receipt
    hogs = next(r for r in told.receipts if r.feed == "prices_hog_grain")
    # 368 weeks of 29 provinces, one cell each; blanks land as blanks.
    assert (hogs.rows_in, hogs.quarantined, hogs.duplicates) == (368 * 29, 0, 0)


def test_the_oracle_agrees_with_the_counts_made_by_hand() -> None:
    falls = _oracle_falls()
    assert Counter(year for year, _ in falls) == WEEKS_JUDGED
    for cut, by_year in WEEKS_BELOW.items():
        assert Counter(year for (year, _), fall in falls.items() if fall >= cut) == by_year, cut
    assert [w for (y, w), fall in sorted(falls.items()) if y == 2019 and fall >= 0.3] == WEEKS_BELOW_BY_A_THIRD_2019


def test_anhui_falls_below_its_same_window_mean_in_the_weeks_counted_by_hand(told: Told) -> None:
    judged = _series(told).dropna(subset=["fall_ratio"])
    assert Counter(judged["price_year"]) == WEEKS_JUDGED
    for cut, by_year in WEEKS_BELOW.items():
        assert Counter(judged.loc[judged["fall_ratio"] >= cut, "price_year"]) == by_year, cut


def test_every_fall_of_anhui_is_the_oracles(told: Told) -> None:
    judged = _series(told).dropna(subset=["fall_ratio"])
    found = dict(zip(zip(judged["price_year"], judged["week_number"], strict=True), judged["fall_ratio"], strict=True))
    expected = _oracle_falls()
    assert set(found) == set(expected)
    # Prices land with four decimals and falls are told with six: half a step of each, for a price of seven yuan.
    assert max(abs(found[week] - expected[week]) for week in expected) < 2e-5


def test_blank_and_absent_weeks_are_not_judged(told: Told) -> None:
    series = _series(told).set_index(["price_year", "week_number"])
    assert pd.isna(series.loc[(2020, 33), "price"])
    assert (2021, 40) not in series.index
    for unjudged in [(2021, 33), (2022, 33), (2022, 40)]:
        assert pd.isna(series.loc[unjudged, "fall_ratio"])
        assert not pd.isna(series.loc[unjudged, "price"])


def test_one_blank_and_one_absent_week_do_not_end_a_run(told: Told) -> None:
    """2021, weeks 28 to 47 at 30 % or more, without week 33 (no baseline) and week 40 (absent): 18 weeks running."""
    runs = told.runs[(told.runs["region_code"] == ANHUI) & (told.runs["threshold_id"] == "price_fall_red")]
    by_week = runs.set_index(["price_year", "week_number"])["weeks_below"]
    assert by_week[2021, 27] == 0
    assert by_week[2021, 47] == 18
    assert by_week[2021, 48] == 0


def test_the_years_to_2018_are_tier_c_and_2021_is_tier_a(told: Told) -> None:
    tiers = _series(told).groupby("price_year")["tier"].agg(set).to_dict()
    assert tiers == {2016: {"C"}, 2017: {"C"}, 2018: {"C"}, 2019: {"B"}, 2020: {"B"}, 2021: {"A"}, 2022: {"A"}}
    assert _series(told).loc[lambda s: s["tier"] == "C", "fall_ratio"].isna().all()


def test_the_yearly_means_of_anhui_are_the_published_ones(told: Told) -> None:
    means = _series(told).groupby("price_year")["price"].mean().round(1).to_dict()
    assert means == {2016: 19.0, 2017: 15.1, 2018: 12.5, 2019: 20.8, 2020: 31.7, 2021: 18.8, 2022: 17.2}


def test_no_maize_price_comes_with_it_so_no_ladder_is_told(told: Told) -> None:
    assert _series(told)["hog_grain_ratio"].isna().all()
    assert _series(told)["hog_level"].isna().all()


def test_fruit_quotes_are_priced_per_kilogram_and_the_odd_ones_are_named(told: Told) -> None:
    """The later file repeats the earlier one, so its rows alone are all there is."""
    with FRUIT[1].open(encoding="utf-8-sig", newline="") as file:
        raw = {tuple(row.values()): row for row in csv.DictReader(file)}
    kept = [row for row in raw.values() if row["单位"] in {"斤", "公斤", "吨", "个", "件", "盒"}]
    not_positive = [r for r in kept if min(float(r[c]) for c in ("最低价", "平均价", "最高价")) <= 0]
    outside = [
        r for r in kept if r not in not_positive and not float(r["最低价"]) <= float(r["平均价"]) <= float(r["最高价"])
    ]
    reasons = Counter(told.quotes["exclusion_reason"].fillna("sound"))
    assert reasons["price_not_positive"] == len(not_positive) > 0
    assert reasons["average_outside_low_high"] == len(outside) > 0
    assert len(told.quotes) == len(kept)
    # No file of this market names its region, so no quote speaks for one.
    assert reasons["sound"] == 0
    pear = told.quotes[(told.quotes["product_name"] == "酥梨") & (told.quotes["quoted_date"] == "2016-04-27")]
    row = next(r for r in kept if r["品名"] == "酥梨" and r["发布日期"] == "2016-04-27")
    assert float(pear["price_cny_per_kg"].iloc[0]) == 2 * float(row["平均价"])


def test_no_quote_may_be_used_before_it_was_received(told: Told) -> None:
    assert told.quotes["usable_from_date"].min() == datetime(2016, 4, 27, tzinfo=UTC).replace(tzinfo=None)
