"""Which notices a history of levels would have brought, day by day, by the rules of notices.py: nothing is told."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from typing import Any

from ledger.tables import Episode
from reporting.notices import EVIDENCE, RANK, REOPEN_DAYS, changes

LEVELS = f"""
    select region_code, region_name, region_level, as_of_date, level, is_withheld, {REOPEN_DAYS}
    from marts.fct_region_risk_level_daily
    order by as_of_date, region_code
"""


def past_notices(levels: Iterable[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    """The notices of these days as the ledger would have kept them, each with its region; levels in order of day.

    Withheld days change nothing, as in a release. The first day opens what already stands.
    """
    episodes: dict[str, Episode] = {}
    since: dict[str, date] = {}
    told: list[dict[str, Any]] = []
    for day, rows in groupby(levels, key=lambda row: row["as_of_date"]):
        today = []
        for row in rows:
            if row["level"] == "none":
                since.pop(row["region_code"], None)
            elif RANK.get(row["level"], 0):
                since.setdefault(row["region_code"], day)
            blank = dict.fromkeys(EVIDENCE, "")
            today.append({**blank, **row, "since_date": since.get(row["region_code"])})
        for change in changes(today, list(episodes.values()), day, "past"):
            episodes[change.episode["region_code"]] = Episode(**change.episode)
            told.append({**change.notice, "region_code": change.episode["region_code"]})
    return told
