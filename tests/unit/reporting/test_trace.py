"""Tracing: a number is computed again, its loads are hashed again, and what was changed is told."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.home import Home
from ingest.receipts import Receipt
from reporting import products
from reporting.trace import release_folders, trace

from .conftest import HOUSEHOLDS, NOTICE, build_warehouse, manifest
from .test_products import HEADINGS

LOAD = "household_register-0123456789abcdef"


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release and one load, made once."""
    here, made = Home(tmp_path_factory.mktemp("released") / "var"), manifest()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(products, "labels", lambda _: dict(HEADINGS))
        _release(here, made)
    here.current.symlink_to(Path("releases") / made["release_id"], target_is_directory=True)
    _load(here)
    return here.root


@pytest.fixture
def home(tmp_path: Path, released: Path) -> Home:
    return Home(Path(shutil.copytree(released, tmp_path / "var", symlinks=True)))


def _release(here: Home, manifest: dict[str, Any]) -> None:
    folder = here.releases / manifest["release_id"]
    folder.mkdir(parents=True)
    build_warehouse(folder / "warehouse.duckdb")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute("update landing.loads set load_id = ? where load_id like 'household_register-%'", [LOAD])
        con.execute(
            "delete from landing.loads where feed <> 'household_register' or scope_region_code <> '341321000000'"
        )
    manifest["exports"] = products.write_products(folder, folder / "warehouse.duckdb", manifest, [NOTICE])
    (folder / "release.json").write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")


def _load(here: Home) -> None:
    folder = here.landing / "household_register" / LOAD
    folder.mkdir(parents=True)
    (folder / "register_households.parquet").write_bytes(b"PAR1 rows PAR1")
    receipt = Receipt(
        feed="household_register",
        table="register_households",
        load_id=LOAD,
        sha256="ab" * 32,
        file_name="农户信息登记表_341321_202109.xlsx",
        received_at=datetime(2021, 10, 20, 1, tzinfo=UTC),
        outcome="landed",
        rows_in=100,
        accepted=99,
        quarantined=1,
        rows_path="register_households.parquet",
        rows_sha256=hashlib.sha256(b"PAR1 rows PAR1").hexdigest(),
    )
    (folder / "receipt.json").write_text(json.dumps(receipt.to_json(), ensure_ascii=False), encoding="utf-8")


def _figure(here: Home, key: str) -> str:
    document = json.loads((here.current / "products" / "figures.json").read_text(encoding="utf-8"))
    return str(next(f["trace_id"] for f in document["figures"] if f["key"] == key))


def test_a_figure_is_computed_again_and_its_loads_hashed_again(home: Home) -> None:
    found = trace(home, _figure(home, "exposed_household_count|341321101000"))
    text = "\n".join(found.lines)
    assert found.agrees
    assert "当时的数值：300 户" in text
    assert "现在重算：300 户，一致" in text
    assert "第二部分第（三）项" in text
    assert "农户信息登记表_341321_202109.xlsx" in text
    assert "落地文件校验一致" in text


def test_a_changed_warehouse_is_told(home: Home) -> None:
    trace_id = _figure(home, "exposed_household_count|341321101000")
    with duckdb.connect(str(home.current / "warehouse.duckdb")) as con:
        con.execute("update marts.fct_region_risk_level_daily set exposed_household_count = 7")
    found = trace(home, trace_id)
    assert not found.agrees
    assert any("现在重算：7 户，不一致" in line for line in found.lines)


def test_a_changed_or_lost_landing_is_told(home: Home) -> None:
    trace_id = _figure(home, "exposed_household_count|341321101000")
    rows = home.landing / "household_register" / LOAD / "register_households.parquet"
    rows.write_bytes(b"PAR1 more PAR1")
    changed = trace(home, trace_id)
    assert not changed.agrees
    assert any("已被改动" in line for line in changed.lines)
    rows.unlink()
    assert not trace(home, trace_id).agrees


def test_an_evicted_database_leaves_the_figure_told(home: Home) -> None:
    trace_id = _figure(home, "exposed_household_count|341321101000")
    (home.current / "warehouse.duckdb").unlink()
    found = trace(home, trace_id)
    assert not found.agrees
    assert any("不能重算" in line for line in found.lines)
    assert any("300" in line for line in found.lines)


def test_rows_behind_a_figure_are_keys_and_at_most_twenty(home: Home) -> None:
    found = trace(home, _figure(home, "leads|count(*)"))
    assert any("由 3 行得出" in line for line in found.lines)
    assert any(HOUSEHOLDS[0] in line for line in found.lines)


def test_a_threshold_shows_its_origin_and_dates(home: Home) -> None:
    found = trace(home, _figure(home, "threshold|monitoring_line"))
    assert any("阈值 monitoring_line：6000" in line and "2021-12-31" in line for line in found.lines)


def test_a_lead_shows_its_finding_clause_and_loads(home: Home) -> None:
    found = trace(home, "E0000000000000000")
    text = "\n".join(found.lines)
    assert found.kind == "lead"
    assert found.agrees
    assert "R04 边缘易致贫户" in text
    assert LOAD in text
    assert "阈值 monitoring_line" in text


def test_a_household_shows_its_months_and_findings(home: Home) -> None:
    found = trace(home, HOUSEHOLDS[0])
    text = "\n".join(found.lines)
    assert "period=2021-12" in text
    assert "R09 unknown" in text


def test_a_load_shows_its_receipt(home: Home) -> None:
    found = trace(home, LOAD)
    assert found.agrees
    assert any("accepted: 99" in line for line in found.lines)


def test_a_release_is_told_by_its_name(home: Home, release: dict[str, Any]) -> None:
    found = trace(home, release["release_id"])
    assert found.kind == "release"
    assert any("products/briefing.docx" in line for line in found.lines)


def test_notices_are_asked_of_the_caller(home: Home) -> None:
    asked = {"N341321101-20211231-opened-red": ["提示"]}
    assert trace(home, "N341321101-20211231-opened-red", notices=asked.get).lines == ["提示"]
    with pytest.raises(LookupError):
        trace(home, "N341321101-20211231-closed-none", notices=asked.get)


def test_the_current_release_answers_first_then_older_ones(home: Home, release: dict[str, Any]) -> None:
    newer = {**release, "release_id": "release-20220131-x-1", "known_at": "2022-01-31T16:00:00Z"}
    folder = shutil.copytree(home.current.resolve(), home.releases / newer["release_id"])
    (folder / "release.json").write_text(json.dumps(newer), encoding="utf-8")
    assert [f.name for f in release_folders(home)] == [release["release_id"], newer["release_id"]]
    (home.releases / release["release_id"] / "products" / "figures.json").unlink()
    found = trace(home, json.loads(
        (home.releases / newer["release_id"] / "products" / "figures.json").read_text(encoding="utf-8")
    )["figures"][0]["trace_id"])  # fmt: skip
    assert any(newer["release_id"] in line for line in found.lines)


@pytest.mark.parametrize(
    "unknown",
    ["F0000000000", "E9999999999999999", "f" * 32, "medical_insurance-0123456789abcdef", "../../etc/passwd", "", "x"],
)
def test_an_unknown_id_is_told_what_ids_look_like(home: Home, unknown: str) -> None:
    with pytest.raises(LookupError, match="figure F"):
        trace(home, unknown)
