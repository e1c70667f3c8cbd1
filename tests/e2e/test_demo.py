"""`make run` as a user types it, at full density: the schedule's own DAGs, one shock, and the same place in peace."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ledger import Ledger
from tests.e2e.conftest import shouxian

SECONDS_FOR_ALL = 1200


@pytest.mark.parametrize("seed", [11])
def test_the_struck_region_is_raised_and_a_notice_waits(tmp_path: Path, seed: int) -> None:
    said = shouxian(tmp_path, "demo", "--seed", str(seed), timeout=SECONDS_FOR_ALL)
    assert said.code == 0, said.err[-3000:]
    assert f"随机种子 {seed}" in said.err
    assert "→ 相符" in said.err
    assert "打击之外的橙色、红色地区：0 个" in said.err
    assert Ledger(f"sqlite:///{tmp_path / 'ledger.db'}").notices("awaiting_approval")
    products = tmp_path / "current" / "products"
    assert (products / "briefing.docx").is_file()
    assert list(products.glob("worklist_*.xlsx"))
    manifest = json.loads((tmp_path / "current" / "release.json").read_text(encoding="utf-8"))
    assert manifest["known_at"] == "2021-12-31T18:00:00Z"


@pytest.mark.long
def test_in_peace_nobody_is_asked_to_approve_anything(tmp_path: Path) -> None:
    said = shouxian(tmp_path, "demo", "--seed", "12", "--no-shocks", timeout=SECONDS_FOR_ALL)
    assert said.code == 0, said.err[-3000:]
    assert "橙色、红色地区 0 个（相符）" in said.err
    assert "待批准的地区提示：0 条" in said.err


def test_a_home_with_other_data_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "landing" / "medical_insurance").mkdir(parents=True)
    said = shouxian(tmp_path, "demo", "--seed", "1")
    assert said.code == 1
    assert "SHOUXIAN_HOME" in said.err
    assert (tmp_path / "landing" / "medical_insurance").is_dir()
