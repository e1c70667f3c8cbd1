"""A history of levels brings each notice once, by the rules of a release."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from reporting.past_notices import past_notices


def _days(levels: str, withheld: tuple[int, ...] = (), reopen_days: int | None = 14) -> list[dict[str, Any]]:
    names = {"n": "none", "b": "blue", "y": "yellow", "o": "orange", "u": "unknown"}
    return [
        {
            "region_code": "341302101000",
            "region_name": "镇",
            "as_of_date": date(2021, 5, 1) + timedelta(days=i),
            "level": names[sign],
            "is_withheld": i in withheld,
            "reopen_days": reopen_days,
        }
        for i, sign in enumerate(levels)
    ]


def _told(levels: str, withheld: tuple[int, ...] = ()) -> list[tuple[int, str, str]]:
    return [(n["as_of_date"].day, n["change"], n["level"]) for n in past_notices(_days(levels, withheld))]


def test_each_change_is_told_once() -> None:
    assert _told("nbbyyobbn") == [
        (2, "opened", "blue"),
        (4, "escalated", "yellow"),
        (6, "escalated", "orange"),
        (7, "de_escalated", "blue"),
        (9, "closed", "none"),
    ]


def test_unknown_and_withheld_days_change_nothing() -> None:
    assert _told("bubub") == [(1, "opened", "blue")]
    assert _told("bob", withheld=(1,)) == [(1, "opened", "blue")]


def test_an_episode_comes_back_within_a_fortnight_and_is_a_new_one_later() -> None:
    assert _told("bn" + "n" * 5 + "b")[-1] == (8, "reopened", "blue")
    assert _told("bn" + "n" * 15 + "b")[-1] == (18, "opened", "blue")


def test_how_soon_is_the_threshold_s_to_say_and_without_one_nothing_comes_back() -> None:
    for days, change in ((5, "opened"), (6, "reopened"), (None, "opened")):
        assert past_notices(_days("bn" + "n" * 5 + "b", reopen_days=days))[-1]["change"] == change


def test_a_new_episode_has_an_id_of_its_own() -> None:
    ids = [n["episode_id"] for n in past_notices(_days("bn" + "n" * 15 + "b"))]
    assert ids == ["E341302101-20210501"] * 2 + ["E341302101-20210518"]
