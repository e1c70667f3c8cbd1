"""Faults of deliveries as wholes: twice, out of order, late, cut short, empty, under another key (cases 1-6, 8, 50)."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pytest

from ingest.errors import VaultError
from ingest.home import Home
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from tests.faults.conftest import RECEIVED, Desk
from tests.faults.harness import Guard, fault, nothing
from tests.unit.ingest.test_landing import HEADER, PRICES, medical, row

JANUARY = "medical_insurance/清单_341302_202101.csv"
FEBRUARY = "medical_insurance/清单_341302_202102.csv"
MARCH = "medical_insurance/清单_341302_202103.csv"
QUOTES = [f"酥梨,1,{n}.5,40,普通,斤,2021-01-{n:02d},埇桥批发市场" for n in range(1, 29)]
MARKET = PRICES.strip() + ",市场"


def prices(*quotes: str) -> bytes:
    return "\n".join([MARKET, *quotes, ""]).encode()


def seen(home: Home, sql: str, until: Any = None) -> list[tuple[Any, ...]]:
    """What the landing's views answer, by what had arrived until then."""
    with duckdb.connect(":memory:") as connection:
        create_views(connection, home, read_receipts(home, received_until=until))
        return connection.execute(sql).fetchall()


@fault(1, Guard("ingest.landing:LandingRun._is_settled", lambda self, delivery: False))
def test_fault_01_the_same_file_twice_is_one_load(desk: Desk) -> None:
    content = medical(row(1), row(2))
    desk.land({JANUARY: content})
    before = {path: path.stat().st_mtime_ns for path in desk.home.landing.rglob("*.parquet")}
    again = desk.land({JANUARY: content}, RECEIVED + timedelta(days=1))
    assert again.counts["duplicate"] == 1
    assert again.counts["accepted"] == 0
    assert {path: path.stat().st_mtime_ns for path in desk.home.landing.rglob("*.parquet")} == before


def _nothing_told(rows: Any, keys: Any, earlier: Any, *, keeps_same_key: bool) -> Any:
    return np.zeros(len(rows), dtype=bool)


@fault(2, Guard("ingest.history:told_before", _nothing_told))
def test_fault_02_the_same_rows_in_another_file_and_order_are_duplicates(desk: Desk) -> None:
    desk.land({"prices_market/a.csv": prices(*QUOTES)})
    other = prices(*reversed(QUOTES), QUOTES[0].replace("酥梨", "苹果"))
    (receipt,) = desk.land({"prices_market/b.csv": other}, RECEIVED + timedelta(days=1)).receipts
    assert (receipt.rows_in, receipt.duplicates, receipt.accepted) == (29, 28, 1)
    assert seen(desk.home, "select count(*) from landing.prices_market") == [(29,)]


def _one_version(contract: Any, sha256: str, name: Any, **told: Any) -> str:
    return f"{contract.feed}-{name.suffix}"


@fault(3, Guard("ingest.batches:load_id", _one_version))
def test_fault_03_a_corrected_old_month_leaves_what_was_known_before_reproducible(desk: Desk) -> None:
    newest = "select arg_max(load_id, known_at) from landing.loads"
    pay = f"select sum(compliant_self_pay_cny) from landing.medical_insurance where load_id = ({newest})"
    desk.land({JANUARY: medical(row(1, "10.00"), row(2, "5.00"))})
    corrected = RECEIVED + timedelta(days=200)
    desk.land({JANUARY: medical(row(1, "70.00"), row(2, "5.00"))}, corrected)
    assert [str(value) for (value,) in seen(desk.home, pay)] == ["75.00"]
    assert [str(value) for (value,) in seen(desk.home, pay, corrected - timedelta(seconds=1))] == ["15.00"]
    assert len({r.load_id for r in read_receipts(desk.home)}) == 2


@fault(4, Guard("ingest.landing:note_repeat", nothing))
def test_fault_04_any_order_of_landing_gives_the_same_views(desk: Desk, tmp_path: Path) -> None:
    came = [
        ({FEBRUARY: medical(row(1, month="2021-02"))}, RECEIVED + timedelta(days=30)),
        ({MARCH: medical(row(1, month="2021-03"))}, RECEIVED + timedelta(days=60)),
        ({FEBRUARY: medical(row(1, month="2021-02"))}, RECEIVED + timedelta(days=90)),
    ]
    other = Desk(Home(tmp_path / "other"), tmp_path / "scratch")
    (other.home.root / "keys").mkdir(parents=True)
    for files, moment in came:
        desk.land(files, moment)
    (other.home.root / "keys/hmac.key").write_text((desk.home.keys / "hmac.key").read_text())
    for files, moment in reversed(came):
        other.land(files, moment)
    rows = "select * from landing.medical_insurance order by all"
    assert seen(desk.home, rows) == seen(other.home, rows)
    before_march = RECEIVED + timedelta(days=45)
    assert len(seen(other.home, rows, before_march)) == len(seen(desk.home, rows, before_march)) == 1


