"""Grids, one a villagers' group, and who keeps them when: a few stand empty for a while."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.cadres import Cadres
from simulation.columns import Columns, day_texts, figures, joined, only_where, padded, picked, taken, whole
from simulation.defects import Defect
from simulation.draws import Ints, generator
from simulation.months import day_of, first_day_number
from simulation.people import County
from simulation.story import Story, World

ROLES = ("村干部", "扶贫小组长", "党员", "村民代表", "公益岗位人员", "其他")
ENDS = ("调整", "外出务工", "患病", "其他")
OPEN = -1


@dataclass(frozen=True)
class Grids:
    """group: of household; of_household: its grid; village, number: of grid. Terms are of grid and cadre, by days."""

    group: Ints
    of_household: Ints
    village: Ints
    number: Ints
    term_grid: Ints
    term_cadre: Ints
    term_from: Ints
    term_to: Ints  # OPEN while in office
    term_end: Ints
    term_role: Ints

    @property
    def code(self) -> pa.Array:
        return joined("WG", padded(self.village, 12), padded(self.number, 2))


def divide(world: World, county: County, cadres: Cadres) -> Grids:
    """The county's grids and their keepers through the world's months."""
    group = generator(world.seed, "groups", county.code).integers(1, o.GROUPS_PER_VILLAGE + 1, county.households)
    key, of_household = np.unique(county.village * 100 + group, return_inverse=True)
    rng = generator(world.seed, "keepers", county.code)
    village, number = key // 100, key % 100
    township = np.zeros(len(key), dtype=np.int64)
    township[of_household] = county.township
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    begin = first - rng.integers(60, 900, len(key))
    keeper = cadres.of_township(rng, township)
    changes = rng.random(len(key)) < o.KEEPER_CHANGE_A_YEAR * (end - first) / 365.25
    vacant = ~changes & (rng.random(len(key)) < o.GRID_VACANT_SHARE)
    left = np.where(changes | vacant, rng.integers(first, end, len(key)), OPEN)
    follows = np.flatnonzero(changes)
    after = left[follows] + rng.integers(o.KEEPER_GAP_DAYS[0], o.KEEPER_GAP_DAYS[1] + 1, len(follows)) + 1
    grid = np.concatenate([np.arange(len(key)), follows])
    return Grids(
        group,
        of_household.astype(np.int64),
        village,
        number,
        grid,
        np.concatenate([keeper, cadres.beside(rng, keeper[follows])]),
        np.concatenate([begin, after]),
        np.concatenate([left, np.full(len(follows), OPEN)]),
        rng.integers(0, len(ENDS), len(grid)),
        rng.integers(0, len(ROLES), len(grid)),
    )


def grid_columns(story: Story, grids: Grids, month: int) -> Columns:
    """The division into grids at the end of that month."""
    count = len(grids.village)
    monitored = np.zeros(story.county.households)
    monitored[story.monitored.household[story.watched_in(month)]] = 1
    households = np.bincount(grids.of_household, minlength=count)
    listed = np.bincount(grids.of_household, weights=monitored, minlength=count).astype(np.int64)
    return {
        "网格编码": grids.code,
        "网格名称": joined("第", whole(grids.number), "网格"),
        "村编码": whole(grids.village),
        "覆盖村民小组": joined(whole(grids.number), "组"),
        "网格户数": figures(households),
        "其中监测户数": figures(listed),
        "网格面积": figures(households * 6),
        "划分日期": day_texts(np.full(count, first_day_number(month))),
    }


def keeper_columns(grids: Grids, cadres: Cadres, day: int) -> Columns:
    """Terms begun by that day; those that ended later still run."""
    rows = np.flatnonzero(grids.term_from <= day)
    ended = (grids.term_to[rows] != OPEN) & (grids.term_to[rows] <= day)
    cadre = grids.term_cadre[rows]
    return {
        "网格编码": taken(grids.code, grids.term_grid[rows]),
        "网格员姓名": taken(cadres.name, cadre),
        "网格员证件号码": taken(cadres.id_number, cadre),
        "联系电话": taken(cadres.phone, cadre),
        "身份": picked(ROLES, grids.term_role[rows]),
        "村编码": whole(grids.village[grids.term_grid[rows]]),
        "任职日期": day_texts(grids.term_from[rows]),
        "离任日期": day_texts(np.where(ended, grids.term_to[rows], OPEN)),
        "离任原因": only_where(ended, picked(ENDS, grids.term_end[rows])),
    }


def vacancies(grids: Grids) -> list[Defect]:
    """The grids that stood empty to the end after their keeper left."""
    followed = np.isin(grids.term_grid, grids.term_grid[len(grids.village) :])
    empty = np.flatnonzero((grids.term_to != OPEN) & ~followed)
    codes = taken(grids.code, grids.term_grid[empty]).to_pylist()
    return [
        Defect("grid_vacant", "grid_keepers", code, "", day_of(int(grids.term_to[row])).isoformat(), "")
        for code, row in zip(codes, empty, strict=True)
    ]
