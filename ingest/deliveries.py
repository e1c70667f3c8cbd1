"""Lists what lies in an inbox and when each file came. Anything that is not as agreed stops before a byte is read."""

from __future__ import annotations

import csv
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.contracts import contracts
from ingest.durable import file_digest
from ingest.errors import BrokenContract, DeliveryError, UnknownFeed
from ingest.home import BEIJING

MANIFEST = "arrivals.csv"
SIDECAR = ".sha256"


@dataclass(frozen=True)
class Delivery:
    """A file of the inbox: its feed, its path there, its hash, and when it was received (UTC).

    `promised_sha256` is what the file `<name>.sha256` beside it says, if there is one: a list that was cut off between
    two lines looks whole, and only its sender knows.
    `supersedes` and `revision` belong to kept bytes that are read again (ingest.again).
    """

    feed: str
    path: Path
    relative: str
    sha256: str
    size: int
    received_at: datetime
    promised_sha256: str | None = None
    supersedes: str | None = None
    revision: str = ""

    @property
    def file_name(self) -> str:
        return self.relative.rpartition("/")[2]


def inbox_in(folder: Path) -> Path:
    """The inbox itself, or the `inbox` folder inside the one that was named. Raises FileNotFoundError."""
    inner = folder / "inbox"
    if inner.is_dir() and "inbox" not in contracts():
        return inner
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no inbox at {folder}")
    return folder


def list_deliveries(
    inbox: Path, arrivals: Path | None, received_at: datetime | None, feeds: Collection[str] | None
) -> tuple[list[Delivery], list[str]]:
    """(deliveries in the order of receipt, then name; files that were skipped as hidden or as a program's lock).

    Raises UnknownFeed for a folder or name without a contract, DeliveryError for a stray file or a manifest that
    does not match the files.
    """
    _check_feeds(feeds or ())
    files, skipped = _files(inbox)
    sidecars = _sidecars(files)
    if arrivals is not None and not arrivals.is_file():
        raise FileNotFoundError(f"there is no arrival manifest at {arrivals}")
    manifest = arrivals or (inbox / MANIFEST if (inbox / MANIFEST).is_file() else None)
    times = (
        _times(manifest, files)
        if manifest
        else dict.fromkeys(files, (received_at or datetime.now(UTC)).astimezone(UTC))
    )
    found = []
    for relative, path in files.items():
        if feeds and relative.partition("/")[0] not in feeds:
            continue
        promised = _promised(sidecars[relative]) if relative in sidecars else None
        sha256, size = file_digest(path), path.stat().st_size
        found.append(Delivery(relative.partition("/")[0], path, relative, sha256, size, times[relative], promised))
    return sorted(found, key=lambda d: (d.received_at, d.relative)), skipped


def _check_feeds(names: Collection[str]) -> None:
    unknown = sorted(set(names) - set(contracts()))
    if unknown:
        raise UnknownFeed(f"no contract declares {'、'.join(unknown)}; the feeds are: {'、'.join(contracts())}")


def _files(inbox: Path) -> tuple[dict[str, Path], list[str]]:
    files: dict[str, Path] = {}
    skipped: list[str] = []
    entries = sorted(inbox.iterdir())
    _check_feeds([e.name for e in entries if e.is_dir() and not _is_hidden(e)])
    for entry in entries:
        if entry.name == MANIFEST or _is_hidden(entry):
            skipped += [entry.name] if entry.name != MANIFEST else []
        elif entry.is_dir():
            for file in sorted(entry.iterdir()):
                relative = f"{entry.name}/{file.name}"
                if _is_hidden(file):
                    skipped.append(relative)
                elif file.is_file():
                    files[relative] = file
                else:
                    raise _stray(relative, "a folder inside a feed's folder")
        else:
            raise _stray(entry.name, "a file outside the feeds' folders")
    return files, skipped


def _sidecars(files: dict[str, Path]) -> dict[str, Path]:
    """Takes the checksum files out of the files: each belongs to the one whose name it bears."""
    found = {name.removesuffix(SIDECAR): path for name, path in files.items() if name.endswith(SIDECAR)}
    for name in found:
        if name not in files:
            raise _stray(name + SIDECAR, "a checksum without its file")
        del files[name + SIDECAR]
    return found


def _promised(path: Path) -> str:
    """The checksum in the form of `sha256sum` or alone; whatever else stands there matches no file."""
    with path.open("rb") as source:
        words = source.read(4096).decode("ascii", errors="replace").split()
    return words[0].lower() if words else "nothing"


def _is_hidden(path: Path) -> bool:
    return path.name.startswith((".", "~$"))


def _stray(name: str, found: str) -> DeliveryError:
    expected = "<feed>/<file> with the feed one of " + "、".join(contracts())
    return BrokenContract(
        name, found, expected, "Move it to the folder of its feed, or out of the inbox.", code="stray_file"
    )


def _times(manifest: Path, files: dict[str, Path]) -> dict[str, datetime]:
    times: dict[str, datetime] = {}
    with manifest.open(encoding="utf-8-sig", newline="") as source:
        reader = csv.DictReader(source)
        if not {"file", "received_at"} <= set(reader.fieldnames or ()):
            found = "、".join(reader.fieldnames or ()) or "an empty file"
            raise BrokenContract(manifest.name, found, "the columns file and received_at", "Mend the manifest.")
        for row, line in enumerate(reader, 2):
            times[_in_inbox(line["file"], files, manifest, row)] = _moment(line["received_at"], manifest, row)
    unnamed = sorted(set(files) - set(times))
    if unnamed:
        raise BrokenContract(
            unnamed[0],
            f"no line for it in {manifest.name} (nor for {len(unnamed) - 1} others)",
            "every file of the inbox in the manifest",
            "Add its time of receipt to the manifest.",
            code="not_in_manifest",
        )
    return times


def _in_inbox(name: str, files: dict[str, Path], manifest: Path, row: int) -> str:
    name = (name or "").strip().removeprefix("./").removeprefix("inbox/")
    if name not in files:
        raise BrokenContract(
            manifest.name,
            f"the file {name}, which is not in the inbox",
            "files that are there",
            "Bring the file, or take its line out of the manifest.",
            row=row,
            column="file",
            code="missing_file",
        )
    return name


def _moment(text: str, manifest: Path, row: int) -> datetime:
    try:
        moment = datetime.fromisoformat((text or "").strip())
    except ValueError as error:
        raise BrokenContract(
            manifest.name,
            f"the time {text!r}",
            "ISO 8601 with an offset",
            "Write it as 2021-02-06T09:00:00+08:00.",
            row=row,
            column="received_at",
        ) from error
    moment = moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment
    return moment.astimezone(UTC)
