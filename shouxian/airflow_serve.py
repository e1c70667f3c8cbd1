"""`make up`: Airflow's four processes on this machine, kept together: all of them healthy, or none running.

Airflow's own `standalone` reports itself ready even when its page could not bind; here the health page decides.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from shouxian.airflow_local import PATIENT, environment, migrate

PROCESSES = ("api-server", "scheduler", "dag-processor", "triggerer")
WAIT_FOR_HEALTH_S = 180
WAIT_FOR_END_S = 20
EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared with what the user asked for; the default is this machine only


class CannotServe(RuntimeError):
    """Airflow could not be started, or did not stay up: the message says why and what to do."""


def serve(home: Path, port: int = 8080, host: str = "127.0.0.1", say: Callable[[str], None] = print) -> None:
    """Run Airflow's page, scheduler, DAG processor and triggerer for the state under `home` until told to end.

    Returns after Ctrl-C, SIGTERM or SIGHUP, when all processes have ended. Raises `CannotServe` if the port or the
    home is in use, or if a process ends or stays unhealthy; the others are stopped first.
    """
    _demand_free(host, port)
    env = _environment(home, port, host)
    folder = Path(env["AIRFLOW_HOME"])
    logs = Path(env["AIRFLOW__LOGGING__BASE_LOG_FOLDER"])
    logs.mkdir(parents=True, exist_ok=True)
    with _alone(folder / "serve.lock"):
        say("准备元数据库 preparing the metadata database …")
        try:
            migrate(env)
        except subprocess.CalledProcessError as error:
            raise CannotServe(f"the metadata database could not be prepared:\n{error.output[-2000:]}") from error
        fresh = _users(env, folder)
        children: dict[str, subprocess.Popen[bytes]] = {}
        # A closed terminal is a request to stop as well.
        before = {number: signal.signal(number, _interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
        try:
            say("启动 starting " + ", ".join(PROCESSES) + " …")
            for name in PROCESSES:
                children[name] = _start(name, env, logs / f"{name}.log")
            _wait_for_health(port, host, children, logs)
            _tell(env, home, logs, fresh, say)
            while True:
                _demand_alive(children, logs)
                time.sleep(1)
        except KeyboardInterrupt:
            say("停止 stopping …")
        finally:
            # A second Ctrl-C must not leave processes behind.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            _stop(children)
            signal.signal(signal.SIGINT, signal.default_int_handler)
            for number, handler in before.items():
                signal.signal(number, handler)
    say("已停止 stopped")


def _environment(home: Path, port: int, host: str) -> dict[str, str]:
    """The settings of `environment`, with those that hang on the address."""
    here = "127.0.0.1" if host in EVERYWHERE else host
    name = socket.gethostname() if host in EVERYWHERE else host
    env = environment(home)
    defaults = {
        "AIRFLOW__API__BASE_URL": f"http://{name}:{port}",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://{here}:{port}/execution/",
        # Airflow's fixed ports for these would meet those of another Airflow on this machine.
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(_some_free_port()),
        "AIRFLOW__LOGGING__TRIGGER_LOG_SERVER_PORT": str(_some_free_port()),
        # What a task prints is of level INFO, and belongs on its page.
        "AIRFLOW__LOGGING__LOGGING_LEVEL": "INFO",
    }
    env.update({key: os.environ.get(key) or value for key, value in defaults.items()})
    env["AIRFLOW__API__HOST"], env["AIRFLOW__API__PORT"] = host, str(port)
    # Tasks talk to the page of their own machine, whatever proxy leads outside.
    for key in ("NO_PROXY", "no_proxy"):
        env[key] = ",".join(filter(None, [env.get(key), "127.0.0.1", "localhost", host]))
    return env


def _demand_free(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise CannotServe(
                f"端口被占用或不可用 cannot listen on {host} port {port} ({error.strerror}). Name another with --port."
            ) from error


def _some_free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock that says this home is being served; two schedulers would share one SQLite file."""
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise CannotServe(f"Airflow already runs for this home ({path.parent}). Stop that one first.") from error
        yield


