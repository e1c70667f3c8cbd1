"""Runs the clause tables: every dbt unit test of the project, over the relations of the small released world."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import yaml

from tests.conftest import REPOSITORY
from tests.e2e.conftest import Spine
from warehouse.stages import dbt, dbt_environment


def declared_unit_tests() -> int:
    """How many unit tests the project's YAML declares."""
    files = (REPOSITORY / "dbt_project" / "models").rglob("*.yml")
    return sum(len((yaml.safe_load(f.read_text(encoding="utf-8")) or {}).get("unit_tests") or []) for f in files)


def test_every_clause_table_holds(spine: Spine, tmp_path: Path) -> None:
    shutil.copy(spine.home / "runs" / spine.run_id / "warehouse.duckdb", tmp_path / "warehouse.duckdb")
    done = subprocess.run(
        dbt("test", "--select", "test_type:unit", target=tmp_path / "target", logs=tmp_path / "logs"),
        cwd=tmp_path,
        env=dbt_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    failed = [line for line in done.stdout.splitlines() if "FAIL" in line or "ERROR" in line]
    assert done.returncode == 0, "\n".join(failed[:40])
    counted = re.search(r"PASS=(\d+)", done.stdout)
    assert counted is not None
    assert int(counted[1]) == declared_unit_tests() > 0
