"""The seeds about regions speak of regions that exist in the real division codes, and of none of their names."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY, SHARED_DATA

pytestmark = pytest.mark.shared_data
SEEDS = REPOSITORY / "dbt_project" / "seeds" / "reference"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def test_aliases_and_heirs_are_regions_of_the_register_and_no_alias_is_a_name() -> None:
    divisions = rows(SHARED_DATA / "admin" / "divisions_34.csv")
    codes = {row["code"].ljust(12, "0") for row in divisions}
    aliases, crosswalk = rows(SEEDS / "region_aliases.csv"), rows(SEEDS / "region_crosswalk.csv")
    assert {row["region_code"] for row in aliases} <= codes
    assert {row["new_code"] for row in crosswalk} <= codes
    assert not {row["old_code"] for row in crosswalk} & codes
    sure = {row["alias_text"] for row in aliases if row["basis"] != "generic"}
    assert not sure & {row["name"] for row in divisions}
