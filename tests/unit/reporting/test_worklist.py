"""The worklist: all open leads, in order, as text that no spreadsheet computes, and readable when it comes back."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from ingest.contracts import contracts
from ingest.home import Home
from ingest.landing import land
from reporting import worklist
from reporting.sheets import csv_cell

from .conftest import HOUSEHOLDS, build_warehouse

TOWNSHIP = "341321101000"
IDENTITIES = {
    key: {"household_no": f"34132110120100{n:03d}", "head_name": "张　三"} for n, key in enumerate(HOUSEHOLDS)
}
ATTACKS = [
    "=cmd|'/c calc'!A1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "＝1+1", "＋1", "  =1", "　=1", "=HYPERLINK(\"x\")",
]  # fmt: skip


def rows_of(path: Path) -> list[dict[str, Any]]:
    sheet = openpyxl.load_workbook(path)["核查清单"]
    header = [c.value for c in sheet[1]]
    return [dict(zip(header, (c.value for c in row), strict=True)) for row in sheet.iter_rows(min_row=2)]


def test_open_leads_alone_by_severity_then_village_then_household(
    tmp_path: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    assert worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release) == 3
    rows = rows_of(tmp_path / "w.xlsx")
    assert [r["规则编号"] for r in rows] == ["R07", "R05", "R04"]
    assert [r["严重程度"] for r in rows] == ["高", "中", "低"]
    assert "E0000000000000003" not in {r["线索编号"] for r in rows}, "the base line is stock"
    first = rows[1]
    assert (first["村"], first["村民小组"], first["户标识"]) == ("埇堌村", "第3组", HOUSEHOLDS[2][:8])
    assert (first["观测值"], first["阈值"], first["单位"]) == (21000, 20000, "元/12个月")
    assert first["依据条款"] == "第二部分第（一）项"
    assert all(r["核查结果"] is None for r in rows)


def test_a_share_is_shown_as_percent(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            "update marts.fct_household_findings_monthly set observed_value = 0.625, threshold_value = 0.5, "
            "unit = 'ratio' where rule_id = 'R05'"
        )
    worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release)
    row = rows_of(tmp_path / "w.xlsx")[1]
    assert (row["观测值"], row["阈值"], row["单位"]) == (62.5, 50, "%")


def test_the_reason_says_what_was_measured_and_which_guarantee_fails(
    tmp_path: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            'update marts.fct_household_findings_monthly set evidence = \'{"is_water_safe": false, "has_food": true}\' '
            "where rule_id = 'R07'"
        )
    worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release)
    reasons = [row["线索原因"] for row in rows_of(tmp_path / "w.xlsx")]
    assert reasons[0].endswith("（饮水安全）")
    assert reasons[1].endswith("（近12个月医疗自付支出）")
    assert reasons[2].endswith("（家庭人均纯收入）")


def test_another_township_has_an_empty_list(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    assert worklist.write(tmp_path / "w.xlsx", warehouse, "341322101000", release) == 0


@pytest.mark.parametrize("code", ["341321000000", "341300000000", "341321101201"])
def test_a_worklist_is_for_one_township(tmp_path: Path, warehouse: Path, release: dict[str, Any], code: str) -> None:
    with pytest.raises(ValueError, match="not a township"):
        worklist.write(tmp_path / "w.xlsx", warehouse, code, release)


def test_no_list_is_cut_short(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            "insert into intermediate.int_lead__household_leads "
            "select leads.* replace ('E' || lpad(n::varchar, 16, '0') as lead_id, "
            "md5(n::varchar) as household_key) "
            "from intermediate.int_lead__household_leads as leads, range(100, 1600) as many(n) "
            "where lead_id = 'E0000000000000000'"
        )
    assert worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release) == 1503
    assert len(rows_of(tmp_path / "w.xlsx")) == 1503


@pytest.mark.parametrize("attack", ATTACKS)
def test_text_is_never_a_formula(tmp_path: Path, release: dict[str, Any], attack: str) -> None:
    warehouse = build_warehouse(tmp_path / "attacked" / "warehouse.duckdb", reason_zh=attack)
    worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release)
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["核查清单"]
    column = [c.value for c in sheet[1]].index("线索原因")
    cell = sheet[2][column]
    assert cell.data_type == "s"
    assert cell.quotePrefix, "the cell is marked as text"
    # a carriage return is written as its escape, which spreadsheets show as the character
    assert str(cell.value).replace("_x000D_", "\r") == attack
    assert all(c.data_type != "f" for row in sheet.iter_rows() for c in row)


@pytest.mark.parametrize("attack", ATTACKS)
def test_a_csv_cell_is_never_a_formula(attack: str) -> None:
    assert csv_cell(attack) == f"'{attack}"
    assert csv_cell("正常文字") == "正常文字"
    assert csv_cell(-3) == "-3", "a number is no text"


def test_answers_are_chosen_from_the_contract(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release)
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["核查清单"]
    listed = next(v for v in sheet.data_validations.dataValidation if v.type == "list")
    (verdict,) = [c for c in contracts()["verdicts"].tables[0].columns if c.name == "verdict"]
    assert listed.formula1.strip('"').split(",") == list(verdict.codes)
    assert sheet.freeze_panes == "B2"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.paperSize == 9


def test_the_named_list_has_every_column_that_the_returned_file_needs(
    tmp_path: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    worklist.write_named(tmp_path / "n.xlsx", warehouse, TOWNSHIP, release, identities=IDENTITIES)
    rows = rows_of(tmp_path / "n.xlsx")
    for column in contracts()["verdicts"].tables[0].columns:
        assert sum(h in rows[0] for h in column.headers) == 1, column.header
    assert rows[0]["户编号"] == IDENTITIES[HOUSEHOLDS[1]]["household_no"], "as text: no digit is lost"
    assert rows[0]["户主姓名"] == "张　三"


def test_the_filled_named_list_lands_as_verdicts(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    inbox = tmp_path / "inbox" / "verdicts"
    inbox.mkdir(parents=True)
    path = inbox / "核查结果_341321101_202201.xlsx"
    worklist.write_named(path, warehouse, TOWNSHIP, release, identities=IDENTITIES)
    book = openpyxl.load_workbook(path)
    sheet = book["核查清单"]
    column = {c.value: c.column for c in sheet[1]}
    for row in range(2, 5):
        sheet.cell(row, column["核查结果"]).value = "纳入监测"
        sheet.cell(row, column["核查日期"]).value = date(2022, 1, row)
    book.save(path)
    (receipt,) = land(inbox.parent, home=Home(tmp_path / "var")).receipts
    assert (receipt.outcome, receipt.rows_in, receipt.accepted) == ("landed", 3, 3), receipt.error


def test_without_names_nothing_identifies_a_person(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release)
    assert not {"户编号", "户主姓名"} & set(rows_of(tmp_path / "w.xlsx")[0])
    assert not re.search(rb"[0-9a-f]{32}", (tmp_path / "w.xlsx").read_bytes())


def test_a_row_that_could_not_come_back_is_an_error(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with pytest.raises(KeyError):
        worklist.write_named(tmp_path / "n.xlsx", warehouse, TOWNSHIP, release, identities={})


def test_the_guide_says_how_to_fill_by_when_and_where_it_comes_from(
    tmp_path: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    worklist.write(tmp_path / "w.xlsx", warehouse, TOWNSHIP, release)
    sheet = openpyxl.load_workbook(tmp_path / "w.xlsx")["说明"]
    text = "\n".join(str(c.value) for row in sheet.iter_rows() for c in row)
    for phrase in (
        "砀山县赵屯镇",
        "当日完成",
        "核查结果_341321101_",
        "征求意见稿",
        "项目默认值",
        release["release_id"],
    ):
        assert phrase in text, phrase


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        worklist.write(tmp_path / name, warehouse, TOWNSHIP, release)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
