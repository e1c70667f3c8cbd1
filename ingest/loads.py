"""A settled file → its Parquet, its receipt and what the vault keeps; then all of a batch in place, whole or absent."""

from __future__ import annotations

import hashlib
import io
import json
import shutil
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contracts import Table
from ingest.durable import sync_filesystem, sync_folder
from ingest.home import Home
from ingest.normalise import Batch, Normalised
from ingest.places import Place
from ingest.receipts import DELIVERIES, Receipt
from ingest.settle import ACCEPTED, DUPLICATE, QUARANTINED, Settled
from ingest.vault import Vault, to_bytes

_BITS = 63
_SMALL = 2_000
_KEPT = ("personal_name", "contact", "narrative")


@dataclass
class Load:
    """All that is written for one delivery; `rows` is None for a rejected one, of which receipt and bytes stay."""

    receipt: Receipt
    content: bytes = b""
    rows: bytes | None = None
    quarantine: bytes | None = None
    identity: bytes | None = None
    prepared: Path | None = None
    """A folder of the landing where the rows of a large file were written as they came; the vault has its share."""


@dataclass(frozen=True)
class Slice:
    """The rows of one file within its batch."""

    start: int
    stop: int

    def of(self, array: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return array[self.start : self.stop]


class Unbalanced(AssertionError):
    """Rows or fen were lost between the reader and the receipt: a defect of this program, so nothing lands."""


def counts(settled: Settled, normalised: Normalised, part: Slice, table: Table) -> dict[str, Any]:
    """The receipt's counts of one file: rows, first reasons, cautions of accepted rows, and fen by outcome."""
    outcome = part.of(settled.outcome)
    cautions = {code: int((part.of(mask) & (outcome == ACCEPTED)).sum()) for code, mask in normalised.cautions}
    return {
        "rows_in": len(outcome),
        "accepted": int((outcome == ACCEPTED).sum()),
        "quarantined": int((outcome == QUARANTINED).sum()),
        "duplicates": int((outcome == DUPLICATE).sum()),
        "quarantine_reasons": reasons_of(settled, normalised, part),
        "cautions": {code: count for code, count in sorted(cautions.items()) if count},
        "money_fen": _money(normalised, part, outcome, table),
    }


def reasons_of(settled: Settled, normalised: Normalised, part: Slice) -> dict[str, int]:
    """Quarantined rows of one file by their first reason."""
    reasons: Counter[str] = Counter()
    unexplained = part.of(settled.outcome) == QUARANTINED
    for code, _, mask in normalised.reasons if unexplained.any() else ():
        here = part.of(mask) & unexplained
        if here.any():
            reasons[code] += int(here.sum())
            unexplained = unexplained & ~here
    if unexplained.any():
        raise Unbalanced("a quarantined row has no reason")
    return dict(sorted(reasons.items()))


def _money(normalised: Normalised, part: Slice, outcome: npt.NDArray[Any], table: Table) -> dict[str, dict[str, int]]:
    money = {}
    for column in table.columns:
        if column.kind != "money_cny":
            continue
        fen = fen_of(normalised.columns[column.name].slice(part.start, part.stop - part.start))
        sums = {"in": total_fen(fen)}
        for name, code in (("accepted", ACCEPTED), ("quarantined", QUARANTINED), ("duplicates", DUPLICATE)):
            sums[name] = total_fen(fen[outcome == code])
        if sums["in"] != sums["accepted"] + sums["quarantined"] + sums["duplicates"]:
            raise Unbalanced(f"fen of {column.name} do not add up")
        money[column.name] = sums
    return money


def fen_of(yuan: pa.Array) -> npt.NDArray[np.int64]:
    """Exact fen; a missing amount counts nothing. Eighteen digits fit the low word of an Arrow decimal."""
    data: Any = yuan.buffers()[1]
    words = np.frombuffer(data, np.int64, count=2 * (yuan.offset + len(yuan)))
    fen = words[2 * yuan.offset :: 2].copy()
    if yuan.null_count:
        fen[np.asarray(yuan.is_null().to_numpy(zero_copy_only=False), dtype=bool)] = 0
    return fen


def total_fen(fen: npt.NDArray[np.int64]) -> int:
    """The sum, exact whatever its size."""
    if len(fen) and int(np.abs(fen).max()) * len(fen) >= 2**62:
        return sum(fen.tolist())
    return int(fen.sum())


def rows_as_parquet(
    batch: Batch, normalised: Normalised, settled: Settled, part: Slice, load_id: str, where: Place, cautions: pa.Array
) -> bytes:
    """The accepted rows in the landing's columns and types."""
    sink = io.BytesIO()
    table = landed_rows(batch, normalised, settled, part, load_id, where, cautions)
    pq.write_table(table, sink, **parquet_options(batch.table, table))
    return sink.getvalue()


def landed_rows(
    batch: Batch, normalised: Normalised, settled: Settled, part: Slice, load_id: str, where: Place, cautions: pa.Array
) -> pa.Table:
    """The accepted rows with their lineage."""
    chosen = np.flatnonzero(part.of(settled.outcome) == ACCEPTED) + part.start
    take = pa.array(chosen)
    whole = len(chosen) == len(settled.outcome)

    def pick(array: pa.Array) -> pa.Array:
        return array if whole else array.take(take)

    columns = {name: pick(array) for name, array in {**normalised.columns, **normalised.derived}.items()}
    lineage = {
        "load_id": _constant(load_id, len(chosen)),
        "row_number": pick(batch.raw["row_number"].combine_chunks()),
        "row_hash": pick(settled.row_hash),
        **place_columns(where, len(chosen)),
        "cautions": pick(cautions),
    }
    return pa.table({**columns, **lineage})


def place_columns(where: Place, height: int) -> dict[str, pa.Array]:
    """The columns that say which region and days the load describes."""
    return {
        "scope_region_code": _constant(where.scope_region_code, height),
        "period_start_date": pa.repeat(pa.scalar(where.start, pa.date32()), height),
        "period_end_date": pa.repeat(pa.scalar(where.end, pa.date32()), height),
    }


def parquet_options(table: Table, rows: pa.Table) -> dict[str, Any]:
    """How the landing's Parquet is written: keys and hashes have no use for a dictionary."""
    keyed = {c.name for c in table.columns if c.kind in ("id_number", "household_no", "person_no")} | {"name_birth_key"}
    few = [name for name in rows.column_names if name not in keyed | {"row_hash", "row_number"}]
    # In a small file dictionaries and statistics cost more than its rows.
    small = len(rows) < _SMALL
    return {
        "compression": "zstd",
        "compression_level": 1,
        "use_dictionary": False if small else few,
        "write_statistics": not small,
        "store_schema": False,
    }


def _constant(value: str, length: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(length, np.int8)), pa.array([value])).cast(pa.string())


