"""A run follows the release, and takes the loads let in, of its own known_at: what came later changes no replay."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest

from ingest.home import BEIJING, Home
from ingest.receipts import Receipt
from ledger import Ledger
from ledger.chain import now_utc
from shouxian.tasks import build_run
from warehouse import run as runs
from warehouse.release import LEVELS, last_levels, switch

REGION = "341321101000"
Released = Callable[..., None]


def night_after(day: date) -> datetime:
    """Two o'clock in Beijing on the day after."""
    return datetime(day.year, day.month, day.day, 18, tzinfo=UTC)


def july(day: int) -> date:
    return date(2021, 7, day)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    monkeypatch.setenv("SHOUXIAN_HOME", str(tmp_path))
    return Home(tmp_path)


@pytest.fixture
def released(here: Home) -> Released:
    """Makes a release of one region current: of a day, at a level, known by the night after if not said otherwise."""

    def release(day: date, level: str, known_at: datetime | None = None, level_date: date | None = None) -> None:
        known, run_id = known_at or night_after(day), f"{day:%m%d}-{level}"
        folder = here.releases / f"release-{run_id}"
        folder.mkdir(parents=True)
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            con.execute("create schema marts")
            con.execute(
                f"create table marts.{LEVELS} as select ? as region_code, ? as level, ? as judged_level, "
                "cast(? as date) as as_of_date, cast(? as date) as level_as_of_date",
                [REGION, level, level, day, level_date],
            )
        (folder / "release.json").write_text(json.dumps({"as_of_date": str(day)}), encoding="utf-8")
        ledger = Ledger(here.ledger_url)
        ledger.start_run(run_id, day, known.replace(tzinfo=None), "1.0")
        ledger.record_release(folder.name, run_id, "ab" * 32)
        switch(here, folder)

    return release


def levels(frame: pd.DataFrame) -> list[tuple[str, date]]:
    return [(str(row.level), row.as_of_date.date()) for row in frame.itertuples()]


def test_a_run_of_the_night_follows_the_current_release(here: Home, released: Released) -> None:
    released(july(9), "yellow")
    released(july(10), "red")
    assert levels(last_levels(here, july(11))) == [("red", july(10))]
    # The day made anew with what is known by now, too.
    assert levels(last_levels(here, july(10))) == [("red", july(10))]


def test_after_a_rollback_the_night_follows_what_is_current(here: Home, released: Released) -> None:
    released(july(9), "yellow")
    released(july(10), "red")
    switch(here, here.releases / "release-0709-yellow")
    assert levels(last_levels(here, july(11))) == [("yellow", july(9))]


def test_a_run_for_an_earlier_day_follows_no_release_of_a_later_one(here: Home, released: Released) -> None:
    released(july(9), "yellow")
    released(july(14), "red")
    assert levels(last_levels(here, july(10))) == [("yellow", july(9))]
    assert last_levels(here, july(8)).empty


def test_a_replay_follows_what_was_released_by_then(here: Home, released: Released) -> None:
    released(july(9), "yellow")
    released(july(10), "orange")
    released(july(14), "red")
    # The same day judged again later: known after the moment that is replayed.
    released(july(10), "blue", known_at=night_after(july(20)))
    assert levels(last_levels(here, july(11), night_after(july(11)))) == [("orange", july(10))]
    assert levels(last_levels(here, july(9), night_after(july(12)))) == [("yellow", july(9))]
    assert levels(last_levels(here, july(30), night_after(july(30)))) == [("blue", july(10))]
    nothing = last_levels(here, july(9), night_after(july(8)))
    assert (nothing.empty, list(nothing.columns)) == (True, ["region_code", "level", "as_of_date"])


def test_a_run_made_again_does_not_follow_its_own_release(here: Home, released: Released) -> None:
    released(july(9), "yellow")
    released(july(10), "red")
    beijing = night_after(july(10)).astimezone(BEIJING)
    assert levels(last_levels(here, july(10), beijing)) == [("yellow", july(9))]
    # Days caught up at one moment follow one another all the same.
    assert levels(last_levels(here, july(11), beijing)) == [("red", july(10))]


def test_no_level_of_a_day_after_the_run_s_is_carried_on(here: Home, released: Released) -> None:
    released(july(9), "red", level_date=july(14))
    assert last_levels(here, july(10)).empty


@pytest.mark.parametrize(("known_at", "level"), [("2021-07-12T02:00", ["yellow"]), (None, ["red"])])
def test_a_run_is_built_on_the_levels_of_its_known_at(
    released: Released, monkeypatch: pytest.MonkeyPatch, known_at: str | None, level: list[str]
) -> None:
    released(july(9), "yellow")
    released(july(11), "red", known_at=night_after(july(14)))
    given = {}
    monkeypatch.setattr(runs, "build", lambda *_, **words: given.update(words) or "run-1")
    assert build_run("2021-07-11", known_at) == "run-1"
    assert given["last_levels"]["level"].tolist() == level


def test_a_load_let_in_after_known_at_does_not_enter(here: Home) -> None:
    arrived = datetime(2021, 7, 9, 1, tzinfo=UTC)
    load = Receipt("education", None, "education-0123456789abcdef", "ab" * 32, "名单.xlsx", arrived, "landed")
    Ledger(here.ledger_url).accept_gate(load.load_id, "王主任", "学校合并")
    now = now_utc()
    earlier, later = (
        runs._record(here, july(11), at, [], [load], 24) for at in (now - timedelta(days=4), now + timedelta(seconds=1))
    )
    assert earlier.accepted_gates == {}
    assert later.accepted_gates == {load.load_id: "王主任：学校合并"}
