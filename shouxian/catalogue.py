"""The feed catalogue: every feed, its owner, its promises and its fields, as one page made from the contracts.

It is also the answer to section 5(4) of the policy: what is asked of whom, for what, and which field is asked twice.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from ingest.contracts import FEEDS, IDENTITY_KINDS, Column, Contract, Table, contracts

PAGE = Path("docs/feeds.md")
_EVERY = {"h": "小时", "d": "天", "w": "周", "m": "月", "y": "年"}
_SEMANTICS = {
    "snapshot": "全量快照（替换本范围）",
    "increment": "增量（只追加）",
    "cumulative": "累计（年初至今，不可相加）",
    "restatement": "重述（后报替换前报，各版保留）",
}
_CLASSES = {"identity": "身份", "restricted": "受限", "internal": "内部", "public": "公开"}
_BLANKS = {"no": "空＝否", "zero": "空＝0", "unknown": "空＝未知"}
_GROUPS = {"departments": "部门与乡镇", "hazards": "灾害", "prices": "价格", "reference": "基础资料"}


def page() -> str:
    """The whole page in Markdown; the same contracts give the same bytes."""
    feeds = list(contracts().values())
    lines = [
        "# 数据目录",
        "",
        "本页由 `ingest/feeds/*/contract.yml` 生成（`shouxian feeds --page`），请改合同，不要改本页。",
        f"共 {len(feeds)} 路数据、{sum(len(c.tables) for c in feeds)} 张表。",
        "“身份”类字段落地时变为密钥（HMAC）或只存于加密区，其余为该字段的隐私等级。",
        "",
    ]
    for group, title in _GROUPS.items():
        lines += [
            f"## {title}",
            "",
            "| 数据 | 名称 | 提供单位 | 频次 | 到期＋宽限 | 交付方式 |",
            "|---|---|---|---|---|---|",
        ]
        lines += [_summary(c) for c in feeds if c.group == group]
        lines += [""]
    lines += ["## 字段", ""]
    for contract in feeds:
        lines += _feed(contract)
    lines += _asked_twice(feeds)
    return "\n".join(lines).rstrip() + "\n"


def summaries() -> Iterator[tuple[str, str, str, str]]:
    """Feed, title, owner and cadence of each, for the terminal."""
    for contract in contracts().values():
        yield contract.feed, contract.title, contract.owner, _cadence(contract)


def _node(contract: Contract) -> dict[str, Any]:
    node: dict[str, Any] = yaml.safe_load((FEEDS / contract.feed / "contract.yml").read_text(encoding="utf-8"))
    return node


def _cadence(contract: Contract) -> str:
    count = next(p["value"] for p in _node(contract)["slaProperties"] if p["property"] == "frequency")
    if (count, contract.frequency) == (3, "m"):
        return "每季"
    return f"每{'' if count == 1 else count}{_EVERY[contract.frequency]}"


def _summary(contract: Contract) -> str:
    return (
        f"| [{contract.feed}](#{contract.feed}) | {contract.title} | {contract.owner} | {_cadence(contract)} "
        f"| {contract.due_days}＋{contract.grace_days} 天 | {_SEMANTICS[contract.semantics].partition('（')[0]} |"
    )


def _feed(contract: Contract) -> list[str]:
    said = _node(contract)["description"]
    lines = [
        f"### {contract.feed}",
        "",
        f"**{contract.title}**，{contract.owner}。格式 {contract.format}；{_SEMANTICS[contract.semantics]}。",
        "",
        f"- 说明什么（purpose）：{said['purpose']}",
        f"- 谁使用（usage）：{said['usage']}",
        f"- 局限（limitations）：{said['limitations']}",
        "",
    ]
    for table in contract.tables:
        lines += [f"`{table.name}` {table.title}：{table.grain}", ""]
        lines += ["| 表头 | 字段 | 类型 | 隐私 | 要求 |", "|---|---|---|---|---|"]
        lines += [_column(table, column) for column in table.columns]
        lines += [""]
    return lines


def _column(table: Table, column: Column) -> str:
    lands = column.name if column.landed_type else "（不落地）"
    asked = ["必填"] if column.required else [_BLANKS[column.blank_means]]
    asked += ["主键"] if column.name in table.key else []
    asked += ["可缺列"] if column.optional else []
    asked += ["取值：" + "、".join(column.codes)] if column.codes else []
    asked += ["别名：" + "、".join(column.aliases)] if column.aliases else []
    asked += ["合计核对"] if column.is_control_sum else []
    kind = f"{column.kind}（{column.unit}）" if column.unit else column.kind
    wanted = "；".join(asked).replace("|", "\\|")
    return f"| {column.header} | {lands} | {kind} | {_CLASSES[column.classification]} | {wanted} |"


def _asked_twice(feeds: list[Contract]) -> list[str]:
    """Fields that several owners are asked for (section 5(4): no field shall be collected twice)."""
    owners: dict[str, dict[str, str]] = defaultdict(dict)
    for contract in feeds:
        for table in contract.tables:
            for column in table.columns:
                if column.kind not in IDENTITY_KINDS | {"region_code", "month", "date", "code"} and not column.optional:
                    owners[column.header].setdefault(contract.owner, contract.feed)
    twice = {header: by for header, by in sorted(owners.items()) if len(by) > 1}
    lines = [
        "## 由不同单位提供的同名字段",
        "",
        "避免重复采集（第五条第四款）：下列字段不止一个单位提供，用于相互核对。",
        "",
    ]
    lines += [f"- {header}：" + "、".join(f"{o}（{f}）" for o, f in by.items()) for header, by in twice.items()]
    return lines
