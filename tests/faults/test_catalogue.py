"""The catalogue is covered: every case of ingest content and of hostile files has a named test with a guard."""

from __future__ import annotations

import re
from pathlib import Path

NAMED = re.compile(r"^@fault\(\s*(\d+),.*?^def (test_fault_(\d+)_\w+)", re.MULTILINE | re.DOTALL)
INGEST_CONTENT, HOSTILE_FILES = range(1, 29), range(51, 61)


def test_every_case_has_a_test_that_bears_its_number() -> None:
    cases = {}
    for path in Path(__file__).parent.glob("test_*.py"):
        for marked, name, number in NAMED.findall(path.read_text(encoding="utf-8")):
            assert int(marked) == int(number), f"{path.name}: {name} is marked as case {marked}"
            cases.setdefault(int(number), []).append(name)
    assert [n for n in (*INGEST_CONTENT, *HOSTILE_FILES) if n not in cases] == []
