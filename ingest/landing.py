"""Lands an inbox: every delivery becomes a load with a receipt, or a receipt that says why not."""

from __future__ import annotations

import fcntl
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from pathlib import Path

import duckdb

from ingest.ahead import warm_up
from ingest.batches import Desk, Item, load_id, rejected, to_loads
from ingest.contracts import Contract, contracts
from ingest.deliveries import Delivery, inbox_in, list_deliveries
from ingest.durable import sweep
from ingest.errors import BrokenContract, DeliveryError, UnreadableFile
from ingest.history import History
from ingest.home import Home
from ingest.identity import HmacKey
from ingest.loads import Load, digest, put
from ingest.places import named
from ingest.receipts import Receipt, note_repeat, read_receipts, refuse_other_format
from ingest.sandbox import Outcome, Pool, reader_spec
from ingest.streamed import can_stream, changed, land_streamed
from ingest.vault import Vault

_CHILDREN = 2
_BATCH_FILES, _BATCH_BYTES = 200, 8 << 20
_LARGEST = 1 << 30  # of formats that must be read whole
_KEPT_WHEN_REFUSED = 64 << 20
_LOOK_AHEAD = 3

Progress = Callable[[str, int, int], None]


class LandingBusy(RuntimeError):
    """Another process is landing into the same home."""


@dataclass
class _Batch:
    """Small files of one feed on their way: those refused unread, and those that are being parsed."""

    contract: Contract
    deliveries: list[Delivery]
    sound: list[tuple[Delivery, bytes]]
    errors: dict[str, tuple[DeliveryError, bytes]]
    outcomes: Future[list[Outcome]]


@dataclass
class Landed:
    """What one call did: a receipt a delivery in the order of receipt, the rejections, and what it passed over."""

    receipts: list[Receipt] = field(default_factory=list)
    rejected: list[DeliveryError] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """Deliveries by outcome, and rows in, accepted, quarantined and duplicate of those that landed."""
        outcomes = [r.outcome for r in self.receipts]
        landed = [r for r in self.receipts if r.outcome == "landed"]
        rows = {n: sum(getattr(r, n) for r in landed) for n in ("rows_in", "accepted", "quarantined", "duplicates")}
        return {**{o: outcomes.count(o) for o in ("landed", "duplicate", "rejected")}, **rows}


