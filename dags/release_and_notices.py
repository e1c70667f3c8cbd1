"""The release with its notices, briefing and worklists: as soon as a run has passed its gates.

Once more at six, which changes nothing when the night went well (the same run gives the same release) and leaves two
hours before the objective of eight o'clock when a release had failed. `delivery_watch` looks whether it was met.
"""

from __future__ import annotations

from datetime import timedelta

from airflow.sdk import AssetOrTimeSchedule, dag, task

from dags.assets import GATED_RUN, RELEASE
from dags.times import beijing


@dag(
    schedule=AssetOrTimeSchedule(timetable=beijing("0 6 * * *"), assets=GATED_RUN),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
    tags=["run"],
)
def release_and_notices() -> None:
    @task
    def choose() -> str:
        from shouxian.tasks import latest_run

        return latest_run()

    @task(outlets=[RELEASE])
    def release(chosen: str) -> str:
        from shouxian.tasks import release_run

        return release_run(chosen)

    release(choose())


release_and_notices()
