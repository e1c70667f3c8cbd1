"""Reads the tree that the conventions judge, be it this repository or a small planted one."""

from __future__ import annotations

import ast
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

# Rooms by their place in the list of architecture.md: an import may point to a smaller number only.
ROOMS = {
    "ledger": 0,
    "ingest": 1,
    "signals": 3,
    "expectations": 4,
    "warehouse": 5,
    "reporting": 6,
    "dashboard": 7,
    "shouxian": 8,
    "dags": 9,
}
OUTSIDE_THE_LIST = ("simulation", "benchmarks", "proof")
NOT_OURS = frozenset({".git", ".venv", "var", "target", "logs", ".hypothesis", "__pycache__"})
MODELS = "dbt_project/models"


def files(root: Path) -> list[Path]:
    """What the repository holds or is about to hold: git's view, or in a tree without git all that is not made."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0 and (root / ".git").exists():
        found: Iterator[Path] = (root / name for name in listed.stdout.decode().split("\0") if name)
    else:
        found = _walk(root)
    return sorted(path for path in found if path.is_file())


def _walk(root: Path) -> Iterator[Path]:
    for folder, below, names in os.walk(root):
        below[:] = [name for name in below if name not in NOT_OURS and not name.endswith("_cache")]
        yield from (Path(folder, name) for name in names)


def python_files(root: Path) -> Iterator[tuple[Path, str, ast.Module]]:
    """Each Python file with its path from the root, its text and its tree."""
    for path in files(root):
        if path.suffix == ".py":
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(root), text, ast.parse(text, str(path))


def sql_files(root: Path, under: str = "dbt_project") -> Iterator[tuple[Path, str]]:
    """Each SQL file below `under` with its path from the root and its text."""
    for path in files(root):
        if path.suffix == ".sql" and path.is_relative_to(root / under):
            yield path.relative_to(root), path.read_text(encoding="utf-8")


def yaml_files(root: Path, under: str) -> Iterator[tuple[Path, Any]]:
    """Each YAML file below `under` with its path from the root and its content."""
    for path in files(root):
        if path.suffix in {".yml", ".yaml"} and path.is_relative_to(root / under):
            yield path.relative_to(root), yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def without_comments(sql: str) -> str:
    """The SQL with its comments blanked, each line in its place."""

    def blank(found: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", found[0])

    return re.sub(r"\{#.*?#\}|/\*.*?\*/|--[^\n]*", blank, sql, flags=re.DOTALL)


def line_of(text: str, position: int) -> int:
    """The line, counted from 1, on which this position stands."""
    return text.count("\n", 0, position) + 1
