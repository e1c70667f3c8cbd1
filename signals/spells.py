"""How long each warning was in force, from CAP messages and from polls of the active set; no file access here.

A spell is one uninterrupted time of one warning. `expires` is not its end: four warnings in five leave the active set
hours before it. What ends a spell is a message, or the first poll without it; only where two polls lie too far apart
does `expires` stand in, and then the end is an estimate. A gap between polls never reads as an end.

All times are UTC without a zone, datetime64[us]; colours are ranks, 1 blue to 4 red.
"""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

WARNING = ["region_code", "hazard_code", "colour_rank"]
SPELL_TYPES = {
    "region_code": "object",
    "hazard_code": "object",
    "colour_rank": "int64",
    "source": "object",
    "opened_at": "datetime64[us]",
    "last_seen_at": "datetime64[us]",
    "first_absent_at": "datetime64[us]",
    "ended_at": "datetime64[us]",
    "end_basis": "object",
    "usable_from_date": "datetime64[us]",
    "known_at": "datetime64[us]",
    "load_id": "object",
}
ESTIMATED_OR_OPEN = ("expires", "open", "unknown")
# Identifiers are written with or without a serial number after the time stamp.
SERIAL = re.compile(r"(_\d{14})_\d+$")


def _spells(frame: pd.DataFrame) -> pd.DataFrame:
    return frame[list(SPELL_TYPES)].astype(SPELL_TYPES).reset_index(drop=True)


def in_force_until(spells: pd.DataFrame, clock: pd.Timestamp) -> pd.Series[pd.Timestamp]:
    """The end; for an open spell the clock; for one that ended we know not when, the last time it was seen."""
    last_known = spells["last_seen_at"].mask(spells["end_basis"] == "open", clock)
    return spells["ended_at"].fillna(last_known)


def poll_spells(
    polled: pd.DataFrame, poll_times: pd.Series[pd.Timestamp], *, poll_gap: pd.Timedelta, clock: pd.Timestamp
) -> pd.DataFrame:
    """Spells of the warnings seen in polls.

    polled: one row per poll and warning (WARNING, sent_at, expires_at, poll_at, and lineage: usable_from_date,
    known_at, load_id); poll_times: every poll known, also those that showed nothing. Leaves the columns of
    SPELL_TYPES. Raises ValueError if a row names a poll that is not in poll_times.
    """
    times = np.unique(poll_times.to_numpy(dtype="datetime64[us]"))
    one_warning = [*WARNING, "sent_at"]
    rows = polled.drop_duplicates([*one_warning, "poll_at"]).sort_values([*one_warning, "poll_at"])
    rows = rows.reset_index(drop=True)
    seen = rows["poll_at"].to_numpy(dtype="datetime64[us]")
    position = np.searchsorted(times, seen)
    if not np.isin(seen, times).all():
        raise ValueError("a warning was seen in a poll that is not in the list of polls")
    rows["position"] = position
    is_new_warning = ~rows.duplicated(one_warning).to_numpy()
    # A poll in between without the warning ends the run, however often it comes back.
    is_new_run = is_new_warning | (np.diff(position, prepend=-2) != 1)
    rows["run"] = np.cumsum(is_new_run)
    rows["opened_at"] = rows["poll_at"].where(~is_new_warning, rows[["sent_at", "poll_at"]].min(axis=1))
    runs = rows.groupby("run", sort=True).agg(
        region_code=("region_code", "first"),
        hazard_code=("hazard_code", "first"),
        colour_rank=("colour_rank", "first"),
        opened_at=("opened_at", "first"),
        last_seen_at=("poll_at", "last"),
        expires_at=("expires_at", "last"),
        position=("position", "last"),
        usable_from_date=("usable_from_date", "min"),
        known_at=("known_at", "max"),
        load_id=("load_id", "first"),
    )
    after = np.append(times, np.datetime64("NaT", "us"))
    next_poll = pd.Series(after[runs["position"].to_numpy(dtype="int64") + 1], index=runs.index)
    gap_to_next = next_poll - runs["last_seen_at"]
    expires = runs["expires_at"].astype("datetime64[us]").clip(lower=runs["last_seen_at"])
    is_seen_absent = gap_to_next <= poll_gap
    # The upper bound of an end inside a long gap: it had expired, or at the latest it was gone at the next poll.
    estimate = expires.where(next_poll.isna() | (expires <= next_poll), next_poll)
    is_open = next_poll.isna() & ((expires > clock) | (expires.isna() & (clock - runs["last_seen_at"] <= poll_gap)))
    basis = np.select([is_seen_absent, is_open, expires.notna()], ["absent", "open", "expires"], "unknown")
    runs["source"] = "poll"
    runs["end_basis"] = basis
    runs["ended_at"] = next_poll.where(is_seen_absent, estimate.where(basis == "expires"))
    runs["first_absent_at"] = next_poll.where(is_seen_absent)
    return _spells(runs)


def _without_serial(identifier: str) -> str:
    return SERIAL.sub(r"\1", identifier)


def _identifier(reference: str) -> str:
    """The identifier in a reference: "sender,identifier,sent" by the standard; some relays give it alone."""
    parts = reference.split(",")
    return _without_serial(parts[1] if len(parts) > 1 else reference)


