"""What lands, what is refused, and what a crash, a repeat or a wrong key leaves behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from ingest.contracts import contracts
from ingest.errors import DeliveryError, UnknownFeed, VaultError
from ingest.home import Home
from ingest.landing import land
from ingest.receipts import CorruptLanding, Receipt, read_receipts, verify
from tests.unit.ingest.conftest import FIXTURES, RECEIVED, Deliver, no_ones_id

GOOD = "medical_insurance/good.csv"
JANUARY = "medical_insurance/清单_341302_202101.csv"
PRICES = "品名,最低价,平均价,最高价,规格,单位,发布日期\n"
HEADER = "截止月份,姓名,证件号码,参保类型,总费用,基本医保报销,大病保险报销,医疗救助报销,合规自付费用"


def medical(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows, ""]).encode()


def row(person: int, pay: str = "10.00", name: str = "张三", month: str = "2021-01") -> str:
    return f"{month},{name},{no_ones_id(person)},居民,100.00,90.00,,,{pay}"


def many(*odd: str) -> bytes:
    """Enough sound rows that a few odd ones stay below the contract's share."""
    return medical(*[row(n) for n in range(100, 400)], *odd)


def landed_rows(home: Home, receipt: Receipt) -> list[dict[str, object]]:
    path = receipt.rows(home)
    assert path is not None
    rows: list[dict[str, object]] = pq.read_table(path).to_pylist()
    return rows


def test_a_file_lands_with_its_receipt(deliver: Deliver, home: Home) -> None:
    (receipt,) = deliver({JANUARY: GOOD}).receipts
    assert (receipt.outcome, receipt.rows_in, receipt.accepted) == ("landed", 3, 3)
    assert (receipt.period_start_date, receipt.period_end_date) == (date(2021, 1, 1), date(2021, 1, 31))
    assert receipt.scope_region_code == "341302000000"
    assert receipt.load_id == f"medical_insurance-{receipt.sha256[:16]}"
    assert read_receipts(home) == [receipt]
    verify(home, [receipt])


def test_landed_rows_carry_keys_and_lineage_and_no_names(deliver: Deliver, home: Home) -> None:
    (receipt,) = deliver({JANUARY: GOOD}).receipts
    rows = landed_rows(home, receipt)
    stored = set(contracts()["medical_insurance"].tables[0].landed_columns) - {"known_at", "known_at_basis"}
    assert set(rows[0]) == stored
    assert len({r["person_key"] for r in rows}) == 3
    assert all(len(str(r["person_key"])) == 32 for r in rows)
    assert [str(r["compliant_self_pay_cny"]) for r in rows] == ["120.50", "3.00", "12000.00"]
    assert [r["row_number"] for r in rows] == [2, 3, 4]


def test_rows_and_fen_add_up_with_every_kind_of_row(deliver: Deliver) -> None:
    content = many(row(1), row(1), row(2, name="李四"), row(2, name="王五"), row(3, pay="NaN"), row(4, pay=""))
    (receipt,) = deliver({JANUARY: content}).receipts
    assert (receipt.rows_in, receipt.accepted, receipt.quarantined, receipt.duplicates) == (306, 301, 4, 1)
    assert receipt.quarantine_reasons == {"key_conflict": 2, "not_a_finite_number": 1, "required_blank": 1}
    fen = receipt.money_fen["compliant_self_pay_cny"]
    assert fen == {"in": 304_000, "accepted": 301_000, "quarantined": 2_000, "duplicates": 1_000}


def test_a_believable_doubt_lands_with_a_caution(deliver: Deliver, home: Home) -> None:
    (receipt,) = deliver({JANUARY: medical(row(1, pay="-5.00"), row(2, month="2020-12"))}).receipts
    expected = {"implausible_compliant_self_pay_cny": 1, "differs_from_file_name_up_to_month": 1}
    assert receipt.cautions == expected
    assert {r["cautions"] for r in landed_rows(home, receipt)} == set(expected)


