"""Hazard episodes: what opens, merges and ends them, and whom they hold for. Ranks: 1 blue to 4 red."""

from __future__ import annotations

import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

from signals.episodes import DAY_TYPES, EPISODE_TYPES, days_in_force, inherited, merged
from signals.spells import message_spells, poll_spells, reconciled

PREFECTURE, COUNTY, TOWNSHIP, SISTER = "341800000000", "341823000000", "341823100000", "341881000000"
BELOW = pd.DataFrame(
    [
        (PREFECTURE, PREFECTURE, 0),
        (COUNTY, COUNTY, 0),
        (COUNTY, PREFECTURE, 1),
        (SISTER, SISTER, 0),
        (SISTER, PREFECTURE, 1),
        (TOWNSHIP, TOWNSHIP, 0),
        (TOWNSHIP, COUNTY, 1),
        (TOWNSHIP, PREFECTURE, 2),
    ],
    columns=["region_code", "ancestor_code", "distance"],
)
HOUR = pd.Timedelta(hours=1)
CLOCK = pd.Timestamp("2026-07-18 16:00")
LATER = "2026-07-17 12:00"
TIMES = ["sent_at", "expires_at", "poll_at", "usable_from_date", "known_at"]


def at(moment: str | None) -> Any:
    """'15 08:30' is 8:30 UTC of 15 July 2026; a longer text is a whole moment."""
    if moment is None:
        return pd.NaT
    return pd.Timestamp(moment if len(moment) > 8 else f"2026-07-{moment}")


def warnings(rows: list[dict[str, object]]) -> pd.DataFrame:
    names = [
        *("region_code", "hazard_code", "colour_rank", "message_id", "message_type", "reference_text"),
        *("sent_at", "expires_at", "poll_at", "usable_from_date", "known_at", "load_id"),
    ]
    frame = pd.DataFrame(rows, columns=names)
    frame["load_id"] = "load"
    return frame.astype(dict.fromkeys(TIMES, "datetime64[us]"))


def polled(*seen: tuple[str, str], region: str = COUNTY, colour: int = 3, expires: str | None = LATER) -> pd.DataFrame:
    """Rows of polls: (poll time, issue time) each."""
    return warnings(
        [
            {
                "region_code": region,
                "hazard_code": "high_temperature",
                "colour_rank": colour,
                "sent_at": at(issued),
                "expires_at": at(expires),
                "poll_at": at(poll),
                "usable_from_date": (at(poll) + 8 * HOUR).floor("D"),
                "known_at": at(poll),
            }
            for poll, issued in seen
        ]
    )


def message(
    number: int,
    kind: str,
    sent: str,
    *,
    colour: int = 3,
    refers: str = "",
    expires: str | None = LATER,
    region: str = COUNTY,
) -> pd.DataFrame:
    return warnings(
        [
            {
                "region_code": region,
                "hazard_code": "high_temperature",
                "colour_rank": colour,
                "message_id": f"34182341600000_2026071{number}000000",
                "message_type": kind,
                "reference_text": refers,
                "sent_at": at(sent),
                "expires_at": at(expires),
                "usable_from_date": (at(sent) + 8 * HOUR).floor("D"),
                "known_at": at(sent),
            }
        ]
    )


def polls(*moments: str) -> pd.Series[pd.Timestamp]:
    return pd.Series([at(m) for m in moments], dtype="datetime64[us]")


def effective(
    seen: pd.DataFrame | None = None,
    when: pd.Series[pd.Timestamp] | None = None,
    messages: pd.DataFrame | None = None,
    clock: pd.Timestamp = CLOCK,
) -> pd.DataFrame:
    by_poll = poll_spells(
        warnings([]) if seen is None else seen,
        polls() if when is None else when,
        poll_gap=12 * HOUR,
        clock=clock,
    )
    by_message = message_spells(warnings([]) if messages is None else messages, clock=clock)
    return inherited(reconciled(by_message, by_poll, clock=clock), BELOW)


def episodes(
    spells: pd.DataFrame, colour: str = "orange", region: str = COUNTY, clock: pd.Timestamp = CLOCK
) -> pd.DataFrame:
    found = merged(spells, gap=24 * HOUR, clock=clock)
    return found[(found["opening_colour"] == colour) & (found["region_code"] == region)].reset_index(drop=True)


def only(found: pd.DataFrame) -> Any:
    assert len(found) == 1
    return found.iloc[0]


