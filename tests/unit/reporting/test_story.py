"""A household-month's story: sections from what the release has, every rule's answer, the loads behind; no names."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import duckdb
import pytest

from ingest.home import Home
from reporting.story import household_story

from .conftest import HOUSEHOLDS, build_warehouse, manifest

KEY = HOUSEHOLDS[0]
REREAD = "household_register-0123456789abcdef-r1"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with one release, in which the first household has two months."""
    here, made = Home(tmp_path / "var"), manifest()
    folder = here.releases / made["release_id"]
    folder.mkdir(parents=True)
    build_warehouse(folder / "warehouse.duckdb")
    (folder / "release.json").write_text(json.dumps(made, ensure_ascii=False), encoding="utf-8")
    here.current.symlink_to(Path("releases") / made["release_id"], target_is_directory=True)
    execute(
        here,
        "insert into marts.fct_household_risk_monthly "
        f"values ('{KEY}', '2021-11-30', '2021-11', true, false, null, 1.5)",
    )
    return here


def execute(here: Home, *statements: str) -> None:
    with duckdb.connect(str(here.current / "warehouse.duckdb")) as con:
        for statement in statements:
            con.execute(statement)


def story(here: Home, as_of: str | None = None) -> str:
    return "\n".join(household_story(here, KEY, date.fromisoformat(as_of) if as_of else None).lines)


def test_the_newest_month_is_told_with_every_rule(home: Home) -> None:
    told = story(home)
    assert "判断日 2021-12-31" in told
    assert "家庭人均纯收入 5432.10" in told
    assert "R04 边缘易致贫户：提示，观测 5432.1元/人·年，阈值 6000元/人·年" in told
    assert "阈值 monitoring_line" in told
    assert "R09 收入低于监测线：不明（收入未知或已超过十二个月）" in told
    assert "R05 突发严重困难户：本发布未逐户保存（未见问题或不适用）" in told
    assert told.index("【收入与支出】") < told.index("【逐条规则】") < told.index("【线索】")


def test_a_day_takes_the_month_judged_last_before_it(home: Home) -> None:
    told = story(home, "2021-12-15")
    assert "判断日 2021-11-30" in told
    assert "家庭人均纯收入 1.50" in told
    assert "提示，观测" not in told
    assert "【线索】无" in told  # it was raised in December


def test_a_rule_that_stands_in_the_release_is_told_whole(home: Home) -> None:
    execute(
        home,
        "create table intermediate.int_rule__r05 as select household_key, as_of_date, 'clear' as status, "
        f"0.25 as observed_value, 0.3 as threshold_value, 'ratio' as unit, 'income_fall' as threshold_id, "
        f'\'{{"loads":"{REREAD}"}}\' as evidence from marts.fct_household_risk_monthly',
    )
    told = story(home)
    assert "R05 突发严重困难户：未见问题，观测 25%，阈值 30%" in told
    assert f"{REREAD}：没有收据！" in told  # a load read again is followed under its own name


def test_a_view_over_a_purged_landing_falls_back_on_the_mart(home: Home) -> None:
    execute(
        home,
        "create table landing.purged as select * from marts.fct_household_findings_monthly",
        "create view intermediate.int_rule__r04 as select * from landing.purged",
        "drop table landing.purged",
    )
    assert "R04 边缘易致贫户：提示" in story(home)


def test_sections_appear_with_their_marts(home: Home) -> None:
    assert "家庭成员" not in story(home)
    execute(
        home,
        "create table marts.dim_person (person_key varchar, household_key varchar, edition_date date, labour_skill "
        "varchar, usable_from_date date)",
        f"insert into marts.dim_person values ('p1', '{KEY}', '2020-09-30', 'none', '2020-10-18'), "
        f"('p2', '{KEY}', '2021-09-30', 'full', '2021-10-15'), ('p3', '{KEY}', '2022-09-30', 'full', '2022-10-15')",
        "create table marts.fct_monitoring_steps_per_case (case_id varchar, household_key varchar, as_of_date date)",
        f"insert into marts.fct_monitoring_steps_per_case values ('C1', '{KEY}', '2021-12-31')",
    )
    told = story(home)
    assert "人员键 p2" in told
    assert "p1" not in told  # an older edition
    assert "p3" not in told  # not known by then
    assert "【程序步骤】\n  案件键 C1" in told


def test_what_cannot_be_told_says_so(home: Home) -> None:
    with pytest.raises(LookupError, match="32 hexadecimal digits"):
        household_story(home, "张三")
    with pytest.raises(LookupError, match="on or before 2016-01-01"):
        household_story(home, KEY, date(2016, 1, 1))
    with pytest.raises(LookupError, match="no release here"):
        household_story(home, "0" * 32)
