"""Part four of the briefing: what is not known. Never silent: where nothing is missing, it says what was checked."""

from __future__ import annotations

from reporting.figures import quoted
from reporting.material import Material
from reporting.paper import Cell, Paper, Shown
from reporting.readings import LEVELS_MART, Feed
from reporting.wording import REGION_LEVEL_ZH, amount_zh, clause_zh

FINDINGS = "marts.fct_household_findings_monthly"
LINE = "monitoring_line"
NAMED = 12


def gaps(paper: Paper, material: Material) -> None:
    """Writes unknown regions, feeds late, missing or withheld, unknown findings, cautions, and the line in force."""
    paper.heading("四、尚不掌握的情况")
    rows: list[list[Cell]] = [
        *_unknown_regions(material),
        *_feeds(material),
        *_withheld(material),
        *_findings(material),
        *_cautions(material),
    ]
    if rows:
        paper.text("以下情况尚不掌握或数据有缺口，凡未知一律不按无风险处理：")
        paper.table(("事项", "范围", "对研判的影响"), rows, (38, 62, 56))
    else:
        paper.text("经核对，各地区等级、应报数据、规则判定和数据提示均无缺口。")
    if LINE in material.thresholds:
        figure = material.threshold(LINE)
        row = material.thresholds[LINE]
        paper.text(
            "监测范围：家庭人均纯收入",
            Shown(figure, amount_zh(figure.value, row["unit"])),
            f"（{clause_zh(row['clause'])}，征求意见稿），低于该值的纳入判定。",
        )
    else:
        paper.text(
            f"监测线缺失：{material.as_of.year}年没有生效的监测范围标准，收入类规则一律判为未知，"
            "未用上年标准代替；需由市级主管部门确定后录入。"
        )


def _unknown_regions(material: Material) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for kind in ("prefecture", "county", "township"):
        if not any(r.level == "unknown" and r.region_level == kind for r in material.regions):
            continue
        where = f"level = 'unknown' and region_level = {quoted(kind)} and as_of_date = date '{material.as_of}'"
        # townships are many: told by county, with their number
        name = "county_name || number || '个'" if kind == "township" else "county_name"
        source = "coalesce(county.region_name, here.region_name)" if kind == "township" else "here.region_name"
        figure = material.free(
            f"unknown|{kind}",
            f"等级未知的{REGION_LEVEL_ZH[kind]}",
            "",
            f"select string_agg({name}, '、' order by county_code) from (select {source} as county_name, "
            f"min(here.region_code) as county_code, count(*) as number from {LEVELS_MART} as here "
            f"left join {LEVELS_MART} as county on county.region_code = left(here.region_code, 6) || '000000' "
            f"and county.as_of_date = here.as_of_date where here.{where.replace(' and ', ' and here.')} group by 1)",
            rows_sql=f"select region_code, cautions, missing_feeds from {LEVELS_MART} where {where} order by 1",
        )
        count = material.counted("unknown", kind)
        rows.append([["等级未知的", REGION_LEVEL_ZH[kind], count], figure, "不能判断有无风险；不得当作无风险"])
    return rows


def _feeds(material: Material) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    silent = [feed for feed in material.feeds if not (feed.is_judging or feed.load_count or feed.withheld_reason)]
    for feed in (f for f in material.feeds if f not in silent):
        if feed.withheld_reason:
            rows.append([feed.title, f"不予采用：{feed.withheld_reason}", _effect(feed)])
        elif not feed.load_count:
            rows.append([feed.title, f"从未收到（报送单位：{feed.owner}）", _effect(feed)])
        elif feed.late_region_count:
            figure = material.free(
                f"late|{feed.feed}",
                f"{feed.title}：逾期涉及的地区",
                "个",
                f"select count(*) from {LEVELS_MART} where as_of_date = date '{material.as_of}' "
                f"and list_contains(regexp_split_to_array(missing_feeds, ', *'), {quoted(feed.feed)})",
                feeds=(feed.feed,),
            )
            late = [material.full_name(r) for r in material.regions if feed.feed in r.missing_feeds]
            names = f"（{'、'.join(late[:NAMED])}{'等' if len(late) > NAMED else ''}）"
            rows.append([f"{feed.title}逾期", [figure, f"地区{names}"], "沿用已有数据，已知等级不下调"])
    if silent:
        some = "、".join(feed.title for feed in silent[:NAMED]) + ("等" if len(silent) > NAMED else "")
        rows.append(["其余各路数据", f"从未收到（{some}）", "非必报数据，不影响等级判定"])
    return rows


def _effect(feed: Feed) -> str:
    if feed.has_substitute:
        return "已有同类数据可用，不影响判定"
    return "依赖该数据的判定为未知，已知等级不下调" if feed.is_mandatory else "非必报数据，不影响等级判定"


def _withheld(material: Material) -> list[list[Cell]]:
    withheld = [g for g in material.release.get("gates", []) if g["outcome"] == "withhold"]
    names = {r.region_code: material.full_name(r) for r in material.regions}
    listed = list(dict.fromkeys(names.get(g["region_code"], g["region_code"]) for g in withheld))
    if not listed:
        return []
    more = "等" if len(listed) > NAMED else ""
    return [["未通过发布检查", f"{'、'.join(listed[:NAMED])}{more}", "沿用上次发布的等级；上次无等级的，显示未知"]]


def _findings(material: Material) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    unknown = material.con.execute(
        f"select distinct rule_id from {FINDINGS} where as_of_date = ? and status = 'unknown' order by 1",
        [material.as_of],
    ).fetchall()
    for (rule_id,) in unknown:
        rule = material.rules.get(rule_id, {"name_zh": rule_id, "clause": None})
        where = f"as_of_date = date '{material.as_of}' and status = 'unknown' and rule_id = {quoted(rule_id)}"
        figure = material.free(
            f"unknown_findings|{rule_id}",
            f"规则{rule_id}判定为未知的户",
            "户",
            f"select count(distinct household_key) from {FINDINGS} where {where}",
            rows_sql=f"select household_key, rule_id, status from {FINDINGS} where {where} order by 1",
            rule_id=rule_id,
            clause=rule["clause"],
            feeds=("household_register", "national_monitored_export", "medical_insurance"),
        )
        rows.append([f"规则{rule_id}（{rule['name_zh']}）", ["判定未知", figure], "数据缺失或过期，不作“无风险”处理"])
    return rows


def _cautions(material: Material) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for code in sorted({code for region in material.regions for code in region.cautions}):
        figure = material.free(
            f"caution|{code}",
            f"提示“{material.caution_texts.get(code, code)}”涉及的地区",
            "个",
            f"select count(*) from {LEVELS_MART} where as_of_date = date '{material.as_of}' "
            f"and list_contains(regexp_split_to_array(cautions, ', *'), {quoted(code)})",
        )
        rows.append([material.caution_texts.get(code, code), [figure, "地区"], "已在等级中注明"])
    return rows
