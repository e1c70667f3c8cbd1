"""The floor: strict transcoding, parsing, HMAC of the distinct ID numbers and Parquet, each done plainly, in one go.

It checks nothing, keeps nothing and names no bad row. What lands a file cannot be faster than this by much.
Run as `python -m benchmarks.floor FILE ENCODING OUT`, in a process of its own; it prints the seconds of each step.
"""

from __future__ import annotations

import hmac
import io
import json
import os
import sys
import time
from itertools import pairwise
from pathlib import Path

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq
from python_calamine import CalamineWorkbook

from benchmarks.inputs import HEADER

_MONEY = pa.decimal128(18, 2)
_TYPES = {
    **dict.fromkeys(HEADER, pa.string()),
    **dict.fromkeys(HEADER[6:8], pa.date32()),
    HEADER[8]: pa.int64(),
    **dict.fromkeys(HEADER[9:14], _MONEY),
}


def land_plainly(path: Path, encoding: str, out: Path) -> dict[str, float]:
    """Seconds by step."""
    marks = [("", time.perf_counter())]

    def mark(step: str) -> None:
        marks.append((step, time.perf_counter()))

    content = path.read_bytes().decode(encoding).encode()
    mark("transcode")
    rows = pyarrow.csv.read_csv(
        io.BytesIO(content), convert_options=pyarrow.csv.ConvertOptions(column_types=_TYPES, strings_can_be_null=False)
    )
    mark("parse")
    secret = os.urandom(32)
    ids = rows["证件号码"].combine_chunks().dictionary_encode()
    keys = [
        hmac.digest(secret, b"person\0" + number.encode(), "sha256")[:16].hex() for number in ids.dictionary.to_pylist()
    ]
    keyed = pa.array(keys, pa.string()).take(ids.indices)
    rows = rows.set_column(3, "person_key", keyed).drop_columns(["姓名"])
    mark("hmac")
    pq.write_table(rows, out, compression="zstd", compression_level=1)
    mark("parquet")
    return {step: end - start for (_, start), (step, end) in pairwise(marks)}


def read_plainly(path: Path) -> dict[str, float]:
    """Seconds that calamine alone needs to give every cell of a workbook as a Python value."""
    start = time.perf_counter()
    CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return {"calamine": time.perf_counter() - start}


if __name__ == "__main__":
    source = Path(sys.argv[1])
    seconds = read_plainly(source) if source.suffix == ".xlsx" else land_plainly(source, sys.argv[2], Path(sys.argv[3]))
    sys.stdout.write(json.dumps(seconds) + "\n")