def test_the_same_bytes_again_change_nothing(deliver: Deliver, home: Home) -> None:
    deliver({JANUARY: GOOD})
    before = sorted(p for p in home.landing.rglob("*") if p.is_file())
    again = deliver({JANUARY: GOOD}, RECEIVED + timedelta(days=3))
    assert again.counts["duplicate"] == 1
    assert again.counts["accepted"] == 0
    assert sorted(p for p in home.landing.rglob("*") if p.is_file()) == before


def test_two_equal_files_in_one_inbox_are_one_load(deliver: Deliver) -> None:
    landed = deliver({JANUARY: GOOD, "medical_insurance/副本_341302_202101.csv": GOOD})
    assert sorted(r.outcome for r in landed.receipts) == ["duplicate", "landed"]


def test_a_repeat_that_came_earlier_moves_known_at_back(deliver: Deliver, home: Home) -> None:
    deliver({JANUARY: GOOD})
    earlier = RECEIVED - timedelta(days=9)
    deliver({JANUARY: GOOD}, earlier)
    (receipt,) = read_receipts(home)
    assert (receipt.known_at, receipt.received_at) == (earlier, RECEIVED)
    assert read_receipts(home, received_until=earlier - timedelta(seconds=1)) == []
    assert len(read_receipts(home, received_until=earlier)) == 1


def test_the_same_bytes_under_another_months_name_are_refused(deliver: Deliver) -> None:
    deliver({JANUARY: GOOD})
    landed = deliver({"medical_insurance/清单_341302_202102.csv": GOOD})
    assert [e.code for e in landed.rejected] == ["same_bytes_other_name"]


def test_an_empty_list_counts_for_every_month_that_it_names(deliver: Deliver, home: Home) -> None:
    empty = "medical_insurance/header_only.csv"
    landed = deliver({JANUARY: empty, "medical_insurance/清单_341302_202102.csv": empty})
    assert [(r.outcome, r.rows_in) for r in landed.receipts] == [("landed", 0), ("landed", 0)]
    assert {r.period_start_date for r in read_receipts(home)} == {date(2021, 1, 1), date(2021, 2, 1)}
    assert deliver({JANUARY: empty}).counts["duplicate"] == 1


def test_a_file_without_the_agreed_name_is_refused(deliver: Deliver) -> None:
    landed = deliver({"medical_insurance/清单.csv": GOOD})
    assert [e.code for e in landed.rejected] == ["bad_file_name"]


def test_an_unchanged_list_of_persons_counts_for_every_edition_that_it_names(deliver: Deliver, home: Home) -> None:
    content = (
        f"户编号,证件号码,姓名,与户主关系,劳动技能,健康状况,在校生状况\n900000000001,{no_ones_id(1)},张三,户主,,,\n"
    )
    files = {f"household_register/人_341302_{year}09.csv": content.encode() for year in (2020, 2021)}
    assert [r.accepted for r in deliver(files).receipts] == [1, 1]
    assert {r.period_end_date for r in read_receipts(home)} == {date(2020, 9, 30), date(2021, 9, 30)}
    assert deliver(files).counts["duplicate"] == 2


def test_an_increment_that_repeats_an_earlier_load_is_counted_as_duplicate(deliver: Deliver) -> None:
    header = "品名,最低价,平均价,最高价,规格,单位,发布日期\n"
    first, second = "酥梨,1,2,3,普通,斤,2021-01-04\n", "酥梨,1,2.5,3,普通,斤,2021-01-05\n"
    deliver({"prices_market/a.csv": (header + first).encode()})
    (receipt,) = deliver({"prices_market/b.csv": (header + first + second).encode()}, RECEIVED + timedelta(1)).receipts
    assert (receipt.accepted, receipt.duplicates) == (1, 1)


def test_a_value_changed_back_is_news(deliver: Deliver) -> None:
    header = "年份,周次,发布日期,地区代码,生猪价格,玉米价格\n"
    for day, price, accepted in ((0, "30", 1), (1, "31", 1), (2, "30", 1), (3, "30", 0)):
        content = f"{header}2021,1,2021-01-06,3413,{price},{'2.5' if day < 3 else '2.50'}\n".encode()
        name = f"prices_hog_grain/{day}.csv"
        if day == 2:
            content += b"\n"
        (receipt,) = deliver({name: content}, RECEIVED + timedelta(days=day)).receipts
        assert receipt.accepted == accepted, day


