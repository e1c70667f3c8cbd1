"""The readers on files that no one here wrote; counts were taken from the files by other means."""

from __future__ import annotations

import csv
import json
import shutil
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from ingest.landing import Landed, land
from ingest.landing_views import create_views
from ingest.receipts import Receipt, read_receipts, verify

pytestmark = pytest.mark.shared_data

VALID_CAP = {
    "43b080713727.cap",
    "australia.cap",
    "canada.cap",
    "canada_errors.cap",
    "thunderstorm.cap",
    "wcatwc-warning.cap",
}


def landed(home: Home, tmp_path: Path, feed: str, files: Iterable[Path], rename: str | None = None) -> Landed:
    folder = tmp_path / "in" / feed
    folder.mkdir(parents=True)
    for file in files:
        shutil.copyfile(file, folder / (rename or file.name))
    result = land(tmp_path / "in", home=home)
    verify(home, read_receipts(home))
    return result


def conserved(receipt: Receipt) -> None:
    assert receipt.rows_in == receipt.accepted + receipt.quarantined + receipt.duplicates
    assert sum(receipt.quarantine_reasons.values()) == receipt.quarantined


def test_all_polls_land_with_every_warning_they_declare(shared_data: Path, home: Home, tmp_path: Path) -> None:
    polls = sorted(shared_data.glob("alerts/cma_snapshots/*.json"))
    result = landed(home, tmp_path, "warnings_poll", polls)
    assert result.counts["landed"] == len(polls) == 57
    assert result.counts["accepted"] == sum(json.loads(p.read_text(encoding="utf-8"))["count"] for p in polls) == 3855
    with duckdb.connect(":memory:") as connection:
        create_views(connection, home, read_receipts(home))
        (rows,) = connection.execute("select count(*) from landing.warnings_poll").fetchone() or (0,)
    assert rows == 3855


def test_market_prices_are_conserved_and_their_oddities_counted(shared_data: Path, home: Home, tmp_path: Path) -> None:
    path = shared_data / "prices/xinfadi_fruit_2016-05-05.csv"
    lines = path.read_text(encoding="utf-8-sig").splitlines()[1:]
    kept = [line.split(",") for line in dict.fromkeys(lines)]
    (receipt,) = landed(home, tmp_path, "prices_market", [path]).receipts
    conserved(receipt)
    assert (receipt.rows_in, receipt.accepted, receipt.quarantined) == (79_621, len(kept), 0) == (79_621, 79_153, 0)
    assert receipt.cautions["implausible_average_price"] == sum(float(r[2]) < 0.01 for r in kept)
    outside = sum(not float(r[1]) <= float(r[2]) <= float(r[3]) for r in kept)
    assert receipt.cautions["not_ascending_low_price"] == outside
    keys = Counter((r[0], r[4], r[6]) for r in kept)
    assert receipt.cautions["same_key_kept"] == sum(n for n in keys.values() if n > 1)


def test_a_later_cut_of_the_same_prices_brings_only_what_is_new(shared_data: Path, home: Home, tmp_path: Path) -> None:
    result = landed(home, tmp_path, "prices_market", shared_data.glob("prices/xinfadi*.csv"))
    first, second = result.receipts
    assert (first.rows_in, second.rows_in, second.accepted) == (79_020, 79_621, 601)
    shutil.copyfile(shared_data / "messy/xinfadi_fruit_tail_gb18030.csv", tmp_path / "in/prices_market/tail.csv")
    tail = next(r for r in land(tmp_path / "in", home=home).receipts if r.file_name == "tail.csv")
    assert (tail.facts["encoding"], tail.rows_in, tail.duplicates) == ("gb18030", 6000, 6000)


def test_every_cell_of_the_provincial_hog_prices_lands(shared_data: Path, home: Home, tmp_path: Path) -> None:
    path = shared_data / "prices/China_hog_prvwk_230228.csv"
    with path.open(encoding="utf-8", newline="") as source:
        weeks = list(csv.DictReader(source))
    provinces = [c for c in weeks[0] if c.startswith("pg_")]
    (receipt,) = landed(home, tmp_path, "prices_hog_grain", [path]).receipts
    conserved(receipt)
    assert receipt.accepted == len(weeks) * len(provinces) == 10_672
    with duckdb.connect(":memory:") as connection:
        create_views(connection, home, [receipt])
        (anhui, blank) = connection.execute(
            "select count(*), count(*) filter (hog_price_cny_per_kg is null) from landing.hog_price_provincial_weekly "
            "where region_code = '340000000000'"
        ).fetchone() or (0, 0)
    assert (anhui, blank) == (len(weeks), sum(not week["pg_1"] for week in weeks))


def test_the_divisions_of_anhui_land(shared_data: Path, home: Home, tmp_path: Path) -> None:
    files = [shared_data / "admin/divisions_34.csv"]
    (receipt,) = landed(home, tmp_path, "region_register", files, "divisions_2025.csv").receipts
    assert (receipt.rows_in, receipt.accepted) == (1821, 1821)


def test_which_cap_messages_are_valid_and_which_files_are_no_messages(
    shared_data: Path, home: Home, tmp_path: Path
) -> None:
    files = [f for f in shared_data.glob("alerts/cap/*") if f.suffix != ".xsd"]
    result = landed(home, tmp_path, "warnings_cap", files)
    no_messages = {f.name for f in files if f.suffix != ".cap"}
    assert {r.file_name for r in result.receipts if r.outcome == "rejected"} == no_messages
    assert {e.code for e in result.rejected} == {"not_a_cap_message"}
    messages = [r for r in result.receipts if r.outcome == "landed"]
    assert {r.file_name for r in messages if r.facts["is_schema_valid"]} == VALID_CAP
    for receipt in messages:
        conserved(receipt)
        assert receipt.accepted == 0, "no message is about a region of China"
