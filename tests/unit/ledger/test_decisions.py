"""Decisions of named persons are entries: none is changed, the newest counts, and each stands in the audit log."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from ledger import Ledger, LedgerError
from ledger.chain import now_utc
from ledger.decisions import UnknownEpisode, record_response, responses
from tests.conftest import EPISODE, NOTICE

ID = str(EPISODE["episode_id"])


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    found = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    found.tell(EPISODE, NOTICE)
    return found


def test_the_newest_entry_of_each_owner_counts_and_a_withdrawn_one_does_not(ledger: Ledger) -> None:
    record_response(ledger, ID, "water", measure="抢修泵站", person="王科长", due_on=date(2022, 1, 5))
    record_response(ledger, ID, "emergency", measure="转移农户", person="李科长")
    record_response(
        ledger, ID, "water", measure="抢修泵站", person="王科长", done_on=date(2022, 1, 4), evidence="验收单"
    )
    assert [(r.owner_code, r.done_on) for r in responses(ledger)] == [("emergency", None), ("water", date(2022, 1, 4))]
    record_response(ledger, ID, "emergency", measure="", person="李科长", is_withdrawn=True)
    assert [r.owner_code for r in responses(ledger)] == ["water"]
    assert [e.action for e in ledger.audit_entries()] == ["response_recorded"] * 3 + ["response_withdrawn"]
    assert ledger.verify_audit() == 4


def test_what_was_entered_later_was_not_known(ledger: Ledger) -> None:
    record_response(ledger, ID, "water", measure="抢修泵站", person="王科长")
    assert responses(ledger, now_utc() - timedelta(minutes=1)) == []
    assert len(responses(ledger, now_utc())) == 1


def test_a_response_needs_an_episode_a_name_a_measure_and_evidence_of_its_end(ledger: Ledger) -> None:
    with pytest.raises(UnknownEpisode, match=f"open are: {ID}"):
        record_response(ledger, "E0", "water", measure="抢修泵站", person="王科长")
    with pytest.raises(LedgerError, match="name"):
        record_response(ledger, ID, "water", measure="抢修泵站", person=" ")
    with pytest.raises(LedgerError, match="measure"):
        record_response(ledger, ID, "water", measure=" ", person="王科长")
    with pytest.raises(LedgerError, match="evidence"):
        record_response(ledger, ID, "water", measure="抢修泵站", person="王科长", done_on=date(2022, 1, 4))
    with pytest.raises(LedgerError, match="evidence"):
        record_response(ledger, ID, "water", measure="抢修泵站", person="王科长", evidence="验收单")
    assert responses(ledger) == []
