"""Faults of single rows among many: a poison row is set apart, and each reason has its own measure (case 24)."""

from __future__ import annotations

import pytest

from ingest.contracts import contracts
from ingest.vault import Vault, from_bytes
from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault, nothing
from tests.unit.ingest.test_landing import medical, row

JANUARY = "medical_insurance/清单_341302_202101.csv"


@fault(24, Guard("ingest.batches:quarantined_rows", nothing))
def test_fault_24_one_poison_row_is_set_apart_and_the_others_land(desk: Desk) -> None:
    (receipt,) = desk.land({JANUARY: medical(*[row(n) for n in range(500)], row(501, pay="#REF!"))}).receipts
    assert (receipt.accepted, receipt.quarantined) == (500, 1)
    vault = Vault(desk.home)
    assert vault.holds(receipt.load_id, "quarantine")
    (kept,) = from_bytes(vault.open(receipt.load_id, "quarantine")).to_pylist()
    assert (kept["row_number"], kept["reasons"]) == (502, "bad_number:compliant_self_pay_cny")


@fault(24, Guard("ingest.judging:_check_shares", nothing))
def test_fault_24_a_reason_may_have_a_measure_of_its_own(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(contracts()["medical_insurance"].__dict__, "reject_above_quarantine_share", SHARES)
    rows = [row(n) for n in range(100)]
    (receipt,) = desk.land({JANUARY: medical(*rows, *[row(n, pay="?") for n in range(200, 204)])}).receipts
    assert receipt.quarantine_reasons == {"bad_number": 4}
    landed = desk.land({JANUARY: medical(*rows, row(1, pay="99.00"))})
    assert [e.code for e in landed.rejected] == ["too_many_bad_rows"]
    assert "key_conflict" in landed.rejected[0].found


SHARES = {"default": 0.1, "key_conflict": 0.0}
