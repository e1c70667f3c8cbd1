"""From levels to notices: which episodes opened, rose, fell or closed, each told once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any

import duckdb

from ledger import Ledger
from ledger.tables import Episode
from reporting import readings
from reporting.readings import LEVELS_MART as LEVELS

RANK = {"none": 0, "blue": 1, "yellow": 2, "orange": 3, "red": 4}
EPISODES = "marts.fct_region_risk_per_episode"
# Within how many days an episode that comes back is the same one: beside each row of LEVELS, null where none is set.
REOPEN_DAYS = """
    (select cast(max(value) as integer) from intermediate.int_policy__thresholds_in_force
     where parameter = 'episode_reopen_days' and as_of_date between valid_from_date and valid_to_date) as reopen_days
"""
# What a notice freezes of the level it tells.
EVIDENCE = (
    *("region_name", "own_level", "judged_level", "shock_key", "distress_key"),
    *("drivers_zh", "top_drivers", "override_id", "missing_feeds", "cautions"),
)
# From orange on a named person approves before anything is passed on.
NEEDS_APPROVAL_FROM = RANK["orange"]


@dataclass(frozen=True)
class Change:
    """One change of one episode, and the evidence frozen with it."""

    episode: Mapping[str, Any]
    notice: Mapping[str, Any]


def read_withheld_loads(warehouse: Path) -> list[tuple[str, str]]:
    """The loads that the landing gate held back from this release, with the reason."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        return con.execute("select load_id, reason from landing.withheld_loads order by load_id").fetchall()


def read_levels(warehouse: Path) -> list[dict[str, Any]]:
    """The released levels of the run's day, one dict per region, with the day on which its open episode opened."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        newest = f"(select max(as_of_date) from {LEVELS})"
        rows = readings.dicts(
            con, f"select *, {REOPEN_DAYS} from {LEVELS} where as_of_date = {newest} order by region_code"
        )
        since = {e["region_code"]: e["opened_on"] for e in read_episodes(con) if e["closed_on"] is None}
    return [{**row, "since_date": since.get(row["region_code"])} for row in rows]


def read_episodes(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The run's episodes, the gravest first; none of a run made before there was a mart of them."""
    marts = con.execute("select schema_name || '.' || table_name from duckdb_tables()").fetchall()
    rows = readings.dicts(con, f"select * from {EPISODES}") if (EPISODES,) in marts else []
    return sorted(rows, key=lambda row: (-RANK[row["level"]], row["region_code"], row["opened_on"]))


def changes(
    levels: Sequence[Mapping[str, Any]], episodes: Sequence[Episode], as_of: date, release_id: str
) -> list[Change]:
    """The episode changes that these levels bring. Unknown changes nothing: it neither closes nor lowers.

    levels: region_code, region_name, level, since_date, reopen_days, drivers_zh, … of one day.
    episodes: as the ledger has them, closed ones among them.
    """
    newest = {e.region_code: e for e in sorted(episodes, key=lambda e: e.opened_on)}
    found = []
    for row in levels:
        if row["level"] == "unknown" or row["is_withheld"]:
            continue
        change = _change(row, newest.get(row["region_code"]), as_of)
        if change is not None:
            found.append(_told(row, newest.get(row["region_code"]), change, as_of, release_id))
    return found


def _change(row: Mapping[str, Any], episode: Episode | None, as_of: date) -> str | None:
    now = RANK[row["level"]]
    if episode is None or episode.closed_on is not None:
        if now == 0:
            return None
        return "reopened" if episode is not None and _is_same(row, episode, as_of) else "opened"
    before = RANK[episode.level]
    if now == 0:
        return "closed"
    return "escalated" if now > before else "de_escalated" if now < before else None


def _is_same(row: Mapping[str, Any], closed: Episode, as_of: date) -> bool:
    """Whether it comes back in time; where no release was made meanwhile, the run's own history says so."""
    days, allowed = (as_of - (closed.closed_on or as_of)).days, row["reopen_days"]
    return bool((allowed is not None and days <= allowed) or row["since_date"] == closed.opened_on)


def _told(row: Mapping[str, Any], episode: Episode | None, change: str, as_of: date, release_id: str) -> Change:
    region, level = str(row["region_code"]), str(row["level"])
    since = row["since_date"]
    opened_on = since or as_of
    if episode is not None and change != "opened":
        opened_on = episode.opened_on
    episode_id = f"E{region[:9]}-{opened_on:%Y%m%d}"
    before = "none" if change in {"opened", "reopened"} or episode is None else episode.level
    highest_before = episode.highest_level if episode is not None and change != "opened" else level
    waits = change != "closed" and RANK[level] >= NEEDS_APPROVAL_FROM
    return Change(
        episode={
            "episode_id": episode_id,
            "region_code": region,
            "opened_on": opened_on,
            "closed_on": as_of if change == "closed" else None,
            "level": level,
            "highest_level": max(level, highest_before, key=lambda name: RANK[name]),
        },
        notice={
            "notice_id": f"N{region[:9]}-{as_of:%Y%m%d}-{change}-{level}",
            "episode_id": episode_id,
            "release_id": release_id,
            "change": change,
            "previous_level": before,
            "level": level,
            "as_of_date": as_of,
            "status": "awaiting_approval" if waits else "told",
            "evidence": json.dumps(
                {k: str(row[k]) for k in EVIDENCE},
                ensure_ascii=False,
                sort_keys=True,
            ),
        },
    )


def describe(found: Sequence[Change], levels: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Notices as the briefing lists them: plain values, regions by name."""
    names = {row["region_code"]: row for row in levels}
    return [
        {
            **{k: str(v) for k, v in c.notice.items() if k != "evidence"},
            "region_code": c.episode["region_code"],
            "region_name": names[c.episode["region_code"]]["region_name"],
            "level_zh": names[c.episode["region_code"]]["level_zh"],
            "drivers_zh": names[c.episode["region_code"]]["drivers_zh"],
            "opened_on": str(c.episode["opened_on"]),
        }
        for c in found
    ]


def pending(ledger: Ledger, levels: Sequence[Mapping[str, Any]], as_of: date, release_id: str) -> list[Change]:
    """The changes still to be told. A release older than the newest one told changes no episode: nothing then."""
    notices = ledger.notices()
    if notices and as_of < max(n.as_of_date for n in notices):
        return []
    told = {n.notice_id for n in notices}
    return [_numbered(c, told) for c in changes(levels, ledger.episodes(closed_since=date.min), as_of, release_id)]


def _numbered(change: Change, told: Collection[str]) -> Change:
    """The change under an id not told yet: a level that is left and reached again on one day is told a second time."""
    first = str(change.notice["notice_id"])
    ids = chain([first], (f"{first}-{number}" for number in count(2)))
    return replace(change, notice={**change.notice, "notice_id": next(i for i in ids if i not in told)})


def tell(ledger: Ledger, found: Sequence[Change]) -> list[str]:
    """Writes the notices to the ledger, each once; returns the ids that were new."""
    return [c.notice["notice_id"] for c in found if ledger.tell(c.episode, c.notice)]
