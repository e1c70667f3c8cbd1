"""Who helps each monitored household from when to when, and what is done against its risk."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.cadres import UNIT_LEVELS, UNITS, Cadres
from simulation.columns import (
    Columns,
    constant,
    day_texts,
    figures,
    joined,
    only_where,
    padded,
    picked,
    taken,
)
from simulation.defects import Defect
from simulation.draws import Flags, Floats, Ints, between, generator
from simulation.monitoring import NEVER, RISKS
from simulation.months import dashed, day_numbers, day_of, first_day_number
from simulation.story import Story, World

OPEN = -1
KINDS = ("帮扶联系人", "帮扶责任人")
LEVELS = ("县级", "乡级", "村级")
ENDS = ("工作调动", "退休", "患病", "风险消除")
CLEARED = 3
# One measure each against the risk, by its position in RISKS; a second one for households that can or cannot work.
BY_RISK = (
    ("健康帮扶", "家庭医生签约服务和医疗救助"),
    ("综合保障", "残疾人护理和生活补贴"),
    ("就业帮扶", "务工技能培训和岗位推荐"),
    ("综合保障", "兜底保障"),
    ("教育帮扶", "助学补助"),
    ("社会帮扶", "社会捐助和临时救助"),
)
FOR_WORKERS, FOR_OTHERS = ("产业帮扶", "到户产业奖补"), ("综合保障", "低保和临时救助")
STATUSES = ("尚未实施", "实施中", "已完成", "已终止")
SOURCES = ("衔接资金", "行业资金", "救助基金", "社会资金", "保险", "其他")


@dataclass(frozen=True)
class Help:
    """Terms of helpers, one element each, and measures, one element each. Days count from 1970; OPEN has no end."""

    household: Ints
    cadre: Ints
    kind: Ints
    level: Ints
    begin: Ints
    end: Ints
    reason: Ints
    measure_household: Ints
    measure_class: pa.Array
    measure_name: pa.Array
    measure_risk: Ints
    planned: Ints
    started: Ints
    ended: Ints
    amount: Floats
    source: Ints


def arrange(world: World, story: Story, cadres: Cadres) -> tuple[Help, list[Defect]]:
    """The helpers and measures of all monitored households, and where the rules were not kept."""
    rng = generator(world.seed, "helpers", story.county.code)
    monitored = story.monitored
    known = day_numbers(monitored.identified) + 26  # after the label, which falls on the 27th at the latest
    cleared = np.where(monitored.eliminated != NEVER, day_numbers(np.maximum(monitored.eliminated, 0)) + 27, OPEN)
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
    sound = (ends == OPEN) | (ends > begins)
    measures = _measures(world, story, known, cleared)
    household = monitored.household[row[sound]]
    found = Help(
        household, cadre[sound], kind[sound], level[sound], begins[sound], ends[sound], reason[sound], *measures
    )
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
    own = len(story.monitored.household)
    left = dict(zip(row[:own].tolist(), end[:own].tolist(), strict=True))
    for place in range(own, len(row)):
        gap = int(begin[place]) - left[int(row[place])]
        if gap > 15 and begin[place] < last:
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


def _measures(world: World, story: Story, known: Ints, cleared: Ints) -> tuple[object, ...]:
    rng = generator(world.seed, "measures", story.county.code)
    monitored, county = story.monitored, story.county
    count = len(known)
    can_work = county.workers[monitored.household] > 0
    risk = np.concatenate([monitored.risk, monitored.risk])
    names = (*BY_RISK, FOR_WORKERS, FOR_OTHERS)
    which = np.concatenate([monitored.risk, np.where(can_work, len(BY_RISK), len(BY_RISK) + 1)])
    planned = np.concatenate([known, known]) + rng.integers(2, 12, 2 * count)
    late = rng.random(2 * count) < o.MEASURE_LATE_SHARE
    started = planned + np.where(late, rng.integers(45, 110, 2 * count), rng.integers(1, 16, 2 * count))
    ended = np.concatenate([cleared, cleared])
    started = np.where((ended != OPEN) & (started >= ended), ended - 1, started)
    return (
        np.concatenate([monitored.household, monitored.household]),
        picked([c for c, _ in names], which),
        picked([n for _, n in names], which),
        risk,
        planned,
        started,
        ended,
        np.rint(between(rng, o.MEASURE_YUAN, 2 * count) / 10) * 10,
        rng.integers(0, 4, 2 * count),
    )


def measure_columns(story: Story, found: Help, month: int) -> Columns:
    """The measures planned by the month's end and how far they are; those ended more than a year ago are gone."""
    day = first_day_number(month + 1) - 1
    rows = np.flatnonzero((found.planned <= day) & ((found.ended == OPEN) | (found.ended > day - 365)))
    started, over = found.started[rows] <= day, (found.ended[rows] != OPEN) & (found.ended[rows] <= day)
    count = len(rows)
    home = found.measure_household[rows]
    return {
        "统计月份": constant(dashed(month), count),
        "措施编号": joined("CS", story.county.code, padded(rows, 7)),
        "户编号": taken(story.county.number, home),
        "证件号码": taken(story.county.id_number, story.county.first_person[home]),
        "措施类别": taken(found.measure_class, rows),
        "措施名称": taken(found.measure_name, rows),
        "针对风险": picked(RISKS, found.measure_risk[rows]),
        "方案版本": figures(np.ones(count, dtype=np.int64)),
        "制定日期": day_texts(found.planned[rows]),
        "开始实施日期": day_texts(np.where(started, found.started[rows], OPEN)),
        "结束日期": day_texts(np.where(over, found.ended[rows], OPEN)),
        "实施状态": picked(STATUSES, np.select([over, started], [2, 1], 0)),
        "投入资金": figures(np.where(started, found.amount[rows], 0.0)),
        "资金来源": only_where(started, picked(SOURCES, found.source[rows])),
        "成效": only_where(over, constant("风险已消除", count)),
    }


def payments_of(found: Help, first: int, last: int) -> Ints:
    """Measures begun from one day to another: their money is paid then."""
    return np.flatnonzero((found.started >= first) & (found.started <= last) & (found.amount > 0))
