"""Receipts: what became of each delivery, in counts and in fen. They are the truth about the landing."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ingest.durable import write_private
from ingest.home import Home

LANDING_FORMAT = 2
"""1: own columns and lineage. 2: also companions, and what is derived from identity (`ingest.again` brings 1 to 2)."""
DELIVERIES = "deliveries.jsonl"  # beside the receipt: the same bytes, delivered again


class CorruptLanding(RuntimeError):
    """A landed file is not the one that its receipt describes."""


class LandingFormat(RuntimeError):
    """The landing was written by an older or newer program."""


_END_OF_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True)
class Receipt:
    """One load. `rows_in = accepted + quarantined + duplicates` always, and likewise for each money column in fen.

    `known_at` is the earliest time at which these bytes are known to have arrived; a repeat that was received
    before the first landing moves it back. It is read from the deliveries, never stored with the rows.
    """

    feed: str
    table: str | None
    load_id: str
    sha256: str
    file_name: str
    received_at: datetime
    outcome: str
    known_at_basis: str = "received"
    period_start_date: date | None = None
    period_end_date: date | None = None
    scope_region_code: str | None = None
    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    quarantine_reasons: dict[str, int] = field(default_factory=dict)
    cautions: dict[str, int] = field(default_factory=dict)
    left_out: list[dict[str, Any]] = field(default_factory=list)
    money_fen: dict[str, dict[str, int]] = field(default_factory=dict)
    facts: dict[str, Any] = field(default_factory=dict)
    key_id: str | None = None
    rows_path: str | None = None
    rows_sha256: str | None = None
    error: str | None = None
    landing_format: int = LANDING_FORMAT
    known_at: datetime = _END_OF_TIME

    def __post_init__(self) -> None:
        if self.rows_in != self.accepted + self.quarantined + self.duplicates:
            raise ValueError(f"receipt {self.load_id} does not add up")
        object.__setattr__(self, "known_at", min(self.known_at, self.received_at))

    def to_json(self) -> dict[str, Any]:
        """As stored. Dates in ISO form, times in UTC with an offset."""
        node = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "known_at"}
        return {k: v.isoformat() if isinstance(v, date) else v for k, v in node.items()}

    @classmethod
    def from_json(cls, node: dict[str, Any], known_at: datetime | None = None) -> Receipt:
        """The receipt of `to_json`. Raises ValueError if it does not add up, KeyError or TypeError if it is none."""
        names = {f.name for f in fields(cls)}
        read = {k: v for k, v in node.items() if k in names}
        received_at = datetime.fromisoformat(node["received_at"])
        read["received_at"] = received_at
        read["known_at"] = min(known_at or received_at, received_at)
        for name in ("period_start_date", "period_end_date"):
            read[name] = date.fromisoformat(node[name]) if node.get(name) else None
        return cls(**read)

    def folder(self, home: Home) -> Path:
        return home.landing / self.feed / self.load_id

    def rows(self, home: Home) -> Path | None:
        """The load's Parquet, None if it left none."""
        return self.folder(home) / self.rows_path if self.rows_path else None


def read_receipts(home: Home, *, received_until: datetime | None = None) -> list[Receipt]:
    """Every receipt, in the order (known_at, load_id); with `received_until`, those known by then.

    Raises CorruptLanding naming a receipt that cannot be read or does not add up.
    """
    found = []
    for feed in _folders(home.landing):
        for load in _folders(feed):
            receipt = _read(load)
            if received_until is None or receipt.known_at <= received_until:
                found.append(receipt)
    return sorted(found, key=lambda r: (r.known_at, r.load_id))


def in_force(receipts: Iterable[Receipt]) -> list[Receipt]:
    """Those that landed and that no other of them supersedes: a delivery read again counts as it was read last."""
    landed = [r for r in receipts if r.outcome == "landed"]
    superseded = {r.facts.get("supersedes") for r in landed}
    return [r for r in landed if r.load_id not in superseded]


def refuse_other_format(receipts: Iterable[Receipt]) -> None:
    """Raises LandingFormat if any landed load was written in another format than this program's."""
    formats = {r.landing_format for r in receipts if r.rows_path}
    if newer := [f for f in formats if f > LANDING_FORMAT]:
        raise LandingFormat(
            f"the landing is of format {max(newer)}, this program writes {LANDING_FORMAT}: use the newer program"
        )
    if formats - {LANDING_FORMAT}:
        raise LandingFormat(
            f"the landing is of format {min(formats)}, this program writes {LANDING_FORMAT}: run `shouxian migrate`"
        )


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    with os.scandir(parent) as entries:
        return sorted(Path(e.path) for e in entries if not e.name.startswith(".") and e.is_dir())


def _read(folder: Path) -> Receipt:
    try:
        node = json.loads((folder / "receipt.json").read_bytes())
        return Receipt.from_json(node, _earliest(folder / DELIVERIES))
    except FileNotFoundError as error:
        raise CorruptLanding(f"the load {folder.name} has no receipt") from error
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptLanding(f"the receipt of {folder.name} cannot be read: {error}") from error


def _earliest(path: Path) -> datetime | None:
    if not path.exists():
        return None
    times = [json.loads(line)["received_at"] for line in path.read_text(encoding="utf-8").splitlines()]
    return min(map(datetime.fromisoformat, times), default=None)


def note_repeat(home: Home, receipt: Receipt, file_name: str, received_at: datetime) -> None:
    """Appends that the load's bytes arrived again. The same arrival is noted once."""
    path = receipt.folder(home) / DELIVERIES
    line = json.dumps({"file_name": file_name, "received_at": received_at.isoformat()}, ensure_ascii=False) + "\n"
    known = path.read_text(encoding="utf-8") if path.exists() else ""
    if line in known or (file_name == receipt.file_name and received_at == receipt.received_at):
        return
    write_private(path, (known + line).encode())


def verify(home: Home, receipts: Iterable[Receipt]) -> None:
    """Compares every landed file with its receipt. Raises CorruptLanding naming those that differ or are gone."""
    broken = []
    for receipt in receipts:
        path = receipt.rows(home)
        if path is None:
            continue
        if not path.exists() or hashlib.sha256(path.read_bytes()).hexdigest() != receipt.rows_sha256:
            broken.append(receipt.load_id)
    if broken:
        raise CorruptLanding(
            f"{len(broken)} landed files differ from their receipts ({', '.join(broken[:5])}): "
            "remove their folders and land their deliveries again"
        )
