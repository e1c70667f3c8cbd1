"""Lints the models' SQL, each file once: what was found clean under the same rules and macros is not asked again.

sqlfluff needs half a minute for all files, which is too long before every commit. `python -m tests.lint_sql FOLDER…`
ends with sqlfluff's own code; the memory is a file beside the other tools' caches, and a clean clone has none.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parents[1]
MEMORY = ROOT / ".sqlfluff_cache" / "clean.json"


def digests(files: Iterable[Path], root: Path = ROOT) -> dict[str, str]:
    """By file the digest of its text and of everything else that decides whether it is clean."""
    rules = hashlib.sha256(version("sqlfluff").encode())
    for path in [root / ".sqlfluff", *sorted((root / "dbt_project" / "macros").rglob("*.sql"))]:
        rules.update(path.read_bytes())
    return {str(p): hashlib.sha256(rules.digest() + p.read_bytes()).hexdigest() for p in files}


def lint(folders: Sequence[str], memory: Path = MEMORY) -> int:
    """Asks sqlfluff about the files that are not known to be clean; its exit code."""
    found = digests(sorted(p for folder in folders for p in Path(folder).rglob("*.sql")))
    known = set(json.loads(memory.read_text(encoding="utf-8"))) if memory.exists() else set()
    asked = [path for path, digest in found.items() if digest not in known]
    if asked:
        command = [str(Path(sys.executable).parent / "sqlfluff"), "lint", "--processes", "2", "--disable-progress-bar"]
        code = subprocess.run([*command, *asked], check=False).returncode
        if code:
            return code
    memory.parent.mkdir(exist_ok=True)
    memory.write_text(json.dumps(sorted(found.values())), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(lint(sys.argv[1:]))
