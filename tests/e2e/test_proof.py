"""The proof and the threshold simulator through the command line, in their short forms."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from proof import assumptions as p
from tests.e2e.conftest import Spine, shouxian


def _proved(folder: Path, *arguments: str, timeout: int) -> dict[str, Any]:
    done = shouxian(folder / "home", "prove", "--out", folder / "out", *arguments, timeout=timeout)
    assert done.code == 0, done.err
    assert "达到" in done.out
    page = (folder / "out" / "proof.html").read_text(encoding="utf-8")
    assert "http" not in page.replace("<!doctype html>", "")
    assert not (folder / "out" / "work").exists()
    record: dict[str, Any] = json.loads((folder / "out" / "proof.json").read_text(encoding="utf-8"))
    return record


def _is_whole(record: dict[str, Any]) -> None:
    for scored in (record["overall"], *record["rules"].values(), *record["rivals"].values()):
        for name in ("pod", "far", "csi", "hss"):
            one = scored[name]
            assert set(one) == {"value", "low", "high"}
            assert one["value"] is None or one["low"] <= one["value"] <= one["high"]
    assert set(record["goals"]) == set(record["crossings_alone"]["goals"]) == set(p.GOALS)
    wide, alone = record["counts"], record["crossings_alone"]["counts"]
    assert wide["events_with_effect"] >= alone["events_with_effect"]
    assert wide["region_months_unexplained"] <= alone["region_months_unexplained"]
    assert record["messages"]["most_per_change"] == 1


def test_a_short_proof_scores_a_world_and_finds_a_day_as_it_was(tmp_path: Path) -> None:
    record = _proved(
        tmp_path,
        *("--worlds", "1", "--days", "1", "--townships", "4", "--households", "200", "--from", "2020-01"),
        *("--threshold", "escalation_dimensions=1"),
        timeout=3600,
    )
    _is_whole(record)
    # One dimension at yellow is enough to lift a key: more is warned, and no rule says anything else.
    other = record["what_if"]
    assert (other["threshold"], other["before"], other["value"]) == ("escalation_dimensions", [2.0], 1.0)
    assert other["counts"] == record["counts"]
    assert other["warned_share_of_region_days"] > record["warned_share_of_region_days"]
    assert {r: one["hits"] for r, one in other["rules"].items()} == {
        r: one["hits"] for r, one in record["rules"].items()
    }
    assert record["counts"]["shocks"] > 20
    replayed = record["replayed"]
    assert replayed["compared"] > 0
    assert replayed["different"] == 0


@pytest.mark.long
def test_the_proof_covers_two_hundred_shocks(tmp_path: Path) -> None:
    record = _proved(tmp_path, timeout=7200)
    _is_whole(record)
    assert record["counts"]["shocks"] >= 200
    replayed = record["replayed"]
    assert len(replayed["days"]) == p.DAYS_REPLAYED
    assert replayed["different"] <= 0.05 * replayed["compared"]


def test_another_threshold_tells_other_notices_and_changes_nothing(spine: Spine, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(spine.home, home, symlinks=True)
    before = (home / "current" / "warehouse.duckdb").stat().st_mtime
    same = shouxian(home, "what-if", "--threshold", "employment_fall_red=0.12", "--officers", "2")
    assert same.code == 0, same.err
    assert "不再发出：0 条" in same.out
    assert "新发出：0 条" in same.out
    other = shouxian(home, "what-if", "--threshold", "employment_fall_red=0.9")
    assert other.code == 0, other.err
    assert "0.12 → 0.9" in other.out
    gone = int(other.out.split("不再发出：")[1].split(" ")[0])
    assert gone > 0
    assert (home / "current" / "warehouse.duckdb").stat().st_mtime == before
    assert not list(home.glob("what-if-*"))


def test_an_unknown_threshold_is_answered_with_names_near_it(spine: Spine) -> None:
    done = shouxian(spine.home, "what-if", "--threshold", "employment_fal_red=0.1")
    assert done.code == 1
    assert "employment_fall_red" in done.err
