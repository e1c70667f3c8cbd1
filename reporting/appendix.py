"""The briefing's annexes: where the data came from and how words are meant, and the list of figures with their ids."""

from __future__ import annotations

from docx.shared import Pt

from reporting.material import Material
from reporting.paper import Cell, Paper
from reporting.readings import Feed
from reporting.wording import UNKNOWN_ZH, amount_zh, beijing_zh, clause_zh, date_zh

SMALL = Pt(9)


def sources(paper: Paper, material: Material) -> None:
    """Annex one: loads by feed, both clocks, versions, and the definitions."""
    paper.heading("附件1  数据来源与口径", new_page=True)
    judging = [feed for feed in material.feeds if feed.is_judging]
    others = [feed for feed in material.feeds if not feed.is_judging]
    rows: list[list[Cell]] = [_source(material, feed.title, feed.owner, [feed]) for feed in judging]
    if others:
        rows.append(_source(material, "其余各路数据", "各有关单位", others))
    header = ("数据", "报送单位", "批次", "接收行数", "隔离行数", "最新所属期", "最近收到")
    paper.table(header, rows, (30, 26, 15, 21, 18, 22, 24), SMALL)
    versions = material.con.execute(
        "select distinct thresholds_version from marts.fct_region_risk_level_daily where as_of_date = ?",
        [material.as_of],
    ).fetchall()
    release = material.release
    paper.text(
        f"统计日：{date_zh(material.as_of)}；数据截至（北京时间）{beijing_zh(material.known_at)}，此后到达的数据未计入。"
    )
    paper.text(
        f"发布编号：{release['release_id']}；程序版本：{release['code_version']}；"
        f"阈值版本：{'、'.join(str(v[0])[:12] for v in versions)}。"
    )
    draft = material.con.execute(
        "select title_zh, published_date from policy.documents where document_id = 'suzhou_2021_draft'"
    ).fetchone()
    if draft:
        paper.text(
            f"政策依据：《{draft[0]}》，{date_zh(draft[1])}公开征求意见；该件为征求意见稿，不是正式印发文件。"
            "各级颜色阈值，除注明政策条款或引用标准的以外，均为项目默认值，须由市级主管部门确认。"
        )
    paper.text(
        "风险提示等级是内部研判结果，分蓝色、黄色、橙色、红色，由冲击和困苦两把钥匙按矩阵判定：冲击指灾害、价格、"
        "务工就业、安置点等外部变化，困苦指已经观察到的新增困难户（新线索、新纳入监测和核查属实的户）。数据不足的记为未知。"
        "影响户数只统计脱贫户和监测对象户。本专报不含个人信息。"
    )


def _source(material: Material, name: str, owner: str, feeds: list[Feed]) -> list[Cell]:
    periods = [feed.newest_period for feed in feeds if feed.newest_period]
    arrivals = [feed.newest_received_at for feed in feeds if feed.newest_received_at]
    return [
        name,
        owner,
        material.of_feeds(name, feeds, "count(*)", "批次数"),
        material.of_feeds(name, feeds, "sum(accepted)", "接收行数"),
        material.of_feeds(name, feeds, "sum(quarantined)", "隔离行数"),
        date_zh(max(periods)) if periods else "—",
        beijing_zh(max(arrivals)) if arrivals else "—",
    ]


def traces(paper: Paper, material: Material) -> None:
    """Annex two: each figure's number, id, meaning, value, rule and the count of loads behind it."""
    paper.heading("附件2  数字追溯表", new_page=True)
    paper.text(
        "正文和表中上标方括号内为序号；用追溯号可查到算法、条款、批次和文件校验值（命令：shouxian trace 追溯号）。"
    )
    rows: list[list[Cell]] = []
    for number, figure in enumerate(material.registry.figures.values(), start=1):
        parameter = material.thresholds.get(figure.threshold_id or "", {}).get("parameter", "")
        shown = "见正文" if figure.unit == "" and isinstance(figure.value, str) else None
        value = shown or (UNKNOWN_ZH if figure.value is None else amount_zh(figure.value, figure.unit, parameter))
        grounds = " ".join(part for part in (figure.rule_id, clause_zh(figure.clause)) if part) or "—"
        rows.append([str(number), figure.trace_id, figure.label_zh, value, grounds, str(len(figure.loads))])
    paper.table(("序号", "追溯号", "内容", "数值", "规则 条款", "批次"), rows, (12, 28, 44, 20, 40, 12), SMALL)
