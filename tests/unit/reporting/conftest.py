"""A small warehouse with the marts' columns: one prefecture, two counties, four townships, a price and a flood."""

from __future__ import annotations

import json
import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.contracts import contracts

SEEDS = Path(__file__).parents[3] / "dbt_project" / "seeds" / "policy"
AS_OF = date(2021, 12, 31)
# code, name, level of region, level, shock, distress, exposed, V, leads, leads before, cautions, missing feeds
REGIONS = [
    ("341300000000", "宿州市", "prefecture", "blue", "blue", "none", 400, 6200, 61, 20, None, None),
    ("341321000000", "砀山县", "county", "orange", "orange", "blue", 350, 3000, 55, 10, None, None),
    ("341322000000", "萧县", "county", "none", "none", "none", 50, 3200, 6, 10, None, "relocation_sites"),
    ("341321101000", "赵屯镇", "township", "red", "orange", "orange", 300, 1500, 48, 6, "tier_c", None),
    ("341321102000", "李庄镇", "township", "yellow", "yellow", "blue", 50, 1500, 7, 4, None, "relocation_sites"),
    ("341322101000", "龙城镇", "township", "none", "none", "none", 50, 3200, 6, 10, None, "relocation_sites"),
    (
        "341322102000", "黄口镇", "township", "unknown", "unknown", "unknown", None, 0, 0, 0,
        "no_households_registered", None,
    ),
]  # fmt: skip
PEAR = "酥梨价格比前三年同期均价低24.2%，已连续5周，靠它谋生的脆弱户300户"
HARDSHIP = "近30日新增困难户48户，此前30日6户，脆弱户共1500户"
RAIN = "暴雨预警过程，受影响脆弱户50户，占脆弱户3.3%"
HOG = "猪粮比价5.57:1，界线6.0:1，靠它谋生的脆弱户50户"
DRIVERS = {
    "red": [
        ("price", "R19", "pear", "orange", 0.2417, "ratio", 0.2, "price_fall_orange", PEAR),
        ("distress", "R25", "new_hardship", "orange", 48.0, "leads/30 days", 15.0, "distress_leads_blue", HARDSHIP),
    ],
    "orange": [("price", "R19", "pear", "orange", 0.2417, "ratio", 0.2, "price_fall_orange", PEAR)],
    "yellow": [
        ("hazard", "R12", "rainstorm", "yellow", 0.0333, "ratio", 0.02, "hazard_matrix:orange", RAIN),
        ("price", "R19", "hog", "yellow", 5.57, "ratio", 6.0, "hog_ratio_yellow", HOG),
    ],
    "blue": [("price", "R19", "pear", "blue", 0.11, "ratio", 0.1, "price_fall_blue", "酥梨价格低11%，已连续3周")],
}
DRIVER_NAMES = (
    "dimension",
    "rule_id",
    "subject",
    "level",
    "observed_value",
    "unit",
    "threshold_value",
    "threshold_id",
    "text_zh",
)
LEVEL_ZH = {"none": "无", "blue": "蓝色", "yellow": "黄色", "orange": "橙色", "red": "红色", "unknown": "未知"}
HOUSEHOLDS = [f"{n:032x}" for n in (0xA1 << 120, 0xB2 << 120, 0xC3 << 120, 0xD4 << 120)]
NOTICE = {
    "notice_id": "N341321101-20211231-opened-red",
    "episode_id": "E341321101-20211229",
    "region_code": "341321101000",
    "region_name": "赵屯镇",
    "level": "red",
    "level_zh": "红色",
    "previous_level": "none",
    "change": "opened",
    "opened_on": "2021-12-29",
    "status": "awaiting_approval",
    "drivers_zh": "酥梨价格较前三年同期均价低24.2%",
    "as_of_date": "2021-12-31",
}


