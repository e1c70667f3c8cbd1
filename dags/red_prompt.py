"""The prompt to the duty officer (待核) with its list of exposed households, whatever any region's level is.

At the moment that orange or red warnings or duty reports land. No run is waited for: the list rests on the release.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import dag, task

from dags.assets import SEVERE_WARNINGS
from dags.times import DAY, MACROS


@dag(
    schedule=SEVERE_WARNINGS,
    catchup=False,
    max_active_runs=1,
    params=DAY,
    user_defined_macros=MACROS,
    default_args={"retries": 5, "retry_delay": timedelta(seconds=30)},
    tags=["notices"],
)
def red_prompt() -> None:
    @task
    def prompt(as_of: str) -> list[str]:
        from shouxian.tasks import prompt_duty_officer

        return prompt_duty_officer(as_of)

    @task
    def list_households() -> dict[str, int]:
        from shouxian.tasks import list_exposed

        return list_exposed()

    (
        prompt("{{ params.as_of or same_day((triggering_asset_events.values() | first | last).timestamp) }}")
        >> list_households()
    )


red_prompt()
