"""Faults of procedure and supply that the story plants on purpose, written beside the truth."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path


@dataclass(frozen=True, order=True)
class Defect:
    """One planted defect: its kind, the feed that shows it, the case, grid or department, the household, its day."""

    kind: str
    feed: str
    code: str
    household: str
    date: str
    detail: str


def write_defects(path: Path, defects: Sequence[Defect]) -> None:
    """defects.csv, in order."""
    with path.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow([f.name for f in fields(Defect)])
        writer.writerows(astuple(d) for d in sorted(defects))
