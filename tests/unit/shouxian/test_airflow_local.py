"""Airflow on one machine: settings of its own, keys that only their owner reads, and all processes or none."""

from __future__ import annotations

import json
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from shouxian import airflow_serve
from shouxian.airflow_local import DagFailed, environment
from shouxian.airflow_serve import CannotServe, serve


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_keys_are_made_once_and_for_their_owner_alone(tmp_path: Path) -> None:
    first, second = environment(tmp_path), environment(tmp_path)
    for name in ("AIRFLOW__CORE__FERNET_KEY", "AIRFLOW__API_AUTH__JWT_SECRET", "AIRFLOW__API__SECRET_KEY"):
        assert first[name] == second[name]
        assert len(first[name]) >= 40
    assert {mode(path) for path in (tmp_path / "airflow").glob("*.key")} == {0o600}


def test_another_airflow_on_the_machine_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW_HOME", str(tmp_path / "other"))
    monkeypatch.setenv("AIRFLOW__CORE__DAGS_FOLDER", str(tmp_path / "other" / "dags"))
    env = environment(tmp_path / "home")
    assert env["AIRFLOW_HOME"] == str(tmp_path / "home" / "airflow")
    assert Path(env["AIRFLOW__CORE__DAGS_FOLDER"], "regional_risk.py").exists()


def test_a_deployment_names_its_own_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "postgresql+psycopg://here/airflow")
    assert environment(tmp_path)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"] == "postgresql+psycopg://here/airflow"
    monkeypatch.setenv("AIRFLOW__DATABASE__SQL_ALCHEMY_CONN", "")
    assert environment(tmp_path)["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"].startswith(f"sqlite:///{tmp_path}")


def test_the_person_who_approves_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUXIAN_OPERATOR", "wang.fang")
    assert environment(tmp_path)["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] == "wang.fang:admin"


def test_a_failed_dag_says_the_error_itself() -> None:
    log = [
        "landing …",
        "Traceback (most recent call last):",
        '  File "run.py", line 3, in build',
        "MissingFeed: medical_insurance was never delivered",
        "next line",
    ]
    failed = DagFailed("regional_risk", ["build"], log)
    assert failed.reason == "MissingFeed: medical_insurance was never delivered"
    assert "regional_risk failed at build: MissingFeed" in str(failed)
    assert "see the log" in str(DagFailed("regional_risk", [], []))


def test_a_port_in_use_is_said_before_anything_starts(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CannotServe, match="cannot listen"):
        serve(tmp_path / "home", taken.getsockname()[1])
    assert not (tmp_path / "home").exists()


def test_a_home_is_served_once(tmp_path: Path) -> None:
    with (
        airflow_serve._alone(tmp_path / "lock"),
        pytest.raises(CannotServe, match="already runs"),
        airflow_serve._alone(tmp_path / "lock"),
    ):
        pass


def test_a_password_is_made_once_and_for_its_owner_alone(tmp_path: Path) -> None:
    env = {
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(tmp_path / "passwords.json"),
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": "wang.fang:admin",
    }
    made = airflow_serve._users(env, tmp_path)
    assert list(made) == ["wang.fang"]
    assert airflow_serve._users(env, tmp_path) == {}
    env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"] += ",li.si:viewer"
    more = airflow_serve._users(env, tmp_path)
    assert json.loads((tmp_path / "passwords.json").read_text()) == made | more
    assert mode(tmp_path / "passwords.json") == 0o600


def test_the_address_reaches_every_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy:3128")
    env = airflow_serve._environment(tmp_path, 8123, "0.0.0.0")  # noqa: S104 - the case under test
    assert env["AIRFLOW__API__BASE_URL"] == f"http://{socket.gethostname()}:8123"
    assert env["AIRFLOW__CORE__EXECUTION_API_SERVER_URL"] == "http://127.0.0.1:8123/execution/"
    assert "127.0.0.1" in env["NO_PROXY"].split(",")
    # What a task prints must be found on its page.
    assert env["AIRFLOW__LOGGING__LOGGING_LEVEL"] == "INFO"


def test_the_page_gives_up_a_lock_before_the_scheduler_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    def popen(command: list[str], env: dict[str, str], **_: object) -> None:
        seen[command[-1]] = env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]

    monkeypatch.setattr(subprocess, "Popen", popen)
    for name in airflow_serve.PROCESSES:
        airflow_serve._start(name, environment(tmp_path), tmp_path / "log")
    assert {name for name, url in seen.items() if url.endswith("?timeout=60")} == {
        "scheduler",
        "dag-processor",
        "triggerer",
    }


def _family(script: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", script], start_new_session=True, stdout=subprocess.PIPE)


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at processes through /proc, which Linux has")
def test_a_process_that_will_not_end_ends_with_its_children(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_serve, "WAIT_FOR_END_S", 0.3)
    deaf = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    script = (
        f"import signal, subprocess, sys, time; {deaf}; code = 'import signal, time; {deaf}; time.sleep(60)'; "
        # As Airflow starts its tasks: in a process group of their own.
        "child = subprocess.Popen([sys.executable, '-c', code], process_group=0); "
        "time.sleep(0.3); print(child.pid, flush=True); time.sleep(60)"
    )
    parent = _family(script)
    assert parent.stdout
    grandchild = int(parent.stdout.readline())
    assert _lives(grandchild)
    airflow_serve._stop({"scheduler": parent})
    deadline = time.monotonic() + 5
    while _lives(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _lives(grandchild)
    assert parent.returncode == -signal.SIGKILL


def test_one_process_that_ends_stops_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: dict[str, subprocess.Popen[bytes]] = {}

    def start(name: str, _env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
        log.write_text("out of memory\n")
        started[name] = _family("import time; time.sleep(60)" if name != "triggerer" else "raise SystemExit(3)")
        return started[name]

    monkeypatch.setattr(airflow_serve, "_start", start)
    monkeypatch.setattr(airflow_serve, "migrate", lambda env: None)
    monkeypatch.setattr(airflow_serve, "_health", lambda port, host: {})
    with pytest.raises(CannotServe, match=r"(?s)triggerer .*code 3.*out of memory"):
        serve(tmp_path, airflow_serve._some_free_port(), say=lambda line: None)
    assert all(child.returncode is not None for child in started.values())
    assert signal.getsignal(signal.SIGTERM) is not airflow_serve._interrupt
