"""Small worlds, made once each: two townships of a few hundred households, sixteen months."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from ingest.contracts import contracts
from simulation import Simulated, simulate

ARGUMENTS: dict[str, Any] = {
    "townships": 2,
    "first_month": "2020-09",
    "last_month": "2021-12",
    "households_per_township": 400,
}
Worlds = Callable[..., Simulated]


@pytest.fixture(scope="session")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Worlds:
    """Makes the world of these arguments, or gives the one already made: only for reading."""

    @cache
    def made(seed: int, **changes: Any) -> Simulated:
        return simulate(tmp_path_factory.mktemp("world") / "out", seed=seed, **{**ARGUMENTS, **changes})

    return made


@pytest.fixture(scope="session")
def calm(worlds: Worlds) -> Simulated:
    return worlds(3, shocks=False)


def rows_of(path: Path) -> list[dict[str, str]]:
    """A delivery's rows by header, whatever stands above the header or below the rows."""
    if path.suffix == ".xlsx":
        cells = [
            ["" if c is None else str(c) for c in r]
            for r in openpyxl.load_workbook(path).active.iter_rows(values_only=True)
        ]
    else:
        encoding = str(contracts()[path.parent.name].reader.get("encoding", "utf-8-sig"))
        with path.open(encoding=encoding, newline="") as lines:
            cells = list(csv.reader(lines))
    top = (
        0 if len(set(cells[0])) == len(cells[0]) > 2 else next(i for i, r in enumerate(cells) if len(r) > 2 and all(r))
    )
    # A heading may name a unit that its contract does not: this clerk's own.
    heads = [re.sub(r"（(公顷|千公顷|万元|亿元)）$", "", h) for h in cells[top]]
    return [dict(zip(heads, r, strict=True)) for r in cells[top + 1 :] if len(r) == len(cells[top]) and r[0] != "合计"]


def files_of(world: Simulated, feed: str, part: str = "") -> list[Path]:
    """The feed's files whose name holds the part, in name order."""
    return sorted(p for p in (world.inbox / feed).iterdir() if part in p.name)
