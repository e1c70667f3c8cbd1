"""The proof from beginning to end: worlds, one pass each, days judged again, scores, the record and its page."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from proof import assumptions as p
from proof.page import page_of
from proof.real_prices import hog_prices
from proof.result import assess
from proof.worlds import Size, Told, again, tell
from simulation.draws import generator
from warehouse.errors import WarehouseError
from warehouse.stages import parse
from warehouse.what_if import Change

DIMENSIONS = ("hazard_level", "price_level", "employment_level", "project_level", "site_level", "distress_level")
# Where a level differs: where the pass begins, since it has no months before; or elsewhere. There a file that came
# later may have put right or completed a value first known by then (ADR 0002); no one looks whether it did.
REASONS = ("history_begins", "elsewhere")
COMPARED = ("level", "shock_key", "distress_key", *DIMENSIONS)


def prove(
    out: Path,
    seed: int,
    *,
    worlds: int = p.WORLDS,
    days: int = p.DAYS_REPLAYED,
    size: Size | None = None,
    jobs: int = 2,
    hogs: Path | None = None,
    change: Change | None = None,
) -> dict[str, Any]:
    """Writes `out`/proof.json and `out`/proof.html and gives the record; the same arguments give the same scores.

    hogs: real weekly hog prices by province. change: a threshold at another value, scored beside on the same worlds.
    Works under `out`/work, which it clears away. Raises WarehouseError if that folder stands already, ValueError for a
    file of prices that is none.
    """
    began, size, work = time.monotonic(), size or Size(), out / "work"
    if work.exists():
        raise WarehouseError(f"{work} is left from a proof that did not end; remove it, or name another folder")
    real = hog_prices(hogs) if hogs else None
    work.mkdir(parents=True)
    try:
        parsed = parse(work / "parsed", work / "logs").parent
        seeds = [seed * 1_000 + place for place in range(worlds)]
        with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
            folders = [work / str(s) for s in seeds]
            told = list(pool.map(tell, folders, seeds, *([one] * worlds for one in (size, parsed, change))))
            passed = time.monotonic() - began
            chosen = _days(seed, told, days)
            judged = (
                list(pool.map(again, [work / str(s) for s, _ in chosen], *zip(*chosen, strict=True))) if chosen else []
            )
        record = record_of(told, judged, seed, size, real)
        if change is not None:
            record["what_if"] = {
                "threshold": f"{change.threshold_id}{f':{change.level}' if change.level else ''}",
                "before": [float(value) for value in change.before],
                "value": float(change.value),
                **assess([one.what_if for one in told if one.what_if], seed),
            }
        record["seconds"] = {
            "one_pass": round(passed),
            "all": round(time.monotonic() - began),
            "by_world": [{k: round(v) for k, v in one.seconds.items()} for one in told],
        }
    finally:
        shutil.rmtree(work, ignore_errors=True)
    (out / "proof.json").write_text(json.dumps(record, ensure_ascii=False, indent=1), encoding="utf-8")
    (out / "proof.html").write_text(page_of(record), encoding="utf-8")
    return record


def record_of(
    told: Sequence[Told], judged: Sequence[pd.DataFrame], seed: int, size: Size, real: dict[str, Any] | None
) -> dict[str, Any]:
    """What proof.json holds, but for the times."""
    return {
        **assess(told, seed),
        "replayed": compared(told, judged),
        "real_hog_prices": real,
        "seed": seed,
        "size": asdict(size),
        "constants": {
            "effect_share": p.EFFECT_SHARE,
            "effect_households": p.EFFECT_HOUSEHOLDS,
            "late_hit_days": p.LATE_HIT_DAYS,
            "explained_days": p.EXPLAINED_DAYS,
            "single_threshold": p.SINGLE_THRESHOLD,
        },
    }


def _days(seed: int, told: Sequence[Told], count: int) -> list[tuple[int, date]]:
    """So many random days of random worlds, none twice."""
    rng = generator(seed, "proof", "days")
    every = [(one.seed, day.date()) for one in told for day in pd.DatetimeIndex(one.levels["as_of_date"].unique())]
    return [every[i] for i in np.sort(rng.permutation(len(every))[:count])]


def compared(told: Sequence[Told], judged: Sequence[pd.DataFrame]) -> dict[str, Any]:
    """The one pass beside runs of the same days that saw only what had come by then: how many levels differ, and where.

    A region that a gate withheld on the day has no level to compare: counted apart.
    """
    passes = {one.seed: one.levels.set_index(["region_code", "as_of_date"]) for one in told}
    found: dict[str, Any] = {"days": [], "compared": 0, "different": 0, "withheld": 0, "missing": 0}
    reasons = dict.fromkeys(REASONS, 0)
    columns = dict.fromkeys(COMPARED, 0)
    for frame in judged:
        different = withheld = 0
        for row in frame.to_dict("records"):
            if row["is_withheld"]:
                withheld += 1
                continue
            key = (row["region_code"], row["as_of_date"])
            one = passes[row["seed"]]
            if key not in one.index:
                found["missing"] += 1
                continue
            found["compared"] += 1
            before: Mapping[str, Any] = one.loc[key].to_dict()
            for name in COMPARED:
                columns[name] += _text(before[name]) != _text(row[name])
            if _text(before["level"]) != _text(row["level"]):
                different += 1
                begin = one.index.get_level_values("as_of_date").min()
                early = row["as_of_date"] < begin + pd.Timedelta(days=p.WARM_UP_DAYS)
                reasons["history_begins" if early else "elsewhere"] += 1
        found["different"] += different
        found["withheld"] += withheld
        day = frame["as_of_date"].iloc[0].date().isoformat() if len(frame) else None
        found["days"].append({"day": day, "regions": len(frame), "different": different, "withheld": withheld})
    return {**found, "different_by_reason": reasons, "different_by_column": columns}


def _text(value: object) -> str:
    return value if isinstance(value, str) else "null"
