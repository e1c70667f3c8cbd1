"""The end of the briefing's advice: which episode has an owner and a measure (R26), and what is put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reporting.errata import KIND_ZH
from reporting.material import Material
from reporting.notices import read_episodes
from reporting.paper import Cell, Paper
from reporting.wording import LEVEL_ZH, RESPONSE_ZH, date_zh, rank

ROWS = 20
ORDER = ("overdue", "unknown", "awaiting", "owned", "done")


def answers(paper: Paper, material: Material) -> None:
    """Writes one row per open episode at or above yellow, the overdue first; nothing where there is none."""
    asked = [
        episode
        for episode in read_episodes(material.con)
        if episode["closed_on"] is None and rank(episode["level"]) >= rank("yellow")
    ]
    if not asked:
        return
    paper.heading("防范措施落实", level=2)
    names = {region.region_code: material.full_name(region) for region in material.regions}
    rows: list[list[Cell]] = [
        [
            str(episode["episode_id"]),
            names.get(episode["region_code"], str(episode["region_name"])),
            LEVEL_ZH[episode["level"]],
            str(episode["response_owners"] or f"应由{episode['owner_departments']}"),
            str(episode["response_measures"] or "未登记"),
            date_zh(episode["response_due_on"]) if episode["response_due_on"] else "不明",
            RESPONSE_ZH[episode["response_state"]],
        ]
        for episode in sorted(asked, key=lambda e: ORDER.index(e["response_state"]))[:ROWS]
    ]
    header = ("过程编号", "地区", "等级", "责任单位", "措施", "期限", "状态")
    paper.table(header, rows, (28, 24, 11, 27, 30, 22, 14))
    if len(asked) > ROWS:
        paper.text("本表未列出的过程，见地区风险过程表（fct_region_risk_per_episode）。")


def corrections(paper: Paper, material: Material, errata: Sequence[dict[str, Any]]) -> None:
    """Writes one row per erratum that this release tells; nothing where it tells none."""
    if not errata:
        return
    paper.heading("更正", level=2)
    paper.text("以下此前的提示与现有数据的判定不一致。原提示照存不改，以本更正为准。")
    names = {region.region_code: material.full_name(region) for region in material.regions}
    rows: list[list[Cell]] = [
        [
            str(one["notice_id"]),
            names.get(one["region_code"], str(one["region_name"])),
            LEVEL_ZH[one["told_level"]],
            f"{LEVEL_ZH[one['level_now']]}（{date_zh(one['level_date'])}）",
            f"{KIND_ZH[one['kind']]}：{one['reason']}",
        ]
        for one in errata[:ROWS]
    ]
    paper.table(("提示编号", "地区", "原提示", "现判定", "原因"), rows, (38, 24, 14, 28, 52))
    if len(errata) > ROWS:
        paper.text("本表未列出的更正，用 shouxian trace 提示编号 查看。")
