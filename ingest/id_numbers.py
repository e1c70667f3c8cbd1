"""Checks distinct ID numbers all at once: 18 plain characters by arithmetic on bytes, the odd ones singly."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from ingest import values
from ingest.values import Refused

_WEIGHTS = np.array((7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2))
_CHECK = np.frombuffer(b"10X98765432", np.uint8)
_DAYS = np.array((0, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31))
_LENGTH = 18
_ZERO, _NINE = ord("0"), ord("9")


def checked(distinct: pa.Array) -> tuple[pa.Array, dict[int, str], npt.NDArray[np.int64], dict[int, str]]:
    """Distinct texts → (normalised numbers, null where refused; refusals by index, `blank` among them; births; types).

    A birth is YYYYMMDD as an integer, 0 where the number was refused or tells none (a passport). Types are given by
    index for what is no resident's number.
    """
    found, births = _plain(distinct)
    refused: dict[int, str] = {}
    types = dict.fromkeys(_residence_permits(found, births), "permit")
    rest = np.flatnonzero(births == 0)
    if not len(rest):
        return distinct, refused, births, types
    mended: list[str | None] = []
    for index, text in zip(rest.tolist(), distinct.take(pa.array(rest)).to_pylist(), strict=True):
        mended.append(None)
        if not values.tidy(text):
            refused[index] = "blank"
            continue
        try:
            number, kind = values.id_document(values.tidy(text))
        except Refused as error:
            refused[index] = str(error)
            continue
        mended[-1] = number
        births[index] = int(number[6:14]) if len(number) == _LENGTH else 0
        if kind != "resident":
            types[index] = kind
    mask = np.zeros(len(distinct), dtype=bool)
    mask[rest] = True
    return pc.replace_with_mask(found, pa.array(mask), pa.array(mended, pa.string())), refused, births, types


def _residence_permits(distinct: pa.Array, births: npt.NDArray[np.int64]) -> list[int]:
    """Plain numbers given to residents of Hong Kong, Macao and Taiwan."""
    begin = pc.match_substring_regex(distinct, f"^({'|'.join(values.RESIDENCE_PERMITS)})")
    found = np.flatnonzero(np.asarray(begin.to_numpy(zero_copy_only=False), dtype=bool) & (births > 0))
    return [int(index) for index in found]


def _plain(distinct: pa.Array) -> tuple[pa.Array, npt.NDArray[np.int64]]:
    """Births of those that are valid as they stand, 0 for all others."""
    births = np.zeros(len(distinct), dtype=np.int64)
    eighteen = np.flatnonzero(pc.equal(pc.binary_length(distinct), 18).to_numpy(zero_copy_only=False).astype(bool))
    if not len(eighteen):
        return distinct, births
    chosen = distinct.take(pa.array(eighteen))
    data: Any = chosen.buffers()[2]
    bytes_ = np.frombuffer(data, np.uint8, count=18 * len(chosen)).reshape(-1, 18)
    digits = bytes_[:, :17].astype(np.int64) - _ZERO
    good = ((bytes_[:, :17] >= _ZERO) & (bytes_[:, :17] <= _NINE)).all(axis=1)
    good &= _CHECK[(digits @ _WEIGHTS) % 11] == bytes_[:, 17]
    year = digits[:, 6:10] @ np.array((1000, 100, 10, 1))
    month = digits[:, 10:12] @ np.array((10, 1))
    day = digits[:, 12:14] @ np.array((10, 1))
    good &= (year >= 1900) & (month >= 1) & (month <= 12) & (day >= 1)
    good &= day <= _DAYS[np.clip(month, 0, 12)]
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    good &= ~((month == 2) & (day == 29) & ~leap)
    births[eighteen[good]] = (year * 10_000 + month * 100 + day)[good]
    return distinct, births
