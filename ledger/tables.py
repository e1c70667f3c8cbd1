"""The ledger's tables. The migrations make them; a test holds the two against each other."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """All tables of the ledger."""


class Lease(Base):
    """Who may write a release now. The token grows with every holder and fences off those before."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    token: Mapped[int]
    expires_at: Mapped[datetime]


class Run(Base):
    """One computation of the warehouse."""

    __tablename__ = "run"
    run_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    as_of_date: Mapped[date]
    known_at: Mapped[datetime]
    code_version: Mapped[str] = mapped_column(String(64))
    status: Mapped[str] = mapped_column(String(16))
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class Release(Base):
    """A run that passed its gates and was made current."""

    __tablename__ = "release"
    release_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    run_id: Mapped[str] = mapped_column(ForeignKey("run.run_id"))
    as_of_date: Mapped[date]
    known_at: Mapped[datetime]
    manifest_sha256: Mapped[str] = mapped_column(String(64))
    released_at: Mapped[datetime]


class Episode(Base):
    """A region's time at or above blue, from first notice to all-clear, under one id."""

    __tablename__ = "episode"
    episode_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    opened_on: Mapped[date]
    closed_on: Mapped[date | None]
    level: Mapped[str] = mapped_column(String(8))
    highest_level: Mapped[str] = mapped_column(String(8))
    __table_args__ = (UniqueConstraint("region_code", "opened_on"),)


class Notice(Base):
    """One change of an episode, told once. A day may have several, and the same level again after another."""

    __tablename__ = "notice"
    notice_id: Mapped[str] = mapped_column(String(48), primary_key=True)
    episode_id: Mapped[str] = mapped_column(ForeignKey("episode.episode_id"), index=True)
    release_id: Mapped[str] = mapped_column(String(64))
    change: Mapped[str] = mapped_column(String(16))
    previous_level: Mapped[str] = mapped_column(String(8))
    level: Mapped[str] = mapped_column(String(8))
    as_of_date: Mapped[date]
    status: Mapped[str] = mapped_column(String(20))
    evidence: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class Approval(Base):
    """Who let a notice out, or held it back, when, and on what evidence."""

    __tablename__ = "approval"
    notice_id: Mapped[str] = mapped_column(String(48), ForeignKey("notice.notice_id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(16))
    approver: Mapped[str] = mapped_column(String(64))
    note: Mapped[str] = mapped_column(Text)
    evidence_sha256: Mapped[str] = mapped_column(String(64))
    decided_at: Mapped[datetime]


class Response(Base):
    """Append-only: which department answers an episode with which measure. Each owner's newest entry counts."""

    __tablename__ = "response"
    response_id: Mapped[int] = mapped_column(primary_key=True)
    episode_id: Mapped[str] = mapped_column(ForeignKey("episode.episode_id"), index=True)
    owner_code: Mapped[str] = mapped_column(String(64))
    measure: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date | None]
    done_on: Mapped[date | None]
    evidence: Mapped[str] = mapped_column(Text)
    is_withdrawn: Mapped[bool]
    person: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]


class Override(Base):
    """Append-only: a region's level set by a named person, or taken back. A region's newest entry counts."""

    __tablename__ = "override"
    entry_id: Mapped[int] = mapped_column(primary_key=True)
    override_id: Mapped[str] = mapped_column(String(32))
    region_code: Mapped[str] = mapped_column(String(12), index=True)
    level: Mapped[str] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    until_on: Mapped[date]
    is_withdrawn: Mapped[bool]
    person: Mapped[str] = mapped_column(String(64))
    recorded_at: Mapped[datetime]


class AcceptedGate(Base):
    """A load that a gate holds back, let in by a named person with a reason."""

    __tablename__ = "accepted_gate"
    load_id: Mapped[str] = mapped_column(String(96), primary_key=True)
    person: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    accepted_at: Mapped[datetime]


class Erratum(Base):
    """Append-only: what a later release says otherwise than a notice did. The notice itself is never changed."""

    __tablename__ = "erratum"
    erratum_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    notice_id: Mapped[str] = mapped_column(String(48), ForeignKey("notice.notice_id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    told_level: Mapped[str] = mapped_column(String(8))
    level_now: Mapped[str] = mapped_column(String(8))
    level_date: Mapped[date]
    release_id: Mapped[str] = mapped_column(String(64))
    reason: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("notice_id", "kind", "level_now"),)


class Prompt(Base):
    """A prompt to the duty officer to check an orange or red warning at once (待核)."""

    __tablename__ = "prompt"
    prompt_id: Mapped[str] = mapped_column(String(32), primary_key=True)
    region_code: Mapped[str] = mapped_column(String(12))
    hazard_text: Mapped[str] = mapped_column(String(64))
    colour: Mapped[str] = mapped_column(String(8))
    issued_at: Mapped[datetime]
    load_id: Mapped[str] = mapped_column(String(96))
    created_at: Mapped[datetime]


class Audit(Base):
    """Append-only, each entry carrying the hash of the one before."""

    __tablename__ = "audit"
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(32), index=True)
    detail: Mapped[str] = mapped_column(Text)
    previous_hash: Mapped[str] = mapped_column(String(64))
    entry_hash: Mapped[str] = mapped_column(String(64))
