"""Reads the warnings and events of a run's database and gives its hazard episodes and the days they hold."""

from __future__ import annotations

import duckdb
import pandas as pd

from signals.episodes import days_in_force, inherited, merged
from signals.spells import SPELL_TYPES, message_spells, poll_spells, reconciled

# A finding of a day may use what was usable on that day, so nothing later than the judged day enters.
WARNINGS = """
select
    warnings.source_kind as source, warnings.region_code, warnings.hazard_code, levels.level_rank as colour_rank,
    warnings.message_id, warnings.message_type, warnings.reference_text,
    warnings.sent_at, warnings.expires_at, warnings.poll_at,
    cast(warnings.usable_from_date as timestamp) as usable_from_date, warnings.known_at, warnings.load_id
from intermediate.int_hazard__warnings as warnings
left join policy.levels as levels on warnings.colour = levels.level
where warnings.refusal_reason is null and warnings.usable_from_date <= ?
"""
# What offices and services tell of events, as spells already: one statement after another.
EVENTS = "select * from intermediate.int_hazard__event_spells where usable_from_date <= ?"
POLL_TIMES = "select poll_at from staging.stg_warnings__poll_times where usable_from_date <= ?"
# A provincial warning names its places in words only: it is not read as holding for every prefecture.
BELOW = """
select lower_regions.region_code, lower_regions.ancestor_code, lower_regions.distance
from intermediate.int_region__ancestors as lower_regions
inner join intermediate.int_region__current as regions on lower_regions.region_code = regions.region_code
inner join intermediate.int_region__current as upper_regions on lower_regions.ancestor_code = upper_regions.region_code
where regions.region_level in ('prefecture', 'county', 'township') and upper_regions.region_level <> 'province'
"""
THRESHOLD = """
select value from intermediate.int_policy__thresholds_in_force
where parameter = ? and valid_from_date <= ? and valid_to_date >= ?
"""
TIMES = ["sent_at", "expires_at", "poll_at", "usable_from_date", "known_at"]


def _hours(con: duckdb.DuckDBPyConnection, parameter: str, as_of: object) -> pd.Timedelta:
    found = con.execute(THRESHOLD, [parameter, as_of, as_of]).fetchall()
    if len(found) != 1:
        raise ValueError(f"{len(found)} thresholds named {parameter} are in force on {as_of}; exactly one is needed")
    return pd.Timedelta(hours=float(found[0][0]))


def run_hazards(con: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """Frames `hazard_episodes` and `hazard_days` of the run whose first stage stands in `con`.

    Raises ValueError when a threshold of the episodes is not in force, or a warning names a poll that is not known.
    """
    clock_row = con.execute(
        "select max(as_of_date), least(max(known_at), max(as_of_date) + interval 16 hour) from landing.run_clock"
    ).fetchone()
    if clock_row is None or clock_row[0] is None:
        raise ValueError("landing.run_clock holds no day to judge")
    as_of, clock = clock_row[0], pd.Timestamp(clock_row[1])
    warnings = con.execute(WARNINGS, [as_of]).df().astype(dict.fromkeys(TIMES, "datetime64[us]"))
    warnings = warnings.astype({"region_code": "object", "hazard_code": "object"})
    poll_times = con.execute(POLL_TIMES, [as_of]).df()["poll_at"].astype("datetime64[us]")
    polled = warnings[warnings["source"] == "poll"].astype({"colour_rank": "int64"})
    by_poll = poll_spells(polled, poll_times, poll_gap=_hours(con, "poll_gap_hours", as_of), clock=clock)
    by_message = message_spells(warnings[warnings["source"] == "cap"], clock=clock)
    warned = reconciled(by_message, by_poll, clock=clock)
    events = con.execute(EVENTS, [as_of]).df()[list(SPELL_TYPES)].astype(SPELL_TYPES)
    spells = pd.concat([frame for frame in (warned, events) if len(frame)] or [warned], ignore_index=True)
    below = con.execute(BELOW).df().astype({"region_code": "object", "ancestor_code": "object"})
    effective = inherited(spells, below)
    return {
        "hazard_episodes": merged(effective, gap=_hours(con, "gap_hours", as_of), clock=clock),
        "hazard_days": days_in_force(effective, clock=clock, as_of=pd.Timestamp(as_of)),
    }
