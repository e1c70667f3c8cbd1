"""The ledger keeps what outlives a release: leases fence, notices are told once, the audit chain shows edits."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from ledger import LeaseBusy, LeaseLost, Ledger, LedgerError
from ledger.chain import now_utc
from ledger.errata import errata, tell_errata
from ledger.tables import Base, Lease
from tests.conftest import EPISODE, NOTICE, REPOSITORY


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")


def test_migrations_make_exactly_the_declared_tables(ledger: Ledger) -> None:
    assert ledger.tables() - {"alembic_version"} == set(Base.metadata.tables)
    with ledger.engine.connect() as connection:
        for table in Base.metadata.sorted_tables:
            columns = {row[1] for row in connection.execute(text(f"pragma table_info({table.name})"))}
            assert columns == set(table.columns.keys()), table.name


def test_a_ledger_of_the_form_before_keeps_its_notices_and_what_points_to_them(tmp_path: Path) -> None:
    url, notice_id = f"sqlite:///{tmp_path / 'ledger.db'}", str(NOTICE["notice_id"])
    ledger = Ledger(url)
    ledger.tell(EPISODE, NOTICE)
    ledger.approve(notice_id, "approved", "李主任")
    erratum = {"erratum_id": "X1", "notice_id": notice_id, "kind": "corrected", "told_level": "orange"}
    now = {"level_now": "blue", "level_date": date(2021, 12, 31), "release_id": "release-2", "reason": ""}
    tell_errata(ledger, [{**erratum, **now}])
    config = Config()
    config.set_main_option("script_location", str(REPOSITORY / "ledger" / "migrations"))
    config.set_main_option("path_separator", "os")
    # A plain engine: SQLite heeds foreign keys only where it is told to.
    with create_engine(url).begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, "0005")
    again = Ledger(url)
    assert [(n.notice_id, n.status) for n in again.notices()] == [(notice_id, "approved")]
    assert [one.notice_id for one in errata(again)] == [notice_id]
    assert again.decided_after(now_utc() - timedelta(days=1)) == {notice_id}
    # Foreign keys are heeded again, on every connection.
    with pytest.raises(IntegrityError):
        again.tell(EPISODE, {**NOTICE, "notice_id": "N2", "episode_id": "E0"})


def test_a_second_holder_is_told_who_holds_the_lease(ledger: Ledger) -> None:
    with ledger.lease("release", "first"), pytest.raises(LeaseBusy, match="first"):
        ledger.lease("release", "second").__enter__()


def test_a_lease_is_free_again_after_an_error(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.lease("release", "first"):
        raise ZeroDivisionError
    with ledger.lease("release", "second") as held:
        held.check()


def test_a_holder_whose_lease_ran_out_and_was_taken_over_may_not_commit(ledger: Ledger) -> None:
    with ledger.lease("release", "zombie") as zombie:
        with Session(ledger.engine) as session, session.begin():
            session.get_one(Lease, "release").expires_at = now_utc() - timedelta(minutes=1)
        with ledger.lease("release", "successor") as successor:
            with pytest.raises(LeaseLost):
                zombie.check()
            successor.check()


def test_a_notice_is_told_once(ledger: Ledger) -> None:
    assert ledger.tell(EPISODE, NOTICE) is True
    assert ledger.tell({**EPISODE, "level": "red"}, NOTICE) is False
    assert [n.notice_id for n in ledger.notices("awaiting_approval")] == [NOTICE["notice_id"]]
    assert [e.level for e in ledger.episodes()] == ["orange"]


def test_a_decision_needs_a_name_and_is_taken_once(ledger: Ledger) -> None:
    ledger.tell(EPISODE, NOTICE)
    notice_id = str(NOTICE["notice_id"])
    with pytest.raises(LedgerError, match="name"):
        ledger.approve(notice_id, "approved", "  ")
    ledger.approve(notice_id, "approved", "李主任", "同意")
    with pytest.raises(LedgerError, match="approved"):
        ledger.approve(notice_id, "rejected", "王主任")
    assert ledger.notices("awaiting_approval") == []


def test_an_unknown_notice_cannot_be_decided(ledger: Ledger) -> None:
    with pytest.raises(LedgerError, match="no notice"):
        ledger.approve("N0", "approved", "李主任")


@pytest.mark.parametrize(
    "edit",
    [
        "update audit set detail = '{}' where sequence = 2",
        "update audit set actor = 'nobody' where sequence = 1",
        "delete from audit where sequence = 2",
    ],
)
def test_an_edited_or_missing_audit_entry_breaks_the_chain(ledger: Ledger, edit: str) -> None:
    for number in range(3):
        ledger.audit("tester", "reidentify", {"number": number})
    assert ledger.verify_audit() == 3
    with ledger.engine.begin() as connection:
        connection.execute(text(edit))
    with pytest.raises(LedgerError, match="edited or is missing"):
        ledger.verify_audit()


def test_closed_episodes_are_seen_only_when_asked_for(ledger: Ledger) -> None:
    ledger.tell({**EPISODE, "closed_on": date(2021, 12, 20)}, NOTICE)
    assert ledger.episodes() == []
    assert len(ledger.episodes(closed_since=date(2021, 12, 20))) == 1
    assert ledger.episodes(closed_since=date(2021, 12, 21)) == []


def test_a_blocked_load_is_let_in_by_a_named_person_with_a_reason(ledger: Ledger) -> None:
    for person, reason in (("", "核实无误"), ("王主任", " ")):
        with pytest.raises(LedgerError, match="named person"):
            ledger.accept_gate("education-0123456789abcdef", person, reason)
    assert ledger.accepted_gates(now_utc()) == {}
    ledger.accept_gate("education-0123456789abcdef", "王主任", "学校合并")
    assert ledger.accepted_gates(now_utc()) == {"education-0123456789abcdef": "王主任：学校合并"}
    assert [e.action for e in ledger.audit_entries()] == ["gate_accepted"]


def test_a_load_is_let_in_from_the_moment_of_the_first_word_on_it(ledger: Ledger) -> None:
    before = now_utc()
    ledger.accept_gate("education-0123456789abcdef", "王主任", "学校合并")
    between = now_utc()
    ledger.accept_gate("education-0123456789abcdef", "李主任", "再次核实")
    assert ledger.accepted_gates(before) == {}
    assert ledger.accepted_gates(between) == {"education-0123456789abcdef": "王主任：学校合并"}
    assert ledger.accepted_gates(now_utc()) == ledger.accepted_gates(between)
    assert [e.actor for e in ledger.audit_entries("gate_accepted")] == ["王主任", "李主任"]
