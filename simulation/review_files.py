"""Looks from above and outside: the other platform's export, the census, spot checks, findings, yearly checks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.cases import NONE
from simulation.columns import (
    Columns,
    constant,
    day_texts,
    figures,
    joined,
    month_texts,
    only_where,
    padded,
    picked,
    taken,
    whole,
    yes_no,
    yuan,
)
from simulation.defects import Defect
from simulation.draws import Flags, Floats, Ints, generator, sample
from simulation.lives import Lives
from simulation.monitoring import NEVER, RISKS, TYPES
from simulation.months import compact, day_number, first_day, first_day_number
from simulation.register_files import guarantee_gaps
from simulation.story import Story, World

MISSING, OTHER_TYPE, OTHER_STATE = range(3)
MISMATCHES = ("missing_in_province", "type_differs", "state_differs")


@dataclass(frozen=True)
class Mismatches:
    """Per monitored row how the province's platform differs from the national system; NONE where they agree."""

    kind: Ints


def mismatches(world: World, story: Story) -> tuple[Mismatches, list[Defect]]:
    """Drawn once: a difference stays until somebody finds it."""
    rng = generator(world.seed, "platform", story.county.code)
    count = len(story.monitored.household)
    kind = np.where(rng.random(count) < o.SYSTEM_MISMATCH_SHARE, rng.integers(0, 3, count), NONE)
    cleared = story.monitored.eliminated != NEVER
    kind = np.where((kind == OTHER_STATE) & ~cleared, OTHER_TYPE, kind)
    rows = np.flatnonzero((kind != NONE) & (story.monitored.identified <= world.last_month))
    numbers = taken(story.county.number, story.monitored.household[rows]).to_pylist()
    months = np.maximum(story.monitored.identified[rows], world.first_month)
    # A state can differ only from the month in which the other system cleared it.
    months = np.where(kind[rows] == OTHER_STATE, np.maximum(months, story.monitored.eliminated[rows]), months)
    defects = [
        Defect(MISMATCHES[int(kind[row])], "provincial_platform_export", "", number, compact(int(month)), "")
        for row, number, month in zip(rows, numbers, months, strict=True)
        if month <= world.last_month
    ]
    return Mismatches(kind.astype(np.int64)), defects


def provincial_columns(story: Story, lives: Lives, found: Mismatches, month: int) -> Columns:
    """The province's export: a row a household, as the national one but for the planted differences."""
    county, monitored = story.county, story.monitored
    rows = story.listed_by(month)
    rows = rows[found.kind[rows] != MISSING]
    rows = rows[np.argsort(monitored.household[rows], kind="stable")]
    home, kind = monitored.household[rows], found.kind[rows]
    gone = (monitored.eliminated[rows] != NEVER) & (monitored.eliminated[rows] <= month) & (kind != OTHER_STATE)
    register = lives.register(first_day_number(month + 1) - 1)
    registered = register.rows_of(home)
    incomes = register.incomes(story.statement(story.statements.in_force(month))).at(registered)
    size = register.size[registered]
    head = county.first_person[home]
    types = story.types_in(month)[rows]
    shown = np.where(kind == OTHER_TYPE, (types + 1) % 3, types)
    return {
        "户编号": taken(county.number, home),
        "村编码": whole(story.villages_in(month)[home]),
        "户主姓名": taken(county.name, head),
        "户主证件号码": taken(county.id_number, head),
        "户类型": yes_no(county.is_lifted_out[home], "脱贫户", "一般农户"),
        "监测对象类别": picked(TYPES, shown),
        "家庭人口数": figures(size),
        "返贫致贫风险": picked(RISKS, monitored.risk[rows]),
        "人均纯收入": figures(np.round(incomes.net / size, 2)),
        "识别监测时间": month_texts(monitored.identified[rows], ""),
        "风险是否已消除": yes_no(gone),
        "消除监测时间": month_texts(np.where(gone, monitored.eliminated[rows], NONE), ""),
        "平台更新日期": day_texts(np.full(len(rows), first_day_number(month + 1) - 3)),
    }


