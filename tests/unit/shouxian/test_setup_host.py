"""The set-up: what pip is told reaches uv, what is missing is named with its remedy, and nothing is hidden in CI."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from shouxian import setup_host


def test_pip_s_index_and_certificate_reach_uv() -> None:
    told = setup_host.uv_environment(
        {"PATH": "bin"},
        {"index-url": "file:///a", "extra-index-url": "file:///b\nfile:///c", "cert": "ca.pem", "find-links": "wheels"},
    )
    assert told["UV_DEFAULT_INDEX"] == "file:///a"
    assert told["UV_INDEX"] == "file:///b file:///c"
    assert told["SSL_CERT_FILE"] == "ca.pem"
    assert told["UV_FIND_LINKS"] == "wheels"
    assert told["PATH"] == "bin"


def test_what_uv_was_told_itself_stands() -> None:
    told = setup_host.uv_environment({"UV_DEFAULT_INDEX": "file:///own"}, {"index-url": "file:///pip"})
    assert told["UV_DEFAULT_INDEX"] == "file:///own"


def test_uv_never_fetches_a_python_and_writes_bytecode() -> None:
    told = setup_host.uv_environment({"UV_PYTHON_DOWNLOADS": "automatic", "PYTHONDONTWRITEBYTECODE": "1"}, {})
    assert told["UV_PYTHON_DOWNLOADS"] == "never"
    assert "PYTHONDONTWRITEBYTECODE" not in told


def test_pip_s_variables_win_over_its_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = tmp_path / "pip.conf"
    settings.write_text("[global]\nindex-url = file:///from-file\nextra-index-url =\n    file:///b\n    file:///c\n")
    monkeypatch.setattr(setup_host, "VENV_PYTHON", Path(sys.executable))
    monkeypatch.setenv("PIP_CONFIG_FILE", str(settings))
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", "")
    monkeypatch.delenv("PIP_INDEX_URL", raising=False)
    assert setup_host.pip_settings()["index-url"] == "file:///from-file"
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL")
    assert setup_host.pip_settings()["extra-index-url"].split() == ["file:///b", "file:///c"]
    monkeypatch.setenv("PIP_INDEX_URL", "file:///from-variable")
    assert setup_host.pip_settings()["index-url"] == "file:///from-variable"


def test_a_home_that_takes_no_files_keeps_caches_in_the_environment(tmp_path: Path) -> None:
    assert "UV_CACHE_DIR" not in setup_host.with_writable_caches({"HOME": str(tmp_path)})
    nowhere = setup_host.with_writable_caches({"HOME": str(tmp_path / "none")})
    assert nowhere["UV_CACHE_DIR"].startswith(str(setup_host.VENV))
    assert "UV_CACHE_DIR" in setup_host.with_writable_caches({})


def test_a_missing_font_is_missing_and_its_package_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(setup_host, "FONT_FOLDERS", (str(tmp_path),))
    assert not setup_host.has_program_or_font("Noto Sans CJK SC")
    (tmp_path / "NotoSansCJK-Regular.ttc").touch()
    assert setup_host.has_program_or_font("Noto Sans CJK SC")
    assert setup_host.how_to_get("Noto Sans CJK SC").endswith(" fonts-noto-cjk")
    assert not setup_host.has_program_or_font("no-such-program")


def test_without_dpkg_every_package_counts_as_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert "poppler-utils" in setup_host.missing_packages()


def test_where_packages_may_not_be_installed_the_command_is_printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(setup_host, "missing_packages", lambda: ["poppler-utils"])
    monkeypatch.setenv("PATH", "")
    setup_host.install_packages()
    assert "apt-get install --no-install-recommends -y poppler-utils" in capsys.readouterr().out


SKIPPING = """import pytest

@pytest.mark.needs("no-such-program")
def test_a() -> None: ...

@pytest.mark.shared_data
def test_b() -> None: ...

def test_c() -> None:
    pytest.skip("only on Sundays")
"""


@pytest.mark.parametrize(("ci", "outcomes"), [("", ["3 skipped"]), ("true", ["1 failed", "2 errors"])])
def test_what_skips_at_home_fails_in_ci(ci: str, outcomes: list[str], tmp_path: Path, repository: Path) -> None:
    (tmp_path / "test_a.py").write_text(SKIPPING)
    (tmp_path / "conftest.py").write_text("import tests.conftest as own\nown.SHARED_DATA = own.SHARED_DATA / 'none'\n")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "tests.conftest",
            "-c",
            os.devnull,
            "--rootdir",
            tmp_path,
            tmp_path,
        ],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(repository)},
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert all(outcome in done.stdout.splitlines()[-1] for outcome in outcomes), done.stdout
    assert (done.returncode == 0) == (not ci)


def test_the_fast_tests_reach_no_network() -> None:
    with socket.socket() as outgoing, pytest.raises(RuntimeError, match="tried to reach the network"):
        outgoing.connect(("127.0.0.1", 9))
    with pytest.raises(RuntimeError, match="tried to look up a host"):
        socket.create_connection(("example.invalid", 80))


def test_a_python_without_venv_is_told_which_package_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "venv.py").write_text("raise SystemExit('ensurepip is not available')\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(setup_host, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(setup_host, "VENV_PYTHON", tmp_path / ".venv" / "bin" / "python")
    with pytest.raises(setup_host.SetupFailed, match=r"apt-get install .*python3\.\d+-venv"):
        setup_host.make_environment("run", "stamp")
