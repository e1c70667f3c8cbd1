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
    """The environment of a dbt process: no statistics sent, byte code kept, the signals within reach of its models."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    return {
        **environment,
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DBT_PROFILES_DIR": str(PROJECT),
        "PYTHONPATH": os.pathsep.join(filter(None, [str(PROJECT.parent), os.environ.get("PYTHONPATH")])),
    }


def dbt(command: str, *arguments: str, target: Path, logs: Path) -> list[str]:
    """A command of dbt on the project: what it parsed is kept under `target`, its own log under `logs`."""
    return [
        *(str(Path(sys.executable).parent / "dbt"), "--no-use-colors", command, *arguments),
        *("--project-dir", str(PROJECT), "--target-path", str(target), "--log-path", str(logs)),
    ]


def parse(target: Path, logs: Path) -> Path:
    """Parses the project; returns the manifest. Raises StageFailed with dbt's words."""
    command = dbt("parse", "--quiet", target=target, logs=logs)
    done = subprocess.run(command, env=dbt_environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise StageFailed(f"the models do not parse: {done.stdout[-500:]}")
    return target / "manifest.json"


def run_dbt(
    command: str, *arguments: str, home: Home, folder: Path, name: str, may_select_nothing: bool = False
) -> None:
    """Runs a command on folder/warehouse.duckdb. Raises StageFailed with dbt's words.

    Parsed state is kept under the home, so that later runs need not parse again. name: of the step, and of its log.
    """
    # What selects nothing is a warning to dbt, and warnings are errors in this project.
    environment = dbt_environment() | ({"DBT_WARN_ERROR": "false"} if may_select_nothing else {})
    log = folder / "logs" / f"{name}.log"
    log.parent.mkdir(exist_ok=True)
    whole = dbt(command, *arguments, target=home.root / "dbt", logs=log.parent)
    with log.open("w", encoding="utf-8") as out:
        code = subprocess.run(
            whole, cwd=folder, env=environment, stdout=out, stderr=subprocess.STDOUT, check=False
        ).returncode
    if code != 0:
        lines = [line.strip() for line in log.read_text(encoding="utf-8").splitlines()]
        said = [line for line in lines if "ERROR" in line or "Error" in line or "FAIL" in line][:6]
        raise StageFailed(f"{name} did not build: {' | '.join(said) or 'no message'}. The whole log: {log}")


def build_stage(home: Home, folder: Path, stage: str, only: str | None = None) -> None:
    """Builds and tests every model tagged `stage` in folder/warehouse.duckdb. Raises StageFailed with dbt's words.

    only: a selector of dbt; then just what it names of the stage, without the tests.
    """
    run_dbt(
        "build",
        *("--select", f"tag:{stage},{only}" if only else f"tag:{stage}"),
        # A test over two stages waits for the later one.
        *("--indirect-selection", "buildable"),
        *("--exclude-resource-type", "unit_test", *(["test"] if only else [])),
        home=home,
        folder=folder,
        name=stage,
    )
