"""Each reader on good and broken files of its feeds."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ingest.contracts import contracts
from ingest.errors import BrokenContract, DeliveryError, ForbiddenFile, UnreadableFile
from ingest.readers import Parsed, reader_for
from ingest.sandbox import reader_spec
from ingest.values import STORED_AS_NUMBER

FIXTURES = Path(__file__).parents[2] / "fixtures"


def read(feed: str, content: bytes | str) -> Parsed:
    contract = contracts()[feed]
    taken = (FIXTURES / feed / content).read_bytes() if isinstance(content, str) else content
    return reader_for(contract.format)(taken, "a file", reader_spec(contract))


def refused(feed: str, content: bytes | str, kind: type[DeliveryError]) -> DeliveryError:
    with pytest.raises(kind) as caught:
        read(feed, content)
    return caught.value


def workbook(rows: list[list[Any]], *, hidden: str | None = None) -> bytes:
    sink = io.BytesIO()
    with xlsxwriter.Workbook(sink, {"in_memory": True}) as book:
        sheet = book.add_worksheet("一月")
        for number, row in enumerate(rows):
            sheet.write_row(number, 0, row)
        if hidden:
            book.add_worksheet(hidden).hide()
    return sink.getvalue()


SITE_HEADER = [
    *("统计月份", "安置点编码", "安置点名称", "乡镇代码", "安置户数", "安置人口", "劳动力人数", "已就业人数"),
    *("有劳动力户数", "零就业户数", "零就业超30天户数"),
]
SITE = ["2021-01", "S01", "幸福里", "341302101", 100, 400, 200, 180, 90, 2, 1]


def test_gb18030_is_recognised_and_rare_names_survive() -> None:
    parsed = read("medical_insurance", "good.csv")
    assert parsed.facts["encoding"] == "gb18030"
    assert parsed.rows["person_name"][0].as_py() == "张　三1"
    assert parsed.rows["row_number"].to_pylist() == [2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_every_encoding_gives_the_same_rows(encoding: str) -> None:
    text = (FIXTURES / "medical_insurance/good.csv").read_bytes().decode("gb18030") + "2021-01,𠀀某,1,居民,1,1,1,1,1\n"
    parsed = read("medical_insurance", text.encode(encoding))
    assert parsed.rows["person_name"][3].as_py() == "𠀀某"


def test_utf_16_with_tabs_is_read() -> None:
    text = (FIXTURES / "medical_insurance/good.csv").read_bytes().decode("gb18030").replace(",", "\t")
    assert len(read("medical_insurance", text.encode("utf-16")).rows) == 3


def test_titles_totals_and_footer_are_left_out_and_listed() -> None:
    parsed = read("medical_insurance", "titles_and_footer.csv")
    assert [(e["row"], e["why"]) for e in parsed.left_out] == [(1, "title"), (2, "title"), (6, "totals"), (7, "footer")]
    assert parsed.totals == {"total_expense_cny": "2000.00", "compliant_self_pay_cny": "123.00"}
    assert parsed.rows["row_number"].to_pylist() == [4, 5]


def test_a_totals_row_in_the_middle_of_a_long_file_is_no_data() -> None:
    header, row, *_ = (FIXTURES / "medical_insurance/good.csv").read_bytes().decode("gb18030").splitlines()
    text = "\n".join([header, *[row] * 20, "合计,,,,1,,,,2", *[row] * 20])
    parsed = read("medical_insurance", text.encode())
    assert len(parsed.rows) == 40
    assert parsed.left_out == [{"row": 22, "why": "totals"}]
    assert parsed.rows["row_number"].to_pylist() == [*range(2, 22), *range(23, 43)]


def test_quoted_breaks_and_commas_do_not_shift_columns() -> None:
    header, row, *_ = (FIXTURES / "medical_insurance/good.csv").read_bytes().decode("gb18030").splitlines()
    odd = row.replace("城乡居民", '"城乡,居民\n（续）"')
    parsed = read("medical_insurance", f"{header}\r\n{odd}\r\n\r\n{row}".encode())
    assert parsed.rows["insurance_type"].to_pylist() == ["城乡,居民\n（续）", "城乡居民"]
    assert parsed.rows["row_number"].to_pylist() == [2, 4]


def test_a_ragged_row_refuses_the_file_and_names_the_row() -> None:
    error = refused("medical_insurance", "ragged.csv", BrokenContract)
    assert (error.code, error.row) == ("ragged_row", 4)


def test_a_missing_column_names_what_was_expected_and_found() -> None:
    error = refused("medical_insurance", "renamed_column.csv", BrokenContract)
    assert (error.code, error.column) == ("missing_column", "证件号码")
    assert "号码" in error.found


def test_a_header_twice_refuses_the_file() -> None:
    assert refused("medical_insurance", "duplicate_header.csv", BrokenContract).code == "duplicate_header"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04rest", b"PAR1", b"<html>no</html>", b"\xff\xff\xfe\xfd,\x00"])
def test_what_is_no_csv_is_refused(content: bytes) -> None:
    refused("medical_insurance", content, DeliveryError)


def test_a_file_cut_inside_a_character_is_refused() -> None:
    assert refused("medical_insurance", "cut_inside_a_character.csv", DeliveryError).code in {
        "bad_encoding",
        "rejected",
    }


def test_a_wide_price_file_becomes_a_row_per_cell() -> None:
    parsed = read("prices_hog_grain", "wide.csv")
    assert parsed.table == "hog_price_provincial_weekly"
    assert len(parsed.rows) == 6
    assert parsed.rows["region_code"].to_pylist() == ["340000", "110000", "330000"] * 2
    assert parsed.rows["hog_price_cny_per_kg"].to_pylist() == ["36.5", "", "35.1", "36.1", "37.2", ""]
    assert parsed.facts["unknown_columns"] == ["yrwk"]


def test_numbers_of_a_workbook_become_the_text_that_was_meant() -> None:
    parsed = read("relocation_sites", workbook([["安置点月报"], SITE_HEADER, SITE, [202104.0, *SITE[1:]]]))
    assert parsed.rows["report_month"].to_pylist() == ["2021-01", "202104"]
    assert parsed.rows["household_count"].to_pylist() == ["100", "100"]


def test_an_id_that_a_workbook_stores_as_a_number_is_marked() -> None:
    contract = contracts()["national_monitored_export"].tables[0]
    header = [c.header for c in contract.columns]
    values = {"证件号码": 999302197001010017, "户编号": 900000000001, "识别监测时间": 202104.0}
    parsed = read("national_monitored_export", workbook([header, [values.get(h, "") for h in header]]))
    assert parsed.rows["person_key"][0].as_py().startswith(STORED_AS_NUMBER)
    assert parsed.rows["household_key"][0].as_py() == "900000000001"
    assert parsed.rows["identified_month"][0].as_py() == "202104"


def test_a_hidden_sheet_refuses_the_workbook_by_name() -> None:
    error = refused("relocation_sites", workbook([SITE_HEADER, SITE], hidden="备份"), ForbiddenFile)
    assert (error.code, error.sheet) == ("hidden_sheet", "备份")


def test_a_workbook_at_the_row_limit_is_refused() -> None:
    rows = [SITE_HEADER, *[["x"]] * (65_536 - 1)]
    assert refused("relocation_sites", workbook(rows), BrokenContract).code == "row_limit_reached"


def test_macros_databases_and_bombs_are_refused_unopened() -> None:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("xl/vbaProject.bin", b"")
    refused("relocation_sites", sink.getvalue(), ForbiddenFile)
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    assert refused("relocation_sites", bomb.getvalue(), ForbiddenFile).code == "zip_bomb"
    refused("relocation_sites", b"PAR1....", ForbiddenFile)
    refused("relocation_sites", b"12345678DUCK", ForbiddenFile)


def test_a_damaged_or_empty_workbook_is_refused() -> None:
    refused("relocation_sites", workbook([SITE_HEADER, SITE])[:-200], UnreadableFile)
    refused("relocation_sites", workbook([]), UnreadableFile)
    refused("relocation_sites", b"", UnreadableFile)


def test_the_chinese_half_of_a_message_is_chosen() -> None:
    row = read("warnings_cap", "two_languages.xml").rows.to_pylist()[0]
    assert (row["event_text"], row["colour_text"], row["level_text"]) == ("暴雨", "橙色", "Ⅱ")
    assert (row["is_schema_valid"], row["region_code"]) == ("是", "341300000000")


def test_a_colour_taken_from_severity_says_so() -> None:
    parsed = read("warnings_cap", "colour_from_severity.xml")
    assert parsed.rows["colour_text"][0].as_py() == "橙色"
    assert parsed.facts["cautions"] == ["colour_from_severity"]


def test_a_message_that_breaks_the_schema_lands_and_says_so() -> None:
    assert read("warnings_cap", "without_scope.xml").rows["is_schema_valid"][0].as_py() == "否"


def test_every_region_of_a_message_has_its_row() -> None:
    assert read("warnings_cap", "two_regions.xml").rows["region_code"].to_pylist() == ["341322000000", "341323000000"]


def test_a_code_of_another_scheme_is_no_region() -> None:
    assert read("warnings_cap", "foreign_code.xml").rows["region_code"].to_pylist() == ["SAME:006109"]


def test_entities_and_feeds_are_no_messages() -> None:
    assert refused("warnings_cap", "entity_bomb.xml", ForbiddenFile).code == "xml_entities"
    assert refused("warnings_cap", "atom_feed.xml", UnreadableFile).code == "not_a_cap_message"
    refused("warnings_cap", b"<alert", UnreadableFile)


def test_a_poll_gives_a_row_per_region_and_warning() -> None:
    parsed = read("warnings_poll", "two_and_a_repeat.json")
    assert parsed.rows["region_code"].to_pylist() == ["341322", "341322", "341300"]
    assert parsed.facts == {"poll_at": "2021-07-01T17:30:00Z", "declared_count": 3}


def test_an_empty_poll_is_a_poll() -> None:
    parsed = read("warnings_poll", "empty_set.json")
    assert (len(parsed.rows), parsed.facts["declared_count"]) == (0, 0)


def test_a_poll_that_was_cut_short_is_refused() -> None:
    assert refused("warnings_poll", "cut_short.json", UnreadableFile).code == "count_mismatch"
    refused("warnings_poll", "error_page.json", UnreadableFile)