def cautions_text(normalised: Normalised, height: int) -> pa.Array:
    """By row the codes of its cautions, joined by commas; null for most."""
    codes = sorted({code for code, _ in normalised.cautions})
    if not codes:
        return pa.nulls(height, pa.string())
    # Rows have few different sets of cautions: each set is spelled once.
    sets = np.zeros(height, dtype=object if len(codes) > _BITS else np.uint64)
    for code, mask in normalised.cautions:
        sets[mask] |= 1 << codes.index(code) if len(codes) > _BITS else np.uint64(1 << codes.index(code))
    distinct, place = np.unique(sets, return_inverse=True)
    spelled = [",".join(c for bit, c in enumerate(codes) if int(members) >> bit & 1) or None for members in distinct]
    return pa.array(spelled, pa.string()).take(pa.array(place))


def quarantined_rows(batch: Batch, normalised: Normalised, settled: Settled, part: Slice) -> bytes | None:
    """The quarantined rows as they came, each with all its reasons (`code:column`), for the vault."""
    chosen = np.flatnonzero(part.of(settled.outcome) == QUARANTINED) + part.start
    if not len(chosen):
        return None
    return to_bytes(with_reasons(batch, normalised, chosen))


def with_reasons(batch: Batch, normalised: Normalised, chosen: npt.NDArray[Any]) -> pa.Table:
    """These rows as they came, each with all its reasons (`code:column`)."""
    why = [",".join(f"{code}:{column}" for code, column, mask in normalised.reasons if mask[index]) for index in chosen]
    rows = plain_text(batch.raw.drop_columns(["file_no"]).take(pa.array(chosen)))
    return rows.append_column("reasons", pa.array(why, pa.string()))