def test_an_episode_ends_between_the_last_poll_with_it_and_the_first_without() -> None:
    one = only(
        episodes(
            effective(
                polled(("16 09:26", "16 08:01"), ("16 11:19", "16 08:01")), polls("16 09:26", "16 11:19", "16 12:58")
            )
        )
    )
    assert (one["opened_at"], one["last_seen_at"]) == (at("16 08:01"), at("16 11:19"))
    assert (one["first_absent_at"], one["ended_at"], one["end_basis"]) == (at("16 12:58"), at("16 12:58"), "absent")
    assert not one["is_end_estimated"]
    assert not one["is_open"]


def test_a_gap_between_polls_is_no_end_and_the_expiry_is_marked_estimated() -> None:
    one = only(
        episodes(
            effective(
                polled(("16 23:38", "16 08:01")), polls("16 23:38", "2026-08-09 00:42"), clock=at("2026-08-10 00:00")
            )
        )
    )
    assert (one["end_basis"], one["ended_at"]) == ("expires", at(LATER))
    assert one["is_end_estimated"]
    assert pd.isna(one["first_absent_at"])


def test_an_expiry_after_the_poll_that_no_longer_shows_it_is_bounded_by_that_poll() -> None:
    one = only(episodes(effective(polled(("16 00:00", "15 20:00")), polls("16 00:00", "16 13:00"))))
    assert (one["end_basis"], one["ended_at"]) == ("expires", at("16 13:00"))


def test_a_gap_of_exactly_the_limit_still_sees_the_end() -> None:
    one = only(episodes(effective(polled(("16 00:00", "15 20:00")), polls("16 00:00", "16 12:00"))))
    assert one["end_basis"] == "absent"


def test_a_gap_without_an_expiry_leaves_the_end_unknown() -> None:
    spells = effective(polled(("16 00:00", "15 20:00"), expires=None), polls("16 00:00", "16 13:00"))
    one = only(episodes(spells))
    assert one["end_basis"] == "unknown"
    assert pd.isna(one["ended_at"])
    days = days_in_force(spells, clock=CLOCK, as_of=at("2026-07-18"))
    assert set(days["day"]) == {at("2026-07-16")}, "held as long as it was seen, no longer"


def test_a_warning_in_the_last_poll_is_open_until_it_expires() -> None:
    seen, when = polled(("16 23:38", "16 08:01")), polls("16 23:38")
    assert only(episodes(effective(seen, when, clock=at("17 11:59")), clock=at("17 11:59")))["end_basis"] == "open"
    assert only(episodes(effective(seen, when, clock=at("17 12:00")), clock=at("17 12:00")))["end_basis"] == "expires"


def test_an_empty_poll_ends_a_warning_like_any_other() -> None:
    seen = polled(("16 00:00", "15 20:00"))
    assert only(episodes(effective(seen, polls("16 00:00"))))["end_basis"] == "expires"
    assert only(episodes(effective(seen, polls("16 00:00", "16 01:00"))))["end_basis"] == "absent"


def test_a_row_of_a_poll_nobody_lists_is_an_error() -> None:
    with pytest.raises(ValueError, match="not in the list of polls"):
        effective(polled(("16 00:00", "15 20:00")), polls("16 01:00"))


def test_spells_with_a_gap_of_24_hours_are_one_episode_and_longer_ones_two() -> None:
    when = polls("14 00:00", "14 01:00", "14 06:00", "14 17:00", "15 00:00", "15 02:00", "15 03:00")
    one = episodes(effective(polled(("14 00:00", "13 20:00"), ("15 02:00", "15 01:00")), when))
    assert [(r["opened_at"], r["spell_count"]) for _, r in one.iterrows()] == [(at("13 20:00"), 2)]
    two = episodes(effective(polled(("14 00:00", "13 20:00"), ("15 02:00", "15 01:01")), when))
    assert list(two["opened_at"]) == [at("13 20:00"), at("15 01:01")]


def test_each_opening_colour_has_its_own_episode() -> None:
    seen = pd.concat(
        [
            polled(("16 00:00", "15 20:00"), colour=2),
            polled(("16 01:00", "16 00:30"), colour=3),
            polled(("16 02:00", "16 01:30"), colour=1),
        ]
    )
    spells = effective(seen, polls("16 00:00", "16 01:00", "16 02:00", "16 03:00"))
    blue, yellow, orange = (only(episodes(spells, colour)) for colour in ("blue", "yellow", "orange"))
    assert (blue["opened_at"], blue["ended_at"], blue["highest_colour"]) == (at("15 20:00"), at("16 03:00"), "orange")
    assert (yellow["opened_at"], yellow["ended_at"]) == (at("15 20:00"), at("16 02:00"))
    assert (orange["opened_at"], orange["ended_at"]) == (at("16 00:30"), at("16 02:00"))
    assert episodes(spells, "red").empty


