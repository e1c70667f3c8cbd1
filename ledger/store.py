"""The ledger as its users see it: short transactions, each one a sentence of what happened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, func, inspect, select
from sqlalchemy.orm import Session

from ledger.chain import GENESIS, append, entry_hash, now_utc
from ledger.tables import AcceptedGate, Approval, Audit, Episode, Lease, Notice, Prompt, Release, Run


class LedgerError(RuntimeError):
    """A request that the ledger's record does not allow."""


class LeaseBusy(LedgerError):
    """Another process is at this work."""


class LeaseLost(LedgerError):
    """The lease ran out and somebody else has taken the work over: nothing may be committed."""


@dataclass(frozen=True)
class HeldLease:
    """A lease in hand; `token` is its place in the order of holders."""

    ledger: Ledger
    name: str
    holder: str
    token: int

    def check(self) -> None:
        """Raises LeaseLost unless this holder is still the newest one."""
        with Session(self.ledger.engine) as session:
            row = session.get(Lease, self.name)
            if row is None or row.token != self.token:
                raise LeaseLost(f"lease {self.name}: token {self.token} of {self.holder} has been superseded")


def _engine(url: str) -> Engine:
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":

        @event.listens_for(engine, "connect")
        def _pragmas(connection: Any, _record: Any) -> None:
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = full")
            connection.execute("pragma busy_timeout = 30000")
            connection.execute("pragma foreign_keys = on")

    return engine


