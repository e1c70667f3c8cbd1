"""The whole job, by the command line, on files that no one here wrote: warnings, prices and codes, and no households.

What the episodes and falls must be is worked out in the two modules beside this one; here the same facts are read from
the marts of a run that went all the way.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from ingest.receipts import read_receipts
from simulation import simulate
from tests.conftest import SHARED_DATA
from tests.e2e.conftest import shouxian
from tests.e2e.test_real_input_hazards import EXPECTED, PREFECTURES, _fill_inbox

# What the city would have to send itself.
ABSENT = (
    *("household_register", "national_monitored_export", "medical_insurance", "hrss_employment"),
    *("industry_projects", "benefit_links"),
)
PRICES = SHARED_DATA / "prices"
LATER = {
    "prices_hog_grain/China_hog_prvwk_230228.csv": "2023-02-28T18:00:00+08:00",
    "prices_market/xinfadi_fruit_2016-04-27.csv": "2016-04-27T18:00:00+08:00",
    "prices_market/xinfadi_fruit_2016-05-05.csv": "2016-05-05T18:00:00+08:00",
}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Home, Path]]:
    """The home, and the folder of the run of 10 August 2026."""
    root = tmp_path_factory.mktemp("real")
    inbox, home = root / "inbox", Home(root / "home")
    _fill_inbox(inbox)
    for name in LATER:
        (inbox / name).parent.mkdir(exist_ok=True)
        shutil.copy(PRICES / Path(name).name, inbox / name)
    with (inbox / "arrivals.csv").open("a", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows(LATER.items())
    with pytest.MonkeyPatch.context() as patched:
        patched.setenv("SHOUXIAN_PREFECTURES", ",".join(code[:6] for code in PREFECTURES))
        landed = shouxian(home.root, "land", "--inbox", inbox)
        assert "rejected 0" in landed.err, landed.err
        without = [word for feed in ABSENT for word in ("--without", feed)]
        ran = shouxian(home.root, "run", "--as-of", "2026-08-10", "--known-at", "2026-08-11T00:00+08:00", *without)
        assert ran.code == 0, ran.err
    return home, home.runs / ran.out.strip().splitlines()[-1]


@pytest.mark.shared_data
def test_rows_in_are_accepted_quarantined_or_duplicates_for_each_file(run: tuple[Home, Path]) -> None:
    receipts = read_receipts(run[0])
    assert len(receipts) == 57 + len(list((SHARED_DATA / "alerts" / "cap").glob("*.cap"))) + 1 + 1 + 3
    for receipt in receipts:
        assert receipt.rows_in == receipt.accepted + receipt.quarantined + receipt.duplicates, receipt.file_name
        assert sum(receipt.quarantine_reasons.values()) == receipt.quarantined, receipt.file_name


@pytest.mark.shared_data
def test_the_orange_episodes_of_16_july_stand_in_the_mart(run: tuple[Home, Path]) -> None:
    with duckdb.connect(str(run[1] / "warehouse.duckdb"), read_only=True) as con:
        found = con.sql(
            "select substr(region_code, 1, 6), hazard_code, ended_at, end_basis "
            "from marts.fct_region_hazard_per_episode "
            "where opening_colour = 'orange' and region_level = 'county' "
            "and opened_at < timestamp '2026-07-16 16:00' and ended_at >= timestamp '2026-07-15 16:00'"
        ).fetchall()
        reds = con.sql("select count(*) from marts.fct_region_hazard_per_episode where highest_colour = 'red'")
        assert reds.fetchall() == [(0,)]
    assert {(region, hazard): (str(ended), basis) for region, hazard, ended, basis in found} == {
        key: (facts[3], facts[4]) for key, facts in EXPECTED.items()
    }


@pytest.mark.shared_data
def test_no_household_is_known_so_every_level_is_unknown_and_the_feeds_are_named(run: tuple[Home, Path]) -> None:
    with duckdb.connect(str(run[1] / "warehouse.duckdb"), read_only=True) as con:
        levels = con.sql(
            "select distinct level, missing_feeds from marts.fct_region_risk_level_daily "
            "where as_of_date = date '2026-08-10'"
        ).fetchall()
    assert {level for level, _ in levels} == {"unknown"}
    for _, missing in levels:
        assert set(ABSENT) <= set(missing.split(","))


@pytest.mark.shared_data
def test_anhui_hog_weeks_reach_the_mart(run: tuple[Home, Path]) -> None:
    with duckdb.connect(str(run[1] / "warehouse.duckdb"), read_only=True) as con:
        weeks = con.sql(
            "select price_year, count(*) filter (where fall_ratio is not null), any_value(history_tier_code) "
            "from marts.fct_region_price_weekly where region_code = '340000000000' and commodity = 'hog' "
            "group by 1 order by 1"
        ).fetchall()
    falls = {year: count for year, count, _ in weeks}
    assert [falls[year] for year in (2016, 2017, 2018)] == [0, 0, 0]
    assert all(falls[year] >= 50 for year in (2019, 2020, 2021, 2022))


def test_without_a_line_for_the_year_income_rules_are_unknown_and_the_rest_goes_on(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    root = tmp_path_factory.mktemp("unlined")
    world = simulate(
        root / "world",
        townships=2,
        seed=2026,
        first_month="2025-03",
        last_month="2026-06",
        households_per_township=600,
        shocks=False,
    )
    landed = shouxian(root / "home", "land", "--inbox", world.inbox)
    assert landed.code == 0, landed.err
    ran = shouxian(root / "home", "run", "--as-of", "2026-06-30", "--known-at", "2026-07-01T02:00+08:00")
    assert ran.code == 0, ran.err
    run_id = ran.out.strip().splitlines()[-1]
    released = shouxian(root / "home", "release", run_id)
    assert released.code == 0, released.err
    with duckdb.connect(str(root / "home" / "current" / "warehouse.duckdb"), read_only=True) as con:
        answers = con.sql(
            "select rule_id, status, sum(household_count) from marts.fct_household_finding_counts_monthly "
            "where as_of_date = date '2026-06-30' group by all"
        ).fetchall()
        cautions = con.sql(
            "select cautions, count(*) from marts.fct_household_risk_monthly "
            "where as_of_date = date '2026-06-30' group by all"
        ).fetchall()
    by_rule: dict[str, set[str]] = {}
    for rule, status, _ in answers:
        by_rule.setdefault(rule, set()).add(status)
    assert by_rule["R09"] == {"unknown"}
    assert by_rule["R03"] <= {"unknown", "not_applicable", "clear"}
    assert "raised" not in by_rule["R03"] | by_rule["R04"]
    assert "clear" in by_rule["R05"]
    assert "clear" in by_rule["R07"]
    assert all("no_monitoring_line" in (text or "") for text, _ in cautions)
