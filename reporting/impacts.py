"""The end of part three of the briefing: whom each shock would hit in regions at yellow or above, and what it takes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from reporting import readings
from reporting.figures import Figure, day, quoted
from reporting.material import HOUSEHOLD_FEEDS, REGIONAL_CLAUSE, Material
from reporting.paper import Cell, Paper, Shown
from reporting.readings import Region
from reporting.wording import DIMENSION_FEEDS, DIMENSION_ZH, NO_RISK_OF_ITS_OWN, UNKNOWN_ZH, rank

IMPACT, LISTED = "marts.fct_region_impact_per_episode", "marts.fct_household_impact_per_episode"
ROWS = 15
# Hardship that is seen already is no shock to come.
OBSERVED = {"distress", "leads"}
# A kind of shock that is not called as its dimension.
DIMENSION_OF = {"link": "project"}
# What is told of a region, and which households of the list stand behind it.
TOLD = {
    "exposed_household_count": ("暴露户", "is_exposed"),
    "crossing_low_count": ("低情景下可能跌破监测线户", "outcome_low = 'crosses'"),
    "crossing_central_count": ("中情景下可能跌破监测线户", "outcome_central = 'crosses'"),
    "crossing_high_count": ("高情景下可能跌破监测线户", "outcome_high = 'crosses'"),
    "hard_hit_central_count": ("线上但收入大幅缩减户", "outcome_central = 'hard_hit'"),
    "unknown_household_count": ("情况不明户", "outcome_central = 'unknown'"),
    "back_to_line_central_cny": ("补足到监测线所需资金", "outcome_central = 'crosses'"),
}


def impacts(paper: Paper, material: Material, numeral: str) -> None:
    """Writes one row per region and shock, the gravest level first; nothing where no region stands at yellow.

    numeral: the number of this point among those of part three.
    """
    regions = {r.region_code: r for r in material.raised if rank(r.level) >= rank("yellow") and not r.is_withheld}
    if not regions:
        return
    paper.heading(f"（{numeral}）影响测算", level=2)
    order = list(regions)
    untold = _uncomputed(material, list(regions.values()))
    if untold:
        paper.text(f"{'、'.join(untold)}的冲击尚未测算到户，未测算不等于没有影响。")
    shocks = sorted(
        (row for row in _shocks(material) if row["region_code"] in regions),
        key=lambda row: (order.index(row["region_code"]), -row["crossing_central_count"], row["shock_id"]),
    )
    if not shocks:
        paper.text("达到黄色及以上的地区当日没有可测算的冲击。")
        return
    header = ("地区", "冲击", "暴露户", "可能跌破监测线（低、中、高）", "线上大幅减收", "情况不明", "补足资金/年")
    rows = [_row(material, regions[shock["region_code"]], shock) for shock in shocks[:ROWS]]
    paper.table(header, rows, (27, 25, 20, 36, 16, 14, 18))
    paper.text(
        "按冲击前收入测算，成本不变，减收程度分低、中、高三种情景（项目默认值）；资金为中情景下把跌破户补足到监测线的年度合计。"
        "同一户可受多个冲击，各行不可相加。"
    )
    if len(shocks) > ROWS:
        paper.text("本表未列出的地区和冲击，见地区影响测算表（fct_region_impact_per_episode）。")


def _uncomputed(material: Material, regions: list[Region]) -> list[str]:
    """The dimensions that raise these regions and of whose shocks no effect on households is computed."""
    computed = {row["kind"] for row in readings.dicts(material.con, "select kind from policy.shock_kinds")}
    raising = {d.dimension for r in regions for d in r.drivers if rank(d.level) >= rank("blue")}
    return [
        name
        for dimension, name in DIMENSION_ZH.items()
        if dimension in raising - computed - OBSERVED - NO_RISK_OF_ITS_OWN
    ]


def _shocks(material: Material) -> list[dict[str, Any]]:
    return readings.dicts(
        material.con,
        f"select shock_id, region_code, kind, rule_id, kind_name_zh, subject_name_zh, crossing_central_count "
        f"from {IMPACT} where as_of_date = {day(material.as_of)} and household_count > 0",
    )


def _row(material: Material, region: Region, shock: dict[str, Any]) -> list[Cell]:
    figures = {column: _figure(material, region, shock, column) for column in TOLD}
    subject, kind = shock["subject_name_zh"], shock["kind_name_zh"]
    low, central, high = (_bare(figures[f"crossing_{name}_count"]) for name in ("low", "central", "high"))
    money = figures["back_to_line_central_cny"]
    return [
        material.full_name(region),
        kind if subject == kind else f"{subject}{kind}",
        _bare(figures["exposed_household_count"]),
        [low, "、", central, "、", high],
        _bare(figures["hard_hit_central_count"]),
        _bare(figures["unknown_household_count"]),
        Shown(money, UNKNOWN_ZH if money.value is None else f"{Decimal(money.value):.0f}元"),
    ]


def _bare(figure: Figure) -> Shown:
    return Shown(figure, str(figure.value))


def _figure(material: Material, region: Region, shock: dict[str, Any], column: str) -> Figure:
    label, condition = TOLD[column]
    which = f"shock_id = {quoted(shock['shock_id'])} and as_of_date = {day(material.as_of)}"
    return material.free(
        f"impact|{shock['shock_id']}|{region.region_code}|{column}",
        f"{material.full_name(region)}：{shock['subject_name_zh']}，{label}",
        "元/年" if column.endswith("_cny") else "户",
        f"select {column} from {IMPACT} where {which} and region_code = {quoted(region.region_code)}",
        rows_sql=f"select household_key, outcome_central, back_to_line_central_cny from {LISTED} "
        f"where {which} and {region.region_level}_code = {quoted(region.region_code)} and {condition} "
        "order by household_key",
        rule_id=shock["rule_id"],
        clause=REGIONAL_CLAUSE,
        feeds=(*DIMENSION_FEEDS.get(DIMENSION_OF.get(shock["kind"], shock["kind"]), ()), *HOUSEHOLD_FEEDS),
        region_code=region.region_code,
    )
