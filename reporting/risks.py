"""Part three of the briefing: each reason for a level, its figure, its threshold, whose rule that is, as of when."""

from __future__ import annotations

from reporting.material import REGIONAL_CLAUSE, Material
from reporting.paper import Paper, Part, Shown
from reporting.readings import Driver, Region
from reporting.wording import (
    DIMENSION_FEEDS,
    DIMENSION_ZH,
    NO_RISK_OF_ITS_OWN,
    ORIGIN_ZH,
    amount_zh,
    clause_zh,
    date_zh,
    rank,
)

POINTS = 8
NUMERALS = "一二三四五六七八九十"


def risks(paper: Paper, material: Material) -> str:
    """Writes the reasons, the gravest first; one point per dimension, rule and subject. Returns the next numeral."""
    paper.heading("三、主要风险点")
    points = grouped(material.raised)
    if not points:
        paper.text("没有达到蓝色及以上的风险点。")
    for numeral, (region, driver, count) in zip(NUMERALS, points[:POINTS], strict=False):
        rule = material.rules.get(driver.rule_id, {})
        name = f"：{rule['name_zh']}" if rule else ""
        paper.heading(f"（{numeral}）{DIMENSION_ZH.get(driver.dimension, driver.dimension)}{name}", level=2)
        paper.text(*_observed(material, region, driver, count))
        paper.text(*_grounds(material, region, driver))
    if len(points) > POINTS:
        paper.text("其余风险点见随附的等级表（levels.csv）。")
    return NUMERALS[min(len(points), POINTS)]


def grouped(raised: list[Region]) -> list[tuple[Region, Driver, int]]:
    """Per reason the region where it is gravest, and in how many raised regions it counts."""
    worst: dict[tuple[str, str, str], tuple[Region, Driver]] = {}
    counts: dict[tuple[str, str, str], int] = {}
    for region in raised:
        for driver in region.drivers:
            # Part two says so beside the level.
            if rank(driver.level) < rank("blue") or driver.dimension in NO_RISK_OF_ITS_OWN:
                continue
            key = (driver.dimension, driver.rule_id, driver.subject)
            counts[key] = counts.get(key, 0) + 1
            # raised regions come largest first: at the same level the smaller one says more about where it is
            if key not in worst or rank(driver.level) >= rank(worst[key][1].level):
                worst[key] = (region, driver)
    order = sorted(worst, key=lambda k: (-rank(worst[k][1].level), -counts[k], k))
    return [(*worst[key], counts[key]) for key in order]


def _observed(material: Material, region: Region, driver: Driver, count: int) -> list[Part]:
    parts: list[Part] = [
        f"影响最重的是{material.full_name(region)}：",
        material.of_driver(region, driver, "text_zh", ""),
    ]
    if driver.observed_value is not None:
        parameter = material.thresholds.get(driver.threshold_id or "", {}).get("parameter", "")
        figure = material.of_driver(region, driver, "observed_value", driver.unit)
        parts += ["（观测值", Shown(figure, amount_zh(figure.value, driver.unit, parameter)), "）"]
    return [*parts, "。" if count == 1 else "；其他达到蓝色及以上的地区也有此项，见第二部分。"]


def _grounds(material: Material, region: Region, driver: Driver) -> list[Part]:
    parts: list[Part] = []
    threshold = material.thresholds.get(driver.threshold_id or "")
    if driver.threshold_value is not None:
        parameter = threshold["parameter"] if threshold else ""
        figure = material.of_driver(region, driver, "threshold_value", driver.unit)
        origin = ORIGIN_ZH[threshold["origin"] if threshold else "project default"]
        source = f"《{threshold['title_zh']}》" if threshold and threshold["origin"] == "standard" else ""
        matrix = "受影响户占比，按灾害矩阵，" if driver.dimension == "hazard" else ""
        parts += [
            "阈值",
            Shown(figure, amount_zh(figure.value, driver.unit, parameter)),
            f"（{matrix}{origin}{source}）。",
        ]
    elif driver.observed_value is None:
        parts.append("本项当日没有可比对的观测值，等级为此前所定，降级观察期内保留。")
    else:
        parts.append("本日没有生效的阈值。")
    rule = material.rules.get(driver.rule_id)
    clause = f"“{rule['clause_zh']}”" if rule else "“及时排查预警区域性、规模性返贫风险”"
    where = clause_zh(rule["clause"] if rule else REGIONAL_CLAUSE)
    parts.append(f"依据：规则{driver.rule_id}，{where}{clause}（征求意见稿）。")
    behind = [
        f"{feed.title}至{date_zh(feed.newest_period)}"
        for feed in material.feeds
        if feed.feed in DIMENSION_FEEDS.get(driver.dimension, ()) and feed.newest_period
    ]
    parts.append(f"数据时间：{'；'.join(behind)}。" if behind else "数据时间：没有可用的数据批次。")
    return parts
