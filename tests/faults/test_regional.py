"""Restated series and disasters told twice (faults.md 26, 27): every vintage stays, and each event counts once."""

from __future__ import annotations

import io
import shutil
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import openpyxl
import pytest

from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from tests.e2e.conftest import build_models
from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault
from warehouse import stages

MARCH, APRIL = datetime(2021, 3, 4, 2, tzinfo=UTC), datetime(2021, 4, 6, 2, tzinfo=UTC)
MODEL = "models/intermediate/region/int_hazard__told_losses.sql"


@dataclass(frozen=True)
class ModelGuard(Guard):
    """A guard that is a line of a model: `target` is the model's path, `guarding` what it says there."""

    guarding: str = ""

    def take_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Models are then built from a copy of the project in which that model says `instead`."""
        copy = Path(tempfile.mkdtemp(prefix="shouxian-model-")) / stages.PROJECT.name
        shutil.copytree(stages.PROJECT, copy, ignore=shutil.ignore_patterns("target", "logs"))
        text = (copy / self.target).read_text(encoding="utf-8")
        assert self.guarding in text, f"{self.target} says no longer {self.guarding!r}"
        (copy / self.target).write_text(text.replace(self.guarding, str(self.instead)), encoding="utf-8")
        monkeypatch.setattr(stages, "PROJECT", copy)


def _landing(desk: Desk, path: Path | str = ":memory:") -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect(str(path))
    create_views(connection, desk.home, read_receipts(desk.home))
    return connection


def _workbook(rows: list[list[object]], title: str = "Sheet1") -> bytes:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.title = title
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _pink_sheet(maize: list[float]) -> bytes:
    months = [f"2021M{n:02d}" for n in range(1, len(maize) + 1)]
    head: list[list[object]] = [["World Bank Commodity Price Data (The Pink Sheet)"], [None, "Maize"], [None, "($/mt)"]]
    return _workbook([*head, *([m, p] for m, p in zip(months, maize, strict=True))], "Monthly Prices")


def _labour(unemployed: int) -> bytes:
    header = "统计月份,地区代码,登记失业人数,城镇新增就业人数,外出务工人数"
    return f"{header}\n2021-02,341302,{unemployed},210,90000\n".encode()


@fault(26, Guard("ingest.batches:load_id", lambda contract, *told, **named: contract.feed))
def test_fault_26_a_restated_figure_keeps_its_earlier_vintage(desk: Desk) -> None:
    """Both editions stay readable side by side, each with the moment at which it was known."""
    desk.land({"prices_world/pink_a.xlsx": _pink_sheet([234.5, 245.2])}, MARCH)
    desk.land({"prices_world/pink_b.xlsx": _pink_sheet([234.5, 246.9, 251.0])}, APRIL)
    desk.land({"labour_series/就业月报_202102.csv": _labour(4_100)}, MARCH)
    desk.land({"labour_series/就业月报_修订_202102.csv": _labour(4_180)}, APRIL)
    landing = _landing(desk)
    prices = landing.execute(
        "select known_at, price_usd from landing.world_price_monthly where price_month = date '2021-02-01' order by 1"
    ).fetchall()
    assert prices == [(_at(MARCH), Decimal("245.2")), (_at(APRIL), Decimal("246.9"))]
    unemployed = landing.execute(
        "select known_at, registered_unemployed_count from landing.labour_monthly order by 1"
    ).fetchall()
    assert unemployed == [(_at(MARCH), 4_100), (_at(APRIL), 4_180)]
    # What did not change is told twice and is the same: the change is what differs between two vintages.
    changed = landing.execute(
        """select price_month, max_by(price_usd, known_at) - min_by(price_usd, known_at) as change
        from landing.world_price_monthly group by price_month having count(distinct price_usd) > 1"""
    ).fetchall()
    assert [(str(month), change) for month, change in changed] == [("2021-02-01", Decimal("1.7"))]


def _at(moment: datetime) -> datetime:
    return moment.replace(tzinfo=None)


def _losses(event: str) -> bytes:
    header: list[object] = [
        *("灾情编号", "乡镇代码", "报告阶段", "上报时间", "灾害种类", "发生时间", "受灾人口", "紧急转移安置人口"),
        *("因灾死亡人口", "因灾失踪人口", "农作物受灾面积", "农作物成灾面积", "农作物绝收面积", "倒塌房屋户数"),
        *("损坏房屋户数", "受灾户数", "直接经济损失", "农业经济损失"),
    ]
    struck = "2021-03-02 15:00:00"
    figures = [120, 0, 0, 0, 300, 200, 0, 0, 4, 36, 90_000, 80_000]
    row: list[object] = [event, "341302113000", "初报", "2021-03-02 16:20:00", "冰雹", struck, *figures]
    return _workbook([header, row])


def _call(code: str, event: str | None, reported: str, hazard: str = "冰雹") -> list[object]:
    who: list[object] = [code, reported, "王福", "10000000001", "村干部", "某村", "341302113000", hazard]
    return [*who, "2021-03-02 15:00:00", 40, None, None, None, event, None]


def _calls(*rows: list[object]) -> bytes:
    header: list[object] = [
        *("报告编号", "报告时间", "报告人", "报告人电话", "报告人身份", "发生地点", "地区代码", "灾害类型", "发生时间"),
        *("受灾户数", "受灾人口", "农作物受灾面积", "倒塌房屋户数", "灾情编号", "情况说明"),
    ]
    return _workbook([header, *rows])


@fault(
    27,
    ModelGuard(MODEL, "told.until_date", "least(told.until_date, ended.better_date) as until_date"),
)
def test_fault_27_a_disaster_told_by_two_sources_counts_once_and_both_stay(desk: Desk, tmp_path: Path) -> None:
    """The desk's call and the bureau's report of one hail are one event; a fire that only the desk knows is another."""
    event = "ZQ341302202103021"
    calls = (
        _call("ZB1", None, "2021-03-02 15:12:00"),
        _call("ZB1", event, "2021-03-03 09:00:00"),
        _call("ZB2", None, "2021-03-02 15:30:00", "火灾"),
    )
    desk.land(
        {
            "duty_reports/值班电话报告_341302_20210302.xlsx": _calls(*calls),
            "loss_reports/灾情_341302_20210302.xlsx": _losses(event),
        },
        MARCH,
    )
    landing = _landing(desk, tmp_path / "warehouse.duckdb")
    assert landing.execute("select count(*) from landing.duty_reports").fetchall() == [(3,)]
    assert landing.execute("select count(*) from landing.loss_reports").fetchall() == [(1,)]
    landing.execute(
        """create table landing.run_clock as select '341300000000' as prefecture_code, date '2021-03-31' as as_of_date,
        12 as history_months, timestamp '2021-03-31 16:00:00' as known_at"""
    )
    landing.close()
    build_models(tmp_path, desk.home, ["+int_hazard__told_losses"])
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as built:
        told = built.execute(
            """select event_code, source_kind, hazard_code, household_count
            from intermediate.int_hazard__told_losses order by event_code"""
        ).fetchall()
    assert told == [("ZB2", "duty_report", "fire", 40), (event, "loss_report", "hail", 36)]
