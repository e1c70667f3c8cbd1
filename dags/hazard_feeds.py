"""Disaster warnings, every quarter of an hour. Tells `red_prompt` at once when orange or red ones came in.

It asks for every prompt that has no list yet, not for those of its own landing: the night's run lands warnings as well,
and a landing that broke off after its prompts were kept finds nothing new the next time.
"""

from __future__ import annotations

from datetime import timedelta
from operator import truth
from typing import Any

from airflow.providers.standard.operators.empty import EmptyOperator
from airflow.providers.standard.operators.python import ShortCircuitOperator
from airflow.sdk import dag, task

from dags.assets import SEVERE_WARNINGS
from dags.times import beijing


@dag(
    schedule=beijing("*/15 * * * *"),
    catchup=False,
    max_active_runs=1,
    # A failed poll is tried again before the next one is due.
    default_args={"retries": 2, "retry_delay": timedelta(minutes=2)},
    tags=["feeds"],
)
def hazard_feeds() -> None:
    @task
    def land() -> dict[str, Any]:
        from shouxian.tasks import land_feeds

        return land_feeds("hazards")

    severe = ShortCircuitOperator(task_id="severe", python_callable=truth, op_args=[land()["unlisted"]])
    # What a skipped task publishes does not happen: no prompt that waits for a list, no event.
    severe >> EmptyOperator(task_id="tell", outlets=[SEVERE_WARNINGS])


hazard_feeds()
