"""This repository keeps its conventions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conventions import contract_rules, model_rules, python_rules, repository_rules, sql_rules

Rule = Callable[[Path], list[str]]
RULES: tuple[Rule, ...] = (
    *python_rules.RULES,
    *sql_rules.RULES,
    *model_rules.RULES,
    *repository_rules.RULES,
    *contract_rules.RULES,
)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_repository_keeps(rule: Rule, repository: Path) -> None:
    wrong = rule(repository)
    assert not wrong, "\n" + "\n".join(sorted(wrong))
