"""Houses and water: the quarterly lists of the building and water bureaus, and what disasters broke."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation import assumptions as a
from simulation import office_assumptions as o
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
    whole,
    yes_no,
    yuan,
)
from simulation.draws import Flags, Ints, generator
from simulation.lives import Lives
from simulation.losses import Losses
from simulation.months import dashed, first_day_number
from simulation.register_files import guarantee_gaps
from simulation.story import Story, World

GRADES = tuple(a.HOUSING_GRADES)
DAMAGES = ("无", "洪涝", "风雹", "火灾")
NONE = -1


@dataclass(frozen=True)
class Dwellings:
    """Per household: grade, day of assessment; whose water is not safe; short interruptions of whole villages."""

    grade: Ints
    assessed: Ints
    unsafe_water: Flags
    trouble_village: Ints
    trouble_day: Ints
    trouble_days: Ints


def dwellings(world: World, story: Story) -> Dwellings:
    """The county's houses and water."""
    county = story.county
    rng = generator(world.seed, "dwellings", county.code)
    gaps, grade = guarantee_gaps(world.seed, county)
    villages = np.unique(county.village)
    quarters = len(world.months) / 3
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    count = int(rng.poisson(o.WATER_TROUBLE_PER_VILLAGE_QUARTER * len(villages) * quarters))
    return Dwellings(
        grade,
        first - rng.integers(30, 700, county.households),
        gaps["water"] > 0,
        rng.choice(villages, count),
        rng.integers(first, end, count),
        rng.integers(1, 6, count),
    )


def housing_columns(world: World, story: Story, lives: Lives, found: Dwellings, losses: Losses, month: int) -> Columns:
    """Houses of lifted-out and monitored households, unsafe ones of others, and those damaged of late."""
    county = story.county
    day = first_day_number(month + 1) - 1
    listed = story.vulnerable_in(month) | (found.grade >= 2)
    damaged_at, damage = losses.house_damage(first_day_number(month - 2), day, county.households)
    listed |= damaged_at != NONE
    listed &= lives.present(day)[county.first_person]
    listed[lives.merge_from[lives.merge_day <= day]] = False
    home = np.flatnonzero(listed)
    head = county.first_person[home]
    unsafe = found.grade[home] >= 2
    mended = damaged_at[home] != NONE
    return {
        "统计月份": constant(dashed(month), len(home)),
        "户编号": taken(county.number, home),
        "户主姓名": taken(county.name, head),
        "户主证件号码": taken(county.id_number, head),
        "村编码": whole(story.villages_in(month)[home]),
        "住房等级": picked(GRADES, found.grade[home]),
        "鉴定日期": day_texts(found.assessed[home]),
        "住房是否安全": yes_no(~unsafe),
        "新增损坏": picked(DAMAGES, damage[home]),
        "损坏日期": day_texts(damaged_at[home]),
        "改造状态": picked(("", "未列入", "已列入"), np.select([unsafe, mended], [2, 1], 0)),
        "补助金额": yuan(np.zeros(len(home))),
    }


def water_columns(story: Story, found: Dwellings, month: int) -> Columns:
    """Households whose water is not safe, and those of villages cut off for some days in the quarter."""
    county = story.county
    first, day = first_day_number(month - 2), first_day_number(month + 1) - 1
    rows = np.flatnonzero((found.trouble_day >= first) & (found.trouble_day <= day))
    _, once = np.unique(found.trouble_village[rows], return_index=True)
    cut = dict(zip(found.trouble_village[rows[once]].tolist(), rows[once].tolist(), strict=True))
    event = np.full(county.households, NONE)
    for village, row in cut.items():
        here = np.flatnonzero(county.village == village)
        event[here[::25]] = row  # the list names the end of the line, not the whole village
    home = np.flatnonzero(found.unsafe_water | (event != NONE))
    has_cut = event[home] != NONE
    at = np.maximum(event[home], 0)
    begin = found.trouble_day[at] if len(found.trouble_day) else np.zeros(len(home), dtype=np.int64)
    days = found.trouble_days[at] if len(found.trouble_days) else np.zeros(len(home), dtype=np.int64)
    unsafe = found.unsafe_water[home]
    return {
        "统计月份": constant(dashed(month), len(home)),
        "户编号": taken(county.number, home),
        "村编码": whole(county.village[home]),
        "供水方式": picked(("集中供水", "分散供水"), (unsafe & ~has_cut).astype(np.int64)),
        "供水工程编码": only_where(has_cut, joined("GS", padded(county.village[home], 12))),
        "是否断水": yes_no(has_cut),
        "断水天数": figures(np.where(has_cut, np.minimum(days, day - begin + 1), 0)),
        "水质检测": picked(("合格", "不合格"), unsafe.astype(np.int64)),
        "检测日期": day_texts(np.full(len(home), day - 20)),
        "恢复日期": day_texts(np.where(has_cut & (begin + days <= day), begin + days, NONE)),
        "饮水是否安全": yes_no(~unsafe),
    }
