"""Conventions of any file: no address of a package index, no path of one machine, no secret, nothing huge."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from tests.conventions.tree import files, line_of

LARGEST_BYTES = 1 << 20
# Letters in brackets keep these patterns from finding themselves.
INDEX_ADDRESS = re.compile(
    r"p[y]pi\.(?:org|python\.org|tuna)|pythonh[o]sted\.org|https?://[^\s\"']*/s[i]mple\b|r[e]gistry\.npmjs"
    r"|https?://m[i]rrors?\.|--(?:extra-)?index-u[r]l[ =]\s*\S+://|\bd[e]b\.debian\.org"
)
MACHINE_PATH = re.compile(
    r"(?<![\w.$}-])/(?:(?:w[o]rk|f[a]rm|r[o]ot|U[s]ers/\w+|h[o]me/(?!airflow\b)\w+|t[m]p)/[\w.-]+|opt/(?:p[y]pi|wheels)\b)"
)
SECRETS = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIV[A]TE KEY"),
    "an access token": re.compile(r"\b(?:AK[I]A[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{30,}|xox[bp]-[\w-]{20,})"),
    "a password in an address": re.compile(r"\b[a-z][a-z0-9+]*://[\w.-]+:(?![$<{])[^\s:/@$<{]{3,}@"),
}
ASSIGNED_SECRET = re.compile(
    r"^[ \t]*-?[ \t]*[\"']?[\w.]*(?:passw(?:or)?d|secret|token|api_?key|fernet_key)[\w.]*[\"']?[ \t]*[:=][ \t]*"
    r"[\"']?(?![\s$<{\[!/]|\*+|true|false|null|none)[^\s\"'$<{]{6,}",
    re.IGNORECASE | re.MULTILINE,
)
# A simulated world's truth as a path, or as the name of its folder or of one of its files.
SIMULATED_TRUTH = re.compile(r"\btruth[/\\]|[/\\\"'`]truth\b|\btruth\.json\b")
JUDGING_ROOMS = frozenset({"ledger", "ingest", "signals", "expectations", "warehouse", "reporting", "dbt_project"})
SETTINGS = frozenset({".yml", ".yaml", ".env", ".cfg", ".ini", ".toml", ".conf", ".json"})


def _texts(root: Path) -> Iterator[tuple[Path, str]]:
    for path in files(root):
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            yield path.relative_to(root), content.decode("utf-8", errors="replace")


def _found(root: Path, pattern: re.Pattern[str], what: str, only: frozenset[str] = frozenset()) -> list[str]:
    return [
        f"{path}:{line_of(text, found.start())}: {what}"
        for path, text in _texts(root)
        if not only or path.suffix in only or path.name.startswith(".env")
        for found in pattern.finditer(text)
    ]


def no_file_names_a_package_index(root: Path) -> list[str]:
    """Where packages come from is the machine's business."""
    return _found(root, INDEX_ADDRESS, "the address of a package index")


def no_file_names_a_machine_path(root: Path) -> list[str]:
    """A path that exists on one machine only."""
    return _found(root, MACHINE_PATH, "a path of one machine")


def no_file_holds_a_secret(root: Path) -> list[str]:
    """No key, token or password; settings take theirs from the environment. The finding does not repeat it."""
    wrong = [line for what, pattern in SECRETS.items() for line in _found(root, pattern, what)]
    return wrong + _found(root, ASSIGNED_SECRET, "a secret in a settings file", SETTINGS)


def no_file_is_huge(root: Path) -> list[str]:
    """A megabyte is data, and data is made or fetched, not kept."""
    return [
        f"{path.relative_to(root)}: {path.stat().st_size} bytes"
        for path in files(root)
        if path.stat().st_size > LARGEST_BYTES
    ]


def no_rule_sees_the_truth(root: Path) -> list[str]:
    """What a simulated world really holds measures the rules: nothing that lands, judges or reports names it."""
    found = _found(root, SIMULATED_TRUTH, "the truth of a simulated world")
    return [line for line in found if line.split("/")[0] in JUDGING_ROOMS]


RULES = (
    no_file_names_a_package_index,
    no_file_names_a_machine_path,
    no_file_holds_a_secret,
    no_file_is_huge,
    no_rule_sees_the_truth,
)
