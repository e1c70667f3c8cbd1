"""A batch of text rows → typed columns, with the reasons and cautions of each row. The one place where values are read.

Conversions run once per distinct value (a month, a code or an ID comes back thousands of times); figures are read by
`measures`, and what is made from identity by `derived`.
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

from ingest import mojibake, values
from ingest.contracts import Column, Table
from ingest.derived import derive
from ingest.id_numbers import checked
from ingest.identity import HmacKey
from ingest.measures import Mask, Read, grouped, in_pieces, mask_of, read_figures, stored_type
from ingest.units import STORED
from ingest.values import Refused

__all__ = ["Batch", "Mask", "Normalised", "in_pieces", "normalise"]

_BY_DISTINCT: dict[str, tuple[Callable[[str], Any], pa.DataType]] = {
    "text": (values.tidy, pa.string()),
    "contact": (values.tidy, pa.string()),
    "narrative": (values.tidy, pa.string()),
    "code": (values.code, pa.string()),
    "region_code": (values.region_code, pa.string()),
    "integer": (values.integer, pa.int64()),
    "year": (values.year, pa.int32()),
    "month": (values.month, pa.date32()),
    "quarter": (values.quarter, pa.date32()),
    "date": (values.day, pa.date32()),
    "birth_date": (values.birth, pa.string()),
    "timestamp": (values.timestamp, pa.timestamp("us")),
    "yes_no": (values.yes_no, pa.bool_()),
    "household_no": (values.household_no, pa.string()),
    "person_no": (values.household_no, pa.string()),
    "personal_name": (values.personal_name, pa.string()),
}
# Many distinct values, nearly always plain: one look at all of them spares reading each (an E could be an exponent).
_NUMBER_LIKE = "^[0-9A-DF-Z][0-9A-DF-Z_-]{1,39}$"
_PLAIN_NAME = r"^[\x{4E00}-\x{9FFF}]{2,4}$"
_AS_THEY_STAND = {"household_no": _NUMBER_LIKE, "person_no": _NUMBER_LIKE, "personal_name": _PLAIN_NAME}
_WORDS = frozenset({"text", "narrative", "personal_name"})
_KEY_PURPOSE = {
    "id_number": "person",
    "household_no": "household",
    "person_no": "person_no",
    "personal_name": "name",
    "birth_date": "birth",
    "contact": "contact",
    "narrative": "narrative",
}
_LONG_COLUMN = 50_000
_NEVER_BELIEVED = {"money_cny": (-1e12 + 1, 1e12 - 1)}
"""What no contract needs to say: a million million yuan is not one household's, nor one county's."""


@dataclass
class Batch:
    """Rows of one table from several files: text columns, row_number and file_no; `received` by file."""

    table: Table
    raw: pa.Table
    received: list[date]
    units: dict[str, str]


@dataclass
class Normalised:
    """Typed columns in the rows' order. `clear` holds identity in clear: it goes to the vault and nowhere else.

    `derived` lands as `columns` do, but is no part of what a row says: its hash does not cover it.
    """

    columns: dict[str, pa.Array] = field(default_factory=dict)
    names: dict[str, pa.Array] = field(default_factory=dict)
    clear: dict[str, pa.Array] = field(default_factory=dict)
    derived: dict[str, pa.Array] = field(default_factory=dict)
    reasons: list[tuple[str, str, Mask]] = field(default_factory=list)
    cautions: list[tuple[str, Mask]] = field(default_factory=list)


@dataclass
class _Identity:
    """What ID numbers and birth dates tell besides: births (YYYYMMDD a row, 0 for none) and kinds of document."""

    births: dict[str, npt.NDArray[np.int64]] = field(default_factory=dict)
    types: dict[str, pa.Array] = field(default_factory=dict)


def normalise(batch: Batch, key: HmacKey, connection: duckdb.DuckDBPyConnection) -> Normalised:
    """Reads every column by its kind. Nothing is dropped: rows that cannot be read carry a reason."""
    result, identity = Normalised(), _Identity()
    height = len(batch.raw)
    figures = read_figures(batch.raw, batch.table.columns, batch.units, connection)
    for column in batch.table.columns:
        if column.name not in batch.raw.column_names:
            if column.landed_type:
                result.columns[column.name] = pa.nulls(height, _arrow_type(column))
            result.columns |= {name: pa.nulls(height, pa.string()) for name in column.companions}
            continue
        text = batch.raw[column.name].combine_chunks()
        text = pc.fill_null(text, "") if text.null_count else text
        if column.kind == "id_number":
            read = _id_numbers(text, batch, column, identity)
        elif column.kind in STORED:
            read = figures[column.name]
        elif column.kind == "partial_date":
            read = _partial_dates(text)
        else:
            read = _by_distinct(text, column)
        if column.kind == "birth_date":
            _check_births(read, batch, column, identity)
        _judge(read, column, result)
        _store(read, column, key, result)
    _ascending(batch.table, result)
    _compare_births(batch.table, identity, result)
    result.derived = derive(batch.table, result.clear, identity.types, identity.births, key, height)
    return result


def _arrow_type(column: Column) -> pa.DataType:
    if column.kind in STORED:
        return stored_type(column.kind)
    if column.kind == "partial_date":
        return pa.date32()
    return pa.string() if column.kind == "id_number" else _BY_DISTINCT[column.kind][1]


def _by_distinct(text: pa.Array, column: Column) -> Read:
    convert, arrow_type = _BY_DISTINCT[column.kind]
    encoded = text.dictionary_encode()
    if column.kind in _AS_THEY_STAND and _all_match(encoded.dictionary, _AS_THEY_STAND[column.kind]):
        return Read(text, np.zeros(len(text), dtype=bool), [])
    found: list[Any] = []
    refused: dict[int, str] = {}
    blank: list[int] = []
    foreign = mojibake.garbled(encoded.dictionary) if column.kind in _WORDS else set()
    for index, word in enumerate(encoded.dictionary.to_pylist()):
        found.append(None)
        tidied = values.tidy(word)
        if index in foreign:
            refused[index] = "mixed_encoding"
            continue
        if not tidied or (column.kind in ("integer", "year") and values.is_number_blank(word)):
            blank.append(index)
            continue
        try:
            value = convert(tidied)
            found[-1] = _as_promised(value, column) if column.codes or column.pattern else value
        except Refused as error:
            refused[index] = str(error)
    return _spread(pa.array(found, arrow_type), encoded.indices, blank, refused)


def _spread(distinct: pa.Array, indices: pa.Array, blank: list[int], refused: dict[int, str]) -> Read:
    """What was found for distinct texts, brought back to the rows."""
    at = indices.to_numpy()
    masks = [(code, np.isin(at, members)) for code, members in grouped(refused)]
    return Read(distinct.take(indices), np.isin(at, blank), masks)


def _partial_dates(text: pa.Array) -> Read:
    encoded = text.dictionary_encode()
    days: list[date | None] = []
    precisions: list[str | None] = []
    refused: dict[int, str] = {}
    blank: list[int] = []
    for index, word in enumerate(encoded.dictionary.to_pylist()):
        first, precision = None, None
        tidied = values.tidy(word)
        if not tidied or values.is_number_blank(word):
            blank.append(index)
        else:
            try:
                first, precision = values.partial_date(tidied)
            except Refused as error:
                refused[index] = str(error)
        days.append(first)
        precisions.append(precision)
    read = _spread(pa.array(days, pa.date32()), encoded.indices, blank, refused)
    read.companion = pa.array(precisions, pa.string()).take(encoded.indices)
    return read


def _all_match(distinct: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(distinct, pattern), min_count=0).as_py())


def _as_promised(value: str, column: Column) -> str:
    """The value in the form that the contract lists, or that its pattern asks for: `1` is not `01`."""
    forms = (value, values.plain(value))
    if column.codes:
        value = next((form for form in forms if form in column.codes), "")
        if not value:
            raise Refused("unknown_code")
    if column.pattern and not column.pattern.fullmatch(value):
        raise Refused("bad_code_format")
    return value


def _id_numbers(text: pa.Array, batch: Batch, column: Column, identity: _Identity) -> Read:
    encoded = _encoded(text)
    found, refused, born, types = checked(encoded.dictionary)
    indices = encoded.indices.to_numpy()
    blank = [i for i, code in refused.items() if code == "blank"]
    read = _spread(found, encoded.indices, blank, {i: c for i, c in refused.items() if c != "blank"})
    if unborn := _after_receipt(born, indices, batch):
        read.refused.append(("id_bad_birth_date", unborn[0]))
    identity.births[column.name] = born[indices]
    if batch.table.derives:
        kinds = np.full(len(born), "resident", dtype=object)
        for index, kind in types.items():
            kinds[index] = kind
        kinds[list(refused)] = None
        identity.types[column.name] = pa.array(kinds, pa.string()).take(encoded.indices)
    read.array = pa.DictionaryArray.from_arrays(encoded.indices, found)  # keys are made of distinct numbers
    return read


def _encoded(text: pa.Array) -> pa.DictionaryArray:
    """As a dictionary; in a long column that the reader left plain hardly a value comes twice."""
    if pa.types.is_dictionary(text.type) or len(text) < _LONG_COLUMN:
        return text.dictionary_encode()
    return pa.DictionaryArray.from_arrays(pa.array(np.arange(len(text), dtype=np.int32)), text)


def _check_births(read: Read, batch: Batch, column: Column, identity: _Identity) -> None:
    """Keeps the births that a column writes, and refuses those after the file was received."""
    encoded = pc.fill_null(read.array, "0").dictionary_encode()
    born = np.array([int(word.replace("-", "")) for word in encoded.dictionary.to_pylist()], dtype=np.int64)
    indices = encoded.indices.to_numpy()
    if unborn := _after_receipt(born, indices, batch):
        read.refused.append(("bad_birth_date", unborn[0]))
    identity.births[column.name] = born[indices] if len(born) else np.zeros(len(read.array), dtype=np.int64)


def _after_receipt(born: npt.NDArray[np.int64], indices: npt.NDArray[Any], batch: Batch) -> tuple[Mask] | None:
    """Rows whose birth lies after the day on which their file came; None where there is none."""
    arrived = np.array([int(d.strftime("%Y%m%d")) for d in batch.received])
    if not len(born) or born.max() <= arrived.min():
        return None
    unborn: Mask = born[indices] > arrived[batch.raw["file_no"].to_numpy()]
    return (unborn,) if unborn.any() else None


def _compare_births(table: Table, identity: _Identity, result: Normalised) -> None:
    """A written birth that is not the ID number's lands with a caution."""
    number, written = table.first("id_number"), table.first("birth_date")
    if not (number and written and {number.name, written.name} <= set(identity.births)):
        return
    by_number, by_hand = identity.births[number.name], identity.births[written.name]
    differs: Mask = (by_number != by_hand) & (by_number > 0) & (by_hand > 0)
    if differs.any():
        result.cautions.append((f"differs_from_id_{written.name}", differs))


