"""The price rule on a real series: when it would have opened, and how often; no truth of households comes with it."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np

from signals.prices import same_window_fall, week_positions, weeks_in_a_row
from signals.scores import return_period_years
from warehouse.what_if import SEED

LEVELS = ("orange", "red")
EARLIER_YEARS = 3


def _cuts() -> dict[str, tuple[float, float]]:
    """By level the fall and the weeks in a row from which it counts."""
    with SEED.open(encoding="utf-8", newline="") as lines:
        rows = [r for r in csv.DictReader(lines) if r["rule_id"] == "R19"]
    value = {(r["parameter"], r["level"]): float(r["value"]) for r in rows}
    return {level: (value["same_window_fall", level], value["weeks_in_a_row", level]) for level in LEVELS}


def hog_prices(file: Path) -> dict[str, Any]:
    """The weekly hog price by province (columns yr, wk, pg_…): openings of the same-window fall at orange and red.

    Raises ValueError for a file without those columns. Without maize prices the official ratio cannot be judged.
    """
    with file.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines))
    provinces = [name for name in (rows[0] if rows else {}) if name.startswith("pg_")]
    if not provinces or not {"yr", "wk"} <= set(rows[0]):
        raise ValueError(f"{file.name} has no columns yr, wk and pg_…: weekly hog prices by province")
    years, weeks = (np.array([int(r[name]) for r in rows]) for name in ("yr", "wk"))
    positions = week_positions(years, weeks)
    found: dict[str, Any] = {"file": file.name, "provinces": len(provinces), "weeks": len(rows)}
    for level, (cut, least) in _cuts().items():
        openings, judged_years = 0, 0.0
        anhui: list[str] = []
        for name in provinces:
            prices = np.array([float(r[name] or "nan") for r in rows])
            _, fall = same_window_fall(years, weeks, prices, EARLIER_YEARS)
            known = ~np.isnan(fall)
            below = np.where(known, (fall >= cut).astype(float), np.nan)
            on = weeks_in_a_row(positions, below, 1) >= least
            opens = on & ~np.concatenate([[False], on[:-1]])
            openings += int(opens.sum())
            judged_years += float(known.sum()) / 52.18
            if name == "pg_1":
                anhui = [f"{y}-{w:02d}" for y, w in zip(years[opens], weeks[opens], strict=True)]
        found[level] = {
            "openings": openings,
            "judged_years": round(judged_years, 1),
            "return_period_years": _rounded(return_period_years(judged_years, openings)),
            "openings_of_the_first_province": anhui,
        }
    return found


def _rounded(value: float) -> float | None:
    return None if np.isinf(value) else round(value, 2)