def test_quotes_of_one_product_and_day_all_land(deliver: Deliver) -> None:
    content = f"{PRICES}酥梨,1,2,3,普通,斤,2021-01-04\n酥梨,2,3,1,普通,斤,2021-01-04\n".encode()
    (receipt,) = deliver({"prices_market/a.csv": content}).receipts
    assert receipt.accepted == 2
    assert receipt.cautions == {"not_ascending_low_price": 1, "same_key_kept": 2}


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ({JANUARY: "medical_insurance/ragged.csv"}, "ragged_row"),
        ({JANUARY: "medical_insurance/wrong_total.csv"}, "control_sum"),
        ({JANUARY: medical(row(1), row(2, pay="多"))}, "too_many_bad_rows"),
        ({JANUARY: b""}, "empty_file"),
        ({"prices_market/a.csv": "品名,最低价,平均价,最高价,规格,单位,发布日期\n".encode()}, "empty_file"),
        ({"warnings_poll/a.json": "warnings_poll/cut_short.json"}, "count_mismatch"),
    ],
)
def test_a_file_that_breaks_its_promise_leaves_a_receipt_only(
    deliver: Deliver, home: Home, files: Mapping[str, bytes | str], code: str
) -> None:
    landed = deliver(
        {**files, "relocation_sites/no.xlsx": b"none", "warnings_poll/b.json": "warnings_poll/empty_set.json"}
    )
    assert landed.counts["landed"] == 1
    assert {e.code for e in landed.rejected} == {code, "rejected"}
    refused = next(r for r in landed.receipts if r.error and code in r.error)
    assert sorted(p.name for p in refused.folder(home).iterdir()) == ["receipt.json"]
    assert refused.rows_in == 0


def test_a_totals_row_that_agrees_lets_the_file_land(deliver: Deliver) -> None:
    (receipt,) = deliver({JANUARY: "medical_insurance/titles_and_footer.csv"}).receipts
    assert (receipt.accepted, len(receipt.left_out)) == (2, 4)


def test_a_unit_in_the_heading_is_applied_in_fen(deliver: Deliver) -> None:
    content = medical(row(1, pay="1.25"), row(2, pay="3元")).decode().replace("合规自付费用", "合规自付费用（万元）")
    (receipt,) = deliver({JANUARY: content.encode()}).receipts
    assert receipt.money_fen["compliant_self_pay_cny"]["accepted"] == 1_250_000 + 300
    assert receipt.cautions["mixed_units_compliant_self_pay_cny"] == 1


def test_a_poll_lands_with_its_beijing_day_and_its_repeat_counted(deliver: Deliver) -> None:
    landed = deliver(
        {
            "warnings_poll/a.json": "warnings_poll/two_and_a_repeat.json",
            "warnings_poll/b.json": "warnings_poll/empty_set.json",
        }
    )
    full, empty = landed.receipts
    assert (full.accepted, full.duplicates) == (2, 1)
    assert full.period_start_date == empty.period_start_date == date(2021, 7, 2)
    assert (empty.outcome, empty.rows_in) == ("landed", 0)


def test_a_message_of_a_foreign_region_is_kept_apart(deliver: Deliver) -> None:
    (receipt,) = deliver({"warnings_cap/a.xml": "warnings_cap/foreign_code.xml"}).receipts
    assert receipt.quarantine_reasons == {"unknown_region_format": 1}


def test_a_year_of_birth_after_the_delivery_is_quarantined(deliver: Deliver) -> None:
    unborn = row(1).replace(no_ones_id(1), no_ones_id(1, "20210301"))
    (receipt,) = deliver({JANUARY: many(unborn)}).receipts
    assert receipt.quarantine_reasons == {"id_bad_birth_date": 1}


