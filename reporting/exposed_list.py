"""The list that follows a warning: which villages, which households, whom to call. Without names unless asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from ledger.tables import Prompt
from reporting.guide import guide_sheet, on_paper
from reporting.sheets import Workbook
from reporting.wording import HOUSEHOLD_ZH, LEVEL_ZH, UNKNOWN_ZH, beijing_zh, date_zh, monitored_zh
from warehouse.exposed import Exposed

TITLE = "灾害影响农户清单"
REPORTED_ZH = "值班电话报告"
CONTACTS = ("helper", "keeper")


@dataclass(frozen=True)
class Named:
    """What the vault gave back for one list: household key → number and head; person key → name and telephone."""

    households: Mapping[str, Mapping[str, str | None]]
    contacts: Mapping[str, Mapping[str, str | None]]


def write(path: Path, prompt: Prompt, found: Exposed, release_id: str, named: Named | None = None) -> int:
    """Writes the workbook of one prompt (by village, the households, what it is); returns its households."""
    book = Workbook(path, TITLE, found.day)
    _sheet(book, "分村汇总", [_village(row) for row in found.villages], VILLAGE_WIDTHS)
    rows = [_household(row, named) for row in found.households]
    _sheet(book, "农户名单", rows, {**HOUSEHOLD_WIDTHS, **(NAMED_WIDTHS if named else {})})
    guide_sheet(book, _guide(prompt, found, release_id, named is not None))
    book.close()
    return len(rows)


VILLAGE_WIDTHS = {"乡镇": 14, "村": 14, "脱贫户和监测对象": 12, "可能受影响": 10, "收入不明": 9, "其中危房": 9}
HOUSEHOLD_WIDTHS = {
    "乡镇": 12,
    "村": 12,
    "村民小组": 8,
    "户标识": 9,
    "户类型": 9,
    "监测类别": 12,
    "为何列入": 24,
    "网格编码": 17,
    "帮扶联系人": 10,
    "网格员": 10,
}
NAMED_WIDTHS = {"户编号": 20, "户主姓名": 9, "帮扶联系人电话": 13, "网格员电话": 13}


def _village(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "乡镇": row["township_name"] or row["township_code"],
        "村": row["village_name"] or row["village_code"],
        "脱贫户和监测对象": row["vulnerable_count"],
        "可能受影响": row["exposed_count"],
        "收入不明": row["unknown_count"],
        "其中危房": row["weak_dwelling_count"],
    }


def _household(row: Mapping[str, Any], named: Named | None) -> dict[str, Any]:
    cells = {
        "乡镇": row["township_name"] or row["township_code"],
        "村": row["village_name"] or row["village_code"],
        "村民小组": row["villager_group"],
        "户标识": row["household_key"][:8],
        "户类型": HOUSEHOLD_ZH[row["is_lifted_out"]],
        "监测类别": monitored_zh(row["is_monitored"], row["monitored_type"]),
        "为何列入": _why(row),
        "网格编码": row["grid_code"],
    }
    words = {"helper": "帮扶联系人", "keeper": "网格员"}
    for contact in CONTACTS:
        key = row[f"{contact}_person_key"]
        cells[words[contact]] = "未登记" if key is None else key[:8]
        if named is not None:
            person = named.contacts.get(key or "", {})
            cells[words[contact]] = "未登记" if key is None else person.get("name") or "姓名未报"
            cells[f"{words[contact]}电话"] = person.get("phone")
    if named is not None:
        household = named.households.get(row["household_key"], {})
        cells |= {"户编号": household.get("household_no"), "户主姓名": household.get("head_name")}
    return cells


def _why(row: Mapping[str, Any]) -> str:
    reasons = ["住房为C级或D级"] if row["is_dwelling_weak"] else []
    touched, net = row["touched_cny"], row["net_income_cny"]
    if row["is_exposed"] is None:
        reasons.append("收入不明，需入户了解")
    elif touched and net is not None and net > 0:
        reasons.append(f"受影响的收入约占{min(Decimal(1), touched / net):.0%}")
    elif touched:
        reasons.append("纯收入不为正，收入来源受影响")
    return "；".join(reasons)


def _sheet(book: Workbook, name: str, rows: Sequence[Mapping[str, Any]], widths: Mapping[str, float]) -> None:
    sheet = book.book.add_worksheet(name)
    for column, (header, width) in enumerate(widths.items()):
        sheet.set_column(column, column, width)
        book.write(sheet, 0, column, header, bold=True, border=1, align="center", text_wrap=True, bg_color="#E7E6E6")
        for number, row in enumerate(rows, start=1):
            book.write(sheet, number, column, row.get(header), border=1, text_wrap=True)
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    on_paper(sheet)


def _names(townships: Sequence[tuple[str, str]]) -> str:
    shown = "、".join(name for _, name in townships[:8])
    return f"{len(townships)}个乡镇（街道）：{shown}{'等' if len(townships) > 8 else ''}" if townships else UNKNOWN_ZH


def _whom(found: Exposed) -> str:
    of = "全部登记农户" if found.is_beyond_vulnerable else "脱贫户和监测对象"
    share = "不明" if found.touched_share is None else f"{found.touched_share:.0%}以上"
    return f"{of}中，本月可能受影响的户：受影响收入占纯收入的比例{share}（参数），或灾害危及住房且住房为C级、D级。"


def _guide(prompt: Prompt, found: Exposed, release_id: str, is_named: bool) -> list[tuple[str, str]]:
    told = LEVEL_ZH.get(prompt.colour, REPORTED_ZH) + ("预警" if prompt.colour in LEVEL_ZH else "")
    seen = {row["township_code"] for row in found.villages} | {code for code, _ in found.withheld}
    unseen = [town for town in found.townships if town[0] not in seen]
    kind = found.hazard_zh or prompt.hazard_text
    lines = [
        ("名称", f"{TITLE}：{date_zh(found.day)}{kind}（{told}），提示编号{prompt.prompt_id}，待核"),
        ("时间", f"发出或发生时间（北京时间）{beijing_zh(prompt.issued_at)}；来源批次{prompt.load_id}"),
        ("范围", f"涉及{_names(found.townships)}"),
    ]
    if found.why_not:
        lines.append(("未列农户", found.why_not))
    if found.withheld:
        lines.append(("暂缓发布", f"{_names(found.withheld)}的核查清单未通过质量闸门，不列其农户，请直接电话了解"))
    if unseen and not found.why_not:
        lines.append(("没有户况", f"{_names(unseen)}没有农户登记数据，不能列出其农户，请直接电话了解"))
    lines += [
        ("列谁", _whom(found)),
        ("不是结论", "依据户况推算可能受影响的农户，不是已经受灾；没有列入的户不等于没有受灾。"),
        ("户况", f"户况截至{found.state_date or UNKNOWN_ZH}，发布编号{release_id}。"),
        (
            "找谁",
            "姓名和电话仅供本次核查使用，已记录调阅。"
            if is_named
            else f"清单不含姓名和电话：shouxian exposed {prompt.prompt_id} --by 姓名 --purpose 用途 --out 文件.xlsx",
        ),
        ("保管", "内部资料，注意保存；不得转发到社交软件或公开场所。"),
    ]
    return lines
