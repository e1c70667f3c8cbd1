"""Episodes of the warehouse and episodes of the notices are the same ones: ids, closings, highest levels."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest

from ingest.home import Home
from ledger import Ledger
from ledger.tables import Episode
from reporting.notices import EVIDENCE, RANK, changes, tell
from tests.conftest import REPOSITORY
from tests.e2e.conftest import build_models
from warehouse.ledger_words import read_ledger_words
from warehouse.run import publish_signal

MODELS = ["levels", "int_episode__days", "int_episode__stretches", "int_episode__episodes"]
FIRST, DAYS, REGIONS = date(2021, 1, 1), 240, 60
LEVELS = ("none", "none", "blue", "yellow", "orange", "red", "unknown")

# What a level says besides, in a replay: the notices know of no episode but their own, and reopen as the seed says.
BLANK: dict[str, Any] = {**dict.fromkeys(EVIDENCE[1:]), "since_date": None, "reopen_days": 14}


def wander(seed: int) -> list[dict[str, Any]]:
    """Levels of many regions day by day: they stay for a while, and fall silent now and then."""
    chance, rows = random.Random(seed), []
    for number in range(REGIONS):
        level = "none"
        for day in range(DAYS):
            if chance.random() < 0.12:
                level = chance.choice(LEVELS)
            rows.append(
                {
                    "region_code": f"341321{number:03}000",
                    "region_name": f"第{number}镇",
                    "region_level": "township",
                    "as_of_date": FIRST + timedelta(days=day),
                    "level": level,
                    "is_withheld": chance.random() < 0.02,
                }
            )
    return rows


def replay(ledger: Ledger, rows: list[dict[str, Any]]) -> None:
    """Tells every day's changes, as if each day had its release."""
    by_day: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        by_day.setdefault(row["as_of_date"], []).append({**row, **BLANK})
    for day, levels in sorted(by_day.items()):
        tell(ledger, changes(levels, ledger.episodes(closed_since=date.min), day, f"release-{day}"))


def episodes(folder: Path, rows: list[dict[str, Any]], told: pd.DataFrame) -> dict[str, tuple[Any, ...]]:
    """The warehouse's episodes over these levels: by id the region, opening, closing, level and highest level."""
    folder.mkdir()
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        for schema in ("marts", "landing", "intermediate"):
            con.execute(f"create schema {schema}")
        con.register("frame", pd.DataFrame(rows))
        con.execute(
            "create table marts.fct_region_risk_level_daily as select * replace (as_of_date::date as as_of_date), "
            "null::varchar as drivers_zh, null::bigint as exposed_household_count, null::varchar as cautions, "
            "null::bigint as vulnerable_household_count, null::timestamp as known_at from frame"
        )
        con.execute(
            "create table intermediate.int_policy__thresholds_in_force as "
            "select *, in_force_from as valid_from_date, date '9999-12-31' as valid_to_date "
            f"from read_csv('{REPOSITORY / 'dbt_project/seeds/policy/thresholds.csv'}')"
        )
        publish_signal(con, folder, "told_notices", told)
    build_models(folder, Home(folder.parent.parent), MODELS)  # parsed once for both
    names = {rank: level for level, rank in RANK.items()}
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute(
            "select episode_id, region_code, opened_on, closed_on, level_rank, highest_rank "
            "from intermediate.int_episode__episodes"
        ).fetchall()
        ((days,),) = con.execute(
            "select value from intermediate.int_policy__thresholds_in_force where parameter = 'episode_reopen_days'"
        ).fetchall()
    assert days == BLANK["reopen_days"]
    return {row[0]: (*row[1:4], names[row[4]], names[row[5]]) for row in found}


def of_ledger(one: Episode) -> tuple[Any, ...]:
    return (one.region_code, one.opened_on, one.closed_on, one.level, one.highest_level)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], Ledger]:
    rows = wander(8)
    ledger = Ledger(f"sqlite:///{tmp_path_factory.mktemp('ledger') / 'ledger.db'}")
    replay(ledger, rows)
    return rows, ledger


def test_the_warehouse_has_the_episodes_that_the_notices_tell_day_by_day(
    world: tuple[list[dict[str, Any]], Ledger], tmp_path: Path
) -> None:
    rows, ledger = world
    untold = read_ledger_words(ledger, FIRST - timedelta(days=1), datetime.now(UTC).replace(tzinfo=None))
    found = episodes(tmp_path / "run", rows, untold["told_notices"])
    told = {e.episode_id: of_ledger(e) for e in ledger.episodes(closed_since=date.min)}
    assert found == told
    assert {n.change for n in ledger.notices()} == {"opened", "reopened", "escalated", "de_escalated", "closed"}


def test_an_episode_older_than_the_history_keeps_the_id_under_which_it_was_told(
    world: tuple[list[dict[str, Any]], Ledger], tmp_path: Path
) -> None:
    rows, ledger = world
    begins, today = FIRST + timedelta(days=DAYS // 2), FIRST + timedelta(days=DAYS - 1)
    words = read_ledger_words(ledger, today, datetime.now(UTC).replace(tzinfo=None))
    found = episodes(tmp_path / "run", [r for r in rows if r["as_of_date"] >= begins], words["told_notices"])
    told = {e.episode_id: of_ledger(e)[:4] for e in ledger.episodes(closed_since=date.min)}
    assert {key: value[:4] for key, value in found.items()}.items() <= told.items()
    assert any(value[1] < begins for value in found.values())
    assert {key for key, value in told.items() if value[2] is None} <= set(found)
