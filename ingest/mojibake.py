"""Finds text that is UTF-8 read as GB18030: `张三` has become `寮犱笁`. Strict decoding does not notice it.

A file whose lines come from two systems may hold both encodings, and nearly any two bytes are a sign of GB18030.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TRAIL = range(0x80, 0xC0)
_LEAD = range(0xE4, 0xEA)  # of Han signs in UTF-8
_ENOUGH = 2  # Han signs; a single one is three bytes, and cannot have passed as pairs


def _signs(first: range, second: range) -> str:
    pairs = (bytes((a, b)).decode("gb18030", errors="ignore") for a in first for b in second)
    return "[" + "".join(re.escape(sign) for sign in pairs if len(sign) == 1) + "]"


# Two Han signs are six bytes of UTF-8, and so three signs of GB18030: few real names look like that.
_SUSPECT = _signs(_LEAD, _TRAIL) + _signs(_TRAIL, _LEAD) + _signs(_TRAIL, _TRAIL)


def garbled(distinct: pa.Array) -> set[int]:
    """The indices of texts that are Han signs once their GB18030 bytes are read as UTF-8."""
    suspect = pc.fill_null(pc.match_substring_regex(distinct, _SUSPECT), False)
    found = np.flatnonzero(np.asarray(suspect.to_numpy(zero_copy_only=False), dtype=bool))
    return {int(i) for i, text in zip(found, distinct.take(pa.array(found)).to_pylist(), strict=True) if _is_utf8(text)}


def _is_utf8(text: str) -> bool:
    try:
        meant = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return False
    return len(re.findall(r"[\u3400-\u9fff]", meant)) >= _ENOUGH