def census_columns(world: World, story: Story, year: int) -> Columns:
    """The census households: the lifted-out ones as they were before the world's first edition."""
    county = story.county
    home = np.flatnonzero(county.is_lifted_out)
    head, count = county.first_person[home], len(home)
    net = story.statements.portfolios[0].at(home).net / county.size[home]
    columns: dict[str, pa.Array] = {
        "普查年度": constant(str(year), count),
        "户编号": taken(county.number, home),
        "村编码": whole(county.village[home]),
        "户主姓名": taken(county.name, head),
        "户主证件号码": taken(county.id_number, head),
        "家庭人口数": whole(county.size[home]),
        "是否脱贫户": constant("是", count),
    }
    for header in ("不愁吃", "不愁穿", "义务教育保障", "基本医疗保障", "住房安全保障", "饮水安全保障"):
        columns[header] = constant("是", count)
    columns["人均纯收入"] = yuan(np.rint(net * 0.92))
    return columns


ITEMS = ("识别准确", "收入", "义务教育", "住房安全", "饮水安全", "帮扶措施", "退出准确")
LEVELS = ("省级", "市级", "县级")


def spot_columns(world: World, story: Story, year: int) -> Columns:
    """A year's spot checks: what the story says of each drawn household decides whether it passes."""
    county = story.county
    rng = generator(world.seed, "spots", county.code, year)
    home = sample(rng, np.arange(county.households), o.SPOT_CHECKS_PER_COUNTY)
    item = rng.integers(0, len(ITEMS), len(home))
    gaps, grade = guarantee_gaps(world.seed, county)
    failed = np.select(
        [item == 2, item == 3, item == 4],
        [gaps["education"][home] > 0, grade[home] >= 2, gaps["water"][home] > 0],
        False,
    )
    poor = missed_households(story, (year + 1) * 12 - 1)
    failed = np.where(item <= 1, poor[home], failed)
    begin = first_day_number(year * 12 + 9)
    return {
        "核查编号": joined("CC", county.code, str(year), padded(np.arange(1, len(home) + 1), 4)),
        "核查日期": day_texts(begin + rng.integers(0, 60, len(home))),
        "核查层级": picked(LEVELS, rng.integers(0, 3, len(home))),
        "村编码": whole(county.village[home]),
        "户编号": taken(county.number, home),
        "核查内容": picked(ITEMS, item),
        "是否通过": yes_no(~failed.astype(bool)),
        "系统记录": constant("与系统一致", len(home)),
        "核查情况": picked(("与实际相符", "与实际不符，限期整改"), failed.astype(np.int64)),
    }


def missed_households(story: Story, month: int) -> Flags:
    """Households in fresh hardship at the end of that month whom nobody monitors: what an audit would find."""
    county, events = story.county, story.hardship
    flags = np.zeros(county.households, dtype=bool)
    flags[events.household[(events.month <= month) & (events.month > month - 12)]] = True
    for impact in story.impacts:
        if impact.shock.onset_month <= month:
            flags |= impact.fall >= 0.30
    flags[story.monitored.household[story.monitored.listed_by(month)]] = False
    return flags


CATEGORIES = ("识别不准", "应纳未纳", "帮扶不实", "退出不准", "政策落实", "资金项目")
SOURCES = ("后评估", "暗访", "督查", "审计")
STATES = ("未整改", "整改中", "已整改", "已销号")


def finding_rows(world: World, story: Story, year: int) -> tuple[Ints, Ints, Ints, Ints, Floats]:
    """The findings of a year: category, source, township, the day found, and days until each was put right."""
    county = story.county
    rng = generator(world.seed, "findings", county.code, year)
    count = o.FINDINGS_PER_COUNTY_YEAR
    return (
        rng.integers(0, len(CATEGORIES), count),
        rng.integers(0, len(SOURCES), count),
        rng.integers(0, len(county.townships), count),
        first_day_number(year * 12) + rng.integers(60, 280, count),
        rng.uniform(20, 160, count),
    )


