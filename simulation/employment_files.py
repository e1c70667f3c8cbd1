"""The employment bureau's monthly list of one county: people able to work, of lifted-out and monitored households."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.columns import Columns, constant, day_texts, joined, only_where, picked, taken, whole, yes_no
from simulation.draws import Ints, generator
from simulation.employment import EMPLOYED, RETURNED, STATUSES, UNEMPLOYED, WORK_PLACES, work_places
from simulation.hardship import ILLNESS
from simulation.months import dashed, day_numbers
from simulation.story import Story

INDUSTRIES = ("制造业", "建筑业", "批发和零售业", "住宿和餐饮业", "居民服务业", "农林牧渔业", "交通运输业")
CHANNELS = ("自发外出", "亲友介绍", "政府组织", "企业招聘", "公益性岗位")
_FIRMS = ("恒达", "兴源", "华泰", "鑫隆", "永盛", "金穗", "宏图", "瑞丰", "东升", "万佳")
_KINDS = ("服装有限公司", "电子有限公司", "建筑劳务公司", "食品有限公司", "板材厂", "物流有限公司")


@dataclass(frozen=True)
class Jobs:
    """What does not change with the month: each panel person's employer, trade, place, channel and pay."""

    place: Ints
    firm: Ints
    kind: Ints
    industry: Ints
    channel: Ints
    wage: Ints  # yuan a month


def jobs_of(seed: int, story: Story) -> Jobs:
    """The panel's jobs, paid as the household's last statement before the world says."""
    rng = generator(seed, "jobs", story.county.code)
    labour, size = story.labour, len(story.labour.person)
    home = labour.household
    monthly = story.statements.portfolios[0].wage[home] / np.maximum(1, story.county.workers[home]) / 11.0
    return Jobs(
        work_places(rng, size),
        rng.integers(0, len(_FIRMS), size),
        rng.integers(0, len(_KINDS), size),
        rng.integers(0, len(INDUSTRIES), size),
        rng.integers(0, len(CHANNELS), size),
        np.maximum(300, np.rint(monthly / 10) * 10).astype(np.int64),
    )


ARREARS_MONTHS = 4  # how long unpaid wages stay on the list; assumed


def _arrears(story: Story, jobs: Jobs, month: int) -> Ints:
    """Yuan of unpaid wages by panel person: of a failed employer, and behind incomes lost to unstable work."""
    labour, events = story.labour, story.hardship
    unpaid = (events.reason == 1) & (events.kind != ILLNESS)
    unpaid &= (events.month <= month) & (events.month > month - ARREARS_MONTHS)
    owed = np.where(np.isin(labour.household, events.household[unpaid]), 2 * jobs.wage, 0)
    owed = np.where(labour.lost_in(month), ARREARS_MONTHS * jobs.wage, owed)
    return np.asarray(owed, dtype=np.int64)


def employment_columns(story: Story, jobs: Jobs, month: int, status: Ints, since: Ints) -> Columns:
    """The month's list. Who does not work has no place, employer or pay. since: the month of each one's last change."""
    labour = story.labour
    rows = np.flatnonzero(story.vulnerable_in(month)[labour.household])
    person, at_work = labour.person[rows], status[rows] == EMPLOYED
    idle, back = status[rows] == UNEMPLOYED, status[rows] == RETURNED
    changed = day_numbers(since[rows]) + 4
    owed = _arrears(story, jobs, month)[rows]

    def of_job(text: pa.Array) -> pa.Array:
        return pc.if_else(pa.array(at_work), text, "")

    return {
        "统计月份": constant(dashed(month), len(rows)),
        "姓名": taken(story.county.name, person),
        "证件号码": taken(story.county.id_number, person),
        "就业状态": picked(STATUSES, status[rows]),
        "务工地": of_job(picked(WORK_PLACES, jobs.place[rows])),
        "务工企业名称": of_job(joined(picked(_FIRMS, jobs.firm[rows]), picked(_KINDS, jobs.kind[rows]))),
        "所属行业": of_job(picked(INDUSTRIES, jobs.industry[rows])),
        "月工资": of_job(joined(whole(jobs.wage[rows]), ".00")),
        "就业渠道": of_job(picked(CHANNELS, jobs.channel[rows])),
        "是否失业登记": only_where(idle, yes_no(jobs.firm[rows] % 2 == 0)),
        "失业日期": day_texts(np.where(idle, changed, -1)),
        "是否参加职工社保": of_job(yes_no(jobs.channel[rows] == 3)),
        "欠薪金额": only_where(owed > 0, joined(whole(owed), ".00")),
        "返乡日期": day_texts(np.where(back, changed, -1)),
        "是否公益岗位": of_job(yes_no(jobs.channel[rows] == 4)),
    }
