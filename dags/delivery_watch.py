"""Eight o'clock: is yesterday's level out? If it is not, the ledger says so and this DAG stands red until it is.

A DAG of its own, since a run that never started can neither be late nor report it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.times import DAY, MACROS, beijing


@dag(
    schedule=beijing("0 8 * * *"),
    catchup=False,
    max_active_runs=1,
    params=DAY,
    user_defined_macros=MACROS,
    # A late delivery fails the task. Looking again each half hour until the evening dates the moment it came.
    default_args={"retries": 20, "retry_delay": timedelta(minutes=30)},
    tags=["watch"],
)
def delivery_watch() -> None:
    @task
    def check(as_of: str) -> dict[str, Any]:
        from shouxian.tasks import check_delivery

        return check_delivery(as_of)

    check("{{ params.as_of or day_before(logical_date) }}")


delivery_watch()
