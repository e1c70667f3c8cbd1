"""Answers to `shouxian what-if`: one run's past notices, levels and workload beside those of another threshold."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import home
from reporting import readings
from reporting.past_notices import LEVELS, past_notices
from reporting.wording import CHANGE_ZH, LEVEL_ZH
from warehouse import release as releases
from warehouse import run as runs
from warehouse.errors import WarehouseError
from warehouse.what_if import parse_change, rebuilt

RAISED = ("red", "orange", "yellow", "blue")
LEADS = """
    select township_code, strftime(lead_date, '%Y-%m') as month, count(*) as leads
    from intermediate.int_household__leads where not is_baseline group by all
"""
# Who verifies: the keepers named for the grids of each township that stand for it now.
KEEPERS = """
    select substring(region_code, 1, 9) || '000' as township_code, count(distinct keeper_person_key) as officers
    from (
        select *, max(period_end_date) over (partition by scope_region_code) as newest_date
        from staging.stg_townships__grid_keepers
    )
    where period_end_date = newest_date and to_date is null
    group by all
"""


@dataclass(frozen=True)
class Past:
    """What a database of levels tells of the past."""

    notices: list[dict[str, Any]]
    days: Counter[tuple[str, str]]  # region level and level
    leads: dict[tuple[str, str], int]
    township_months: int
    names: dict[str, str]


def read(warehouse: Path) -> Past:
    """The past of a run's database or of its copy."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = readings.dicts(con, LEVELS)
        leads = {(t, m): n for t, m, n in con.execute(LEADS).fetchall()}
    months = {(r["region_code"], f"{r['as_of_date']:%Y-%m}") for r in rows if _is_told_township(r)}
    days = Counter((r["region_level"], r["level"]) for r in rows)
    return Past(past_notices(rows), days, leads, len(months), {r["region_code"]: r["region_name"] for r in rows})


def _is_told_township(row: dict[str, Any]) -> bool:
    return bool(row["region_level"] == "township" and row["level"] != "unknown")


def lines(threshold: str, run_id: str | None, officers: int | None, step: Callable[[str], None]) -> Iterator[str]:
    """The comparison in plain words. Raises UnknownThreshold, UnknownRun, StageFailed, WarehouseError without a run."""
    change, here = parse_change(threshold), home()
    run_id = run_id or _current_run()
    source = runs.folder_of(here, run_id) / "warehouse.duckdb"
    with tempfile.TemporaryDirectory(dir=here.root, prefix="what-if-") as work:
        other = rebuilt(here, run_id, change, Path(work), step)
        step("比较两份历史")
        before, after = read(source), read(other)
        staff = officers if officers is not None else _officers(source)
    was = "、".join(str(v) for v in change.before)
    yield f"运行 {run_id}；阈值 {change.threshold_id}（{change.rule_id}，{change.unit}）：{was} → {change.value}"
    yield from _levels(before, after)
    yield from _notices(before, after)
    yield from _work(before, after, staff)
    yield "另一个值是否更好，这里说不了：没有真值。模拟真值上的得分见 shouxian prove"


def _current_run() -> str:
    folder = releases.current(home())
    if folder is None:
        raise WarehouseError("no release yet: name a run with --run, or release one first")
    return str(releases.read_manifest(folder)["run_id"])


def _officers(warehouse: Path) -> int | None:
    """Grid keepers of a township, in the middle of the townships; None where no list names any."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = con.execute(f"select cast(median(officers) as integer) from ({KEEPERS})").fetchone()
    return int(found[0]) if found and found[0] else None


def _levels(before: Past, after: Past) -> Iterator[str]:
    yield "地区日数（乡镇／县／市）："
    for level in RAISED:
        pair = [
            " / ".join(str(p.days[t, level]) for t in ("township", "county", "prefecture")) for p in (before, after)
        ]
        yield f"  {LEVEL_ZH[level]}  {pair[0]} → {pair[1]}"


def _notices(before: Past, after: Past) -> Iterator[str]:
    yield f"通知：{len(before.notices)} 条 → {len(after.notices)} 条"
    counts = [Counter(n["change"] for n in p.notices) for p in (before, after)]
    yield "  " + "  ".join(f"{zh} {counts[0][k]} → {counts[1][k]}" for k, zh in CHANGE_ZH.items())
    told = [{_key(n) for n in p.notices} for p in (before, after)]
    for title, only in (("不再发出", told[0] - told[1]), ("新发出", told[1] - told[0])):
        by_month = Counter((day[:7], region) for day, region, *_ in only)
        yield f"{title}：{len(only)} 条"
        for (month, region), count in sorted(by_month.items()):
            mine = [(change, level) for day, at, change, level in only if (day[:7], at) == (month, region)]
            said = Counter(CHANGE_ZH[change] + (LEVEL_ZH[level] if level in RAISED else "") for change, level in mine)
            words = "、".join(f"{w} {n}" for w, n in sorted(said.items()))
            yield f"  {month} {before.names.get(region, region)} {count} 条：{words}"


def _key(notice: dict[str, Any]) -> tuple[str, str, str, str]:
    return str(notice["as_of_date"]), notice["region_code"], notice["change"], notice["level"]


def _work(before: Past, after: Past, officers: int | None) -> Iterator[str]:
    pair = [sum(p.leads.values()) for p in (before, after)]
    a_month = [n / max(1, p.township_months) for n, p in zip(pair, (before, after), strict=True)]
    yield f"待核线索：{pair[0]} → {pair[1]}；每乡镇每月 {a_month[0]:.2f} → {a_month[1]:.2f}"
    if officers:
        yield f"  每名核查人员每月 {a_month[0] / officers:.2f} → {a_month[1] / officers:.2f}（每乡镇 {officers} 人）"
    else:
        yield "  每名核查人员的工作量不可知：没有网格员名单；用 --officers 说明每乡镇几人"
