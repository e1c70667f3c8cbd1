"""Where state lives, which prefecture this is and how far back it judges: only here is the environment asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
MOST_HISTORY_MONTHS = 240


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


def months_of_history() -> int:
    """How many months up to its day a run judges (SHOUXIAN_HISTORY_MONTHS, 24 by default). Raises ValueError."""
    said = os.environ.get("SHOUXIAN_HISTORY_MONTHS") or "24"
    if not said.isdecimal() or not 1 <= int(said) <= MOST_HISTORY_MONTHS:
        raise ValueError(
            f"SHOUXIAN_HISTORY_MONTHS is {said!r}; expected a number of months from 1 to {MOST_HISTORY_MONTHS}, "
            "such as 24, or 60 for statistics that ask for five years"
        )
    return int(said)
