"""The files about projects, operators and the households linked to them."""

from __future__ import annotations

import numpy as np

from simulation import office_assumptions as o
from simulation.columns import (
    Columns,
    constant,
    day_texts,
    figures,
    joined,
    only_where,
    picked,
    taken,
    whole,
    yes_no,
    yuan,
)
from simulation.months import dashed, day_numbers, first_day_number, number_of
from simulation.operators import FUND_SOURCES, KINDS, MODES, NAMES, PROJECT_KINDS, Industry
from simulation.story import Story

PRODUCTS = ("酥梨", "生猪", "板材", "光伏发电", "服装", "果蔬")
_FORMS = ("农业科技有限公司", "种植专业合作社", "就业帮扶车间", "家庭农场", "农产品经营部")


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
    shut, odd = found.closes <= month, (found.closes > month) & (found.closes <= month + o.ABNORMAL_MONTHS)
    day = first_day_number(month + 1) - 1
    active = (found.link_to > day) & (found.link_from <= day)
    linked = np.bincount(found.link_operator[active], minlength=count)
    staff = np.where(shut, 0, found.staff)
    closed = day_numbers(np.where(shut, found.closes, month)) + 9
    return {
        "统计月份": constant(dashed(month), count),
        "统一社会信用代码": found.operator_code,
        "名称": joined(picked(NAMES, found.operator_name), picked(_FORMS, found.operator_kind)),
        "主体类型": picked(KINDS, found.operator_kind),
        "乡镇代码": picked(towns, found.operator_town),
        "经营状态": picked(("正常", "经营异常", "注销"), np.select([shut, odd], [2, 1], 0)),
        "异常日期": day_texts(np.where(shut | odd, found.abnormal, -1)),
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
