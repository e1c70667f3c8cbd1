"""The DAGs run once in one process, as `make run` does it: what reaches the functions, what an event needs, what fails.

The functions are replaced by ones that write down how they were called; the real ones run in the end-to-end test.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from shouxian.airflow_local import DagFailed, environment, run_dags_once

STAND_IN = """
import json, os, pathlib

def _write(*call):
    with pathlib.Path(os.environ["CALLS"]).open("a") as file:
        file.write(json.dumps(call) + "\\n")
    print("called", call[0], flush=True)

def land_feeds(group):
    _write("land_feeds", group)
    # What waits for its list need not have come with this landing.
    return {"landed": 1, "rejected": 0, "prompts": 0, "unlisted": int(os.environ["SEVERE"])}

def poll_feeds(every):
    _write("poll_feeds", every)
    return {"fetched": 1, "failed": 1, "prompts": int(os.environ["SEVERE"])}

def check_polls(every):
    _write("check_polls", every)
    if os.environ["SEVERE"] == "0":
        raise RuntimeError("the last poll brought nothing: a_feed")
    return {}

def build_run(as_of, known_at):
    _write("build_run", as_of, known_at)
    return "run-1"

def gate_run(run_id):
    _write("gate_run", run_id)
    if os.environ["SEVERE"] == "9":
        raise LookupError("no such run")
    return {}

def latest_run():
    return "run-1"

def release_run(run_id):
    _write("release_run", run_id)
    return "release-1"

def prompt_duty_officer(as_of):
    _write("prompt_duty_officer", as_of)
    return ["prompt-1"]

def list_exposed():
    _write("list_exposed")
    return {"prompt-1": 3}
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "stand_in.py").write_text(STAND_IN)
    # Python runs this file by itself when the child starts.
    (tmp_path / "sitecustomize.py").write_text("import sys, stand_in\nsys.modules['shouxian.tasks'] = stand_in\n")
    env = environment(tmp_path / "home") | {"CALLS": str(tmp_path / "calls"), "SEVERE": "0"}
    env["PYTHONPATH"] = os.pathsep.join([str(tmp_path), env["PYTHONPATH"]])
    return env


def calls(env: dict[str, str]) -> list[list[Any]]:
    return [json.loads(line) for line in Path(env["CALLS"]).read_text().splitlines()]


def test_the_night_and_the_release_run_in_one_process(env: dict[str, str]) -> None:
    lines: list[str] = []
    known_at = "2021-10-01T02:00:00+08:00"
    steps: list[tuple[str, dict[str, Any]]] = [
        ("hazard_feeds", {}),
        ("regional_risk", {"as_of": "2021-09-30", "known_at": known_at}),
        ("release_and_notices", {}),
        ("red_prompt", {"as_of": "2021-09-30"}),
    ]
    results = run_dags_once(steps, env, lines.append)
    assert calls(env) == [
        ["land_feeds", "hazards"],
        ["land_feeds", None],
        ["build_run", "2021-09-30", known_at],
        ["gate_run", "run-1"],
        ["release_run", "run-1"],
        ["prompt_duty_officer", "2021-09-30"],
        ["list_exposed"],
    ]
    assert results["release_and_notices"]["release"] == "release-1"
    # Nothing severe landed, so nobody was told.
    assert "tell" not in results["hazard_feeds"]
    assert "called build_run" in lines


def test_severe_warnings_are_told_whichever_landing_they_came_with(env: dict[str, str]) -> None:
    results = run_dags_once([("hazard_feeds", {})], env | {"SEVERE": "2"}, lambda line: None)
    assert "tell" in results["hazard_feeds"]


def test_a_source_that_is_away_marks_the_check_alone(env: dict[str, str]) -> None:
    with pytest.raises(DagFailed) as failed:
        run_dags_once([("polls_10m", {})], env, lambda line: None)
    assert (failed.value.dag_id, failed.value.tasks) == ("polls_10m", ["check"])
    assert calls(env) == [["poll_feeds", "10m"], ["check_polls", "10m"]]


def test_severe_warnings_that_were_polled_are_told(env: dict[str, str]) -> None:
    results = run_dags_once([("polls_1h", {})], env | {"SEVERE": "2"}, lambda line: None)
    assert "check" in results["polls_1h"]


def test_a_failure_ends_it_at_once_and_says_what_it_was(env: dict[str, str]) -> None:
    steps: list[tuple[str, dict[str, Any]]] = [("regional_risk", {"as_of": "2021-09-30"}), ("release_and_notices", {})]
    with pytest.raises(DagFailed) as failed:
        run_dags_once(steps, env | {"SEVERE": "9"}, lambda line: None)
    assert (failed.value.dag_id, failed.value.tasks) == ("regional_risk", ["gate"])
    assert failed.value.reason == "LookupError: no such run"
    assert "release_run" not in {call[0] for call in calls(env)}
