"""The release gate: may this be told to an official? Checks per region and product, over one row of metrics each."""

from __future__ import annotations

import duckdb
import pandas as pd
from great_expectations.expectations import (
    ExpectColumnValuesToBeBetween,
    ExpectColumnValuesToBeInSet,
)

from expectations.gate import Check, Verdict, judge, run_checks

REGIONAL_RISK, WORKLIST, BRIEFING = "regional_risk", "worklist", "briefing"

CHECKS = (
    Check(
        "one_level_per_region",
        ExpectColumnValuesToBeInSet(column="level_rows", value_set=[1]),
        "critical",
        "当日等级记录不是恰好一条",
        (REGIONAL_RISK, BRIEFING),
    ),
    Check(
        "findings_conserved",
        ExpectColumnValuesToBeInSet(column="findings_lost", value_set=[0]),
        "critical",
        "户数与规则判定数不守恒",
        (REGIONAL_RISK, WORKLIST, BRIEFING),
    ),
    Check(
        # A register that loses or gains a fifth of its households in a year was cut or doubled on the way.
        "register_coverage",
        ExpectColumnValuesToBeBetween(column="household_share_of_last_year", min_value=0.8, max_value=1.25),
        "critical",
        "农户登记户数较上年变动超过两成",
        (REGIONAL_RISK, WORKLIST, BRIEFING),
    ),
    Check(
        # With half of the incomes unknown the distance to the line says nothing about a region.
        "income_known_at_all",
        ExpectColumnValuesToBeBetween(column="income_unknown_ratio", max_value=0.5),
        "critical",
        "收入未知的户超过一半",
        (WORKLIST,),
    ),
    Check(
        "income_known",
        ExpectColumnValuesToBeBetween(column="income_unknown_ratio", max_value=0.1),
        "warning",
        "收入未知的户超过一成",
        (REGIONAL_RISK, WORKLIST, BRIEFING),
    ),
    Check(
        # With a tenth of the households in one list only, nobody can say who is monitored.
        "sources_agree",
        ExpectColumnValuesToBeBetween(column="cross_source_difference_ratio", max_value=0.1),
        "critical",
        "两个系统的名单相差超过一成",
        (REGIONAL_RISK, WORKLIST, BRIEFING),
    ),
    Check(
        # R55's own tolerance is a project default: half a percent.
        "sources_agree_closely",
        ExpectColumnValuesToBeBetween(column="cross_source_difference_ratio", max_value=0.005),
        "warning",
        "两个系统的名单相差超过千分之五",
        (REGIONAL_RISK, BRIEFING),
    ),
    Check(
        "feeds_on_time",
        ExpectColumnValuesToBeInSet(column="missing_feed_count", value_set=[0]),
        "warning",
        "必报数据迟到、缺失或不予采用",
        (REGIONAL_RISK, BRIEFING),
    ),
    Check(
        "households_registered",
        ExpectColumnValuesToBeBetween(column="household_count", min_value=1),
        "warning",
        "该地区没有农户登记数据",
        (REGIONAL_RISK,),
    ),
    Check(
        # Three steps at once are possible, and rare enough for a second look.
        "level_change",
        ExpectColumnValuesToBeBetween(column="level_steps_since_release", min_value=-2, max_value=2),
        "warning",
        "等级较上次发布变动三级及以上",
        (REGIONAL_RISK,),
    ),
)


def metrics(con: duckdb.DuckDBPyConnection) -> pd.DataFrame:
    """One row per region of the run, from the model that computes what the checks look at."""
    return con.sql("select * from intermediate.int_level__gate_metrics order by region_code").df()


def judge_release(con: duckdb.DuckDBPyConnection) -> list[Verdict]:
    """Outcomes per region and product: every region's level, every township's worklist, every prefecture's briefing."""
    frame = metrics(con)
    results = run_checks(frame, "region_code", CHECKS)
    of_level = {
        level: frame.loc[frame["region_level"] == level, "region_code"].tolist()
        for level in ("prefecture", "county", "township")
    }
    has_households = set(frame.loc[frame["household_count"] > 0, "region_code"])
    verdicts = judge(frame["region_code"].tolist(), REGIONAL_RISK, CHECKS, results)
    verdicts += judge([t for t in of_level["township"] if t in has_households], WORKLIST, CHECKS, results)
    verdicts += judge(of_level["prefecture"], BRIEFING, CHECKS, results)
    return verdicts
