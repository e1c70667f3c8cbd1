"""Errata: what a later release says otherwise than a notice did. The notice stays as it was told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.chain import now_utc
from ledger.store import Ledger
from ledger.tables import Erratum


def tell_errata(ledger: Ledger, found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Keeps the errata not kept yet; returns their ids. One notice, kind and level is told once."""
    with Session(ledger.engine) as session, session.begin():
        known = set(session.scalars(select(Erratum.erratum_id)))
        new = [one for one in found if one["erratum_id"] not in known]
        session.add_all(Erratum(**one, created_at=now_utc()) for one in new)
    return [str(one["erratum_id"]) for one in new]


def errata(ledger: Ledger, notice_id: str | None = None) -> list[Erratum]:
    """Errata, newest first; only those of one notice if it is named."""
    query = select(Erratum).order_by(Erratum.created_at.desc(), Erratum.erratum_id)
    if notice_id is not None:
        query = query.where(Erratum.notice_id == notice_id)
    with Session(ledger.engine, expire_on_commit=False) as session:
        return list(session.scalars(query))
