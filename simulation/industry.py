"""Projects, enterprises and the households linked to them: a few fail, and their links break."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

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
from simulation.draws import Floats, Ints, generator
from simulation.months import dashed, day_numbers, first_day_number, number_of
from simulation.story import Story, World

FINE = 10**6  # the month in which those fail that never do
PROJECT_KINDS = ("种植", "养殖", "加工", "光伏", "帮扶车间", "冷链物流")
PRODUCTS = ("酥梨", "生猪", "板材", "光伏发电", "服装", "果蔬")
FUND_SOURCES = ("衔接资金", "行业资金", "社会资金", "村集体", "混合")
KINDS = ("龙头企业", "农民合作社", "帮扶车间", "家庭农场", "其他")
MODES = ("务工", "订单", "分红", "托管", "土地流转", "入股")
_NAMES = ("兴农", "皖北", "梨乡", "富民", "金穗", "丰源", "汴河", "众鑫")
_FORMS = ("农业科技有限公司", "种植专业合作社", "就业帮扶车间", "家庭农场", "农产品经营部")


@dataclass(frozen=True)
class Industry:
    """Projects and operators of one county (an element each, by place) and the links of its households."""

    county: str
    code: pa.Array  # of project
    village: Ints
    kind: Ints
    source: Ints
    invested: Floats
    operator: Ints
    fails: Ints  # month, FINE if never
    operator_code: pa.Array
    operator_town: Ints
    operator_kind: Ints
    operator_name: Ints
    staff: Ints
    closes: Ints
    link_household: Ints
    link_operator: Ints
    link_mode: Ints
    link_from: Ints
    link_to: Ints  # day, FINE if it holds
    link_income: Floats

    def paid_in(self, month: int) -> Ints:
        """The projects that get money in that month: each in one month of the year while it runs."""
        return np.flatnonzero((np.arange(len(self.kind)) % 12 == month % 12) & (self.fails > month))


def build(world: World, story: Story) -> Industry:
    """The county's projects, operators and links."""
    county = story.county
    rng = generator(world.seed, "industry", county.code)
    towns = len(county.townships)
    months = len(world.months)
    operators, projects = o.ENTERPRISES_PER_TOWNSHIP * towns, o.PROJECTS_PER_TOWNSHIP * towns
    town = np.repeat(np.arange(towns), o.ENTERPRISES_PER_TOWNSHIP)
    fate = rng.random(operators) < o.PROJECT_FAILS_A_YEAR * months / 12
    closes = np.where(fate, world.first_month + rng.integers(2, max(3, months), operators), FINE)
    project_town = np.repeat(np.arange(towns), o.PROJECTS_PER_TOWNSHIP)
    villages = [np.array([int(v.code) for v in t.villages]) for t in county.townships]
    village = np.array([villages[t][int(rng.integers(len(villages[t])))] for t in project_town], dtype=np.int64)
    operator = project_town * o.ENTERPRISES_PER_TOWNSHIP + rng.integers(0, o.ENTERPRISES_PER_TOWNSHIP, projects)
    bad = rng.random(projects) < o.PROJECT_FAILS_A_YEAR * months / 12
    own = np.where(bad, world.first_month + rng.integers(2, max(3, months), projects), FINE)
    fails = np.minimum(own, closes[operator])
    linked = np.flatnonzero(county.is_lifted_out & (rng.random(county.households) < o.LINKED_SHARE))
    with_operator = county.township[linked] * o.ENTERPRISES_PER_TOWNSHIP + rng.integers(
        0, o.ENTERPRISES_PER_TOWNSHIP, len(linked)
    )
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    ends = np.where(rng.random(len(linked)) < 0.03, rng.integers(first, end, len(linked)), FINE)
    shut = closes[with_operator]
    ends = np.minimum(ends, np.where(shut == FINE, FINE, day_numbers(np.minimum(shut, world.last_month + 1)) + 10))
    return Industry(
        county.code,
        joined("XM", county.code, padded(np.arange(1, projects + 1), 5)),
        village,
        rng.integers(0, len(PROJECT_KINDS), projects),
        rng.integers(0, len(FUND_SOURCES), projects),
        np.rint(rng.uniform(20, 400, projects)) * 10_000.0,
        operator,
        fails,
        joined("9134", county.code, padded(np.arange(1, operators + 1), 8)),
        town,
        rng.integers(0, len(KINDS), operators),
        rng.integers(0, len(_NAMES), operators),
        rng.integers(6, 90, operators),
        closes,
        linked,
        with_operator,
        rng.integers(0, len(MODES), len(linked)),
        first - rng.integers(30, 900, len(linked)),
        ends,
        np.rint(rng.uniform(3, 60, len(linked))) * 100.0,
    )


