"""The landing gate: is a load that arrived whole also believable beside the one before it?"""

from __future__ import annotations

import duckdb
import pandas as pd
from great_expectations.expectations import (
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
)

from expectations.gate import Check, run_checks
from ingest.contracts import contracts

# A county's monthly list does not shrink below two fifths, or grow beyond three times, of the one before by itself:
# such a file is a cut export or a doubled one. Wider, and a lost township would pass; narrower, and a wave of
# inclusions after a disaster would be held back.
SMALLEST_SHARE, LARGEST_SHARE = 0.4, 3.0
# Below this a list is so small that doubling it means nothing.
SMALLEST_LIST = 50

CHECKS = (
    Check(
        "rows_balance",
        ExpectColumnValuesToBeInSet(column="rows_lost", value_set=[0]),
        "critical",
        "收到行数与接收、隔离、重复之和不符",
    ),
    Check(
        "volume_against_previous",
        ExpectColumnValuesToBeBetween(column="volume_share", min_value=SMALLEST_SHARE, max_value=LARGEST_SHARE),
        "critical",
        "与上一期相比行数骤减或骤增",
    ),
)


def compared_tables() -> list[str]:
    """Tables whose deliveries replace each other month by month or year by year, so that their sizes compare."""
    return [
        table.name
        for contract in contracts().values()
        for table in contract.tables
        if table.semantics == "snapshot" and contract.frequency in {"m", "y"}
    ]


def metrics(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per load of landing.loads: rows lost, and rows as a share of the same list before (null if none)."""
    return con.execute(
        """
        select
            load_id,
            rows_in - accepted - quarantined - duplicates as rows_lost,
            case when previous_rows >= $smallest then cast(accepted as double) / previous_rows end as volume_share
        from (
            select
                *,
                case when list_contains($tables, table_name) then lag(accepted) over (
                    partition by table_name, scope_region_code order by period_end_date, known_at, load_id
                ) end as previous_rows
            from landing.loads
        )
        order by load_id
        """,
        {"smallest": SMALLEST_LIST, "tables": compared_tables()},
    ).df()


def refused_loads(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The loads that may not enter the warehouse, with the reason in Chinese."""
    frame = metrics(con)
    if frame.empty:
        return {}
    refused: dict[str, list[str]] = {}
    for result in run_checks(frame, "load_id", CHECKS):
        for load_id in result.failing:
            refused.setdefault(load_id, []).append(result.check.reason_zh if result.ran else "检查未执行")
    return {load_id: "；".join(reasons) for load_id, reasons in sorted(refused.items())}