def test_a_prefectures_warning_holds_for_counties_and_townships_never_named() -> None:
    spells = effective(polled(("16 00:00", "15 20:00"), region=PREFECTURE), polls("16 00:00", "16 01:00"))
    for region in (COUNTY, SISTER, TOWNSHIP):
        one = only(episodes(spells, region=region))
        assert (one["is_inherited"], one["source_region_code"]) == (True, PREFECTURE)
    assert not only(episodes(spells, region=PREFECTURE))["is_inherited"]


def test_a_townships_warning_does_not_hold_for_its_county() -> None:
    spells = effective(polled(("16 00:00", "15 20:00"), region=TOWNSHIP), polls("16 00:00", "16 01:00"))
    assert episodes(spells, region=COUNTY).empty
    assert len(episodes(spells, region=TOWNSHIP)) == 1


def test_own_and_inherited_warnings_are_one_episode() -> None:
    seen = pd.concat([polled(("16 00:00", "15 20:00"), region=PREFECTURE), polled(("16 01:00", "16 00:30"))])
    one = only(episodes(effective(seen, polls("16 00:00", "16 01:00", "16 02:00"))))
    assert (one["opened_at"], one["ended_at"], one["is_inherited"]) == (at("15 20:00"), at("16 02:00"), False)


def test_a_region_outside_the_register_is_not_judged() -> None:
    assert effective(polled(("16 00:00", "15 20:00"), region="320300000000"), polls("16 00:00")).empty


def test_a_cancel_ends_what_it_names() -> None:
    first = "34182341600000_20260711000000"
    ends = message(2, "cancel", "16 03:00", refers=f"sender,{first},2026-07-16T08:00:00+08:00")
    one = only(episodes(effective(messages=pd.concat([message(1, "alert", "16 00:00"), ends]))))
    assert (one["end_basis"], one["ended_at"], one["sources"]) == ("cancelled", at("16 03:00"), "cap")


def test_a_cancel_that_names_nothing_known_ends_the_hazard_in_its_region() -> None:
    for refers in ("", "sender,34182341600000_19990101000000,x"):
        ends = message(2, "cancel", "16 03:00", refers=refers)
        elsewhere = message(3, "alert", "16 00:00", region=SISTER)
        spells = effective(messages=pd.concat([message(1, "alert", "16 00:00"), ends, elsewhere]))
        assert only(episodes(spells))["end_basis"] == "cancelled"
        assert only(episodes(spells, region=SISTER))["end_basis"] == "expires"


def test_identifiers_match_with_and_without_their_serial_number() -> None:
    ends = message(2, "cancel", "16 03:00", refers="34182341600000_20260711000000_1")
    other = message(3, "alert", "16 01:00", colour=4)
    spells = effective(messages=pd.concat([message(1, "alert", "16 00:00"), other, ends]))
    assert only(episodes(spells, "red"))["end_basis"] == "expires", "the cancel names the first message only"
    assert (spells["end_basis"] == "cancelled").any()


def test_an_update_supersedes_what_it_names_within_one_episode() -> None:
    lower = message(2, "update", "16 06:00", colour=2, refers="s,34182341600000_20260711000000,t")
    spells = effective(messages=pd.concat([message(1, "alert", "16 00:00"), lower]))
    orange, yellow = only(episodes(spells, "orange")), only(episodes(spells, "yellow"))
    assert (orange["end_basis"], orange["ended_at"]) == ("cancelled", at("16 06:00"))
    assert (yellow["opened_at"], yellow["end_basis"], yellow["spell_count"]) == (at("16 00:00"), "expires", 2)


def test_a_cancel_after_the_expiry_changes_nothing() -> None:
    late = message(2, "cancel", "16 09:00", refers="34182341600000_20260711000000")
    one = only(episodes(effective(messages=pd.concat([message(1, "alert", "16 00:00", expires="16 06:00"), late]))))
    assert (one["end_basis"], one["ended_at"]) == ("expires", at("16 06:00"))


def test_a_message_without_expiry_or_cancel_has_an_unknown_end() -> None:
    one = only(episodes(effective(messages=message(1, "alert", "16 00:00", expires=None))))
    assert (one["end_basis"], one["is_open"]) == ("unknown", False)
    assert pd.isna(one["ended_at"])


def test_polls_that_saw_it_vanish_overrule_the_expiry_of_the_message() -> None:
    seen, when = polled(("16 00:30", "16 00:00"), ("16 01:30", "16 00:00")), polls("16 00:30", "16 01:30", "16 02:30")
    one = only(episodes(effective(seen, when, message(1, "alert", "16 00:00"))))
    assert (one["end_basis"], one["ended_at"], one["sources"]) == ("absent", at("16 02:30"), "cap+poll")


