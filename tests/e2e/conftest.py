"""One small simulated prefecture, landed, run and released once: every test of the spine reads it or a copy."""

from __future__ import annotations

import fcntl
import hashlib
import hmac
import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
import pytest

from ingest.contracts import contracts
from ingest.home import BEIJING, Home
from ingest.landing import land
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from simulation import Simulated, simulate
from tests.conftest import REPOSITORY
from warehouse.stages import parse, run_dbt

AS_OF = "2021-12-31"
KNOWN_AT = "2022-01-01T02:00:00+08:00"
# What tells of places and markets only: hundreds of files, and no household in them.
REGIONAL_GROUPS = ("warnings_", "prices_", "station_weather", "gdacs", "earthquakes", "labour_series")


@dataclass(frozen=True)
class Outcome:
    """What a command printed and how it ended."""

    code: int
    out: str
    err: str


@cache
def _parsed() -> Path:
    """The project as dbt parsed it, kept from session to session; dbt reads again only what changed.

    It names files by their place, so another checkout keeps its own.
    """
    place = hashlib.sha256(str(REPOSITORY).encode()).hexdigest()[:12]
    kept = REPOSITORY / ".pytest_cache" / f"parsed-{place}"
    with _alone(kept):
        parse(kept, kept / "logs")
    return kept / "partial_parse.msgpack"


def begin_parsed(home: Path) -> None:
    """Spares a new home the quarter of a minute in which dbt reads the whole project."""
    target = home / "dbt"
    if not target.exists():
        target.mkdir(parents=True)
        shutil.copy(_parsed(), target)


def shouxian(home: Path, *arguments: str | Path, timeout: int = 900) -> Outcome:
    """Runs the command line as a user does, with its state under `home`."""
    if arguments[0] == "run":
        begin_parsed(home)
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
    begin_parsed(home.root)
    untested = ("--exclude-resource-type", "unit_test", "test")
    run_dbt("build", *untested, "--select", *models, home=home, folder=folder, name="build")


def judge_households(
    folder: Path, inbox: Path, models: list[str], *, as_of: date, known_at: datetime, history_months: int
) -> Home:
    """Lands what tells of households alone and builds `models` in folder/warehouse.duckdb, without gates or release."""
    home = Home(folder / "home")
    home.root.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("SHOUXIAN_KEYS", raising=False)
        land(inbox, home=home, feeds=[name for name in contracts() if not name.startswith(REGIONAL_GROUPS)])
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            create_views(con, home, [r for r in read_receipts(home) if r.outcome == "landed"])
            con.execute(
                "create table landing.run_clock (as_of_date date, known_at timestamp, history_months integer, "
                "prefecture_code varchar)"
            )
            con.execute(
                "insert into landing.run_clock values (?, ?, ?, '341300000000')",
                [as_of, known_at.astimezone(BEIJING).replace(tzinfo=None), history_months],
            )
        build_models(folder, home, models)
    return home


@cache
def _secret(home: Path) -> bytes:
    return bytes.fromhex((home / "keys" / "hmac.key").read_text(encoding="ascii").strip())


def household_key(home: Path, number: str) -> str:
    """Household number → key: HMAC-SHA256 with this home's secret, the purpose before the number."""
    return hmac.new(_secret(home), f"household\0{number}".encode(), hashlib.sha256).hexdigest()[:32]


@dataclass(frozen=True)
class Spine:
    """The small world and the home that holds its release."""

    world: Simulated
    home: Path
    run_id: str


@pytest.fixture(scope="session")
def spine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spine]:
    """The released world. All workers of a session share one: the first builds it, the last takes it away."""
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "spine"
    built = shared / "spine.pickle"
    with _alone(shared):
        if not built.exists():
            shutil.rmtree(shared)  # of an attempt that failed
            shared.mkdir()
            built.write_bytes(pickle.dumps(_release_a_world(shared)))
        (shared / f"used-by-{os.getpid()}").touch()
    yield pickle.loads(built.read_bytes())  # noqa: S301  # a session's own
    with _alone(shared):
        (shared / f"used-by-{os.getpid()}").unlink()
        if not list(shared.glob("used-by-*")):
            shutil.rmtree(shared)


@contextmanager
def _alone(shared: Path) -> Iterator[None]:
    """One worker at a time."""
    shared.parent.mkdir(parents=True, exist_ok=True)
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        shared.mkdir(exist_ok=True)
        yield


def _release_a_world(folder: Path) -> Spine:
    """Simulate, land, run and release through the command line."""
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
    return Spine(world, home, run_id)


@pytest.fixture
def landed_copy(spine: Spine, tmp_path: Path) -> Path:
    """A home of its own with the same keys, landing, release and ledger, for tests that change it."""
    home = tmp_path / "home"
    shutil.copytree(spine.home, home, symlinks=True)
    return home
