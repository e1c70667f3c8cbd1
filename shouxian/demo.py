"""The main job on a prefecture that never was: simulate, run the schedule's own DAGs over it, say what was found."""

from __future__ import annotations

import json
import os
import shutil
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from ingest.home import Home, home
from ledger import Ledger
from reporting.notices import read_levels
from shouxian.airflow_local import environment, run_dags_once
from shouxian.progress import Steps, console
from shouxian.status import level_lines
from shouxian.tasks import STEP_MARK
from simulation import simulate
from warehouse import release as releases
from warehouse.errors import WarehouseError

FIRST, LAST = "2020-01", "2021-12"
TOWNSHIPS = 5
# What a demo makes and the next one clears away. Keys, parsed models and Airflow's own database stay.
STATE = (
    "landing",
    "vault",
    "runs",
    "releases",
    "store",
    "current",
    "ledger.db",
    "ledger.db-wal",
    "ledger.db-shm",
    "demo",
)
MARKER = ".demo"


def run_demo(seed: int, *, shocks: bool) -> None:
    """Simulates, lands, builds, gates and releases under SHOUXIAN_HOME, and prints what a duty officer would ask.

    Raises WarehouseError if the home holds anything that is not a demo's.
    """
    began = time.monotonic()
    here = home()
    _clear(here)
    console.print(
        f"[bold]守线 · 演示[/bold]  随机种子 {seed}（重现：make run SEED={seed}{'' if shocks else ' NO_SHOCKS=1'}）"
    )
    world = here.root / "demo"
    env = {**environment(here.root), "SHOUXIAN_INBOX": str(world / "inbox")}
    with Steps() as steps:
        steps("模拟五个乡镇的部门文件")
        simulate(
            world,
            townships=TOWNSHIPS,
            seed=seed,
            first_month=FIRST,
            last_month=LAST,
            shocks=shocks,
            progress=lambda what, done: steps.share(f"模拟 {what}", done),
        )
        steps("启动调度任务")
        as_of = _last_day(LAST)
        known_at = f"{as_of + timedelta(days=1)}T02:00:00+08:00"
        run_dags_once(
            [("regional_risk", {"as_of": str(as_of), "known_at": known_at}), ("release_and_notices", {})],
            env,
            lambda line: _show(steps, line),
        )
    _report(here, json.loads((world / "truth" / "truth.json").read_text(encoding="utf-8")))
    console.print(f"用时 {time.monotonic() - began:.0f} 秒")


def _show(steps: Steps, line: str) -> None:
    """A task's line as a step of the display; `name 45%` says how far that step is."""
    if not line.startswith(STEP_MARK):
        return
    name, _, share = line.removeprefix(STEP_MARK).rpartition(" ")
    if name and share.endswith("%"):
        steps.share(name, int(share.removesuffix("%")) / 100)
    else:
        steps(line.removeprefix(STEP_MARK))


def _clear(here: Home) -> None:
    here.root.mkdir(parents=True, exist_ok=True)
    marker = here.root / MARKER
    if not marker.exists() and any((here.root / name).exists() for name in STATE):
        raise WarehouseError(
            f"{here.root} holds data that no demo made; set SHOUXIAN_HOME to another folder for the demo"
        )
    for name in STATE:
        path = here.root / name
        if path.is_symlink() or path.is_file():
            path.unlink()
        elif path.is_dir():
            shutil.rmtree(path)
    marker.write_text("made by `make run`; the next one clears it\n", encoding="utf-8")


def _last_day(month: str) -> date:
    year, number = (int(part) for part in month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _report(here: Home, truth: dict[str, Any]) -> None:
    folder = releases.current(here)
    if folder is None:
        raise WarehouseError("the run ended without a release; see the log of the tasks above")
    manifest = releases.read_manifest(folder)
    levels = read_levels(folder / "warehouse.duckdb")
    console.print("\n[bold]发现了什么、什么还不知道[/bold]")
    for line in level_lines(levels):
        console.print(line, markup=False)
    waiting = Ledger(here.ledger_url).notices("awaiting_approval")
    console.print(f"待批准的地区提示：{len(waiting)} 条" + "".join(f"\n  {n.notice_id} {n.level}" for n in waiting))
    console.print("\n[bold]与模拟的真值对照[/bold]")
    for line in compare(truth, levels):
        console.print(line, markup=False)
    products = [e for e in manifest["exports"] if e["path"].startswith("products/")]
    console.print("\n[bold]看哪里[/bold]")
    where = Path(os.path.relpath(here.current))
    for export in products:
        if export["path"].endswith((".docx", ".xlsx")):
            console.print(f"  {where / export['path']}（{export['rows']} 行）", markup=False)
    console.print(f"  {where / 'release.json'}：{len(manifest['inputs'])} 批输入，{len(manifest['gates'])} 道闸门")
    console.print("  .venv/bin/shouxian status    随时再看；trace 编号    追到来源")


def compare(truth: dict[str, Any], levels: list[dict[str, Any]]) -> list[str]:
    """Whether the regions and hazards raised to orange or red are the ones that the simulation struck."""
    raised = {r["region_code"]: r for r in levels if r["level"] in {"orange", "red"}}
    names = {r["region_code"]: r["region_name"] for r in levels}
    if not truth["shocks"]:
        return [f"没有模拟打击；橙色、红色地区 {len(raised)} 个{'（相符）' if not raised else '（误报）'}"]
    lines, explained = [], set()
    for shock in truth["shocks"]:
        place, dimension = shock["region_code"], shock["dimension"]
        # A shock on a prefecture's market strikes where people live from it; a parent is raised with its children.
        family = (
            {place, *shock["township_codes"]} | {_county(code) for code in shock["township_codes"]} | {_city(place)}
        )
        explained |= family
        hit = [c for c in family & set(raised) if raised[c][f"{dimension}_level"] not in {"none", "unknown"}]
        verdict = "相符" if hit else "未提示到橙色及以上"
        found = "、".join(f"{names[c]}{raised[c]['level_zh']}" for c in sorted(hit)) or "无"
        lines.append(
            f"  打击：{shock['name_zh']}，{names.get(place, place)}，自 {shock['onset_date']}；"
            f"提示：{found} → {verdict}"
        )
    false = sorted(set(raised) - explained)
    lines.append(f"  打击之外的橙色、红色地区：{len(false)} 个" + "".join(f" {names[c]}" for c in false))
    return lines


def _county(code: str) -> str:
    return code[:6].ljust(12, "0")


def _city(code: str) -> str:
    return code[:4].ljust(12, "0")
