"""Errata: notices told earlier whose level this run no longer gives for their day, or whose missing file has come."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from ledger import Ledger
from ledger.decisions import beijing_day
from ledger.errata import errata, tell_errata
from ledger.tables import Episode, Notice
from reporting import readings
from reporting.figures import stem
from reporting.material import LEVEL_FEEDS
from reporting.readings import LEVELS_MART

CORRECTED, LATE_FILE = "corrected", "late_file"
KIND_ZH = {CORRECTED: "更正", LATE_FILE: "补报"}
NAMED = 5
Manifests = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Told:
    """A notice told earlier, its region, until when its release knew, and its manifest (None where it is gone)."""

    notice: Notice
    region_code: str
    region_name: str
    evidence: Mapping[str, Any]
    known_at: datetime
    manifest: Mapping[str, Any] | None


@dataclass(frozen=True)
class Run:
    """This run's levels by region and day, and the loads that it used."""

    release_id: str
    levels: Mapping[tuple[str, date], Mapping[str, Any]]
    loads: Sequence[Mapping[str, Any]]


def pending(
    ledger: Ledger, warehouse: Path, as_of: date, release_id: str, manifests: Manifests
) -> list[dict[str, Any]]:
    """The errata still to be told, as the ledger keeps them, with region_code and region_name besides.

    manifests: release.json of a release, None where it is gone. A release older than the newest notice corrects none.
    """
    notices = [n for n in ledger.notices() if n.status != "rejected"]
    if not notices or as_of < max(n.as_of_date for n in notices):
        return []
    episodes = {e.episode_id: e for e in ledger.episodes(closed_since=date.min)}
    known_at = {r.release_id: r.known_at for r in ledger.releases()}
    run = _read_run(warehouse, release_id)
    kept = {one.erratum_id for one in errata(ledger)}
    found: dict[str, dict[str, Any]] = {}
    for notice in sorted(notices, key=lambda n: (n.as_of_date, n.notice_id)):
        told = _told(notice, episodes[notice.episode_id], known_at, manifests)
        for one in (*_corrected(told, run), *_late_files(told, run)):
            if one["erratum_id"] not in kept:
                found.setdefault(str(one["erratum_id"]), one)
    return list(found.values())


def tell(ledger: Ledger, found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Writes the errata to the ledger, each once; returns the ids that were new."""
    beside = {"region_code", "region_name"}
    return tell_errata(ledger, [{k: v for k, v in one.items() if k not in beside} for one in found])


def _told(notice: Notice, episode: Episode, known_at: Mapping[str, datetime], manifests: Manifests) -> Told:
    evidence = json.loads(notice.evidence)
    return Told(
        notice,
        episode.region_code,
        str(evidence.get("region_name", episode.region_code)),
        evidence,
        known_at.get(notice.release_id, notice.created_at),
        manifests(notice.release_id),
    )


def _read_run(warehouse: Path, release_id: str) -> Run:
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = readings.dicts(con, f"select * from {LEVELS_MART}")
        loads = readings.dicts(
            con,
            "select distinct load_id, feed, known_at, period_start_date, period_end_date, scope_region_code "
            "from landing.loads where not is_withheld order by known_at, load_id",
        )
    levels = {(row["region_code"], row["as_of_date"]): row for row in rows if not row["is_withheld"]}
    return Run(release_id, levels, loads)


def _corrected(told: Told, run: Run) -> Iterator[dict[str, Any]]:
    day = told.notice.as_of_date
    row = run.levels.get((told.region_code, day))
    if row is not None and row["level"] != told.notice.level:
        yield _erratum(told, run, CORRECTED, str(row["level"]), day, _why(told, run, row))


def _late_files(told: Told, run: Run) -> Iterator[dict[str, Any]]:
    """For each feed that the notice named as missing, its first file for the time before, come after the notice."""
    for feed in readings.listed(told.evidence.get("missing_feeds")):
        late = next((load for load in run.loads if load["feed"] == feed and _is_late(load, told, run)), None)
        row = run.levels.get((told.region_code, beijing_day(late["known_at"]))) if late else None
        if late is not None and row is not None:
            day = row["as_of_date"]
            reason = f"提示时未到的数据已于{day}补报：{late['load_id']}；等级为补报当日判定"
            yield _erratum(told, run, LATE_FILE, str(row["level"]), day, reason)


def _is_late(load: Mapping[str, Any], told: Told, run: Run) -> bool:
    """Whether a load came after the notice for the time before it; one that mends a file the notice had is not late."""
    ends = load["period_end_date"]
    if load["known_at"] <= told.known_at or ends is None or ends > told.notice.as_of_date or not _is_of(load, told):
        return False
    names = ("feed", "scope_region_code", "period_end_date")
    same = {one["load_id"] for one in run.loads if all(one[name] == load[name] for name in names)}
    return not same & _loads_then(told)


def _is_of(load: Mapping[str, Any], told: Told) -> bool:
    """Whether a load speaks of the region: of a place around it or within it, or of no place in particular."""
    if not load["scope_region_code"]:
        return True
    scope, region = stem(load["scope_region_code"]), stem(told.region_code)
    return region.startswith(scope) or scope.startswith(region)


def _loads_then(told: Told) -> set[str]:
    return {str(entry["load_id"]) for entry in (told.manifest or {}).get("inputs", [])}


def _why(told: Told, run: Run, row: Mapping[str, Any]) -> str:
    """Which loads of the feeds concerned came or went since the notice's release, as far as known."""
    parts = []
    if str(row.get("override_id")) != str(told.evidence.get("override_id")):
        parts.append("人工调整有变")
    if told.manifest is None:
        return "；".join([*parts, "该提示所属的发布已不在，批次无从比对"])
    then, now = _loads_then(told), {str(load["load_id"]) for load in run.loads}
    came = [
        str(load["load_id"])
        for load in run.loads
        if load["load_id"] not in then
        and load["feed"] in LEVEL_FEEDS
        and (load["period_start_date"] is None or load["period_start_date"] <= told.notice.as_of_date)
        and _is_of(load, told)
    ]
    feeds = {str(entry["load_id"]): entry["feed"] for entry in told.manifest.get("inputs", [])}
    gone = sorted(load for load in then - now if feeds[load] in LEVEL_FEEDS)
    parts += [
        f"{word}{len(ids)}批（{_named(ids)}）" for word, ids in (("新到或重读", came), ("撤回或被替代", gone)) if ids
    ]
    return "；".join(parts) or "所依据的批次未变，阈值或程序有变"


def _named(load_ids: Sequence[str]) -> str:
    return "、".join(load_ids[:NAMED]) + ("等" if len(load_ids) > NAMED else "")


def _erratum(told: Told, run: Run, kind: str, level_now: str, day: date, reason: str) -> dict[str, Any]:
    notice = told.notice
    return {
        "erratum_id": f"X{notice.notice_id[1:]}-{'late' if kind == LATE_FILE else 'now'}-{level_now}",
        "notice_id": notice.notice_id,
        "kind": kind,
        "told_level": notice.level,
        "level_now": level_now,
        "level_date": day,
        "release_id": run.release_id,
        "reason": reason,
        "region_code": told.region_code,
        "region_name": told.region_name,
    }
