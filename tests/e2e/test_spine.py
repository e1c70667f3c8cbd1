"""From departments' files to a release: everything that the manifest, the marts and the products promise."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from docx import Document

from ledger import Ledger
from tests.conftest import REPOSITORY
from tests.e2e.conftest import AS_OF, KNOWN_AT, Spine, shouxian
from warehouse.release import sha256_of


@pytest.fixture(scope="session")
def manifest(spine: Spine) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((spine.home / "current" / "release.json").read_text(encoding="utf-8"))
    return loaded


def test_the_manifest_names_day_knowledge_and_code(manifest: dict[str, Any]) -> None:
    assert manifest["as_of_date"] == AS_OF
    assert manifest["known_at"] == "2021-12-31T18:00:00Z"
    assert manifest["release_id"]
    assert manifest["code_version"]


def test_every_delivery_is_an_input_and_its_rows_add_up(manifest: dict[str, Any], spine: Spine) -> None:
    for entry in manifest["inputs"]:
        assert set(entry) >= {"feed", "load_id", "sha256", "rows_in", "accepted", "quarantined", "duplicates"}
        assert entry["rows_in"] == entry["accepted"] + entry["quarantined"] + entry["duplicates"], entry["load_id"]
    with spine.world.arrivals.open(encoding="utf-8") as file:
        delivered = {row["file"] for row in csv.DictReader(file)}
    hashes = {sha256_of(spine.world.inbox / name) for name in delivered}
    assert {entry["sha256"] for entry in manifest["inputs"]} == hashes


def test_every_region_has_a_gate_with_all_its_checks_run(manifest: dict[str, Any], spine: Spine) -> None:
    gates = manifest["gates"]
    assert {g["outcome"] for g in gates} <= {"issue", "issue_with_caveat", "withhold"}
    assert all(g["checks_declared"] == g["checks_run"] > 0 for g in gates)
    assert all(isinstance(g["reasons"], list) for g in gates)
    with duckdb.connect(str(spine.home / "current" / "warehouse.duckdb"), read_only=True) as con:
        regions = {
            r[0] for r in con.sql("select distinct region_code from marts.fct_region_risk_level_daily").fetchall()
        }
    assert {g["region_code"] for g in gates if g["product"] == "regional_risk"} == regions
    assert len([r for r in regions if r.endswith("000") and r[6:9] != "000"]) == 122


def test_every_export_is_there_with_its_hash_and_rows(manifest: dict[str, Any], spine: Spine) -> None:
    folder = spine.home / "current"
    assert manifest["exports"]
    for export in manifest["exports"]:
        path = folder / export["path"]
        assert sha256_of(path) == export["sha256"], export["path"]
        if path.suffix == ".parquet":
            rows = duckdb.sql(f"select count(*) from read_parquet('{path}')").fetchall()[0][0]
            assert rows == export["rows"], export["path"]


def test_the_marts_of_the_issue_stand_and_hold_the_day(spine: Spine) -> None:
    with duckdb.connect(str(spine.home / "current" / "warehouse.duckdb"), read_only=True) as con:
        for mart in (
            "fct_household_risk_monthly",
            "fct_household_findings_monthly",
            "fct_region_risk_level_daily",
        ):
            newest, rows = con.sql(f"select max(as_of_date), count(*) from marts.{mart}").fetchall()[0]
            assert (str(newest), rows > 0) == (AS_OF, True), mart
        per_month = con.sql(
            "select risk.as_of_date, count(*), count(distinct risk.household_key), any_value(registered.households) "
            "from marts.fct_household_risk_monthly as risk inner join ("
            "    select as_of_date, count(distinct household_key) as households "
            "    from intermediate.int_household__judged_months, intermediate.int_household__registrations "
            "    where as_of_date >= valid_from_date and as_of_date < valid_until_date group by as_of_date"
            ") as registered on risk.as_of_date = registered.as_of_date group by 1 order by 1"
        ).fetchall()
    assert all(rows == households == registered for _, rows, households, registered in per_month), per_month
    # Households die out and merge in the course of the two years; most stay.
    assert per_month[0][1] == 7500 >= per_month[-1][1] > 7400


def test_no_household_is_lost_between_register_and_rules(spine: Spine) -> None:
    with duckdb.connect(str(spine.home / "current" / "warehouse.duckdb"), read_only=True) as con:
        counts = con.sql(
            "select rule_id, sum(household_count) from marts.fct_household_finding_counts_monthly "
            f"where as_of_date = date '{AS_OF}' group by 1"
        ).fetchall()
        ((households,),) = con.sql(
            f"select count(*) from marts.fct_household_risk_monthly where as_of_date = date '{AS_OF}'"
        ).fetchall()
    with (REPOSITORY / "dbt_project/seeds/policy/rules.csv").open(encoding="utf-8") as rules:
        declared = {row["rule_id"] for row in csv.DictReader(rules) if row["subject"] == "household"}
    assert {rule for rule, _ in counts} == declared >= {"R03", "R04", "R05", "R07", "R09"}
    assert {int(count) for _, count in counts} == {households}


def test_the_struck_county_is_raised_for_what_struck_it(spine: Spine) -> None:
    shock = spine.world.shock
    assert shock is not None
    with duckdb.connect(str(spine.home / "current" / "warehouse.duckdb"), read_only=True) as con:
        level, employment = con.execute(
            "select level, employment_level from marts.fct_region_risk_level_daily "
            "where region_code = ? and as_of_date = ?",
            [shock.region_code, AS_OF],
        ).fetchall()[0]
    assert employment in {"orange", "red"}
    assert level in {"yellow", "orange", "red"}


def test_notices_wait_for_a_named_person_and_are_told_once(spine: Spine, landed_copy: Path) -> None:
    ledger = Ledger(f"sqlite:///{landed_copy / 'ledger.db'}")
    before = len(ledger.notices())
    assert before > 0
    again = shouxian(landed_copy, "release", spine.run_id)
    assert again.code == 0, again.err
    assert len(ledger.notices()) == before
    for notice in ledger.notices():
        assert (notice.status == "awaiting_approval") == (notice.level in {"orange", "red"}), notice.notice_id


def test_the_briefing_and_the_worklists_open(spine: Spine) -> None:
    products = spine.home / "current" / "products"
    text = "\n".join(p.text for p in Document(str(products / "briefing.docx")).paragraphs)
    assert "风险提示" in text
    assert "征求意见稿" in text
    assert "2021年12月31日" in text
    lists = sorted(products.glob("worklist_*.xlsx"))
    assert lists
    sheet = openpyxl.load_workbook(lists[0]).worksheets[0]
    assert any("核查结果" in str(cell.value) for row in sheet.iter_rows(max_row=6) for cell in row)


def test_status_says_what_is_current_and_what_is_unknown(spine: Spine) -> None:
    said = shouxian(spine.home, "status")
    assert said.code == 0, said.err
    assert f"release-{spine.run_id}" in said.out
    assert "未知" in said.out


def test_a_figure_of_the_briefing_can_be_followed_home(spine: Spine) -> None:
    figures = json.loads((spine.home / "current" / "products" / "figures.json").read_text(encoding="utf-8"))
    entries = figures["figures"] if isinstance(figures, dict) else figures
    said = shouxian(spine.home, "trace", entries[0]["trace_id"])
    assert said.code == 0, said.err
    assert str(entries[0]["trace_id"]) in said.out


def test_a_household_month_is_told_whole(spine: Spine) -> None:
    with duckdb.connect(str(spine.home / "current" / "warehouse.duckdb"), read_only=True) as con:
        (key,) = con.execute(
            "select min(household_key) from marts.fct_household_findings_monthly where status = 'raised' and rule_id = "
            "'R05' and as_of_date = ?",
            [AS_OF],
        ).fetchall()[0]
        rules = con.sql("select rule_id from policy.rules where subject = 'household'").fetchall()
    said = shouxian(spine.home, "trace", "household", key, "--as-of", AS_OF)
    assert said.code == 0, said.err
    assert "R05 突发严重困难户：提示" in said.out
    assert all(f"\n  {rule} " in said.out for (rule,) in rules)
    assert "落地文件校验一致" in said.out
    assert "不在" not in said.out


def test_an_unknown_id_says_what_ids_look_like(spine: Spine) -> None:
    said = shouxian(spine.home, "trace", "nonsense")
    assert said.code == 1
    assert "nonsense" in said.err


def test_the_named_worklist_is_put_on_record_and_comes_back_as_a_feed(
    spine: Spine, landed_copy: Path, tmp_path: Path
) -> None:
    name = min((spine.home / "current" / "products").glob("worklist_*.xlsx")).stem.removeprefix("worklist_")
    out = tmp_path / "named.xlsx"
    refused = shouxian(landed_copy, "worklist", name, "--out", out, "--by", "张三", "--purpose", " ")
    assert refused.code == 1
    assert not out.exists()
    done = shouxian(landed_copy, "worklist", name, "--out", out, "--by", "张三", "--purpose", "入户核查")
    assert done.code == 0, done.err
    header = [str(c.value) for row in openpyxl.load_workbook(out).worksheets[0].iter_rows(max_row=6) for c in row]
    assert "户编号" in header
    assert "户主姓名" in header
    ledger = Ledger(f"sqlite:///{landed_copy / 'ledger.db'}")
    assert [e.actor for e in ledger.audit_entries("reidentify")] == ["张三"]


def test_the_same_knowledge_gives_the_same_marts(spine: Spine, landed_copy: Path, manifest: dict[str, Any]) -> None:
    ran = shouxian(landed_copy, "run", "--as-of", AS_OF, "--known-at", KNOWN_AT)
    assert ran.code == 0, ran.err
    again = shouxian(landed_copy, "release", ran.out.strip().splitlines()[-1])
    assert again.code == 0, again.err
    second = json.loads((landed_copy / "current" / "release.json").read_text(encoding="utf-8"))
    # The levels and episodes too: a run made again follows the release before, not its own.
    pinned = ("marts.fct_household", "marts.fct_region_risk")
    first_marts, second_marts = (
        {e["name"]: e["sha256"] for e in m["exports"] if e["name"].startswith(pinned)} for m in (manifest, second)
    )
    assert first_marts == second_marts
    ledger = Ledger(f"sqlite:///{landed_copy / 'ledger.db'}")
    assert len({n.notice_id for n in ledger.notices()}) == len(ledger.notices())


def test_replay_knows_only_what_was_known_then(landed_copy: Path) -> None:
    ran = shouxian(landed_copy, "run", "--as-of", "2021-09-30", "--known-at", "2021-10-01T02:00")
    assert ran.code == 0, ran.err
    run_id = ran.out.strip().splitlines()[-1]
    record = json.loads((landed_copy / "runs" / run_id / "run.json").read_text(encoding="utf-8"))
    with duckdb.connect(str(landed_copy / "runs" / run_id / "warehouse.duckdb"), read_only=True) as con:
        latest = con.sql("select max(known_at) from landing.loads").fetchall()[0][0]
        newest = con.sql("select max(as_of_date) from marts.fct_region_risk_level_daily").fetchall()[0][0]
    assert str(latest) <= "2021-09-30 18:00:00"
    assert str(newest) == "2021-09-30"
    assert len(record["inputs"]) > 0
