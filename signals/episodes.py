"""Hazard episodes and the days they hold: spells of warnings, told region by region; no file access here.

An episode is one region, one hazard, one opening colour: all spells at or above the colour with no gap longer than
`gap`. A prefecture's warning holds for each of its counties, a county's for each of its townships: counting messages
would measure noise, and a county of the seat district may never be named.
"""

from __future__ import annotations

import hashlib

import numpy as np
import pandas as pd

from signals.spells import in_force_until

COLOURS = {1: "blue", 2: "yellow", 3: "orange", 4: "red"}
EPISODE_TYPES = {
    "episode_key": "object",
    "region_code": "object",
    "hazard_code": "object",
    "opening_colour": "object",
    "highest_colour": "object",
    "opened_at": "datetime64[us]",
    "last_seen_at": "datetime64[us]",
    "first_absent_at": "datetime64[us]",
    "ended_at": "datetime64[us]",
    "end_basis": "object",
    "is_end_estimated": "bool",
    "is_open": "bool",
    "is_inherited": "bool",
    "source_region_code": "object",
    "sources": "object",
    "spell_count": "int64",
    "usable_from_date": "datetime64[us]",
    "known_at": "datetime64[us]",
    "load_id": "object",
}
DAY_TYPES = {
    "region_code": "object",
    "hazard_code": "object",
    "day": "datetime64[us]",
    "highest_colour": "object",
    "known_colour": "object",
    "known_at": "datetime64[us]",
    "load_id": "object",
}
# Of two spells that end together, the one whose end is known best speaks.
BASIS_ORDER = {"unknown": 0, "expires": 1, "absent": 2, "cancelled": 3, "open": 4}
BEIJING = pd.Timedelta(hours=8)
SERIES = ["region_code", "hazard_code"]


def inherited(spells: pd.DataFrame, below: pd.DataFrame) -> pd.DataFrame:
    """Each spell for its own region and every region below it.

    below: region_code, ancestor_code, distance (0 for itself). Regions that `below` does not know are not judged.
    Leaves the spells' columns, with source_region_code and distance.
    """
    sources = spells.rename(columns={"region_code": "source_region_code"})
    return sources.merge(below.rename(columns={"ancestor_code": "source_region_code"}), on="source_region_code")


def merged(effective: pd.DataFrame, *, gap: pd.Timedelta, clock: pd.Timestamp) -> pd.DataFrame:
    """Episodes of every opening colour, in the columns of EPISODE_TYPES.

    effective: spells as `inherited` leaves them. ended_at is an upper bound; end_basis says what it rests on.
    """
    parts = [_at_or_above(effective[effective["colour_rank"] >= rank], rank, gap=gap, clock=clock) for rank in COLOURS]
    episodes = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return episodes[list(EPISODE_TYPES)].astype(EPISODE_TYPES)


def _at_or_above(spells: pd.DataFrame, rank: int, *, gap: pd.Timedelta, clock: pd.Timestamp) -> pd.DataFrame:
    spells = spells.assign(until=in_force_until(spells, clock))
    spells = spells.sort_values([*SERIES, "opened_at", "distance", "source_region_code", "source", "until"])
    spells = spells.reset_index(drop=True)
    is_new_series = ~spells.duplicated(SERIES)
    until_before = spells.groupby(SERIES)["until"].cummax().shift()
    spells["episode"] = (is_new_series | (spells["opened_at"] > until_before + gap)).cumsum()
    spells["is_from_above"] = spells["distance"] > 0
    whole = spells.groupby("episode", sort=True).agg(
        region_code=("region_code", "first"),
        hazard_code=("hazard_code", "first"),
        highest_rank=("colour_rank", "max"),
        opened_at=("opened_at", "min"),
        last_seen_at=("last_seen_at", "max"),
        is_inherited=("is_from_above", "all"),
        source_region_code=("source_region_code", "first"),
        sources=("source", lambda given: "+".join(sorted(set(given)))),
        spell_count=("source", "size"),
        usable_from_date=("usable_from_date", "min"),
        known_at=("known_at", "max"),
        load_id=("load_id", "first"),
    )
    spells["basis_order"] = spells["end_basis"].map(BASIS_ORDER).astype("int64")
    last = spells.sort_values(["episode", "until", "basis_order", "distance"]).groupby("episode").tail(1)
    whole = whole.join(last.set_index("episode")[["first_absent_at", "ended_at", "end_basis"]])
    whole["opening_colour"] = COLOURS[rank]
    whole["highest_colour"] = whole["highest_rank"].map(COLOURS)
    whole["is_open"] = whole["end_basis"] == "open"
    whole["is_end_estimated"] = whole["end_basis"] == "expires"
    whole["episode_key"] = [
        "E" + hashlib.sha256(f"{region}|{hazard}|{COLOURS[rank]}|{opened.isoformat()}".encode()).hexdigest()[:12]
        for region, hazard, opened in zip(whole["region_code"], whole["hazard_code"], whole["opened_at"], strict=True)
    ]
    return whole


def days_in_force(effective: pd.DataFrame, *, clock: pd.Timestamp, as_of: pd.Timestamp) -> pd.DataFrame:
    """The Beijing days on which a warning was in force, in the columns of DAY_TYPES, none after `as_of`.

    highest_colour is what is known now about the day; known_colour what was usable on the day itself (null where the
    warning became known only later), which is what a finding of that day may use.
    """
    until = in_force_until(effective, clock)
    # The moment of the end is no longer in force: a warning that ends at midnight does not hold on the new day.
    last_moment = (until - pd.Timedelta(microseconds=1)).where(
        effective["ended_at"].notna() | (effective["end_basis"] == "open"), until
    )
    first_day = (effective["opened_at"] + BEIJING).dt.floor("D")
    last_day = (last_moment + BEIJING).dt.floor("D")
    last_day = last_day.where(last_day <= as_of, as_of)
    length = ((last_day - first_day).dt.days + 1).clip(lower=0).to_numpy(dtype="int64")
    lineage = ["usable_from_date", "known_at", "load_id"]
    rows = effective.loc[effective.index.repeat(length), [*SERIES, "colour_rank", *lineage]]
    offset = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    rows["day"] = first_day.repeat(length.tolist()) + pd.to_timedelta(offset, unit="D")
    rows["known_rank"] = rows["colour_rank"].where(rows["usable_from_date"] <= rows["day"])
    # The load named is the first that showed the day's highest known colour.
    rows = rows.sort_values(
        [*SERIES, "day", "known_rank", "known_at", "load_id"], ascending=[True] * 3 + [False, True, True]
    )
    days = rows.groupby([*SERIES, "day"], as_index=False).agg(
        colour_rank=("colour_rank", "max"),
        known_rank=("known_rank", "max"),
        known_at=("known_at", "max"),
        load_id=("load_id", "first"),
    )
    days["highest_colour"] = days["colour_rank"].map(COLOURS)
    days["known_colour"] = days["known_rank"].map(COLOURS)
    return days[list(DAY_TYPES)].astype(DAY_TYPES)
