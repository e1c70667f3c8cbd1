"""Every DAG is read without error, runs when the policy says, and only calls: how it is done stands elsewhere."""

from __future__ import annotations

import ast
import inspect
import re
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent.parent
FILES = sorted(path for path in (REPOSITORY / "dags").glob("*.py") if path.name != "__init__.py")

# When each DAG starts by the clock in Beijing; None: by an event alone.
CLOCK = {
    "hazard_feeds": "*/15 * * * *",
    "polls_10m": "7-59/10 * * * *",
    "polls_1h": "23 * * * *",
    "polls_1d": "41 17 * * *",
    "price_feeds": "0 18 * * *",
    "department_feeds": "0 20 6 * *",
    "regional_risk": "0 2 * * *",
    "release_and_notices": "0 6 * * *",
    "delivery_watch": "0 8 * * *",
    "consultation_packs": "0 6 20 * *",
    "quarterly_screening": "0 3 1 1,4,7,10 *",
    "red_prompt": None,
    "approvals": None,
    "approval": None,
}
EVENTS = {
    "red_prompt": {"severe_warnings_landed"},
    "release_and_notices": {"gated_run"},
    "approvals": {"release"},
}
PARAMETERS = {
    "land_feeds": ["group"],
    "poll_feeds": ["every"],
    "check_polls": ["every"],
    "build_run": ["as_of", "known_at"],
    "gate_run": ["run_id"],
    "release_run": ["run_id"],
    "latest_run": [],
    "prompt_duty_officer": ["as_of"],
    "list_exposed": [],
    "write_consultation_packs": ["month"],
    "record_screening": ["quarter"],
    "check_delivery": ["as_of"],
    "notices_awaiting": [],
    "record_approval": ["notice_id", "outcome", "by", "note"],
}


@pytest.fixture(scope="module")
def bag() -> Any:
    from airflow.dag_processing.dagbag import DagBag

    return DagBag(str(REPOSITORY / "dags"), bundle_path=REPOSITORY / "dags", bundle_name="dags-folder")


def test_every_dag_is_read_without_error(bag: Any) -> None:
    assert bag.import_errors == {}
    assert set(bag.dags) == set(CLOCK)


@pytest.mark.parametrize(("dag_id", "cron"), CLOCK.items())
def test_the_clock_is_beijing_s(bag: Any, dag_id: str, cron: str | None) -> None:
    timetable = bag.dags[dag_id].timetable
    # Beside an event a timetable of its own may stand.
    clock = getattr(timetable, "timetable", timetable)
    assert getattr(clock, "expression", None) == cron
    if cron:
        assert type(clock).__name__ == "CronTriggerTimetable"
        assert str(getattr(clock.timezone, "name", clock.timezone)) == "Asia/Shanghai"


@pytest.mark.parametrize("dag_id", CLOCK)
def test_the_events_waited_for(bag: Any, dag_id: str) -> None:
    condition = getattr(bag.dags[dag_id].timetable, "asset_condition", None)
    waited = {asset.name for asset in getattr(condition, "objects", [condition])} if condition else set()
    assert waited == EVENTS.get(dag_id, set())


@pytest.mark.parametrize("dag_id", CLOCK)
def test_nothing_is_caught_up_and_only_questions_to_people_run_beside_each_other(bag: Any, dag_id: str) -> None:
    dag = bag.dags[dag_id]
    assert dag.catchup is False
    # A start date in the past would run a DAG at once when it is first seen.
    assert dag.start_date is None
    assert (dag.max_active_runs == 1) is (dag_id != "approval")
    assert all(task.retries for task in dag.tasks)


def test_each_event_has_one_source_and_no_dag_waits_for_itself(bag: Any) -> None:
    sources: dict[str, str] = {}
    before: dict[str, set[str]] = {dag_id: set() for dag_id in CLOCK}
    for dag_id, dag in bag.dags.items():
        for task in dag.tasks:
            for asset in task.outlets:
                assert asset.name not in sources, f"{asset.name} has two sources"
                sources[asset.name] = dag_id
            if task.task_type == "TriggerDagRunOperator":
                fixed = getattr(task, "partial_kwargs", None) or vars(task)
                before[fixed["trigger_dag_id"]].add(dag_id)
    for dag_id, names in EVENTS.items():
        before[dag_id] |= {sources[name] for name in names}
    assert set(sources) == set().union(*EVENTS.values())
    # Raises CycleError for a circle among DAGs; within one, reading it would have failed.
    assert len([*TopologicalSorter(before).static_order()]) == len(CLOCK)


def test_each_cadence_that_a_contract_may_name_has_its_dag(bag: Any) -> None:
    from ingest.transport.declared import EVERY

    assert {dag_id for dag_id in bag.dags if dag_id.startswith("polls_")} == {f"polls_{every}" for every in EVERY}


def _bodies(path: Path) -> dict[str, list[ast.stmt]]:
    """The bodies of the functions decorated as tasks, by name."""
    return {
        node.name: node.body
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and any("task" in ast.unparse(mark) for mark in node.decorator_list)
    }


def _call(body: list[ast.stmt]) -> tuple[str, str, ast.Call] | None:
    """Module, function and call of a body that is one import and one call; None for any other."""
    match body:
        case [
            ast.ImportFrom(module=str(module), names=[ast.alias(name=name)]),
            ast.Return(value=ast.Call(func=ast.Name(id=called)) as call)
            | ast.Expr(value=ast.Call(func=ast.Name(id=called)) as call),
        ] if name == called:
            return module, name, call
    return None


BODIES = [pytest.param(body, id=f"{path.stem}.{name}") for path in FILES for name, body in _bodies(path).items()]


@pytest.mark.parametrize("body", BODIES)
def test_a_task_is_one_import_and_one_call(body: list[ast.stmt]) -> None:
    found = _call(body)
    assert found, "\n".join(map(ast.unparse, body))
    assert found[0] == "shouxian.tasks"


def test_a_task_that_does_more_is_seen() -> None:
    more = ast.parse("from shouxian.tasks import latest_run\nrun = latest_run()\nreturn run.upper()")
    assert _call(more.body) is None


@pytest.mark.parametrize("body", BODIES)
def test_what_a_task_calls_is_there_with_these_parameters(body: list[ast.stmt]) -> None:
    found = _call(body)
    assert found
    module, name, call = found
    function = getattr(__import__(module, fromlist=[name]), name)
    signature = inspect.signature(function)
    parameters = list(signature.parameters.values())
    promised = len(PARAMETERS[name])
    assert [parameter.name for parameter in parameters[:promised]] == PARAMETERS[name]
    # What a caller by hand may add, a DAG leaves alone.
    assert all(parameter.default is not inspect.Parameter.empty for parameter in parameters[promised:])
    signature.bind(*call.args, **{word.arg: word.value for word in call.keywords if word.arg})


def test_every_promised_function_is_called() -> None:
    called = {found[1] for path in FILES for body in _bodies(path).values() if (found := _call(body))}
    assert called == set(PARAMETERS)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_feed_and_no_address_stands_in_a_dag(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    feeds = [folder.name for folder in (REPOSITORY / "ingest" / "feeds").iterdir() if folder.is_dir()]
    assert not [feed for feed in feeds if re.search(rf"\b{feed}\b", text)]
    assert "://" not in text
