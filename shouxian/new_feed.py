"""Scaffolds a feed: its contract, its fixtures, its staging models and their line among the sources.

What is written is a first draft in the house's own shapes; `make check` says what of it is not yet as agreed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from ingest.contracts import IDENTITY_KINDS, Contract, Table, contracts, read_contract
from shouxian.example_files import write_examples

NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# What a heading most likely holds; the first that fits.
GUESSES: tuple[tuple[str, str, str], ...] = (
    (r"证件号|身份证", "id_number", "person_key"),
    (r"户编号", "household_no", "household_key"),
    (r"电话|手机", "contact", "contact_phone"),
    (r"姓名", "personal_name", "person_name"),
    (r"(区划|村|乡镇|县区|地区)代码|村编码", "region_code", "region_code"),
    (r"季度", "quarter", "report_quarter"),
    (r"月份", "month", "report_month"),
    (r"时间", "timestamp", "event_at"),
    (r"日期|时间", "date", "event_date"),
    (r"编码|编号|代码", "code", "subject_code"),
    (r"金额|收入|支出|费用|元", "money_cny", "amount_cny"),
    (r"面积", "area_mu", "area_mu"),
    (r"率|占比|增幅", "percent", "share_ratio"),
    (r"是否|有无", "yes_no", "is_so"),
    (r"数$|人数|户数|次数", "integer", "row_count"),
    (r"情况|说明|备注", "narrative", "note_text"),
)
LOGICAL = {
    **dict.fromkeys(("money_cny", "price", "decimal", "percent", "area_mu"), "number"),
    **dict.fromkeys(("integer", "year"), "integer"),
    **dict.fromkeys(("month", "date", "birth_date", "quarter", "partial_date"), "date"),
    "timestamp": "timestamp",
    "yes_no": "boolean",
}
SEMANTICS = ("snapshot", "increment", "cumulative", "restatement")


@dataclass(frozen=True)
class Draft:
    """What is known of a feed before its contract is written. every: h, d, w, m or y."""

    feed: str
    title: str
    owner: str
    headers: tuple[str, ...]
    semantics: str = "snapshot"
    every: str = "m"
    file_format: str = "csv"


def scaffold(draft: Draft, root: Path) -> list[Path]:
    """Writes the feed's files below the repository's root; the paths written, the contract first.

    Raises ValueError for a name that is no snake_case, is taken, or for a heading given twice or none at all.
    """
    folder = root / "ingest" / "feeds" / draft.feed
    if not NAME.fullmatch(draft.feed):
        raise ValueError(f"{draft.feed} is no name for a feed: small letters, digits and _, such as school_meals")
    if folder.exists():
        raise ValueError(f"the feed {draft.feed} exists already: {folder}")
    if draft.semantics not in SEMANTICS or draft.every not in "hdwmy" or draft.file_format not in ("csv", "xlsx"):
        raise ValueError(f"a delivery is {', '.join(SEMANTICS)}; it comes every h, d, w, m or y, as csv or xlsx")
    if not draft.headers or len(set(draft.headers)) != len(draft.headers):
        raise ValueError("name each heading of the file once, in its order, separated by commas")
    folder.mkdir(parents=True)
    path = folder / "contract.yml"
    path.write_text(contract_text(draft), encoding="utf-8")
    contract = read_contract(path)
    return [path, *write_examples(contract, root / "tests" / "fixtures" / draft.feed), *write_staging(contract, root)]


def contract_text(draft: Draft) -> str:
    """The contract's first draft. Headings that other contracts know get their names and kinds from there."""
    known = {c.header: (c.name, c.kind) for k in contracts().values() for t in k.tables for c in t.columns}
    columns: list[tuple[str, str]] = []
    for position, header in enumerate(draft.headers, 1):
        name, kind = known.get(header) or _guessed(header)
        if name in dict(columns):
            name = f"{name.rpartition('_')[0] or 'column'}_{position}_{name.split('_')[-1]}"
        columns.append((name, kind))
    keyed = _key([kind for _, kind in columns])
    lines = [
        _property(name, header, kind, keyed.index(n) + 1 if n in keyed else None)
        for n, ((name, kind), header) in enumerate(zip(columns, draft.headers, strict=True))
    ]
    grain = {"increment": "event", "restatement": "statement"}.get(draft.semantics, "subject and period")
    unit = {"h": "event", "d": "event", "w": "week", "y": "year"}.get(draft.every, "month")
    return _TEMPLATE.format(
        draft=draft, unit=unit, grain=grain, properties="\n".join(lines), due={"h": 0, "d": 1}.get(draft.every, 6)
    )


def _guessed(header: str) -> tuple[str, str]:
    return next(((name, kind) for pattern, kind, name in GUESSES if re.search(pattern, header)), ("value_text", "text"))


