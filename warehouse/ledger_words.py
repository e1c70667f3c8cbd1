"""What people and releases have told the ledger, as frames that a run reads beside its signals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date, datetime
from typing import Any

import pandas as pd

from ledger import Ledger
from ledger.decisions import OverrideSpan, override_spans, responses

NOTICE_COLUMNS = ("notice_id", "episode_id", "region_code", "opened_on", "as_of_date", "change", "level", "status")
RESPONSE_COLUMNS = ("episode_id", "owner_code", "measure", "due_on", "done_on", "evidence", "recorded_at")


def read_ledger_words(ledger: Ledger, as_of: date, known: datetime) -> dict[str, pd.DataFrame]:
    """By name the frames of what the ledger held at `known` (UTC without a zone) for days up to `as_of`."""
    return {
        "told_notices": _frame(_told_notices(ledger, as_of, known), NOTICE_COLUMNS),
        # Who entered it stays in the ledger.
        "responses": _frame(
            [{name: getattr(one, name) for name in RESPONSE_COLUMNS} for one in responses(ledger, known)],
            RESPONSE_COLUMNS,
        ),
        "overrides": _frame(
            [asdict(one) for one in override_spans(ledger, known)], tuple(f.name for f in fields(OverrideSpan))
        ),
    }


def _told_notices(ledger: Ledger, as_of: date, known: datetime) -> list[Mapping[str, Any]]:
    # Of an episode only what never changes is read: the ledger keeps its newest state alone. A notice is decided once
    # and never changed besides, so the time of its decision tells how it stood at any moment.
    episodes = {e.episode_id: e for e in ledger.episodes(closed_since=date.min)}
    decided_since = ledger.decided_after(known)
    return [
        {
            "notice_id": n.notice_id,
            "episode_id": n.episode_id,
            "region_code": episodes[n.episode_id].region_code,
            "opened_on": episodes[n.episode_id].opened_on,
            "as_of_date": n.as_of_date,
            "change": n.change,
            "level": n.level,
            "status": "awaiting_approval" if n.notice_id in decided_since else n.status,
        }
        for n in ledger.notices()
        if n.created_at <= known and n.as_of_date <= as_of
    ]


def _frame(rows: list[Mapping[str, Any]], columns: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=list(columns), dtype=object)
