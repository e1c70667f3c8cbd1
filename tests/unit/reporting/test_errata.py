"""A notice is never changed: what a later release says otherwise is an erratum, told once."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest
from docx import Document

from ledger import Ledger
from ledger.errata import errata
from reporting import briefing
from reporting.errata import pending, tell
from tests.conftest import EPISODE, NOTICE

AS_OF, DAY, LATER = date(2021, 12, 31), date(2021, 12, 10), date(2021, 12, 20)
REGION = str(EPISODE["region_code"])
THEN = {"inputs": [{"load_id": "household_register-1", "feed": "household_register"}]}
LEVELS = "marts.fct_region_risk_level_daily"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """One release that knew until 11 December, and the orange notice of the 10th."""
    found = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    found.start_run("run-1", DAY, datetime(2021, 12, 10, 18), "1.0")
    found.record_release("release-1", "run-1", "ab" * 32)
    evidence = {"region_name": "赵屯镇", "override_id": "None", "missing_feeds": "relocation_sites"}
    found.tell(EPISODE, {**NOTICE, "as_of_date": DAY, "evidence": json.dumps(evidence, ensure_ascii=False)})
    return found


@pytest.fixture
def run(tmp_path: Path) -> Path:
    """A later run that gives orange on every day, from the loads that the notice had."""
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as con:
        con.execute("create schema marts; create schema landing")
        con.execute(
            f"create table {LEVELS} as select '{REGION}' as region_code, 'orange' as level, false as is_withheld, "
            "cast(day as date) as as_of_date, null::varchar as override_id "
            "from generate_series(timestamp '2021-12-01', timestamp '2021-12-31', interval 1 day) as days(day)"
        )
        con.execute(
            "create table landing.loads (load_id varchar, feed varchar, known_at timestamp, period_start_date date, "
            "period_end_date date, scope_region_code varchar, is_withheld boolean)"
        )
    load(path, "household_register-1", "household_register", "2021-12-06")
    return path


def load(
    path: Path, load_id: str, feed: str, known_at: str, ends: str = "2021-11-30", scope: str = "341321000000"
) -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(
            "insert into landing.loads values (?, ?, ?, '2021-11-01', ?, ?, false)",
            [load_id, feed, f"{known_at} 02:00", ends, scope],
        )


def set_level(path: Path, level: str, day: date, more: str = "") -> None:
    with duckdb.connect(str(path)) as con:
        con.execute(f"update {LEVELS} set level = ? {more} where as_of_date = ?", [level, day])


def find(
    ledger: Ledger, run: Path, manifest: dict[str, Any] | None = None, as_of: date = AS_OF
) -> list[dict[str, Any]]:
    return pending(ledger, run, as_of, "release-2", lambda name: (manifest or THEN) if name == "release-1" else None)


def test_what_still_holds_is_not_corrected(ledger: Ledger, run: Path) -> None:
    assert find(ledger, run) == []


def test_a_corrected_file_gives_exactly_one_erratum_and_leaves_the_notice(ledger: Ledger, run: Path) -> None:
    before = vars(ledger.notices()[0]).copy()
    load(run, "household_register-2", "household_register", "2021-12-15")
    load(run, "prices_market-9", "prices_market", "2021-12-15", scope="341322000000")
    set_level(run, "blue", DAY)
    (found,) = find(ledger, run)
    assert (found["kind"], found["told_level"], found["level_now"]) == ("corrected", "orange", "blue")
    assert found["level_date"] == DAY
    assert found["reason"] == "新到或重读1批（household_register-2）", "a load of another county is no reason"
    assert len(tell(ledger, [found])) == 1
    after = vars(ledger.notices()[0])
    assert {k: v for k, v in after.items() if k[0] != "_"} == {k: v for k, v in before.items() if k[0] != "_"}
    assert find(ledger, run) == []
    assert tell(ledger, [found]) == []
    assert [one.erratum_id for one in errata(ledger, str(NOTICE["notice_id"]))] == [found["erratum_id"]]
    set_level(run, "red", DAY)
    assert [one["level_now"] for one in find(ledger, run)] == ["red"], "another level is another erratum"


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        (
            {"inputs": [*THEN["inputs"], {"load_id": "civil_affairs-7", "feed": "verdicts"}]},
            "撤回或被替代1批（civil_affairs-7）",
        ),
        (THEN, "批次未变"),
    ],
)
def test_the_reason_says_what_is_known(ledger: Ledger, run: Path, manifest: dict[str, Any], said: str) -> None:
    set_level(run, "unknown", DAY)
    (found,) = find(ledger, run, manifest)
    assert said in found["reason"]
    assert found["level_now"] == "unknown"


def test_without_the_release_it_says_that_it_cannot_know(ledger: Ledger, run: Path) -> None:
    set_level(run, "none", DAY, ", override_id = 'O1'")
    (found,) = pending(ledger, run, AS_OF, "release-2", lambda _: None)
    assert found["reason"] == "人工调整有变；该提示所属的发布已不在，批次无从比对"


def test_a_file_that_was_named_as_missing_and_came_late_gives_the_level_of_its_day(ledger: Ledger, run: Path) -> None:
    set_level(run, "yellow", LATER)
    load(run, "relocation_sites-1", "relocation_sites", str(LATER))
    (found,) = find(ledger, run)
    assert (found["kind"], found["level_now"], found["level_date"]) == ("late_file", "yellow", LATER)
    assert "relocation_sites-1" in found["reason"]
    tell(ledger, [found])
    assert find(ledger, run) == []


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"feed": "prices_market"}, "the notice did not name it as missing"),
        ({"ends": "2021-12-31"}, "it tells of a time after the notice"),
        ({"known_at": "2021-12-06"}, "it was there"),
        ({"scope": "341322000000"}, "it tells of another county"),
    ],
)
def test_what_is_no_late_file(ledger: Ledger, run: Path, changed: dict[str, str], because: str) -> None:
    load(run, **{"load_id": "x-1", "feed": "relocation_sites", "known_at": str(LATER), **changed})
    assert find(ledger, run) == [], because


def test_a_correction_of_a_file_that_was_there_is_not_late(ledger: Ledger, run: Path) -> None:
    load(run, "relocation_sites-1", "relocation_sites", "2021-12-06")
    load(run, "relocation_sites-2", "relocation_sites", str(LATER))
    had = {"inputs": [*THEN["inputs"], {"load_id": "relocation_sites-1", "feed": "relocation_sites"}]}
    assert find(ledger, run, had) == []


def test_a_withheld_level_a_day_before_the_history_and_an_older_release_correct_nothing(
    ledger: Ledger, run: Path
) -> None:
    set_level(run, "blue", DAY, ", is_withheld = true")
    assert find(ledger, run) == []
    set_level(run, "blue", DAY, ", is_withheld = false")
    assert len(find(ledger, run)) == 1
    assert find(ledger, run, as_of=date(2021, 12, 9)) == []
    with duckdb.connect(str(run)) as con:
        con.execute(f"delete from {LEVELS} where as_of_date = ?", [DAY])
    assert find(ledger, run) == []


def test_a_notice_that_was_held_back_told_nobody_anything(ledger: Ledger, run: Path) -> None:
    set_level(run, "blue", DAY)
    ledger.approve(str(NOTICE["notice_id"]), "rejected", "李主任")
    assert find(ledger, run) == []


def test_the_briefing_says_what_it_corrects(
    tmp_path: Path, ledger: Ledger, run: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    set_level(run, "blue", DAY)
    briefing.write(tmp_path / "b.docx", warehouse, release, [], find(ledger, run))
    document = Document(str(tmp_path / "b.docx"))
    rows = [
        [c.text for c in row.cells] for t in document.tables if t.rows[0].cells[2].text == "原提示" for row in t.rows
    ]
    assert rows[1][:4] == [NOTICE["notice_id"], "砀山县赵屯镇", "橙色", "蓝色（2021年12月10日）"]
    assert "更正" in [p.text for p in document.paragraphs]
    briefing.write(tmp_path / "c.docx", warehouse, release, [])
    assert "更正" not in [p.text for p in Document(str(tmp_path / "c.docx")).paragraphs]
