"""What offices say about themselves: screenings, connections, consultations, clues from outside, the line's dossier."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from simulation import assumptions as a
from simulation import office_assumptions as o
from simulation.cases import APPLIED, Cases
from simulation.columns import Columns, constant, day_texts, figures, joined, padded, picked, taken, texts_of, yes_no
from simulation.defects import Defect
from simulation.draws import Ints, generator
from simulation.months import compact, day_number, day_of, first_day, first_day_number, number_of, year_of
from simulation.regions import names
from simulation.story import Story, World

DEPARTMENTS = (
    "教育",
    "医保",
    "卫健",
    "民政",
    "残联",
    "住建",
    "水利",
    "人社",
    "公安",
    "应急",
    "市场监管",
    "金融",
    "自然资源",
    "农机",
    "信访",
)
CONNECTIONS = ("文件交换", "批量接口", "实时接口", "未联网")
NONE = -1


def screening_columns(world: World, quarter_end: int) -> tuple[Columns, list[Defect]]:
    """The runs of a quarter, a department and county each, also when nothing was found; a few were forgotten."""
    rng = generator(world.seed, "screenings", quarter_end)
    pairs = [(d, c) for d in range(len(DEPARTMENTS)) for c in range(len(world.counties))]
    ran = rng.random(len(pairs)) >= o.MISSED_SCREENING_SHARE
    quarter = f"{year_of(quarter_end)}年第{number_of(quarter_end) // 3}季度"
    defects = [
        Defect("screening_missed", "screening_runs", DEPARTMENTS[d], world.counties[c], compact(quarter_end), quarter)
        for (d, c), made in zip(pairs, ran, strict=True)
        if not made
    ]
    kept = [p for p, made in zip(pairs, ran, strict=True) if made]
    count = len(kept)
    department = np.array([d for d, _ in kept], dtype=np.int64)
    county = np.array([c for _, c in kept], dtype=np.int64)
    first = first_day_number(quarter_end - 2)
    day = first + rng.integers(20, 85, count)
    minute = rng.integers(8 * 60, 18 * 60, count)
    found = rng.poisson(2.0, count) * (rng.random(count) < 0.7)
    screened = rng.integers(2_000, 60_000, count)
    moment = joined(day_texts(day), " ", padded(minute // 60, 2), ":", padded(minute % 60, 2), ":00")
    return {
        "部门": picked(DEPARTMENTS, department),
        "县区代码": picked(world.counties, county),
        "筛查时间": moment,
        "筛查季度": constant(quarter, count),
        "筛查记录数": figures(screened),
        "涉及人数": figures(screened),
        "预警条数": figures(found.astype(np.int64)),
        "筛查口径": constant("按部门风险线索口径", count),
        "执行单位": joined(
            picked([names()[c] for c in world.counties], county), picked(DEPARTMENTS, department), "部门"
        ),
        "推送日期": day_texts(np.where(found > 0, day + 3, NONE)),
    }, defects


def connection_columns(world: World) -> Columns:
    """How each department is connected when the world begins."""
    rng = generator(world.seed, "connections")
    pairs = [(d, c) for d in range(len(DEPARTMENTS)) for c in range(len(world.counties))]
    count = len(pairs)
    return {
        "部门": picked(DEPARTMENTS, np.array([d for d, _ in pairs], dtype=np.int64)),
        "县区代码": picked(world.counties, np.array([c for _, c in pairs], dtype=np.int64)),
        "起始日期": day_texts(np.full(count, first_day_number(world.first_month - 6))),
        "联网方式": picked(CONNECTIONS, rng.choice(4, count, p=[0.6, 0.25, 0.05, 0.1])),
        "系统名称": constant("", count),
        "责任科室": constant("", count),
    }


def consultation_columns(world: World, story: Story, cases: Cases, month: int) -> tuple[Columns, list[Defect]]:
    """Each town and village meets in the month; a few leave an input out or do not meet."""
    county = story.county
    rng = generator(world.seed, "consultations", county.code, month)
    towns = [t.region_code for t in county.townships]
    villages = [v.code for t in county.townships for v in t.villages]
    codes = towns + villages
    met = rng.random(len(codes)) >= 0.01
    defects = [
        Defect("consultation_missed", "consultations", code, "", compact(month), "")
        for code, here in zip(codes, met, strict=True)
        if not here
    ]
    is_village = np.repeat([1, 0], [len(villages), len(towns)])[::-1][: len(codes)][met]
    kept = [c for c, here in zip(codes, met, strict=True) if here]
    count = len(kept)
    first = first_day_number(month)
    full = rng.random((5, count)) >= 0.01
    applied = cases.day_of_step(APPLIED, np.arange(len(cases.household)))
    recent = (cases.kind != 1) & (applied >= first) & (applied < first + 31)
    by_region: dict[str, int] = {}
    for home in cases.household[recent].tolist():
        village = str(county.village[home])
        by_region[village] = by_region.get(village, 0) + 1
        town = village[:9].ljust(12, "0")
        by_region[town] = by_region.get(town, 0) + 1
    discussed = np.array([by_region.get(code, 0) for code in kept], dtype=np.int64)
    return {
        "会商层级": picked(("乡级", "村级"), is_village),
        "地区代码": texts_of(kept),
        "会商日期": day_texts(first + rng.integers(3, 27, count)),
        "牵头部门": constant("", count),
        "农户自主申报": yes_no(full[0]),
        "基层干部摸排": yes_no(full[1]),
        "部门筛查预警": yes_no(full[2]),
        "信访渠道掌握": yes_no(full[3]),
        "媒体信息发布": yes_no(full[4]),
        "研判户数": figures(discussed),
        "拟纳入户数": figures(discussed // 2),
        "议定事项数": figures(np.minimum(discussed, 3)),
        "参会人数": figures(rng.integers(5, 24, count)),
        "会商结论": constant("", count),
    }, defects


def department_meetings(world: World, county: str, month: int) -> tuple[Columns | None, list[Defect]]:
    """The consultation of a county's departments if that of its quarter falls in that month (R73).

    In a few quarters there is none, in a few it settles nothing; such a defect is told in the quarter's last month.
    """
    last = month + 2 - month % 3
    months = [m for m in range(last - 2, last + 1) if m in world.months]
    rng = generator(world.seed, "department_meetings", county, last)
    fate, held = float(rng.random()), months[int(rng.integers(len(months)))]
    day = first_day_number(held) + int(rng.integers(3, 27))
    leads, present = int(rng.integers(len(DEPARTMENTS))), int(rng.integers(6, 16))
    actions = int(rng.integers(1, 6))
    is_missed = fate < o.DEPARTMENTS_NOT_MET_SHARE
    is_undecided = not is_missed and fate < o.DEPARTMENTS_NOT_MET_SHARE + o.DEPARTMENTS_UNDECIDED_SHARE
    region = county.ljust(12, "0")
    defects = []
    if month == last and (is_missed or is_undecided):
        kind = "departments_not_met" if is_missed else "departments_undecided"
        defects.append(Defect(kind, "consultations", region, "", compact(last), ""))
    if month != held or is_missed:
        return None, defects
    yes = ("是",)
    return {
        "会商层级": texts_of(["部门"]),
        "地区代码": texts_of([region]),
        "会商日期": day_texts(np.array([day])),
        "牵头部门": texts_of([DEPARTMENTS[leads]]),
        **{f: texts_of(yes) for f in ("农户自主申报", "基层干部摸排", "部门筛查预警", "信访渠道掌握", "媒体信息发布")},
        "研判户数": figures(np.array([present])),
        "拟纳入户数": figures(np.array([0])),
        "议定事项数": figures(np.array([0 if is_undecided else actions])),
        "参会人数": figures(np.array([present])),
        "会商结论": texts_of([""]),
    }, defects


RESPONSE_HEADERS = (
    "提示编号",
    "责任部门",
    "反馈日期",
    "地区代码",
    "措施类别",
    "完成时限",
    "完成日期",
    "状态",
    "惠及户数",
    "投入资金",
    "佐证材料名称",
)


def no_responses() -> Columns:
    """The header alone: no notice was issued in this world, so nobody answers one."""
    return {header: texts_of([]) for header in RESPONSE_HEADERS}


LINE_HEADERS = (
    "年度",
    "资料日期",
    "监测线（元/人·年）",
    "国家扶贫标准（元/人·年）",
    "底线（元/人·年）",
    "农村低保标准（元/人·年）",
    "农村居民可支配收入增幅",
    "居民消费价格指数（上年=100）",
    "文号",
    "批准日期",
    "施行日期",
)


def line_columns(year: int, stated: date) -> Columns:
    """The city's dossier of a year: the line of 2021, and a blank where no official line is known."""
    known = year == 2021
    dibao, growth, index = (table.get(year) for table in (o.DIBAO_STANDARD, o.INCOME_GROWTH, o.PRICE_INDEX))
    standard = o.NATIONAL_STANDARD_2020

    def said(value: float | None, form: str = "{:g}") -> str:
        return "" if value is None else form.format(value)

    cells = (
        str(year),
        stated.isoformat(),
        said(a.MONITORING_LINE if known else None),
        str(standard),
        f"{standard * 1.5:.0f}",
        said(dibao),
        said(growth, "{:g}%"),
        said(index),
        "征求意见稿" if known else "",
        "",
        "",
    )
    return {header: texts_of([cell]) for header, cell in zip(LINE_HEADERS, cells, strict=True)}


