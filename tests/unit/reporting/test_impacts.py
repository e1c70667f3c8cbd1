"""The briefing's impact table: who stands in it, each number with its list, and what is said where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb
import pytest
from docx import Document

from reporting import briefing
from reporting.figures import Figure
from tests.unit.reporting.conftest import HOUSEHOLDS

SHOCK = "price:pear:341321000000:2021-11-11"


@pytest.fixture
def figures(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> dict[str, Figure]:
    return briefing.write(tmp_path / "b.docx", warehouse, release, []).figures


def table_rows(path: Path) -> list[list[str]]:
    tables = [[[cell.text for cell in row.cells] for row in table.rows] for table in Document(str(path)).tables]
    return next(rows for rows in tables if rows[0][1] == "冲击" and rows[0][2] == "暴露户")


def test_regions_at_yellow_and_above_show_their_shocks_the_gravest_first(tmp_path: Path, figures: object) -> None:
    rows = table_rows(tmp_path / "b.docx")
    assert [row[0] for row in rows[1:]] == ["砀山县赵屯镇", "砀山县", "砀山县李庄镇"], "the prefecture is only blue"
    assert rows[1][1] == "酥梨价格下跌"
    assert rows[1][6].startswith("1235"), "shown in whole yuan"


def test_each_number_has_as_many_rows_behind_it_as_it_says(warehouse: Path, figures: dict[str, Figure]) -> None:
    told = [f for key, f in figures.items() if key.startswith("impact|") and f.unit == "户"]
    assert len(told) == 18
    with duckdb.connect(str(warehouse), read_only=True) as con:
        for figure in told:
            assert figure.rows_sql is not None
            assert len(con.execute(figure.rows_sql).fetchall()) == figure.value, figure.key
        money = figures[f"impact|{SHOCK}|341321101000|back_to_line_central_cny"]
        assert money.rows_sql is not None
        behind = con.execute(money.rows_sql).fetchall()
    assert [row[0] for row in behind] == [HOUSEHOLDS[1]]
    assert str(behind[0][2]) == money.value == "1234.56"


def test_without_a_computed_shock_it_says_so(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute("delete from marts.fct_region_impact_per_episode")
    briefing.write(tmp_path / "c.docx", warehouse, release, [])
    text = "\n".join(p.text for p in Document(str(tmp_path / "c.docx")).paragraphs)
    assert "没有可测算的冲击" in text


def test_what_raises_a_region_and_is_not_computed_is_said(
    tmp_path: Path, warehouse: Path, release: dict[str, Any], figures: object
) -> None:
    def text(path: Path) -> str:
        return "\n".join(p.text for p in Document(str(path)).paragraphs)

    assert "尚未测算" not in text(tmp_path / "b.docx")
    with duckdb.connect(str(warehouse)) as con:
        con.execute("delete from policy.shock_kinds where kind = 'price'")
    briefing.write(tmp_path / "d.docx", warehouse, release, [])
    assert "农副产品价格的冲击尚未测算到户" in text(tmp_path / "d.docx")