def test_order_of_arrival_and_manifest_decide_known_at(home: Home, tmp_path: Path) -> None:
    out = tmp_path / "out"
    folder = out / "inbox" / "warnings_poll"
    folder.mkdir(parents=True)
    for name in ("two_and_a_repeat", "empty_set"):
        (folder / f"{name}.json").write_bytes((FIXTURES / f"warnings_poll/{name}.json").read_bytes())
    (out / "inbox/arrivals.csv").write_text(
        "file,received_at\nwarnings_poll/two_and_a_repeat.json,2021-07-02T01:31:00+08:00\n"
        "warnings_poll/empty_set.json,2021-07-02T01:30:00+08:00\n",
        encoding="utf-8",
    )
    (folder / ".DS_Store").write_bytes(b"x")
    (folder / "~$a.xlsx").write_bytes(b"x")
    landed = land(out, home=home)
    assert [r.file_name for r in landed.receipts] == ["empty_set.json", "two_and_a_repeat.json"]
    assert landed.receipts[0].received_at == datetime(2021, 7, 1, 17, 30, tzinfo=UTC)
    assert landed.skipped == ["warnings_poll/.DS_Store", "warnings_poll/~$a.xlsx"]


@pytest.mark.parametrize(
    ("manifest", "code"),
    [
        ("file,received_at\n", "not_in_manifest"),
        (
            "file,received_at\nwarnings_poll/a.json,2021-07-02T00:00:00Z\nwarnings_poll/b.json,2021-07-02T00:00:00Z\n",
            "missing_file",
        ),
        ("file,received_at\nwarnings_poll/a.json,yesterday\n", "rejected"),
        ("name,when\n", "rejected"),
    ],
)
def test_a_manifest_that_does_not_fit_stops_before_anything_lands(
    home: Home, tmp_path: Path, manifest: str, code: str
) -> None:
    (tmp_path / "in/warnings_poll").mkdir(parents=True)
    (tmp_path / "in/warnings_poll/a.json").write_text("{}")
    (tmp_path / "in/arrivals.csv").write_text(manifest)
    with pytest.raises(DeliveryError) as caught:
        land(tmp_path / "in", home=home)
    assert caught.value.code == code
    assert read_receipts(home) == []


def test_an_unknown_folder_and_a_stray_file_are_named(home: Home, tmp_path: Path) -> None:
    (tmp_path / "a/weather").mkdir(parents=True)
    with pytest.raises(UnknownFeed, match=r"weather.*warnings_poll"):
        land(tmp_path / "a", home=home)
    (tmp_path / "b").mkdir()
    (tmp_path / "b/list.csv").write_text("x")
    with pytest.raises(DeliveryError, match=r"list\.csv"):
        land(tmp_path / "b", home=home)


def test_no_identity_lies_outside_the_vault_in_clear(deliver: Deliver, home: Home) -> None:
    canary, name = no_ones_id(77), "金丝雀某"
    bad = row(78, name=name, pay="NaN")
    deliver(
        {
            JANUARY: many(row(77, name=name), bad),
            "medical_insurance/坏_341302_202102.csv": medical(bad, row(77, name=name)),
        }
    )
    for path in home.root.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for secret in (canary, no_ones_id(78), name):
                assert secret.encode() not in content, path
                assert secret.encode("gb18030") not in content, path


def test_a_wrong_or_missing_key_stops_before_anything_is_read(deliver: Deliver, home: Home) -> None:
    deliver({JANUARY: GOOD})
    key = home.keys / "hmac.key"
    sound = key.read_text()
    key.write_text("00" * 32)
    with pytest.raises(VaultError, match="nothing has been read"):
        deliver({"medical_insurance/x_341302_202103.csv": b"even a bad file"})
    key.unlink()
    with pytest.raises(VaultError, match="missing"):
        deliver({})
    (home.landing / "key_id").unlink()
    with pytest.raises(VaultError, match="missing"):
        deliver({})
    key.write_text(sound)
    assert deliver({JANUARY: GOOD}).counts["duplicate"] == 1


