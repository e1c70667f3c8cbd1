"""A batch of text rows → typed columns, with the reasons and cautions of each row. The one place where values are read.

Conversions run once per distinct value (a month, a code or an ID comes back thousands of times); plain amounts are cast
by DuckDB, and only what it cannot read goes through `values.money`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest import values
from ingest.contracts import Column, Table
from ingest.id_numbers import checked
from ingest.identity import HmacKey
from ingest.values import Refused

_CHUNK = 60_000
Mask = npt.NDArray[np.bool_]
_FACTORS = {"元": 1, "万元": 10_000, "亿元": 100_000_000}
_DECIMALS = {"money_cny": (18, 2), "price": (12, 4), "decimal": (18, 6)}
_BY_DISTINCT: dict[str, tuple[Callable[[str], Any], pa.DataType]] = {
    "text": (values.tidy, pa.string()),
    "code": (values.code, pa.string()),
    "region_code": (values.region_code, pa.string()),
    "integer": (values.integer, pa.int64()),
    "year": (values.year, pa.int32()),
    "month": (values.month, pa.date32()),
    "date": (values.day, pa.date32()),
    "timestamp": (values.timestamp, pa.timestamp("us")),
    "yes_no": (values.yes_no, pa.bool_()),
    "household_no": (values.household_no, pa.string()),
    "person_no": (values.household_no, pa.string()),
    "personal_name": (values.personal_name, pa.string()),
}
# Many distinct values, nearly always plain: one look at all of them spares reading each (an E could be an exponent).
_NUMBER_LIKE = "^[0-9A-DF-Z][0-9A-DF-Z_-]{1,39}$"
_AS_THEY_STAND = {"household_no": _NUMBER_LIKE, "person_no": _NUMBER_LIKE}
_KEY_PURPOSE = {"id_number": "person", "household_no": "household", "person_no": "person_no", "personal_name": "name"}


@dataclass
class Batch:
    """Rows of one table from several files: text columns, row_number and file_no; `received` by file."""

    table: Table
    raw: pa.Table
    received: list[date]
    units: dict[str, str]


@dataclass
class Normalised:
    """Typed columns in the rows' order. `clear` holds identity in clear: it goes to the vault and nowhere else."""

    columns: dict[str, pa.Array] = field(default_factory=dict)
    names: dict[str, pa.Array] = field(default_factory=dict)
    clear: dict[str, pa.Array] = field(default_factory=dict)
    reasons: list[tuple[str, str, Mask]] = field(default_factory=list)
    cautions: list[tuple[str, Mask]] = field(default_factory=list)


@dataclass
class _Read:
    array: pa.Array
    blank: Mask
    refused: list[tuple[str, Mask]]


def normalise(batch: Batch, key: HmacKey, connection: duckdb.DuckDBPyConnection) -> Normalised:
    """Reads every column by its kind. Nothing is dropped: rows that cannot be read carry a reason."""
    result = Normalised()
    height = len(batch.raw)
    fast = _cast_numbers(batch, connection)
    for column in batch.table.columns:
        if column.name not in batch.raw.column_names:
            if column.landed_type:
                result.columns[column.name] = pa.nulls(height, _arrow_type(column))
            continue
        text = batch.raw[column.name].combine_chunks()
        text = pc.fill_null(text, "") if text.null_count else text
        if column.kind == "id_number":
            read = _id_numbers(text, batch)
        elif column.kind in _DECIMALS:
            read = _numbers(text, fast[column.name], column, batch.units.get(column.name, "元"), result)
        else:
            read = _by_distinct(text, column)
        _judge(read, column, result)
        _store(read, column, key, result)
    _ascending(batch.table, result)
    return result


def _arrow_type(column: Column) -> pa.DataType:
    if column.kind in _DECIMALS:
        return pa.decimal128(*_DECIMALS[column.kind])
    return pa.string() if column.kind == "id_number" else _BY_DISTINCT[column.kind][1]