def build_warehouse(path: Path, *, reason_zh: str = "人均纯收入低于监测线，且因病自付支出较大") -> Path:
    """Writes a warehouse.duckdb with the tables that reporting reads; policy seeds are the real ones."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(path)) as con:
        for schema in ("landing", "policy", "marts", "intermediate"):
            con.execute(f"create schema {schema}")
        _landing(con)
        _policy(con)
        _levels(con)
        _impacts(con)
        _episodes(con)
        _households(con, reason_zh)
    return path


def _landing(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create table landing.loads (feed varchar, table_name varchar, load_id varchar, sha256 varchar, "
        "file_name varchar, received_at timestamp, known_at timestamp, known_at_basis varchar, "
        "period_start_date date, period_end_date date, scope_region_code varchar, rows_in bigint, accepted bigint, "
        "quarantined bigint, duplicates bigint, poll_at timestamp, is_withheld boolean)"
    )
    for number, feed in enumerate(contracts()):
        if feed == "warnings_cap":  # never delivered
            continue
        for scope in ("341321000000", "341322000000"):
            load_id = f"{feed}-{number:08x}{scope[:8]}"
            arrived = datetime.fromisoformat("2021-12-06T02:30")
            con.execute(
                "insert into landing.loads values (?, ?, ?, ?, ?, ?, ?, 'received', '2021-11-01', '2021-11-30', ?, "
                "102, 100, 1, 1, null, ?)",
                [feed, feed, load_id, "ab" * 32, f"{feed}_{scope[:6]}_202111.xlsx", arrived, arrived, scope,
                 feed == "verdicts"],
            )  # fmt: skip
    con.execute(
        "create table landing.run_clock as select date '2021-12-31' as as_of_date, "
        "timestamp '2021-12-31 16:00:00' as known_at, 24 as history_months, '341300000000' as prefecture_code"
    )
    con.execute("create table landing.withheld_feeds (feed varchar, reason varchar)")
    con.execute("insert into landing.withheld_feeds values ('verdicts', '按运行参数不使用')")


def _policy(con: duckdb.DuckDBPyConnection) -> None:
    for seed in ("thresholds", "rules", "levels", "documents", "key_feeds", "shock_kinds"):
        con.execute(f"create table policy.{seed} as select * from read_csv('{SEEDS / seed}.csv')")
    con.execute("create table policy.cautions (caution varchar, text_zh varchar)")
    con.execute(
        "insert into policy.cautions values ('income_unknown', '收入未知或已超过十二个月'), "
        "('tier_c', '历史不足三年，只按绝对标准判断'), "
        "('no_households_registered', '没有农户登记数据')"
    )


def _levels(con: duckdb.DuckDBPyConnection) -> None:
    con.execute(
        "create table marts.fct_region_risk_level_daily (region_code varchar, region_name varchar, "
        "region_level varchar, as_of_date date, level varchar, level_zh varchar, shock_key varchar, "
        "distress_key varchar, top_drivers varchar, drivers_zh varchar, exposed_household_count bigint, "
        "vulnerable_household_count bigint, "
        "new_lead_count_30d bigint, previous_lead_count_30d bigint, cautions varchar, missing_feeds varchar, "
        "is_withheld boolean, level_as_of_date date, thresholds_version varchar, level_last_month varchar)"
    )
    for code, name, kind, level, shock, distress, exposed, v, leads, before, cautions, missing in REGIONS:
        drivers = [dict(zip(DRIVER_NAMES, d, strict=True)) for d in DRIVERS.get(level, [])]
        month_before = "none" if level != "yellow" else "orange"
        for as_of, then, last in ((AS_OF, level, month_before), (date(2021, 11, 30), month_before, None)):
            con.execute(
                f"insert into marts.fct_region_risk_level_daily values ({', '.join('?' * 20)})",
                [code, name, kind, as_of, then, LEVEL_ZH[then], shock, distress,
                 json.dumps(drivers, ensure_ascii=False), "；".join(d["text_zh"] for d in drivers) or None, exposed, v,
                 leads, before, cautions, missing, False, as_of, "0123456789abcdef", last],
            )  # fmt: skip


def _episodes(con: duckdb.DuckDBPyConnection) -> None:
    """An overdue episode, one that is answered, one at blue and one that is over."""
    con.execute(
        "create table marts.fct_region_risk_per_episode (episode_id varchar, region_code varchar, region_name varchar, "
        "level varchar, level_zh varchar, opened_on date, closed_on date, owner_departments varchar, "
        "response_owners varchar, response_measures varchar, response_due_on date, response_state varchar)"
    )
    for row in (
        ["E341321101-20211229", "341321101000", "赵屯镇", "red", "红色", "2021-12-29", None, "农业农村、市场监管",
         None, None, "2021-12-29", "overdue"],
        ["E341321102-20211201", "341321102000", "李庄镇", "yellow", "黄色", "2021-12-01", None, "水利",
         "应急、水利", "转移受威胁农户；抢修排涝泵站", "2021-12-08", "owned"],
        ["E341300000-20211201", "341300000000", "宿州市", "blue", "蓝色", "2021-12-01", None, "水利",
         None, None, None, "none_needed"],
        ["E341322101-20211101", "341322101000", "龙城镇", "none", "无", "2021-11-01", "2021-11-09", "水利",
         None, None, None, "none_needed"],
    ):  # fmt: skip
        con.execute(f"insert into marts.fct_region_risk_per_episode values ({', '.join('?' * 12)})", row)


def _impacts(con: duckdb.DuckDBPyConnection) -> None:
    """A pear price in one county and its two townships; the list has as many households as the numbers say."""
    con.execute(
        "create table marts.fct_household_impact_per_episode (shock_id varchar, household_key varchar, "
        "as_of_date date, township_code varchar, county_code varchar, prefecture_code varchar, is_exposed boolean, "
        "outcome_low varchar, outcome_central varchar, outcome_high varchar, "
        "back_to_line_central_cny decimal(18, 2))"
    )
    outcomes = [("stays_above", "hard_hit", "crosses", 0), ("hard_hit", "crosses", "crosses", 1234.56)]
    for number, (low, central, high, money) in enumerate(outcomes):
        con.execute(
            "insert into marts.fct_household_impact_per_episode values "
            "('price:pear:341321000000:2021-11-11', ?, ?, '341321101000', '341321000000', '341300000000', true, "
            "?, ?, ?, ?)",
            [HOUSEHOLDS[number], AS_OF, low, central, high, money],
        )
    con.execute(
        "create table marts.fct_region_impact_per_episode as select "
        "'price:pear:341321000000:2021-11-11' as shock_id, region_code, date '2021-12-31' as as_of_date, "
        "'price' as kind, '价格下跌' as kind_name_zh, 'pear' as subject, '酥梨' as subject_name_zh, 'R19' as rule_id, "
        "household_count, exposed, 0 as unknown_household_count, 0 as crossing_low_count, crossing as "
        "crossing_central_count, 2 * crossing as crossing_high_count, crossing as hard_hit_central_count, "
        "cast(crossing * 1234.56 as decimal(18, 2)) as back_to_line_central_cny "
        "from (values ('341300000000', 9, 2, 1), ('341321000000', 9, 2, 1), ('341321101000', 5, 2, 1), "
        "('341321102000', 4, 0, 0)) as told(region_code, household_count, exposed, crossing)"
    )
    con.execute("alter table marts.fct_region_impact_per_episode rename exposed to exposed_household_count")


def _households(con: duckdb.DuckDBPyConnection, reason_zh: str) -> None:
    con.execute(
        "create table intermediate.int_lead__household_leads (lead_id varchar, household_key varchar, rule_id varchar, "
        "lead_date date, as_of_date date, severity_rank integer, reason_zh varchar, village_code varchar, "
        "township_code varchar, county_code varchar, is_new_inclusion_candidate boolean, is_baseline boolean)"
    )
    con.execute(
        "create table marts.fct_household_findings_monthly (household_key varchar, as_of_date date, rule_id varchar, "
        "status varchar, observed_value decimal(18, 6), threshold_value decimal(18, 6), unit varchar, "
        "threshold_id varchar, evidence varchar)"
    )
    con.execute(
        "create table marts.fct_household_risk_monthly (household_key varchar, as_of_date date, period varchar, "
        "is_lifted_out boolean, is_monitored boolean, monitored_type varchar, pc_net_income_cny decimal(18, 2))"
    )
    con.execute("create table marts.dim_household (household_key varchar, edition_date date, villager_group varchar)")
    con.execute(
        "create table intermediate.int_household__new_hardship (household_key varchar, hardship_date date, "
        "source varchar, township_code varchar)"
    )
    con.execute("create table intermediate.int_region__current (region_code varchar, region_name varchar)")
    con.execute("insert into intermediate.int_region__current values ('341321101201', '埇堌村')")
    for number, key in enumerate(HOUSEHOLDS):
        rule, rank = (("R04", 3), ("R07", 1), ("R05", 2), ("R04", 3))[number]
        value, line, unit, threshold = {
            "R04": (5432.1, 6000, "CNY/person-year", "monitoring_line"),
            "R05": (21000, 20000, "CNY/12 months", "self_pay_other"),
            "R07": (1, None, "guarantees", None),
        }[rule]
        # the fourth is a base line: stock, not a lead
        con.execute(
            "insert into intermediate.int_lead__household_leads values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, true, ?)",
            [f"E{number:016x}", key, rule, AS_OF - timedelta(days=9), AS_OF, rank, reason_zh, "341321101201",
             "341321101000", "341321000000", number == 3],
        )  # fmt: skip
        con.execute(
            "insert into marts.fct_household_findings_monthly values (?, ?, ?, 'raised', ?, ?, ?, ?, ?)",
            [key, AS_OF, rule, value, line, unit, threshold,
             json.dumps({"loads": ["household_register-0123456789abcdef"]})],
        )  # fmt: skip
        con.execute(
            "insert into marts.fct_household_findings_monthly "
            "values (?, ?, 'R09', 'unknown', null, null, null, null, ?)",
            [key, AS_OF, '{"caution":"income_unknown"}'],
        )
        con.execute(
            "insert into marts.fct_household_risk_monthly values (?, ?, '2021-12', ?, false, null, 5432.1)",
            [key, AS_OF, number % 2 == 0],
        )
        con.execute("insert into marts.dim_household values (?, '2021-09-01', ?)", [key, f"第{number + 1}组"])


def manifest() -> dict[str, Any]:
    """A release manifest with the keys of release.json."""
    return {
        "release_id": "release-20211231-0a1b2c3d-1",
        "run_id": "20211231-0a1b2c3d-1",
        "as_of_date": "2021-12-31",
        "known_at": "2021-12-31T16:00:00Z",
        "code_version": "0.1.0+0123456789ab",
        "inputs": [],
        "gates": [],
        "exports": [],
    }


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once; a test that changes a warehouse changes its own copy."""
    return build_warehouse(tmp_path_factory.mktemp("built") / "warehouse.duckdb")


@pytest.fixture
def warehouse(tmp_path: Path, built: Path) -> Path:
    (tmp_path / "run").mkdir()
    return Path(shutil.copy(built, tmp_path / "run" / "warehouse.duckdb"))


@pytest.fixture
def release() -> dict[str, Any]:
    return manifest()
