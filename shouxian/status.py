"""Answers to `shouxian status` and `shouxian trace`, as lines of plain words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from math import inf
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import BEIJING, Home, home
from ingest.receipts import read_receipts
from ingest.transport.poll_log import PollLine, polled_feeds, state
from ledger import Ledger
from ledger.decisions import responses
from ledger.errata import errata
from ledger.tables import Erratum, Notice
from reporting import readings
from reporting.errata import KIND_ZH
from reporting.notices import read_episodes, read_levels, read_withheld_loads
from reporting.story import household_story
from reporting.trace import trace
from reporting.wording import LEVEL_ZH, RESPONSE_ZH, rank
from warehouse import release as releases

# Who is told of a notice that waits longer than the parameter says.
CALLED = {"approval_deputy_minutes": "副职", "approval_head_minutes": "正职"}
RAISED = ("red", "orange", "yellow", "blue")


def lines() -> Iterator[str]:
    """The state of things: release, levels, unknowns, what awaits a person, where to look."""
    here = home()
    folder = releases.current(here)
    ledger = Ledger(here.ledger_url)
    if folder is None:
        receipts = read_receipts(here)
        yield f"尚无发布。已落地 {sum(r.outcome == 'landed' for r in receipts)} 批，运行 {len(ledger.run_ids())} 次。"
        yield from poll_lines(here)
        yield "下一步：shouxian run --as-of 日期，然后 shouxian release 运行编号"
        return
    manifest = releases.read_manifest(folder)
    yield f"当前发布 {manifest['release_id']}"
    yield f"判断日 {manifest['as_of_date']}，数据截至 {_beijing(manifest['known_at'])}（北京时间）"
    yield from level_lines(read_levels(folder / "warehouse.duckdb"))
    withheld = sorted({g["region_code"] for g in manifest["gates"] if g["outcome"] == "withhold"})
    if withheld:
        yield f"暂缓发布的地区：{len(withheld)} 个（原因见 release.json）"
    for load_id, reason in read_withheld_loads(folder / "warehouse.duckdb"):
        yield f"未使用的一批：{load_id}（{reason}）"
        yield f"        确认无误后放行：shouxian accept {load_id} --by 姓名 --reason 理由"
    yield from approval_lines(folder, ledger.notices("awaiting_approval"), datetime.now(UTC).replace(tzinfo=None))
    yield from episode_lines(folder, ledger)
    yield from erratum_lines(errata(ledger), manifest["release_id"])
    yield from poll_lines(here)
    yield f"看哪里：{folder / 'products'}"


def approval_lines(folder: Path, notices: list[Notice], now: datetime) -> Iterator[str]:
    """Notices that wait for a named person, the longest first: for how long, and who ought to have been told by now.

    now: UTC without a zone, as the ledger keeps its times.
    """
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        clocks = {
            (row["parameter"], row["level"]): float(row["value"])
            for row in readings.thresholds(con, now.date()).values()
        }
    for notice in sorted(notices, key=lambda n: n.created_at):
        minutes = (now - notice.created_at).total_seconds() / 60
        told = [zh for name, zh in CALLED.items() if minutes >= clocks.get((name, notice.level), inf)]
        late = f"；逾时，应已报{'、'.join(told)}" if told else ""
        hours, rest = divmod(int(minutes), 60)
        yield (
            f"待批准：{notice.notice_id}  {LEVEL_ZH[notice.previous_level]} → {LEVEL_ZH[notice.level]}，"
            f"已等 {hours} 小时 {rest} 分{late}"
        )
        yield f"        shouxian approve {notice.notice_id} --by 姓名"


def episode_lines(folder: Path, ledger: Ledger) -> Iterator[str]:
    """Open episodes at or above yellow with owner, due day and state; the overdue first, the blue ones counted."""
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        episodes = [e for e in read_episodes(con) if e["closed_on"] is None]
    asked = [e for e in episodes if rank(e["level"]) >= rank("yellow")]
    entered = {one.episode_id for one in responses(ledger)}
    for row in sorted(asked, key=lambda e: e["response_state"] != "overdue"):
        owners = row["response_owners"] or f"未落实，应由{row['owner_departments']}"
        newer = "（发布后已登记）" if row["episode_id"] in entered and not row["response_owners"] else ""
        yield (
            f"{RESPONSE_ZH[row['response_state']]}：{row['episode_id']}  {row['region_name']} {row['level_zh']}，"
            f"自 {row['opened_on']}，单位：{owners}，期限 {row['response_due_on'] or '不明'}{newer}"
        )
        if row["response_state"] in {"overdue", "awaiting", "unknown"} and not newer:
            yield f"        shouxian respond {row['episode_id']} --owner 单位 --measure 措施 --by 姓名"
    if len(episodes) > len(asked):
        yield f"另有 {len(episodes) - len(asked)} 个蓝色过程，不需落实防范措施。"


def erratum_lines(told: list[Erratum], release_id: str) -> Iterator[str]:
    """The errata of a release one by one, those of earlier ones counted."""
    now = [one for one in told if one.release_id == release_id]
    for one in now:
        yield f"{_corrected(one)}：{one.reason}"
    if len(told) > len(now):
        yield f"此前已更正 {len(told) - len(now)} 条（shouxian trace 提示编号）。"


def _corrected(one: Erratum) -> str:
    return (
        f"{KIND_ZH[one.kind]}：{one.notice_id} 原提示{LEVEL_ZH[one.told_level]}，"
        f"现判定{LEVEL_ZH[one.level_now]}（{one.level_date}）"
    )


def poll_lines(here: Home) -> Iterator[str]:
    """For each feed that was ever polled: the last answer (data as of), the last try, failures since."""
    for feed in polled_feeds(here):
        now = state(here, feed)
        text = f"轮询 {feed}：最近成功 {_when(now.last_answered)}，最近一次 {_when(now.last)}"
        code = f"（{now.last.error_code}）" if now.last else ""
        yield text + (f"，连续失败 {now.failures} 次{code}；已知数据仍然有效" if now.failures else "")


def _when(line: PollLine | None) -> str:
    return _beijing(line.polled_at.isoformat()) if line else "无"


def level_lines(levels: list[dict[str, Any]]) -> Iterator[str]:
    """Raised regions with their reasons, then the unknown ones; a region without data is counted, not listed."""
    for level in RAISED:
        for row in levels:
            if row["level"] == level:
                mark = "（沿用上次发布）" if row["is_withheld"] else ""
                place = f"{row['region_name']}（{row['region_code']}）{mark}"
                yield f"  {row['level_zh']}  {place}：{row['drivers_zh'] or ''}"
    if not any(row["level"] in RAISED for row in levels):
        yield "  没有地区达到蓝色及以上。"
    silent = [r for r in levels if r["level"] == "unknown" and "no_households_registered" in str(r["cautions"] or "")]
    others = [r for r in levels if r["level"] == "unknown" and r not in silent]
    for row in others:
        why = row["missing_feeds"] or row["cautions"] or "数据不足"
        yield f"  未知  {row['region_name']}（{row['region_code']}）：{why}"
    if silent:
        yield f"  未知  另有 {len(silent)} 个地区没有农户登记数据，无法判断。"
    late = sorted({f for r in levels for f in str(r["missing_feeds"] or "").split(",") if f and r not in silent})
    if late:
        yield f"  迟到、缺失或不予采用的数据：{'、'.join(late)}"


def trace_lines(identifier: str) -> list[str]:
    """Follows an id home. Raises LookupError for an id of no known kind."""
    here = home()
    return trace(here, identifier.strip(), notices=lambda wanted: _notice(here, wanted)).lines


def household_lines(household_key: str, as_of: date | None) -> list[str]:
    """A household-month's full story. Raises LookupError for a household or month that no release has."""
    return household_story(home(), household_key.strip(), as_of).lines


def _notice(here: Home, wanted: str) -> list[str] | None:
    """A notice or episode of the ledger as lines; None if it is neither."""
    ledger = Ledger(here.ledger_url)
    found = [n for n in ledger.notices() if wanted in {n.notice_id, n.episode_id}]
    lines = []
    for notice in found:
        lines += [
            f"通知 {notice.notice_id}（过程 {notice.episode_id}，发布 {notice.release_id}）",
            f"  {notice.previous_level} → {notice.level}，{notice.change}，判断日 {notice.as_of_date}",
            f"  状态 {notice.status}",
            f"  依据 {notice.evidence}",
            *(f"  {_corrected(one)}，发布 {one.release_id}：{one.reason}" for one in errata(ledger, notice.notice_id)),
        ]
    return lines or None


def _beijing(stamp: str) -> str:
    return f"{datetime.fromisoformat(stamp).astimezone(BEIJING):%Y-%m-%d %H:%M}"