def _cast_numbers(batch: Batch, connection: duckdb.DuckDBPyConnection) -> dict[str, pa.Array]:
    """What DuckDB can read at once: plain decimals in the column's own unit."""
    present = [c for c in batch.table.columns if c.kind in _DECIMALS and c.name in batch.raw.column_names]
    if not present:
        return {}
    casts = []
    for column in present:
        precision, scale = _DECIMALS[column.kind]
        factor = _FACTORS[batch.units.get(column.name, "元")] if column.kind == "money_cny" else 1
        source = f'try_cast("{column.name}" as decimal(18, 6)) * {factor}' if factor != 1 else f'"{column.name}"'
        casts.append(f'try_cast({source} as decimal({precision}, {scale})) as "{column.name}"')
    rows = batch.raw.select([c.name for c in present])
    connection.register("text_rows", in_pieces(rows))
    # Column names and types come from the contract, never from a delivery.
    typed = connection.execute(f"select {', '.join(casts)} from text_rows").to_arrow_table()
    connection.unregister("text_rows")
    return {name: typed[name].combine_chunks() for name in typed.column_names}


def _numbers(text: pa.Array, fast: pa.Array, column: Column, unit: str, result: Normalised) -> _Read:
    blank = _mask(pc.is_null(fast))
    if not blank.any():
        return _Read(fast, blank, [])
    rest = np.flatnonzero(blank)
    spelled = text.take(pa.array(rest)).dictionary_encode()
    precision, scale = _DECIMALS[column.kind]
    factor = _FACTORS[unit] if column.kind == "money_cny" else 1
    quantum, limit = Decimal(1).scaleb(-scale), Decimal(10) ** (precision - scale)
    found: list[Decimal | None] = []
    refused: dict[int, str] = {}
    mixed = []
    for index, word in enumerate(spelled.dictionary.to_pylist()):
        found.append(None)
        if not values.plain(word) or values.is_number_blank(word):
            continue
        try:
            figure, own = values.money(word)
            # A cell that names its unit is believed before its heading.
            figure = (figure * (own or factor)).quantize(quantum)
            if abs(figure) >= limit:
                raise Refused("bad_number")
            found[-1] = figure
            mixed += [index] if own not in (None, factor) else []
        except Refused as error:
            refused[index] = str(error)
    indices = spelled.indices.to_numpy()
    slow = pa.array(found, fast.type).take(spelled.indices)
    array = pc.replace_with_mask(fast, pa.array(blank), slow)
    masks = [(code, _at(rest, np.isin(indices, members), len(text))) for code, members in _grouped(refused)]
    still_blank = _mask(pc.is_null(array))
    for _, mask in masks:
        still_blank &= ~mask
    if mixed:
        result.cautions.append((f"mixed_units_{column.name}", _at(rest, np.isin(indices, mixed), len(text))))
    return _Read(array, still_blank, masks)


def _by_distinct(text: pa.Array, column: Column) -> _Read:
    convert, arrow_type = _BY_DISTINCT[column.kind]
    encoded = text.dictionary_encode()
    if column.kind in _AS_THEY_STAND and _all_match(encoded.dictionary, _AS_THEY_STAND[column.kind]):
        return _Read(text, np.zeros(len(text), dtype=bool), [])
    found: list[Any] = []
    refused: dict[int, str] = {}
    blank: list[int] = []
    for index, word in enumerate(encoded.dictionary.to_pylist()):
        found.append(None)
        tidied = values.tidy(word)
        if not tidied or (column.kind in ("integer", "year") and values.is_number_blank(word)):
            blank.append(index)
            continue
        try:
            value = convert(tidied)
            found[-1] = _in_codes(value, column) if column.codes else value
        except Refused as error:
            refused[index] = str(error)
    indices = encoded.indices.to_numpy()
    array = pa.array(found, arrow_type).take(encoded.indices)
    return _Read(
        array, np.isin(indices, blank), [(code, np.isin(indices, members)) for code, members in _grouped(refused)]
    )


def _all_match(distinct: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(distinct, pattern), min_count=0).as_py())


def _in_codes(value: str, column: Column) -> str:
    for form in (value, values.plain(value)):
        if form in column.codes:
            return form
    raise Refused("unknown_code")