@fault(5, Guard("ingest.batches:late_rows", lambda *arguments: None))
def test_fault_05_a_record_400_days_late_lands_in_its_own_period_and_says_so(desk: Desk) -> None:
    old = (RECEIVED - timedelta(days=400)).strftime("%Y-%m-%d")
    quotes = [QUOTES[0], QUOTES[0].replace("2021-01-01", old)]
    (receipt,) = desk.land({"prices_market/a.csv": prices(*quotes)}).receipts
    assert receipt.cautions == {"late_arrival": 1}
    assert str(receipt.period_start_date) == old
    late = "select quoted_date::varchar from landing.prices_market where cautions = 'late_arrival'"
    assert seen(desk.home, late) == [(old,)]


def _padded(row: list[str], width: int, file: str, number: int) -> list[str]:
    return row + [""] * (width - len(row))


@fault(6, Guard("ingest.readers.csv_text:_whole_row", _padded))
def test_fault_06_a_file_cut_inside_a_line_is_refused(desk: Desk) -> None:
    content = prices(*QUOTES)
    landed = desk.land({"prices_market/a.csv": content[: content.rindex(b",2021-01-28")]})
    assert [e.code for e in landed.rejected] == ["ragged_row"]
    assert landed.rejected[0].row == 29


@fault(6, Guard("ingest.readers.csv_blocks:decoded", lambda block, encoding: block.decode(encoding, "replace")))
def test_fault_06_a_file_cut_inside_a_character_is_refused(desk: Desk) -> None:
    landed = desk.land({"prices_market/a.csv": prices(*QUOTES).rstrip()[:-1]})
    assert [(e.code, e.row) for e in landed.rejected] == [("bad_encoding", 29)]


@fault(6, Guard("ingest.landing:_unsound", nothing))
def test_fault_06_a_file_cut_between_two_lines_is_told_by_its_checksum(desk: Desk) -> None:
    content = prices(*QUOTES)
    checksum = f"{hashlib.sha256(content).hexdigest()}  a.csv\n".encode()
    cut = prices(*QUOTES[:20])
    landed = desk.land({"prices_market/a.csv": cut, "prices_market/a.csv.sha256": checksum})
    assert [e.code for e in landed.rejected] == ["checksum_mismatch"]
    whole = desk.land({"prices_market/a.csv": content, "prices_market/a.csv.sha256": checksum})
    assert whole.counts["accepted"] == 28


@fault(6, Guard("ingest.judging:_check_total", nothing))
def test_fault_06_rows_lost_above_a_totals_row_are_told_by_it(desk: Desk) -> None:
    rows = [row(n, "10.00") for n in range(20)]
    landed = desk.land({JANUARY: medical(*rows[:-1], "合计,,,,2000.00,,,,200.00")})
    assert [e.code for e in landed.rejected] == ["control_sum"]


@fault(8, Guard("ingest.readers.csv_text:_refuse_other_kinds", nothing))
def test_fault_08_no_bytes_are_no_delivery(desk: Desk) -> None:
    landed = desk.land({JANUARY: b""})
    assert [e.code for e in landed.rejected] == ["empty_file"]


@fault(8, Guard("ingest.readers.headings:ENOUGH", 0.0))
def test_fault_08_a_file_without_a_header_is_refused(desk: Desk) -> None:
    landed = desk.land({JANUARY: "\n".join(row(n) for n in range(5)).encode()})
    assert [e.code for e in landed.rejected] == ["no_header"]


@fault(8, Guard("ingest.judging:_check_empty", nothing))
def test_fault_08_a_header_alone_is_a_run_that_found_nothing_where_that_is_lawful(desk: Desk) -> None:
    (receipt,) = desk.land({JANUARY: f"{HEADER}\n".encode()}).receipts
    assert (receipt.outcome, receipt.rows_in) == ("landed", 0)
    landed = desk.land({"prices_market/a.csv": prices()})
    assert [e.code for e in landed.rejected] == ["empty_file"]


@fault(50, Guard("ingest.identity:_landing_key_id", lambda home: None))
def test_fault_50_a_missing_or_changed_hmac_key_stops_before_the_first_read(desk: Desk) -> None:
    desk.land({JANUARY: medical(row(1))})
    key = desk.home.keys / "hmac.key"
    for other in ("00" * 32, None):
        key.unlink()
        if other:
            key.write_text(other)
        with pytest.raises(VaultError, match="nothing has been read"):
            desk.land({FEBRUARY: b"not even a list"})
    assert len(read_receipts(desk.home)) == 1


@fault(50, Guard("ingest.master_key:_refuse_loss", nothing))
def test_fault_50_a_missing_master_key_stops_before_the_first_read(desk: Desk) -> None:
    desk.land({JANUARY: medical(row(1))})
    (desk.home.keys / "vault_master.key").unlink()
    with pytest.raises(VaultError, match="missing"):
        desk.land({FEBRUARY: medical(row(1, month="2021-02"))})
    assert len(read_receipts(desk.home)) == 1
