"""The landing as the warehouse sees it: schema `landing` with a view a table, the loads, the polls, the promises."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import duckdb
import pyarrow as pa

from ingest import values
from ingest.contracts import Contract, Table, contracts
from ingest.home import Home
from ingest.receipts import Receipt
from ingest.transport import poll_log

LOADS = """
create or replace table landing.loads (
    feed varchar, table_name varchar, load_id varchar, sha256 varchar, file_name varchar, received_at timestamp,
    known_at timestamp, known_at_basis varchar, period_start_date date, period_end_date date,
    scope_region_code varchar, rows_in bigint, accepted bigint, quarantined bigint, duplicates bigint,
    poll_at timestamp, covers_period boolean, is_withheld boolean)
"""
SLAS = """
create or replace table landing.feed_slas (
    feed varchar, frequency_unit varchar, anchor_month integer, due_days integer, grace_days integer,
    feed_group varchar)
"""
POLL_COLUMNS = {
    "feed": "VARCHAR",
    "polled_at": "TIMESTAMP",
    "outcome": "VARCHAR",
    "status": "INTEGER",
    "sha256": "VARCHAR",
    "bytes": "BIGINT",
    "duration_ms": "BIGINT",
    "attempts": "INTEGER",
    "error_code": "VARCHAR",
}


def create_views(connection: duckdb.DuckDBPyConnection, home: Home, receipts: Iterable[Receipt]) -> None:
    """Makes schema `landing`: `loads`, `polls`, `feed_slas`, and every contract's tables over these receipts' loads.

    A table of which nothing has landed is an empty, typed one. Rows carry known_at from `landing.loads`.
    """
    landed = [r for r in receipts if r.outcome == "landed"]
    connection.execute("create schema if not exists landing")
    connection.execute(LOADS)
    connection.execute(SLAS)
    _fill(connection, "landing.loads", [_load_row(r) for r in landed])
    _fill(connection, "landing.feed_slas", [_sla_row(c) for c in contracts().values()])
    connection.execute(polls_view_sql(home))
    for contract in contracts().values():
        for table in contract.tables:
            loads = [r for r in landed if r.feed == contract.feed and r.table == table.name]
            connection.execute(landed_view_sql(table, home, loads))


def landed_view_sql(table: Table, home: Home, receipts: Sequence[Receipt]) -> str:
    """The statement that makes `landing.<table>` over the Parquet of these receipts; needs `landing.loads`.

    known_at is joined, not read from the rows: when the same bytes turn out to have come earlier, it moves.
    """
    paths = [str(path) for r in receipts if (path := r.rows(home)) is not None and r.accepted]
    if not paths:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in table.landed_columns.items())
        return f"create or replace table landing.{table.name} ({columns})"
    listed = ", ".join("'" + p.replace("'", "''") + "'" for p in paths)
    columns = ", ".join(
        f'{"loads" if name in ("known_at", "known_at_basis") else "rows"}."{name}"' for name in table.landed_columns
    )
    # Names come from contracts; a path is ours, and quoted.
    return (
        f"create or replace view landing.{table.name} as select {columns} "
        f"from read_parquet([{listed}]) as rows "
        f"inner join landing.loads as loads on rows.load_id = loads.load_id"
    )


def polls_view_sql(home: Home) -> str:
    """The statement that makes `landing.polls` over the poll logs: a poll a row, known when it was made.

    The logs grow while a run reads: whoever reads this filters by known_at, as with every row. A torn line is no poll.
    """
    paths = [str(path) for path in poll_log.files(home)]
    if not paths:
        columns = ", ".join(f'"{name}" {kind}' for name, kind in POLL_COLUMNS.items())
        return f"create or replace table landing.polls ({columns}, known_at TIMESTAMP)"
    listed = ", ".join("'" + p.replace("'", "''") + "'" for p in paths)
    read = ", ".join(f"{name}: '{kind}'" for name, kind in POLL_COLUMNS.items())
    return (
        f"create or replace view landing.polls as select *, polled_at as known_at "
        f"from read_json([{listed}], format = 'newline_delimited', ignore_errors = true, columns = {{{read}}}) "
        f"where feed is not null and polled_at is not null"
    )


def _load_row(receipt: Receipt) -> tuple[object, ...]:
    poll_at = receipt.facts.get("poll_at")
    return (
        *(receipt.feed, receipt.table, receipt.load_id, receipt.sha256, receipt.file_name),
        *(_utc(receipt.received_at), _utc(receipt.known_at), receipt.known_at_basis),
        *(receipt.period_start_date, receipt.period_end_date, receipt.scope_region_code),
        *(receipt.rows_in, receipt.accepted, receipt.quarantined, receipt.duplicates),
        values.timestamp(str(poll_at)) if poll_at else None,
        contracts()[receipt.feed].table(str(receipt.table)).covers_period,
        False,
    )


def _sla_row(contract: Contract) -> tuple[object, ...]:
    return (
        *(contract.feed, contract.frequency, contract.anchor_month),
        *(contract.due_days, contract.grace_days, contract.group),
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)


def _fill(connection: duckdb.DuckDBPyConnection, name: str, rows: Sequence[tuple[object, ...]]) -> None:
    """One statement for all rows: row-by-row inserts of thousands of loads take seconds."""
    if not rows:
        return
    arrays = [pa.array([row[i] for row in rows]) for i in range(len(rows[0]))]
    incoming = pa.table(arrays, names=[f"c{i}" for i in range(len(arrays))])
    connection.register("incoming_rows", incoming)
    connection.execute(f"insert into {name} select * from incoming_rows")
    connection.unregister("incoming_rows")
