"""The words of the products: how levels, units, clauses and answers are said to an official."""

from __future__ import annotations

import csv
import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from ingest.home import BEIJING
from reporting.figures import Value

LEVELS = ("none", "blue", "yellow", "orange", "red")
LEVEL_ZH = {"none": "无", "blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色", "unknown": "未知"}
REGION_LEVEL_ZH = {"prefecture": "市", "county": "县区", "township": "乡镇", "village": "村"}
DIMENSION_ZH = {
    "hazard": "灾害",
    "price": "农副产品价格",
    "employment": "务工就业",
    "project": "产业项目和联农带农",
    "site": "易地搬迁安置点",
    "distress": "新增困苦",
    "leads": "新增困苦",
    "children": "下级推高",
}
# What stands among the drivers and is no risk of its own: another level or a person made it.
NO_RISK_OF_ITS_OWN = {"children", "override"}
# Which feeds a dimension is read from; the register and the national export give the households behind each.
DIMENSION_FEEDS = {
    "hazard": (
        *("warnings_cap", "warnings_poll", "earthquakes", "gdacs", "geological_points", "crop_pests"),
        *("animal_disease", "fires", "epidemic", "public_emergencies", "loss_reports", "duty_reports"),
        "household_register",
    ),
    "price": ("prices_market", "prices_hog_grain", "household_register"),
    "employment": ("hrss_employment", "household_register"),
    "project": ("industry_projects", "benefit_links", "enterprises", "market_supervision", "household_register"),
    "site": ("relocation_sites", "relocation_services", "household_register"),
    "distress": ("household_register", "national_monitored_export", "medical_insurance", "verdicts"),
}
CHANGE_ZH = {"opened": "新开", "reopened": "重开", "escalated": "升级", "de_escalated": "降级", "closed": "解除"}
RESPONSE_ZH = {
    "none_needed": "不需处置",
    "awaiting": "待落实",
    "overdue": "逾期未落实",
    "owned": "落实中",
    "done": "已完成",
    "unknown": "期限不明",
}
STATUS_ZH = {"awaiting_approval": "待批准", "told": "已告知"}
ORIGIN_ZH = {"clause": "政策条款（征求意见稿）", "standard": "引用标准", "project default": "项目默认值"}
MONITORED_ZH = {
    "unstable_lifted": "脱贫不稳定户",
    "marginal": "边缘易致贫户",
    "sudden_hardship": "突发严重困难户",
}
# What a threshold of a household rule is compared with.
MEASURED_ZH = {
    "monitoring_line": "家庭人均纯收入",
    "self_pay_lifted_out": "近12个月医疗自付支出",
    "self_pay_other": "近12个月医疗自付支出",
    "self_pay_income_share": "医疗自付占家庭纯收入",
    "income_fall": "家庭纯收入比上年下降",
}
GUARANTEE_ZH = {
    "has_food": "吃",
    "has_clothing": "穿",
    "is_education_assured": "义务教育",
    "is_medical_assured": "基本医疗",
    "is_housing_safe": "住房安全",
    "is_water_safe": "饮水安全",
}
UNIT_ZH = {
    "ratio": "%",
    "CNY/person-year": "元/人·年",
    "CNY/12 months": "元/12个月",
    "CNY": "元",
    "leads/30 days": "户/30日",
    "weeks": "周",
    "days": "日",
    "months": "个月",
    "hours": "小时",
    "households": "户",
    "regions": "个地区",
    "dimensions": "个方面",
    "guarantees": "项",
    "persons": "人",
    "heads": "名户主",
    "members able to work": "名有劳动能力的成员",
    "roles": "类人员",
    "departments": "个部门",
    "contacts": "名联系人",
    "leads": "条线索",
    "risks": "项风险",
    "measures": "项措施",
    "classes": "类措施",
    "types": "个类别",
    "steps": "个环节",
    "objections": "条异议",
    "comparisons": "次比对",
    "meetings/month": "次/月",
    "meetings/quarter": "次/季度",
    "runs/quarter": "次/季度",
    "calendar days": "个自然日",
    "working days": "个工作日",
    "month": "月",
    "years": "年",
    "CNY/year": "元/年",
    "standard deviations": "倍标准差",
    "level": "级",
    "weight": "",
    "points": "分",
    "complaints/100 households": "件/百户",
}
VERDICTS = ("纳入监测", "已在监测", "无风险", "查无此户", "重复线索")
UNKNOWN_ZH = "未知"
HOUSEHOLD_ZH = {True: "脱贫户", False: "一般农户", None: UNKNOWN_ZH}
ROUTING = Path(__file__).with_name("routing.csv")
NUMERALS = "〇一二三四五六七八九十"


def routing() -> dict[str, dict[str, str]]:
    """Who verifies, by when, who approves, per level: fixed wording with clause and origin."""
    with ROUTING.open(encoding="utf-8", newline="") as lines:
        return {row["level"]: row for row in csv.DictReader(lines)}


def rank(level: str) -> int:
    """Order of levels; unknown stands below none, since nothing can be said."""
    return LEVELS.index(level) if level in LEVELS else -1


def date_zh(value: date) -> str:
    """A date as it is written in a circular."""
    return f"{value.year}年{value.month}月{value.day}日"


def beijing_zh(value: datetime) -> str:
    """A UTC time as it is read in Beijing."""
    aware = value if value.tzinfo else value.replace(tzinfo=ZoneInfo("UTC"))
    local = aware.astimezone(BEIJING)
    return f"{date_zh(local.date())}{local:%H:%M}"


def clause_zh(clause: str | None) -> str:
    """'§2(3)' as the draft numbers it: 第二部分第（三）项; other references as they are."""
    found = re.fullmatch(r"§(\d)\((\d)\)", clause or "")
    if found:
        return f"第{NUMERALS[int(found[1])]}部分第（{NUMERALS[int(found[2])]}）项"
    found = re.fullmatch(r"level (\d)", clause or "")
    return f"{NUMERALS[int(found[1])]}级" if found else (clause or "")


def amount_zh(value: Value | Decimal, unit: str, parameter: str = "") -> str:
    """A value with its unit in words; ratios as percent, price ratios as 6:1, multiples as 倍."""
    if value is None:
        return UNKNOWN_ZH
    if unit == "ratio" and isinstance(value, str | int | Decimal):
        number = Decimal(str(value))
        if "ratio_below" in parameter or parameter == "hog_grain_ratio":
            return f"{trimmed(number.quantize(Decimal('0.01')))}:1"
        if any(word in parameter for word in ("factor", "worsening", "multiplier")):
            return f"{trimmed(number)}倍"
        return f"{trimmed((number * 100).quantize(Decimal('0.1')))}%"
    return f"{trimmed(value) if isinstance(value, Decimal) else value}{UNIT_ZH.get(unit, unit)}"


def trimmed(number: Decimal) -> str:
    """A number without the noughts at its end."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def monitored_zh(is_monitored: bool | None, monitored_type: str | None) -> str:
    """Whether and as what a household is monitored; unknown where no list tells."""
    if is_monitored is None:
        return UNKNOWN_ZH
    return MONITORED_ZH.get(monitored_type or "", "监测对象") if is_monitored else "未纳入监测"
