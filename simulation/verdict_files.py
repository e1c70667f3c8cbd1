"""The townships' monthly answers: what they found when they went to see households in hardship."""

from __future__ import annotations

import calendar

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation.columns import Columns, picked, taken
from simulation.draws import Ints, generator
from simulation.hardship import NOT_INCLUDED
from simulation.monitoring import NEVER
from simulation.months import number_of, year_of
from simulation.story import Story

RESULTS = ("纳入监测", "已在监测", "无风险")
RULES = ("R03", "R04", "R05")


def _rule(story: Story, households: Ints, per_head: np.ndarray[tuple[int], np.dtype[np.float64]]) -> Ints:
    below = per_head[households] < a.MONITORING_LINE
    return np.where(below, np.where(story.county.is_lifted_out[households], 0, 1), 2).astype(np.int64)


def verdict_columns(seed: int, story: Story, place: int, month: int) -> Columns:
    """The answers of the township at that place in the county, given in that month; perhaps none."""
    county, events = story.county, story.hardship
    rng = generator(seed, "verdicts", county.townships[place].code, month)
    per_head = story.truth(month).net / county.size
    mine = np.flatnonzero((events.month == month - 1) & (county.township[events.household] == place))
    mine = mine[rng.random(len(mine)) < a.VERDICT_SHARE]
    household = events.household[mine]
    rule = np.where(events.is_illness[mine], 2, _rule(story, household, per_head))
    result = np.where(events.included[mine] != NOT_INCLUDED, 0, 2)
    first_day = np.ones(len(mine), dtype=np.int64)
    if story.impacts:
        # Of the falls reported about the month before some are answered now; a fresh shock is met on the spot by some.
        told = story.reported_in(month - 1)
        fresh = story.reported_in(month)
        struck = np.concatenate(
            [
                told[rng.random(len(told)) < a.VERDICT_SHOCK_SHARE],
                fresh[rng.random(len(fresh)) < a.VERDICT_FRESH_SHARE],
            ]
        )
        struck = np.setdiff1d(struck[county.township[struck] == place], household)
        listed = story.monitored.household[
            (story.monitored.identified <= month) & (story.monitored.eliminated == NEVER)
        ]
        household = np.concatenate([household, struck])
        rule = np.concatenate([rule, _rule(story, struck, per_head)])
        result = np.concatenate(
            [result, np.where(np.isin(struck, listed), 1, np.where(rng.random(len(struck)) < 0.9, 0, 2))]
        )
        first_day = np.concatenate([first_day, np.full(len(struck), 24)])
    last = calendar.monthrange(year_of(month), number_of(month))[1]
    day = rng.integers(first_day, last + 1)
    return {
        "户编号": taken(county.number, household),
        "规则编号": picked(RULES, rule),
        "核查结果": picked(RESULTS, result),
        "核查日期": pa.array([f"{year_of(month):04d}-{number_of(month):02d}-{d:02d}" for d in day], type=pa.string()),
        "备注": picked(("已入户核实", "已入户核实", "家庭情况稳定"), result),
    }
