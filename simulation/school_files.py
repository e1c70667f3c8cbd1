"""The education bureau's quarterly list: pupils of watched households, drop-outs, and whose fees weigh."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation import office_assumptions as o
from simulation.columns import Columns, constant, day_texts, figures, joined, only_where, picked, taken, yes_no
from simulation.draws import Flags, Floats, Ints, generator
from simulation.lives import Lives
from simulation.months import dashed, first_day_number, number_of, year_of
from simulation.register_files import guarantee_gaps
from simulation.story import Story, World

STAGES = ("", "学前", "小学", "初中", "普通高中", "中职", "本科及以上")
AIDS = (
    "",
    "学前教育资助",
    "义务教育家庭经济困难补助",
    "义务教育家庭经济困难补助",
    "普通高中助学金",
    "中职助学金",
    "助学贷款",
)
AID_YUAN = np.array([0, 500, 500, 625, 1_000, 1_000, 4_000], dtype=np.float64)  # a term; assumed
_FIRST_AGE = np.array([0, 3, 6, 12, 15, 15, 18])
NONE = -1


@dataclass(frozen=True)
class School:
    """One element a listed student."""

    person: Ints
    stage: Ints
    fee: Floats
    dropped: Ints  # the day, NONE for those at school
    school: Ints


def schools(world: World, story: Story) -> School:
    """Students of households watched at any time; of others only those whose fees are high, and drop-outs."""
    county = story.county
    rng = generator(world.seed, "schools", county.code)
    watched = county.is_lifted_out.copy()
    watched[story.monitored.household] = True
    fee = np.zeros(county.persons)
    for stage, bounds in o.SCHOOL_FEES.items():
        fee = np.where(county.student == stage, rng.uniform(*bounds, county.persons), fee)
    high = (rng.random(county.persons) < o.SCHOOL_FEES_HIGH_SHARE) & np.isin(county.student, tuple(o.SCHOOL_FEES))
    fee = np.where(high, rng.uniform(*o.SCHOOL_FEES_HIGH, county.persons), fee)
    lacks = guarantee_gaps(world.seed, county)[0]["education"] > 0
    pupil = (county.student == 2) | (county.student == 3)
    out = lacks[county.home] & pupil
    person = np.flatnonzero((county.student > 0) & (watched[county.home] | high | out))
    first = first_day_number(world.first_month)
    return School(
        person,
        county.student[person],
        np.rint(fee[person] / 10) * 10,
        np.where(out[person], first - rng.integers(20, 200, len(person)), NONE),
        rng.integers(0, 6, len(person)),
    )


def school_columns(story: Story, lives: Lives, found: School, month: int) -> Columns:
    """The list at the quarter's end."""
    county = story.county
    rows = np.flatnonzero(lives.present(first_day_number(month + 1) - 1)[found.person])
    person, stage = found.person[rows], found.stage[rows]
    towns = [t.name for t in county.townships]
    autumn = number_of(month) >= 9
    begins = year_of(month) - (0 if autumn else 1)
    aided: Flags = county.is_lifted_out[county.home[person]] | (county.is_dibao[county.home[person]])
    out = found.dropped[rows] != NONE
    count = len(rows)
    grade = np.clip(county.age[person] - _FIRST_AGE[stage] + 1, 1, np.where(stage == 2, 6, 3))
    return {
        "统计月份": constant(dashed(month), count),
        "姓名": taken(county.name, person),
        "证件号码": taken(county.id_number, person),
        "户编号": taken(county.number, county.home[person]),
        "学校名称": joined(
            picked(towns, county.township[county.home[person]]),
            picked(("中心", "第二", "第三", "希望", "实验", "育才"), found.school[rows]),
            picked(("", "幼儿园", "小学", "初级中学", "高级中学", "职业学校", "学院"), stage),
        ),
        "学段": picked(STAGES, stage),
        "年级": figures(grade),
        "就学状态": picked(("在校", "辍学"), out.astype(np.int64)),
        "辍学日期": day_texts(found.dropped[rows]),
        "是否已劝返": only_where(out, yes_no(np.zeros(count, dtype=bool))),
        "学年度": constant(f"{begins}-{begins + 1}", count),
        "资助类别": only_where(aided, picked(AIDS, stage)),
        "资助金额": figures(np.where(aided, AID_YUAN[stage], 0.0)),
        "学年自付费用": figures(found.fee[rows]),
    }
