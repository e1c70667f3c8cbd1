"""What is done against each monitored household's risk, since when and for how much."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.assistance import OPEN, known_and_cleared, last_days
from simulation.columns import Columns, constant, day_texts, figures, joined, only_where, padded, picked, taken
from simulation.draws import Floats, Ints, between, generator
from simulation.monitoring import RISKS
from simulation.months import dashed, first_day_number
from simulation.story import Story, World
from simulation.turns import ENDS

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
class Measures:
    """One element a measure. Days count from 1970; OPEN has no end."""

    household: Ints
    kind: pa.Array
    name: pa.Array
    risk: Ints
    planned: Ints
    started: Ints
    ended: Ints
    amount: Floats
    source: Ints


def take_measures(world: World, story: Story) -> Measures:
    """Two measures a household: one against its risk, one by whether anybody in it can work."""
    known, cleared = known_and_cleared(story.turns.before)
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
    over = np.tile(last_days(story), 2)
    ended = np.where(over != OPEN, over, np.concatenate([cleared, cleared]))
    started = np.where((ended != OPEN) & (started >= ended), ended - 1, started)
    return Measures(
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


def measure_columns(story: Story, found: Measures, month: int) -> Columns:
    """The measures planned by the month's end and how far they are; those ended more than a year ago are gone."""
    day = first_day_number(month + 1) - 1
    rows = np.flatnonzero((found.planned <= day) & ((found.ended == OPEN) | (found.ended > day - 365)))
    started, over = found.started[rows] <= day, (found.ended[rows] != OPEN) & (found.ended[rows] <= day)
    count = len(rows)
    home = found.household[rows]
    lost = np.isin(home, story.monitored.household[story.turns.of(*ENDS)])
    return {
        "统计月份": constant(dashed(month), count),
        "措施编号": joined("CS", story.county.code, padded(rows, 7)),
        "户编号": taken(story.county.number, home),
        "证件号码": taken(story.county.id_number, story.county.first_person[home]),
        "措施类别": taken(found.kind, rows),
        "措施名称": taken(found.name, rows),
        "针对风险": picked(RISKS, found.risk[rows]),
        "方案版本": figures(np.ones(count, dtype=np.int64)),
        "制定日期": day_texts(found.planned[rows]),
        "开始实施日期": day_texts(np.where(started, found.started[rows], OPEN)),
        "结束日期": day_texts(np.where(over, found.ended[rows], OPEN)),
        "实施状态": picked(STATUSES, np.select([over & lost, over, started], [3, 2, 1], 0)),
        "投入资金": figures(np.where(started, found.amount[rows], 0.0)),
        "资金来源": only_where(started, picked(SOURCES, found.source[rows])),
        "成效": only_where(over & ~lost, constant("风险已消除", count)),
    }


def payments_of(found: Measures, first: int, last: int) -> Ints:
    """Measures begun from one day to another: their money is paid then."""
    return np.flatnonzero((found.started >= first) & (found.started <= last) & (found.amount > 0))