@pytest.mark.parametrize("moment", ["before the rename", "after the rename"])
def test_a_kill_leaves_a_load_absent_or_whole(home: Home, tmp_path: Path, moment: str) -> None:
    folder = tmp_path / "in/medical_insurance"
    folder.mkdir(parents=True)
    for month in ("202101", "202102", "202103"):
        (folder / f"清单_341302_{month}.csv").write_bytes(medical(*[row(int(month[-1]) * 10 + n) for n in range(5)]))
    program = f"""
import os, signal, sys
from datetime import datetime, UTC
from pathlib import Path
from ingest.home import Home
from ingest.landing import land
real, calls = Path.rename, []
def rename(self, target):
    calls.append(target)
    if {moment == "before the rename"!r} and len(calls) == 2: os.kill(os.getpid(), signal.SIGKILL)
    real(self, target)
    if len(calls) == 2: os.kill(os.getpid(), signal.SIGKILL)
Path.rename = rename
land(Path({str(tmp_path / "in")!r}), home=Home(Path({str(home.root)!r})), received_at=datetime(2021, 2, 6, tzinfo=UTC))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    )
    assert done.returncode == -9
    survivors = read_receipts(home)
    assert len(survivors) == (1 if moment == "before the rename" else 2)
    verify(home, survivors)
    assert list(home.landing.glob(".tmp-*"))
    landed = land(tmp_path / "in", home=home, received_at=RECEIVED)
    assert landed.counts["landed"] == 3 - len(survivors)
    assert landed.counts["duplicate"] == len(survivors)
    assert len(read_receipts(home)) == 3
    assert not list(home.landing.glob(".tmp-*"))


def test_a_damaged_landing_is_noticed(deliver: Deliver, home: Home) -> None:
    (receipt,) = deliver({JANUARY: GOOD}).receipts
    path = receipt.rows(home)
    assert path is not None
    content = bytearray(path.read_bytes())
    content[100] ^= 1
    path.write_bytes(content)
    with pytest.raises(CorruptLanding, match=receipt.load_id):
        verify(home, [receipt])


def test_a_receipt_that_does_not_add_up_is_refused(deliver: Deliver, home: Home) -> None:
    (receipt,) = deliver({JANUARY: GOOD}).receipts
    path = receipt.folder(home) / "receipt.json"
    path.write_text(json.dumps({**receipt.to_json(), "accepted": 2}))
    with pytest.raises(CorruptLanding, match="add up"):
        read_receipts(home)


def test_a_refused_file_is_tried_again_and_its_refusal_withdrawn(
    deliver: Deliver, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = medical(row(1), row(2, pay="NaN"))
    assert deliver({JANUARY: content}).counts["rejected"] == 1
    object.__setattr__(contracts()["medical_insurance"], "reject_above_quarantine_share", {"default": 0.9})
    try:
        assert deliver({JANUARY: content}).counts["landed"] == 1
    finally:
        object.__setattr__(contracts()["medical_insurance"], "reject_above_quarantine_share", {"default": 0.02})
    assert [r.outcome for r in read_receipts(home)] == ["landed"]


def test_batching_does_not_change_what_lands(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "in/medical_insurance"
    folder.mkdir(parents=True)
    for month in range(1, 10):
        content = medical(
            *[row(n, month=f"2021-{month:02d}", pay=f"{n}.{month}") for n in range(6)],
            *([row(3)] if month == 1 else []),
        )
        (folder / f"清单_341302_20210{month}.csv").write_bytes(content)
    together = land(tmp_path / "in", home=home, received_at=RECEIVED)
    monkeypatch.setattr("ingest.landing._BATCH_FILES", 1)
    other = Home(tmp_path / "other")
    (other.root / "keys").mkdir(parents=True)
    (other.root / "keys/hmac.key").write_text((home.keys / "hmac.key").read_text())
    alone = land(tmp_path / "in", home=other, received_at=RECEIVED)
    assert [r.to_json() for r in together.receipts] == [r.to_json() for r in alone.receipts]
