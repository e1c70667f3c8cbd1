"""Lands one large file block by block: what it needs of memory does not depend on its size.

While a child parses the next block, this one is normalised, hashed and given to the writer; its bytes are hashed and
sealed on their way into the child. Repeated rows and contradicting keys are judged when the whole file has been read,
from their hashes alone. Until then all lies in a temporary folder: a file broken in its last line leaves nothing.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest import striking
from ingest.ahead import Ahead, warm_up
from ingest.batches import Desk, landed_receipt, load_id
from ingest.contracts import Contract, Table
from ingest.corrections import Correction, cautions_of, corrected, facts_of, refuse_left_over
from ingest.deliveries import Delivery
from ingest.durable import file_digest
from ingest.errors import DeliveryError, UnreadableFile
from ingest.fingerprints import Mask, Spool, packed
from ingest.home import BEIJING, Home
from ingest.judging import LATE, Evidence, Spans, check, late_rows, other_months, place_of, spans_of, wider
from ingest.loads import (
    Load,
    Slice,
    cautions_text,
    counts,
    landed_rows,
    names_of,
    parquet_options,
    plain_text,
    temporary_folder,
    with_reasons,
)
from ingest.normalise import Batch, Normalised, normalise
from ingest.places import Place, default_scope, named, span_columns
from ingest.readers import STREAMED, Parsed
from ingest.sandbox import Pool, reader_spec
from ingest.sealed import SealedWriter
from ingest.settle import ACCEPTED, DUPLICATE, QUARANTINED, Settled, hashes_of
from ingest.vault import Vault

_CHUNK = 4 << 20
_PARTS_AHEAD = 2


def can_stream(contract: Contract) -> bool:
    """Whether a large file of this feed can be read as it comes."""
    return contract.format in STREAMED and not any(table.melt for table in contract.tables)


def land_streamed(contract: Contract, delivery: Delivery, desk: Desk, pool: Pool, home: Home, vault: Vault) -> Load:
    """The load of one large file, its rows in a temporary folder of the landing, its bytes in the vault.

    Raises DeliveryError if it cannot land; then neither holds anything of it.
    """
    folder, passing = temporary_folder(home), _Passing()
    file: _File | None = None
    try:
        with ExitStack() as stack:
            for part in _parts(contract, delivery, pool, passing):
                if file is None:  # the table is known, and with it under which id the bytes are kept
                    file = stack.enter_context(
                        _File(contract, contract.table(part.table), delivery, desk, folder, vault)
                    )
                    passing.seal(stack.enter_context(vault.writing("deliveries", file.load_id, synced=False)))
                file.take(part)
            assert file is not None  # every stream has a last part
            return file.finish(pool)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        if file is not None:
            vault.discard(file.load_id)
        raise


def _parts(contract: Contract, delivery: Delivery, pool: Pool, passing: _Passing | None) -> Iterator[Parsed]:
    spec = reader_spec(contract)

    def parsed() -> Iterator[Parsed]:
        return pool.stream(spec, delivery.relative, _chunks(delivery, passing))

    with Ahead(parsed, _PARTS_AHEAD) as parts:
        warm_up()
        yield from parts


def _chunks(delivery: Delivery, passing: _Passing | None) -> Iterator[bytes]:
    """The delivery's bytes, sealed as they pass. Raises UnreadableFile if they are not the ones that were listed."""
    seen = hashlib.sha256()
    with delivery.path.open("rb") as source:
        while chunk := source.read(_CHUNK):
            seen.update(chunk)
            if passing is not None:
                passing.add(chunk)
            yield chunk
    if seen.hexdigest() != delivery.sha256:
        raise changed(delivery)