def _users(env: dict[str, str], folder: Path) -> dict[str, str]:
    """Give every configured user a password, in a file its owner alone can read. Gives back the newly made ones."""
    path = Path(env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"])
    known: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
    names = [entry.split(":")[0] for entry in env["AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS"].split(",")]
    fresh = {name: secrets.token_urlsafe(12) for name in names if name not in known}
    if fresh:
        new = folder / ".passwords.new"
        new.touch(mode=0o600)
        new.write_text(json.dumps(known | fresh) + "\n")
        os.replace(new, path)
    return fresh


def _start(name: str, env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    """Start one process of Airflow in a session of its own, so that it can be ended with all it has started."""
    if name == "api-server":
        # Two of its own requests can lock each other out of SQLite; it must notice before the others lose patience.
        url = env["AIRFLOW__DATABASE__SQL_ALCHEMY_CONN"]
        env = env | {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": url.removesuffix(PATIENT)}
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "airflow", name],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )


def _demand_alive(children: dict[str, subprocess.Popen[bytes]], logs: Path) -> None:
    for name, child in children.items():
        if child.poll() is not None:
            tail = (logs / f"{name}.log").read_text(errors="replace")[-1500:]
            raise CannotServe(f"{name} 退出 ended with code {child.returncode}; the others are stopped.\n{tail}")


def _health(port: int, host: str) -> dict[str, str]:
    """What each part says of itself; nothing while the page does not answer."""
    here = "127.0.0.1" if host in EVERYWHERE else host
    request = f"http://{f'[{here}]' if ':' in here else here}:{port}/api/v2/monitor/health"
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(request, timeout=5) as answer:
            report = json.load(answer)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return {}
    return {part: (state or {}).get("status") or "not started" for part, state in report.items()}


def _wait_for_health(port: int, host: str, children: dict[str, subprocess.Popen[bytes]], logs: Path) -> None:
    end = time.monotonic() + WAIT_FOR_HEALTH_S
    health: dict[str, str] = {}
    while time.monotonic() < end:
        _demand_alive(children, logs)
        health = _health(port, host)
        if health and set(health.values()) == {"healthy"}:
            return
        time.sleep(0.5)
    raise CannotServe(f"not healthy after {WAIT_FOR_HEALTH_S} s: {health or 'the page does not answer'}; see {logs}")


def _tell(env: dict[str, str], home: Path, logs: Path, fresh: dict[str, str], say: Callable[[str], None]) -> None:
    say(f"Airflow 已就绪 is ready:   {env['AIRFLOW__API__BASE_URL']}")
    for name, password in fresh.items():
        say(f"用户 user {name}   密码 password (shown this once) {password}")
    say(f"密码文件 passwords:        {env['AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE']}")
    say(
        f"数据 state, 收件箱 inbox:  {home.absolute()}, {os.environ.get('SHOUXIAN_INBOX') or home.absolute() / 'inbox'}"
    )
    say(f"日志 logs:                 {logs}")
    say("待批 approvals wait on the page under “Required Actions”. 按 Ctrl-C 停止 stops everything.")


def _stop(children: dict[str, subprocess.Popen[bytes]]) -> None:
    """End every process with all it has started: asked first, then made to."""
    _signal(children, signal.SIGTERM)
    end = time.monotonic() + WAIT_FOR_END_S
    for child in children.values():
        try:
            child.wait(timeout=max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            continue
    _signal(children, signal.SIGKILL)
    for child in children.values():
        child.wait()


def _signal(children: dict[str, subprocess.Popen[bytes]], number: signal.Signals) -> None:
    for pid in _members({child.pid for child in children.values()}):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _members(sessions: set[int]) -> list[int]:
    """The processes of these sessions. Airflow gives each task a process group of its own, but not a session."""
    members = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if os.getsid(int(entry.name)) in sessions:
                members.append(int(entry.name))
        except ProcessLookupError:
            continue
    # Where the system has no /proc, the processes started here are all that can be found.
    return members or sorted(sessions)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
