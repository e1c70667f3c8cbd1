"""Cases 51, 57 and 58: what a cell or a name may hold must never act, neither in our exports nor in our own folders."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import duckdb
import pytest
from python_calamine import CalamineWorkbook

from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from reporting.products import _named
from reporting.sheets import Workbook, csv_cell
from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault

ACTING = (
    "=cmd|'/c calc'!A1",
    "+1+1",
    "-1+1",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    "＠SUM(A1)",
    "  =1+1",
    "\u3000=1+1",
    '=HYPERLINK("https://example.org","x")',
    '=WEBSERVICE("https://example.org")',
)
Exported = Callable[[list[str]], bytes]


def workbook(path: Path, texts: list[str]) -> bytes:
    book = Workbook(path, "清单", date(2021, 12, 31))
    sheet = book.book.add_worksheet("清单")
    for row, text in enumerate(texts):
        book.write(sheet, row, 0, text)
    book.close()
    return path.read_bytes()


@fault(51, Guard("reporting.sheets:looks_like_formula", lambda text: False))
def test_fault_51_a_cell_of_a_csv_export_is_text_and_reads_back_equal(out: Path) -> None:
    for text in ACTING:
        cell = csv_cell(text)
        assert cell[0] == "'"
        assert cell[1:] == text


@fault(51, Guard("reporting.sheets:looks_like_formula", lambda text: False))
def test_fault_51_a_cell_of_a_workbook_is_a_string_and_marked_as_text(out: Path) -> None:
    content = workbook(out / "x.xlsx", list(ACTING))
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml")
        styles = parts.read("xl/styles.xml")
        names = parts.namelist()
    assert b"<f>" not in sheet
    assert sheet.count(b't="s"') == len(ACTING)
    assert b'quotePrefix="1"' in styles
    assert not [n for n in names if "externalLink" in n or "_rels/sheet" in n]
    read_back = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    assert [row[0].replace("_x000D_", "\r") for row in read_back] == list(ACTING)


INERT = ("'; drop table landing.loads; --", "{{ 7 * 7 }}", "$(touch x)", "`id`", "..%2f..%2fetc")
MARKET = "品名,最低价,平均价,最高价,规格,单位,发布日期\n"


def unbound(table: object, home: object, receipts: list[object]) -> str:
    """How a view would be made by one who pastes paths into statements as they come."""
    paths = ", ".join(f"'{r.rows(home)}'" for r in receipts)
    return f"create or replace view landing.{table.name} as select * from read_parquet([{paths}])"


@fault(57, Guard("ingest.landing_views:landed_view_sql", unbound))
def test_fault_57_code_in_cells_and_names_of_files_stays_text(desk: Desk) -> None:
    rows = "".join(f"{text},1.0,1.5,2.0,,斤,2021-01-0{n}\n" for n, text in enumerate(INERT, 1))
    home = desk.home.__class__(desk.home.root / "it's {{ here }}")
    object.__setattr__(desk, "home", home)
    landed = desk.land({f"prices_market/{INERT[0].replace('/', '_')}.csv": (MARKET + rows).encode()})
    assert [str(e) for e in landed.rejected] == []
    with duckdb.connect() as connection:
        try:
            create_views(connection, home, read_receipts(home))
            found = connection.execute("select product_name from landing.prices_market order by row_number").fetchall()
        except duckdb.Error as error:
            pytest.fail(f"the name of a folder was taken for a statement: {type(error).__name__}")
        assert [text for (text,) in found] == list(INERT)
        assert connection.execute("select count(*) from landing.loads").fetchone() == (1,)


class AnyName:
    """Stands in for the pattern of file names: everything fits."""

    @staticmethod
    def fullmatch(text: str) -> bool:
        return True


@fault(58, Guard("reporting.products:FILE_NAME", AnyName))
def test_fault_58_a_region_is_never_part_of_a_path_unless_it_is_a_plain_code(out: Path) -> None:
    for name in ("../../etc/passwd", "worklist_../x.xlsx", "a/b.csv", "worklist_砀山.xlsx", "x.csv\x00", "..", ""):
        with pytest.raises(ValueError, match="file name"):
            _named(out, name)
    assert _named(out, "worklist_341321101000.xlsx") == out / "worklist_341321101000.xlsx"
