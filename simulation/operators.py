"""Who carries households: operators and their projects, the households linked to them, and which of them fail."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.columns import joined, padded
from simulation.draws import Flags, Floats, Ints, generator
from simulation.months import day_numbers, first_day_number
from simulation.people import County
from simulation.shocks import Shock

if TYPE_CHECKING:
    from simulation.story import World

NOT_STRUCK = -1
FINE = 10**6  # the month in which those fail that never do
PROJECT_KINDS = ("种植", "养殖", "加工", "光伏", "帮扶车间", "冷链物流")
FUND_SOURCES = ("衔接资金", "行业资金", "社会资金", "村集体", "混合")
KINDS = ("龙头企业", "农民合作社", "帮扶车间", "家庭农场", "其他")
MODES = ("务工", "订单", "分红", "托管", "土地流转", "入股")
NAMES = ("兴农", "皖北", "梨乡", "富民", "金穗", "丰源", "汴河", "众鑫")


@dataclass(frozen=True)
class Industry:
    """Projects and operators of one county (an element each, by place) and the links of its households."""

    county: str
    code: pa.Array  # of project
    village: Ints
    kind: Ints
    source: Ints
    invested: Floats
    operator: Ints
    fails: Ints  # month, FINE if never
    operator_code: pa.Array
    operator_town: Ints
    operator_kind: Ints
    operator_name: Ints
    staff: Ints
    closes: Ints
    link_household: Ints
    link_operator: Ints
    link_mode: Ints
    link_from: Ints
    link_to: Ints  # day, FINE if it holds
    link_income: Floats
    struck: Ints  # of operator: the number of the shock that stops its projects or closes it, NOT_STRUCK if none

    @property
    def abnormal(self) -> Ints:
        """The day from which each operator is listed as abnormal; -1 for those that never close."""
        never = self.closes == FINE
        day = day_numbers(np.where(never, 0, self.closes - o.ABNORMAL_MONTHS)) + o.ABNORMAL_DAYS
        return np.where(never, -1, day)

    def paid_in(self, month: int) -> Ints:
        """The projects that get money in that month: each in one month of the year while it runs."""
        return np.flatnonzero((np.arange(len(self.kind)) % 12 == month % 12) & (self.fails > month))


def _struck_operators(seed: int, county: County, shock: Shock, runs_projects: Ints) -> Flags:
    """Which operators a shock on projects or links strikes: a share of those of each township that it names.

    runs_projects: each project's operator; a shock on projects strikes only those that run one.
    """
    towns = len(county.townships)
    struck = np.zeros(o.ENTERPRISES_PER_TOWNSHIP * towns, dtype=bool)
    rng = generator(seed, "failures", county.code, *shock.draws)
    for town in (i for i, t in enumerate(county.townships) if t.code in shock.townships):
        pool = town * o.ENTERPRISES_PER_TOWNSHIP + np.arange(o.ENTERPRISES_PER_TOWNSHIP)
        if shock.kind == "project":
            pool = np.intersect1d(pool, runs_projects)
        count = max(1, round(shock.size * len(pool)))
        struck[rng.permutation(pool)[:count]] = True
    return struck


def carry(world: World, county: County) -> Industry:
    """The county's projects, operators and links in the world's months, and what shocks do to them."""
    seed, span, shocks = world.seed, world.months, world.shocks
    rng = generator(seed, "industry", county.code)
    towns = len(county.townships)
    months = len(span)
    operators, projects = o.ENTERPRISES_PER_TOWNSHIP * towns, o.PROJECTS_PER_TOWNSHIP * towns
    town = np.repeat(np.arange(towns), o.ENTERPRISES_PER_TOWNSHIP)
    often = world.effects.project_fails_a_year * months / 12
    fate = rng.random(operators) < often
    closes = np.where(fate, span[0] + rng.integers(2, max(3, months), operators), FINE)
    project_town = np.repeat(np.arange(towns), o.PROJECTS_PER_TOWNSHIP)
    villages = [np.array([int(v.code) for v in t.villages]) for t in county.townships]
    village = np.array([villages[t][int(rng.integers(len(villages[t])))] for t in project_town], dtype=np.int64)
    operator = project_town * o.ENTERPRISES_PER_TOWNSHIP + rng.integers(0, o.ENTERPRISES_PER_TOWNSHIP, projects)
    bad = rng.random(projects) < often
    own = np.where(bad, span[0] + rng.integers(2, max(3, months), projects), FINE)
    struck = np.full(operators, NOT_STRUCK, dtype=np.int64)
    for shock in (s for s in shocks if s.kind in ("project", "link")):
        hit = _struck_operators(seed, county, shock, operator) & (struck == NOT_STRUCK)
        struck[hit] = shock.number
        if shock.kind == "link":
            closes[hit] = np.minimum(closes[hit], shock.onset_month)
        else:
            own[hit[operator]] = np.minimum(own[hit[operator]], shock.onset_month)
    fails = np.minimum(own, closes[operator])
    # Where a failure is to concern nobody, no household lives from the operators that it strikes.
    lonely = np.flatnonzero(np.isin(struck, [s.number for s in shocks if s.reach == 0.0]))
    linked = np.flatnonzero(county.is_lifted_out & (rng.random(county.households) < o.LINKED_SHARE))
    with_operator = county.township[linked] * o.ENTERPRISES_PER_TOWNSHIP + rng.integers(
        0, o.ENTERPRISES_PER_TOWNSHIP, len(linked)
    )
    depends = ~np.isin(with_operator, lonely)
    linked, with_operator = linked[depends], with_operator[depends]
    first, end = first_day_number(span[0]), first_day_number(span[-1] + 1)
    ends = np.where(rng.random(len(linked)) < 0.03, rng.integers(first, end, len(linked)), FINE)
    shut = closes[with_operator]
    ends = np.minimum(ends, np.where(shut == FINE, FINE, day_numbers(np.minimum(shut, span[-1] + 1)) + 10))
    return Industry(
        county.code,
        joined("XM", county.code, padded(np.arange(1, projects + 1), 5)),
        village,
        rng.integers(0, len(PROJECT_KINDS), projects),
        rng.integers(0, len(FUND_SOURCES), projects),
        np.rint(rng.uniform(20, 400, projects)) * 10_000.0,
        operator,
        fails,
        joined("9134", county.code, padded(np.arange(1, operators + 1), 8)),
        town,
        rng.integers(0, len(KINDS), operators),
        rng.integers(0, len(NAMES), operators),
        rng.integers(6, 90, operators),
        closes,
        linked,
        with_operator,
        rng.integers(0, len(MODES), len(linked)),
        first - rng.integers(30, 900, len(linked)),
        ends,
        np.rint(rng.uniform(3, 60, len(linked))) * 100.0,
        struck,
    )
