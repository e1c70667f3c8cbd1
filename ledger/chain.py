"""The audit log as a chain: each entry carries the hash of the one before, so that an edit shows."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.tables import Audit

GENESIS = "0" * 64


def now_utc() -> datetime:
    """The present, as the ledger stores it: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)


def append(session: Session, actor: str, action: str, detail: Mapping[str, Any]) -> None:
    """Adds one entry to the chain, in the caller's transaction."""
    last = session.scalars(select(Audit).order_by(Audit.sequence.desc()).limit(1)).first()
    previous = last.entry_hash if last else GENESIS
    sequence = last.sequence + 1 if last else 1
    at, text = now_utc(), json.dumps(detail, ensure_ascii=False, sort_keys=True)
    session.add(
        Audit(
            sequence=sequence,
            at=at,
            actor=actor,
            action=action,
            detail=text,
            previous_hash=previous,
            entry_hash=entry_hash(sequence, at, actor, action, text, previous),
        )
    )


def entry_hash(sequence: int, at: datetime, actor: str, action: str, detail: str, previous: str) -> str:
    """The hash of an entry over everything that it says."""
    text = "\x1f".join([str(sequence), at.isoformat(), actor, action, detail, previous])
    return hashlib.sha256(text.encode()).hexdigest()
