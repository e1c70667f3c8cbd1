"""One small simulated prefecture, landed, run and released once: every test of the spine reads it or a copy."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ingest.home import Home
from simulation import Simulated, simulate
from tests.conftest import REPOSITORY
from warehouse.stages import PROJECT, dbt_environment

AS_OF = "2021-12-31"
KNOWN_AT = "2022-01-01T02:00:00+08:00"


@dataclass(frozen=True)
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


def shouxian(home: Path, *arguments: str | Path, timeout: int = 900) -> Outcome:
    """Runs the command line as a user does, with its state under `home`."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    done = subprocess.run(
        [Path(sys.executable).parent / "shouxian", *map(str, arguments)],
        cwd=REPOSITORY,
        env={**environment, "SHOUXIAN_HOME": str(home), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return Outcome(done.returncode, done.stdout, done.stderr)


def build_models(folder: Path, home: Home, models: list[str]) -> None:
    """Builds `models` (dbt selectors) into folder/warehouse.duckdb, by the project's own."""
    done = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "dbt"), "build", "--exclude-resource-type", "unit_test", "test"),
            *("--project-dir", str(PROJECT), "--target-path", str(home.root / "dbt")),
            *("--log-path", str(folder / "logs"), "--select", *models),
        ],
        cwd=folder,
        env=dbt_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]


@dataclass(frozen=True)
class Spine:
    """The small world and the home that holds its release."""

    world: Simulated
    home: Path
    run_id: str


@pytest.fixture(scope="session")
def spine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spine]:
    """Simulate, land, run and release through the command line."""
    folder = tmp_path_factory.mktemp("spine")
    world = simulate(
        folder / "world",
        townships=5,
        seed=20211,
        first_month="2020-09",
        last_month="2021-12",
        households_per_township=1500,
        shock_kind="employment",
    )
    home = folder / "home"
    landed = shouxian(home, "land", "--inbox", world.inbox)
    assert landed.code == 0, landed.err
    ran = shouxian(home, "run", "--as-of", AS_OF, "--known-at", KNOWN_AT)
    assert ran.code == 0, ran.err
    run_id = ran.out.strip().splitlines()[-1]
    released = shouxian(home, "release", run_id)
    assert released.code == 0, released.err
    yield Spine(world, home, run_id)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def landed_copy(spine: Spine, tmp_path: Path) -> Path:
    """A home of its own with the same keys, landing, release and ledger, for tests that change it."""
    home = tmp_path / "home"
    shutil.copytree(spine.home, home, symlinks=True)
    return home