def _heed_foreign_keys(connection: Connection, whether: str) -> None:
    """On SQLite, for this connection from now on; it must not be in a transaction. Elsewhere they are always heeded."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"pragma foreign_keys = {whether}")
        connection.commit()


class Ledger:
    """The database at `url`, migrated to the present form when opened."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._migrate()

    def _migrate(self) -> None:
        config = Config()
        config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
        config.set_main_option("path_separator", "os")
        with self.engine.connect() as connection:
            config.attributes["connection"] = connection
            # SQLite alters a table by making it anew; what points to it would have to go first.
            _heed_foreign_keys(connection, "off")
            with connection.begin():
                command.upgrade(config, "head")
            _heed_foreign_keys(connection, "on")

    def tables(self) -> set[str]:
        """The names of the tables that exist."""
        return set(inspect(self.engine).get_table_names())

    # -- leases ---------------------------------------------------------------------------------------------

    @contextmanager
    def lease(self, name: str, holder: str, minutes: int = 60) -> Iterator[HeldLease]:
        """Holds `name` for the block. Raises LeaseBusy if somebody else holds it and it has not run out."""
        now = now_utc()
        with Session(self.engine) as session, session.begin():
            row = session.get(Lease, name, with_for_update=True)
            if row is not None and row.expires_at > now:
                raise LeaseBusy(f"{name} is held by {row.holder} until {row.expires_at:%Y-%m-%d %H:%M} UTC")
            token = 1 if row is None else row.token + 1
            session.merge(
                Lease(
                    name=name,
                    holder=holder,
                    token=token,
                    expires_at=now + timedelta(minutes=minutes),
                )
            )
        held = HeldLease(self, name, holder, token)
        try:
            yield held
        finally:
            with Session(self.engine) as session, session.begin():
                row = session.get(Lease, name)
                if row is not None and row.token == token:
                    row.expires_at = now

    # -- runs and releases ------------------------------------------------------------------------------------

    def start_run(self, run_id: str, as_of_date: date, known_at: datetime, code_version: str) -> None:
        """A run has begun."""
        with Session(self.engine) as session, session.begin():
            session.add(
                Run(
                    run_id=run_id,
                    as_of_date=as_of_date,
                    known_at=known_at,
                    code_version=code_version,
                    status="building",
                    started_at=now_utc(),
                )
            )

    def finish_run(self, run_id: str, status: str) -> None:
        """A run was `built`, `gated`, `released`, or has `failed`."""
        with Session(self.engine) as session, session.begin():
            run = session.get_one(Run, run_id)
            run.status, run.finished_at = status, now_utc()

    def run_ids(self) -> list[str]:
        """Every run begun, oldest first."""
        with Session(self.engine) as session:
            return list(session.scalars(select(Run.run_id).order_by(Run.started_at, Run.run_id)))

    def latest_run(self, status: str) -> str | None:
        """The run that last came to `status`."""
        with Session(self.engine) as session:
            query = select(Run.run_id).where(Run.status == status).order_by(Run.finished_at.desc(), Run.run_id)
            return session.scalars(query.limit(1)).first()

    def record_release(self, release_id: str, run_id: str, manifest_sha256: str) -> None:
        """A run has become the current release (again, if it was one before)."""
        with Session(self.engine) as session, session.begin():
            run = session.get_one(Run, run_id)
            run.status = "released"
            session.merge(
                Release(
                    release_id=release_id,
                    run_id=run_id,
                    as_of_date=run.as_of_date,
                    known_at=run.known_at,
                    manifest_sha256=manifest_sha256,
                    released_at=now_utc(),
                )
            )

    def releases(self) -> list[Release]:
        """All releases, newest first."""
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(select(Release).order_by(Release.released_at.desc(), Release.release_id)))

    # -- episodes and notices -----------------------------------------------------------------------------------

    def episodes(self, closed_since: date | None = None) -> list[Episode]:
        """Open episodes, and with `closed_since` those closed on or after that day too."""
        query = select(Episode).order_by(Episode.region_code, Episode.opened_on)
        if closed_since is None:
            query = query.where(Episode.closed_on.is_(None))
        else:
            query = query.where(Episode.closed_on.is_(None) | (Episode.closed_on >= closed_since))
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def tell(self, episode: Mapping[str, Any], notice: Mapping[str, Any]) -> bool:
        """Writes an episode's new state and the notice of it, in one transaction; False if already told."""
        with Session(self.engine) as session, session.begin():
            if session.get(Notice, notice["notice_id"]) is not None:
                return False
            session.merge(Episode(**episode))
            session.flush()
            session.add(Notice(**notice, created_at=now_utc()))
        return True

    def notices(self, status: str | None = None) -> list[Notice]:
        """Notices, newest first; only those of `status` if one is given."""
        query = select(Notice).order_by(Notice.as_of_date.desc(), Notice.notice_id)
        if status is not None:
            query = query.where(Notice.status == status)
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def approve(self, notice_id: str, outcome: str, approver: str, note: str = "") -> None:
        """A named person lets a notice out (`approved`) or holds it back (`rejected`); the evidence is frozen."""
        if outcome not in {"approved", "rejected"}:
            raise LedgerError(f"outcome {outcome!r}: expected approved or rejected")
        if not approver.strip():
            raise LedgerError("an approval needs the name of the person who gave it")
        with Session(self.engine) as session, session.begin():
            notice = session.get(Notice, notice_id)
            if notice is None:
                raise LedgerError(f"no notice {notice_id}; `shouxian status` lists those awaiting approval")
            if notice.status != "awaiting_approval":
                raise LedgerError(f"notice {notice_id} is {notice.status}: only one awaiting approval can be decided")
            notice.status = outcome
            session.add(
                Approval(
                    notice_id=notice_id,
                    outcome=outcome,
                    approver=approver,
                    note=note,
                    evidence_sha256=hashlib.sha256(notice.evidence.encode()).hexdigest(),
                    decided_at=now_utc(),
                )
            )
            append(
                session,
                approver,
                f"notice_{outcome}",
                {"notice_id": notice_id, "note": note},
            )

    def decided_after(self, known: datetime) -> set[str]:
        """The notices approved or rejected only after `known` (UTC without a zone); until then they awaited it."""
        with Session(self.engine) as session:
            return set(session.scalars(select(Approval.notice_id).where(Approval.decided_at > known)))

    def accept_gate(self, load_id: str, person: str, reason: str) -> None:
        """A named person lets in a load that the landing gate holds back. The first word on a load counts.

        Runs made since rest on it, and a replay asks from when; a later word stands in the audit log alone.
        """
        if not person.strip() or not reason.strip():
            raise LedgerError("a blocked gate is accepted by a named person, with a reason")
        with Session(self.engine) as session, session.begin():
            if session.get(AcceptedGate, load_id) is None:
                session.add(AcceptedGate(load_id=load_id, person=person, reason=reason, accepted_at=now_utc()))
            append(session, person, "gate_accepted", {"load_id": load_id, "reason": reason})

    def accepted_gates(self, known: datetime) -> dict[str, str]:
        """The loads let in by `known` (UTC without a zone), with who did and why."""
        let_in = select(AcceptedGate).where(AcceptedGate.accepted_at <= known).order_by(AcceptedGate.load_id)
        with Session(self.engine) as session:
            return {row.load_id: f"{row.person}：{row.reason}" for row in session.scalars(let_in)}

    def add_prompts(self, prompts: Sequence[Mapping[str, Any]]) -> list[str]:
        """Keeps the prompts not yet kept; returns their ids."""
        with Session(self.engine) as session, session.begin():
            known = set(session.scalars(select(Prompt.prompt_id)))
            new = [p for p in prompts if p["prompt_id"] not in known]
            session.add_all(Prompt(**p, created_at=now_utc()) for p in new)
        return [str(p["prompt_id"]) for p in new]

    def prompts(self, prompt_id: str | None = None) -> list[Prompt]:
        """The prompts, newest first; or the one of this id."""
        with Session(self.engine, expire_on_commit=False) as session:
            rows = select(Prompt).order_by(Prompt.issued_at.desc(), Prompt.prompt_id)
            return list(session.scalars(rows if prompt_id is None else rows.where(Prompt.prompt_id == prompt_id)))

    # -- audit ------------------------------------------------------------------------------------------------------

    def audit(self, actor: str, action: str, detail: Mapping[str, Any]) -> None:
        """Appends one entry to the chain. `detail` must hold keys and codes, never names or numbers of persons."""
        with Session(self.engine) as session, session.begin():
            append(session, actor, action, detail)

    def audit_entries(self, action: str | None = None) -> list[Audit]:
        """The audit log in order, of one action if one is given."""
        query = select(Audit).order_by(Audit.sequence)
        if action is not None:
            query = query.where(Audit.action == action)
        with Session(self.engine, expire_on_commit=False) as session:
            return list(session.scalars(query))

    def verify_audit(self) -> int:
        """The number of entries. Raises LedgerError naming the first entry that was edited or is missing."""
        previous, expected = GENESIS, 1
        for entry in self.audit_entries():
            good = entry_hash(
                entry.sequence,
                entry.at,
                entry.actor,
                entry.action,
                entry.detail,
                previous,
            )
            if entry.sequence != expected or entry.previous_hash != previous or entry.entry_hash != good:
                raise LedgerError(f"audit entry {expected} was edited or is missing")
            previous, expected = entry.entry_hash, expected + 1
        return expected - 1

    def counts(self) -> dict[str, int]:
        """Rows per kind, for `status`."""
        kinds = {
            "runs": Run,
            "releases": Release,
            "episodes": Episode,
            "notices": Notice,
            "prompts": Prompt,
        }
        with Session(self.engine) as session:
            return {n: session.scalar(select(func.count()).select_from(t)) or 0 for n, t in kinds.items()}
