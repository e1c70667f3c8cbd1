"""A household-month's full story from one release: who lives there, what they earn, what threatens, what was answered.

A story is a list of sections, each read from one relation and left out where the release has none. A mart about
households that no section names is told at the end under its own name, so that new marts are in the story at once.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from reporting import readings
from reporting.products import MARTS, labels
from reporting.trace import LOAD_IN_TEXT, TraceResult, grounds, in_releases, loads_behind, open_warehouse
from reporting.wording import amount_zh

MONTHS = "marts.fct_household_risk_monthly"
FINDINGS = "marts.fct_household_findings_monthly"
LEADS = ("marts.fct_household_leads_per_episode", "intermediate.int_lead__household_leads")
KEY = re.compile(r"[0-9a-f]{32}")
STATUS_ZH = {"raised": "提示", "clear": "未见问题", "unknown": "不明", "not_applicable": "不适用"}
NO_ANSWER_ZH = {"household": "本发布未逐户保存（未见问题或不适用）", "case": "没有个案"}
TITLES_ZH = {
    "dim_household_lineage": "分户和合户",
    "fct_data_quality_findings_monthly": "信息质量核查",
    "fct_elimination_candidates_monthly": "风险消除还缺什么",
    "fct_household_help_monthly": "帮扶",
    "fct_monitoring_steps_per_case": "程序步骤",
}
"""Sections of marts that are told with their own columns; another mart is told under its own name."""
# What a row is found by, and what of it stands elsewhere in the story.
FOUND_BY = frozenset({"household_key", "as_of_date", "period"})
# A household's month: the mart's columns by their subject. What no subject takes is told as the household's own.
INCOME = re.compile(r"inc_|income_|net_income|pc_|previous_|claims_|business_cost|self_pay|monitoring_line|distance_to")
GUARANTEES = re.compile(r"has_(food|clothing)|is_\w+_(assured|safe)$|guarantee|housing_grade")
RISKS = re.compile(r"open_risk|suggested|reason|agreement|contradiction|key_group|cautions")
BEHIND = re.compile(r"source_load_ids|known_at|usable_from_date")
SUBJECTS = (("家庭", None), ("收入与支出", INCOME), ("两不愁三保障和饮水安全", GUARANTEES), ("风险与建议", RISKS))


@dataclass(frozen=True)
class Section:
    """A part of the story: rows of a relation, up to the day by the first of these columns that the relation has."""

    title_zh: str
    relations: tuple[str, ...]
    up_to: tuple[str, ...]


TOLD_BEFORE = frozenset({MONTHS, FINDINGS, "marts.dim_household"})
MEMBERS = Section("家庭成员（无姓名）", ("marts.dim_person",), ("valid_from_date", "usable_from_date", "edition_date"))
AFTER_RULES = (
    Section("线索", LEADS, ("first_raised_date", "lead_date", "as_of_date")),
    Section("核查结果", ("staging.stg_townships__verdicts",), ("usable_from_date", "verified_date")),
)


def household_story(home: Home, household_key: str, as_of: date | None = None) -> TraceResult:
    """The newest month judged on or before `as_of` (the release's own if none), from the first release that has it.

    Raises LookupError for what is no household key, and for a household or month that no release holds.
    """
    if not KEY.fullmatch(household_key):
        raise LookupError(
            f"{household_key}: a household has a key of 32 hexadecimal digits, as in a lead or a worklist"
        )
    told = in_releases(home, lambda folder: _told(home, folder, household_key, as_of))
    if told is None:
        until = f" on or before {as_of}" if as_of else ""
        raise LookupError(f"{household_key}: no release here has a month of this household{until}")
    return told


def _told(home: Home, folder: Path, key: str, as_of: date | None) -> TraceResult | None:
    with open_warehouse(folder) as con:
        month = readings.dicts(
            con,
            f"select * from {MONTHS} where household_key = ? and as_of_date <= ? order by as_of_date desc limit 1",
            [key, as_of or date.max],
        )
        if not month:
            return None
        story = Story(con, key, month[0])
        lines = [f"户 {key}，判断日 {story.day}（发布 {folder.name}）", *story.lines()]
    sound, behind = loads_behind(home, sorted(set(LOAD_IN_TEXT.findall("\n".join([*lines, *story.lineage])))))
    return TraceResult("household-month", sound, [*lines, *behind])


class Story:
    """The sections of one household's month."""

    def __init__(self, con: duckdb.DuckDBPyConnection, key: str, month: dict[str, Any]) -> None:
        self._con, self._key, self._month = con, key, month
        self.day: date = month["as_of_date"]
        self.lineage = [str(value) for name, value in month.items() if BEHIND.match(name)]
        self._columns = self._read_columns()
        self._cautions = readings.caution_texts(con)

    def lines(self) -> Iterator[str]:
        """All sections that the release can tell."""
        for number, (title, _) in enumerate(SUBJECTS):
            yield from self._subject(number, title)
            if number == 0:
                yield from self._section(MEMBERS)
        yield from self._rules()
        for section in (*AFTER_RULES, *self._others()):
            yield from self._section(section)

    def _read_columns(self) -> dict[str, list[str]]:
        """Every relation about households, with its columns."""
        found: dict[str, list[str]] = {}
        rows = self._con.execute(
            "select table_schema || '.' || table_name, column_name from information_schema.columns "
            "where table_schema in ('marts', 'intermediate', 'staging') order by table_schema, table_name, "
            "ordinal_position"
        ).fetchall()
        for relation, column in rows:
            found.setdefault(relation, []).append(column)
        return {relation: columns for relation, columns in found.items() if "household_key" in columns}

    def _subject(self, number: int, title: str) -> Iterator[str]:
        told = {name: value for name, value in self._month.items() if _subject_of(name) == number}
        yield from _titled(title, [_row(told, MONTHS)] if any(v is not None for v in told.values()) else [])

    def _section(self, section: Section) -> Iterator[str]:
        relation = next((name for name in section.relations if name in self._columns), None)
        if relation is None:
            return
        rows = self._rows(relation, section.up_to)
        if section is MEMBERS:
            rows = _as_they_stood(rows, self.day)
        yield from _titled(section.title_zh, [_row(row, relation) for row in rows])

    def _rows(self, relation: str, up_to: Sequence[str]) -> list[dict[str, Any]]:
        columns = self._columns[relation]
        by = next((name for name in up_to if name in columns), None)
        # A relation of months speaks of this one; others tell what had come to be by then.
        until = "" if by is None else f"and {by} {'=' if by == 'as_of_date' else '<='} $day"
        parameters: dict[str, Any] = {"key": self._key} if by is None else {"key": self._key, "day": self.day}
        return readings.dicts(
            self._con, f"select * from {relation} where household_key = $key {until} order by all", parameters
        )

    def _others(self) -> Iterator[Section]:
        told = {*TOLD_BEFORE, *MEMBERS.relations, *(name for section in AFTER_RULES for name in section.relations)}
        for relation in sorted(self._columns):
            if relation.startswith("marts.") and relation not in told:
                name = relation.removeprefix("marts.")
                yield Section(TITLES_ZH.get(name, name), (relation,), ("as_of_date", "usable_from_date"))

    def _rules(self) -> Iterator[str]:
        """Each household's and case's rule with its answer; the mart keeps those that are raised or unknown."""
        rules = readings.dicts(
            self._con,
            "select rule_id, name_zh, model_name, subject from policy.rules where subject in ('household', 'case') "
            "order by 1",
        )
        kept = self._rows(FINDINGS, ("as_of_date",)) if FINDINGS in self._columns else []
        lines: list[str] = []
        for rule in rules:
            answers = self._answers(f"intermediate.{rule['model_name']}")
            answers = answers or [row for row in kept if row["rule_id"] == rule["rule_id"]]
            for answer in answers:
                lines += self._answer(rule, answer)
            if not answers:
                lines.append(f"{rule['rule_id']} {rule['name_zh']}：{NO_ANSWER_ZH[rule['subject']]}")
        yield from _titled("逐条规则", lines)

    def _answers(self, relation: str) -> list[dict[str, Any]]:
        if relation not in self._columns:
            return []
        try:
            return self._rows(relation, ("as_of_date",))
        except duckdb.Error:
            return []  # a view over a landing that was purged since: what the mart kept is told

    def _answer(self, rule: dict[str, Any], answer: dict[str, Any]) -> Iterator[str]:
        status = str(answer["status"])
        case = f"（案件 {answer['case_id']}）" if answer.get("case_id") else ""
        head = f"{rule['rule_id']} {rule['name_zh']}{case}：{STATUS_ZH.get(status, status)}"
        self.lineage.append(str(answer["evidence"]))
        if status == "not_applicable":
            yield head
            return
        caution = json.loads(str(answer["evidence"] or "{}")).get("caution")
        if caution:
            head += f"（{self._cautions.get(caution, caution)}）"
        unit, parameter = str(answer["unit"] or ""), str(answer["threshold_id"] or "")
        for name, word in (("observed_value", "观测"), ("threshold_value", "阈值")):
            if answer[name] is not None:
                head += f"，{word} {amount_zh(answer[name], unit, parameter)}"
        yield head
        for line in grounds(self._con, rule["rule_id"], None, answer["threshold_id"], str(self.day)):
            yield f"  {line}"
        yield f"  依据：{_said(answer['evidence'])}"


def _subject_of(column: str) -> int | None:
    """Which of SUBJECTS tells a column of the month; None for what finds the row or lies behind it."""
    if column in FOUND_BY or BEHIND.match(column):
        return None
    return next((n for n, (_, pattern) in enumerate(SUBJECTS) if pattern and pattern.match(column)), 0)


def _as_they_stood(persons: list[dict[str, Any]], today: date) -> list[dict[str, Any]]:
    """The members of the newest edition, or those whose membership had not ended by then."""
    if persons and "valid_until_date" in persons[0]:
        return [row for row in persons if row["valid_until_date"] is None or row["valid_until_date"] > today]
    newest = max((row["edition_date"] for row in persons), default=None)
    return [row for row in persons if row["edition_date"] == newest]


def _titled(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = list(lines)
    yield f"【{title}】" + ("" if told else "无")
    yield from (f"  {line}" for line in told)


def _row(row: dict[str, Any], relation: str) -> str:
    """A row as label and value; the labels are those of the mart's own file."""
    file = next(MARTS.rglob(f"{relation.split('.')[1]}.yml"), None)
    heading = labels(file) if file else {}
    shown = {n: v for n, v in row.items() if v is not None and n not in FOUND_BY and not BEHIND.match(n)}
    return "，".join(f"{heading.get(name) or name} {_said(value)}" for name, value in shown.items())


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return "—" if value is None else str(value)