def _ended_messages(messages: pd.DataFrame) -> pd.DataFrame:
    """Which message ends when: message_id of the ended one, end_at.

    An end that names nothing known ends whatever was in force of this hazard in its region before it.
    """
    starts = messages[messages["message_type"] != "cancel"]
    ends = messages[messages["message_type"] != "alert"].reset_index(drop=True)
    ends = ends.assign(end_id=ends["message_id"], end_at=ends["sent_at"])
    tokens = ends["reference_text"].fillna("").str.split().explode()
    named = ends[["end_id", "end_at"]].join(tokens.rename("token"), how="inner").dropna(subset=["token"])
    identifiers = [_identifier(token) for token in named["token"]]
    named = named.assign(message_id=pd.Series(identifiers, index=named.index, dtype="object"))
    named = named.drop_duplicates(["end_id", "message_id"])
    by_name = named[["end_id", "end_at", "message_id"]].merge(
        starts[["message_id", "sent_at"]].drop_duplicates(), on="message_id"
    )
    nameless = ends[~ends["end_id"].isin(by_name["end_id"])]
    by_place = nameless[["region_code", "hazard_code", "end_id", "end_at"]].merge(
        starts[["region_code", "hazard_code", "message_id", "sent_at"]], on=["region_code", "hazard_code"]
    )
    both = pd.concat([by_name, by_place[["end_id", "end_at", "message_id", "sent_at"]]], ignore_index=True)
    both = both[(both["sent_at"] < both["end_at"]) & (both["message_id"] != both["end_id"])]
    return both.groupby("message_id", as_index=False).agg(end_at=("end_at", "min"))


def message_spells(messages: pd.DataFrame, *, clock: pd.Timestamp) -> pd.DataFrame:
    """Spells of CAP messages.

    messages: one row per message and area (message_id, message_type alert|update|cancel, reference_text, WARNING,
    sent_at, expires_at, and lineage as in `poll_spells`). An update ends what it refers to and begins itself; a
    cancel only ends. Leaves the columns of SPELL_TYPES; end_basis `cancelled` is an end by message.
    """
    identifiers = [_without_serial(str(identifier)) for identifier in messages["message_id"]]
    messages = messages.assign(message_id=pd.Series(identifiers, index=messages.index, dtype="object"))
    rows = messages[messages["message_type"] != "cancel"].merge(_ended_messages(messages), how="left", on="message_id")
    expires = rows["expires_at"].astype("datetime64[us]")
    end_at = rows["end_at"].astype("datetime64[us]")
    # An all-clear after the expiry says nothing new: the warning had lapsed before.
    is_cancelled = end_at.notna() & (expires.isna() | (end_at <= expires))
    basis = np.select([is_cancelled, expires > clock, expires.notna()], ["cancelled", "open", "expires"], "unknown")
    ended_at = end_at.where(is_cancelled, expires.where(basis == "expires"))
    return _spells(
        rows.assign(
            source="cap",
            opened_at=rows["sent_at"],
            last_seen_at=rows["sent_at"],
            first_absent_at=pd.Series(pd.NaT, index=rows.index),
            ended_at=ended_at,
            end_basis=basis,
        )
    )


def reconciled(by_message: pd.DataFrame, by_poll: pd.DataFrame, *, clock: pd.Timestamp) -> pd.DataFrame:
    """Both kinds of spells as one list, each warning with the better evidence for its end.

    What a message ended, it ended, unless a later poll still shows it. What polls saw vanish did not last until its
    expiry.
    """
    cap, poll = by_message.copy(), by_poll.copy()
    pairs = (
        cap.assign(cap_row=cap.index, until=in_force_until(cap, clock))
        .merge(poll.assign(poll_row=poll.index, until=in_force_until(poll, clock)), on=WARNING, suffixes=("", "_poll"))
        .query("opened_at < until_poll and opened_at_poll < until")
    )
    ended_by_message = pairs[
        (pairs["end_basis"] == "cancelled")
        & (pairs["ended_at"] >= pairs["last_seen_at_poll"])
        & (pairs["ended_at"] <= pairs["until_poll"])
    ]
    earliest = ended_by_message.groupby("poll_row")["ended_at"].min()
    poll.loc[earliest.index, "ended_at"] = earliest
    poll.loc[earliest.index, "end_basis"] = "cancelled"
    poll.loc[earliest.index, "first_absent_at"] = pd.NaT
    seen_to_vanish = pairs[pairs["end_basis"].isin(ESTIMATED_OR_OPEN) & (pairs["end_basis_poll"] == "absent")].assign(
        distance=lambda p: (p["opened_at"] - p["opened_at_poll"]).abs()
    )
    nearest = seen_to_vanish.sort_values(["cap_row", "distance", "poll_row"]).drop_duplicates("cap_row")
    for column in ("ended_at", "first_absent_at", "last_seen_at", "end_basis"):
        cap.loc[nearest["cap_row"], column] = nearest[f"{column}_poll"].to_numpy()
    return _spells(pd.concat([frame for frame in (cap, poll) if len(frame)] or [cap], ignore_index=True))
