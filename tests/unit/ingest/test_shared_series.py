"""Hazard lists, warning lists, price and labour series that no one here wrote; counts were taken by other means."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import openpyxl
import pytest

from ingest.contracts import contracts
from ingest.errors import DeliveryError
from ingest.home import Home
from ingest.readers import Parsed, reader_for, sdmx_csv, workbook
from ingest.sandbox import reader_spec
from tests.unit.ingest.test_shared_data import conserved, landed

pytestmark = pytest.mark.shared_data


def read(feed: str, path: Path) -> Parsed:
    contract = contracts()[feed]
    return reader_for(contract.format)(path.read_bytes(), path.name, reader_spec(contract))


def test_every_quake_lands_and_those_without_magnitude_too(shared_data: Path, home: Home, tmp_path: Path) -> None:
    folder = shared_data / "hazards/earthquake"
    week = json.loads((folder / "usgs_all_week_2014.geojson").read_text(encoding="utf-8"))["features"]
    cenc = (folder / "ceic_speedsearch_20191212.txt").read_text(encoding="utf-8").count('"CATA_ID"')
    files = ["ceic_speedsearch_20191212.txt", "usgs_all_week_2014.geojson", "usgs_fixture.json"]
    receipts = landed(home, tmp_path, "earthquakes", [folder / f for f in files]).receipts
    found = {r.file_name: (r.rows_in, r.accepted) for r in receipts}
    assert found == {files[0]: (cenc, cenc), files[1]: (1513, 1513), files[2]: (3, 3)}
    assert (len(week), cenc) == (1513, 8)
    boxed = [f for f in week if 73 <= f["geometry"]["coordinates"][0] <= 136]
    rows = read("earthquakes", folder / files[1]).rows.to_pylist()
    assert sum(73 <= float(r["longitude"]) <= 136 for r in rows) == len(boxed)


def test_gdacs_lands_and_its_review_list_is_marked(shared_data: Path, home: Home, tmp_path: Path) -> None:
    folder = shared_data / "hazards/gdacs"
    receipts = landed(home, tmp_path, "gdacs", folder.glob("*")).receipts
    for receipt in receipts:
        conserved(receipt)
    items = {p.name: p.read_text(encoding="utf-8").count("<item>") for p in folder.glob("*.xml")}
    assert {r.file_name: r.accepted for r in receipts if r.table == "gdacs_events"} == items
    assert items == {"gdacs-1.xml": 4, "gdacs-2.xml": 1, "gdacs-rss-7d.xml": 115}
    with (folder / "needs_review.csv").open(encoding="utf-8", newline="") as source:
        listed = list(csv.DictReader(source))
    (review,) = (r for r in receipts if r.table == "gdacs_review")
    assert review.rows_in == len(listed) == 767
    assert review.cautions["country_and_point_disagree"] == sum(r["country"] != r["country_lonlat"] for r in listed)


def test_the_pink_sheet_gives_every_cell_of_its_months(shared_data: Path, home: Home, tmp_path: Path) -> None:
    path = shared_data / "prices/CMO-Historical-Data-Monthly_2022.xlsx"
    rows = list(openpyxl.load_workbook(path, read_only=True)["Monthly Prices"].iter_rows(values_only=True))
    months = [r for r in rows if re.fullmatch(r"\d{4}M\d\d", str(r[0]))]
    names = [c for c in rows[4] if c]
    figures = sum(isinstance(c, int | float) for r in months for c in r[1:])
    (receipt,) = landed(home, tmp_path, "prices_world", [path]).receipts
    conserved(receipt)
    assert (receipt.facts["header_row"], len(months), len(names)) == (5, 753, 71)
    assert receipt.accepted == receipt.rows_in == 753 * 71
    parsed = read("prices_world", path).rows
    filled = [p for p in parsed["price_usd"].to_pylist() if re.search(r"\d", p)]
    assert len(filled) == figures == 47_106
    assert parsed.slice(0, 1).to_pylist() == [
        {
            "price_month": "1960-01",
            "commodity_text": "Crude oil, average",
            "price_usd": "1.63000011444",
            "unit_text": "$/bbl",
            "row_number": 1,
        }
    ]


def test_the_county_workbook_is_read_under_its_three_header_rows(shared_data: Path, home: Home, tmp_path: Path) -> None:
    path = shared_data / "labour/laucnty10.xlsx"
    sheet = openpyxl.load_workbook(path)["laucnty10"]
    rows = [r for r in sheet.iter_rows(min_row=7, values_only=True) if str(r[0]).startswith("CN")]
    (receipt,) = landed(home, tmp_path, "labour_series", [path], "laucnty_2010.xlsx").receipts
    assert (receipt.table, receipt.accepted) == ("labour_county_yearly", len(rows)) == ("labour_county_yearly", 3219)
    parsed = read("labour_series", path).rows
    total = sum(int(v) for v in parsed["unemployed_count"].to_pylist() if v.isdigit())
    assert total == sum(r[8] for r in rows if isinstance(r[8], int))
    assert parsed["unemployment_rate_pct"][0].as_py() == "8.9"


SDMX = {"01": 2, "02": 2, "03": 2, "04": 2, "05": 2, "06": 2, "07": 2, "08": 2, "09A": 3, "09B": 3}


@pytest.mark.parametrize("number", SDMX)
def test_the_official_sdmx_examples_are_read(shared_data: Path, number: str) -> None:
    path = shared_data / f"labour/sdmx/example-{number}.csv"
    series = sdmx_csv.parsed_series(path.read_bytes(), path.name)
    assert len(series.rows) == SDMX[number]
    assert len(series.structures) == {"08": 2, "09A": 3, "09B": 3}.get(number, 1)
    if number in ("04", "05", "06"):
        place = {name: n for n, name in enumerate(series.columns)}
        values = [(r[place["STRUCTURE_ID"]], r[place["DIM_1"]], r[place["OBS_VALUE"]]) for r in series.rows]
        assert values == [("ESTAT:NA_MAIN(1.6.0)", "A", "12.4"), ("ESTAT:NA_MAIN(1.6.0)", "A", "10.8")]


@pytest.mark.parametrize(("number", "code"), [("01", "no_header"), ("08", "several_structures")])
def test_the_series_of_another_structure_are_refused_by_name(shared_data: Path, number: str, code: str) -> None:
    with pytest.raises(DeliveryError) as caught:
        read("labour_series", shared_data / f"labour/sdmx/example-{number}.csv")
    assert caught.value.code == code


def test_every_publishers_list_of_warnings_lands(shared_data: Path, home: Home, tmp_path: Path) -> None:
    files = [p for p in shared_data.glob("alerts/china/*") if p.suffix in (".json", ".jsonp")]
    result = landed(home, tmp_path, "warnings_poll", files)
    assert {r.file_name: (r.table, r.accepted) for r in result.receipts} == {
        "caiyun_webhook_lift_2018.json": ("warnings_listed", 1),
        "cma_weather_view_alarm_20250313.json": ("warnings_listed", 3),
        "nmc_findAlarm_20230605.json": ("warnings_listed", 1),
        "nmc_findAlarm_20260807.json": ("warnings_listed", 2),
        "qweather_v7_warning_now.json": ("warnings_listed", 1),
        "weathercn_alarmMap_row_20261006.json": ("warnings_listed", 1),
        "weathercn_alarm_detail_20261006.jsonp": ("warnings_listed", 1),
    }
    lifted = read("warnings_poll", shared_data / "alerts/china/caiyun_webhook_lift_2018.json").rows.to_pylist()[0]
    assert (lifted["action_text"], lifted["event_text"], lifted["colour_text"]) == ("解除", "霜冻", "蓝色")


def test_an_excerpt_that_fails_the_schema_is_read_and_marked(shared_data: Path, home: Home, tmp_path: Path) -> None:
    path = shared_data / "alerts/china/wmo_cn-cma_excerpt_20260826.xml"
    (receipt,) = landed(home, tmp_path, "warnings_cap", [path]).receipts
    assert (receipt.rows_in, receipt.facts["is_schema_valid"]) == (1, False)
    row = read("warnings_cap", path).rows.to_pylist()[0]
    assert (row["region_code"], row["colour_text"], row["level_text"]) == ("130132000000", "蓝色", "Ⅳ")
    assert (row["is_schema_valid"], row["status_code"], row["message_type_code"]) == ("否", None, None)


@pytest.mark.parametrize(
    ("path", "headers", "rows"),
    [
        ("hazards/dfo_FloodArchive.xlsx", ["ID", "Country", "long", "lat", "Began", "Ended"], 5130),
        ("prices/Province_Names_ID.xlsx", ["Province name", "prv", "prv_id"], 31),
    ],
)
def test_foreign_workbooks_are_read_row_by_row(shared_data: Path, path: str, headers: list[str], rows: int) -> None:
    columns = [
        {"name": h.lower(), "headers": [h], "kind": "text", "optional": False, "is_control_sum": False} for h in headers
    ]
    spec = {"format": "xlsx", "tables": [{"name": "t", "columns": columns, "melt": None}]}
    sheet = openpyxl.load_workbook(shared_data / path, read_only=True).worksheets[0]
    counted = sum(any(c is not None for c in r) for r in sheet.iter_rows(min_row=2, values_only=True))
    assert len(workbook.read((shared_data / path).read_bytes(), path, spec).rows) == counted == rows
