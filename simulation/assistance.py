"""Who helps each monitored household from when to when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation import office_assumptions as o
from simulation.cadres import UNIT_LEVELS, UNITS, Cadres
from simulation.columns import (
    Columns,
    day_texts,
    only_where,
    picked,
    taken,
)
from simulation.defects import Defect
from simulation.draws import Flags, Ints, generator
from simulation.monitoring import NEVER, Monitored
from simulation.months import day_numbers, day_of, first_day_number
from simulation.story import Story, World
from simulation.turns import CLEARED as WRONGLY_CLEARED

OPEN = -1
KINDS = ("帮扶联系人", "帮扶责任人")
LEVELS = ("县级", "乡级", "村级")
ENDS = ("工作调动", "退休", "患病", "风险消除", "其他")
CLEARED, HOUSEHOLD_ENDED = 3, 4


@dataclass(frozen=True)
class Help:
    """Terms of helpers, one element each. Days count from 1970; OPEN has no end."""

    household: Ints
    cadre: Ints
    kind: Ints
    level: Ints
    begin: Ints
    end: Ints
    reason: Ints


def known_and_cleared(monitored: Monitored) -> tuple[Ints, Ints]:
    """Of each monitored household the day on which its inclusion is surely known, and that of its elimination."""
    known = day_numbers(monitored.identified) + 26  # after the label, which falls on the 27th at the latest
    cleared = np.where(monitored.eliminated != NEVER, day_numbers(np.maximum(monitored.eliminated, 0)) + 27, OPEN)
    return known, cleared


def last_days(story: Story) -> Ints:
    """The day on which a turn ends each monitored household's help, OPEN where none does."""
    wrongly = known_and_cleared(story.monitored)[1]
    ended = story.turns.end_day()
    return np.where(story.turns.kind == WRONGLY_CLEARED, wrongly, np.where(ended == NEVER, OPEN, ended))


def arrange(world: World, story: Story, cadres: Cadres) -> tuple[Help, list[Defect]]:
    """The helpers of all monitored households, and where the rules were not kept."""
    rng = generator(world.seed, "helpers", story.county.code)
    monitored = story.monitored
    known, cleared = known_and_cleared(story.turns.before)
    count = len(known)
    within = o.HELPER_ARRANGED_WITHIN_DAYS
    begin = known + rng.integers(within[0], within[1] + 1, count)
    township = story.county.township[monitored.household]
    first = cadres.of_township(rng, township)
    no_county = rng.random(count) < o.NO_COUNTY_HELPER_SHARE
    parts = [_terms(rng, cadres, np.arange(count), first, begin, cleared, np.where(no_county, 1, 0), 0, world)]
    second = np.flatnonzero(rng.random(count) < o.SECOND_HELPER_SHARE)
    other = cadres.beside(rng, first[second])
    levels = rng.integers(1, 3, len(second))
    start = begin[second] + rng.integers(0, 20, len(second))
    parts.append(_terms(rng, cadres, second, other, start, cleared[second], levels, 1, world))
    row, cadre, kind, level, begins, ends, reason = (np.concatenate([p[i] for p in parts]) for i in range(7))
    over = last_days(story)[row]
    cut = (over != OPEN) & ((ends == OPEN) | (ends > over))  # turns befall households that had no other end
    ends = np.where(cut, over, ends)
    reason = np.where(cut, np.where(story.turns.kind[row] == WRONGLY_CLEARED, CLEARED, HOUSEHOLD_ENDED), reason)
    sound = (ends == OPEN) | (ends > begins)
    household = monitored.household[row[sound]]
    found = Help(household, cadre[sound], kind[sound], level[sound], begins[sound], ends[sound], reason[sound])
    last = first_day_number(world.last_month + 1)
    return found, _gaps(world, story, no_county & (known < last), parts)


def _terms(
    rng: np.random.Generator,
    cadres: Cadres,
    row: Ints,
    cadre: Ints,
    begin: Ints,
    cleared: Ints,
    level: Ints,
    kind: int,
    world: World,
) -> tuple[Ints, ...]:
    """Each helper's term; some hand over to another in the world's months, a few of them late."""
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    changes = rng.random(len(row)) < o.HELPER_CHANGE_A_YEAR * (end - first) / 365.25
    day = np.maximum(rng.integers(first, end, len(row)), begin + 40)
    changes &= (cleared == OPEN) | (day + o.HELPER_GAP_DAYS[1] < cleared)
    late = rng.random(len(row)) < o.HELPER_GAP_SHARE
    gap = np.where(late, rng.integers(*o.HELPER_GAP_DAYS, len(row)), rng.integers(1, 9, len(row)))
    reason = rng.integers(0, 3, len(row))
    own_end = np.where(changes, day, cleared)
    follow = np.flatnonzero(changes)
    return (
        np.concatenate([row, row[follow]]),
        np.concatenate([cadre, cadres.beside(rng, cadre[follow])]),
        np.full(len(row) + len(follow), kind, dtype=np.int64),
        np.concatenate([level, level[follow]]).astype(np.int64),
        np.concatenate([begin, (day + gap)[follow]]),
        np.concatenate([own_end, cleared[follow]]),
        np.concatenate([np.where(changes, reason, CLEARED), np.full(len(follow), CLEARED)]),
    )


def _gaps(world: World, story: Story, no_county: Flags, parts: list[tuple[Ints, ...]]) -> list[Defect]:
    """Households without a helper of the county, and handovers of the first helper that took too long."""
    numbers = story.county.number
    last = first_day_number(world.last_month + 1)
    at = story.monitored.household[np.flatnonzero(no_county)]
    found = [Defect("no_county_helper", "helpers", "", number, "", "") for number in taken(numbers, at).to_pylist()]
    row, _, _, _, begin, end, _ = parts[0]
    over = last_days(story)
    own = len(story.monitored.household)
    left = dict(zip(row[:own].tolist(), end[:own].tolist(), strict=True))
    for place in range(own, len(row)):
        gap = int(begin[place]) - left[int(row[place])]
        until = min(last, int(over[row[place]])) if over[row[place]] != OPEN else last
        if gap > 15 and begin[place] < until:
            number = numbers[int(story.monitored.household[row[place]])].as_py()
            day = day_of(left[int(row[place])]).isoformat()
            found.append(Defect("helper_gap", "helpers", "", number, day, f"{gap} days"))
    return found


def helper_columns(story: Story, found: Help, cadres: Cadres, day: int) -> Columns:
    """The terms that had begun by that day; an end after it is not known yet."""
    rows = np.flatnonzero(found.begin <= day)
    cadre = found.cadre[rows]
    over = (found.end[rows] != OPEN) & (found.end[rows] <= day)
    return {
        "户编号": taken(story.county.number, found.household[rows]),
        "帮扶人姓名": taken(cadres.name, cadre),
        "帮扶人证件号码": taken(cadres.id_number, cadre),
        "联系电话": taken(cadres.phone, cadre),
        "类别": picked(KINDS, found.kind[rows]),
        "安排层级": picked(LEVELS, found.level[rows]),
        "工作单位": picked(UNITS, cadres.unit[cadre]),
        "单位层级": picked(UNIT_LEVELS, cadres.unit[cadre]),
        "开始日期": day_texts(found.begin[rows]),
        "结束日期": day_texts(np.where(over, found.end[rows], OPEN)),
        "结束原因": only_where(over, picked(ENDS, found.reason[rows])),
    }