def project_columns(story: Story, found: Industry, month: int) -> Columns:
    """The projects at the month's end."""
    count = len(found.kind)
    stopped = found.fails <= month
    links = np.bincount(found.link_operator, minlength=len(found.operator_kind))[found.operator]
    due = np.where(number_of(month) >= 6, np.rint(found.invested * 0.05), 0.0)
    paid = np.where(stopped, 0.0, due)
    return {
        "统计月份": constant(dashed(month), count),
        "项目编码": found.code,
        "项目名称": joined(picked(PRODUCTS, found.kind), "产业项目"),
        "村编码": whole(found.village),
        "项目类型": picked(PROJECT_KINDS, found.kind),
        "主导产品": picked(PRODUCTS, found.kind),
        "投入资金": figures(found.invested),
        "资金来源": picked(FUND_SOURCES, found.source),
        "经营主体代码": taken(found.operator_code, found.operator),
        "运行状态": picked(("正常运行", "停产"), stopped.astype(np.int64)),
        "状态日期": day_texts(np.where(stopped, day_numbers(np.where(stopped, found.fails, month)) + 9, -1)),
        "联结户数": figures(links // o.PROJECTS_PER_TOWNSHIP + 1),
        "应分红": figures(due),
        "已分红": figures(paid),
        "分红到期日": only_where(due > 0, day_texts(np.full(count, first_day_number(month - number_of(month) + 6)))),
    }


def enterprise_columns(story: Story, found: Industry, month: int) -> Columns:
    """The operators at the month's end."""
    count = len(found.operator_kind)
    towns = [t.region_code for t in story.county.townships]
    shut, odd = found.closes <= month, (found.closes == month + 1) | (found.closes == month + 2)
    day = first_day_number(month + 1) - 1
    active = (found.link_to > day) & (found.link_from <= day)
    linked = np.bincount(found.link_operator[active], minlength=count)
    staff = np.where(shut, 0, found.staff)
    closed = day_numbers(np.where(shut, found.closes, month)) + 9
    return {
        "统计月份": constant(dashed(month), count),
        "统一社会信用代码": found.operator_code,
        "名称": joined(picked(_NAMES, found.operator_name), picked(_FORMS, found.operator_kind)),
        "主体类型": picked(KINDS, found.operator_kind),
        "乡镇代码": picked(towns, found.operator_town),
        "经营状态": picked(("正常", "经营异常", "注销"), np.select([shut, odd], [2, 1], 0)),
        "异常日期": day_texts(
            np.where(shut | odd, day_numbers(np.where(found.closes == FINE, month, found.closes - 2)) + 4, -1)
        ),
        "注销日期": day_texts(np.where(shut, closed, -1)),
        "用工人数": figures(staff),
        "其中脱贫和监测人口": figures(np.minimum(staff, np.maximum(0, staff // 3))),
        "带动户数": figures(linked),
        "当月产值": figures(np.where(shut, 0.0, found.staff * 5_200.0)),
    }


def link_columns(story: Story, found: Industry, month: int) -> Columns:
    """The links at the month's end; one that ended stays on the list with its end for a year."""
    day = first_day_number(month + 1) - 1
    rows = np.flatnonzero((found.link_from <= day) & (found.link_to > day - 365))
    ended = found.link_to[rows] <= day
    shut = found.closes[found.link_operator[rows]] <= month
    home = found.link_household[rows]
    listed = story.monitored.household[story.listed_by(month)]
    return {
        "统计月份": constant(dashed(month), len(rows)),
        "经营主体或项目代码": taken(found.operator_code, found.link_operator[rows]),
        "户编号": taken(story.county.number, home),
        "联结方式": picked(MODES, found.link_mode[rows]),
        "开始日期": day_texts(found.link_from[rows]),
        "结束日期": day_texts(np.where(ended, found.link_to[rows], -1)),
        "是否有效": yes_no(~ended),
        "年带动增收": yuan(np.where(ended, 0.0, found.link_income[rows])),
        "终止原因": only_where(ended, picked(("农户退出", "主体注销"), shut.astype(np.int64))),
        "是否监测户": yes_no(np.isin(home, listed)),
    }
