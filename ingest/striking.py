"""What a file has told when it is read to its end, and the second look at rows that only then turn out not to land."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from ingest.contracts import Table
from ingest.fingerprints import Mask, Spool, repeated, shared, surely_distinct
from ingest.judging import Spans, spans_of, wider
from ingest.loads import fen_of, parquet_options, place_columns, total_fen
from ingest.places import Place
from ingest.settle import ACCEPTED, DUPLICATE, QUARANTINED

KEPT = "same_key_kept"
_NAMES = {ACCEPTED: "accepted", DUPLICATE: "duplicates", QUARANTINED: "quarantined"}


@dataclass
class Counted:
    """The receipt's counts, added up part by part, then moved for the rows that are struck out."""

    rows_in: int = 0
    accepted: int = 0
    quarantined: int = 0
    duplicates: int = 0
    quarantine_reasons: Counter[str] = field(default_factory=Counter)
    cautions: Counter[str] = field(default_factory=Counter)
    money_fen: dict[str, Counter[str]] = field(default_factory=dict)
    sums: dict[str, Decimal] = field(default_factory=dict)

    def add(self, part: Mapping[str, Any]) -> None:
        """Adds the counts of one part, as `loads.counts` gives them."""
        for name in ("rows_in", "accepted", "quarantined", "duplicates"):
            setattr(self, name, getattr(self, name) + part[name])
        self.quarantine_reasons.update(part["quarantine_reasons"])
        self.cautions.update(part["cautions"])
        for column, sums in part["money_fen"].items():
            self.money_fen.setdefault(column, Counter()).update(sums)

    def move(self, rows: pa.Table, to: int) -> None:
        """Landed rows become duplicates or quarantined ones."""
        self.accepted -= len(rows)
        setattr(self, _NAMES[to], getattr(self, _NAMES[to]) + len(rows))
        for column, sums in self.money_fen.items():
            fen = total_fen(fen_of(rows[column].combine_chunks()))
            sums["accepted"] -= fen
            sums[_NAMES[to]] += fen
        for entry in rows["cautions"].drop_null().value_counts().to_pylist():
            for code in entry["values"].split(","):
                self.cautions[code] -= entry["counts"]

    def as_receipt(self) -> dict[str, Any]:
        """The fields of the receipt."""
        return {
            "rows_in": self.rows_in,
            "accepted": self.accepted,
            "quarantined": self.quarantined,
            "duplicates": self.duplicates,
            "quarantine_reasons": dict(sorted(self.quarantine_reasons.items())),
            "cautions": {code: count for code, count in sorted(self.cautions.items()) if count},
            "money_fen": {
                column: {name: sums[name] for name in ("in", *_NAMES.values())}
                for column, sums in self.money_fen.items()
            },
        }


def outcomes(rows: Spool, keys: Spool, table: Table) -> tuple[npt.NDArray[np.int8], Mask]:
    """What becomes of each row that was read soundly, and which of them share a key with another of other content."""
    outcome = np.full(rows.length, ACCEPTED, dtype=np.int8)
    conflicting = np.zeros(rows.length, dtype=bool)
    # Rows that are equal are so in their keys too: where no key comes twice, which is the rule, no row does.
    if all(surely_distinct(prints) for _, prints in keys.parts()):
        return outcome, conflicting
    for positions, prints in rows.parts():
        again = repeated(_in_order(positions, prints))
        outcome[positions[again]] = DUPLICATE
    for positions, prints in keys.parts() if table.key else ():
        once = outcome[positions] == ACCEPTED
        conflicting[positions[once][shared(prints[once])]] = True
    if not table.keeps_same_key:
        outcome[conflicting] = QUARANTINED
    return outcome, conflicting


def _in_order(positions: npt.NDArray[np.int64], prints: Any) -> Any:
    """Positions rise within a part, so that the first occurrence is the first of the file."""
    return prints if (positions[1:] > positions[:-1]).all() else prints[np.argsort(positions)]


def spans_in(path: Path, table: Table, names: tuple[str, ...], kept: Mask) -> Spans:
    """The span of the landed rows that are kept."""
    found: Spans = {}
    start = 0
    with pq.ParquetFile(path) as source:
        for batch in source.iter_batches(columns=list(names)) if names else ():
            columns = {name: batch[name] for name in names}
            found = wider(found, spans_of(table, columns, kept[start : start + len(batch)]))
            start += len(batch)
    return found


def strike(
    path: Path, table: Table, outcome: npt.NDArray[np.int8], cautioned: Mask, where: Place | None, counted: Counted
) -> list[int]:
    """Writes the file anew without the rows that are struck out; the numbers of those now quarantined.

    `cautioned` rows get the caution of a key that others have too; `where` is the place, if it was not known before.
    """
    numbers: list[int] = []
    fresh = path.with_suffix(".anew")
    start = 0
    writer: pq.ParquetWriter | None = None
    with pq.ParquetFile(path) as source:
        for group in range(source.num_row_groups):
            rows = source.read_row_group(group)
            fate = outcome[start : start + len(rows)]
            for code in (DUPLICATE, QUARANTINED):
                gone = rows.filter(pa.array(fate == code))
                if len(gone):
                    counted.move(gone, code)
                    numbers += gone["row_number"].to_pylist() if code == QUARANTINED else []
            marked = cautioned[start : start + len(rows)] & (fate == ACCEPTED)
            start += len(rows)
            if marked.any():
                rows = _with_caution(rows, marked)
                counted.cautions[KEPT] += int(marked.sum())
            rows = rows.filter(pa.array(fate == ACCEPTED))
            if where is not None:
                for name, column in place_columns(where, len(rows)).items():
                    rows = rows.set_column(rows.column_names.index(name), name, column)
            writer = writer or pq.ParquetWriter(fresh, rows.schema, **parquet_options(table, rows))
            if len(rows):
                writer.write_table(rows)
    if writer:
        writer.close()
        fresh.replace(path)
    return numbers


def _with_caution(rows: pa.Table, marked: Mask) -> pa.Table:
    encoded = rows["cautions"].combine_chunks().fill_null("").dictionary_encode()
    more = [",".join(sorted([*filter(None, text.split(",")), KEPT])) for text in encoded.dictionary.to_pylist()]
    changed = pa.array(more, pa.string()).take(encoded.indices)
    cautions = pc.if_else(pa.array(marked), changed, rows["cautions"].combine_chunks())
    return rows.set_column(rows.column_names.index("cautions"), "cautions", cautions)


def unknown_place(scope: str) -> Place:
    """Stands in the rows until the last of them has told which days the file describes."""
    return Place(scope, date(1970, 1, 1), date(1970, 1, 1))
