"""Runs each fault case twice over: as the product is, and with each of its guards taken out, when it must go red."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import landing
from ingest.errors import DeliveryError
from ingest.home import Home
from ingest.landing import Landed, land
from ingest.readers import Parsed, Spec, reader_for, streaming_reader_for
from ingest.sandbox import Outcome
from tests.faults.harness import Guard

RECEIVED = datetime(2021, 2, 6, 1, 0, tzinfo=UTC)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """One run as it is, one for each guard that is taken out."""
    guards: tuple[Guard, ...] = getattr(metafunc.function, "guards", ())
    if guards:
        metafunc.fixturenames.append("guard_out")
        metafunc.parametrize("guard_out", [None, *guards], ids=["as it is", *map(str, guards)], indirect=True)


@pytest.fixture
def guard_out(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Guard | None:
    """Takes the guard out, if one is to go; parsing then happens in this process, where it can be taken out."""
    guard: Guard | None = request.param
    if guard is not None:
        monkeypatch.setattr(landing, "Pool", InThisProcess)
        guard.take_out(monkeypatch)
    return guard


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """Without its guard, a case must fail by its own assertion; any other error is an error of the case."""
    guard = pyfuncitem.callspec.params.get("guard_out") if hasattr(pyfuncitem, "callspec") else None
    if guard is None:
        return (yield)
    try:
        yield
    except (AssertionError, pytest.fail.Exception):
        return True
    pytest.fail(f"the case stays green {guard}: this guard is not what keeps the promise")


@pytest.fixture(autouse=True)
def _without_its_guard(request: pytest.FixtureRequest) -> None:
    """A guard is out before anything of the case begins, whether or not the case uses a desk."""
    if "guard_out" in getattr(getattr(request.node, "callspec", None), "params", {}):
        request.getfixturevalue("guard_out")


class InThisProcess:
    """Stands in for the pool of children where a guard inside a reader is taken out."""

    def __init__(self, children: int = 1) -> None:
        self.children = children

    def __enter__(self) -> InThisProcess:
        return self

    def __exit__(self, *ended: object) -> None:
        return None

    def parse(self, spec: Spec, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
        outcomes = []
        for name, content in files:
            try:
                outcomes.append(Outcome(reader_for(spec["format"])(content, name, spec), None))
            except DeliveryError as error:
                outcomes.append(Outcome(None, error))
        return outcomes

    def stream(self, spec: Spec, file: str, chunks: Iterable[bytes]) -> Iterator[Parsed]:
        return streaming_reader_for(spec["format"])(chunks, file, spec)


@dataclass
class Desk:
    """A home, and an inbox that is filled and landed by one call."""

    home: Home
    scratch: Path
    calls: int = 0

    def land(self, files: Mapping[str, bytes], received_at: datetime = RECEIVED) -> Landed:
        """Lands files given as {"feed/name": bytes}."""
        self.calls += 1
        inbox = self.scratch / f"inbox_{self.calls}"
        for name, content in files.items():
            path = inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return land(inbox, home=self.home, received_at=received_at)


@pytest.fixture
def out(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    """A folder to write to; the case's guard is out before the case begins.

    Added while the tests were collected, the parameter stands in the call, not among the names of fixtures.
    """
    if "guard_out" in getattr(getattr(request.node, "callspec", None), "params", {}):
        request.getfixturevalue("guard_out")
    return tmp_path


@pytest.fixture
def desk(shouxian_home: Path, out: Path) -> Desk:
    """The desk of one case."""
    return Desk(Home(shouxian_home), out)