def land(
    inbox: Path,
    *,
    home: Home,
    arrivals: Path | None = None,
    received_at: datetime | None = None,
    feeds: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Landed:
    """Lands every delivery in the inbox, in the order of receipt.

    `inbox` is the folder of feeds' folders, or one that holds it as `inbox/`; `arrivals` (its `arrivals.csv` by
    default) says when each file came, else all came at `received_at`, else now. The same bytes again change nothing.
    Raises VaultError for a wrong or missing key, UnknownFeed, DeliveryError for a stray file or a manifest that does
    not fit, LandingBusy; one bad file raises nothing: it is in `rejected`, and the others land.
    """
    with alone(home):
        sweep(home.landing)
        key, vault = HmacKey.load_or_create(home), Vault(home)
        deliveries, skipped = list_deliveries(inbox_in(inbox), arrivals, received_at, feeds)
        known = read_receipts(home)
        refuse_other_format(known)
        connection = duckdb.connect(":memory:", config={"temp_directory": "", "threads": 2})
        try:
            run = LandingRun(
                home, vault, Desk(key, connection, History(home, known, connection), home), known, progress
            )
            run.land(deliveries)
        finally:
            connection.close()
    order = {d.relative: n for n, d in enumerate(deliveries)}
    receipts = [receipt for _, receipt in sorted(run.receipts, key=lambda pair: order[pair[0]])]
    return Landed(receipts, run.rejected, skipped)


@contextmanager
def alone(home: Home) -> Iterator[None]:
    """Holds the landing's lock. Raises LandingBusy if another process has it."""
    home.landing.mkdir(parents=True, exist_ok=True)
    with (home.landing / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise LandingBusy(f"another process is landing into {home.landing}: wait for it") from error
        yield


class LandingRun:
    """One call's landing: what came of each delivery, in `receipts` and `rejected`."""

    def __init__(
        self, home: Home, vault: Vault, desk: Desk, known: Sequence[Receipt], progress: Progress | None
    ) -> None:
        self._home, self._vault, self._desk = home, vault, desk
        self._progress = progress or (lambda label, done, total: None)
        self._landed: dict[tuple[str, str], list[Receipt]] = {}
        self._refused: dict[tuple[str, str], list[Receipt]] = {}
        for receipt in known:
            self._remember(receipt)
        self.receipts: list[tuple[str, Receipt]] = []
        self.rejected: list[DeliveryError] = []

    def land(self, deliveries: Sequence[Delivery]) -> None:
        """Lands them in the order given; of equal bytes, those already landed are repeats."""
        total, waiting = len(deliveries), list(deliveries)
        with Pool(_CHILDREN) as self._pool, ThreadPoolExecutor(_CHILDREN) as self._threads:
            while waiting:
                # Of equal bytes one goes first; the others are judged when it is known what became of it.
                now: dict[tuple[str, str], Delivery] = {}
                later = []
                for delivery in waiting:
                    if self._is_settled(delivery):
                        self._progress("land", len(self.receipts), total)
                    elif (delivery.feed, delivery.sha256) in now:
                        later.append(delivery)
                    else:
                        now[delivery.feed, delivery.sha256] = delivery
                for _ in self._landing(list(now.values())):
                    self._progress("land", len(self.receipts), total)
                waiting = later

    def _landing(self, deliveries: Sequence[Delivery]) -> Iterator[None]:
        """Lands them in order, a few batches parsed ahead of the one at hand; a large file has both cores to itself."""
        ahead: list[_Batch] = []
        for contract, batch in _batches(deliveries):
            large = _is_large(contract, batch)
            if not large:
                ahead.append(self._land_batch(contract, batch))
            while ahead and (large or len(ahead) >= _LOOK_AHEAD):
                self._take(ahead.pop(0))
                yield
            if large:
                self._stream(contract, batch[0])
                yield
        for waiting in ahead:
            self._take(waiting)
            yield

    def _remember(self, receipt: Receipt) -> None:
        if receipt.outcome == "landed":
            self._landed.setdefault((receipt.feed, receipt.sha256), []).append(receipt)
        elif receipt.outcome == "rejected":
            self._refused.setdefault((receipt.feed, receipt.sha256), []).append(receipt)

    def _is_settled(self, delivery: Delivery) -> bool:
        """Whether the bytes have landed before: a repeat, or another month's name on the same content."""
        contract = contracts()[delivery.feed]
        name = named(contract, delivery.file_name)
        for receipt in self._landed.get((delivery.feed, delivery.sha256), []):
            before = named(contract, receipt.file_name)
            if not name.suffix or name == before:
                self._repeat(delivery, receipt)
                return True
            if receipt.load_id == load_id(contract, delivery.sha256, name, rows_tell_period=True):
                error = BrokenContract(
                    delivery.relative,
                    f"the very bytes of {receipt.file_name}, which landed already",
                    "the file of its own region and month",
                    "Look which of the two names is right, and send the other's content.",
                    code="same_bytes_other_name",
                )
                load = rejected(contract, delivery, error)
                put([load], self._home, self._vault)
                self._note(delivery, load.receipt, error)
                return True
        return False

    def _repeat(self, delivery: Delivery, receipt: Receipt) -> None:
        if delivery.file_name != receipt.file_name or delivery.received_at < receipt.known_at:
            note_repeat(self._home, receipt, delivery.file_name, delivery.received_at)
        again = replace(
            receipt,
            outcome="duplicate",
            file_name=delivery.file_name,
            received_at=delivery.received_at,
            accepted=0,
            quarantined=0,
            duplicates=receipt.rows_in,
            quarantine_reasons={},
            cautions={},
            money_fen={},
        )
        self._note(delivery, again, None)

    def _note(self, delivery: Delivery, receipt: Receipt, error: DeliveryError | None) -> None:
        self.receipts.append((delivery.relative, receipt))
        self._remember(receipt)
        if error:
            self.rejected.append(error)

    def _land_batch(self, contract: Contract, batch: Sequence[Delivery]) -> _Batch:
        """Reads a batch of small files and has them parsed in the background."""
        sound, errors = [], {}
        for delivery in batch:
            content = delivery.path.read_bytes() if delivery.size <= _LARGEST else b""
            error = _unsound(delivery, content)
            if error:
                errors[delivery.relative] = error, content
            else:
                sound.append((delivery, content))
        spec = reader_spec(contract)
        files = [(d.relative, content) for d, content in sound]
        return _Batch(contract, list(batch), sound, errors, self._threads.submit(self._pool.parse, spec, files))

    def _take(self, batch: _Batch) -> None:
        done: list[tuple[Delivery, Load, DeliveryError | None]] = []
        items = []

        def refuse(delivery: Delivery, error: DeliveryError, content: bytes) -> None:
            kept = content if len(content) <= _KEPT_WHEN_REFUSED and error.code != "changed" else b""
            done.append((delivery, rejected(batch.contract, delivery, error, kept), error))

        for delivery in batch.deliveries:
            if delivery.relative in batch.errors:
                refuse(delivery, *batch.errors[delivery.relative])
        warm_up()
        for (delivery, content), outcome in zip(batch.sound, batch.outcomes.result(), strict=True):
            if outcome.parsed is None:
                assert outcome.error is not None
                refuse(delivery, outcome.error, content)
            else:
                items.append(Item(delivery, content, outcome.parsed))
        for item, fate in to_loads(batch.contract, items, self._desk):
            if isinstance(fate, DeliveryError):
                refuse(item.delivery, fate, item.content)
            else:
                done.append((item.delivery, fate, None))
        self._put(done)

    def _stream(self, contract: Contract, delivery: Delivery) -> None:
        """Lands one large file, block by block."""
        error = _unsound(delivery, None)
        try:
            if error:
                raise error
            load = land_streamed(contract, delivery, self._desk, self._pool, self._home, self._vault)
        except DeliveryError as refusal:
            error = refusal
            small = delivery.size <= _KEPT_WHEN_REFUSED and error.code != "changed"
            load = rejected(contract, delivery, error, delivery.path.read_bytes() if small else b"")
        self._put([(delivery, load, error)])

    def _put(self, done: Sequence[tuple[Delivery, Load, DeliveryError | None]]) -> None:
        put([load for _, load, _ in done], self._home, self._vault)
        for delivery, load, error in done:
            self._note(delivery, load.receipt, error)
            if error is None:
                self._withdraw_refusal(delivery, load.receipt)

    def _withdraw_refusal(self, delivery: Delivery, landed: Receipt) -> None:
        """What was refused under this name and has landed now (the contract was mended) is refused no longer."""
        for receipt in self._refused.pop((delivery.feed, delivery.sha256), []):
            if receipt.file_name == delivery.file_name and receipt.load_id != landed.load_id:
                shutil.rmtree(receipt.folder(self._home), ignore_errors=True)
                self._vault.discard(receipt.load_id)


def _batches(deliveries: Sequence[Delivery]) -> Iterator[tuple[Contract, list[Delivery]]]:
    """Deliveries of one feed at a time, in the order of receipt; small files together, large ones alone."""
    by_feed = sorted(deliveries, key=lambda d: d.feed)  # stable: within a feed the order of receipt stays
    for feed, group in groupby(by_feed, key=lambda d: d.feed):
        contract, batch, size = contracts()[feed], list[Delivery](), 0
        for delivery in group:
            if batch and (len(batch) >= _BATCH_FILES or size + delivery.size > _BATCH_BYTES):
                yield contract, batch
                batch, size = [], 0
            batch.append(delivery)
            size += delivery.size
        yield contract, batch


def _is_large(contract: Contract, batch: Sequence[Delivery]) -> bool:
    return len(batch) == 1 and batch[0].size > _BATCH_BYTES and can_stream(contract)


def _unsound(delivery: Delivery, content: bytes | None) -> DeliveryError | None:
    """What is wrong with a file before any of it is parsed; `content` is None where it is read as it is parsed."""
    if delivery.promised_sha256 not in (None, delivery.sha256):
        return UnreadableFile(
            delivery.relative,
            "bytes with another sha256 than the file beside it says",
            "the bytes that were sent",
            "The file was cut short or changed on its way: send it again, with its checksum.",
            code="checksum_mismatch",
        )
    if content is None:
        return None
    if delivery.size > _LARGEST:
        found = f"{delivery.size:,} bytes"
        return UnreadableFile(
            delivery.relative, found, f"at most {_LARGEST:,}", "Split the file, or send CSV.", code="too_large"
        )
    return None if digest(content) == delivery.sha256 else changed(delivery)
