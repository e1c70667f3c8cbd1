"""Cases 9 and 28: sizes that nobody believes, and two sources that do not agree, are held back."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pandas as pd
import pytest

from expectations import landing as landing_gate
from expectations import release as release_gate
from expectations.gate import judge, run_checks
from expectations.landing import refused_loads
from ingest.contracts import contracts
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault
from tests.unit.expectations.test_gate import GOOD
from tests.unit.ingest.conftest import no_ones_id

JOBS = [c for c in contracts()["hrss_employment"].tables[0].columns if not c.optional]
ONE_CHECK_LESS = tuple(c for c in landing_gate.CHECKS if c.check_id != "volume_against_previous")


def jobs(month: str, people: int) -> dict[str, bytes]:
    """A month's list of so many workers."""
    cells = {"report_month": f"{month[:4]}-{month[4:]}", "person_name": "示例", "employment_status": "在岗"}
    lines = [",".join(c.header for c in JOBS)]
    for number in range(people):
        row = {**cells, "person_key": no_ones_id(number % 900 + 100, f"19{70 + number // 900}0101")}
        lines.append(",".join(row.get(c.name, "") for c in JOBS))
    return {f"hrss_employment/务工_341302_{month}.csv": ("\n".join(lines) + "\n").encode()}


@pytest.mark.parametrize(("people", "why"), [(400, "drop of 60 %"), (3_100, "more than three times")])
@fault(9, Guard("expectations.landing:CHECKS", ONE_CHECK_LESS))
def test_fault_09_a_sudden_change_of_volume_holds_the_load_back(desk: Desk, people: int, why: str) -> None:
    desk.land(jobs("202101", 1_001))
    desk.land(jobs("202102", people))
    with duckdb.connect() as connection:
        create_views(connection, desk.home, read_receipts(desk.home))
        refused = refused_loads(connection)
        loads = dict(
            connection.execute("select load_id, cast(period_end_date as varchar) from landing.loads").fetchall()
        )
    assert [(loads[load_id], reason) for load_id, reason in refused.items()] == [
        ("2021-02-28", "与上一期相比行数骤减或骤增")
    ], why


AGREEING = tuple(c for c in release_gate.CHECKS if c.check_id != "sources_agree")


@fault(28, Guard("expectations.release:CHECKS", AGREEING))
def test_fault_28_two_sources_that_do_not_agree_withhold_the_region(out: Path) -> None:
    frame = pd.DataFrame([{**GOOD, "cross_source_difference_ratio": 0.2}])
    checks = release_gate.CHECKS
    results = run_checks(frame, "region_code", checks)
    for product in (release_gate.REGIONAL_RISK, release_gate.WORKLIST, release_gate.BRIEFING):
        (verdict,) = judge([GOOD["region_code"]], product, checks, results)
        assert verdict.outcome == "withhold"
        assert any("两个系统的名单相差超过一成" in reason for reason in verdict.reasons)
