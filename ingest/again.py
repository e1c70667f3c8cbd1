"""Reads kept deliveries again: when a contract or a correction was mended, and into a newer landing format.

A new reading is a load of its own that supersedes the old one from now on: what a run knew before stays reproducible.
A reading that says the same is dropped. The old landing format differs in columns alone, so its loads are rewritten in
their places, at the times at which they were known.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.batches import Desk
from ingest.contracts import contracts
from ingest.deliveries import Delivery
from ingest.durable import file_digest, sweep
from ingest.errors import DeliveryError
from ingest.history import History
from ingest.home import Home
from ingest.identity import HmacKey
from ingest.landing import LandingRun, Progress, alone
from ingest.loads import Load, put, temporary_folder
from ingest.receipts import LANDING_FORMAT, Receipt, in_force, read_receipts
from ingest.vault import Vault

_AT_ONCE = 200
_ARROW = {"DATE": pa.date32()}
_COUNTED = ("table", "rows_in", "accepted", "quarantined", "duplicates", "money_fen")


@dataclass
class Again:
    """What a new reading came to: the loads that now supersede, those that say the same, and the refusals.

    What is refused now stands as it stood before. `forgotten`: of these the vault holds no bytes.
    """

    changed: list[Receipt] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    refused: list[DeliveryError] = field(default_factory=list)
    forgotten: list[str] = field(default_factory=list)


def land_again(
    home: Home,
    *,
    feeds: Collection[str] = (),
    load_ids: Collection[str] = (),
    everything: bool = False,
    now: datetime | None = None,
    progress: Progress | None = None,
) -> Again:
    """Reads deliveries from the vault once more, by the contracts and corrections of today.

    Of the feeds or loads named (of all feeds, if none is): those refused, those with quarantined rows, and with
    `everything` all. A load that comes out otherwise supersedes the old one from `now` on.
    Raises VaultError, LandingBusy, LookupError for a feed or load that is not there.
    """
    moment = now or datetime.now(UTC)
    with _opened(home) as (key, vault, connection):
        known = read_receipts(home)
        chosen = _chosen(known, feeds, load_ids, everything)
        left = [r for r in in_force(known) if r not in chosen]
        desk = Desk(key, connection, History(home, left, connection), home)
        result, done = Again(), 0
        for batch in _batches(chosen):
            result.forgotten += [r.load_id for r in batch if not vault.holds(r.load_id)]
            held = {r.load_id: r for r in batch if vault.holds(r.load_id)}
            run = LandingRun(home, vault, desk, [], None)
            with ExitStack() as stack:
                run.land([_delivery(r, vault, stack, moment, _next_revision(r)) for r in held.values()])
            by_file = {(r.file_name, r.sha256): r for r in held.values()}
            for _, receipt in run.receipts:
                _settle(home, vault, by_file[receipt.file_name, receipt.sha256], receipt, result)
            result.refused += run.rejected
            done += len(batch)
            if progress:
                progress("again", done, len(chosen))
        return result


def migrate(home: Home, progress: Progress | None = None) -> tuple[int, int]:
    """Brings every load to the present landing format: (loads read anew from their bytes, loads with columns added).

    Rows, counts and times stay. Where today's contract would read a delivery otherwise, its load keeps its rows, and
    the columns that are new are empty until `land_again` reads it. A kill leaves each load in one format or the other.
    """
    with _opened(home) as (key, vault, connection):
        known = read_receipts(home)
        old = [r for r in known if r.rows_path and r.landing_format < LANDING_FORMAT]
        desk = Desk(key, connection, History(home, [r for r in known if r not in old], connection), home)
        read_anew = padded = 0
        for batch in _batches(old):
            wanted = {r.load_id: r for r in batch}
            run = _Rewriting(home, vault, desk, wanted)
            with ExitStack() as stack:
                held = (r for r in batch if vault.holds(r.load_id))
                run.land([_delivery(r, vault, stack, r.received_at, _revision(r)) for r in held])
            read_anew += len(run.rewritten)
            for load_id in sorted(wanted.keys() - run.rewritten):
                _pad(home, vault, wanted[load_id])
                padded += 1
            if progress:
                progress("migrate", read_anew + padded, len(old))
        return read_anew, padded


@contextmanager
def _opened(home: Home) -> Iterator[tuple[HmacKey, Vault, duckdb.DuckDBPyConnection]]:
    with alone(home):
        sweep(home.landing)
        key, vault = HmacKey.load_or_create(home), Vault(home)
        with duckdb.connect(":memory:", config={"temp_directory": "", "threads": 2}) as connection:
            yield key, vault, connection


def _chosen(
    known: Sequence[Receipt], feeds: Collection[str], load_ids: Collection[str], everything: bool
) -> list[Receipt]:
    current = [*in_force(known), *(r for r in known if r.outcome == "rejected")]
    if missing := sorted(set(load_ids) - {r.load_id for r in current}):
        raise LookupError(f"no load {', '.join(missing)} is in force; `shouxian status` and receipts name the loads")
    if unknown := sorted(set(feeds) - set(contracts())):
        raise LookupError(f"no contract declares {', '.join(unknown)}; `shouxian feeds` lists the feeds")
    if load_ids:
        return [r for r in current if r.load_id in load_ids]
    of_feeds = (r for r in current if not feeds or r.feed in feeds)
    worth = (r for r in of_feeds if everything or r.outcome == "rejected" or r.quarantined)
    return sorted(worth, key=lambda r: (r.feed, r.known_at, r.file_name))


def _batches(receipts: Sequence[Receipt]) -> Iterator[list[Receipt]]:
    """A few hundred at a time, of equal bytes one: their content is in memory while it is read."""
    batch: list[Receipt] = []
    for receipt in receipts:
        if len(batch) == _AT_ONCE or any(b.sha256 == receipt.sha256 for b in batch):
            yield batch
            batch = []
        batch.append(receipt)
    if batch:
        yield batch


def _revision(receipt: Receipt) -> str:
    """What tells this reading from the first: `r1` for the second, nothing for the first."""
    last = receipt.load_id.rpartition("-")[2]
    return last if last[:1] == "r" and last[1:].isdigit() else ""


def _next_revision(receipt: Receipt) -> str:
    return f"r{int(_revision(receipt)[1:] or 0) + 1}"


def _delivery(receipt: Receipt, vault: Vault, stack: ExitStack, received_at: datetime, revision: str) -> Delivery:
    """The kept bytes as a delivery. They lie in memory under a file descriptor: what was sealed touches no disk."""
    content = vault.open(receipt.load_id)
    handle = os.memfd_create("delivery")
    stack.callback(os.close, handle)
    view = memoryview(content)
    while view:
        view = view[os.write(handle, view) :]
    return Delivery(
        receipt.feed,
        Path(f"/proc/self/fd/{handle}"),
        f"{receipt.feed}/{receipt.file_name}",
        receipt.sha256,
        len(content),
        received_at.astimezone(UTC),
        supersedes=receipt.load_id if receipt.outcome == "landed" else None,
        revision=revision,
    )


def _settle(home: Home, vault: Vault, before: Receipt, after: Receipt, result: Again) -> None:
    """Keeps the new reading where it says something else, and drops it where it does not."""
    if after.outcome == "landed" and not _says_the_same(home, before, after):
        result.changed.append(after)
        if before.outcome == "rejected":
            _drop(home, vault, before)
        return
    if after.outcome == "landed":
        result.unchanged.append(before.load_id)
    _drop(home, vault, after)


def _drop(home: Home, vault: Vault, receipt: Receipt) -> None:
    shutil.rmtree(receipt.folder(home), ignore_errors=True)
    vault.discard(receipt.load_id)


def _says_the_same(home: Home, one: Receipt, other: Receipt) -> bool:
    counted = ("outcome", *_COUNTED, "quarantine_reasons", "cautions")
    if any(getattr(one, name) != getattr(other, name) for name in counted):
        return False
    return bool(_row_hashes(home, one).equals(_row_hashes(home, other)))


def _row_hashes(home: Home, receipt: Receipt) -> pa.Array:
    path = receipt.rows(home)
    if path is None:
        return pa.array([], pa.string())
    hashes = pq.read_table(path, columns=["row_hash"])["row_hash"].combine_chunks()
    return hashes.take(pc.sort_indices(hashes))


class _Rewriting(LandingRun):
    """A landing run that puts a load in place only where it counts what the load of that id counted before."""

    def __init__(self, home: Home, vault: Vault, desk: Desk, wanted: dict[str, Receipt]) -> None:
        super().__init__(home, vault, desk, [], None)
        self._wanted = wanted
        self.rewritten: set[str] = set()

    def _put(self, done: Sequence[tuple[Delivery, Load, DeliveryError | None]]) -> None:
        same = []
        for _, load, error in done:
            before = self._wanted.get(load.receipt.load_id)
            if before and error is None and all(getattr(before, n) == getattr(load.receipt, n) for n in _COUNTED):
                facts = {**load.receipt.facts, "supersedes": before.facts.get("supersedes")}
                facts = {name: value for name, value in facts.items() if value is not None}
                load.receipt = replace(load.receipt, facts=facts, known_at_basis=before.known_at_basis)
                same.append(load)
            elif load.prepared:
                shutil.rmtree(load.prepared, ignore_errors=True)
        put(same, self._home, self._vault)
        self.rewritten |= {load.receipt.load_id for load in same}


def _pad(home: Home, vault: Vault, receipt: Receipt) -> None:
    """Adds the format's new columns, empty, to a load that today's contract would read otherwise."""
    path = receipt.rows(home)
    assert path is not None
    rows = pq.read_table(path)
    landed = contracts()[receipt.feed].table(str(receipt.table)).landed_columns
    for name, kind in landed.items():
        if name not in rows.column_names and name not in ("known_at", "known_at_basis"):
            rows = rows.append_column(name, pa.nulls(len(rows), _ARROW.get(kind, pa.string())))
    folder = temporary_folder(home)
    pq.write_table(rows, folder / path.name, compression="zstd", compression_level=1)
    new = replace(receipt, landing_format=LANDING_FORMAT, rows_sha256=file_digest(folder / path.name))
    put([Load(new, prepared=folder)], home, vault)
