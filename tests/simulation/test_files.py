"""What the departments' files hold: headers as promised, numbers that cannot be real, totals that add up."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections import Counter
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from ingest.contracts import Contract, Table, contracts
from simulation import Simulated, simulate
from simulation.dirt import spoil
from tests.conftest import REPOSITORY
from tests.simulation.conftest import ARGUMENTS, Worlds, files_of, rows_of

EXTRA = {"地区名称"}  # the price bureau writes the name beside the code; the contract does not need it
SILENT = {"responses"}  # nobody answers a notice where none was issued: files without rows
TABULAR = sorted(f for f, c in contracts().items() if c.format in {"csv", "xlsx"})


def _table(contract: Contract, headers: set[str]) -> Table:
    """The table that a file with these headings holds."""
    return next(t for t in contract.tables if headers <= {c.header for c in t.columns})


def _digest(folder: Path) -> dict[str, str]:
    return {
        str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()
    }


def test_the_same_seed_gives_the_same_bytes_and_another_does_not(tmp_path: Path) -> None:
    small: dict[str, Any] = {**ARGUMENTS, "households_per_township": 120, "first_month": "2021-10"}
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        simulate(tmp_path / name, seed=seed, dirt=0.02, **small)
    assert _digest(tmp_path / "one") == _digest(tmp_path / "again")
    assert _digest(tmp_path / "one") != _digest(tmp_path / "other")


def test_a_folder_that_holds_a_world_is_left_alone(calm: Simulated) -> None:
    with pytest.raises(ValueError, match="already holds a world"):
        simulate(calm.inbox.parent, seed=3, **ARGUMENTS)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"last_month": "2020-08"}, "lies before"),
        ({"first_month": "2020-13"}, "YYYY-MM"),
        ({"dirt": 1.5}, "share"),
        ({"townships": 123}, "townships"),
        ({"shock_kind": "meteor"}, "meteor"),
    ],
)
def test_wrong_arguments_are_named(tmp_path: Path, change: dict[str, Any], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        simulate(tmp_path / "out", seed=1, **{**ARGUMENTS, **change})
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("feed", TABULAR)
def test_headers_are_those_of_the_contract(worlds: Worlds, feed: str) -> None:
    contract = contracts()[feed]
    seen = set()
    for path in files_of(worlds(3, shock_kind="hog_price"), feed):
        # Only a name that must tell its region has to keep to the pattern: else the rows may tell the period.
        if contract.file_name and "region" in contract.file_name.groupindex:
            assert contract.file_name.search(path.name), path.name
        rows = rows_of(path)
        if not rows:
            continue
        headers = set(rows[0]) - EXTRA
        table = _table(contract, headers)
        assert {c.header for c in table.columns if not c.optional} <= headers, path.name
        seen.add(table.name)
    assert seen == ({t.name for t in contract.tables if t.melt is None} if feed not in SILENT else set())


@pytest.mark.parametrize("feed", TABULAR)
def test_clean_cells_keep_to_the_codes_and_to_what_is_required(calm: Simulated, feed: str) -> None:
    for path in files_of(calm, feed):
        rows = rows_of(path)
        columns = {c.header: c for c in _table(contracts()[feed], set(rows[0]) - EXTRA).columns} if rows else {}
        for row in rows:
            for header, cell in ((h, c) for h, c in row.items() if h not in EXTRA):
                assert cell or not columns[header].required, (path.name, header)
                assert not cell or not columns[header].codes or cell in columns[header].codes, (path.name, header)


def test_identity_numbers_are_valid_unique_and_of_no_region(calm: Simulated) -> None:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    newest = [r for p in files_of(calm, "household_register", "_人_") if "202109" in p.name for r in rows_of(p)]
    numbers = [r["证件号码"] for r in newest]
    gone = {
        r["证件号码"] for p in files_of(calm, "police_events") for r in rows_of(p) if r["事件类别"] in {"死亡", "迁出"}
    }
    oldest = {r["证件号码"] for p in files_of(calm, "household_register", "_人_") for r in rows_of(p)}
    assert len(oldest) == calm.counts["persons"]
    assert len(numbers) == len(set(numbers))
    assert oldest - set(numbers) <= gone
    assert gone
    for row in newest:
        number = row["证件号码"]
        assert number.startswith("8399")
        assert number[17] == "10X98765432"[sum(w * int(d) for w, d in zip(weights, number, strict=False)) % 11]
        if row["与户主关系"] in {"之子", "之父", "之孙子"}:
            assert int(number[16]) % 2 == 1
    assert any(any(ch in "䶮㛃" for ch in r["姓名"]) for r in newest) or calm.counts["persons"] < 5_000


def test_each_household_has_one_head_and_its_number_of_members(calm: Simulated) -> None:
    for households in files_of(calm, "household_register", "_户_"):
        persons = rows_of(households.with_name(households.name.replace("_户_", "_人_")))
        members = Counter(r["户编号"] for r in persons)
        heads = {r["户编号"]: r["证件号码"] for r in persons if r["与户主关系"] == "户主"}
        for row in rows_of(households):
            assert members[row["户编号"]] == int(row["家庭人口数"])
            assert heads[row["户编号"]] == row["户主证件号码"]
            assert len(row["户编号"]) == 20


def test_every_file_is_in_the_manifest_and_none_comes_after_the_end(calm: Simulated) -> None:
    lines = calm.arrivals.read_text(encoding="utf-8").splitlines()[1:]
    listed = dict(line.split(",") for line in lines)
    written = {str(p.relative_to(calm.inbox)) for p in calm.inbox.rglob("*") if p.is_file()} - {"arrivals.csv"}
    assert set(listed) == written
    assert max(map(datetime.fromisoformat, listed.values())) < datetime.fromisoformat("2022-01-01T00:00:00+08:00")
    assert lines[0].startswith("region_register/")
    assert files_of(calm, "hrss_employment", "202111")
    assert not files_of(calm, "hrss_employment", "202112")


def test_medical_lists_are_cumulative_and_their_footers_add_up(calm: Simulated) -> None:
    before: dict[str, float] = {}
    for path in files_of(calm, "medical_insurance", "_341302_2021"):
        rows = {r["证件号码"]: float(r["合规自付费用"]) for r in rows_of(path)}
        assert all(rows[person] >= paid for person, paid in before.items()), path.name
        footer = next(x for x in path.read_bytes().decode("gb18030").split("\r\n") if x.startswith("合计"))
        assert float(footer.split(",")[8]) == pytest.approx(sum(rows.values()), abs=0.001)
        before = rows
    assert before


def test_some_months_of_the_national_export_went_through_excel_as_numbers(calm: Simulated) -> None:
    import openpyxl

    kinds = {}
    for path in files_of(calm, "national_monitored_export"):
        sheet = openpyxl.load_workbook(path).active
        place = [c.value for c in sheet[2]].index("识别监测时间") + 1
        kinds[path.stem[-2:]] = type(sheet.cell(3, place).value)
        assert sheet["A1"].value == "（自定义）监测对象信息表"
    assert kinds["04"] is int
    assert kinds["05"] is str


def test_regions_of_the_register_nest(calm: Simulated) -> None:
    rows = rows_of(files_of(calm, "region_register")[0])
    codes = {r["code"] for r in rows}
    assert all(r["parent"] in codes for r in rows if r["parent"])
    assert sum(r["level"] == "township" for r in rows) == 122
    villages = {r["code"] for r in rows if r["level"] == "village"}
    homes = {r["村编码"] for r in rows_of(files_of(calm, "household_register", "_户_")[0])}
    assert homes <= villages


@pytest.mark.shared_data
def test_the_official_divisions_are_those_of_the_source(shared_data: Path) -> None:
    root = REPOSITORY
    source = (shared_data / "admin" / "divisions_34.csv").read_text(encoding="utf-8").splitlines()
    own = (root / "simulation/regions_3413.csv").read_text(encoding="utf-8").splitlines()
    assert own[1].startswith("34,")
    assert own[2:] == [line for line in source if line.startswith("3413")]


def test_dirt_strikes_about_its_share_of_rows_and_nothing_when_there_is_none(worlds: Worlds, calm: Simulated) -> None:
    dirty = worlds(3, shocks=False, dirt=0.05)
    clean_text = "".join(p.read_text(encoding="utf-8") for p in files_of(calm, "household_register", "_人_"))
    dirty_text = "".join(p.read_text(encoding="utf-8") for p in files_of(dirty, "household_register", "_人_"))
    changed = len(set(dirty_text.splitlines()) - set(clean_text.splitlines()))
    assert 0.03 < changed / len(clean_text.splitlines()) < 0.07
    assert "E+17" in dirty_text
    assert "E+17" not in clean_text
    record = json.loads(dirty.truth.read_text(encoding="utf-8"))
    assert record["arguments"]["dirt"] == 0.05


def test_rows_under_a_totals_row_are_spoilt_without_changing_its_sum() -> None:
    amounts = [f"{n}.37" for n in range(1_000, 3_000)]
    columns = {"总费用": pa.array(amounts)}
    spoilt = spoil(np.random.default_rng(1), "medical_insurance", columns, 0.5, workbook=False, totalled=True)[0][
        "总费用"
    ].to_pylist()
    plain = [unicodedata.normalize("NFKC", c).strip('"¥元').replace(",", "") for c in spoilt]
    read = [Decimal(c.removesuffix("万")) * (10_000 if c.endswith("万") else 1) for c in plain]
    assert sum(c != a for c, a in zip(spoilt, amounts, strict=True)) > 500
    assert sum(read) == sum(map(Decimal, amounts))
