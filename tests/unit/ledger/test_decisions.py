"""Decisions of named persons are entries: none is changed, the newest counts, and each stands in the audit log."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from ledger import Ledger, LedgerError
from ledger.chain import now_utc
from ledger.decisions import (
    UnknownEpisode,
    override_spans,
    record_override,
    record_response,
    responses,
    withdraw_override,
)
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


REGION = "341321101000"


def spans(ledger: Ledger, known: datetime | None = None) -> list[tuple[str, date, date]]:
    return [(one.level, one.from_on, one.until_on) for one in override_spans(ledger, known)]


def override(ledger: Ledger, level: str, at: datetime, until_on: date, region: str = REGION) -> str:
    return record_override(ledger, region, level, reason="堤坝渗漏", until_on=until_on, person="王副市长", at=at)


def test_an_override_holds_from_its_day_to_its_last_one_and_names_nobody_outside_the_ledger(ledger: Ledger) -> None:
    # Half past four in the afternoon in London is the next day in Beijing.
    first = override(ledger, "red", datetime(2021, 12, 10, 16, 30), date(2021, 12, 20))
    assert first == "O341321101-20211211-1"
    assert spans(ledger) == [("red", date(2021, 12, 11), date(2021, 12, 20))]
    assert "王副市长" not in str(override_spans(ledger))
    assert spans(ledger, datetime(2021, 12, 10, 16, 29)) == []


def test_a_later_override_and_a_withdrawal_end_the_one_before(ledger: Ledger) -> None:
    override(ledger, "red", datetime(2021, 12, 1, 2), date(2021, 12, 31))
    override(ledger, "blue", datetime(2021, 12, 5, 2), date(2021, 12, 31))
    override(ledger, "yellow", datetime(2021, 12, 5, 2), date(2021, 12, 9), "341321102000")
    withdraw_override(ledger, REGION, person="李主任", at=datetime(2021, 12, 8, 2))
    assert spans(ledger) == [
        ("red", date(2021, 12, 1), date(2021, 12, 4)),
        ("blue", date(2021, 12, 5), date(2021, 12, 7)),
        ("yellow", date(2021, 12, 5), date(2021, 12, 9)),
    ]
    assert spans(ledger, datetime(2021, 12, 7))[1] == ("blue", date(2021, 12, 5), date(2021, 12, 31))
    actions = [e.action for e in ledger.audit_entries()]
    assert actions == ["level_overridden"] * 3 + ["override_withdrawn"]


def test_one_taken_back_on_its_own_day_never_held(ledger: Ledger) -> None:
    override(ledger, "red", datetime(2021, 12, 1, 2), date(2021, 12, 31))
    withdraw_override(ledger, REGION, person="李主任", at=datetime(2021, 12, 1, 3))
    assert spans(ledger) == []


def test_an_override_needs_a_name_a_reason_and_days_to_come(ledger: Ledger) -> None:
    at, until_on = datetime(2021, 12, 1, 2), date(2021, 12, 31)
    for person, reason in (("", "堤坝渗漏"), ("王副市长", " ")):
        with pytest.raises(LedgerError, match="named person"):
            record_override(ledger, REGION, "red", reason=reason, until_on=until_on, person=person, at=at)
    with pytest.raises(LedgerError, match="before it began"):
        override(ledger, "red", at, date(2021, 11, 30))
    with pytest.raises(LedgerError, match="no override"):
        withdraw_override(ledger, REGION, person="李主任", at=at)
    override(ledger, "red", at, date(2021, 12, 2))
    with pytest.raises(LedgerError, match="no override"):
        withdraw_override(ledger, REGION, person="李主任", at=datetime(2021, 12, 3, 2))
