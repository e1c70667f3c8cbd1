"""The worklist of a township: every open lead with its reason and clause, and empty columns for what was found."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import duckdb
from xlsxwriter.worksheet import Worksheet

from reporting import readings
from reporting.figures import stem
from reporting.guide import guide, guide_below, guide_sheet, on_paper
from reporting.material import LEADS, Material
from reporting.sheets import Workbook
from reporting.wording import (
    GUARANTEE_ZH,
    HOUSEHOLD_ZH,
    MEASURED_ZH,
    UNIT_ZH,
    VERDICTS,
    clause_zh,
    monitored_zh,
)

SEVERITY_ZH = {1: "高", 2: "中", 3: "低"}
LINE_POINTS, WIDE_FROM = 13, 0x2E7F
GIVEN_COLOUR, FILLED_IN = "#E7E6E6", "#FFF2CC"
EARLIEST = date(2020, 1, 1)  # before any answer could be: only there to make Excel insist on a date
LEAD_ROWS = f"""
    with groups as (
        select household_key, arg_max(villager_group, edition_date) as villager_group
        from marts.dim_household
        group by household_key
    )

    select
        leads.*,
        findings.observed_value,
        findings.threshold_value,
        findings.unit,
        findings.threshold_id,
        findings.evidence,
        households.is_lifted_out,
        households.is_monitored,
        households.monitored_type,
        groups.villager_group,
        villages.region_name as village_name
    from {LEADS} as leads
    left join marts.fct_household_findings_monthly as findings
        on leads.household_key = findings.household_key
        and leads.rule_id = findings.rule_id
        and leads.as_of_date = findings.as_of_date
    left join marts.fct_household_risk_monthly as households
        on leads.household_key = households.household_key
        and leads.as_of_date = households.as_of_date
    left join groups on leads.household_key = groups.household_key
    left join intermediate.int_region__current as villages
        on leads.village_code = villages.region_code
    where leads.as_of_date = ? and not leads.is_baseline and leads.township_code = ?
    order by leads.severity_rank, leads.village_code, leads.household_key, leads.rule_id
