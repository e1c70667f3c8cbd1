"""Conventions of the warehouse's SQL: size, purpose, what Spark lacks, clocks, and policy numbers hidden in a model."""

from __future__ import annotations

import re
from pathlib import Path

from tests.conventions.tree import MODELS, line_of, sql_files, without_comments, yaml_files

MAX_LINES = 100
# What a model may not say, and why.
FORBIDDEN = {
    r"\{\{-?\s*var\(": "parameters come from landing.run_clock and the seeds, never from --vars",
    r"\basof\b": "Spark has no ASOF join",
    r"\bwith\s+recursive\b": "Spark has no recursive CTE",
    r"\bqualify\b": "Spark has no QUALIFY: rank in one CTE and filter in the next",
    r"\b(current_date|current_timestamp|localtimestamp|get_current_timestamp|(now|today)\s*\()": "no clock in models",
    r"\b(random|uuid|gen_random_uuid|newid)\s*\(": "no chance in models",
    r"\b(limit\s+[\d{(]|fetch\s+first\b|tablesample\b|using\s+sample\b)": "R11: no list is cut to a number",
}
# A comparison with a number of two digits or with decimals: that is a threshold, and thresholds stand in seeds.
NUMBER = r"(?:\d{2,}(?:\.\d+)?|\d*\.\d+)"
POLICY_NUMBER = re.compile(
    rf"(?<![<>-])(?:[<>]=?)\s*-?{NUMBER}\b|\b{NUMBER}\s*(?:[<>]=?)(?!>)|\bbetween\s+-?{NUMBER}\b", re.IGNORECASE
)

CAUTIONS = "dbt_project/seeds/policy/cautions.csv"
# The three ways to give one: an argument of a macro, a column, an item of a list of them.
CAUTION_GIVEN = re.compile(
    r"""\bcaution=\s*"([^"]*)"|('[a-z_]+')\s+as\s+caution\b|\bcase\b((?:(?!\bcase\b).)*?)\bend\)*\s+as\s+caution\b"""
    r"""|\bconcat_ws\(((?:(?!\bconcat_ws\b).)*?)\)\s*,\s*''\s*\)\s+as\s+cautions\b""",
    re.DOTALL,
)

# The models that lead up to the gate of R37, and no others.
GATE_OF_COMPARISONS = ("int_case__comparisons_told", "int_case__comparisons_judged", "int_case__usable_comparisons")


def sql_files_open_with_their_purpose(root: Path) -> list[str]:
    """The first thing in a SQL file is a comment that says what it is for."""
    return [
        f"{path}: opens without a comment that says what it is for"
        for path, text in sql_files(root)
        if not text.lstrip().startswith(("--", "{#", "/*"))
    ]


def sql_files_stay_short(root: Path) -> list[str]:
    """A SQL file has at most 100 lines."""
    counted = ((path, len(text.splitlines())) for path, text in sql_files(root))
    return [f"{path}: {lines} lines, more than {MAX_LINES}" for path, lines in counted if lines > MAX_LINES]


def models_say_nothing_forbidden(root: Path) -> list[str]:
    """No --vars, no clock, no chance, no quota, and nothing that Spark lacks."""
    wrong = []
    for path, text in [*sql_files(root, MODELS), *sql_files(root, "dbt_project/macros")]:
        code = without_comments(text)
        for pattern, why in FORBIDDEN.items():
            for found in re.finditer(pattern, code, re.IGNORECASE):
                wrong.append(f"{path}:{line_of(code, found.start())}: {found[0]!r}: {why}")
    return wrong


def models_hold_no_policy_number(root: Path) -> list[str]:
    """No comparison with a number of two digits or with decimals."""
    wrong = []
    for path, text in [*sql_files(root, MODELS), *sql_files(root, "dbt_project/macros")]:
        code = re.sub(r"'[^'\n]*'", lambda found: " " * len(found[0]), without_comments(text))
        for found in POLICY_NUMBER.finditer(code):
            wrong.append(f"{path}:{line_of(code, found.start())}: {found[0]!r}: a threshold stands in a seed")
    return wrong


