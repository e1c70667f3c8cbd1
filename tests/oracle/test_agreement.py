"""Two readings of the policy meet: for each compared rule every answer of the models is the oracle's answer."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

from tests.oracle.compared import COMPARED
from tests.oracle.conftest import Township
from tests.oracle.three_valued import RAISED

OF_THE_TEST = {"conftest.py", "test_agreement.py"}
OURS = {"ledger", "ingest", "signals", "expectations", "warehouse", "reporting", "shouxian", "simulation", "benchmarks"}


@pytest.mark.parametrize("rule", COMPARED)
def test_every_finding_agrees(township: Township, rule: str) -> None:
    mine, theirs = township.oracle(rule), township.models(rule)
    assert mine, f"{rule}: no subject at all"
    apart = sorted(
        (s for s in mine.keys() | theirs.keys() if mine.get(s) != theirs.get(s)), key=lambda s: (s.name, s.day)
    )
    numbers = {township.key(row["户编号"]): row["户编号"] for row in township.registered()}
    cases = [f"{numbers.get(s.name, s.name)} {s.day}: oracle {mine.get(s)}, model {theirs.get(s)}" for s in apart]
    kinds = Counter((str(mine.get(s)), str(theirs.get(s))) for s in apart)
    assert not apart, f"{rule}: {len(apart)} of {len(mine)} apart {dict(kinds)}\n" + "\n".join(cases[:10])


def test_the_township_has_something_to_find(township: Township) -> None:
    """An agreement about households of which nothing can be said would be worth little."""
    raised = Counter(
        rule for rule in ("R03", "R04", "R05", "R09") for a in township.oracle(rule).values() if a == [RAISED]
    )
    assert all(raised[rule] > 0 for rule in ("R05", "R09")), raised
    assert raised["R03"] + raised["R04"] > 0, raised


def test_the_oracle_shares_nothing_with_what_it_judges() -> None:
    """No code of the product stands behind the oracle's answers, and no file of its own but the deliveries."""
    for path in sorted(Path(__file__).parent.glob("*.py")):
        if path.name in OF_THE_TEST:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not {name.split(".")[0] for name in names} & (OURS | {"duckdb"}), path.name
            assert all(n.startswith("tests.oracle") for n in names if n.split(".")[0] == "tests"), path.name
        assert "seeds/" not in path.read_text(encoding="utf-8"), path.name
