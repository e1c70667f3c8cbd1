"""The wrongs are done where they should be, and a clause table that asks nothing lets them live."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.mutation.mutants import mutants
from tests.mutation.run import equivalents, holds, judged, without_equivalents

COMPILED = """
with dbt_internal_unit_test_actual as (
  select "status", 'actual' as "actual_or_expected"
  from (
with __dbt__cte__households as (
-- Fixture for households
select cast({income} as integer) as "income"
), households as (
    -- a comment with < and coalesce(
    select * from __dbt__cte__households where 'a < b' is not null
), final as (
    select case when coalesce(income, 0) < 6000 then 'raised' else 'clear' end as status from households
)
select * from final
  ) _dbt_internal_unit_test_actual
),
dbt_internal_unit_test_expected as (
  select cast('{status}' as varchar) as "status", 'expected' as "actual_or_expected"
)
select * from dbt_internal_unit_test_actual union all select * from dbt_internal_unit_test_expected
"""
BELOW = COMPILED.format(income=5999, status="raised")
ON = COMPILED.format(income=6000, status="clear")
MISSING = COMPILED.format(income="null", status="raised")
LINE = "select case when coalesce(income, 0) < 6000 then 'raised' else 'clear' end as status from households"
ALIVE, DEAD = f"null branch: → (income) in: {LINE}", f"comparison: → <= in: {LINE}"


def test_texts_comments_and_fixtures_are_left_alone() -> None:
    found = [(mutant.kind, mutant.after) for mutant in mutants(ON)]
    assert found == [("comparison", "<="), ("null branch", "is null"), ("null branch", "(income)")]


def test_a_model_without_a_statement_of_its_own_before_the_select_is_read() -> None:
    begin, end = ON.index("), households as ("), ON.index("select * from final")
    plain = ON[:begin] + ") select 'clear' as status from __dbt__cte__households where income >= 6000" + ON[end + 19 :]
    assert [(mutant.kind, mutant.after) for mutant in mutants(plain)] == [("comparison", ">")]


def test_a_compiled_test_holds_or_does_not() -> None:
    with duckdb.connect() as connection:
        assert all(holds(connection, sql) for sql in (BELOW, ON, MISSING))
        assert not holds(connection, COMPILED.format(income=5999, status="clear"))


@pytest.mark.parametrize(("tests", "alive"), [([BELOW], 2), ([BELOW, ON], 1), ([BELOW, ON, MISSING], 0)])
def test_a_wrong_lives_until_somebody_asks(tests: list[str], alive: int) -> None:
    assert len(judged(tests).survivors) == alive


def test_an_equivalent_mutant_is_left_out_of_the_count() -> None:
    outcome = without_equivalents("int_rule__r99", judged([BELOW, ON]), [ALIVE])
    assert (outcome.killed, outcome.total, len(outcome.equivalent)) == (2, 2, 1)


@pytest.mark.parametrize("texts", [["comparison: → <= in: nowhere"], [DEAD], [ALIVE, ALIVE]])
def test_an_entry_that_matches_no_surviving_mutant_is_refused(texts: list[str]) -> None:
    with pytest.raises(ValueError, match="no mutant that survives is"):
        without_equivalents("int_rule__r99", judged([BELOW, ON]), texts)


@pytest.mark.parametrize(
    ("entry", "because"),
    [
        ("{models: [int_rule__r99], mutant: any, reason: none}", "a model that there is not"),
        ("{models: [int_rule__r05], mutant: any, reason: ''}", "models, mutant and reason"),
        ("{models: [int_rule__r05], mutant: any}", "models, mutant and reason"),
    ],
)
def test_an_entry_that_says_too_little_is_refused(tmp_path: Path, entry: str, because: str) -> None:
    (tmp_path / "equivalent.yml").write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(ValueError, match=because):
        equivalents(tmp_path / "equivalent.yml")


def test_the_list_of_equivalent_mutants_is_in_order() -> None:
    assert all(texts for texts in equivalents().values())