def known_at_is_filtered_once(root: Path) -> list[str]:
    """Only staging may compare known_at: whoever else looks at it would see the future in a replay."""
    wrong = []
    compared = re.compile(r"\bknown_at\b\s*(?:[<>]=?|\bbetween\b)|[<>]=?\s*(?:\w+\.)?known_at\b", re.IGNORECASE)
    for path, text in sql_files(root, MODELS):
        code = without_comments(text)
        if path.is_relative_to(f"{MODELS}/staging"):
            continue
        for found in compared.finditer(code):
            wrong.append(f"{path}:{line_of(code, found.start())}: known_at is filtered once, in staging")
    return wrong


def every_rule_has_unit_tests(root: Path) -> list[str]:
    """Each int_rule__r* is the model of at least one dbt unit test."""
    tested = {
        test.get("model")
        for _, content in yaml_files(root, "dbt_project")
        if isinstance(content, dict)
        for test in content.get("unit_tests") or []
    }
    rules = (path for path, _ in sql_files(root, MODELS) if path.stem.startswith("int_rule__r"))
    return [f"{path}: a rule without unit tests" for path in rules if path.stem not in tested]


def comparisons_are_used_through_their_gate(root: Path) -> list[str]:
    """What a comparison of assets found is read from int_case__usable_comparisons: authorised ones only (R37)."""
    ungated = re.compile(r"stg_comparisons__comparison_results|int_case__comparisons_(?:told|judged)")
    wrong = []
    for path, text in sql_files(root, MODELS):
        code = without_comments(text)
        found = re.search(r"\bhas_hit\b|\bhit_(?:class|count)\b", code)
        if found and ungated.search(code) and path.stem not in GATE_OF_COMPARISONS:
            wrong.append(f"{path}:{line_of(code, found.start())}: read it from int_case__usable_comparisons")
    return wrong


def every_caution_has_its_words(root: Path) -> list[str]:
    """Each code that a model gives as its caution stands in the seed of cautions with its Chinese words."""
    seed = root / CAUTIONS
    known = {line.split(",")[0] for line in seed.read_text(encoding="utf-8").splitlines()} if seed.is_file() else set()
    wrong = []
    for path, text in [*sql_files(root, MODELS), *sql_files(root, "dbt_project/macros")]:
        code = without_comments(text)
        for place in CAUTION_GIVEN.finditer(code):
            for found in re.finditer(r"(?:\b(?:then|else)|^)\s*'([a-z_0-9]+)'", next(filter(None, place.groups()))):
                if found[1] not in known:
                    wrong.append(
                        f"{path}:{line_of(code, place.start())}: caution {found[1]!r} has no words in {CAUTIONS}"
                    )
    return wrong


def no_rule_reads_a_projection(root: Path) -> list[str]:
    """A projected income is for planning (ADR 0016): outside its folder only the household's mart names it."""
    planned = re.compile(r"\bint_planning__\w+|\bint_household__income_projected\b|\bprojected_\w+")
    folder, mart = f"{MODELS}/intermediate/planning", f"{MODELS}/marts/household/fct_household_risk_monthly.sql"
    wrong = []
    for path, text in [*sql_files(root, MODELS), *sql_files(root, "dbt_project/macros")]:
        found = planned.search(without_comments(text))
        if found and not path.is_relative_to(folder) and path != Path(mart):
            wrong.append(f"{path}:{line_of(without_comments(text), found.start())}: {found[0]} is for planning alone")
    return wrong


RULES = (
    sql_files_open_with_their_purpose,
    sql_files_stay_short,
    models_say_nothing_forbidden,
    models_hold_no_policy_number,
    known_at_is_filtered_once,
    every_rule_has_unit_tests,
    comparisons_are_used_through_their_gate,
    every_caution_has_its_words,
    no_rule_reads_a_projection,
)
