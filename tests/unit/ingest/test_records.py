"""The readers of JSON, XML and SDMX-CSV lists, on good and broken fixtures of their feeds."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest.contracts import contracts
from ingest.errors import BrokenContract, DeliveryError, UnreadableFile
from ingest.readers import Parsed, reader_for
from ingest.sandbox import reader_spec
from tests.unit.ingest.conftest import Deliver

FIXTURES = Path(__file__).parents[2] / "fixtures"


def read(feed: str, content: bytes | str) -> Parsed:
    contract = contracts()[feed]
    taken = (FIXTURES / feed / content).read_bytes() if isinstance(content, str) else content
    return reader_for(contract.format)(taken, "a file", reader_spec(contract))


def code_of(feed: str, content: bytes | str) -> str:
    with pytest.raises(DeliveryError) as caught:
        read(feed, content)
    return caught.value.code


def test_a_quake_keeps_every_digit_and_its_moment_in_utc() -> None:
    first, second = read("earthquakes", "usgs.geojson").rows.to_pylist()
    assert (first["magnitude"], first["longitude"], first["latitude"]) == ("5.10", "117.123456789", "33.6500")
    assert first["occurred_at"] == "2021-02-04T01:00:00+00:00"
    assert (second["magnitude"], second["status_text"]) == (None, "deleted")


def test_the_chinese_list_tells_beijing_time(deliver: Deliver) -> None:
    result = deliver({"earthquakes/cenc.txt": "earthquakes/cenc.txt"})
    assert (result.counts["accepted"], result.counts["quarantined"]) == (2, 0)
    rows = read("earthquakes", "cenc.txt").rows.to_pylist()
    assert [r["source_code"] for r in rows] == ["CENC", "CENC"]
    assert rows[0]["occurred_at"] == "2021-02-04 10:08:23", "without an offset: the landing reads it as Beijing's"


def test_an_empty_list_of_quakes_is_a_list(deliver: Deliver) -> None:
    assert deliver({"earthquakes/none.geojson": "earthquakes/none.geojson"}).counts["landed"] == 1


@pytest.mark.parametrize(
    ("feed", "content", "code"),
    [
        ("earthquakes", "cut_short.geojson", "count_mismatch"),
        ("earthquakes", "error_page.html", "web_page"),
        ("earthquakes", "one_name_twice.json", "duplicate_key"),
        ("earthquakes", b'{"error": "quota"}', "unknown_layout"),
        ("earthquakes", b'{"features": [1, 2]}', "bad_record"),
        ("earthquakes", b'{"features": [{"id": NaN}]}', "bad_json"),
        ("earthquakes", b'{"features": [{"id": "\\ud800", "properties": {}}]}', "bad_encoding"),
        ("earthquakes", b"\xff\xfe{}", "bad_encoding"),
        ("earthquakes", b"", "empty_file"),
        ("gdacs", "cut_short.xml", "rejected"),
        ("gdacs", b"<html><body>busy</body></html>", "web_page"),
        ("gdacs", b"<feed/>", "unknown_layout"),
        ("labour_series", "renamed.csv", "missing_column"),
        ("labour_series", "sdmx_two_structures.csv", "several_structures"),
        ("labour_series", b"STRUCTURE,STRUCTURE_ID,ACTION\ndataflow,A,X\n", "unknown_action"),
        ("labour_series", b"STRUCTURE,STRUCTURE_ID,ACTION\ndataflow,A\n", "ragged_row"),
        ("prices_world", "no_months.xlsx", "no_header"),
        ("prices_world", "hidden_content.xlsx", "hidden_sheet"),
        ("prices_world", b"PK", "rejected"),
        ("prices_world", b"a,b\n1,2\n", "rejected"),
    ],
)
def test_what_breaks_its_promise_is_refused_by_name(feed: str, content: bytes | str, code: str) -> None:
    assert code_of(feed, content) == code


def test_a_disaster_placed_outside_its_country_lands_with_a_caution(deliver: Deliver) -> None:
    (receipt,) = deliver({"gdacs/two_events.xml": "gdacs/two_events.xml"}).receipts
    assert (receipt.accepted, receipt.cautions) == (2, {"country_and_point_disagree": 1})
    rows = read("gdacs", "two_events.xml").rows.to_pylist()
    assert [(r["event_type_code"], r["event_code"]) for r in rows] == [("FL", "1000001"), ("FL", "1000002")]
    assert (rows[1]["longitude"], rows[1]["latitude"]) == ("-2.25", "0.5")


def test_a_review_list_marks_the_records_that_disagree(deliver: Deliver) -> None:
    (receipt,) = deliver({"gdacs/review.csv": "gdacs/review.csv"}).receipts
    assert (receipt.table, receipt.accepted) == ("gdacs_review", 2)
    assert receipt.cautions == {"country_and_point_disagree": 1, "late_arrival": 2}
    assert read("gdacs", "review.csv").rows["from_at"][0].as_py() == "2015-02-01T00:00:00+00:00"


def test_sdmx_gives_codes_without_labels_and_keeps_the_action(deliver: Deliver) -> None:
    rows = read("labour_series", "sdmx.csv").rows.to_pylist()
    assert [(r["region_code"], r["report_month"], r["action_code"]) for r in rows] == [
        ("341302", "2021-01", "I"),
        ("341302", "2021-02", "R"),
        ("341321", "2021-02", "D"),
    ]
    assert (rows[0]["indicator_code"], rows[2]["observed_value"]) == ("UNEMP_REG", "")
    assert deliver({"labour_series/sdmx_202102.csv": "labour_series/sdmx.csv"}).counts["accepted"] == 3


def test_the_citys_own_monthly_table_lands(deliver: Deliver) -> None:
    (receipt,) = deliver({"labour_series/就业_202101.csv": "labour_series/monthly.csv"}).receipts
    assert (receipt.table, receipt.accepted) == ("labour_monthly", 2)
    assert [entry["why"] for entry in receipt.left_out] == ["totals", "footer"]


def test_a_listed_warning_of_no_known_type_lands_with_its_text(deliver: Deliver) -> None:
    (receipt,) = deliver({"warnings_poll/nmc.json": "warnings_poll/nmc_list.json"}).receipts
    assert (receipt.table, receipt.accepted) == ("warnings_listed", 2)
    gale, unknown = read("warnings_poll", "nmc_list.json").rows.to_pylist()
    assert (gale["event_text"], gale["colour_text"], gale["sender_region_code"]) == ("大风", "蓝色", "341300")
    assert (unknown["event_text"], unknown["title_text"]) == (None, "安徽省水利厅提示：注意防范")


def test_a_caution_marks_its_own_rows_alone(deliver: Deliver) -> None:
    deliver({"gdacs/a.xml": "gdacs/two_events.xml", "gdacs/b.csv": "gdacs/review.csv"})
    parsed = read("gdacs", "two_events.xml")
    assert parsed.row_cautions == {"country_and_point_disagree": [2]}


def test_a_price_sheet_gives_a_row_per_month_and_commodity(deliver: Deliver) -> None:
    (receipt,) = deliver({"prices_world/pink.xlsx": "prices_world/good.xlsx"}).receipts
    assert (receipt.accepted, receipt.quarantined) == (6, 0)
    rows = read("prices_world", "good.xlsx").rows.to_pylist()
    assert [r["price_usd"] for r in rows] == ["198.77", "217.5", "…", "234.47", "", "54.55"]
    assert (rows[5]["price_month"], rows[5]["commodity_text"], rows[5]["unit_text"]) == (
        "2021-01",
        "Crude oil, Brent",
        "$/bbl",
    )


def test_errors_are_of_the_right_kind() -> None:
    with pytest.raises(BrokenContract):
        read("labour_series", "sdmx_two_structures.csv")
    with pytest.raises(UnreadableFile):
        read("earthquakes", "error_page.html")
