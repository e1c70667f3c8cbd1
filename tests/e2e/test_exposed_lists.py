"""From a warning or a telephone call to the households it would touch: minutes after it lands, from the release."""

from __future__ import annotations

import json
import os
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pytest
from openpyxl import Workbook, load_workbook

from ingest.home import Home
from ledger import Ledger
from ledger.tables import Prompt
from shouxian.exposed import list_of, without_households
from shouxian.tasks import land_feeds, list_exposed
from simulation.loss_files import DUTY_HEADERS
from tests.e2e.conftest import Spine, shouxian
from warehouse import release as releases
from warehouse.exposed import Exposed, exposed
from warehouse.prompts import severe_warnings

# Of the shared world: its day of release, in UTC.
ISSUED = datetime(2021, 12, 31, 3)


def prompt(region: str, hazard: str = "暴雨", issued: datetime = ISSUED, colour: str = "red") -> Prompt:
    return Prompt(
        prompt_id="P1", region_code=region, hazard_text=hazard, colour=colour, issued_at=issued, load_id="load"
    )


def warehouse(spine: Spine) -> Path:
    folder = releases.current(Home(spine.home))
    assert folder is not None
    return folder / "warehouse.duckdb"


def told(spine: Spine, region: str, hazard: str = "暴雨", issued: datetime = ISSUED) -> Exposed:
    return exposed(warehouse(spine), prompt(region, hazard, issued))


def test_a_warning_of_the_prefecture_lists_the_households_of_its_townships(spine: Spine) -> None:
    found = told(spine, "341300000000", "暴雨红色预警信号")
    assert found.why_not is None
    assert found.hazard_zh == "暴雨"
    # By another way than the model: V with a tenth of net income in what rain reaches in December, or with weak walls.
    with duckdb.connect(str(warehouse(spine)), read_only=True) as con:
        shares = con.execute(
            "select livelihood, relevance_ratio from policy.hazard_relevance "
            "where hazard_code = 'rainstorm' and month = 12 and relevance_ratio > 0"
        ).fetchall()
        parts = [(f"inc_{name}_cny" if name == "wage" else f"inc_{name}_gross_cny", share) for name, share in shares]
        households = con.execute(
            f"select housing_grade, net_income_cny, {', '.join(name for name, _ in parts)} "
            "from marts.fct_household_risk_monthly where as_of_date = date '2021-12-31' and is_vulnerable"
        ).fetchall()
    expected = 0
    for grade, net, *incomes in households:
        amounts = [None if v is None else share * v for (_, share), v in zip(parts, incomes, strict=True)]
        touched = None if None in amounts else sum(amounts)
        if (
            grade in ("C", "D")
            or touched is None
            or (touched != 0 and net is None)
            or (touched != 0 and touched * 10 >= net)
        ):
            expected += 1
    assert len(found.households) == expected > 0
    assert sum(row["exposed_count"] + row["unknown_count"] for row in found.villages) == len(found.households)
    assert all(row["keeper_person_key"] or row["helper_person_key"] for row in found.households[:1])


def test_a_township_is_struck_by_a_warning_of_its_village(spine: Spine) -> None:
    everywhere = told(spine, "341300000000")
    town = everywhere.households[0]["township_code"]
    found = told(spine, town[:9] + "201")
    assert [code for code, _ in found.townships] == [town]
    assert {row["township_code"] for row in found.households} == {town}


@pytest.mark.parametrize(
    ("region", "hazard", "issued", "why"),
    [
        ("341300000000", "怪风", ISSUED, "不在类型表"),
        ("999999000000", "暴雨", ISSUED, "不在行政区划表"),
        ("341300000000", "暴雨", ISSUED + timedelta(days=45), "截至2021-12-31"),
        ("341300000000", "暴雨", ISSUED - timedelta(days=45), "截至2021-12-31"),
    ],
)
def test_what_cannot_be_told_says_why(spine: Spine, region: str, hazard: str, issued: datetime, why: str) -> None:
    found = told(spine, region, hazard, issued)
    assert why in str(found.why_not)
    assert found.households == []


def test_a_withheld_township_is_named_and_not_listed(spine: Spine) -> None:
    everywhere = told(spine, "341300000000")
    town = everywhere.households[0]["township_code"]
    found = exposed(warehouse(spine), prompt("341300000000"), {town})
    assert town in [code for code, _ in found.withheld]
    assert len(found.households) == len([r for r in everywhere.households if r["township_code"] != town])
    alone = exposed(warehouse(spine), prompt(town), {town})
    assert "暂缓发布" in str(alone.why_not)


