"""Writes down what really happened, beside the inbox and never inside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from simulation import assumptions as a
from simulation.columns import Columns, picked, whole
from simulation.hardship import ILLNESS, REASONS
from simulation.inbox import csv_text
from simulation.months import compact, month_of
from simulation.regions import names
from simulation.shocks import Shock
from simulation.story import Story, World

NAMES_ZH = {
    "hog_price": "生猪价格下跌",
    "pear_price": "酥梨价格下跌",
    "employment": "务工人员失业",
    "site": "安置点车间关停",
}


def shock_record(shock: Shock) -> dict[str, Any]:
    """The shock as truth.json states it; region codes of twelve digits."""
    return {
        "kind": shock.kind,
        "name_zh": NAMES_ZH.get(shock.kind, f"{shock.hazard_type}灾害"),
        "dimension": shock.dimension,
        "hazard_type": shock.hazard_type,
        "colour": shock.colour,
        "region_code": shock.region_code,
        "region_name": _region_name(shock.region_code),
        "township_codes": [t.ljust(12, "0") for t in shock.townships],
        "onset_date": shock.onset.isoformat(),
        "size": round(shock.size, 4),
    }


def _region_name(code: str) -> str:
    return next(names()[short] for short in (code[:9], code[:6], code[:4]) if short in names())


def household_truth(world: World, story: Story) -> tuple[Columns, int]:
    """Each household's true income a head at the end, whether it is in hardship, since when, why; and how many are."""
    county, events = story.county, story.hardship
    per_head = story.truth(world.last_month).net / county.size
    in_hardship = per_head < a.MONITORING_LINE
    since = np.zeros(county.households, dtype=np.int64)
    reason = np.zeros(county.households, dtype=np.int64)
    fresh = (events.month > world.last_month - 12) & (events.month <= world.last_month)
    for row in np.flatnonzero(fresh & ((events.kind == ILLNESS) | in_hardship[events.household])):
        home = int(events.household[row])
        in_hardship[home], since[home] = True, events.month[row]
        reason[home] = 1 if events.kind[row] == ILLNESS else 2 + int(events.reason[row])
    if story.impact is not None and world.shock is not None:
        struck = (story.impact.fall >= a.AFFECTED_FALL) | (in_hardship & (story.impact.fall > 0.05))
        in_hardship |= struck
        since[struck], reason[struck] = month_of(world.shock.onset), 2 + len(REASONS)
    shock_reason = "" if world.shock is None else world.shock.reason
    reasons = ("", "因病自付医疗费用较高", *REASONS, shock_reason)
    reason[in_hardship & (since == 0)] = len(reasons)
    months = np.unique(since)
    place = np.searchsorted(months, since)
    towns = tuple(t.region_code for t in county.townships)
    columns: Columns = {
        "户编号": county.number,
        "township": picked(towns, county.township),
        "household_type": picked(("一般农户", "脱贫户"), county.is_lifted_out.astype(np.int64)),
        "member_count": whole(county.size),
        "true_income_per_head": whole(np.rint(per_head).astype(np.int64)),
        "in_hardship": picked(("false", "true"), in_hardship.astype(np.int64)),
        "since": picked(tuple("" if m == 0 else compact(int(m)) for m in months), place),
        "reason": picked((*reasons, "长期低收入"), reason),
    }
    return columns, int(in_hardship.sum())


def append_households(path: Path, columns: Columns) -> None:
    """Adds one county's rows to households.csv, with the header if the file is new."""
    text = csv_text(columns, "\n")
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as out:
        out.write(text if is_new else text.partition("\n")[2])


def write_truth(path: Path, record: dict[str, Any]) -> None:
    """The record as readable JSON, keys in order."""
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
