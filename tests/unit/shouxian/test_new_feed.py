"""A scaffolded feed lands its own example, and the catalogue page is the contracts' own."""

from __future__ import annotations

from pathlib import Path

import pytest

from ingest import contracts as declared
from ingest.home import Home
from ingest.landing import land
from shouxian import catalogue
from shouxian.example_files import ROWS, file_name
from shouxian.new_feed import Draft, scaffold
from tests.conftest import REPOSITORY
from tests.conventions.contract_rules import RULES

HEADERS = ("统计月份", "姓名", "证件号码", "学校名称", "补助金额", "是否在校", "备注")
DRAFT = Draft("school_meals", "营养餐清单", "教育局", HEADERS)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    sources = tmp_path / "dbt_project" / "models" / "staging" / "sources.yml"
    sources.parent.mkdir(parents=True)
    sources.write_text("sources:\n      - {name: loads, description: loads}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("semantics", ["snapshot", "increment", "cumulative", "restatement"])
@pytest.mark.parametrize("file_format", ["csv", "xlsx"])
def test_a_scaffolded_feed_lands_its_example(
    root: Path, shouxian_home: Path, monkeypatch: pytest.MonkeyPatch, semantics: str, file_format: str
) -> None:
    draft = Draft("school_meals", "营养餐清单", "教育局", HEADERS, semantics, "m", file_format)
    written = scaffold(draft, root)
    assert [rule(root) for rule in RULES] == [[]] * len(RULES)
    contract = declared.read_contract(written[0])
    monkeypatch.setattr(declared, "FEEDS", root / "ingest" / "feeds")
    declared.contracts.cache_clear()
    try:
        target = root / "inbox" / "school_meals" / file_name(contract, contract.tables[0])
        target.parent.mkdir(parents=True)
        target.write_bytes(written[1].read_bytes())
        landed = land(root / "inbox", home=Home(shouxian_home))
    finally:
        monkeypatch.undo()
        declared.contracts.cache_clear()
    assert [str(e) for e in landed.rejected] == []
    assert [(r.rows_in, r.accepted) for r in landed.receipts] == [(ROWS, ROWS)]
    assert "name: school_meals," in (root / "dbt_project/models/staging/sources.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("draft", "word"),
    [
        (Draft("SchoolMeals", "x", "y", HEADERS), "no name"),
        (Draft("school_meals", "x", "y", ("姓名", "姓名")), "once"),
        (Draft("school_meals", "x", "y", ()), "once"),
        (Draft("school_meals", "x", "y", HEADERS, "sometimes"), "snapshot"),
    ],
)
def test_a_draft_that_cannot_be_is_refused_before_anything_is_written(root: Path, draft: Draft, word: str) -> None:
    with pytest.raises(ValueError, match=word):
        scaffold(draft, root)
    assert not (root / "ingest").exists()


def test_a_feed_that_exists_is_left_alone(root: Path) -> None:
    scaffold(DRAFT, root)
    with pytest.raises(ValueError, match="exists already"):
        scaffold(DRAFT, root)


def test_the_catalogue_page_is_what_the_contracts_say() -> None:
    assert (REPOSITORY / catalogue.PAGE).read_text(encoding="utf-8") == catalogue.page(), (
        "run: shouxian feeds --page docs/feeds.md"
    )
