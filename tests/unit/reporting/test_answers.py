"""防范措施落实: every open episode at or above yellow, with its owner, or with whom it waits for."""

from pathlib import Path
from typing import Any

import duckdb
from docx import Document

from reporting import briefing

TABLE = "防范措施落实"


def rows(path: Path) -> list[list[str]]:
    """The table's rows without its heading; none where it is not there."""
    for table in Document(str(path)).tables:
        if table.rows[0].cells[0].text == "过程编号":
            return [[cell.text for cell in row.cells] for row in table.rows[1:]]
    return []


def test_the_overdue_stand_first_and_blue_and_closed_ones_do_not_stand_there(
    tmp_path: Path, warehouse: Path, release: dict[str, Any]
) -> None:
    briefing.write(tmp_path / "b.docx", warehouse, release, [])
    red, yellow = rows(tmp_path / "b.docx")
    assert red[:4] == ["E341321101-20211229", "砀山县赵屯镇", "红色", "应由农业农村、市场监管"]
    assert red[4:] == ["未登记", "2021年12月29日", "逾期未落实"]
    assert yellow[:4] == ["E341321102-20211201", "砀山县李庄镇", "黄色", "应急、水利"]
    assert yellow[4:] == ["转移受威胁农户；抢修排涝泵站", "2021年12月8日", "落实中"]


def test_a_due_day_that_is_not_known_is_said(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute("update marts.fct_region_risk_per_episode set response_due_on = null, response_state = 'unknown'")
    briefing.write(tmp_path / "b.docx", warehouse, release, [])
    assert {(row[5], row[6]) for row in rows(tmp_path / "b.docx")} == {("不明", "期限不明")}


def test_without_an_episode_the_table_is_left_out(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute("delete from marts.fct_region_risk_per_episode")
    briefing.write(tmp_path / "b.docx", warehouse, release, [])
    assert TABLE not in "\n".join(p.text for p in Document(str(tmp_path / "b.docx")).paragraphs)
