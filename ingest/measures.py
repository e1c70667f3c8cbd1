"""Columns of figures: DuckDB casts what is plain in one statement, `units.read` reads the rest once a distinct text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest import units, values
from ingest.contracts import Column
from ingest.units import STORED, Scale
from ingest.values import Refused

_CHUNK = 60_000
_FACTOR = pa.decimal128(16, 8)
Mask = npt.NDArray[np.bool_]


@dataclass
class Read:
    """One column as read: its values, which cells were blank, which refused and why, which land with a caution."""

    array: pa.Array
    blank: Mask
    refused: list[tuple[str, Mask]]
    cautions: list[tuple[str, Mask]] = field(default_factory=list)
    companion: pa.Array | None = None


@dataclass(frozen=True)
class _Scales:
    """The scales of a column; `by_row` says which holds where, None where the one holds for all rows."""

    kinds: list[Scale]
    by_row: npt.NDArray[np.int64] | None = None


def stored_type(kind: str) -> pa.DataType:
    """The Arrow type in which figures of a kind land."""
    return pa.decimal128(*STORED[kind])


def read_figures(
    raw: pa.Table, columns: Sequence[Column], named: Mapping[str, str], connection: duckdb.DuckDBPyConnection
) -> dict[str, Read]:
    """The figures of `columns` by name. `named` gives the units that headings and unit lines name, by column."""
    present = [c for c in columns if c.kind in STORED and c.name in raw.column_names]
    if not present:
        return {}
    scales = {c.name: _scales(raw, c, named.get(c.name)) for c in present}
    plain = _plain(raw, present, scales, connection)
    return {c.name: _rest(_text(raw, c.name), plain[c.name], c, scales[c.name]) for c in present}


def _scales(raw: pa.Table, column: Column, named: str | None) -> _Scales:
    if column.unit_column is None or column.unit_column not in raw.column_names:
        return _Scales([units.scale(column, named)])
    encoded = _text(raw, column.unit_column).dictionary_encode()
    words = [values.tidy(word) for word in encoded.dictionary.to_pylist()]
    # A price beside an empty unit is in no unit that anybody could name.
    kinds = [units.scale(column, word or named) if word or named else Scale(None) for word in words]
    return _Scales(kinds or [Scale(None)], encoded.indices.to_numpy().astype(np.int64))


def _plain(
    raw: pa.Table, columns: Sequence[Column], scales: Mapping[str, _Scales], connection: duckdb.DuckDBPyConnection
) -> dict[str, pa.Array]:
    """What DuckDB can read at once; null where a cell is blank, spelled oddly, or in a unit that is not known."""
    rows, casts = raw.select([c.name for c in columns]), []
    for column in columns:
        precision, places = STORED[column.kind]
        scale, cell = scales[column.name], f'"{column.name}"'
        if scale.by_row is not None:
            factors = pa.array([k.factor for k in scale.kinds], _FACTOR).take(pa.array(scale.by_row))
            rows = rows.append_column(f"factor of {column.name}", factors)
            # Twenty digits: below that DuckDB multiplies in 64 bits, and stops where they overflow.
            figure = f'try_cast({cell} as decimal(20, 6)) * "factor of {column.name}"'
        elif scale.kinds[0].factor is None:
            figure = "null"
        elif scale.kinds[0].factor == 1:
            figure = cell
        else:
            figure = f"try_cast({cell} as decimal(20, 6)) * {scale.kinds[0].factor:f}"
        cast = f"try_cast({figure} as decimal({precision}, {places}))"
        if scale.kinds[0].bare_is_share:
            cast = f"case when try_cast({cell} as decimal(18, 6)) between -1 and 1 then {cast} end"
        # DuckDB reads 1_000, which no office writes, and a lone sign before a space as nought.
        is_plain = f"right({cell}, 1) between '0' and '9' and not contains({cell}, '_')"
        casts.append(f'case when {is_plain} then {cast} end as "{column.name}"')
    connection.register("text_rows", in_pieces(rows))
    # Column names and types come from the contract, never from a delivery.
    typed = connection.execute(f"select {', '.join(casts)} from text_rows").to_arrow_table()
    connection.unregister("text_rows")
    return {name: typed[name].combine_chunks() for name in typed.column_names}


def _rest(text: pa.Array, plain: pa.Array, column: Column, scales: _Scales) -> Read:
    blank = mask_of(pc.is_null(plain))
    if not blank.any():
        return Read(plain, blank, [])
    rest = np.flatnonzero(blank)
    spelled = text.take(pa.array(rest)).dictionary_encode()
    words, word_at = spelled.dictionary.to_pylist(), spelled.indices.to_numpy().astype(np.int64)
    width = len(scales.kinds)
    pairs = word_at * width + (0 if scales.by_row is None else scales.by_row[rest])
    distinct, place = np.unique(pairs, return_inverse=True)
    found: list[Decimal | None] = []
    refused: dict[int, str] = {}
    mixed = []
    for index, pair in enumerate(distinct.tolist()):
        word, scale = words[pair // width], scales.kinds[pair % width]
        found.append(None)
        if not values.plain(word) or values.is_number_blank(word):
            continue
        try:
            found[-1], differs = units.read(word, column, scale)
            mixed += [index] if differs else []
        except Refused as error:
            refused[index] = str(error)
    slow = pa.array(found, plain.type).take(pa.array(place))
    array = pc.replace_with_mask(plain, pa.array(blank), slow)
    masks = [(code, _at(rest, np.isin(place, members), len(text))) for code, members in grouped(refused)]
    still_blank = mask_of(pc.is_null(array))
    for _, mask in masks:
        still_blank &= ~mask
    cautions = [(f"mixed_units_{column.name}", _at(rest, np.isin(place, mixed), len(text)))] if mixed else []
    return Read(array, still_blank, masks, cautions)


def in_pieces(rows: pa.Table) -> pa.Table:
    """The same rows in chunks: DuckDB reads an Arrow table with as many threads as it has chunks."""
    return pa.Table.from_batches(rows.combine_chunks().to_batches(max_chunksize=_CHUNK), rows.schema)


def mask_of(array: pa.Array) -> Mask:
    """A boolean Arrow array as a mask."""
    return np.array(array.to_numpy(zero_copy_only=False), dtype=bool)


def grouped(refused: dict[int, str]) -> list[tuple[str, list[int]]]:
    """Indices by refusal code, in the order of the codes."""
    groups: dict[str, list[int]] = {}
    for index, code in refused.items():
        groups.setdefault(code, []).append(index)
    return sorted(groups.items())


def _text(raw: pa.Table, name: str) -> pa.Array:
    text = raw[name].combine_chunks()
    return pc.fill_null(text, "") if text.null_count else text


def _at(positions: npt.NDArray[Any], chosen: Mask, height: int) -> Mask:
    mask = np.zeros(height, dtype=bool)
    mask[positions[chosen]] = True
    return mask
