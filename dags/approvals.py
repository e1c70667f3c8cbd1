"""A person approves orange and red before they are passed on: after each release, one question for each notice.

`approvals` opens a run of `approval` for every notice that waits, under an id made of the notice's own, so that none is
asked twice and none, least of all a red one, stands behind another that nobody has answered yet.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from airflow.providers.standard.operators.hitl import HITLOperator
from airflow.providers.standard.operators.trigger_dagrun import TriggerDagRunOperator
from airflow.sdk import Param, dag, task

from dags.assets import RELEASE

OUTCOMES = {"批准": "approved", "退回": "rejected"}
SUBJECT = (
    "{{ dag_run.conf.evidence.region_name }}：{{ dag_run.conf.previous_level }} → {{ dag_run.conf.level }}"
    "（{{ dag_run.conf.as_of_date }}）"
)
# The evidence that the approval freezes, as it stands in the ledger.
BODY = """通知 {{ dag_run.conf.notice_id }}，{{ dag_run.conf.change }}
{% for name, value in dag_run.conf.evidence.items() %}
- {{ name }}: {{ value }}
{%- endfor %}
"""


def question(notice: dict[str, Any]) -> dict[str, Any]:
    """What one mapped task needs to open the question about one notice."""
    return {"trigger_run_id": f"notice__{notice['notice_id']}", "conf": notice}


@dag(
    schedule=RELEASE,
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=1)},
    tags=["notices"],
)
def approvals() -> None:
    @task
    def awaiting() -> list[dict[str, Any]]:
        from shouxian.tasks import notices_awaiting

        return notices_awaiting()

    TriggerDagRunOperator.partial(
        task_id="open_question", trigger_dag_id="approval", skip_when_already_exists=True
    ).expand_kwargs(awaiting().map(question))


@dag(
    schedule=None,
    catchup=False,
    # Each run waits for a person, so many may be open at a time.
    max_active_runs=500,
    user_defined_macros={"outcomes": OUTCOMES},
    default_args={"retries": 5, "retry_delay": timedelta(minutes=1)},
    tags=["notices"],
)
def approval() -> None:
    ask = HITLOperator(
        task_id="ask",
        subject=SUBJECT,
        body=BODY,
        options=list(OUTCOMES),
        params={"note": Param("", type="string", description="意见")},
    )

    @task
    def record(notice_id: str, outcome: str, by: str, note: str) -> None:
        from shouxian.tasks import record_approval

        record_approval(notice_id, outcome, by, note)

    record(
        notice_id="{{ dag_run.conf.notice_id }}",
        outcome="{{ outcomes[ti.xcom_pull(task_ids='ask')['chosen_options'][0]] }}",
        by="{{ ti.xcom_pull(task_ids='ask')['responded_by_user']['name'] }}",
        note="{{ ti.xcom_pull(task_ids='ask')['params_input'].get('note', '') }}",
    ).set_upstream(ask)


approvals()
approval()
