"""A table built month by month holds the rows of one statement over all months: small worlds never build it so."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import duckdb

from tests.e2e.conftest import Spine
from warehouse.stages import PROJECT, dbt_environment

BY_MONTH = {
    "intermediate.int_household__monthly",
    "intermediate.int_household__key_groups_monthly",
    "intermediate.int_rule__r53",
    "marts.fct_household_risk_monthly",
}


def digests(warehouse: Path) -> dict[str, tuple[int, int]]:
    """By table its rows and the sum of their hashes, whatever their order."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = {}
        for table in BY_MONTH:
            (row,) = con.sql(f'select count(*), sum(hash("row")::hugeint) from {table} as "row"').fetchall()
            found[table] = row
    return found


def test_one_month_at_a_time_gives_the_same_rows(spine: Spine, tmp_path: Path) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(spine.home / "runs" / spine.run_id / "warehouse.duckdb", warehouse)
    before = digests(warehouse)
    assert all(rows for rows, _ in before.values())
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "dbt"), "--no-use-colors", "run"),
            *("--select", "config.materialized:by_month", "--vars", "{household_months_at_once: 1}"),
            *("--project-dir", str(PROJECT), "--target-path", str(tmp_path / "target")),
            *("--log-path", str(tmp_path / "logs")),
        ],
        cwd=tmp_path,
        env=dbt_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert done.stdout.count("OK created sql by_month model") == len(BY_MONTH), done.stdout[-3000:]
    assert digests(warehouse) == before
