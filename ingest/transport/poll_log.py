"""The poll log: one line a poll, whatever came of it. It proves that a set still held, and shows since when none came.

`polls/<feed>/log-<month>.jsonl` under the home, only ever appended to. No URL, header or content stands in it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path

from ingest.durable import private_folder
from ingest.home import Home

ANSWERED = frozenset({"fetched", "unchanged"})


@dataclass(frozen=True)
class PollLine:
    """One poll. outcome: fetched (new bytes), unchanged (304, same bytes), failed (their side), refused (ours)."""

    feed: str
    polled_at: datetime
    outcome: str
    duration_ms: int
    attempts: int
    status: int | None = None
    sha256: str | None = None
    bytes: int | None = None
    error_code: str | None = None
    kept_as: str | None = None

    def to_json(self) -> str:
        """As written, without the line's end."""
        return json.dumps({**asdict(self), "polled_at": self.polled_at.astimezone(UTC).isoformat()}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> PollLine | None:
        """The line of `to_json`; None for one that a power cut tore."""
        try:
            node = json.loads(text)
            known = {f.name: node.get(f.name) for f in fields(cls)}
            return cls(**{**known, "polled_at": datetime.fromisoformat(node["polled_at"])})
        except (ValueError, KeyError, TypeError, AttributeError):
            return None


@dataclass(frozen=True)
class PollState:
    """Where a feed's polls stand: the last try, the last that was answered, and how many failed since."""

    last: PollLine | None
    last_answered: PollLine | None
    failures: int


def folder_of(home: Home, feed: str) -> Path:
    """The folder of what polling the feed leaves behind."""
    return home.root / "polls" / feed


def append(home: Home, line: PollLine) -> None:
    """Adds the line; it is on the disk when this returns. A line that was torn before stays apart from it."""
    path = private_folder(folder_of(home, line.feed)) / f"log-{line.polled_at.astimezone(UTC):%Y-%m}.jsonl"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "r+b", buffering=0) as sink:
        size = sink.seek(0, os.SEEK_END)
        torn = size > 0 and os.pread(sink.fileno(), 1, size - 1) != b"\n"
        sink.write((b"\n" if torn else b"") + line.to_json().encode() + b"\n")
        os.fsync(sink.fileno())


def files(home: Home) -> list[Path]:
    """Every month of every feed's log, for readers that take them as one."""
    return sorted((home.root / "polls").glob("*/log-*.jsonl"))


def polled_feeds(home: Home) -> list[str]:
    """Every feed that was ever polled."""
    return sorted({path.parent.name for path in files(home)})


def newest_first(home: Home, feed: str) -> Iterator[PollLine]:
    """The feed's polls, the last one first."""
    for path in sorted(folder_of(home, feed).glob("log-*.jsonl"), reverse=True):
        for text in reversed(path.read_text(encoding="utf-8", errors="replace").splitlines()):
            line = PollLine.from_json(text)
            if line is not None:
                yield line


def state(home: Home, feed: str) -> PollState:
    """Where the feed's polls stand."""
    last, failures = None, 0
    for line in newest_first(home, feed):
        last = last or line
        if line.outcome in ANSWERED:
            return PollState(last, line, failures)
        failures += 1
    return PollState(last, None, failures)
