"""What the simulation plants in the procedure and in the stock of monitored households, the rules and the 台账 find."""

from __future__ import annotations

import csv
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.home import BEIJING
from simulation import simulate
from tests.e2e.conftest import household_key, judge_households

KNOWN_AT = datetime(2022, 1, 1, 2, tzinfo=BEIJING)
# What came in a month can be known by its list of the next: December's are not here yet.
TOLD_UNTIL = "2021-12"
RULES = ("r37", "r38", "r48", "r51", "r73")


@dataclass(frozen=True)
class Built:
    """The world's truth, and the database in which the models answered."""

    truth: Path
    home: Path
    warehouse: Path

    def key(self, number: str) -> str:
        return household_key(self.home, number)

    def told(self, name: str, *kinds: str) -> list[dict[str, str]]:
        with (self.truth / name).open(encoding="utf-8", newline="") as lines:
            return [r for r in csv.DictReader(lines) if any(r["kind"].startswith(k) for k in kinds)]

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            return con.sql(query).fetchall()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    """Six small townships, two of them in one county: landed and judged for December 2021."""
    folder = tmp_path_factory.mktemp("planted")
    world = simulate(
        folder / "world",
        townships=6,
        seed=6,
        first_month="2020-09",
        last_month="2021-12",
        households_per_township=1500,
    )
    models = [*(f"+int_rule__{rule}" for rule in RULES), "+fct_household_flow_monthly"]
    home = judge_households(folder, world.inbox, models, as_of=date(2021, 12, 31), known_at=KNOWN_AT, history_months=14)
    yield Built(world.truth.parent, home.root, folder / "warehouse.duckdb")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize(
    ("rule", "kinds"),
    [("R37", ("compared_unauthorised",)), ("R38", ("form_by_agent",)), ("R48", ("elimination_",))],
)
def test_breaches_of_the_procedure_are_raised_where_planted_and_nowhere_else(
    built: Built, rule: str, kinds: tuple[str, ...]
) -> None:
    answers: dict[str, set[str]] = {}
    for key, status in built.rows(f"select household_key, status from intermediate.int_rule__{rule.lower()}"):
        answers.setdefault(key, set()).add(status)
    raised = {key for key, told in answers.items() if "raised" in told}
    planted = {built.key(d["household"]): d["date"] for d in built.told("defects.csv", *kinds)}
    assert raised
    assert raised <= planted.keys()
    # A step, an application or a comparison of the last weeks may not have been told.
    missed = {key for key, day in planted.items() if day < "2021-11-25"} - raised
    # Whether an application was signed later is not known while the township's next list has not come (R37).
    assert all(rule == "R37" and answers[key] & {"unknown"} for key in missed), missed
    assert len(missed) < len(raised)


def test_whom_nobody_in_can_work_is_found_cleared(built: Built) -> None:
    raised = {
        key
        for (key,) in built.rows(
            "select household_key from intermediate.int_rule__r51 "
            "where status = 'raised' and as_of_date = date '2021-12-31'"
        )
    }
    planted = {
        built.key(d["household"]) for d in built.told("defects.csv", "cleared_without_labour") if d["date"] < TOLD_UNTIL
    }
    assert planted
    assert raised == planted


def test_departments_are_blamed_for_the_quarters_in_which_they_did_not_consult(built: Built) -> None:
    rows = built.rows(
        "select region_code, duty_period, any_value(kept_count) from intermediate.int_duty__department_meetings "
        "where unknown_count = 0 group by region_code, duty_period"
    )
    planted = {
        (d["code"], f"{d['date'][:4]}-Q{int(d['date'][4:]) // 3}") for d in built.told("defects.csv", "departments_")
    }
    unkept = {(region, period) for region, period, kept in rows if not kept}
    assert unkept
    assert unkept == planted & {(region, period) for region, period, _ in rows}
    answers = built.rows(
        "select status, count(*) from intermediate.int_rule__r73 where region_code like '______000000' group by status"
    )
    assert {status for status, _ in answers} >= {"raised", "clear"}


def test_the_stock_balances_and_tells_moves_losses_and_new_types(built: Built) -> None:
    columns = (
        *("opening_count", "new_count", "moved_in_count", "changed_in_count", "eliminated_count"),
        *("natural_loss_count", "left_unexplained_count", "moved_out_count", "changed_out_count", "closing_count"),
    )
    rows = built.rows(
        f"select region_level, period, {', '.join(columns)} from marts.fct_household_flow_monthly where is_known"
    )
    total: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(columns, 0))
    for level, _, *counts in rows:
        told = dict(zip(columns, counts, strict=True))
        came = told["opening_count"] + told["new_count"] + told["moved_in_count"] + told["changed_in_count"]
        left = sum(told[c] for c in columns[4:9])
        assert came - left == told["closing_count"]
        for column, count in told.items():
            total[level][column] += count
    turns = defaultdict(int)
    for turn in built.told("turns.csv", ""):
        turns[turn["kind"]] += turn["date"] < TOLD_UNTIL
    town, county = total["township"], total["county"]
    assert (town["moved_in_count"], town["moved_out_count"]) == (turns["moved"], turns["moved"])
    assert (county["moved_in_count"], county["moved_out_count"]) == (0, 0)
    assert turns["moved"] > 0
    assert (town["changed_in_count"], town["changed_out_count"]) == (turns["retyped"], turns["retyped"])
    # The police tell of deaths by month; the register of those merged or gone by quarter, the last of which is open.
    ended = turns["died_out"] + turns["emigrated"] + turns["merged"]
    assert town["natural_loss_count"] + town["left_unexplained_count"] == ended
    assert town["natural_loss_count"] >= ended * 0.7
    assert county["natural_loss_count"] == town["natural_loss_count"]
