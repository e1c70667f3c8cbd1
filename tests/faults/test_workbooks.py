"""Faults 7, 12, 17, 18, 21 and 22: workbooks as offices make them, xlsx and xls."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import duckdb
import pytest

from ingest.contracts import contracts
from ingest.readers import Spec, cells, headings
from ingest.readers.headings import Heading
from ingest.values import STORED_AS_NUMBER
from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault, nothing
from tests.faults.made_files import SITE_HEADER, member, rezipped, site, sites, xls, xlsx

NAME = "relocation_sites/安置点_202101.xlsx"


def _no_rows(*arguments: Any) -> list[tuple[int, str]]:
    return []


def _by_position(rows: Sequence[Sequence[str]], file: str, spec: Spec, *rest: Any, **named: Any) -> Heading:
    """A reader that trusts the order of the columns, as many scripts do."""
    table = spec["tables"][0]
    positions = {c["name"]: n for n, c in enumerate(table["columns"]) if n < len(rows[0])}
    return Heading(0, table, positions, {}, [], {}, 0)


BY_POSITION = Guard("ingest.readers.workbook:find_heading", _by_position)


def landed_column(desk: Desk, column: str) -> list[Any]:
    (path,) = desk.home.landing.glob("**/*.parquet")
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(f"select {column} from read_parquet(?) order by row_number", [str(path)]).fetchall()
    return [value for (value,) in rows]


@pytest.mark.parametrize("rows", [65_536, 1_048_576])
@fault(7, Guard("ingest.readers.workbook:refuse_row_limit", nothing))
def test_fault_07_a_sheet_that_is_full_to_its_limit(desk: Desk, rows: int) -> None:
    def fill_last(book: Any, sheet: Any) -> None:
        sheet.write(rows - 1, 0, "2021-01")

    (error,) = desk.land({NAME: sites(2, fill_last)}).rejected
    assert error.code == "row_limit_reached"
    assert f"{rows:,}" in error.found


def persons(numbers: Sequence[Any]) -> bytes:
    header = [c.header for c in contracts()["national_monitored_export"].tables[0].columns]
    fixed = {"户编号": "900000000001", "识别监测时间": "202104"}
    return xlsx([header, *([number if h == "证件号码" else fixed.get(h, "") for h in header] for number in numbers)])


@fault(12, Guard("ingest.readers.workbook:refuse_column_of_numbers", nothing))
def test_fault_12_a_column_of_id_numbers_stored_as_numbers(desk: Desk) -> None:
    content = persons([9.99302197001010e17, 9.99302198001010e17])
    (error,) = desk.land({"national_monitored_export/监测对象_341302_202101.xlsx": content}).rejected
    assert (error.code, error.column) == ("id_column_stored_as_number", "证件号码")
    assert "99930" not in str(error)


@fault(12, Guard("ingest.readers.cells:STORED_AS_NUMBER", ""))
def test_fault_12_one_id_number_stored_as_a_number_is_marked_and_never_repaired() -> None:
    column = cells.text_column(("999302197001010016", 999302197001010017.0), "id_number")
    assert column.to_pylist() == ["999302197001010016", f"{STORED_AS_NUMBER}9.9930219700101e+17"]


def _without_1904(column: Sequence[Any], kind: str, *, is_1904: bool) -> Any:
    return cells.text_column(column, kind)


@pytest.mark.parametrize("ending", ["xlsx", "xls"])
@fault(17, Guard("ingest.readers.workbook:text_column", _without_1904))
def test_fault_17_dates_count_from_the_workbooks_own_first_day(desk: Desk, ending: str) -> None:
    serial = 44_197 - 1_462  # 1 January 2021, counted from 1904
    rows = [SITE_HEADER, site(1, serial), site(2, serial)]
    content = xls(rows, is_1904=True) if ending == "xls" else xlsx(rows, options={"date_1904": True})
    result = desk.land({NAME.replace("xlsx", ending): content})
    assert not result.rejected, result.rejected
    assert {day.isoformat() for day in landed_column(desk, "report_month")} == {"2021-01-01"}


def test_a_typed_date_is_read_as_that_day_in_either_system(desk: Desk) -> None:
    def typed(book: Any, sheet: Any) -> None:
        day = book.add_format({"num_format": "yyyy-mm"})
        sheet.write_datetime(1, 0, datetime(2021, 1, 31), day)

    desk.land({NAME: xlsx([SITE_HEADER, site(1)], typed, options={"date_1904": True})})
    assert [d.isoformat() for d in landed_column(desk, "report_month")] == ["2021-01-01"]


def _sites_with(header: list[str], order: Sequence[int] | None = None) -> bytes:
    rows = [header, site(1) + [7] * (len(header) - 11), site(2) + [7] * (len(header) - 11)]
    return xlsx([[row[n] for n in order] for row in rows] if order else [row[: len(header)] for row in rows])


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ([h.replace("安置户数", "户数合计") for h in SITE_HEADER], "missing_column"),
        (SITE_HEADER[:-1], "missing_column"),
        ([h.replace("劳动力人数", "安置人口") for h in SITE_HEADER], "duplicate_header"),
    ],
    ids=["renamed", "dropped", "duplicated"],
)
@fault(18, BY_POSITION)
def test_fault_18_a_column_renamed_dropped_or_twice_freezes_the_feed(desk: Desk, header: list[str], code: str) -> None:
    errors = desk.land({NAME: _sites_with(header)}).rejected
    assert [e.code for e in errors] == [code]


@fault(18, BY_POSITION)
def test_fault_18_columns_in_another_order_land_in_their_places(desk: Desk) -> None:
    desk.land({NAME: _sites_with(SITE_HEADER, order=[0, 1, 2, 3, 5, 4, 6, 7, 8, 9, 10])})
    assert (landed_column(desk, "household_count"), landed_column(desk, "person_count")) == ([100, 100], [400, 400])


@fault(18, BY_POSITION)
def test_fault_18_a_column_too_many_is_told_and_does_not_land(desk: Desk) -> None:
    (receipt,) = desk.land({NAME: _sites_with([*SITE_HEADER, "新增列"])}).receipts
    assert (receipt.accepted, receipt.facts.get("unknown_columns")) == (2, ["新增列"])


def hide_row(book: Any, sheet: Any) -> None:
    sheet.set_row(2, None, None, {"hidden": True})


def filter_out(book: Any, sheet: Any) -> None:
    sheet.autofilter(0, 0, 2, 10)
    hide_row(book, sheet)


def hide_column(book: Any, sheet: Any) -> None:
    sheet.set_column(5, 5, None, None, {"hidden": True})


@pytest.mark.parametrize(
    ("content", "code", "place"),
    [
        (sites(2, hide_row), "hidden_rows", "3"),
        (sites(2, filter_out), "hidden_rows", "3"),
        (sites(2, hide_column), "hidden_columns", "F"),
        (xls([SITE_HEADER, site(1), site(2)], hidden_rows=[2]), "hidden_rows", "3"),
        (xls([SITE_HEADER, site(1), site(2)], hidden_columns=[5]), "hidden_columns", "F"),
    ],
    ids=["hidden row", "filtered row", "hidden column", "hidden row, xls", "hidden column, xls"],
)
@fault(21, Guard("ingest.readers.workbook:refuse_hidden_cells", nothing))
def test_fault_21_hidden_rows_and_columns_reject_the_file_by_name(
    desk: Desk, content: bytes, code: str, place: str
) -> None:
    errors = desk.land({NAME: content}).rejected
    assert [(e.code, e.sheet) for e in errors] == [(code, "一月")]
    assert place in errors[0].found


@pytest.mark.parametrize(
    "content",
    [
        sites(2, lambda book, sheet: book.add_worksheet("备份").hide()),
        sites(2, lambda book, sheet: book.add_worksheet("备份").very_hidden()),
    ],
    ids=["hidden", "very hidden"],
)
@fault(21, Guard("ingest.readers.workbook:refuse_hidden", nothing))
def test_fault_21_a_hidden_sheet_rejects_the_file_by_name(desk: Desk, content: bytes) -> None:
    errors = desk.land({NAME: content}).rejected
    assert [(e.code, e.sheet) for e in errors] == [("hidden_sheet", "备份")]


@fault(21, Guard("ingest.readers.workbook:_fill_merged", nothing))
def test_fault_21_a_cell_merged_over_rows_holds_for_each_and_no_other_blank_does(desk: Desk) -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 3, 2, 3, "341302101")

    rows = [SITE_HEADER, site(1), *([*site(n)[:3], "", *site(n)[4:]] for n in (2, 3))]
    content = xlsx(rows, merge)
    (error,) = desk.land({NAME: content}).rejected
    assert error.code == "too_many_bad_rows"
    assert error.found.startswith("1 of 3 rows"), "the merged row is whole; the blank one is the only bad row"


def two_levels(book: Any, sheet: Any) -> None:
    sheet.merge_range(0, 0, 0, 4, "宿州市2021年1月就业月报")
    sheet.write(1, 0, "填报单位：某局")
    sheet.merge_range(2, 0, 3, 0, "统计月份")
    sheet.merge_range(2, 1, 3, 1, "地区代码")
    sheet.write(2, 2, "登记失业人数")
    sheet.merge_range(2, 3, 2, 4, "新增就业")
    sheet.write_row(3, 3, ["城镇", "外出务工"])
    sheet.write_row(4, 2, ["(人)", "(人)", "(人)"])
    sheet.write_row(5, 0, ["2021-01", "341302", 120, 30, 4000])
    sheet.write_row(6, 0, ["2021-01", "341321", 80, 20, 5000])
    sheet.write_row(7, 0, ["合计", "", 200, 50, 9000])
    sheet.write(8, 0, "填表人：某某")
    sheet.write(9, 0, "2021年2月1日")


@fault(
    21,
    Guard("ingest.readers.workbook:_HEADER_LEVELS", 1),
    Guard("ingest.readers.headings:_spread", lambda rows, merged: rows),
    Guard("ingest.readers.workbook:_no_data", _no_rows),
)
def test_fault_21_title_two_level_header_unit_row_totals_and_footer(desk: Desk) -> None:
    (receipt,) = desk.land({"labour_series/就业月报_202101.xlsx": xlsx([], two_levels)}).receipts
    assert (receipt.outcome, receipt.rows_in, receipt.accepted) == ("landed", 2, 2), receipt.error
    whys = [entry["why"] for entry in receipt.left_out]
    assert whys == ["title", "title", "header", "units", "totals", "footer", "footer"]
    assert landed_column(desk, "migrant_worker_count") == [4000, 5000]


def medical(total: float) -> list[list[Any]]:
    table = contracts()["medical_insurance"].tables[0]
    row = {"统计月份": "2021-01", "证件号码": "999302197001010016"}
    figures = {c.header: 100.0 for c in table.columns if c.kind == "money_cny"}
    header = [c.header for c in table.columns]
    first = [row.get(h, figures.get(h, "")) for h in header]
    return [header, first, ["合计", *(total if h in figures else "" for h in header[1:])]]


@fault(21, Guard("ingest.readers.workbook:_totals", lambda *arguments: {}))
def test_fault_21_the_totals_row_is_a_control_sum(desk: Desk) -> None:
    from ingest.readers import workbook
    from ingest.sandbox import reader_spec

    spec = reader_spec(contracts()["medical_insurance"])
    parsed = workbook.read(xlsx(medical(100.0)), "a workbook", spec)
    assert len(parsed.rows) == 1
    assert parsed.totals, "the totals row must be kept to be compared"
    assert set(parsed.totals.values()) == {"100"}


def stale(book: Any, sheet: Any) -> None:
    sheet.write_formula(1, 4, "=50+50", None, 100)


@pytest.mark.parametrize(
    "content",
    [sites(2, stale), xls([SITE_HEADER, site(1), site(2)], formulas={(1, 4): 100.0})],
    ids=["xlsx", "xls"],
)
@fault(22, Guard("ingest.readers.workbook:_mark_rows", nothing))
def test_fault_22_a_formulas_cached_value_lands_with_a_caution(desk: Desk, content: bytes) -> None:
    (receipt,) = desk.land({NAME: content}).receipts
    assert (receipt.accepted, receipt.cautions) == (2, {"formula_cached": 1})
    assert landed_column(desk, "household_count") == [100, 100]


def broken(book: Any, sheet: Any) -> None:
    sheet.write_formula(1, 4, "=#REF!", None, "#REF!")


@pytest.mark.parametrize(
    "content",
    [
        sites(60, broken),
        xls([SITE_HEADER, *(site(n) for n in range(1, 61))], formulas={(1, 4): None}),
    ],
    ids=["xlsx", "xls"],
)
@fault(22, Guard("ingest.readers.workbook:_mark_rows", nothing))
def test_fault_22_a_formula_error_quarantines_its_row(desk: Desk, content: bytes) -> None:
    (receipt,) = desk.land({NAME: content}).receipts
    assert (receipt.accepted, receipt.quarantine_reasons) == (59, {"formula_error": 1})


@fault(22, Guard("ingest.readers.ooxml:_links", lambda archive, names: []))
def test_fault_22_external_links_are_listed_and_never_followed(desk: Desk) -> None:
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" '
        b'Type="externalLinkPath" Target="file:///\\\\server\\a\\other.xlsx" TargetMode="External"/></Relationships>'
    )
    content = rezipped(sites(), {"xl/externalLinks/_rels/externalLink1.xml.rels": relations})
    (receipt,) = desk.land({NAME: content}).receipts
    assert (receipt.accepted, receipt.facts.get("external_links")) == (2, ["other.xlsx"])


def test_the_made_workbooks_are_sound(desk: Desk) -> None:
    """The cases differ from these by one defect, so these must land whole."""
    for content in (sites(), xls([SITE_HEADER, site(1), site(2)])):
        (receipt,) = desk.land({NAME: content}).receipts
        assert (receipt.accepted, receipt.cautions) == (2, {}), receipt.error
    assert headings.SEARCHED_ROWS == 10
    assert b"<worksheet" in member(sites(), "xl/worksheets/sheet1.xml")
