"""A run reads of the ledger what it held at known_at, about days up to its own."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from ledger import Ledger
from tests.conftest import EPISODE, NOTICE
from warehouse.ledger_words import read_ledger_words

AS_OF = date(2021, 12, 31)


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    found = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    found.tell(EPISODE, NOTICE)
    return found


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def test_a_notice_is_read_with_its_episode(ledger: Ledger) -> None:
    (row,) = read_ledger_words(ledger, AS_OF, now())["told_notices"].to_dict("records")
    assert (row["episode_id"], row["opened_on"], row["level"]) == (EPISODE["episode_id"], date(2021, 12, 1), "orange")


def test_what_was_told_after_known_at_or_of_a_later_day_is_not_read(ledger: Ledger) -> None:
    assert read_ledger_words(ledger, AS_OF, now() - timedelta(hours=1))["told_notices"].empty
    assert read_ledger_words(ledger, AS_OF - timedelta(days=1), now())["told_notices"].empty


@pytest.mark.parametrize("outcome", ["approved", "rejected"])
def test_a_notice_decided_after_known_at_still_waits(ledger: Ledger, outcome: str) -> None:
    before = now()
    ledger.approve(str(NOTICE["notice_id"]), outcome, "李主任")
    said = [read_ledger_words(ledger, AS_OF, at)["told_notices"]["status"].tolist() for at in (before, now())]
    assert said == [["awaiting_approval"], [outcome]]
