"""Faults 10 to 15: names, ID numbers, and who is who."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa

from ingest.contracts import contracts
from ingest.identity import HmacKey
from ingest.vault import Vault, from_bytes
from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault, nothing
from tests.faults.lists import MEDICAL, REGION, id_of, medical, persons, rows_of
from tests.faults.models import run_model

RARE = ["张　三", "\U00020bb7野", "䶮", "王\ue863", "买买提·艾力"]
MEMBERS = "household_register/人_341302_202109.csv"


def as_written(text: str) -> tuple[str, str]:
    """Stands in for the reading of an ID number: whatever stands there is a number."""
    return text.strip(), "resident"


def none_garbled(distinct: pa.Array) -> set[int]:
    """Stands in for the search for text in two encodings: there is none."""
    return set()


@fault(10, Guard("ingest.readers.csv_text:_BOMS", ()))
def test_fault_10_rare_names_come_back_from_every_encoding(desk: Desk) -> None:
    text = persons(*[(f"90000000000{n}", id_of(n), name) for n, name in enumerate(RARE)])
    for month, encoding in ((7, "utf-8"), (8, "utf-8-sig"), (9, "utf-16"), (10, "gb18030")):
        (receipt,) = desk.land({f"household_register/人_341302_2021{month:02d}.csv": text.encode(encoding)}).receipts
        assert (receipt.outcome, receipt.accepted) == ("landed", len(RARE)), receipt.error
        kept = from_bytes(Vault(desk.home).open(receipt.load_id, "identity"))
        assert kept["person_name"].to_pylist() == RARE


@fault(10, Guard("ingest.mojibake:garbled", none_garbled))
def test_fault_10_lines_of_another_encoding_are_no_names(desk: Desk) -> None:
    head, *lines = persons(*[(f"9000000000{n:02d}", id_of(n), "欧阳娜娜") for n in range(60)]).splitlines()
    body = [head.encode("gb18030"), *(line.encode("gb18030") for line in lines[:-1]), lines[-1].encode("utf-8")]
    few = desk.land({MEMBERS: b"\n".join([*body, b""])})
    assert [r.quarantine_reasons for r in few.receipts] == [{"mixed_encoding": 1}]
    body[1:30] = [line.encode("utf-8") for line in lines[:29]]
    many = desk.land({MEMBERS: b"\n".join([*body, b""])})
    assert [e.code for e in many.rejected] == ["too_many_bad_rows"]


@fault(11, Guard("ingest.values:plain", str))
def test_fault_11_an_id_number_is_one_number_in_every_spelling(desk: Desk) -> None:
    sound = next(number for number in map(id_of, range(100)) if number.endswith("X"))
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in sound)
    spelled = [sound, wide, sound.lower(), f"'{sound}", f" {sound[:6]} {sound[6:]}\u00a0", f"\u200b{sound}\ufeff"]
    rows = [{"证件号码": number, "截止月份": f"2021-{n + 1:02d}"} for n, number in enumerate(spelled)]
    content = medical(*rows)
    (receipt,) = desk.land({MEDICAL: content}).receipts
    assert receipt.quarantine_reasons == {}
    key = HmacKey.load_or_create(desk.home).keys_for([sound], "person")[sound]
    assert [row["person_key"] for row in rows_of(desk.home, receipt)].count(key) == len(spelled)
    assert Vault(desk.home).open(receipt.load_id) == content


def workbook(numbers: Sequence[object]) -> bytes:
    """The national export with these cells under 证件号码."""
    table = contracts()["national_monitored_export"].tables[0]
    usual: dict[str, Any] = {"姓名": "张三", "村编码": "341302101201", "户类型": "一般农户", "识别监测时间": "202106"}
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append([column.header for column in table.columns])
    for row, number in enumerate(numbers):
        cells = {**usual, "户编号": f"9{row:011d}", "证件号码": number}
        sheet.append([cells.get(column.header, "") for column in table.columns])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


@fault(12, Guard("ingest.values:id_document", as_written), Guard("ingest.values:STORED_AS_NUMBER", "\x00"))
def test_fault_12_an_id_stored_as_number_is_never_guessed(desk: Desk) -> None:
    name = "national_monitored_export/监测对象_341302_202112.xlsx"
    sound: list[object] = [id_of(n) for n in range(100)]
    (receipt,) = desk.land({name: workbook([*sound, float(id_of(101)[:17] + "0")])}).receipts
    assert (receipt.accepted, receipt.quarantine_reasons) == (100, {"id_stored_as_number": 1})
    spelled = [{"证件号码": "9.99302197001010E+17"}, {"证件号码": f"{REGION}197001010000"}]
    (listed,) = desk.land({MEDICAL: medical(*spelled)}).receipts
    assert listed.quarantine_reasons == {"id_stored_as_number": 2}
    whole = desk.land({name: workbook([float(id_of(n)[:17] + "0") for n in range(50)])})
    assert [e.code for e in whole.rejected] == ["id_column_stored_as_number"]


@fault(
    13, Guard("ingest.values:check_digit", lambda first: first[-1]), Guard("ingest.normalise:_after_receipt", nothing)
)
def test_fault_13_an_id_is_completed_or_refused_with_its_reason(desk: Desk) -> None:
    sound = id_of(7)
    old = sound[:6] + sound[8:17]
    wrong = sound[:17] + ("0" if sound[17] != "0" else "1")
    odd = [old, wrong, id_of(8, "19700230"), id_of(9, "20210301")]
    (receipt,) = desk.land({MEDICAL: medical(*[{"证件号码": number} for number in odd])}).receipts
    assert receipt.quarantine_reasons == {"id_bad_birth_date": 2, "id_bad_check_digit": 1}
    key = HmacKey.load_or_create(desk.home).keys_for([sound], "person")[sound]
    assert key in {row["person_key"] for row in rows_of(desk.home, receipt)}


@fault(14, Guard("ingest.contracts:Table.key", ()))
def test_fault_14_one_id_of_two_persons_lands_for_neither(desk: Desk) -> None:
    twice = [{"证件号码": id_of(1), "姓名": "李四"}, {"证件号码": id_of(1), "姓名": "王五"}]
    (receipt,) = desk.land({MEDICAL: medical(*twice)}).receipts
    assert receipt.quarantine_reasons == {"key_conflict": 2}
    assert receipt.rows_in == receipt.accepted + receipt.quarantined + receipt.duplicates


LISTED = {
    "int_person__sighted": [
        *(
            {
                "person_key": "p1",
                "household_key": "h1",
                "name_birth_key": name,
                "told_date": date(2021, 9, 30),
                "load_id": "l1",
            }
            for name in ("n1", "n2")
        )
    ],
    "int_person__lists_speaking": [{"load_id": "l1"}],
    "int_person__resolved": [
        {
            "basis": "name_birth_unique",
            "source_household_key": "h1",
            "name_birth_key": "n1",
            "first_told_date": date(2021, 9, 30),
            "last_told_date": date(2021, 9, 30),
        }
    ],
    "int_household__members": [
        {"person_key": p, "household_key": h, "valid_from_date": date(2021, 10, 18), "valid_until_date": date.max}
        for p, h in (("p1", "h1"), ("p1", "h2"))
    ],
    "int_household__registrations": [
        {"household_key": h, "head_person_key": p, "valid_from_date": date(2021, 10, 18), "valid_until_date": date.max}
        for h, p in (("h1", "p1"), ("h2", "p9"))
    ],
}


@fault(
    14,
    Guard("tests.faults.models:TAKEN_OUT", (r"having min\(name_birth_key\) <> max\(name_birth_key\)", "having false")),
    Guard("tests.faults.models:TAKEN_OUT", (r"own\.household_key <> other\.household_key", "false")),
    Guard("tests.faults.models:TAKEN_OUT", (r"members\.person_key is null", "false")),
)
def test_fault_14_contradictions_about_persons_and_households_are_listed(out: Path) -> None:
    listed = run_model("int_person_conflicts__listed", LISTED)
    found = sorted((row["conflict_kind"], row["person_key"], row["household_key"]) for row in listed)
    assert found == [
        ("household_without_head", None, "h2"),
        ("one_id_two_names", "p1", None),
        ("one_person_two_households", "p1", "h1"),
        ("one_person_two_households", "p1", "h2"),
    ]


@fault(15, Guard("tests.faults.models:TAKEN_OUT", (r"spoken_for\.listed_again_date, ", "")))
def test_fault_15_who_moved_or_left_stays_known_until_the_day(out: Path) -> None:
    """Left out of the next edition, or listed in another county: the old row ends that day, and is not dropped."""
    usual = {"load_id": "a", "row_number": 1, "village_code": "341302101201"}
    rows = [
        ("left", "341302000000", date(2020, 9, 30), date(2020, 10, 12)),
        ("stays", "341302000000", date(2020, 9, 30), date(2020, 10, 12)),
        ("stays", "341302000000", date(2021, 9, 30), date(2021, 10, 18)),
        ("moved", "341321000000", date(2020, 9, 30), date(2020, 10, 15)),
        ("moved", "341302000000", date(2021, 9, 30), date(2021, 10, 18)),
    ]
    names = ("household_key", "scope_region_code", "edition_date", "usable_from_date")
    told = [{**usual, **dict(zip(names, row, strict=True))} for row in rows]
    found = run_model("int_household__registrations", {"stg_register__households": told})
    ends = {
        (r["household_key"], r["scope_region_code"]): r["valid_until_date"]
        for r in found
        if r["edition_date"].year == 2020
    }
    assert ends == {
        ("left", "341302000000"): date(2021, 10, 18),
        ("stays", "341302000000"): date(2021, 10, 18),
        ("moved", "341321000000"): date(2021, 10, 18),
    }
