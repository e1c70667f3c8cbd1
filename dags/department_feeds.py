"""The departments' monthly files, on the evening of the 6th: the day by which they are due."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.times import beijing


@dag(
    schedule=beijing("0 20 6 * *"),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=10)},
    tags=["feeds"],
)
def department_feeds() -> None:
    @task
    def land() -> dict[str, Any]:
        from shouxian.tasks import land_feeds

        return land_feeds("departments")

    land()


department_feeds()
