"""The night's work: land what arrived, build the warehouse for yesterday, put the gates to it.

A run that passed tells `release_and_notices`. Nothing is published here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.sdk import dag, task

from dags.assets import GATED_RUN
from dags.times import DAY_AND_KNOWLEDGE, MACROS, beijing


@dag(
    schedule=beijing("0 2 * * *"),
    catchup=False,
    max_active_runs=1,
    params=DAY_AND_KNOWLEDGE,
    user_defined_macros=MACROS,
    # A run is a fresh folder, so trying again harms nothing.
    default_args={"retries": 2, "retry_delay": timedelta(minutes=10)},
    tags=["run"],
)
def regional_risk() -> None:
    @task
    def land() -> dict[str, Any]:
        from shouxian.tasks import land_feeds

        return land_feeds(None)

    @task
    def build(as_of: str, params: dict[str, Any] | None = None) -> str:
        from shouxian.tasks import build_run

        return build_run(as_of, (params or {}).get("known_at"))

    @task(outlets=[GATED_RUN])
    def gate(built: str) -> dict[str, Any]:
        from shouxian.tasks import gate_run

        return gate_run(built)

    built = build("{{ params.as_of or day_before(logical_date) }}")
    land() >> built
    gate(built)


regional_risk()