TOPICS = ("低保救助", "医疗费用", "就业欠薪", "住房安全", "饮水", "教育", "产业项目", "帮扶措施", "其他")
CHANNELS = ("信访", "12345热线", "来电", "来信", "网上信访")
CLUE_STATES = ("待核", "已核实", "不属实", "已办结")


def petition_columns(world: World, known: Sequence[tuple[int, int, str]], first: int, last: int) -> Columns:
    """The week's clues. known: day, county and household number of those that became cases; the others are idle."""
    rng = generator(world.seed, "petitions", first)
    idle = int(rng.poisson(o.PETITIONS_PER_COUNTY_WEEK * len(world.counties)))
    real = [k for k in known if first <= k[0] <= last]
    county = np.concatenate([[k[1] for k in real], rng.integers(0, len(world.counties), idle)]).astype(np.int64)
    day = np.concatenate([[k[0] for k in real], rng.integers(first, last + 1, idle)]).astype(np.int64)
    count = len(county)
    state = np.where(np.arange(count) < len(real), 1, rng.choice([0, 2, 3], count, p=[0.3, 0.4, 0.3]))
    topic = np.where(np.arange(count) < len(real), rng.integers(0, 2, count), rng.integers(0, len(TOPICS), count))
    return {
        "线索编号": joined("XF", f"{day_of(last):%Y%m%d}", padded(np.arange(1, count + 1), 4)),
        "更新日期": day_texts(np.minimum(day + 1, last)),
        "收到日期": day_texts(day),
        "渠道": picked(CHANNELS, rng.integers(0, len(CHANNELS), count)),
        "涉及地区": picked([names()[c] for c in world.counties], county),
        "地区代码": picked(world.counties, county),
        "户编号": texts_of([k[2] for k in real] + [""] * idle),
        "反映人姓名": constant("", count),
        "反映事项类别": picked(TOPICS, topic),
        "办理状态": picked(CLUE_STATES, state),
        "办结日期": day_texts(np.where(state == 3, np.minimum(day + 1, last), NONE)),
        "反映内容": constant("", count),
    }