def test_from_a_call_to_the_duty_desk_to_a_list_and_names_on_record(
    spine: Spine, landed_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUXIAN_HOME", str(landed_copy))
    town = told(spine, "341300000000").households[0]["township_code"]
    inbox = tmp_path / "inbox"
    _call(inbox / "duty_reports" / f"值班电话报告_{town[:6]}_20211231.xlsx", town)
    arrivals = "file,received_at\n" + f"duty_reports/值班电话报告_{town[:6]}_20211231.xlsx,2021-12-31T12:00:00+08:00\n"
    (inbox / "arrivals.csv").write_text(arrivals, encoding="utf-8")
    monkeypatch.setenv("SHOUXIAN_INBOX", str(inbox))
    # Somebody lands it by hand; the next landing of warnings finds nothing new, and yet a prompt without a list.
    by_hand = shouxian(landed_copy, "land", "--inbox", inbox)
    assert (by_hand.code, "值班报告 1 条" in by_hand.err + by_hand.out) == (0, True)
    counts = land_feeds("hazards")
    assert (counts["prompts"], counts["unlisted"]) == (0, 1)
    (made,) = Ledger(Home(landed_copy).ledger_url).prompts()
    assert (made.region_code, made.colour) == (town, "reported")
    rows = list_exposed()
    assert list(rows) == [made.prompt_id]
    assert rows[made.prompt_id] > 0
    # Told again by the schedule: nothing is written twice.
    assert list_exposed() == {}
    assert land_feeds("hazards")["unlisted"] == 0
    book = load_workbook(list_of(Home(landed_copy), made.prompt_id))
    assert any("比例10%以上" in str(row[1].value) for row in book["说明"])
    sheet = book["农户名单"]
    headers = [cell.value for cell in sheet[1]]
    assert "户主姓名" not in headers
    assert sheet.max_row == rows[made.prompt_id] + 1

    shown = shouxian(landed_copy, "exposed")
    assert made.prompt_id in shown.out
    refused = shouxian(landed_copy, "exposed", made.prompt_id, "--out", tmp_path / "no.xlsx", "--by", "王某")
    assert refused.code == 1
    assert not (tmp_path / "no.xlsx").exists()
    named = shouxian(
        landed_copy,
        "exposed",
        made.prompt_id,
        "--out",
        tmp_path / "named.xlsx",
        "--by",
        "王某",
        "--purpose",
        "暴雨核查",
    )
    assert named.code == 0, named.err
    sheet = load_workbook(tmp_path / "named.xlsx")["农户名单"]
    headers = [str(cell.value) for cell in sheet[1]]
    table = [dict(zip(headers, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)]
    assert all(row["户编号"] for row in table)
    assert any(row["网格员电话"] for row in table)
    entries = [json.loads(e.detail) for e in Ledger(Home(landed_copy).ledger_url).audit_entries("reidentify")]
    assert [entry["purpose"] for entry in entries[-2:]] == ["暴雨核查", "暴雨核查"]
    assert all("name" not in entry for entry in entries)


def test_what_could_not_be_listed_is_asked_again_of_the_next_release(
    landed_copy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOUXIAN_HOME", str(landed_copy))
    here = Home(landed_copy)
    # As long as the state of the release is too old for the day, a workbook says so.
    early, release = prompt("341300000000", issued=ISSUED - timedelta(days=45)), here.releases
    kept = {c.name: getattr(early, c.name) for c in Prompt.__table__.columns if c.name != "created_at"}
    Ledger(here.ledger_url).add_prompts([kept])
    assert list_exposed() == {"P1": 0}
    assert list_exposed() == {}
    untold = without_households(here, "P1")
    assert untold.exists()
    assert not list_of(here, "P1").exists()
    # A later release is asked again; one that can tell takes the place of the workbook that could not.
    for manifest in release.glob("*/release.json"):
        os.utime(manifest, (untold.stat().st_mtime + 60,) * 2)
    assert list_exposed() == {"P1": 0}
    with monkeypatch.context() as later:
        later.setattr("warehouse.exposed._why_not", lambda *_: None)
        os.utime(untold, (0, 0))
        list_exposed()
    assert not untold.exists()
    assert list_of(here, "P1").exists()


def test_a_report_told_again_is_one_prompt_and_a_cancelled_test_none(spine: Spine) -> None:
    with_shock = severe_warnings(Home(spine.home), datetime(2020, 1, 1), datetime(2022, 1, 1))
    assert len({p["prompt_id"] for p in with_shock}) == len(with_shock)


def _call(path: Path, town: str) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(DUTY_HEADERS)
    call = ["ZB20211231001", "2021-12-31 11:20:00", "李某", "0557-3040506", "乡镇值班员", "本镇", town, "暴雨"]
    sheet.append([*call, "2021-12-31 10:50:00", 12, 40])
    path.parent.mkdir(parents=True)
    book.save(path)
