"""Every clause of the policy is answered by a model with a clause table, or says why not; the page says the same."""

from __future__ import annotations

from collections import Counter

from shouxian import rule_pages
from tests.conftest import REPOSITORY


def test_every_clause_is_answered_or_says_why_not() -> None:
    answered = [row["rule_id"] for row in rule_pages.seed("rules")]
    others = [row["rule_id"] for row in rule_pages.seed("rules_without_model")]
    clauses = Counter(rule for rule in [*answered, *others] if rule.startswith("R"))
    assert clauses == Counter(f"R{number:02}" for number in range(1, rule_pages.CLAUSES + 1))


def test_every_rule_has_its_model_and_a_clause_table() -> None:
    models = {path.stem for path in (REPOSITORY / "dbt_project" / "models").rglob("*.sql")}
    for row in rule_pages.seed("rules"):
        assert row["model_name"] in models, row["rule_id"]
        assert rule_pages.clause_table(row["model_name"]), f"{row['rule_id']} has no clause table"


def test_what_serves_a_clause_without_a_model_exists() -> None:
    tree = {path.stem for path in (REPOSITORY / "dbt_project").rglob("*.*")}
    feeds = {path.name for path in (REPOSITORY / "ingest" / "feeds").iterdir()}
    for row in rule_pages.seed("rules_without_model"):
        where = row["where_instead"]
        assert not where or where in tree | feeds or (REPOSITORY / where).exists(), row["rule_id"]


def test_the_rules_page_is_what_the_seeds_say() -> None:
    assert (REPOSITORY / rule_pages.PAGE).read_text(encoding="utf-8") == rule_pages.page(), (
        "run: shouxian rules --page docs/rules.md"
    )
