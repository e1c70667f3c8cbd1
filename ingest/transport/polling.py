"""Polls feeds: asks each source once, keeps what came, and leaves a line in the poll log whatever happened.

New bytes go to the drop folder and land like any other delivery. Only when they have landed is the source asked for
changes alone: a 304 then says that a set we hold still stands. A poll that fails ends nothing.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from ingest.contracts import contracts
from ingest.durable import private_folder, sync_folder, write_private
from ingest.errors import DeliveryError
from ingest.home import Home
from ingest.receipts import Receipt
from ingest.transport.bodies import unexpected_kind
from ingest.transport.errors import PollBusy, PollFailed
from ingest.transport.fetching import Fetched, Validators, fetch
from ingest.transport.poll_log import PollLine, append, folder_of
from ingest.transport.settings import Source
from ingest.vault import Vault

Sleep = Callable[[float], None]
_AT_A_TIME = 8
_VALIDATORS = "validators.json"
_STAMP = r"\d{8}T\d{6}Z(?:-\d+)?"
_LONGEST_VALIDATOR = 256
# A new home's vault makes its master key when it is first opened: never twice at a time.
_VAULT = threading.Lock()


@dataclass(frozen=True)
class Polled:
    """What one poll came to: its line in the log; the file in the drop folder and its validators if it is new."""

    line: PollLine
    path: Path | None = None
    validators: Validators | None = None
    error: DeliveryError | None = None


def poll(home: Home, inbox: Path, sources: Iterable[Source], sleep: Sleep = time.sleep) -> list[Polled]:
    """Polls the sources beside one another; in their order what became of each. A feed polled elsewhere is left out.

    Raises OSError or VaultError where nothing can be kept; what a source does raises nothing.
    """

    def one(source: Source) -> Polled | None:
        try:
            return poll_one(home, inbox, source, sleep)
        except PollBusy:
            return None

    with ThreadPoolExecutor(_AT_A_TIME, thread_name_prefix="poll") as threads:
        return [polled for polled in threads.map(one, list(sources)) if polled is not None]


def poll_one(home: Home, inbox: Path, source: Source, sleep: Sleep = time.sleep) -> Polled:
    """Polls one source. Raises PollBusy if another process does so at this moment."""
    with _alone(home, source.feed):
        started, polled_at, pauses = time.monotonic(), datetime.now(UTC), list[float]()

        def wait(seconds: float) -> None:
            pauses.append(seconds)
            sleep(seconds)

        def line(outcome: str, **more: object) -> PollLine:
            spent = int((time.monotonic() - started) * 1000)
            fixed = {"outcome": outcome, "duration_ms": spent, "attempts": len(pauses) + 1}
            return PollLine(source.feed, polled_at, **fixed, **more)  # type: ignore[arg-type]  # callers name its fields

        known = read_validators(home, source.feed)
        try:
            fetched = fetch(source, lambda url: known if known and known.url_digest == _digest(url) else None, wait)
            polled = _keep(home, inbox, source, fetched, known, line)
        except DeliveryError as error:
            outcome = "failed" if isinstance(error, PollFailed) else "refused"
            status = error.status if isinstance(error, PollFailed) else None
            polled = Polled(line(outcome, status=status, error_code=error.code), error=error)
        append(home, polled.line)
        return polled


def _keep(
    home: Home,
    inbox: Path,
    source: Source,
    fetched: Fetched,
    known: Validators | None,
    line: Callable[..., PollLine],
) -> Polled:
    answer = fetched.answer
    if answer.status == 304:
        if known is None or known.url_digest != _digest(fetched.url):
            found, expected = "a 304 although nothing was held against it", "the data"
            raise PollFailed(source.feed, found, expected, "The next poll tries again.", code="unasked_304", status=304)
        return Polled(line("unchanged", status=304, sha256=known.sha256))
    sha256 = hashlib.sha256(answer.body).hexdigest()
    facts = {"status": 200, "sha256": sha256, "bytes": len(answer.body)}
    kind = unexpected_kind(answer.headers.get("content-type", ""), answer.body, source.way.media_types)
    if kind:
        kept_as = f"poll-{source.feed}-{sha256[:16]}"
        with _VAULT:
            Vault(home).keep(answer.body, kept_as)
        error = PollFailed(
            source.feed,
            "a web page with status 200" if kind == "web_page" else "an answer of another media type",
            " or ".join(source.way.media_types),
            "An error or login page: ask the source. What came is kept in the vault.",
            code=kind,
        )
        return Polled(line("refused", error_code=kind, kept_as=kept_as, **facts), error=error)
    folder = inbox / source.feed
    if (known and known.sha256 == sha256) or _waits(folder, answer.body):
        return Polled(line("unchanged", **facts))
    written = line("fetched", **facts)
    path = _free(folder, source, written.polled_at)
    folder.mkdir(parents=True, exist_ok=True)
    write_private(path, answer.body)
    validators = Validators(
        _digest(fetched.url),
        _plain(answer.headers.get("etag")),
        _plain(answer.headers.get("last-modified")),
        sha256,
    )
    return Polled(PollLine(**{**asdict(written), "kept_as": path.name}), path, validators)


def confirm(home: Home, inbox: Path, polled: Sequence[Polled], receipts: Iterable[Receipt]) -> None:
    """After landing: what the vault now holds leaves the drop folder, and its source is asked for changes from here on.

    A poll that was rejected stays in the drop folder, like a dropped file, and is asked for in full again.
    """
    held = {
        (receipt.feed, receipt.file_name): receipt.sha256
        for receipt in receipts
        if receipt.outcome in {"landed", "duplicate"} and _is_in_vault(home, receipt)
    }
    for one in polled:
        if one.path and one.validators and held.get((one.line.feed, one.path.name)) == one.line.sha256:
            text = json.dumps(asdict(one.validators))
            write_private(private_folder(folder_of(home, one.line.feed)) / _VALIDATORS, text.encode())
    for (feed, name), sha256 in held.items():
        path = inbox / feed / name
        if is_poll_name(feed, name) and path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256:
            path.unlink()
            sync_folder(path.parent)


def feeds_waiting(inbox: Path, feeds: Iterable[str]) -> set[str]:
    """The feeds of which a poll lies in the drop folder: just fetched, or left by a busy landing, or rejected."""
    lying = {feed: inbox / feed for feed in feeds if (inbox / feed).is_dir()}
    return {feed for feed, folder in lying.items() if any(is_poll_name(feed, p.name) for p in folder.iterdir())}


def read_validators(home: Home, feed: str) -> Validators | None:
    """What the feed's source said of the last answer that landed; None if that is unknown: then all is asked for."""
    try:
        return Validators(**json.loads((folder_of(home, feed) / _VALIDATORS).read_text(encoding="utf-8")))
    except (FileNotFoundError, ValueError, TypeError):
        return None


