"""The impact of the struck shock on the small released world, beside the truth: who was hit, and who was computed."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import duckdb
import pytest

from benchmarks.truth import read_truth
from ingest.home import Home
from ingest.identity import HmacKey
from simulation.shocks import REASON
from tests.e2e.conftest import Spine
from warehouse.stages import dbt, dbt_environment

STRUCK = (
    "select shock_id, household_key, is_exposed, outcome_low, outcome_central, outcome_high "
    "from marts.fct_household_impact_per_episode where kind = ? and county_code = ?"
)
A_HOUSEHOLD_LOST = (
    "delete from marts.fct_household_impact_per_episode where household_key = "
    "(select min(household_key) from marts.fct_household_impact_per_episode)"
)
A_FEN_MORE = (
    "update marts.fct_region_impact_per_episode set back_to_line_high_cny = back_to_line_high_cny + 0.01 "
    "where region_level = 'county'"
)
VULNERABLE = (
    "select household_key from intermediate.int_household__monthly "
    "where is_vulnerable and as_of_date = (select max(as_of_date) from intermediate.int_household__monthly)"
)


def test_households_that_the_shock_struck_are_in_its_list(spine: Spine, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures, not a goal: the seeds' shares are defaults, and no number of the simulator stands behind them.

    What must hold whatever the shares: the shock is computed where it struck, and who lost work in truth is exposed.
    """
    (shock,) = json.loads(spine.world.truth.read_text(encoding="utf-8"))["shocks"]
    truth = read_truth(spine.world.truth.parent.parent, HmacKey.load_or_create(Home(spine.home)))
    warehouse = spine.home / "runs" / spine.run_id / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        listed = con.execute(STRUCK, [shock["kind"], shock["region_code"]]).fetchall()
        vulnerable = {row[0] for row in con.execute(VULNERABLE).fetchall()}
    struck = {key for key, reason in truth.items() if reason == REASON[shock["kind"]]} & vulnerable
    exposed = {row[1] for row in listed if row[2]}
    assert struck
    assert listed
    with capsys.disabled():
        print(f"\nstruck {len(struck)} of V, exposed {len(exposed)}, both {len(struck & exposed)}")
        for place, name in ((3, "low"), (4, "central"), (5, "high")):
            hit = {row[1] for row in listed if row[place] in {"crosses", "hard_hit"}}
            print(f"{name}: crossing or hard hit {len(hit)}, of them struck {len(hit & struck)}")
    assert len(struck & exposed) >= 0.9 * len(struck), "who lost the wages is in the list"


@pytest.mark.parametrize("wrong", [A_HOUSEHOLD_LOST, A_FEN_MORE], ids=["a household lost", "a fen more in a county"])
def test_an_impact_that_does_not_add_up_is_noticed(spine: Spine, tmp_path: Path, wrong: str) -> None:
    warehouse = tmp_path / "warehouse.duckdb"
    shutil.copy(spine.home / "runs" / spine.run_id / "warehouse.duckdb", warehouse)
    assert _adds_up(tmp_path)
    with duckdb.connect(str(warehouse)) as con:
        con.execute(wrong)
    assert not _adds_up(tmp_path)


def _adds_up(folder: Path) -> bool:
    """Whether the data test finds nothing in folder/warehouse.duckdb."""
    done = subprocess.run(
        dbt("test", "--select", "impact_adds_up", target=folder / "target", logs=folder / "logs"),
        cwd=folder,
        env=dbt_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert re.search(r"(PASS|ERROR)=1\b", done.stdout), done.stdout[-2000:]
    return done.returncode == 0