def test_a_cancel_overrules_the_polls_upper_bound_unless_a_later_poll_still_shows_it() -> None:
    seen, when = polled(("16 00:30", "16 00:00"), ("16 01:30", "16 00:00")), polls("16 00:30", "16 01:30", "16 02:30")
    both = [message(1, "alert", "16 00:00"), message(2, "cancel", "16 02:00", refers="34182341600000_20260711000000")]
    one = only(episodes(effective(seen, when, pd.concat(both))))
    assert (one["end_basis"], one["ended_at"]) == ("cancelled", at("16 02:00"))
    both[1] = message(2, "cancel", "16 01:00", refers="34182341600000_20260711000000")
    still_shown = only(episodes(effective(seen, when, pd.concat(both))))
    assert (still_shown["end_basis"], still_shown["ended_at"]) == ("absent", at("16 02:30"))


def test_days_are_beijing_days_and_the_end_itself_is_outside() -> None:
    # 16:00 UTC is midnight in Beijing.
    spells = effective(polled(("15 15:59", "15 15:59")), polls("15 15:59", "15 16:00"))
    days = days_in_force(spells, clock=CLOCK, as_of=at("2026-07-18"))
    assert set(days.loc[days["region_code"] == COUNTY, "day"]) == {at("2026-07-15")}
    longer = effective(polled(("15 15:59", "15 15:59")), polls("15 15:59", "15 16:01"))
    days = days_in_force(longer, clock=CLOCK, as_of=at("2026-07-18"))
    assert set(days["day"]) == {at("2026-07-15"), at("2026-07-16")}


def test_no_day_lies_after_the_judged_one() -> None:
    spells = effective(messages=message(1, "alert", "16 00:00", expires="30 00:00"))
    days = days_in_force(spells, clock=CLOCK, as_of=at("2026-07-18"))
    assert days["day"].max() == at("2026-07-18")


def test_what_became_known_later_is_not_known_on_the_day() -> None:
    late = message(1, "alert", "16 00:00", expires="17 12:00").assign(usable_from_date=at("2026-07-17"))
    days = days_in_force(effective(messages=late), clock=CLOCK, as_of=at("2026-07-18"))
    county = days[days["region_code"] == COUNTY].set_index("day")
    assert list(county["highest_colour"]) == ["orange", "orange"]
    assert list(county["known_colour"].isna()) == [True, False]
    assert county["known_colour"].iloc[1] == "orange"


def test_no_warnings_give_empty_frames_of_the_declared_types() -> None:
    spells = effective()
    found = merged(spells, gap=24 * HOUR, clock=CLOCK)
    days = days_in_force(spells, clock=CLOCK, as_of=at("2026-07-18"))
    assert list(found.columns) == list(EPISODE_TYPES)
    assert list(days.columns) == list(DAY_TYPES)
    assert found.empty
    assert days.empty


def test_the_order_of_the_rows_does_not_matter() -> None:
    seen = pd.concat(
        [
            polled(("16 00:00", "15 20:00"), ("16 01:00", "15 20:00"), region=PREFECTURE),
            polled(("16 01:00", "16 00:30"), ("16 02:00", "16 00:30"), colour=2),
            polled(("16 02:00", "16 01:30"), region=SISTER),
        ],
        ignore_index=True,
    )
    when = polls("16 00:00", "16 01:00", "16 02:00", "16 03:00")
    straight = merged(effective(seen, when), gap=24 * HOUR, clock=CLOCK)
    shuffled = merged(effective(seen.sample(frac=1, random_state=3), when.iloc[::-1]), gap=24 * HOUR, clock=CLOCK)
    pd.testing.assert_frame_equal(straight, shuffled)


def test_808_polls_of_4000_rows_take_seconds() -> None:
    generator = np.random.default_rng(1)
    moments = pd.Series(pd.date_range("2026-06-01", periods=808, freq="h").astype("datetime64[us]"))
    n = 4000
    rows = warnings([{}] * n).assign(
        region_code=generator.choice([PREFECTURE, COUNTY, SISTER, TOWNSHIP], n),
        hazard_code=generator.choice(["flood", "gale", "hail"], n),
        colour_rank=generator.integers(1, 5, n),
        poll_at=moments.to_numpy()[generator.integers(0, 808, n)],
    )
    rows = rows.assign(
        sent_at=rows["poll_at"].dt.floor("D"),
        expires_at=rows["poll_at"].dt.floor("D") + 24 * HOUR,
        usable_from_date=rows["poll_at"].dt.floor("D"),
    )
    begun = time.perf_counter()
    merged(effective(rows, moments), gap=24 * HOUR, clock=CLOCK)
    assert time.perf_counter() - begun < 10