def _key(kinds: list[str]) -> list[int]:
    """The columns that most likely make a row one: the first time, and the first who or what; else the first of all."""
    times = [n for n, kind in enumerate(kinds) if kind in ("month", "quarter", "date", "timestamp", "year")][:1]
    subjects = [n for k in ("id_number", "household_no", "code", "region_code") for n, v in enumerate(kinds) if v == k]
    return sorted(times + subjects[:1]) or [0]


def _property(name: str, header: str, kind: str, key_position: int | None) -> str:
    key = f"primaryKey: true, primaryKeyPosition: {key_position}, required: true, " if key_position else ""
    custom = "" if key_position else ", customProperties: [{property: blankMeans, value: unknown}]"
    kept = "identity" if kind in IDENTITY_KINDS else "internal"
    logical = LOGICAL.get(kind, "string")
    return (
        f'      - {{name: {name}, businessName: "{header}", logicalType: {logical}, physicalType: {kind}, '
        f"{key}classification: {kept}{custom}}}"
    )


def write_staging(contract: Contract, root: Path, source: str | None = None) -> list[Path]:
    """One staging model a table, and the table's line among dbt's sources. Files that exist are left alone."""
    folder = root / "dbt_project" / "models" / "staging" / (source or contract.feed)
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for table in contract.tables:
        model = f"stg_{folder.name}__{table.name.removeprefix(folder.name + '_')}"
        texts = {".sql": staging_sql(contract, table), ".yml": staging_yml(model, contract, table)}
        for ending, text in texts.items():
            path = folder / f"{model}{ending}"
            if not path.exists():
                path.write_text(text, encoding="utf-8")
                written.append(path)
    sources = root / "dbt_project" / "models" / "staging" / "sources.yml"
    text = sources.read_text(encoding="utf-8")
    for table in contract.tables:
        if f"{{name: {table.name}," not in text:
            line = f'      - {{name: {table.name}, description: "{_sentence(table.grain)}."}}\n'
            text = text.replace("      - {name: loads,", line + "      - {name: loads,", 1)
    sources.write_text(text, encoding="utf-8")
    return [*written, sources]


def staging_sql(contract: Contract, table: Table) -> str:
    """The staging model of a table: its macro follows the contract's word for a delivery."""
    day = f", day='{table.period_from[0]}'" if len(table.period_from) == 1 else ""
    if table.semantics in ("snapshot", "cumulative"):
        said, call = "as the newest list of each scope and period tells it", f"rows_of_newest_list('{table.name}')"
    elif table.semantics == "increment":
        said, call = "every row once, at its first arrival", f"rows_told_once('{table.name}'{day})"
    else:
        subject = [name for name in table.key if name not in table.version_by]
        version = f",\n    version={list(table.version_by)}" if table.version_by else ""
        said = "every statement kept, the one that stands marked"
        call = f"rows_restated(\n    '{table.name}', subject={subject}{version}{day}\n)"
    return f"-- {contract.title}: {said}.\n{{{{ {call} }}}}\n"


def staging_yml(model: str, contract: Contract, table: Table) -> str:
    """The model's description; its columns are the contract's."""
    kept = {"snapshot": "as the newest list known tells it", "increment": "told once", "restatement": "every version"}
    said = kept.get(table.semantics, "cumulative to the period's end")
    return (
        f"models:\n  - name: {model}\n    description: >-\n      {_sentence(table.grain)}, {said}.\n"
        f"      The columns are those of ingest/feeds/{contract.feed}/contract.yml, with their lineage.\n"
    )


def _sentence(grain: str) -> str:
    return grain[:1].upper() + grain[1:]


_TEMPLATE = """\
# {draft.title}: say in one sentence what its owner sends.
apiVersion: v3.1.0
kind: DataContract
id: {draft.feed}
name: {draft.title}
status: draft
version: 0.1.0
description:
  purpose: "What the file tells."
  usage: "Which rules and clauses use it."
  limitations: "What it does not tell, and what a careless reader would get wrong."
team:
  name: "{draft.owner}"
authoritativeDefinitions:
  - {{type: policyClause, url: "section 3(1)"}}
slaProperties:
  - {{property: frequency, value: 1, unit: {draft.every}}}
  - {{property: dueDays, value: {due}, unit: d}}
  - {{property: graceDays, value: 5, unit: d}}
customProperties:
  - {{property: semantics, value: {draft.semantics}}}
  - {{property: reader, value: {{format: {draft.file_format}}}}}
  - {{property: fileName, value: '_(?P<region>\\d{{6}})_(?P<period>\\d{{6,8}})\\.[a-z]+$'}}
  - {{property: periodUnit, value: {unit}}}
  - {{property: emptyIsValid, value: true}}
  - {{property: rejectAboveQuarantineShare, value: 0.02}}
  - {{property: group, value: departments}}
schema:
  - name: {draft.feed}
    businessName: "{draft.title}"
    dataGranularityDescription: "one row per {grain}"
    properties:
{properties}
"""
