"""Polls of sources that nobody drops files from: one DAG for each cadence that a contract may name.

What to ask, and where, stands in the contracts and in the installation. A source that is away marks `check` alone:
what was known stands, and the warnings that did come go on to the duty officer.
"""

from __future__ import annotations

from datetime import timedelta
from operator import truth
from typing import Any

from airflow.providers.standard.operators.python import ShortCircuitOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import dag, task

from dags.times import MACROS, beijing

# The minutes lie beside those of the landings, so that these seldom wait for one another.
CLOCKS = {"10m": "7-59/10 * * * *", "1h": "23 * * * *", "1d": "41 17 * * *"}


def polls(every: str, cron: str) -> None:
    @dag(
        dag_id=f"polls_{every}",
        schedule=beijing(cron),
        catchup=False,
        max_active_runs=1,
        user_defined_macros=MACROS,
        # Each poll has tried again by itself; a task fails only for settings, keys, the disk or a busy landing.
        default_args={"retries": 1, "retry_delay": timedelta(minutes=1)},
        tags=["feeds"],
    )
    def polls_of_cadence() -> None:
        @task
        def poll(every: str) -> dict[str, Any]:
            from shouxian.tasks import poll_feeds

            return poll_feeds(every)

        @task
        def check(every: str) -> dict[str, str]:
            from shouxian.tasks import check_polls

            return check_polls(every)

        polled = poll(every)
        severe = ShortCircuitOperator(task_id="severe", python_callable=truth, op_args=[polled["prompts"]])
        severe >> TriggerDagRunOperator(
            task_id="tell", trigger_dag_id="red_prompt", conf={"as_of": "{{ same_day(dag_run.run_after) }}"}
        )
        polled >> check(every)

    polls_of_cadence()


for cadence, clock in CLOCKS.items():
    polls(cadence, clock)
