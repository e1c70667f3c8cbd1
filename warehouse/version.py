"""Which code computed a run."""

from __future__ import annotations

import hashlib
import tomllib
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROOMS = ("ledger", "ingest", "dbt_project", "signals", "expectations", "warehouse", "reporting")


@cache
def code_version() -> str:
    """The project's version and a digest of the code and seeds that decide a run's numbers."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((ROOT / room).rglob("*")):
            if path.suffix in {".py", ".sql", ".yml", ".csv"} and "target" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    return f"{version}+{digest.hexdigest()[:12]}"
