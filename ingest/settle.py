"""Decides what becomes of each row: accepted, duplicate or quarantined. Every row gets exactly one of the three."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ingest.fingerprints import Index, Prints
from ingest.measures import Mask, in_pieces
from ingest.normalise import Batch, Normalised

ACCEPTED, DUPLICATE, QUARANTINED = 0, 1, 2
_ROW_GAP = "chr(31)"
_NULL = "chr(0)"


@dataclass
class Settled:
    """By row: the outcome, the hash of the content and the hash of the business key."""

    outcome: npt.NDArray[np.int8]
    row_hash: pa.Array
    key_hash: pa.Array


def settle(batch: Batch, normalised: Normalised, connection: duckdb.DuckDBPyConnection) -> Settled:
    """Judges the rows of each file among themselves.

    An exact repetition is a duplicate of its first occurrence. Rows with one key and different content are all
    quarantined (nobody here can say which is true), unless the contract keeps them; then they carry a caution.
    """
    row_hash, key_hash = hashes_of(batch, normalised, connection)
    file_no = batch.raw["file_no"].to_numpy()
    bad = np.zeros(len(file_no), dtype=bool)
    for _, _, mask in normalised.reasons:
        bad |= mask
    outcome = np.where(bad, QUARANTINED, ACCEPTED).astype(np.int8)
    good = np.flatnonzero(~bad)
    outcome[good[_repeated(_codes(row_hash, file_no)[good])]] = DUPLICATE
    once = np.flatnonzero(outcome == ACCEPTED)
    _, place, count = np.unique(_codes(key_hash, file_no)[once], return_inverse=True, return_counts=True)
    conflicting = np.zeros(len(file_no), dtype=bool)
    conflicting[once[count[place] > 1]] = True
    if conflicting.any() and batch.table.key:
        if batch.table.keeps_same_key:
            normalised.cautions.append(("same_key_kept", conflicting))
        else:
            normalised.reasons.append(("key_conflict", ",".join(batch.table.key), conflicting))
            outcome[conflicting] = QUARANTINED
    return Settled(outcome, row_hash, key_hash)


def hashes_of(batch: Batch, normalised: Normalised, connection: duckdb.DuckDBPyConnection) -> tuple[pa.Array, pa.Array]:
    """By row the hash of its content and the hash of its business key, each 32 hexadecimal characters."""
    # Names are compared by their keys: one ID with two names is a conflict, and no hash can be tried against names.
    content = {**normalised.columns, **{f"name of {n}": a for n, a in normalised.names.items()}}
    rows = pa.table(content)
    key = batch.table.key or tuple(normalised.columns)
    connection.register("typed_rows", in_pieces(rows))
    # Column names come from the contract, never from a delivery.
    hashes = connection.execute(
        f"select {_md5(content)} as row_hash, {_md5(key)} as key_hash from typed_rows"
    ).to_arrow_table()
    connection.unregister("typed_rows")
    return hashes["row_hash"].combine_chunks(), hashes["key_hash"].combine_chunks()


def _md5(columns: Iterable[str]) -> str:
    cells = ", ".join(f"""coalesce("{name}"::varchar, {_NULL})""" for name in columns)
    return f"md5(concat_ws({_ROW_GAP}, {cells}))"


def _codes(hashes: pa.Array, file_no: npt.NDArray[Any]) -> npt.NDArray[np.int64]:
    """One integer a distinct (file, hash)."""
    indices = hashes.dictionary_encode().indices.to_numpy().astype(np.int64)
    codes: npt.NDArray[np.int64] = file_no.astype(np.int64) * (len(hashes) + 1) + indices
    return codes


def _repeated(codes: npt.NDArray[np.int64]) -> Mask:
    """All but the first occurrence of each code."""
    repeated = np.ones(len(codes), dtype=bool)
    repeated[np.unique(codes, return_index=True)[1]] = False
    return repeated


class Earlier:
    """What one landed load of an incremental table told: the hashes of its rows, and of what they are about."""

    def __init__(self, moment: tuple[datetime, str], rows: Prints, keys: Prints) -> None:
        self.moment, self.rows, self.keys = moment, rows, keys

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def by_row(self) -> Index:
        return Index(self.rows)

    @cached_property
    def by_key(self) -> Index:
        return Index(self.keys)


def told_before(rows: Prints, keys: Prints, newest_first: Iterable[Earlier], *, keeps_same_key: bool) -> Mask:
    """Which rows only repeat what the newest earlier load said of the same key.

    A value that was changed and then changed back is news, so only the newest counts; where a key may have several
    rows, any equal row does.
    """
    told = np.zeros(len(rows), dtype=bool)
    open_ = np.arange(len(rows))
    for load in newest_first:
        if not len(open_):
            break
        place = (load.by_row.find(rows[open_]) if keeps_same_key else load.by_key.find(keys[open_])).astype(np.int64)
        found = place >= 0
        here = open_[found]
        told[here] = keeps_same_key or (load.rows[place[found]] == rows[here]).all(axis=1)
        open_ = open_[~found]
    return told
