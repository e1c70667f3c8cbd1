"""Prompts to the duty officer (待核): orange and red warnings and duty reports, from landing, without a run."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import duckdb

from ingest.home import Home, prefectures
from ingest.landing_views import create_views
from ingest.receipts import read_receipts

FEEDS = frozenset({"warnings_cap", "warnings_poll", "duty_reports"})
SEVERE = {"橙": "orange", "红": "red", "orange": "orange", "red": "red"}
# CAP's own word where a message names no colour, as the models read it.
SEVERITY = {"extreme": "red", "severe": "orange"}
# Who reports a disaster by telephone names no colour.
REPORTED = "reported"
ARRIVED = """
    with warnings as (
        select region_code, event_text, coalesce(nullif(trim(colour_text), ''), severity_code) as colour_text,
            sent_at as issued_at, load_id, known_at
        from landing.warnings_cap
        where lower(message_type_code) in ('alert', 'update') and lower(status_code) = 'actual' and is_schema_valid
            and coalesce(headline_text, '') not like '%解除%'
        union all
        select region_code, event_text, colour_text, issued_at, load_id, known_at from landing.warnings_poll
        union all
        select coalesce(region_code, scope_region_code), hazard_text, 'reported', occurred_at, load_id, known_at
        from landing.duty_reports
    )
    select region_code, event_text, colour_text, issued_at, min(load_id)
    from warnings
    where known_at > ? and known_at <= ? and list_contains(?, substr(region_code, 1, 4))
    group by all
    order by all
"""


def severe_warnings(home: Home, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Orange and red warnings and duty reports of the prefectures that arrived in (since, until].

    One per region, hazard and issue: a report told again is the same prompt. since, until: UTC without a zone. Keys:
    prompt_id, region_code, hazard_text, colour (orange, red or reported), issued_at (of a report: when it happened),
    load_id.
    """
    receipts = [r for r in read_receipts(home) if r.feed in FEEDS and r.outcome == "landed"]
    if not receipts:
        return []
    with duckdb.connect() as con:
        create_views(con, home, receipts)
        rows = con.execute(ARRIVED, [since, until, [code[:4] for code in prefectures()]]).fetchall()
    return [
        {
            "prompt_id": "P" + hashlib.sha256(f"{region}|{hazard}|{issued}".encode()).hexdigest()[:12],
            "region_code": region,
            "hazard_text": hazard,
            "colour": colour,
            "issued_at": issued,
            "load_id": load_id,
        }
        for region, hazard, text, issued, load_id in rows
        if (colour := _colour(str(text).strip().lower()))
    ]


def _colour(text: str) -> str | None:
    if text == REPORTED:
        return REPORTED
    return next((c for sign, c in SEVERE.items() if sign in text), SEVERITY.get(text))
