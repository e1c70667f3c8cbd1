"""The packs for the monthly consultation (会商), on the 20th, over the last complete month."""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task

from dags.times import MACROS, MONTH, beijing


@dag(
    schedule=beijing("0 6 20 * *"),
    catchup=False,
    max_active_runs=1,
    params=MONTH,
    user_defined_macros=MACROS,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=10)},
    tags=["products"],
)
def consultation_packs() -> None:
    @task
    def write(month: str) -> list[str]:
        from shouxian.tasks import write_consultation_packs

        return write_consultation_packs(month)

    write("{{ params.month or month_before(logical_date) }}")


consultation_packs()