def _id_numbers(text: pa.Array, batch: Batch) -> _Read:
    encoded = _encoded(text)
    found, refused, born = checked(encoded.dictionary)
    indices = encoded.indices.to_numpy()
    blank = np.isin(indices, [i for i, code in refused.items() if code == "blank"])
    masks = [(code, np.isin(indices, m)) for code, m in _grouped({i: c for i, c in refused.items() if c != "blank"})]
    if len(born) and born.max() > min(int(d.strftime("%Y%m%d")) for d in batch.received):
        arrived = np.array([int(d.strftime("%Y%m%d")) for d in batch.received])
        unborn = born[indices] > arrived[batch.raw["file_no"].to_numpy()]
        masks.append(("id_bad_birth_date", unborn))
    return _Read(pa.DictionaryArray.from_arrays(encoded.indices, found), blank, masks)


def _encoded(text: pa.Array) -> pa.DictionaryArray:
    """As a dictionary; in a long column that the reader left plain hardly a value comes twice."""
    if pa.types.is_dictionary(text.type) or len(text) < _CHUNK:
        return text.dictionary_encode()
    return pa.DictionaryArray.from_arrays(pa.array(np.arange(len(text), dtype=np.int32)), text)


def _judge(read: _Read, column: Column, result: Normalised) -> None:
    if column.required and read.blank.any():
        result.reasons.append(("required_blank", column.name, read.blank))
    result.reasons += [(code, column.name, mask) for code, mask in read.refused if mask.any()]
    if read.blank.any() and column.blank_means == "zero":
        read.array = pc.if_else(pa.array(read.blank), pa.scalar(Decimal(0), read.array.type), read.array)
    elif read.blank.any() and column.blank_means == "no" and column.kind == "yes_no":
        read.array = pc.if_else(pa.array(read.blank), pa.scalar(False), read.array)
    if column.plausible and not pa.types.is_string(read.array.type):
        figures = pc.fill_null(pc.cast(read.array, pa.float64()), float("nan")).to_numpy(zero_copy_only=False)
        outside = (figures < column.plausible[0]) | (figures > column.plausible[1])
        if outside.any():
            result.cautions.append((f"implausible_{column.name}", outside))


def _store(read: _Read, column: Column, key: HmacKey, result: Normalised) -> None:
    purpose = _KEY_PURPOSE.get(column.kind)
    if purpose is None:
        result.columns[column.name] = read.array
        return
    encoded = read.array.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    if encoded.dictionary.null_count:
        made = key.keys_for((word for word in words if word is not None), purpose)
        keys = pa.array([made.get(word) for word in words], pa.string())
    else:
        keys = pa.array(key.keys_in_order(words, purpose), pa.string())
    hashed = keys.take(encoded.indices)
    result.clear[column.name] = read.array
    if column.landed_type:
        result.columns[column.name] = hashed
    else:
        result.names[column.name] = hashed


def _ascending(table: Table, result: Normalised) -> None:
    """Columns that the contract says stand in rising order (lowest, average, highest price)."""
    present = [result.columns[name] for name in table.ascending]
    if not present:
        return
    wrong: Mask = np.zeros(len(present[0]), dtype=bool)
    for low, high in pairwise(present):
        wrong |= _mask(pc.fill_null(pc.greater(low, high), False))
    if wrong.any():
        result.cautions.append(("not_ascending_" + "_".join(table.ascending[:1]), wrong))


def in_pieces(rows: pa.Table) -> pa.Table:
    """The same rows in chunks: DuckDB reads an Arrow table with as many threads as it has chunks."""
    return pa.Table.from_batches(rows.combine_chunks().to_batches(max_chunksize=_CHUNK), rows.schema)


def _mask(array: pa.Array) -> Mask:
    return np.array(array.to_numpy(zero_copy_only=False), dtype=bool)


def _at(positions: npt.NDArray[Any], chosen: Mask, height: int) -> Mask:
    mask = np.zeros(height, dtype=bool)
    mask[positions[chosen]] = True
    return mask


def _grouped(refused: dict[int, str]) -> list[tuple[str, list[int]]]:
    groups: dict[str, list[int]] = {}
    for index, code in refused.items():
        groups.setdefault(code, []).append(index)
    return sorted(groups.items())