"""


@dataclass(frozen=True)
class Heading:
    """One column of the list: its header, its width in characters, whether the township fills it."""

    header: str
    width: float
    is_filled_in: bool = False
    align: str = "center"


FOUND = (
    Heading("核查结果", 9, is_filled_in=True),
    Heading("核查日期", 11, is_filled_in=True),
    Heading("核查人", 8, is_filled_in=True),
    Heading("备注", 11, is_filled_in=True, align="left"),
)
GIVEN = (
    Heading("线索编号", 15),
    Heading("村", 9),
    Heading("村民小组", 8),
    Heading("户标识", 9),
    Heading("户类型", 9),
    Heading("监测类别", 9),
    Heading("规则编号", 5),
    Heading("线索规则", 10, align="left"),
    Heading("线索原因", 33, align="left"),
    Heading("观测值", 9, align="right"),
    Heading("阈值", 8, align="right"),
    Heading("单位", 9),
    Heading("依据条款", 11),
    Heading("线索日期", 11),
    Heading("严重程度", 5),
)
NAMED = (Heading("户编号", 18), Heading("户主姓名", 10))


def write(path: Path, warehouse: Path, region_code: str, release: dict[str, Any]) -> int:
    """Writes the list of one township (12-digit code) without names; returns its rows.

    Raises ValueError if the code is not a township's.
    """
    return _write(path, warehouse, region_code, release, None)


def write_named(
    path: Path,
    warehouse: Path,
    region_code: str,
    release: dict[str, Any],
    *,
    identities: Mapping[str, Mapping[str, str]],
) -> int:
    """The same list with 户编号 and 户主姓名, for the township alone; it comes back as the feed `verdicts`.

    That feed takes a workbook of one table: the guide stands below the list, not on a sheet of its own.

    `identities` gives, per household key, `household_no` and `head_name`. Raises KeyError if one is missing: a row
    without its number could not be read back.
    """
    return _write(path, warehouse, region_code, release, identities)


def _write(
    path: Path,
    warehouse: Path,
    region_code: str,
    release: dict[str, Any],
    identities: Mapping[str, Mapping[str, str]] | None,
) -> int:
    if len(stem(region_code)) != len("341321101"):
        raise ValueError(f"{region_code} is not a township: a worklist is written for one township")
    with duckdb.connect(str(warehouse), read_only=True) as con:
        material = Material(con, release, [])
        rows = readings.dicts(con, LEAD_ROWS, [material.as_of, region_code])
        book = Workbook(path, "核查清单", material.as_of)
        headings = (*GIVEN, *(NAMED if identities is not None else ()), *FOUND)
        sheet = _list(book, headings, [_cells(row, material, identities) for row in rows])
        lines = guide(material, region_code, len(rows))
        if identities is None:
            guide_sheet(book, lines)
        else:
            guide_below(book, sheet, lines, len(rows) + 2)
        book.close()
    return len(rows)


def _cells(
    row: dict[str, Any], material: Material, identities: Mapping[str, Mapping[str, str]] | None
) -> dict[str, Any]:
    rule = material.rules.get(row["rule_id"], {"name_zh": row["rule_id"], "clause": None, "clause_zh": ""})
    cells = {
        "线索编号": row["lead_id"],
        "村": row["village_name"] or row["village_code"],
        "村民小组": row["villager_group"],
        "户标识": row["household_key"][:8],
        "户类型": HOUSEHOLD_ZH[row["is_lifted_out"]],
        "监测类别": monitored_zh(row["is_monitored"], row["monitored_type"]),
        "规则编号": row["rule_id"],
        "线索规则": rule["name_zh"],
        "线索原因": _reason(row),
        "观测值": _percent(row["observed_value"], row["unit"]),
        "阈值": _percent(row["threshold_value"], row["unit"]),
        "单位": UNIT_ZH.get(row["unit"], row["unit"]),
        "依据条款": clause_zh(rule["clause"]),
        "线索日期": row["lead_date"],
        "严重程度": SEVERITY_ZH.get(row["severity_rank"], "低"),
    }
    if identities is not None:
        person = identities[row["household_key"]]
        cells |= {"户编号": person["household_no"], "户主姓名": person["head_name"]}
    return cells


def _reason(row: dict[str, Any]) -> str:
    """Why the household is listed, and what the observed value measures or which guarantee is not met."""
    evidence = json.loads(row["evidence"] or "{}")
    unmet = [word for name, word in GUARANTEE_ZH.items() if evidence.get(name) in (False, "false")]
    measured = "、".join(unmet) or MEASURED_ZH.get(row["threshold_id"] or "")
    return f"{row['reason_zh']}（{measured}）" if measured else str(row["reason_zh"])


def _percent(value: Decimal | None, unit: str | None) -> Decimal | None:
    """A ratio as a percentage, which is how a township reads it; other values as they are."""
    return value * 100 if value is not None and unit == "ratio" else value


def _list(book: Workbook, headings: tuple[Heading, ...], rows: list[dict[str, Any]]) -> Worksheet:
    """The sheet that is filled in: one header row, so that it can be read back as it stands."""
    sheet = book.book.add_worksheet("核查清单")
    sheet.set_row(0, 30)
    for column, heading in enumerate(headings):
        sheet.set_column(column, column, heading.width)
        colour = FILLED_IN if heading.is_filled_in else GIVEN_COLOUR
        book.write(
            sheet, 0, column, heading.header, bold=True, border=1, align="center", text_wrap=True, bg_color=colour
        )
        for number, row in enumerate(rows, start=1):
            book.write(sheet, number, column, row.get(heading.header), border=1, text_wrap=True, align=heading.align)
    for number, row in enumerate(rows, start=1):
        lines = max(_lines(str(row.get(h.header) or ""), h.width) for h in headings)
        sheet.set_row(number, LINE_POINTS * lines + 4)
    _answers(sheet, [h.header for h in headings], max(len(rows), 1))
    sheet.freeze_panes(1, 1)
    # no filter: rows hidden by one would have the returned file refused
    sheet.repeat_rows(0)
    sheet.set_header('&L内部资料 注意保存&C&"宋体,Bold"&14返贫致贫风险线索核查清单')
    on_paper(sheet)
    return sheet


def _lines(text: str, width: float) -> int:
    """How many lines a wrapped cell needs; a Chinese character is two wide."""
    return max(1, ceil(sum(2 if ord(c) > WIDE_FROM else 1 for c in text) / (width - 1)))


def _answers(sheet: Worksheet, headers: list[str], last_row: int) -> None:
    """Answers come from a list and dates are dates: what is typed by hand must be readable again."""
    answer, found_on = headers.index("核查结果"), headers.index("核查日期")
    sheet.data_validation(
        1,
        answer,
        last_row,
        answer,
        {
            "validate": "list",
            "source": list(VERDICTS),
            "error_title": "核查结果",
            "error_message": f"请从下拉列表中选择：{'、'.join(VERDICTS)}",
        },
    )
    sheet.data_validation(
        1,
        found_on,
        last_row,
        found_on,
        {
            "validate": "date",
            "criteria": ">=",
            "value": EARLIEST,
            "error_title": "核查日期",
            "error_message": "请填写日期，如 2021-12-31",
        },
    )
