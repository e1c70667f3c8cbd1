"""The briefing that leaders sign: levels, reasons, what is not known, who does what; each number traceable."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
from docx.shared import Pt

from reporting.answers import answers, corrections
from reporting.appendix import sources, traces
from reporting.figures import Figure, Registry
from reporting.gaps import gaps
from reporting.impacts import impacts
from reporting.material import Material
from reporting.paper import FANG, HEI, TITLE_FONT, Cell, Paper, Part, Shown
from reporting.readings import Region
from reporting.risks import risks
from reporting.wording import (
    CHANGE_ZH,
    LEVEL_ZH,
    LEVELS,
    REGION_LEVEL_ZH,
    STATUS_ZH,
    UNKNOWN_ZH,
    clause_zh,
    date_zh,
    rank,
    routing,
)

MASTHEAD = "防止规模性返贫风险提示专报"
MARK = "内部资料 注意保存"
TABLE_ROWS, NOTICE_ROWS, NAMES = 20, 20, 8
RAISED = tuple(reversed(LEVELS[1:]))


def write(
    path: Path,
    warehouse: Path,
    release: dict[str, Any],
    notices: list[dict[str, Any]],
    errata: Sequence[dict[str, Any]] = (),
) -> Registry:
    """Writes the briefing of a release as .docx and returns the figures that it shows.

    `warehouse` is the run's closed DuckDB file (read only), `release` the manifest, `notices` the level changes of the
    day, `errata` what it corrects of earlier ones. Raises ValueError when the warehouse holds no judged region for the
    release's day.
    """
    with duckdb.connect(str(warehouse), read_only=True) as con:
        material = Material(con, release, notices)
        if not material.regions:
            raise ValueError(f"the run holds no judged region for {material.as_of}: there is nothing to brief")
        title = f"{_place(material)}规模性返贫风险研判情况"
        paper = Paper(material.registry, title, material.as_of)
        _masthead(paper, material, title)
        _judgement(paper, material)
        _raised_regions(paper, material)
        impacts(paper, material, numeral=risks(paper, material))
        gaps(paper, material)
        _advice(paper, material)
        corrections(paper, material, errata)
        paper.blank()
        paper.text("签发人：　　　　　　　　签发时间：")
        sources(paper, material)
        traces(paper, material)
        paper.save(path)
    return material.registry


def _place(material: Material) -> str:
    return "、".join(r.region_name for r in material.regions if r.region_level == "prefecture") or "全域"


def _masthead(paper: Paper, material: Material, title: str) -> None:
    day_of_year = material.as_of.timetuple().tm_yday
    paper.line(MARK, HEI, Pt(16))
    paper.line(MASTHEAD, TITLE_FONT, Pt(32), align="center", red=True)
    paper.between(f"〔{material.as_of.year}〕第{day_of_year}期", date_zh(material.as_of))
    paper.blank()
    paper.line(title, TITLE_FONT, Pt(22), align="center")
    waiting = any(n["status"] == "awaiting_approval" for n in material.notices)
    paper.line("（待批准，未经批准不得外发）" if waiting else "（供领导参阅）", FANG, Pt(16), align="center")
    paper.blank()


def _names(material: Material, regions: list[Region]) -> str:
    shown = "、".join(material.full_name(region) for region in regions[:NAMES])
    return f"{shown}等" if len(regions) > NAMES else shown


def _judgement(paper: Paper, material: Material) -> None:
    paper.heading("一、总体判断")
    parts: list[Part] = [f"截至{date_zh(material.as_of)}，"]
    for region in material.regions:
        if region.region_level == "prefecture":
            parts.append(f"{region.region_name}风险提示等级为{_level(region)}。")
    for level in RAISED:
        told: list[Part] = []
        for kind in ("county", "township"):
            here = [r for r in material.raised if r.level == level and r.region_level == kind]
            if here:
                names = f"{REGION_LEVEL_ZH[kind]}（{_names(material, here)}）"
                told += ["、" if told else f"{LEVEL_ZH[level]}有", material.counted(level, kind), names]
        parts += [*told, "。"] if told else []
    if material.raised:
        grain = REGION_LEVEL_ZH[material.grain]
        parts += [
            f"达到蓝色及以上的{grain}内，脱贫户和监测对象户共",
            material.total("vulnerable_household_count", "达到蓝色及以上地区的脱贫户和监测对象户"),
            "，其中受影响",
            material.total("exposed_household_count", "达到蓝色及以上地区的受影响户"),
            "；近30日新增困难户",
            material.total("new_lead_count_30d", "达到蓝色及以上地区近30日新增困难户"),
            "，此前30日为",
            material.total("previous_lead_count_30d", "达到蓝色及以上地区此前30日新增困难户"),
            f"（按{grain}合计，不重复计算）。",
        ]
    else:
        parts.append("已判定的地区中，没有达到蓝色及以上的地区。")
    unknown: list[Part] = []
    for kind in ("county", "township"):
        if any(r.level == "unknown" and r.region_level == kind for r in material.regions):
            unknown += ["、" if unknown else "", material.counted("unknown", kind), REGION_LEVEL_ZH[kind]]
    parts += ["另有", *unknown, "因数据不足等级未知，不能视为无风险，详见第四部分。"] if unknown else []
    paper.text(*parts)


def _level(region: Region) -> str:
    held = f"（沿用{date_zh(region.level_as_of_date)}等级）" if region.is_withheld and region.level_as_of_date else ""
    return f"{LEVEL_ZH.get(region.level, UNKNOWN_ZH)}{held}"


def _change(region: Region) -> str:
    before = region.previous_level
    if before is None:
        return "上月无记录"
    if before == region.level:
        return "持平"
    if before in {"none", "unknown"}:
        return "新增提示" if before == "none" else "上月未知"
    return f"由{LEVEL_ZH[before]}{'上升' if rank(region.level) > rank(before) else '下降'}"


def _raised_regions(paper: Paper, material: Material) -> None:
    paper.heading("二、需要关注的地区")
    if not material.raised:
        paper.text("本期没有风险提示等级达到蓝色及以上的地区。")
        return
    rows: list[list[Cell]] = [
        [
            material.full_name(region),
            _level(region),
            LEVEL_ZH.get(region.shock_key, UNKNOWN_ZH),
            LEVEL_ZH.get(region.distress_key, UNKNOWN_ZH),
            _reason(material, region),
            _exposed(material, region),
            _change(region),
        ]
        for region in material.raised[:TABLE_ROWS]
    ]
    header = ("地区", "等级", "冲击", "困苦", "主要原因", "影响户数", "较上月")
    paper.table(header, rows, (25, 12, 12, 12, 56, 16, 23))
    rest = len(material.raised) - TABLE_ROWS
    if rest > 0:
        paper.text("其余", _rest(material, rest), "个地区见随附的等级表（levels.csv）和工作清单。")
    paper.text("各级地区分别汇总判定，上下级之间的户数有重叠，不可相加。冲击、困苦为判定等级的两把钥匙，口径见附件。")


def _reason(material: Material, region: Region) -> Cell:
    """The reasons in words; where a region has none of its own, why it stands at its level all the same."""
    if region.is_withheld:
        return "本期未通过发布检查，沿用上次等级"
    if region.drivers:
        return material.of_region(region, "drivers_zh", "主要原因", "")
    return "；".join(material.caution_texts.get(code, code) for code in region.cautions) or "无本级原因"


def _exposed(material: Material, region: Region) -> Cell:
    """The exposed households; a level that only waits for its all-clear has none, which is not unknown."""
    if region.is_withheld:
        return "—"
    figure = material.of_region(region, "exposed_household_count", "受影响户")
    if figure.value is None:
        return Shown(figure, "已回落" if "level_held" in region.cautions else UNKNOWN_ZH)
    return Shown(figure, str(figure.value))


def _rest(material: Material, rest: int) -> Figure:
    return material.free(
        "raised|beyond_table",
        "表中未列出的达到蓝色及以上地区",
        "",
        f"select count(*) - {TABLE_ROWS} from marts.fct_region_risk_level_daily "
        f"where as_of_date = date '{material.as_of}' and level in ('blue', 'yellow', 'orange', 'red')",
    )


def _advice(paper: Paper, material: Material) -> None:
    paper.heading("五、建议")
    words = routing()
    for level in RAISED:
        here = [r for r in material.raised if r.level == level]
        if here:
            row = words[level]
            paper.text(
                f"{LEVEL_ZH[level]}（{_names(material, here)}）："
                f"由{row['verifier_zh']}在{row['verify_within_zh']}完成核查；"
                f"{row['follow_up_zh']}。审批：{row['approver_zh']}，{row['approve_within_zh']}。"
                f"（{clause_zh(row['clause'])}；时限为项目默认值）"
            )
    if not material.raised:
        paper.text("继续按月开展部门筛查和会商研判，本期不需要采取专项措施。")
    paper.text(
        "核查清单已按乡镇（街道）生成，共",
        material.leads("count(distinct township_code)", "有待核查线索的乡镇（街道）", "个"),
        "乡镇（街道）、",
        material.leads("count(*)", "待核查线索", "条"),
        "线索，由乡镇（街道）逐户核查并按原表回填。",
    )
    _notices(paper, material)
    answers(paper, material)


def _arrow(notice: dict[str, Any]) -> str:
    return f"{LEVEL_ZH[notice['previous_level'] or 'none']}→{LEVEL_ZH[notice['level']]}"


def _notices(paper: Paper, material: Material) -> None:
    if not material.notices:
        paper.text("本期没有新的等级变化提示。")
        return
    rows: list[list[Cell]] = [
        [
            str(notice["notice_id"]),
            str(notice["region_name"]),
            f"{CHANGE_ZH[notice['change']]}（{_arrow(notice)}）",
            date_zh(date.fromisoformat(str(notice["opened_on"])[:10])),
            STATUS_ZH[notice["status"]],
        ]
        for notice in material.notices[:NOTICE_ROWS]
    ]
    paper.table(("提示编号", "地区", "等级变化", "起始日", "状态"), rows, (42, 36, 34, 26, 18))
    if len(material.notices) > NOTICE_ROWS:
        paper.text(f"本表列前{NOTICE_ROWS}条，其余见 notices.json。")
    if any(notice["status"] == "awaiting_approval" for notice in material.notices):
        paper.text("状态为待批准的提示，在批准前不得向外发送；批准人、时间和依据随提示留存。")
