"""The landing benchmark runs and names its figures; how high they are is no test's affair."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.landing import CASES, Case, measured


@pytest.mark.parametrize("case", [CASES[3], CASES[4], CASES[5]], ids=lambda case: case.label)
def test_each_kind_of_input_lands_beside_its_floor(case: Case, tmp_path: Path) -> None:
    line = str(measured(case, 60, tmp_path))
    assert "60" not in case.label
    for named in (case.label, "rows/s", "floor", "share of floor", "peak memory"):
        assert named in line