def is_poll_name(feed: str, name: str) -> bool:
    """Whether a file of the drop folder bears the name that a poll of this feed gives."""
    return re.fullmatch(rf"{re.escape(_title(feed))}_{_STAMP}\.\w+", name) is not None


def _free(folder: Path, source: Source, polled_at: datetime) -> Path:
    stem = f"{_title(source.feed)}_{polled_at:%Y%m%dT%H%M%SZ}"
    path, number = folder / f"{stem}.{source.way.ending}", 1
    while path.exists():
        number += 1
        path = folder / f"{stem}-{number}.{source.way.ending}"
    return path


def _title(feed: str) -> str:
    return re.sub(r"[^\w（）-]+", "_", contracts()[feed].title)


def _waits(folder: Path, content: bytes) -> bool:
    """Whether these bytes lie in the drop folder already, not landed or rejected."""
    if not folder.is_dir():
        return False
    same = (p for p in folder.iterdir() if p.is_file() and p.stat().st_size == len(content))
    return any(p.read_bytes() == content for p in same)


def _is_in_vault(home: Home, receipt: Receipt) -> bool:
    return (home.vault / "deliveries" / f"{receipt.load_id}.enc").is_file()


def _plain(text: str | None) -> str | None:
    fits = text is not None and text.isascii() and text.isprintable() and len(text) <= _LONGEST_VALIDATOR
    return text if fits else None


def _digest(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


@contextmanager
def _alone(home: Home, feed: str) -> Iterator[None]:
    with (private_folder(folder_of(home, feed)) / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise PollBusy(f"{feed} is being polled by another process") from error
        yield
