"""Recall and precision count households, not rows, and read the newest month only."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from benchmarks.truth import Suggestion, main, precision, recall
from ingest.home import Home
from ingest.identity import HmacKey

ILL, SLOW = "因病自付医疗费用较高", "长期低收入"
SUGGESTED = {
    "a": Suggestion("sudden_hardship", frozenset({"01 因病"})),
    "d": Suggestion("sudden_hardship", frozenset({"01 因病", "07 因务工就业不稳"})),
    "b": Suggestion("marginal", frozenset()),
}


def test_recall_is_told_by_reason() -> None:
    told = recall({"a": ILL, "b": SLOW, "c": SLOW}, SUGGESTED, {"a", "d"})
    assert [(s.what, s.of, s.suggested, s.leads) for s in told] == [
        (ILL, 1, 1, 1),
        (SLOW, 2, 1, 0),
        ("all", 3, 2, 1),
    ]


def test_precision_is_told_by_type_and_by_named_risk() -> None:
    told = precision({"a", "b", "c"}, SUGGESTED)
    assert [(s.what, s.of, s.suggested) for s in told] == [
        ("边缘易致贫户", 1, 1),
        ("突发严重困难户", 2, 1),
        ("01 因病", 2, 1),
        ("07 因务工就业不稳", 1, 0),
        ("all", 3, 2),
    ]
    assert "50.0%" in str(told[1])


@pytest.mark.parametrize("table", ["marts.fct_household_leads_per_episode", "intermediate.int_lead__household_leads"])
def test_the_command_prints_a_release_against_its_world(
    shouxian_home: Path, tmp_path: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here, world = Home(shouxian_home), tmp_path / "world"
    (world / "truth").mkdir(parents=True)
    with (world / "truth" / "households.csv").open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([("户编号", "in_hardship", "reason"), ("1", "true", ILL), ("2", "false", "")])
    keys = HmacKey.load_or_create(here).keys_for(["1", "2"], "household")
    (here.releases / "release-1").mkdir(parents=True)
    here.current.symlink_to(here.releases / "release-1", target_is_directory=True)
    with duckdb.connect(str(here.current / "warehouse.duckdb")) as con:
        for schema in ("marts", "intermediate", "reference"):
            con.execute(f"create schema {schema}")
        con.execute("create table reference.risk_types as select '01' as risk_code, '因病' as name_zh")
        con.execute(
            "create table marts.fct_household_risk_monthly "
            "(household_key varchar, as_of_date date, suggested_type varchar, open_risks varchar)"
        )
        con.executemany(
            "insert into marts.fct_household_risk_monthly values (?, ?, ?, ?)",
            [
                (keys["1"], "2021-11-30", "marginal", "07:employment"),
                (keys["1"], "2021-12-31", "sudden_hardship", "01:national_list+self_pay"),
                (keys["2"], "2021-12-31", None, None),
            ],
        )
        con.execute(f"create table {table} as select '{keys['1']}' as household_key, true as is_baseline")
    main([str(shouxian_home), str(world)])
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if ILL in line).split() == ["1", "1", "100.0%", "0", "0.0%", ILL]
    assert next(line for line in lines if "01 因病" in line).split()[:3] == ["1", "1", "100.0%"]
    assert not any("07" in line for line in lines)
