"""The wrongs are done where they should be, and a clause table that asks nothing lets them live."""

from __future__ import annotations

import duckdb
import pytest

from tests.mutation.mutants import mutants
from tests.mutation.run import holds, judged

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


def test_texts_comments_and_fixtures_are_left_alone() -> None:
    found = [(mutant.kind, mutant.after) for mutant in mutants(ON)]
    assert found == [("comparison", "<="), ("null branch", "is null"), ("null branch", "(income)")]


def test_a_compiled_test_holds_or_does_not() -> None:
    with duckdb.connect() as connection:
        assert all(holds(connection, sql) for sql in (BELOW, ON, MISSING))
        assert not holds(connection, COMPILED.format(income=5999, status="clear"))


@pytest.mark.parametrize(("tests", "alive"), [([BELOW], 2), ([BELOW, ON], 1), ([BELOW, ON, MISSING], 0)])
def test_a_wrong_lives_until_somebody_asks(tests: list[str], alive: int) -> None:
    assert len(judged(tests).survivors) == alive
