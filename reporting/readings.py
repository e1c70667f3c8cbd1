"""Reads from a run's warehouse what the briefing tells: levels, drivers, thresholds, feeds, cautions."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import duckdb

from ingest.contracts import contracts
from reporting.wording import DIMENSION_FEEDS, rank

LEVELS_MART = "marts.fct_region_risk_level_daily"
JUDGING_FEEDS = frozenset({"region_register", "verdicts", *(f for feeds in DIMENSION_FEEDS.values() for f in feeds)})


@dataclass(frozen=True)
class Driver:
    """One of the reasons for a region's level."""

    dimension: str
    rule_id: str
    subject: str
    level: str
    observed_value: float | None
    threshold_value: float | None
    unit: str
    threshold_id: str | None
    text_zh: str


@dataclass(frozen=True)
class Region:
    """One region at the day of the release."""

    region_code: str
    region_name: str
    region_level: str
    level: str
    level_zh: str
    shock_key: str
    distress_key: str
    drivers: tuple[Driver, ...]
    missing_feeds: tuple[str, ...]
    cautions: tuple[str, ...]
    is_withheld: bool
    level_as_of_date: date | None
    previous_level: str | None

    @property
    def is_raised(self) -> bool:
        return rank(self.level) >= rank("blue")


@dataclass(frozen=True)
class Feed:
    """What came of one feed until the run's known_at."""

    feed: str
    title: str
    owner: str
    load_count: int
    newest_period: date | None
    newest_received_at: datetime | None
    withheld_reason: str | None
    late_region_count: int
    is_mandatory: bool
    has_substitute: bool

    @property
    def is_judging(self) -> bool:
        """Whether a level or a finding of today rests on it; the others land and wait for their rules."""
        return self.is_mandatory or self.feed in JUDGING_FEEDS


def dicts(
    con: duckdb.DuckDBPyConnection, sql: str, parameters: list[Any] | dict[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Rows as dictionaries, in the query's order."""
    cursor = con.execute(sql, parameters or [])
    names = [column[0] for column in cursor.description or ()]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def listed(text: str | None) -> tuple[str, ...]:
    """The parts of a comma list; none for null."""
    return tuple(part.strip() for part in (text or "").split(",") if part.strip())


def _drivers(text: str | None) -> tuple[Driver, ...]:
    return tuple(
        Driver(
            dimension=str(d["dimension"]),
            rule_id=str(d.get("rule_id") or ""),
            subject=str(d.get("subject") or ""),
            level=str(d.get("level") or "unknown"),
            observed_value=d.get("observed_value"),
            threshold_value=d.get("threshold_value"),
            unit=str(d.get("unit") or ""),
            threshold_id=d.get("threshold_id"),
            text_zh=str(d.get("text_zh") or ""),
        )
        for d in json.loads(text or "[]")
    )


def regions(con: duckdb.DuckDBPyConnection, as_of: date) -> list[Region]:
    """Every region judged on the day, worst first, then larger before smaller, then by code."""
    rows = dicts(
        con,
        f"select * from {LEVELS_MART} where as_of_date = ?",
        [as_of],
    )
    found = [
        Region(
            region_code=r["region_code"],
            region_name=r["region_name"],
            region_level=r["region_level"],
            level=r["level"],
            level_zh=r["level_zh"],
            shock_key=r["shock_key"],
            distress_key=r["distress_key"],
            drivers=_drivers(r["top_drivers"]),
            missing_feeds=listed(r["missing_feeds"]),
            cautions=listed(r["cautions"]),
            is_withheld=bool(r["is_withheld"]),
            level_as_of_date=r["level_as_of_date"],
            previous_level=r["level_last_month"],
        )
        for r in rows
    ]
    size = {"prefecture": 0, "county": 1, "township": 2}
    return sorted(found, key=lambda r: (-rank(r.level), size.get(r.region_level, 3), r.region_code))


def feeds(con: duckdb.DuckDBPyConnection, judged: list[Region]) -> list[Feed]:
    """Every feed that a contract declares, whether or not anything came of it."""
    known = {
        r["feed"]: r
        for r in dicts(
            con,
            """
            select feed, count(*) as load_count, max(period_end_date) as newest_period,
                max(received_at) as newest_received_at
            from landing.loads
            where not is_withheld and known_at <= (select max(known_at) from landing.run_clock)
            group by feed
            """,
        )
    }
    withheld = dict(con.execute("select feed, max(reason) from landing.withheld_feeds group by feed").fetchall())
    groups = con.execute("select feed, alternative_group from policy.key_feeds").fetchall()
    return [
        Feed(
            feed=name,
            title=contract.title,
            owner=contract.owner,
            load_count=known.get(name, {}).get("load_count", 0),
            newest_period=known.get(name, {}).get("newest_period"),
            newest_received_at=known.get(name, {}).get("newest_received_at"),
            withheld_reason=withheld.get(name),
            late_region_count=sum(name in region.missing_feeds for region in judged),
            is_mandatory=any(feed == name for feed, _ in groups),
            has_substitute=any(feed != name and feed in known and (name, group) in groups for feed, group in groups),
        )
        for name, contract in contracts().items()
    ]


def thresholds(con: duckdb.DuckDBPyConnection, as_of: date) -> dict[str, dict[str, Any]]:
    """Thresholds in force and known on the day, by id, with the title and status of the document of each."""
    rows = dicts(
        con,
        """
        select thresholds.*, documents.title_zh, documents.status
        from policy.thresholds as thresholds
        left join policy.documents as documents on thresholds.document_id = documents.document_id
        where
            $as_of between thresholds.in_force_from and coalesce(thresholds.in_force_to, date '9999-12-31')
            and thresholds.known_from <= $as_of
        order by thresholds.threshold_id, thresholds.in_force_from, thresholds.known_from
        """,
        {"as_of": as_of},
    )
    return {r["threshold_id"]: r for r in rows}


def rules(con: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """The policy's rules by id."""
    return {r["rule_id"]: r for r in dicts(con, "select * from policy.rules order by rule_id")}


def caution_texts(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Cautions by code, in Chinese: the closed vocabulary of the policy seeds."""
    return dict(con.execute("select caution, text_zh from policy.cautions order by caution").fetchall())
