"""Columns that are made at the border from identity (birth month, sex, kind of document, key of name and birth)."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contracts import Table
from ingest.identity import HmacKey

_GAP = "\x1f"
_SEX_AT = 16  # the seventeenth character: odd for men


def derive(
    table: Table,
    clear: dict[str, pa.Array],
    id_types: dict[str, pa.Array],
    births: dict[str, npt.NDArray[np.int64]],
    key: HmacKey,
    height: int,
) -> dict[str, pa.Array]:
    """The columns that the table `derives`, from its first columns of identity, as they stand in clear.

    `births` gives by column of ID numbers and of birth dates YYYYMMDD a row, 0 where none is told. The number's own
    birth is believed before the written one.
    """
    if not table.derives:
        return {}
    number, name, written = (table.first(kind) for kind in ("id_number", "personal_name", "birth_date"))
    born = np.zeros(height, dtype=np.int64)
    for column in (number, written):
        if column and column.name in births:
            born = np.where(born == 0, births[column.name], born)
    made: dict[str, pa.Array] = {}
    for wanted in table.derives:
        if wanted == "birth_month":
            made[wanted] = _months(born)
        elif wanted == "sex_code":
            made[wanted] = (
                _sexes(clear[number.name]) if number and number.name in clear else pa.nulls(height, pa.string())
            )
        elif wanted == "id_type_code":
            made[wanted] = (
                id_types[number.name] if number and number.name in id_types else pa.nulls(height, pa.string())
            )
        elif name and name.name in clear:
            made[wanted] = _name_birth_keys(clear[name.name], born, key)
        else:
            made[wanted] = pa.nulls(height, pa.string())
    return made


def _months(born: npt.NDArray[np.int64]) -> pa.Array:
    year, month = born // 10_000, born // 100 % 100
    months = (year - 1970) * 12 + month - 1
    days = months.astype("datetime64[M]").astype("datetime64[D]")
    return pa.array(days, pa.date32(), mask=born == 0)


def _sexes(numbers: pa.Array) -> pa.Array:
    """Men and women by a resident's number; null for documents that do not tell."""
    tells = pc.equal(pc.utf8_length(numbers), 18)
    sign = pc.utf8_slice_codeunits(numbers, _SEX_AT, _SEX_AT + 1)
    odd = pc.is_in(sign, value_set=pa.array(["1", "3", "5", "7", "9"]))
    return pc.if_else(tells, pc.if_else(odd, "male", "female"), pa.scalar(None, pa.string()))


def _name_birth_keys(names: pa.Array, born: npt.NDArray[np.int64], key: HmacKey) -> pa.Array:
    """One key a pair of name and birth; null where either is missing: half a pair would join strangers."""
    births = pa.array(born, mask=born == 0).cast(pa.string())
    pairs = pc.binary_join_element_wise(names, births, _GAP).dictionary_encode()
    keys = pa.array(key.keys_in_order(pairs.dictionary.to_pylist(), "name_birth"), pa.string())
    return keys.take(pairs.indices)
