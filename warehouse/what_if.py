"""A run's levels as another threshold would have made them: on a copy, and only what depends on the number."""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from warehouse.errors import UnknownThreshold, WarehouseError
from warehouse.run import ONLY_LEVELS, Step, folder_of, publish_signal, signal_frames
from warehouse.stages import PROJECT, parse, run_dbt

SEED = PROJECT / "seeds" / "policy" / "thresholds.csv"
IN_FORCE = "model.shouxian.int_policy__thresholds_in_force"
# What the signals between the stages read of the thresholds (signals/hazards.py, signals/prices.py).
SIGNAL_RULE, SIGNAL_PARAMETERS = "R19", ("gap_hours", "poll_gap_hours")


@dataclass(frozen=True)
class Change:
    """One threshold at another value; level: which of its rows, all if None."""

    threshold_id: str
    level: str | None
    value: Decimal
    before: tuple[Decimal, ...]
    rule_id: str
    parameter: str
    unit: str


def parse_change(text: str) -> Change:
    """ID=VALUE or ID:LEVEL=VALUE. Raises UnknownThreshold, with those of a like name; ValueError for no number."""
    named, sign, number = text.partition("=")
    threshold_id, _, level = named.strip().partition(":")
    with SEED.open(encoding="utf-8", newline="") as lines:
        every = list(csv.DictReader(lines))
    rows = [r for r in every if r["threshold_id"] == threshold_id and (not level or r["level"] == level)]
    if not rows:
        raise UnknownThreshold(f"no threshold {named.strip()!r}; {_like(threshold_id, every)}")
    try:
        value = Decimal(number.strip())
    except InvalidOperation:
        value = Decimal("NaN")
    if not sign or not value.is_finite():
        raise ValueError(f"{text!r} is not of the form ID=NUMBER, such as {threshold_id}={rows[0]['value']}")
    first = rows[0]
    before = tuple(Decimal(r["value"]) for r in rows)
    return Change(threshold_id, level or None, value, before, first["rule_id"], first["parameter"], first["unit"])


def _like(threshold_id: str, rows: Sequence[dict[str, str]]) -> str:
    names = list(dict.fromkeys(r["threshold_id"] for r in rows))
    words = set(threshold_id.split("_"))
    near = get_close_matches(threshold_id, names, 5, 0.5) or [n for n in names if words & set(n.split("_"))][:8]
    return f"near it: {', '.join(near)}" if near else f"they stand in {SEED.relative_to(PROJECT.parent)}"


def rebuilt(home: Home, run_id: str, change: Change, folder: Path, step: Step = lambda _: None) -> Path:
    """A copy of the run's database in `folder` in which the threshold has the other value.

    Raises UnknownRun, StageFailed, and WarehouseError for a run without published levels. The run stays as it is.
    """
    source = folder_of(home, run_id) / "warehouse.duckdb"
    folder.mkdir(parents=True, exist_ok=True)
    step("复制该次运行的库")
    target = folder / "warehouse.duckdb"
    shutil.copyfile(source, target)
    with duckdb.connect(str(target)) as con:
        if not con.execute(
            "select count(*) from information_schema.tables where table_name = 'fct_region_risk_level_daily'"
        ).fetchall()[0][0]:
            raise WarehouseError(f"run {run_id} has no published levels: its gates have not been judged")
        con.execute(
            "update policy.thresholds set value = ? where threshold_id = ? and (? is null or level = ?)",
            [change.value, change.threshold_id, change.level, change.level],
        )
    manifest = json.loads(parse(home.root / "dbt", home.root / "dbt" / "logs").read_text(encoding="utf-8"))
    starts = dependents(manifest, change.parameter)
    step("重建受该阈值影响的模型")
    stage_1 = [f"{start}+,{ONLY_LEVELS},tag:stage_1" for start in starts]
    _run(home, folder, "what_if_1", ["int_policy__thresholds_in_force", *stage_1])
    stage_2 = [f"{start}+,{ONLY_LEVELS},tag:stage_2" for start in starts]
    if change.rule_id == SIGNAL_RULE or change.parameter in SIGNAL_PARAMETERS:
        with duckdb.connect(str(target)) as con:
            for name, frame in signal_frames(con).items():
                publish_signal(con, folder, name, frame)
        stage_2.append(f"source:shouxian.signals+,{ONLY_LEVELS},tag:stage_2")
    _run(home, folder, "what_if_2", [*stage_2, "fct_region_risk_level_daily"])
    return target


def _run(home: Home, folder: Path, name: str, selected: Sequence[str]) -> None:
    run_dbt("run", "--select", *selected, home=home, folder=folder, name=name, may_select_nothing=True)


def dependents(manifest: dict[str, Any], parameter: str) -> list[str]:
    """Models that read this parameter of the thresholds: those that name it, and those that name none and take all.

    A model names a parameter in its own text or in that of a macro that it calls.
    """
    with SEED.open(encoding="utf-8", newline="") as lines:
        parameters = {r["parameter"] for r in csv.DictReader(lines)}
    found = []
    for child in manifest["child_map"][IN_FORCE]:
        node = manifest["nodes"].get(child)
        if node is None or node["resource_type"] != "model":
            continue
        text = node["raw_code"] + " ".join(_macros(manifest, node["depends_on"]["macros"]))
        named = parameters & set(re.findall(r"\w+", text))
        if not named or parameter in named or node["name"] in _GENERIC:
            found.append(str(node["name"]))
    return sorted(found)


# They hand on whole rows of thresholds, whatever parameters their text names besides.
_GENERIC = ("int_region__cuts_daily", "int_region__parameters_daily")


def _macros(manifest: dict[str, Any], names: Sequence[str]) -> list[str]:
    """The texts of these macros of the project and of those that they call."""
    seen: dict[str, str] = {}
    waiting = [n for n in names if n.startswith("macro.shouxian.")]
    while waiting:
        name = waiting.pop()
        if name not in seen:
            macro = manifest["macros"][name]
            seen[name] = macro["macro_sql"]
            waiting += [n for n in macro["depends_on"]["macros"] if n.startswith("macro.shouxian.")]
    return list(seen.values())
