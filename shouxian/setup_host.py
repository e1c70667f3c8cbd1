"""Readies a machine for the Makefile, with the standard library alone: environment, lock, distribution packages.

Run as a script before anything is installed: `python3 -P shouxian/setup_host.py env run|dev`, `lock`, `packages`.
Where packages come from is the machine's business: pip's own configuration is read and handed on to uv through
the environment, and no address is ever written to a file.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / "bin" / "python"
UV = VENV / "bin" / "uv"
BOOTSTRAP = ROOT / "requirements" / "bootstrap.txt"
OLDEST_PYTHON = (3, 11)
APT_SECONDS = 900
PIP_OPTIONS = ("--quiet", "--disable-pip-version-check", "--require-hashes")
COMPILE_OPTIONS = (
    "--quiet",
    "--universal",
    "--generate-hashes",
    "--no-header",
    "--no-annotate",
    "--python-version=3.11",
)

# What a test may need from the distribution, and the packages that bring it: programs, then fonts by family.
PROGRAMS = {"soffice": ("libreoffice-writer", "libreoffice-calc"), "pdftoppm": ("poppler-utils",)}
FONTS = {"Noto Sans CJK SC": ("fonts-noto-cjk",), "LXGW WenKai": ("fonts-lxgw-wenkai",)}
FONT_FILES = {"Noto Sans CJK SC": "NotoSansCJK-Regular.*", "LXGW WenKai": "LXGWWenKai-Regular.*"}
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")
HOST_PACKAGES = {**PROGRAMS, **FONTS}

# pip's setting and the variable by which uv takes the same; lists are joined by blanks in both.
PIP_TO_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "trusted-host": "UV_INSECURE_HOST",
    "default-timeout": "UV_HTTP_TIMEOUT",
    "timeout": "UV_HTTP_TIMEOUT",
    "cert": "SSL_CERT_FILE",
    "proxy": "ALL_PROXY",
}


class SetupFailed(RuntimeError):
    """The machine cannot be readied; the message says what to do about it."""


def uv_environment(environ: Mapping[str, str], pip_settings: Mapping[str, str]) -> dict[str, str]:
    """The environment for uv: `environ`, plus what pip is told about indexes where uv is not told otherwise.

    Several indexes are asked as pip asks them (best match of all); the hashes in the lock keep that safe.
    """
    told = {**environ, "UV_PYTHON_DOWNLOADS": "never"}
    told.pop("PYTHONDONTWRITEBYTECODE", None)
    for setting, variable in PIP_TO_UV.items():
        value = " ".join(pip_settings.get(setting, "").split())
        if value and not told.get(variable):
            told[variable] = value
    told.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    return told


def pip_settings() -> dict[str, str]:
    """What pip would use here, from its files and variables (the variables win), by setting name."""
    listed = subprocess.run(
        [VENV_PYTHON, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False, cwd=ROOT
    ).stdout
    settings: dict[str, str] = {}
    for line in sorted(listed.splitlines(), key=lambda text: text.startswith(":env:")):
        name, _, value = line.partition("=")
        settings[name.removeprefix(":env:").rpartition(".")[2].lower()] = value.strip().strip("'\"").replace("\\n", " ")
    return settings


def with_writable_caches(environ: Mapping[str, str]) -> dict[str, str]:
    """`environ`, with the caches of pip and uv inside the environment where the home directory takes no files."""
    home = environ.get("HOME", "")
    if home and os.access(home, os.W_OK | os.X_OK):
        return dict(environ)
    cache = str(VENV / ".cache")
    return {"UV_CACHE_DIR": f"{cache}/uv", "PIP_CACHE_DIR": f"{cache}/pip", **environ}


@contextmanager
def _alone() -> Iterator[None]:
    """One set-up at a time in this tree: a second `make` waits for the first."""
    with (ROOT / "Makefile").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(command: Sequence[str | Path], environ: Mapping[str, str]) -> bool:
    """Whether the command succeeded; on a terminal, the seconds run while it works."""
    started = time.monotonic()
    with subprocess.Popen(command, env=dict(environ), cwd=ROOT) as process:
        while True:
            try:
                return process.wait(timeout=1) == 0
            except subprocess.TimeoutExpired:
                if sys.stdout.isatty():
                    print(f"\r  {time.monotonic() - started:.0f} s \r", end="", flush=True)


def _make_venv() -> None:
    if VENV_PYTHON.exists() and _run([VENV_PYTHON, "-c", "import pip"], os.environ):
        return
    if sys.version_info < OLDEST_PYTHON:
        raise SetupFailed(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.")
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True, check=False, cwd=ROOT
    )
    if made.returncode:
        package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
        raise SetupFailed(
            f"{sys.executable} cannot make a virtual environment: {(made.stdout + made.stderr).strip()[-300:]}\n"
            f"On Debian and Ubuntu the parts are in a package of their own:\n    {_apt_command([package])}"
        )


def make_environment(wanted: str, stamp: str) -> None:
    """Brings `.venv` to `requirements/<wanted>.txt` and marks it with `stamp`.

    `dev` holds all of `run`, so an environment that has been `dev` stays so: nothing is taken away again.
    Raises SetupFailed with the reason and the remedy.
    """
    with _alone():
        started = time.monotonic()
        if any(VENV.glob(".ready-dev-*")):
            wanted = "dev"
        _make_venv()
        for old in VENV.glob(".ready-*"):
            old.unlink()
        environ = with_writable_caches(os.environ)
        environ.pop("PYTHONDONTWRITEBYTECODE", None)
        pip: list[str | Path] = [VENV_PYTHON, "-m", "pip", "install", *PIP_OPTIONS]
        lock = ROOT / "requirements" / f"{wanted}.txt"
        sync: list[str | Path] = [UV, "pip", "sync", "--quiet", "--compile-bytecode", "--require-hashes"]
        print(f"setting up .venv from requirements/{lock.name} (once; later calls take under a second)", flush=True)
        done = _run([*pip, "-r", BOOTSTRAP], environ)
        if done:
            settings = pip_settings()
            sync += ["--no-index"] if settings.get("no-index") in {"1", "true", "yes"} else []
            done = _run([*sync, "--python", VENV_PYTHON, lock], uv_environment(environ, settings))
        if not done:
            print("uv could not install the lock; trying pip, which is slower", flush=True)
            if not _run([*pip, "-r", lock], environ):
                raise SetupFailed(
                    f"Neither uv nor pip could install requirements/{lock.name}. Both use pip's configuration of this "
                    "machine (`pip config list`): check that its package index answers, then try again."
                )
        _offer_command()
        (VENV / f".ready-{wanted}-{stamp}").touch()
        print(f"set up in {time.monotonic() - started:.0f} s", flush=True)


def _offer_command() -> None:
    """Makes `.venv/bin/shouxian`, which works from any folder: this checkout's packages are put on the venv's path."""
    site = next((VENV / "lib").glob("python3*/site-packages"))
    (site / "shouxian-checkout.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = VENV / "bin" / "shouxian"
    command.write_text(f"#!/bin/sh\nexec '{VENV_PYTHON}' -P -m shouxian \"$@\"\n", encoding="utf-8")
    command.chmod(0o755)


def write_lock() -> None:
    """Resolves pyproject.toml anew into requirements/*.txt: pinned, hashed, without addresses."""
    environ = uv_environment(with_writable_caches(os.environ), pip_settings())
    compile_: list[str | Path] = [UV, "pip", "compile", *COMPILE_OPTIONS]
    for extra, name in ((["--extra", "dev"], "dev.txt"), (["-c", "requirements/dev.txt"], "run.txt")):
        if not _run([*compile_, *extra, "pyproject.toml", "-o", f"requirements/{name}"], environ):
            raise SetupFailed(f"requirements/{name} could not be resolved; the message above says which package.")


def _apt_command(packages: Sequence[str]) -> str:
    sudo = "" if os.geteuid() == 0 else "sudo "
    return f"{sudo}apt-get update && {sudo}apt-get install --no-install-recommends -y {' '.join(packages)}"


def missing_packages() -> list[str]:
    """The distribution packages of HOST_PACKAGES that dpkg does not know as installed; all of them without dpkg."""
    wanted = [package for packages in HOST_PACKAGES.values() for package in packages]
    if not shutil.which("dpkg-query"):
        return wanted
    shown = subprocess.run(
        ["dpkg-query", "--show", "--showformat", "${Package} ${db:Status-Status}\n", *wanted],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    installed = {line.split()[0] for line in shown.splitlines() if line.endswith(" installed")}
    return [package for package in wanted if package not in installed]


def has_program_or_font(name: str) -> bool:
    """Whether the machine has this program on its path, or, for a family named in FONTS, a file of that font."""
    if name not in FONTS:
        return shutil.which(name) is not None
    return any(any(Path(folder).expanduser().rglob(FONT_FILES[name])) for folder in FONT_FOLDERS)


def how_to_get(name: str) -> str:
    """The exact command that brings this program or font."""
    return _apt_command(HOST_PACKAGES.get(name, (name,)))


def install_packages() -> None:
    """Installs the missing distribution packages where this user may; else prints the command. Never raises for it.

    Tests that need a package say themselves that it is missing: they skip, and under CI=true they fail.
    """
    missing = missing_packages()
    if not missing:
        return
    root = os.geteuid() == 0
    asked = ["sudo", "-n", "true"]
    may = root or (shutil.which("sudo") and subprocess.run(asked, check=False, capture_output=True).returncode == 0)
    if not shutil.which("apt-get") or not may:
        print(f"Some tests need packages of the distribution. To have them run:\n    {_apt_command(missing)}")
        return
    print(f"installing from the distribution: {' '.join(missing)}", flush=True)
    prefix = ["env", "DEBIAN_FRONTEND=noninteractive"] if root else ["sudo", "-n", "DEBIAN_FRONTEND=noninteractive"]
    install = [*prefix, "apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", "install", "--no-install-recommends", "-y"]
    update = [*prefix, "apt-get", "-qq", "update"]
    deadline = time.monotonic() + APT_SECONDS
    said = ""
    for command in ([*install, *missing], update, [*install, *missing]):
        try:
            done = subprocess.run(
                command,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
                timeout=max(1.0, deadline - time.monotonic()),
            )
        except subprocess.TimeoutExpired:
            said = f"no answer within {APT_SECONDS} s"
            break
        if done.returncode == 0 and command != update:
            return
        said = done.stderr.strip()[-300:]
    print(f"that failed: {said}\nBy hand:\n    {_apt_command(missing)}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns the exit code; prints the remedy when something is in the way."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    env = commands.add_parser("env", help="make .venv hold what a command needs")
    env.add_argument("wanted", choices=["run", "dev"])
    env.add_argument("--stamp", required=True, help="digest of the lock files; marks the environment as ready")
    commands.add_parser("lock", help="resolve the dependencies anew")
    commands.add_parser("packages", help="install what tests need from the distribution")
    chosen = parser.parse_args(arguments)
    try:
        if chosen.command == "env":
            make_environment(chosen.wanted, chosen.stamp)
        elif chosen.command == "lock":
            write_lock()
        else:
            install_packages()
    except SetupFailed as failed:
        print(f"\n{failed}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
