"""The prefecture of `make run` in peace: on no day of two years is a region orange or red."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb

from ingest.home import Home
from ingest.landing import land
from proof.assumptions import FEEDS
from proof.worlds import judge
from simulation import simulate


def test_in_peace_nothing_is_orange_or_red_on_any_day(tmp_path: Path) -> None:
    world = simulate(tmp_path / "world", seed=12, first_month="2020-01", last_month="2021-12", shocks=False)
    home = Home(tmp_path / "home")
    home.root.mkdir()
    assert not land(world.inbox, home=home, feeds=FEEDS).rejected
    run_id = judge(home, date(2021, 12, 31), 24)
    with duckdb.connect(str(home.runs / run_id / "warehouse.duckdb"), read_only=True) as con:
        days, regions, known, levels = con.execute(
            """
            select
                count(distinct as_of_date), count(distinct region_code), count(*) filter (where level <> 'unknown'),
                list(distinct level)
            from marts.fct_region_risk_level_daily
            where vulnerable_household_count is not null
            """
        ).fetchall()[0]
    assert days >= 700
    assert regions >= 11, "five townships, their counties and the prefecture"
    assert known > 0.9 * days * regions
    assert not {"orange", "red"} & set(levels)