def _judge(read: Read, column: Column, result: Normalised) -> None:
    if column.required and read.blank.any():
        result.reasons.append(("required_blank", column.name, read.blank))
    result.reasons += [(code, column.name, mask) for code, mask in read.refused if mask.any()]
    result.cautions += read.cautions
    if read.blank.any() and column.blank_means == "zero":
        read.array = pc.if_else(pa.array(read.blank), pa.scalar(Decimal(0), read.array.type), read.array)
    elif read.blank.any() and column.blank_means == "no" and column.kind == "yes_no":
        read.array = pc.if_else(pa.array(read.blank), pa.scalar(False), read.array)
    believed = column.plausible or _NEVER_BELIEVED.get(column.kind)
    if column.refuse_outside and _is_number(read.array):
        beyond = _outside(read.array, column.refuse_outside)
        if beyond.any():
            result.reasons.append(("out_of_range", column.name, beyond))
    if believed and _is_number(read.array):
        outside = _outside(read.array, believed)
        if outside.any():
            result.cautions.append((f"implausible_{column.name}", outside))


def _is_number(array: pa.Array) -> bool:
    return bool(pa.types.is_decimal(array.type) or pa.types.is_integer(array.type))


def _outside(array: pa.Array, bounds: tuple[float, float]) -> Mask:
    figures = pc.fill_null(pc.cast(array, pa.float64()), float("nan")).to_numpy(zero_copy_only=False)
    outside: Mask = (figures < bounds[0]) | (figures > bounds[1])
    return outside


def _store(read: Read, column: Column, key: HmacKey, result: Normalised) -> None:
    purpose = _KEY_PURPOSE.get(column.kind)
    if purpose is None:
        result.columns[column.name] = read.array
        if read.companion is not None:
            result.columns |= dict.fromkeys(column.companions, read.companion)
        return
    encoded = read.array.dictionary_encode()
    words = encoded.dictionary.to_pylist()
    if encoded.dictionary.null_count:
        made = key.keys_for((word for word in words if word is not None), purpose)
        keys = pa.array([made.get(word) for word in words], pa.string())
    else:
        keys = pa.array(key.keys_in_order(words, purpose), pa.string())
    hashed = keys.take(encoded.indices)
    result.clear[column.name] = pc.cast(read.array, pa.string()) if encoded is read.array else read.array
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
        wrong |= mask_of(pc.fill_null(pc.greater(low, high), False))
    if wrong.any():
        result.cautions.append(("not_ascending_" + "_".join(table.ascending[:1]), wrong))
