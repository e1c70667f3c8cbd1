"""What named persons enter reaches the next release: an answer to an episode, another level, and its erratum."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb

from ledger import Ledger
from ledger.decisions import record_override
from ledger.errata import errata
from tests.e2e.conftest import AS_OF, shouxian


def run_again(home: Path) -> str:
    """Runs the day anew with all that is known by now; the run's id."""
    ran = shouxian(home, "run", "--as-of", AS_OF)
    assert ran.code == 0, ran.err
    return ran.out.strip().splitlines()[-1]


def release(home: Path, run_id: str) -> Path:
    """Releases a run; the warehouse of the release."""
    released = shouxian(home, "release", run_id)
    assert released.code == 0, released.err
    return home / "current" / "warehouse.duckdb"


def test_an_answer_and_another_level_reach_the_next_release_and_what_was_told_is_put_right(landed_copy: Path) -> None:
    ledger = Ledger(f"sqlite:///{landed_copy / 'ledger.db'}")
    first = {notice.notice_id: notice for notice in ledger.notices()}
    raised = [episode for episode in ledger.episodes() if episode.level in {"yellow", "orange", "red"}]
    answered, lowered = raised[0], raised[-1]
    assert answered.region_code != lowered.region_code
    assert errata(ledger) == []
    given = shouxian(
        landed_copy, "respond", answered.episode_id, "--owner", "人社", "--measure", "组织返岗", "--by", "王科长"
    )
    assert given.code == 0, given.err
    day = date.fromisoformat(AS_OF)
    override = record_override(
        ledger,
        lowered.region_code,
        "none",
        reason="核实无此事",
        until_on=day,
        person="李主任",
        at=datetime(2021, 12, 31),
    )
    run_id = run_again(landed_copy)
    warehouse = release(landed_copy, run_id)
    with duckdb.connect(str(warehouse), read_only=True) as con:
        episodes = {
            row[0]: row[1:]
            for row in con.execute(
                "select episode_id, closed_on, response_state, response_owners from marts.fct_region_risk_per_episode"
            ).fetchall()
        }
        shown = con.execute(
            "select level, judged_level, override_id, drivers_zh, count(*) over () "
            "from marts.fct_region_risk_level_daily where override_id is not null"
        ).fetchall()
        told = con.execute("select * from marts.fct_region_risk_level_daily").description
        found = con.execute(
            "select status from intermediate.int_rule__r26 where subject = ?", [answered.episode_id]
        ).fetchall()
    assert episodes[answered.episode_id] == (None, "owned", "人社")
    assert found == [("clear",)]
    assert episodes[lowered.episode_id][0] == day
    ((level, judged, shown_id, drivers, count),) = shown
    assert (level, judged, shown_id, count) == ("none", lowered.level, override, 1)
    assert drivers.startswith("人工调整")
    assert "李主任" not in drivers
    assert "person" not in {column[0] for column in told or ()}
    (erratum,) = errata(ledger)
    assert (erratum.told_level, erratum.level_now) == (lowered.level, "none")
    assert "人工调整" in erratum.reason
    after = {notice.notice_id: notice for notice in ledger.notices()}
    for notice_id, notice in first.items():
        assert (after[notice_id].level, after[notice_id].evidence) == (notice.level, notice.evidence)
    assert {after[n].change for n in set(after) - set(first)} == {"closed"}
    said = shouxian(landed_copy, "status")
    assert f"落实中：{answered.episode_id}" in said.out
    assert "更正：" in said.out
    assert "更正" in shouxian(landed_copy, "trace", erratum.notice_id).out
    release(landed_copy, run_id)
    assert len(errata(ledger)) == 1
    assert set(after) == {notice.notice_id for notice in ledger.notices()}