class _Passing:
    """Bytes on their way to the parser: sealed as they pass, once it is known where to; until then a few are held."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._sink: SealedWriter | None = None
        self._lock = threading.Lock()

    def add(self, chunk: bytes) -> None:
        with self._lock:
            if self._sink is None:
                self._held.append(chunk)
            else:
                self._sink.write(chunk)

    def seal(self, sink: SealedWriter) -> None:
        with self._lock:
            for chunk in self._held:
                sink.write(chunk)
            self._held, self._sink = [], sink


def changed(delivery: Delivery) -> DeliveryError:
    """The refusal of a file that somebody was still writing."""
    found = "a file that changed while it was read"
    return UnreadableFile(delivery.relative, found, "a finished file", "Land it again.", code="changed")


class _File:
    """One file on its way into the landing."""

    def __init__(
        self, contract: Contract, table: Table, delivery: Delivery, desk: Desk, folder: Path, vault: Vault
    ) -> None:
        self._contract, self._table, self._delivery, self._desk = contract, table, delivery, desk
        self._folder, self._vault = folder, vault
        self._received = delivery.received_at.astimezone(BEIJING).date()
        name = named(contract, delivery.file_name)
        self._tells_place = bool(name.period) and not table.period_from
        tells = bool(span_columns(table))
        self.load_id = load_id(contract, delivery.sha256, name, rows_tell_period=tells, revision=delivery.revision)
        self._rows, self._keys = Spool(folder / "rows.prints"), Spool(folder / "keys.prints")
        self._counted = striking.Counted()
        self._seen = Evidence(0, {})
        self._spans: Spans = {}
        self._facts: dict[str, Any] = {}
        self._corrections = desk.corrections(contract, delivery.sha256)
        self._made: list[Correction] = []
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._open: dict[str, ExitStack] = {}
        self._thread = ThreadPoolExecutor(1)
        self._settled: Future[None] | None = None
        # One thread a statement: the parser has the other core.
        self._connection = duckdb.connect(":memory:", config={"temp_directory": "", "threads": 1})

    def __enter__(self) -> _File:
        return self

    def __exit__(self, *ended: object) -> None:
        self._thread.shutdown(wait=True)
        self._connection.close()
        for room in list(self._writers):
            self._close(room, *ended)

    def _close(self, room: str, *ended: Any) -> None:
        """Ends a writer; what is sealed is in place then, unless an error ended it."""
        self._writers.pop(room).close()
        if room in self._open:
            self._open.pop(room).__exit__(*(ended or (None, None, None)))

    def take(self, part: Parsed) -> None:
        """One part of the file, its rows next in order."""
        table = self._table
        self._seen.units = part.units
        self._seen.left_out += part.left_out
        self._seen.totals = {**self._seen.totals, **part.totals}
        self._facts |= part.facts
        if not len(part.rows):
            return
        rows, made = corrected(part.rows, self._corrections, self._delivery.relative)
        self._made += made
        if made:
            self._facts["corrections"] = [*self._facts.get("corrections", ()), *facts_of(made)]
        raw = rows.append_column("file_no", pa.array(np.zeros(len(rows), np.int32)))
        batch = Batch(table, raw, [self._received], part.units)
        normalised = normalise(batch, self._desk.key, self._desk.connection)
        normalised.cautions += cautions_of(raw["row_number"], made)
        self._wait()
        self._settled = self._thread.submit(self._settle, batch, normalised)

    def _wait(self) -> None:
        """Until the part before is settled; raises what went wrong there."""
        if self._settled:
            self._settled.result()

    def _settle(self, batch: Batch, normalised: Normalised) -> None:
        """In a thread of its own, while the next part is normalised: hashes, counts, and everything that is written."""
        raw, table = batch.raw, batch.table
        row_hash, key_hash = hashes_of(batch, normalised, self._connection)
        bad = np.zeros(len(raw), dtype=bool)
        for _, _, mask in normalised.reasons:
            bad |= mask
        settled = Settled(np.where(bad, QUARANTINED, ACCEPTED).astype(np.int8), row_hash, key_hash)
        self._look(batch, normalised, bad)
        self._counted.add(counts(settled, normalised, Slice(0, len(raw)), table))
        good = np.flatnonzero(~bad)
        self._rows.add(packed(row_hash)[good])
        self._keys.add(packed(key_hash)[good])
        if bad.any():
            self._write_sealed("quarantine", with_reasons(batch, normalised, np.flatnonzero(bad)))
        if self._contract.keeps_identity and (names := names_of(batch, normalised, good)) is not None:
            self._write_sealed("identity", names)
        self._write_rows(batch, normalised, settled)

    def _look(self, batch: Batch, normalised: Normalised, bad: Mask) -> None:
        """Takes down what the file as a whole will be judged by, and cautions that concern its place in time."""
        table, columns = batch.table, normalised.columns
        self._spans = wider(self._spans, spans_of(table, columns, ~bad))
        for column in (c.name for c in table.columns if c.is_control_sum and c.name in columns):
            total = pc.sum(columns[column]).as_py() or Decimal(0)
            self._counted.sums[column] = self._counted.sums.get(column, Decimal(0)) + total
        if self._seen.first_bad is None and bad.any():
            code, names, mask = next(reason for reason in normalised.reasons if reason[2].any())
            self._seen.first_bad = batch.raw["row_number"][int(np.flatnonzero(mask)[0])].as_py(), code, names
        normalised.cautions += other_months(self._contract, table, self._delivery.relative, columns)
        late = late_rows(self._contract, table, self._received, columns)
        normalised.cautions += [(LATE, late)] if late is not None else []

    def _place(self, rows: int) -> Place:
        delivery = self._delivery
        return place_of(self._contract, self._table, delivery.relative, delivery.received_at, rows, self._spans, None)

    def _write_rows(self, batch: Batch, normalised: Normalised, settled: Settled) -> None:
        cautions = cautions_text(normalised, len(batch.raw))
        where = self._place(1) if self._tells_place else striking.unknown_place(default_scope())
        part = Slice(0, len(batch.raw))
        rows = landed_rows(batch, normalised, settled, part, self.load_id, where, cautions)
        if "rows" not in self._writers:
            options = parquet_options(batch.table, rows)
            self._writers["rows"] = pq.ParquetWriter(self._path(batch.table), rows.schema, **options)
        self._writers["rows"].write_table(rows)

    def _path(self, table: Table) -> Path:
        return self._folder / f"{table.name}.parquet"

    def _write_sealed(self, room: str, rows: pa.Table) -> None:
        if room not in self._writers:
            self._open[room] = ExitStack()
            sink = self._open[room].enter_context(self._vault.writing(room, self.load_id, synced=False))
            self._writers[room] = pq.ParquetWriter(pa.PythonFile(sink, "w"), rows.schema, compression="zstd")
        self._writers[room].write_table(rows)

    def finish(self, pool: Pool) -> Load:
        """Judges the file as a whole. Raises DeliveryError."""
        table, delivery, contract = self._table, self._delivery, self._contract
        if not self._counted.rows_in:
            found = f"no row in {delivery.size:,} bytes"
            raise UnreadableFile(delivery.relative, found, "rows", "Export the file again.", code="empty_file")
        refuse_left_over(self._corrections, self._made, delivery.relative)
        self._wait()
        self._close("rows")
        path = self._path(table)
        outcome, conflicting = striking.outcomes(self._rows, self._keys, table)
        sound = outcome != QUARANTINED
        if not sound.all():
            self._counted.quarantine_reasons["key_conflict"] += int((~sound).sum())
            if not self._tells_place:
                self._spans = striking.spans_in(path, table, span_columns(table), sound)
        where = self._place(self._counted.rows_in)
        self._seen.rows, self._seen.reasons = self._counted.rows_in, self._counted.quarantine_reasons
        self._seen.sums = self._counted.sums
        check(contract, table, delivery.relative, self._seen)
        if table.semantics == "increment":
            self._strike_out_repeats(table, where, outcome)
        cautioned = conflicting if table.keeps_same_key else np.zeros(len(outcome), dtype=bool)
        if (outcome != ACCEPTED).any() or cautioned.any() or not self._tells_place:
            fresh_place = None if self._tells_place else where
            numbers = striking.strike(path, table, outcome, cautioned, fresh_place, self._counted)
            if numbers:
                self._quarantine_raw(pool, table, set(numbers))
            self._strike_out_names(outcome == ACCEPTED)
        self._rows.close()
        self._keys.close()
        receipt = landed_receipt(
            contract, table, delivery, self.load_id, where, self._desk.key.key_id, self._seen.left_out, self._facts
        )
        receipt = replace(receipt, rows_sha256=file_digest(path), **self._counted.as_receipt())
        self._desk.history.add(receipt)
        return Load(receipt, prepared=self._folder)

    def _strike_out_repeats(self, table: Table, where: Place, outcome: npt.NDArray[np.int8]) -> None:
        moment = self._delivery.received_at, self._delivery.file_name
        for (start, rows), (_, keys) in zip(self._rows.pieces(), self._keys.pieces(), strict=True):
            told = self._desk.history.repeated(self._contract.feed, table, where, moment, rows, keys)
            part = outcome[start : start + len(rows)]
            part[told & (part == ACCEPTED)] = DUPLICATE

    def _quarantine_raw(self, pool: Pool, table: Table, numbers: set[int]) -> None:
        """Rows that contradict one another are known when their text is long gone: the file is read once more."""
        wanted = pa.array(sorted(numbers), pa.int64())
        reason = "key_conflict:" + ",".join(table.key)
        for part in _parts(self._contract, self._delivery, pool, None):
            rows = part.rows.filter(pc.is_in(part.rows["row_number"], value_set=wanted))
            if len(rows):
                why = pa.array([reason] * len(rows), pa.string())
                self._write_sealed("quarantine", plain_text(rows).append_column("reasons", why))

    def _strike_out_names(self, kept: Mask) -> None:
        """The names of rows that do not land are kept with those rows, and nowhere else."""
        if "identity" not in self._writers or kept.all():
            return
        self._close("identity")
        start = 0
        with (
            self._vault.reading(self.load_id, "identity") as sealed,
            pq.ParquetFile(pa.PythonFile(sealed, "r")) as names,
        ):
            for group in range(names.num_row_groups):
                rows = names.read_row_group(group)
                self._write_sealed("identity", rows.filter(pa.array(kept[start : start + len(rows)])))
                start += len(rows)
            self._close("identity")
