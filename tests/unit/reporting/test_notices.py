"""Table-driven: which change of an episode a day's levels bring."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from ledger import Ledger
from ledger.tables import Episode
from reporting.notices import changes, pending, tell

AS_OF = date(2021, 12, 31)
REGION = "341321101000"


def level(value: str, **more: Any) -> dict[str, Any]:
    return {
        "region_code": REGION,
        "region_name": "砀城镇",
        "level": value,
        "level_zh": value,
        "is_withheld": False,
        "since_date": date(2021, 12, 10),
        "reopen_days": 14,
        "own_level": value,
        "judged_level": value,
        "override_id": None,
        "missing_feeds": None,
        "cautions": None,
        "shock_key": "orange",
        "distress_key": "blue",
        "drivers_zh": "",
        "top_drivers": "[]",
        **more,
    }


def episode(value: str, closed_on: date | None = None, highest: str | None = None) -> Episode:
    return Episode(
        episode_id="E341321101-20211101",
        region_code=REGION,
        opened_on=date(2021, 11, 1),
        closed_on=closed_on,
        level=value,
        highest_level=highest or value,
    )


@pytest.mark.parametrize(
    ("name", "before", "now", "change", "status"),
    [
        ("open", None, "orange", "opened", "awaiting_approval"),
        ("open below orange needs no approval", None, "yellow", "opened", "told"),
        ("hold", episode("orange"), "orange", None, None),
        ("escalate", episode("yellow"), "red", "escalated", "awaiting_approval"),
        ("an episode told at blue still escalates", episode("blue"), "yellow", "escalated", "told"),
        ("de-escalate", episode("red"), "yellow", "de_escalated", "told"),
        ("close", episode("orange"), "none", "closed", "told"),
        ("silence: nothing before, nothing now", None, "none", None, None),
        ("unknown neither closes nor lowers", episode("orange"), "unknown", None, None),
        ("unknown opens nothing", None, "unknown", None, None),
        ("reopen within a fortnight", episode("none", date(2021, 12, 17)), "blue", "reopened", "told"),
        ("after a fortnight it is a new one", episode("none", date(2021, 12, 16)), "blue", "opened", "told"),
    ],
)
def test_changes(name: str, before: Episode | None, now: str, change: str | None, status: str | None) -> None:
    found = changes([level(now)], [before] if before else [], AS_OF, "release-1")
    assert [c.notice["change"] for c in found] == ([change] if change else []), name
    if change:
        assert found[0].notice["status"] == status
        same = change in {"escalated", "de_escalated", "closed", "reopened"}
        assert (found[0].episode["episode_id"] == "E341321101-20211101") is same


def test_a_withheld_region_changes_nothing() -> None:
    assert changes([level("red", is_withheld=True)], [episode("blue")], AS_OF, "r") == []


def test_an_episode_opens_on_the_day_its_stretch_began_and_keeps_its_highest_level() -> None:
    opened = changes([level("orange")], [], AS_OF, "r")[0]
    assert opened.episode["opened_on"] == date(2021, 12, 10)
    lowered = changes([level("blue")], [episode("yellow", highest="red")], AS_OF, "r")[0]
    assert lowered.episode["highest_level"] == "red"


def test_each_change_is_told_once_and_an_older_release_tells_nothing(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    first = pending(ledger, [level("orange")], AS_OF, "release-1")
    assert len(tell(ledger, first)) == 1
    assert tell(ledger, first) == []
    assert pending(ledger, [level("orange")], AS_OF, "release-1") == []
    assert pending(ledger, [level("red")], date(2021, 12, 30), "release-0") == []


def test_every_change_of_one_day_is_told_and_no_release_of_the_same_levels(tmp_path: Path) -> None:
    ledger = Ledger(f"sqlite:///{tmp_path / 'ledger.db'}")
    tell(ledger, pending(ledger, [level("yellow")], date(2021, 12, 30), "release-0"))
    told = []
    # As released, released again, overridden, withdrawn and overridden once more on the same day.
    for number, now in enumerate(["orange", "orange", "red", "red", "orange", "red", "red"]):
        told.append(tell(ledger, pending(ledger, [level(now)], AS_OF, f"release-{number}")))
        assert [e.level for e in ledger.episodes()] == [now]
    stem = "N341321101-20211231"
    assert told == [
        [f"{stem}-escalated-orange"],
        [],
        [f"{stem}-escalated-red"],
        [],
        [f"{stem}-de_escalated-orange"],
        [f"{stem}-escalated-red-2"],
        [],
    ]
    of_the_day = {n.notice_id: (n.previous_level, n.level, n.status) for n in ledger.notices() if n.as_of_date == AS_OF}
    assert of_the_day[f"{stem}-escalated-red"] == ("orange", "red", "awaiting_approval")
    assert of_the_day[f"{stem}-escalated-red-2"] == ("orange", "red", "awaiting_approval")


def test_a_level_that_a_person_set_is_told_like_any_other_and_waits_for_approval() -> None:
    told = changes([level("red", judged_level="blue", override_id="O341321101-20211231-1")], [], AS_OF, "r")[0].notice
    assert (told["level"], told["status"]) == ("red", "awaiting_approval")
    assert json.loads(told["evidence"])["judged_level"] == "blue"
    assert json.loads(told["evidence"])["override_id"] == "O341321101-20211231-1"