def media_columns(world: World, first: int, last: int) -> Columns:
    """The week's clues from the media: few, vague."""
    rng = generator(world.seed, "media", first)
    count = int(rng.poisson(o.MEDIA_CLUES_PER_WEEK))
    county = rng.integers(0, len(world.counties), count)
    state = rng.integers(0, 3, count)
    day = rng.integers(first, last + 1, count)
    return {
        "线索编号": joined("YQ", f"{day_of(last):%Y%m%d}", padded(np.arange(1, count + 1), 3)),
        "更新日期": day_texts(day),
        "发现日期": day_texts(day),
        "媒体名称": picked(("本地论坛", "短视频账号", "晚报"), rng.integers(0, 3, count)),
        "渠道": picked(("网站", "短视频", "报刊"), rng.integers(0, 3, count)),
        "涉及地区": picked([names()[c] for c in world.counties], county),
        "地区代码": picked(world.counties, county),
        "涉及风险": picked(("农产品滞销", "务工欠薪", "因病致困"), rng.integers(0, 3, count)),
        "办理状态": picked(("待核", "不属实", "已核实"), state),
        "办结日期": day_texts(np.full(count, NONE)),
        "摘要": constant("", count),
    }


def weeks(world: World) -> list[tuple[int, int]]:
    """The weeks of the world, Monday to Sunday by day number; the first begins with the first day."""
    begin, end = first_day(world.first_month), first_day(world.last_month + 1)
    found, day = [], begin
    while day < end:
        sunday = day + timedelta(days=6 - day.weekday())
        found.append((day_number(day), day_number(sunday)))
        day = sunday + timedelta(days=1)
    return found


def clue_days(cases: Cases, channel: int) -> Ints:
    """The cases that a clue of that channel began."""
    return np.flatnonzero((cases.kind == 0) & (cases.channel == channel))


def known_clues(story: Story, cases: Cases, place: int) -> list[tuple[int, int, str]]:
    """Day, county's position and household number of the petitions that became cases."""
    rows = clue_days(cases, 3)
    numbers = taken(story.county.number, cases.household[rows]).to_pylist()
    return [(int(d) - 4, place, n) for d, n in zip(cases.day_of_step(APPLIED, rows), numbers, strict=True)]
