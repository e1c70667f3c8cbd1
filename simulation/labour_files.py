"""The statistics bureau's labour series by county and month: its own table, an SDMX-CSV beside it, and revisions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np

from simulation import assumptions as a
from simulation.draws import generator, one_between
from simulation.inbox import Inbox
from simulation.months import compact, dashed, number_of, office_moment
from simulation.shocks import Shock
from simulation.statements import Cell, columns_of
from simulation.story import World

HEADERS = (
    "统计月份",
    "地区代码",
    "登记失业人数",
    "城镇新增就业人数",
    "外出务工人数",
    "求人倍率",
    "城镇调查失业率（%）",
)
_SDMX_HEADERS = (
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "REF_AREA",
    "INDICATOR",
    "TIME_PERIOD",
    "OBS_VALUE",
    "OBS_STATUS",
)
_STRUCTURE = "CN_SZ:LABOUR(1.0)"
_INDICATORS = {"LU_REG_NB": "登记失业人数", "LE_NEW_NB": "城镇新增就业人数", "LU_RT": "城镇调查失业率（%）"}


def unemployment(rng: np.random.Generator, base: float, county: str, month: int, shocks: Sequence[Shock]) -> float:
    """The share without work in a month: a little more after the Spring Festival, and what a shock of jobs adds."""
    season = 0.004 if number_of(month) in (2, 3) else 0.0
    struck = 0.0
    for shock in shocks:
        if shock.kind == "employment" and shock.region_code.startswith(county) and shock.holds_in(month):
            struck += shock.size * a.UNEMPLOYMENT_SHOCK_SHARE
    return base + season + struck + float(rng.uniform(-0.001, 0.001))


def _rows(world: World, month: int) -> list[dict[str, Cell]]:
    rows: list[dict[str, Cell]] = []
    for county in world.counties:
        base = one_between(generator(world.seed, "labour_series", county), a.URBAN_UNEMPLOYMENT)
        rng = generator(world.seed, "labour_series", county, month)
        share = unemployment(rng, base, county, month, world.shocks)
        towns = sum(t.county == county for t in world.townships)
        labour = towns * world.households_per_township * a.PERSONS_PER_HOUSEHOLD * 0.5
        rows.append(
            {
                "统计月份": dashed(month),
                "地区代码": county,
                "登记失业人数": str(round(labour * 0.3 * share)),
                "城镇新增就业人数": str(round(labour * one_between(rng, (0.001, 0.002)))),
                "外出务工人数": str(round(labour * one_between(rng, (0.44, 0.46)))),
                "求人倍率": f"{one_between(rng, (1.05, 1.35)):.2f}",
                "城镇调查失业率（%）": f"{share * 100:.1f}",
            }
        )
    return rows


def _revised(rows: list[dict[str, Cell]], rng: np.random.Generator) -> list[dict[str, Cell]]:
    """The same month as it is known a month later: some more had registered as unemployed."""
    return [
        {**r, "登记失业人数": str(round(int(str(r["登记失业人数"])) * 1.01) + int(rng.integers(1, 4)))} for r in rows
    ]


def _sdmx(rows: list[dict[str, Cell]], action: str, status: str) -> list[dict[str, Cell]]:
    return [
        dict(
            zip(
                _SDMX_HEADERS,
                ("dataflow", _STRUCTURE, action, row["地区代码"], code, row["统计月份"], row[header], status),
                strict=True,
            )
        )
        for row in rows
        for code, header in _INDICATORS.items()
    ]


def write_labour(world: World, inbox: Inbox) -> None:
    """Each month's figures in both forms, and at each quarter's end that month once more, revised."""
    for month in world.months:
        rng = generator(world.seed, "arrivals", "labour_series", month)
        moment = office_moment(rng, month + 1, (6, 10))
        rows = _rows(world, month)
        later = moment + timedelta(days=31)
        statements = [("", moment, rows, "I", "A")]
        if number_of(month) % 3 == 0:
            statements.append(("修订_", later, _revised(rows, rng), "R", "R"))
        for word, received, figures, action, status in statements:
            name = f"就业月报_{word}{compact(month)}.csv"
            inbox.write_csv("labour_series", name, columns_of(HEADERS, figures), received, encoding="utf-8-sig")
            sdmx = columns_of(_SDMX_HEADERS, _sdmx(figures, action, status))
            inbox.write_csv("labour_series", f"SDMX_LABOUR_{word}{compact(month)}.csv", sdmx, received)