def plain_text(rows: pa.Table) -> pa.Table:
    """The same table, its dictionaries of text as plain text."""
    plain = [pa.field(f.name, pa.string() if pa.types.is_dictionary(f.type) else f.type) for f in rows.schema]
    return rows.cast(pa.schema(plain))


def names_kept(batch: Batch, normalised: Normalised, settled: Settled, part: Slice) -> bytes | None:
    """Household and person keys with the numbers, names, contacts and narratives that go with them, for the vault.

    None where a table names nobody, or names people without a household and gives no contact.
    """
    names = names_of(batch, normalised, np.flatnonzero(part.of(settled.outcome) == ACCEPTED) + part.start)
    return None if names is None else to_bytes(names)


def names_of(batch: Batch, normalised: Normalised, rows: npt.NDArray[Any]) -> pa.Table | None:
    """As `names_kept`, of these rows and as a table."""
    households = [c.name for c in batch.table.columns if c.kind == "household_no"]
    clear = [c for c in batch.table.columns if c.kind in _KEPT and c.name in normalised.clear]
    if not clear or not (households or any(c.kind == "contact" for c in clear)):
        return None
    chosen = pa.array(rows)
    nobodys = pa.nulls(len(batch.raw), pa.string())
    columns = {
        "household_key": (normalised.columns[households[0]] if households else nobodys).take(chosen),
        "household_no": (normalised.clear[households[0]] if households else nobodys).take(chosen),
        **{c.name: batch.raw[c.name].combine_chunks().take(chosen) for c in clear},
    }
    for column in batch.table.columns:
        if column.kind == "id_number":
            columns[column.name] = normalised.columns[column.name].take(chosen)
    if "relation_text" in normalised.columns:
        columns["relation_text"] = normalised.columns["relation_text"].take(chosen)
    return plain_text(pa.table(columns))


def put(loads: Sequence[Load], home: Home, vault: Vault) -> None:
    """Vault first, then landing: after a crash a load is absent or whole; what the vault has too many is harmless."""
    home.landing.mkdir(parents=True, exist_ok=True)
    ready = []
    for load in loads:
        receipt = load.receipt
        if load.content or load.rows is not None:
            vault.keep(load.content, receipt.load_id, synced=False)
            if load.quarantine:
                vault.keep_quarantine(load.quarantine, receipt.load_id, synced=False)
            if load.identity:
                vault.keep_identity(load.identity, receipt.load_id, synced=False)
        folder = load.prepared or temporary_folder(home)
        if load.rows is not None and receipt.rows_path:
            (folder / receipt.rows_path).write_bytes(load.rows)
        text = json.dumps(receipt.to_json(), ensure_ascii=False, indent=1, sort_keys=True)
        (folder / "receipt.json").write_text(text + "\n", encoding="utf-8")
        ready.append((folder, receipt.folder(home)))
    if home.vault.is_dir():
        sync_filesystem(home.vault)
    sync_filesystem(home.landing)
    for folder, final in ready:
        final.parent.mkdir(exist_ok=True)
        if final.exists():  # an earlier rejection of the same bytes, or an older format, makes way
            if (final / DELIVERIES).exists():
                shutil.copyfile(final / DELIVERIES, folder / DELIVERIES)
            old = home.landing / f".tmp-{uuid.uuid4().hex}"
            final.rename(old)
            folder.rename(final)
            shutil.rmtree(old)
        else:
            folder.rename(final)
    for parent in {final.parent for _, final in ready}:
        sync_folder(parent)
    sync_folder(home.landing)


def temporary_folder(home: Home) -> Path:
    """A new folder in the landing that is swept away unless it is renamed."""
    folder = home.landing / f".tmp-{uuid.uuid4().hex}"
    folder.mkdir(parents=True)
    return folder


def digest(content: bytes) -> str:
    """sha256 in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
