"""Faults 16, 17, 19 and 20: amounts, dates, codes and regions that are not what they seem."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault
from tests.faults.lists import MEDICAL, PRICES, medical, promise, quotes, rows_of
from tests.faults.models import run_model

NEVER = re.compile(r"(?!)")
PAID = "合规自付费用"


def whatever(value: str, column: object) -> str:
    """Stands in for the comparison with a contract's codes."""
    return value


def all_inside(array: object, bounds: Sequence[float]) -> object:
    """Stands in for the comparison with bounds: nothing lies outside."""
    import numpy as np

    return np.zeros(len(array), dtype=bool)  # type: ignore[arg-type]  # an Arrow array, which has a length


@fault(16, Guard("ingest.units:BY_KIND", {}), Guard("ingest.values:_MONEY", NEVER))
def test_fault_16_an_amount_is_read_in_its_own_unit_or_refused(desk: Desk) -> None:
    written = ["1.2万元", "12,000.00", "￥12000", "１２０００", "三块五", "1.234,5", "NaN", "Infinity", "#REF!", "1e99"]
    (receipt,) = desk.land({MEDICAL: medical(*[{PAID: f'"{amount}"'} for amount in written])}).receipts
    assert receipt.quarantine_reasons == {"bad_number": 3, "not_a_finite_number": 2}
    paid = [row["compliant_self_pay_cny"] for row in rows_of(desk.home, receipt)][300:]
    assert paid == [Decimal(12_000)] * 4 + [Decimal("3.50")]
    fen = receipt.money_fen["compliant_self_pay_cny"]
    assert fen["in"] == fen["accepted"] == 300 * 1000 + 4 * 1_200_000 + 350
    in_ten_thousands = medical({PAID: "1.5"}, sound=0).decode().replace(PAID, f"{PAID}（万元）")
    (receipt,) = desk.land({"medical_insurance/万元_341302_202102.csv": in_ten_thousands.encode()}).receipts
    assert rows_of(desk.home, receipt)[0]["compliant_self_pay_cny"] == Decimal(15_000)


@fault(16, Guard("ingest.normalise:_outside", all_inside))
def test_fault_16_an_amount_beyond_belief_is_doubted_and_beyond_its_bounds_refused(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = [{PAID: "-5.00"}, {PAID: "1000000000000"}]
    (receipt,) = desk.land({MEDICAL: medical(*written)}).receipts
    assert receipt.cautions == {"implausible_compliant_self_pay_cny": 2}
    promise(monkeypatch, "medical_insurance", "compliant_self_pay_cny", refuse_outside=(0.0, 1e11))
    (receipt,) = desk.land({MEDICAL: medical(*written, {})}).receipts
    assert receipt.quarantine_reasons == {"out_of_range": 2}


@fault(17, Guard("ingest.values:_LUNAR", NEVER), Guard("ingest.values:_SERIAL_ZERO", date(1904, 1, 1)))
def test_fault_17_a_date_is_read_by_its_contract_or_refused(desk: Desk) -> None:
    read = ["44379", "2021年7月2日", "2021-07-01T16:30:00+00:00", "二〇二一年七月二日", "2021/7/2 8:30"]
    refused = ["2021年2月30日", "七月二日", "农历五月廿三"]
    (receipt,) = desk.land({PRICES: quotes(*read, *refused)}).receipts
    assert receipt.quarantine_reasons == {"bad_date": 2, "lunar_date": 1}
    assert [row["quoted_date"] for row in rows_of(desk.home, receipt)][100:] == [date(2021, 7, 2)] * len(read)


@fault(19, Guard("ingest.normalise:_as_promised", whatever))
def test_fault_19_a_code_that_lost_its_zero_is_another_type(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "medical_insurance", "insurance_type", codes=("01", "02"))
    sound = medical({"参保类型": "居民"}, sound=40).replace("居民".encode(), b"01")
    (receipt,) = desk.land({MEDICAL: sound}).receipts
    assert {row["insurance_type"] for row in rows_of(desk.home, receipt)} == {"01"}
    drifted = desk.land({MEDICAL: sound.replace(b",01,", b",1,")})
    assert [e.code for e in drifted.rejected] == ["too_many_bad_rows"]


@fault(20, Guard("ingest.normalise:_as_promised", whatever))
def test_fault_20_an_unknown_code_waits_in_quarantine(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    promise(monkeypatch, "medical_insurance", "insurance_type", codes=("居民", "职工"))
    (receipt,) = desk.land({MEDICAL: medical({"参保类型": "职工"}, {"参保类型": "外星"})}).receipts
    assert receipt.quarantine_reasons == {"unknown_code": 1}


EDITIONS = {
    "int_region__editions": [
        {"region_code": code, "valid_year": year}
        for code, year in (("341322001000", 2020), ("341322001000", 2021), ("341322204000", 2020))
    ],
    "int_region__current": [{"region_code": "341322001000"}],
    "region_crosswalk": [
        {"old_code": "341322204000", "new_code": "341322001000", "valid_from": date(2021, 1, 1)},
        {"old_code": "342222900000", "new_code": "341322204000", "valid_from": date(1998, 12, 31)},
        {"old_code": "341322205000", "new_code": "341322999000", "valid_from": date(2021, 1, 1)},
    ],
}


@fault(
    20,
    Guard("tests.faults.models:TAKEN_OUT", (r"as heir on .*\n", "as heir on true\n")),
    Guard("tests.faults.models:TAKEN_OUT", (r"twice\.new_code, ", "")),
)
def test_fault_20_a_merged_town_goes_on_under_its_new_code_and_a_new_one_is_unknown(out: Path) -> None:
    found = run_model("int_region_codes__resolved", EDITIONS)
    codes = {row["region_code"]: (row["current_code"], row["basis"], row["valid_to_year"]) for row in found}
    assert codes == {
        "341322001000": ("341322001000", "current", None),
        "341322204000": ("341322001000", "crosswalk", 2020),
        "342222900000": ("341322001000", "crosswalk", 1997),
        "341322205000": (None, "crosswalk_leads_nowhere", 2020),
    }
