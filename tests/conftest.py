"""What every test can rely on: no network in the fast tests, a home of its own, and honest words about what is missing.

A test that lacks something of the machine skips and names the command that brings it; under CI=true nothing may
skip at all, so that a green run says that everything ran.
"""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Generator, Iterator
from contextlib import nullcontext
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ingest.sandbox import Pool
from shouxian.setup_host import has_program_or_font, how_to_get

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED_DATA = REPOSITORY.parent / "shared" / "data"
OFFLINE_FOLDERS = frozenset({"unit", "conventions"})
LONGEST_FILES = frozenset({"test_demo.py", "test_peace.py"})  # and no other worker waits for what they build
OWN_VARIABLES = ("SHOUXIAN_KEYS", "SHOUXIAN_LEDGER_URL", "SHOUXIAN_PREFECTURES", "SHOUXIAN_HISTORY_MONTHS")
_scratch_key = pytest.StashKey[str]()


def in_ci() -> bool:
    """Whether a missing part of the machine is a failure instead of a skip."""
    return os.environ.get("CI", "").lower() in {"1", "true"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-long", action="store_true", help="run the tests marked long as well")


def pytest_configure(config: pytest.Config) -> None:
    """No test may touch the state or the Airflow of whoever runs the suite: both get a scratch folder."""
    scratch = tempfile.mkdtemp(prefix="shouxian-tests-")
    config.stash[_scratch_key] = scratch
    os.environ["SHOUXIAN_HOME"] = f"{scratch}/home"
    os.environ["AIRFLOW_HOME"] = f"{scratch}/airflow"
    for name in OWN_VARIABLES:
        os.environ.pop(name, None)


def pytest_unconfigure(config: pytest.Config) -> None:
    if scratch := config.stash.get(_scratch_key, None):
        shutil.rmtree(scratch, ignore_errors=True)


def _room(item: pytest.Item) -> str:
    """The folder under tests/ that holds the test; empty for a test from elsewhere."""
    try:
        return item.path.relative_to(REPOSITORY / "tests").parts[0]
    except ValueError:
        return ""


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leaves long tests out unless asked; the longest rooms and files start first."""
    if not config.getoption("--run-long"):
        long = [item for item in items if item.get_closest_marker("long")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    items.sort(key=lambda item: item.path.name not in LONGEST_FILES)
    items.sort(key=lambda item: ("e2e", "dags").index(_room(item)) if _room(item) in {"e2e", "dags"} else 2)


def _missing(what: str) -> NoReturn:
    if in_ci():
        pytest.fail(what, pytrace=False)
    pytest.skip(what)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skips with the remedy what this machine cannot run; under CI=true that is a failure."""
    for marker in item.iter_markers("needs"):
        for name in marker.args:
            if not has_program_or_font(name):
                _missing(f"{name} is not on this machine; to run this test: {how_to_get(name)}")
    if item.get_closest_marker("shared_data") and not SHARED_DATA.is_dir():
        _missing("the real files are not here: this test reads ../shared/data beside the project")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under CI=true a skip of any other kind is a failure too."""
    report = yield
    if report.skipped and in_ci() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"skipped, which is not allowed under CI=true: {reason}"
    return report


@pytest.fixture(autouse=True)
def _no_network(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast tests reach no network: a connection that is not a local socket file fails, and names where it went."""
    if _room(request.node) not in OFFLINE_FOLDERS:
        return
    real_connect = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX:
            raise RuntimeError(f"a test in tests/unit or tests/conventions tried to reach the network: {address}")
        real_connect(self, address)

    def no_lookup(host: object, *_: object, **__: object) -> NoReturn:
        raise RuntimeError(f"a test in tests/unit or tests/conventions tried to look up a host: {host!r}")

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    monkeypatch.setattr(socket, "getaddrinfo", no_lookup)


@pytest.fixture
def repository() -> Path:
    """The root of this repository."""
    return REPOSITORY


@pytest.fixture
def shared_data() -> Path:
    """The folder of real files beside the project. Use it in tests marked `shared_data`."""
    return SHARED_DATA


@pytest.fixture
def shouxian_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fresh, empty SHOUXIAN_HOME for this test; keys and ledger stand inside it."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("SHOUXIAN_HOME", str(home))
    for name in OWN_VARIABLES:
        monkeypatch.delenv(name, raising=False)
    return home


@pytest.fixture(scope="session")
def children() -> Iterator[Pool]:
    """The parsing children of this worker: the real ones, started when first needed."""
    with Pool(2) as pool:
        yield pool


@pytest.fixture(autouse=True)
def kept_children(children: Pool, monkeypatch: pytest.MonkeyPatch) -> None:
    """Landings share them from test to test: starting one takes longer than most tests."""
    monkeypatch.setattr("ingest.landing.Pool", lambda count: nullcontext(children))


# An episode of one township as the ledger holds it, and the notice that opened it.
EPISODE = {
    "episode_id": "E341321101-20211201",
    "region_code": "341321101000",
    "opened_on": date(2021, 12, 1),
    "closed_on": None,
    "level": "orange",
    "highest_level": "orange",
}
NOTICE = {
    "notice_id": "N341321101-20211231-opened-orange",
    "episode_id": EPISODE["episode_id"],
    "release_id": "release-1",
    "change": "opened",
    "previous_level": "none",
    "level": "orange",
    "as_of_date": date(2021, 12, 31),
    "status": "awaiting_approval",
    "evidence": "{}",
}
