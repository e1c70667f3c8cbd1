"""A table built part by part holds the rows of one statement over everything: small worlds never build it so."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from tests.e2e.conftest import Spine
from warehouse.stages import run_dbt

TABLES = {
    "by_month": {
        "intermediate.int_household__monthly",
        "intermediate.int_household__key_groups_monthly",
        "intermediate.int_rule__r53",
        "marts.fct_household_risk_monthly",
    },
    "by_region": {"intermediate.int_rule__hazards"},
}


def digests(warehouse: Path, tables: set[str]) -> dict[str, tuple[int, int]]:
    """By table its rows and the sum of their hashes, whatever their order."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = {}
        for table in tables:
            (row,) = con.sql(f'select count(*), sum(hash("row")::hugeint) from {table} as "row"').fetchall()
            found[table] = row
    return found


@pytest.mark.parametrize("materialized", TABLES)
def test_one_part_at_a_time_gives_the_same_rows(spine: Spine, tmp_path: Path, materialized: str) -> None:
    tables = TABLES[materialized]
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(spine.home / "runs" / spine.run_id / "warehouse.duckdb", warehouse)
    before = digests(warehouse, tables)
    assert all(rows for rows, _ in before.values())
    run_dbt(
        "run",
        *("--select", f"config.materialized:{materialized}"),
        *("--vars", "{household_months_at_once: 1, region_days_at_once: 1}"),
        home=Home(tmp_path / "home"),
        folder=tmp_path,
        name="parts",
    )
    said = (tmp_path / "logs" / "parts.log").read_text(encoding="utf-8")
    assert said.count(f"OK created sql {materialized} model") == len(tables), said[-3000:]
    assert digests(warehouse, tables) == before
