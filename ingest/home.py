"""Where state lives, and which prefecture this is: the only place that reads the environment for it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Home:
    """The folders under SHOUXIAN_HOME. Folders of the vault are readable by their owner alone."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    @property
    def keys(self) -> Path:
        """Keys belong on another medium than the data: deployments set SHOUXIAN_KEYS."""
        return Path(os.environ.get("SHOUXIAN_KEYS") or self.root / "keys").absolute()

    @property
    def landing(self) -> Path:
        return self.root / "landing"

    @property
    def runs(self) -> Path:
        return self.root / "runs"

    @property
    def store(self) -> Path:
        return self.root / "store"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def current(self) -> Path:
        return self.root / "current"

    @property
    def airflow(self) -> Path:
        return self.root / "airflow"

    @property
    def ledger_url(self) -> str:
        return os.environ.get("SHOUXIAN_LEDGER_URL") or f"sqlite:///{self.root / 'ledger.db'}"


def home() -> Home:
    """The home named by SHOUXIAN_HOME, ./var if it names none."""
    return Home(Path(os.environ.get("SHOUXIAN_HOME") or "var").absolute())


def prefectures() -> tuple[str, ...]:
    """The prefectures this installation judges, as 6-digit codes (SHOUXIAN_PREFECTURES, Suzhou by default)."""
    codes = os.environ.get("SHOUXIAN_PREFECTURES") or "341300"
    return tuple(code.strip().ljust(6, "0") for code in codes.split(",") if code.strip())
