"""Small wrongs done to a rule's SQL: a comparison, a null branch, a join or a date turned into another one.

Works on the SQL that dbt compiles for a unit test: the fixtures stand before the model's own statements and are left
alone, and so are texts and comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STRING_OR_COMMENT = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", re.DOTALL)
_LAST_FIXTURE = re.compile(r"-- Fixture for ")
# A model's own statements follow the fixtures after a comma, or at once where it has no `with` of its own.
_MODEL_BEGINS = re.compile(r"^\),? ", re.MULTILINE)
_MODEL_ENDS = ") _dbt_internal_unit_test_actual"
_SWAPS = (
    ("comparison", re.compile(r"(?<![<>!=])<(?![<>=])"), "<="),
    ("comparison", re.compile(r"(?<![<>!=])<="), "<"),
    ("comparison", re.compile(r"(?<![<>!=\-])>(?![>=])"), ">="),
    ("comparison", re.compile(r"(?<![<>!=\-])>="), ">"),
    ("comparison", re.compile(r"(?<![<>!=])=(?![=>])"), "<>"),
    ("comparison", re.compile(r"<>|!="), "="),
    ("null branch", re.compile(r"\bis\s+not\s+null\b"), "is null"),
    ("null branch", re.compile(r"\bis\s+null\b"), "is not null"),
    ("null branch", re.compile(r"\bcoalesce\("), None),
    ("join", re.compile(r"\bleft join\b"), "inner join"),
    ("date", re.compile(r"\bgreatest\("), "least("),
    ("date", re.compile(r"\bleast\("), "greatest("),
    ("date", re.compile(r"\binterval (\d+)"), "interval 1\\1"),
)


@dataclass(frozen=True)
class Mutant:
    """One wrong: its kind, where in the model's statements it is done, and what stands there before and after."""

    kind: str
    start: int
    end: int
    after: str
    line: str

    def done_to(self, sql: str) -> str:
        """The compiled unit test with this wrong in its model."""
        offset = model_span(sql)[0]
        return sql[: offset + self.start] + self.after + sql[offset + self.end :]

    def __str__(self) -> str:
        return f"{self.kind}: → {' '.join(self.after.split()) or '(nothing)'} in: {self.line}"


def model_span(sql: str) -> tuple[int, int]:
    """Where the model's own statements begin and end in a compiled unit test. Raises ValueError if it is none."""
    fixtures = list(_LAST_FIXTURE.finditer(sql))
    if not fixtures or _MODEL_ENDS not in sql:
        raise ValueError("not a compiled unit test with fixtures")
    begins = _MODEL_BEGINS.search(sql, fixtures[-1].end())
    if begins is None:
        raise ValueError("no statement after the fixtures")
    return begins.end(), sql.index(_MODEL_ENDS)


def mutants(sql: str) -> Iterator[Mutant]:
    """Every wrong that can be done to the model of a compiled unit test."""
    start, end = model_span(sql)
    model = sql[start:end]
    # The same length, so that a place in the one is the place in the other.
    bare = _STRING_OR_COMMENT.sub(lambda found: "\1" * len(found[0]), model)
    shown = _evidence_spans(bare)
    for kind, pattern, instead in _SWAPS:
        for found in pattern.finditer(bare):
            at = found.start()
            if any(a <= at < b for a, b in shown):
                continue
            line = " ".join(model[model.rfind("\n", 0, at) + 1 : _line_end(model, at)].split())
            if instead is None:
                close = _closing(bare, found.end())
                comma = _first_comma(bare, found.end(), close)
                yield Mutant(kind, at, close + 1, f"({model[found.end() : comma]})", line)
            else:
                yield Mutant(kind, at, found.end(), found.expand(instead), line)


def _evidence_spans(bare: str) -> list[tuple[int, int]]:
    """What only words the evidence: the clause tables judge answers, not texts."""
    spans = []
    for found in re.finditer(r"\bjson_object\(|\bas evidence\b", bare):
        if found[0].startswith("json"):
            spans.append((found.start(), _closing(bare, found.end())))
        else:
            opened = bare.rfind("\n    end as", 0, found.end())
            begun = bare.rfind("\n        case\n", 0, found.start())
            if 0 <= begun < found.start() and opened >= begun:
                spans.append((begun, found.end()))
    return spans


def _closing(text: str, start: int) -> int:
    """Where the parenthesis that was opened just before `start` closes."""
    depth = 1
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if not depth:
            return place
    raise ValueError("a parenthesis is not closed")


def _first_comma(text: str, start: int, end: int) -> int:
    depth = 0
    for place in range(start, end):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if text[place] == "," and not depth:
            return place
    return end


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end
