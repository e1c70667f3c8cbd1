"""The rules page: every clause of the policy, the model that answers it, its parameters and its clause table.

It is made from the seeds and from the unit tests beside the models, so that it cannot say what the system does not do.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml

PAGE = Path("docs/rules.md")
PROJECT = Path(__file__).parents[1] / "dbt_project"
CLAUSES = 77
_SEEDS = PROJECT / "seeds" / "policy"
_SUBJECTS = {"household": "户", "region": "地区", "case": "个案", "lead": "线索"}
_ORIGINS = {"clause": "政策原文", "standard": "标准", "project default": "项目默认"}
_ANSWERS = "raised 提示，clear 未见，unknown 不明，not_applicable 不适用"

Row = dict[str, str]


def page() -> str:
    """The whole page in Markdown; the same seeds and tests give the same bytes."""
    answered, others = seed("rules"), seed("rules_without_model")
    parameters = defaultdict(list)
    for row in seed("thresholds"):
        parameters[row["rule_id"]].append(row)
    lines = [
        "# 规则目录",
        "",
        "本页由政策种子表和模型旁的条款表生成（`shouxian rules --page`），请改种子表，不要改本页。",
        (
            f"政策条款 R01–R{CLAUSES}：{len([r for r in answered if r['rule_id'].startswith('R')])} 条由模型回答，"
            f"{len(others)} 条写明不设模型的理由。每个对象每条规则恰有一个回答：{_ANSWERS}。"
        ),
        "参数的来源：政策原文、标准，或项目默认（没有权威出处，市里可改）。",
        "",
        "| 规则 | 名称 | 条款 | 对象 | 模型 | 条款表 |",
        "|---|---|---|---|---|---|",
    ]
    for row in sorted(answered, key=lambda r: r["rule_id"]):
        count = len(clause_table(row["model_name"]))
        lines.append(
            f"| [{row['rule_id']}](#{row['rule_id'].lower()}) | {row['name_zh']} | {row['clause']} "
            f"| {_SUBJECTS[row['subject']]} | `{row['model_name']}` | {count} |"
        )
    lines += ["", "## 不设模型的条款", "", "| 规则 | 名称 | 条款 | 理由 | 见 |", "|---|---|---|---|---|"]
    for row in others:
        where = f"`{row['where_instead']}`" if row["where_instead"] else "—"
        lines.append(f"| {row['rule_id']} | {row['name_zh']} | {row['clause']} | {row['reason_zh']} | {where} |")
    lines += ["", "## 条款表和参数", ""]
    for row in sorted(answered, key=lambda r: r["rule_id"]):
        lines += _rule(row, parameters[row["rule_id"]])
    return "\n".join(lines).rstrip() + "\n"


def summaries() -> Iterator[tuple[str, str, str, str]]:
    """Rule, name, clause and model or reason of each, for the terminal."""
    for row in seed("rules"):
        yield row["rule_id"], row["name_zh"], row["clause"], row["model_name"]
    for row in seed("rules_without_model"):
        yield row["rule_id"], row["name_zh"], row["clause"], row["reason_zh"]


def seed(name: str) -> list[Row]:
    """The rows of one policy seed, by column."""
    with (_SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def clause_table(model: str) -> list[str]:
    """The names of the unit tests of a rule's model and of its steps, as a policy officer would say them."""
    tables = _clause_tables()
    return [name for of in sorted(tables) if of == model or of.startswith(f"{model}_") for name in tables[of]]


@cache
def _clause_tables() -> dict[str, list[str]]:
    found = defaultdict(list)
    for path in sorted((PROJECT / "models").rglob("*.yml")):
        for test in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("unit_tests") or ():
            found[test["model"]].append(test["name"])
    return dict(found)


@cache
def _drawn_tables() -> dict[str, list[str]]:
    """By model the clause table that stands at the head of its unit tests."""
    found = {}
    for path in sorted((PROJECT / "models").rglob("*_unit_tests.yml")):
        lines = path.read_text(encoding="utf-8").splitlines()
        if drawn := [line[2:] for line in lines if line.startswith("# |")]:
            found[path.stem.removesuffix("_unit_tests")] = drawn
    return found


def _rule(row: Row, parameters: list[Row]) -> list[str]:
    lines = [f"### {row['rule_id']}", "", f"**{row['name_zh']}**（{row['clause']}）：{row['clause_zh']}", ""]
    if parameters:
        lines += ["| 参数 | 级别 | 值 | 单位 | 生效 | 来源 |", "|---|---|---|---|---|---|"]
        for one in parameters:
            span = f"{one['in_force_from']} 起" + (f"，至 {one['in_force_to']}" if one["in_force_to"] else "")
            lines.append(
                f"| `{one['threshold_id']}` | {one['level'] or '—'} | {one['value']} | {one['unit']} | {span} "
                f"| {_ORIGINS[one['origin']]} |"
            )
        lines.append("")
    if drawn := _drawn_tables().get(row["model_name"]):
        lines += [*drawn, ""]
    if names := clause_table(row["model_name"]):
        lines += [*(f"- {name.replace('_', ' ')}" for name in names), ""]
    return lines
