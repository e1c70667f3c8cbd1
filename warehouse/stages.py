"""Runs one stage of the models: one dbt process per stage, in the run's own folder."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ingest.home import Home
from warehouse.errors import StageFailed

PROJECT = Path(__file__).parent.parent / "dbt_project"


def dbt_environment() -> dict[str, str]:
    """The environment of a dbt process: no statistics sent, byte code kept."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {**environment, "DBT_SEND_ANONYMOUS_USAGE_STATS": "false", "DBT_PROFILES_DIR": str(PROJECT)}


def build_stage(home: Home, folder: Path, stage: str, only: str | None = None) -> None:
    """Builds and tests every model tagged `stage` in folder/warehouse.duckdb. Raises StageFailed with dbt's words.

    only: a selector of dbt; then just what it names of the stage, without the tests. Parsed state is kept under the
    home, so that later runs need not parse again.
    """
    log = folder / "logs" / f"{stage}.log"
    log.parent.mkdir(exist_ok=True)
    command = [
        str(Path(sys.executable).parent / "dbt"),
        "--no-use-colors",
        "build",
        "--select",
        f"tag:{stage},{only}" if only else f"tag:{stage}",
        # A test over two stages waits for the later one.
        "--indirect-selection",
        "buildable",
        "--exclude-resource-type",
        "unit_test",
        *(["test"] if only else []),
        "--project-dir",
        str(PROJECT),
        "--target-path",
        str(home.root / "dbt"),
        "--log-path",
        str(log.parent),
    ]
    with log.open("w", encoding="utf-8") as out:
        code = subprocess.run(
            command, cwd=folder, env=dbt_environment(), stdout=out, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code != 0:
        lines = [line.strip() for line in log.read_text(encoding="utf-8").splitlines()]
        said = [line for line in lines if "ERROR" in line or "Error" in line or "FAIL" in line][:6]
        raise StageFailed(f"{stage} did not build: {' | '.join(said) or 'no message'}. The whole log: {log}")
