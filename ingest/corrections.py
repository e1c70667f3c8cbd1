"""Corrections of single cells, by hand and on record: what the owner said the cell should have been.

They stand in `feeds/<feed>/corrections.yml`, and in `corrections/<feed>.yml` under the home for those of one
installation. Each names the delivery by its bytes, the row, what the cell holds now (`expect`), what it should hold
(`set`), why, by whom and when. One whose cell does not hold what it expects stops the file: somebody's picture of it
is wrong. Columns of identity cannot be corrected: a right number comes from its owner, in a new file.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from ingest.contracts import FEEDS, IDENTITY_KINDS, Contract
from ingest.errors import BrokenContract
from ingest.home import Home
from ingest.measures import Mask

FIELDS = frozenset({"delivery", "row", "column", "expect", "set", "why", "by", "date"})
_SHORTEST = 16  # characters of a sha256 that name a delivery


@dataclass(frozen=True)
class Correction:
    """One cell put right. `delivery` is the sha256 of its bytes, or at least its first 16 characters."""

    delivery: str
    row: int
    column: str
    expect: str
    value: str
    why: str
    by: str
    made_on: date


class BadCorrections(ValueError):
    """A corrections file that cannot be followed."""


def corrections_of(contract: Contract, home: Home) -> list[Correction]:
    """All corrections of a feed. Raises BadCorrections naming the file, the entry and what is wrong with it."""
    found: list[Correction] = []
    for path in (FEEDS / contract.feed / "corrections.yml", home.root / "corrections" / f"{contract.feed}.yml"):
        if path.is_file():
            entries = yaml.safe_load(path.read_text(encoding="utf-8")) or []
            if not isinstance(entries, list):
                raise BadCorrections(f"{path}: a list of corrections is expected")
            found += [_correction(contract, path, number, entry) for number, entry in enumerate(entries, 1)]
    return found


def _correction(contract: Contract, path: Path, number: int, entry: Any) -> Correction:
    place = f"{path}: correction {number}"
    if not isinstance(entry, dict) or set(entry) != FIELDS:
        raise BadCorrections(f"{place}: it has exactly the fields {', '.join(sorted(FIELDS))}")
    columns = {c.name: c.kind for t in contract.tables for c in t.columns}
    if entry["column"] not in columns:
        raise BadCorrections(f"{place}: {contract.feed} has no column {entry['column']}")
    if columns[entry["column"]] in IDENTITY_KINDS:
        raise BadCorrections(f"{place}: {entry['column']} is identity: ask its owner for a new file")
    if len(str(entry["delivery"])) < _SHORTEST or not isinstance(entry["row"], int):
        raise BadCorrections(f"{place}: delivery is a sha256 (16 characters or more), row a whole number")
    if not isinstance(entry["expect"], str) or not isinstance(entry["set"], str):
        raise BadCorrections(f"{place}: put expect and set into quotes: YAML reads 007 as a number and no as false")
    if not isinstance(entry["date"], date) or not str(entry["why"]).strip() or not str(entry["by"]).strip():
        raise BadCorrections(f"{place}: say why, by whom, and on which day (YYYY-MM-DD)")
    return Correction(
        str(entry["delivery"]),
        entry["row"],
        entry["column"],
        entry["expect"],
        entry["set"],
        str(entry["why"]),
        str(entry["by"]),
        entry["date"],
    )


def corrected(rows: pa.Table, wanted: Sequence[Correction], file: str) -> tuple[pa.Table, list[Correction]]:
    """The rows with these corrections made, and those made: a block of a file may hold the rows of only some.

    Raises BrokenContract where a cell holds something else than is expected.
    """
    made = []
    for one in wanted:
        here = np.flatnonzero(marked(rows["row_number"], [one]))
        if not len(here) or one.column not in rows.column_names:
            continue
        column = pc.cast(rows[one.column].combine_chunks(), pa.string())
        if (column[int(here[0])].as_py() or "") != one.expect:
            raise BrokenContract(
                file,
                "a cell that does not hold what its correction expects",
                "the content that the correction names",
                "Look the cell up in the delivery, and mend or withdraw the correction.",
                row=one.row,
                column=one.column,
                code="correction_does_not_fit",
            )
        mask = np.zeros(len(rows), dtype=bool)
        mask[here[0]] = True
        put = pc.replace_with_mask(column, pa.array(mask), pa.array([one.value], pa.string()))
        if pa.types.is_dictionary(rows[one.column].type):
            put = put.dictionary_encode()
        rows = rows.set_column(rows.column_names.index(one.column), one.column, put)
        made.append(one)
    return rows, made


def refuse_left_over(wanted: Sequence[Correction], made: Sequence[Correction], file: str) -> None:
    """Raises BrokenContract if a correction found no cell: no such row in the file, or no such column in the table."""
    if left := [one for one in wanted if one not in made]:
        raise BrokenContract(
            file,
            "no such cell, though a correction names it",
            "the row and column that the correction names",
            "Look the cell up in the delivery (rows count from the file's top); mend or withdraw the correction.",
            row=left[0].row,
            column=left[0].column,
            code="correction_does_not_fit",
        )


def marked(row_numbers: pa.ChunkedArray, made: Sequence[Correction]) -> Mask:
    """Which rows were corrected."""
    mask: Mask = np.isin(row_numbers.to_numpy(), [one.row for one in made])
    return mask


def cautions_of(row_numbers: pa.ChunkedArray, made: Sequence[Correction]) -> list[tuple[str, Mask]]:
    """The caution that each corrected row carries, `corrected_<column>`."""
    columns = sorted({one.column for one in made})
    return [(f"corrected_{c}", marked(row_numbers, [m for m in made if m.column == c])) for c in columns]


def facts_of(made: Sequence[Correction]) -> list[dict[str, str | int]]:
    """What the receipt says of the corrections made."""
    return [{"row": m.row, "column": m.column, "why": m.why, "by": m.by, "date": m.made_on.isoformat()} for m in made]
