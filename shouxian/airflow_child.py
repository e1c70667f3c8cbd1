"""The child process of `airflow_local.run_dags_once`: imports Airflow, runs the DAGs it is told, reports their results.

Started as `python -m shouxian.airflow_child '[["dag_id", {"param": "value"}], …]'`.
"""

from __future__ import annotations

import json
import sys
import warnings
from typing import Any

from shouxian.airflow_local import RESULT_MARK


def main(steps: list[tuple[str, dict[str, Any]]]) -> int:
    """Run each DAG through `DAG.test`. 0 if all succeeded, 1 at the first that did not."""
    # A remark of one library to another, which nobody at this screen can act upon.
    warnings.filterwarnings("ignore", message="Using `httpx` with `starlette.testclient`")
    from airflow.dag_processing.dagbag import DagBag
    from airflow.utils.db import initdb

    initdb()
    dags = DagBag()
    for path, error in dags.import_errors.items():
        print(f"{path}: {error}", file=sys.stderr)
    for dag_id, conf in steps:
        dag = dags.dags[dag_id]
        for task in dag.tasks:
            # Whoever waits at the screen wants the error, not the pause before the next try.
            task.retries = 0
        run = dag.test(run_conf=conf)
        instances = run.get_task_instances()
        report = {
            "dag_id": dag_id,
            "state": str(run.state),
            "failed": sorted(ti.task_id for ti in instances if ti.state == "failed"),
            "returned": {ti.task_id: ti.xcom_pull(task_ids=ti.task_id) for ti in instances if ti.state == "success"},
        }
        print(f"{RESULT_MARK}{json.dumps(report, default=str)}", flush=True)
        if report["state"] != "success":
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
