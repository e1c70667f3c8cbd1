"""The metric dictionary and the marts give the same figures."""

from __future__ import annotations

import duckdb
import pytest

from tests.e2e.conftest import Spine, shouxian
from warehouse.metrics import UnknownMetric, dictionary, read_metrics

COUNTED = {
    "households": "count(*)",
    "persons": "sum(member_count)",
    "lifted_out_households": "count(*) filter (where is_lifted_out)",
    "monitored_households": "count(*) filter (where is_monitored)",
    "households_below_line": "count(*) filter (where pc_net_income_cny < monitoring_line_cny)",
    "households_of_unknown_income": "count(*) filter (where net_income_cny is null)",
    "households_to_include": "count(*) filter (where agreement = 'should_be_included')",
    "households_to_review": "count(*) filter (where agreement = 'should_be_reviewed')",
}


def test_every_metric_is_what_the_marts_say(spine: Spine) -> None:
    database = spine.home / "current" / "warehouse.duckdb"
    by = ["metric_time__month", "household_month__county_code"]
    read = read_metrics(database, spine.home / "dbt", [name for name, *_ in dictionary()], by)
    with duckdb.connect(str(database), read_only=True) as connection:
        columns = ", ".join(f"{how} as {name}" for name, how in COUNTED.items())
        counted = connection.execute(
            f"select cast(date_trunc('month', as_of_date) as varchar)[:10] as month, county_code, {columns} "
            "from marts.fct_household_risk_monthly group by all order by all"
        ).fetchall()
        denominators = dict(
            connection.execute(
                "select region_code, vulnerable_household_count from marts.fct_region_risk_level_daily "
                "where region_level = 'county' and vulnerable_household_count is not null "
                "and as_of_date = (select max(as_of_date) from marts.fct_household_risk_monthly)"
            ).fetchall()
        )
    assert [(r[by[0]][:10], r[by[1]], *(int(r[name] or 0) for name in COUNTED)) for r in read] == [
        (month, county, *map(int, figures)) for month, county, *figures in counted
    ]
    newest = max(r[by[0]] for r in read)
    last = [r for r in read if r[by[0]] == newest]
    assert {r[by[1]]: int(r["vulnerable_households"]) for r in last} == denominators
    assert all(float(r["vulnerable_ratio"]) == int(r["vulnerable_households"]) / int(r["households"]) for r in last)


def test_a_metric_that_is_not_in_the_dictionary_is_refused(spine: Spine) -> None:
    with pytest.raises(UnknownMetric, match="quota"):
        read_metrics(spine.home / "current" / "warehouse.duckdb", spine.home / "dbt", ["quota"])


def test_the_dictionary_is_read_from_the_command_line(spine: Spine) -> None:
    assert "脆弱户数（V）" in shouxian(spine.home, "metrics").out
    told = shouxian(spine.home, "metrics", "households", "--by", "county")
    assert told.code == 0, told.err
    assert told.out.startswith("household_month__county_code,households\n")
    assert shouxian(spine.home, "metrics", "households", "--by", "moon").code == 1