def finding_columns(world: World, story: Story, year: int, day: int) -> Columns:
    """The year's findings as they stand on that day: when found, and again when put right."""
    category, source, town, found, needed = finding_rows(world, story, year)
    count = len(category)
    done = found + needed.astype(np.int64)
    rows = np.concatenate([np.flatnonzero(found <= day), np.flatnonzero(done <= day)])
    state = np.repeat([1, 3], [int((found <= day).sum()), int((done <= day).sum())])
    over = state == 3
    towns = [t.region_code for t in story.county.townships]
    return (
        {
            "问题编号": joined("WT", story.county.code, str(year), padded(rows + 1, 3)),
            "状态日期": day_texts(np.where(over, done[rows], found[rows])),
            "来源": picked(SOURCES, source[rows]),
            "层级": picked(("国家", "省级", "市级", "县级"), rows % 4),
            "发现日期": day_texts(found[rows]),
            "乡镇代码": picked(towns, town[rows]),
            "户编号": constant("", len(rows)),
            "问题类别": picked(CATEGORIES, category[rows]),
            "问题描述": constant("档案与实际不一致", len(rows)),
            "责任单位": constant("乡镇人民政府", len(rows)),
            "整改时限": day_texts(found[rows] + 90),
            "整改完成日期": day_texts(np.where(over, done[rows], NONE)),
            "整改状态": picked(STATES, state),
        }
        if count
        else {}
    )


def check_columns(world: World, story: Story, year: int) -> Columns:
    """The yearly check of each village, after its end."""
    county = story.county
    rng = generator(world.seed, "checks", county.code, year)
    village, at, households = np.unique(county.village, return_inverse=True, return_counts=True)
    begin = day_number(first_day(year * 12 + 9)) + rng.integers(0, 20, len(village))
    took = rng.integers(12, 30, len(village))
    checked = households - (rng.random(len(village)) < 0.15) * np.minimum(
        households - 1, rng.integers(1, 9, len(village))
    )
    missed = np.bincount(at, weights=missed_households(story, year * 12 + 8), minlength=len(village))
    found = np.minimum(missed.astype(np.int64), 1 + missed.astype(np.int64) // 2)
    return {
        "排查年度": constant(str(year), len(village)),
        "村编码": whole(village),
        "上报日期": day_texts(begin + took + 3),
        "开始日期": day_texts(begin),
        "结束日期": day_texts(begin + took),
        "应排查户数": figures(households),
        "已排查户数": figures(checked),
        "发现风险户数": figures(found),
        "拟纳入户数": figures(found // 2),
        "排查人员数": figures(rng.integers(6, 25, len(village))),
    }


def audit_columns(world: World, story: Story, year: int) -> Columns:
    """A random look at households that nobody had flagged; the truth of each is the story's."""
    county = story.county
    rng = generator(world.seed, "audits", county.code, year)
    month = year * 12 + 10
    flagged = np.zeros(county.households, dtype=bool)
    flagged[story.monitored.household[story.monitored.listed_by(month)]] = True
    homes, frames = [], []
    for place in range(len(county.townships)):
        frame = np.flatnonzero((county.township == place) & ~flagged)
        drawn = sample(rng, frame, o.AUDIT_SAMPLE_PER_TOWNSHIP)
        homes.append(drawn)
        frames.append(np.full(len(drawn), len(frame)))
    home, frame_size = np.concatenate(homes), np.concatenate(frames)
    risky = missed_households(story, month)[home]
    return {
        "排查年度": constant(str(year), len(home)),
        "户编号": taken(county.number, home),
        "复核日期": day_texts(first_day_number(month) + rng.integers(0, 20, len(home))),
        "村编码": whole(county.village[home]),
        "抽样范围": constant("未预警农户", len(home)),
        "抽样范围户数": figures(frame_size),
        "是否存在风险": yes_no(risky),
        "风险类型": only_where(risky, constant("收入骤减或支出骤增", len(home))),
        "复核单位": constant("县乡村振兴局", len(home)),
    }


def survey_columns(world: World, story: Story, year: int) -> Columns:
    """One survey a village and year."""
    county = story.county
    rng = generator(world.seed, "surveys", county.code, year)
    village, households = np.unique(county.village, return_counts=True)
    asked = np.minimum(households, rng.integers(8, 40, len(village)))
    aware = np.floor(asked * rng.uniform(*o.AWARE_SHARE, len(village))).astype(np.int64)
    return {
        "村编码": whole(village),
        "调查日期": day_texts(first_day_number(year * 12 + 10) + rng.integers(0, 25, len(village))),
        "调查方式": picked(("入户", "电话"), (rng.random(len(village)) < 0.3).astype(np.int64)),
        "调查户数": figures(asked),
        "知晓户数": figures(aware),
        "明白纸发放户数": figures(households),
        "宣传方式": constant("明白纸、广播、微信群", len(village)),
        "调查单位": constant("村民委员会", len(village)),
    }
