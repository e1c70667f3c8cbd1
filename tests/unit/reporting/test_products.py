"""Products: every file named in the manifest, with its digest, under a name that cannot leave the folder."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from reporting import products

from .conftest import NOTICE, REGIONS

HEADINGS = {
    "region_code": "地区代码",
    "region_name": "地区",
    "region_level": "地区级别",
    "as_of_date": "统计日",
    "level": "等级代码",
    "level_zh": "等级",
    "shock_key": "冲击",
    "distress_key": "困苦",
    "top_drivers": "原因明细",
    "drivers_zh": "主要原因",
    "exposed_household_count": "受影响户",
    "vulnerable_household_count": "脱贫户和监测对象户",
    "new_lead_count_30d": "近30日线索户",
    "previous_lead_count_30d": "此前30日线索户",
    "cautions": "提示",
    "missing_feeds": "缺口",
    "is_withheld": "是否扣留",
    "level_as_of_date": "等级统计日",
    "thresholds_version": "阈值版本",
    "level_last_month": "上月同日等级",
}


READ_LABELS = products.labels


@pytest.fixture(autouse=True)
def headings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(products, "labels", lambda _: dict(HEADINGS))


def test_each_file_is_listed_with_its_digest(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    exports = products.write_products(tmp_path, warehouse, release, [NOTICE])
    assert [e["name"] for e in exports] == [
        "briefing.docx", "worklist_341321101000.xlsx", "levels.csv", "notices.json", "figures.json",
    ]  # fmt: skip
    for export in exports:
        assert hashlib.sha256((tmp_path / export["path"]).read_bytes()).hexdigest() == export["sha256"]
    assert {p.name for p in (tmp_path / "products").iterdir()} == {e["name"] for e in exports}
    assert [e["rows"] for e in exports][1:4] == [3, len(REGIONS), 1]


def test_two_writings_are_equal(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    first = products.write_products(tmp_path / "a", warehouse, release, [NOTICE])
    assert products.write_products(tmp_path / "b", warehouse, release, [NOTICE]) == first


def test_figures_stand_with_query_clause_and_loads(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    products.write_products(tmp_path, warehouse, release, [])
    figures = json.loads((tmp_path / "products" / "figures.json").read_text(encoding="utf-8"))["figures"]
    exposed = next(f for f in figures if f["key"] == "exposed_household_count|341321101000")
    assert exposed["value"] == 300
    assert exposed["sql"].startswith("select exposed_household_count")
    assert exposed["clause"] == "§2(3)"
    assert exposed["loads"]
    assert len({f["trace_id"] for f in figures}) == len(figures)


def test_a_withheld_worklist_is_not_written(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    release["gates"] = [{"region_code": "341321101000", "product": "worklist", "outcome": "withhold"}]
    exports = products.write_products(tmp_path, warehouse, release, [])
    assert not [e for e in exports if e["name"].startswith("worklist")]


def test_levels_are_in_chinese_and_compute_nothing(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute(
            "update marts.fct_region_risk_level_daily set region_name = '=1+1' where region_code like '341322101%'"
        )
    products.write_levels(tmp_path / "levels.csv", warehouse, release, HEADINGS)
    assert (tmp_path / "levels.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader((tmp_path / "levels.csv").open(encoding="utf-8-sig", newline="")))
    assert rows[0][:2] == ["地区代码", "地区"]
    assert len(rows) == len(REGIONS) + 1
    said = {row[0]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert said["341321101000"]["冲击"] == "橙色"
    assert said["341321101000"]["提示"] == "历史不足三年，只按绝对标准判断"
    assert said["341321102000"]["缺口"] == "易地搬迁集中安置点月报"
    assert said["341300000000"]["是否扣留"] == "否"
    assert "'=1+1" in {row[1] for row in rows}


def test_a_column_without_a_label_is_named(tmp_path: Path, warehouse: Path, release: dict[str, Any]) -> None:
    with pytest.raises(KeyError, match="cautions"):
        products.write_levels(tmp_path / "l.csv", warehouse, release, {**HEADINGS, "cautions": ""})


@pytest.mark.parametrize("township", ["../../etc/x", "341321101000/..", "a b", "=x"])
def test_a_code_cannot_lead_out_of_the_folder(
    tmp_path: Path, warehouse: Path, release: dict[str, Any], township: str
) -> None:
    with duckdb.connect(str(warehouse)) as con:
        con.execute("update intermediate.int_lead__household_leads set township_code = ?", [township])
    with pytest.raises(ValueError, match="file name"):
        products.write_products(tmp_path / "out", warehouse, release, [])


def test_labels_come_from_the_model_s_own_file(tmp_path: Path) -> None:
    (tmp_path / "m.yml").write_text(
        "models:\n  - name: m\n    columns:\n      - {name: a, config: {meta: {label_zh: 甲}}}\n      - {name: b}\n",
        encoding="utf-8",
    )
    assert all(READ_LABELS(products.MART_YML).values()), "every column of the mart has its label"
    assert READ_LABELS(tmp_path / "m.yml") == {"a": "甲", "b": ""}
