"""What incremental feeds have told before: a row that only repeats it is a duplicate, whichever file brings it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ingest.contracts import Table
from ingest.fingerprints import Prints, packed
from ingest.home import Home
from ingest.normalise import Mask
from ingest.places import Place
from ingest.receipts import Receipt
from ingest.settle import Earlier, told_before

_ROWS_AT_ONCE = 500_000
_ROWS_REMEMBERED = 4_000_000


class History:
    """The landed loads of incremental tables, their hashes read only when periods overlap."""

    def __init__(self, home: Home, receipts: Sequence[Receipt], connection: duckdb.DuckDBPyConnection) -> None:
        self._home = home
        self._connection = connection
        self._receipts: dict[tuple[str, str], list[Receipt]] = defaultdict(list)
        self._read: dict[str, Earlier] = {}
        self._remembered = 0
        for receipt in receipts:
            self.add(receipt)

    def add(self, receipt: Receipt, told: Earlier | None = None) -> None:
        """Takes up a landed load; `told` spares reading it again."""
        if receipt.outcome == "landed" and receipt.table and receipt.accepted:
            self._receipts[receipt.feed, receipt.table].append(receipt)
            if told:
                self._keep(receipt.load_id, told)

    def repeated(
        self, feed: str, table: Table, place: Place, moment: tuple[datetime, str], rows: Prints, keys: Prints
    ) -> Mask:
        """Which of the rows repeat a load received earlier, of the same scope and an overlapping period.

        `moment` is when the rows were received, and their file's name: of two at one moment, the first by name is
        the earlier, whichever lands first.
        """
        earlier = [
            r
            for r in self._receipts[feed, table.name]
            if r.scope_region_code == place.scope_region_code
            and (r.known_at, r.file_name) < moment
            and r.period_start_date is not None
            and r.period_end_date is not None
            and r.period_start_date <= place.end
            and r.period_end_date >= place.start
        ]
        earlier.sort(key=lambda r: (r.known_at, r.file_name), reverse=True)
        # One load at a time: all that was ever told need not fit into memory.
        return told_before(rows, keys, (self._load(r, table) for r in earlier), keeps_same_key=table.keeps_same_key)

    def _keep(self, load_id: str, told: Earlier) -> None:
        self._read[load_id] = told
        self._remembered += len(told)
        while len(self._read) > 1 and self._remembered > _ROWS_REMEMBERED:
            self._remembered -= len(self._read.pop(next(iter(self._read))))

    def _load(self, receipt: Receipt, table: Table) -> Earlier:
        if receipt.load_id not in self._read:
            rows, keys = [], []
            with pq.ParquetFile(receipt.rows(self._home)) as source:
                for batch in source.iter_batches(_ROWS_AT_ONCE, columns=[*table.key, "row_hash"]):
                    hashed = self._key_hashes(pa.Table.from_batches([batch]), table)
                    rows.append(packed(batch["row_hash"]))
                    keys.append(packed(hashed))
            moment = (receipt.known_at, receipt.file_name)
            self._keep(receipt.load_id, Earlier(moment, np.concatenate(rows), np.concatenate(keys)))
        return self._read[receipt.load_id]

    def _key_hashes(self, rows: pa.Table, table: Table) -> pa.Array:
        self._connection.register("earlier_rows", rows)
        # Column names come from the contract, never from a delivery.
        cells = ", ".join(f'coalesce("{name}"::varchar, chr(0))' for name in table.key)
        hashes = self._connection.execute(
            f"select md5(concat_ws(chr(31), {cells})) as key_hash from earlier_rows"
        ).to_arrow_table()
        self._connection.unregister("earlier_rows")
        return hashes["key_hash"].combine_chunks()
