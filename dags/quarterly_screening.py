"""Each department screens at least once a quarter: on the first day of the next one, what was done is recorded."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.times import MACROS, QUARTER, beijing


@dag(
    schedule=beijing("0 3 1 1,4,7,10 *"),
    catchup=False,
    max_active_runs=1,
    params=QUARTER,
    user_defined_macros=MACROS,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=10)},
    tags=["products"],
)
def quarterly_screening() -> None:
    @task
    def record(quarter: str) -> dict[str, Any]:
        from shouxian.tasks import record_screening

        return record_screening(quarter)

    record("{{ params.quarter or quarter_before(logical_date) }}")


quarterly_screening()
