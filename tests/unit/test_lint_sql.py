"""A file that was clean is asked about again as soon as it, a macro or the rules change, and never passes unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lint_sql import digests, lint

DIRTY = "SELECT a from b"


def test_a_dirty_file_is_told_every_time_and_a_clean_one_asked_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, memory = tmp_path / "m.sql", tmp_path / "cache" / "clean.json"
    (tmp_path / ".sqlfluff").write_text("[sqlfluff]\ndialect = duckdb\ntemplater = raw\n", encoding="utf-8")
    model.write_text(DIRTY, encoding="utf-8")
    assert lint([str(tmp_path)], memory) == lint([str(tmp_path)], memory) == 1
    assert not memory.exists()
    model.write_text("select a from b\n", encoding="utf-8")
    assert lint([str(tmp_path)], memory) == 0
    monkeypatch.setattr("tests.lint_sql.subprocess.run", lambda *a, **k: pytest.fail("asked again"))
    assert lint([str(tmp_path)], memory) == 0


def test_rules_and_macros_count(tmp_path: Path) -> None:
    (tmp_path / "dbt_project" / "macros").mkdir(parents=True)
    macro, rules, model = tmp_path / "dbt_project" / "macros" / "a.sql", tmp_path / ".sqlfluff", tmp_path / "m.sql"
    for path in (macro, rules, model):
        path.write_text("1", encoding="utf-8")
    seen = {digests([model], tmp_path)[str(model)]}
    for path in (macro, rules, model):
        path.write_text("2", encoding="utf-8")
        seen.add(digests([model], tmp_path)[str(model)])
    assert len(seen) == 4
