"""Nine in ten small wrongs to the rules' SQL are noticed by their clause tables; the survivors are named."""

from __future__ import annotations

import pytest

from tests.e2e.conftest import Spine
from tests.mutation.run import report

ASKED = 0.9


@pytest.mark.long
def test_the_clause_tables_notice_nine_wrongs_in_ten(spine: Spine) -> None:
    outcomes = dict(report(spine.home / "runs" / spine.run_id / "warehouse.duckdb"))
    survivors = [f"{model}: {mutant}" for model, outcome in outcomes.items() for mutant in outcome.survivors]
    killed = sum(outcome.killed for outcome in outcomes.values())
    assert killed >= ASKED * (killed + len(survivors)), "\n".join(survivors)
