"""Airflow on this one machine: its settings under SHOUXIAN_HOME, and its DAGs run once in one process (`make run`).

Airflow reads its settings when it is imported, so it is never imported here: it runs in child processes that get them
through the environment. `airflow_child` is what the child of `run_dags_once` executes; `airflow_serve` starts the lot.
"""

from __future__ import annotations

import getpass
import json
import os
import secrets
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent
# SQLite gives up on a locked file after 5 s by default, and the scheduler then ends.
PATIENT = "?timeout=60"
RESULT_MARK = "\x1eshouxian-result "


class DagFailed(RuntimeError):
    """A DAG that was run once did not succeed. `tasks` are the ids of those that failed, `reason` the error that
    the first of them raised, as text, `log` the end of the log.
    """

    def __init__(self, dag_id: str, tasks: list[str], log: list[str]) -> None:
        self.dag_id, self.tasks, self.log = dag_id, tasks, log
        # The last line of the first traceback that is not indented is the error itself.
        starts = [number for number, line in enumerate(log) if line.startswith("Traceback ")]
        after = log[starts[0] + 1 :] if starts else []
        self.reason = next((line for line in after if line and not line.startswith(" ")), "")
        super().__init__(f"DAG {dag_id} failed at {', '.join(tasks) or 'its start'}: {self.reason or 'see the log'}")


def environment(home: Path) -> dict[str, str]:
    """The environment in which Airflow's processes work for the state under `home` (SHOUXIAN_HOME).

    Whoever sets one of Airflow's options beforehand is obeyed: a deployment names its own database and keys that way.
    The home and the DAGs are always this project's, for another Airflow on the machine may have named its own.
    Makes `home`/airflow with the generated keys (files of mode 0600) if they are not there yet.
    """
    home = home.absolute()
    folder = home / "airflow"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    settings = {
        "AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "AIRFLOW__CORE__EXECUTOR": "LocalExecutor",
        # Two builds at once would fight for memory, and SQLite for its one writer.
        "AIRFLOW__CORE__PARALLELISM": "4",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS": f"{_operator()}:admin",
        "AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(folder / "passwords.json"),
        "AIRFLOW__CORE__FERNET_KEY": _key(folder / "fernet.key", _fernet_key),
        "AIRFLOW__API_AUTH__JWT_SECRET": _key(folder / "jwt.key", lambda: secrets.token_urlsafe(48)),
        "AIRFLOW__API__SECRET_KEY": _key(folder / "session.key", lambda: secrets.token_urlsafe(48)),
        "AIRFLOW__API__EXPOSE_CONFIG": "False",
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{folder / 'airflow.db'}{PATIENT}",
        "AIRFLOW__LOGGING__BASE_LOG_FOLDER": str(folder / "logs"),
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
        "AIRFLOW__USAGE_DATA_COLLECTION__ENABLED": "False",
    }
    env = settings | {key: value for key, value in os.environ.items() if value}
    env |= {
        "SHOUXIAN_HOME": str(home),
        "AIRFLOW_HOME": str(folder),
        "AIRFLOW__CORE__DAGS_FOLDER": str(REPOSITORY / "dags"),
        "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    }
    # Task bodies import this project's packages, wherever the processes were started (-P: not what lies there).
    env["PYTHONPATH"] = os.pathsep.join(filter(None, [str(REPOSITORY), os.environ.get("PYTHONPATH")]))
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    return env


def migrate(env: dict[str, str]) -> None:
    """Bring the metadata database to this version of Airflow; a new one is made at once from the models.

    Raises `subprocess.CalledProcessError` with the log in `output`.
    """
    command = [sys.executable, "-P", "-c", "from airflow.utils.db import initdb; initdb()"]
    subprocess.run(command, env=env, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if (url := env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]).startswith("sqlite:///"):
        # Five processes share this file: readers must not wait for the writer.
        connection = sqlite3.connect(url.removeprefix("sqlite:///").partition("?")[0])
        connection.execute("pragma journal_mode = wal")
        connection.close()


def run_dags_once(
    steps: list[tuple[str, dict[str, Any]]], env: dict[str, str], on_line: Callable[[str], None]
) -> dict[str, dict[str, Any]]:
    """Run DAGs one after another, each once and without retries, in one child process.

    `steps` are ids with the values of their params; `on_line` gets what the tasks print, line by line. Gives back, for
    each DAG, what its tasks returned by task id. Makes the metadata database if there is none.
    Raises `DagFailed` for the first that fails; those after it do not start.
    """
    command = [sys.executable, "-P", "-m", "shouxian.airflow_child", json.dumps(steps)]
    results: dict[str, dict[str, Any]] = {}
    failed: tuple[str, list[str]] | None = None
    log: list[str] = []
    with subprocess.Popen(
        command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if line.startswith(RESULT_MARK):
                report = json.loads(line.removeprefix(RESULT_MARK))
                results[report["dag_id"]] = report["returned"]
                if report["state"] != "success":
                    failed = (report["dag_id"], report["failed"])
            else:
                log = [*log[-199:], line.rstrip("\n")]
                on_line(line.rstrip("\n"))
    if failed:
        raise DagFailed(*failed, log)
    if child.returncode or len(results) < len(steps):
        raise DagFailed(steps[min(len(results), len(steps) - 1)][0], [], log)
    return results


def _operator() -> str:
    """Who signs in on the page and stands under an approval: SHOUXIAN_OPERATOR, or whoever started this."""
    if name := os.environ.get("SHOUXIAN_OPERATOR"):
        return name
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        # In a container the user may have a number only.
        return "duty"


def _fernet_key() -> str:
    from cryptography.fernet import Fernet

    return Fernet.generate_key().decode()


def _key(path: Path, make: Callable[[], str]) -> str:
    """The key in a file that its owner alone can read; made when first asked for, even by two processes at once."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(descriptor, "w") as file:
        key = make()
        file.write(key + "\n")
    return key
