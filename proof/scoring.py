"""What was warned beside what happened: tables of hits, false alarms, misses and quiet months, and their scores.

An event is a shock in a region in which enough households fall for its sake: below the line, or (the third type of
§2(1)) by three tenths of their income though above it. It is hit by a warning between the shock's first day and
LATE_HIT_DAYS after the onset, the day on which so many have fallen; the warning must rest on the shock's own dimension
or on distress, so that another shock's warning is no hit. False alarms and quiet months are
months of regions that no shock with effect explains. Regions are townships and counties.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from proof import assumptions as p
from proof.worlds import Told
from signals import scores

Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
RANKS = {"unknown": 0, "none": 0, "blue": 1, "yellow": 2, "orange": 3, "red": 4}
NAMES = ("none", "blue", "yellow", "orange", "red")
COUNTY_KINDS = ("hazard", "hog_price", "pear_price", "employment")
SCORES = {"pod": scores.pod, "far": scores.far, "csi": scores.csi, "hss": scores.hss}


def county_of(region: str) -> str:
    """The county's twelve digits."""
    return region[:6].ljust(12, "0")


@dataclass(frozen=True)
class Judged:
    """One world in arrays: a row a region, a column a day. own, of_rule: ranks by dimension and by rule."""

    told: Told
    regions: tuple[str, ...]
    days: pd.DatetimeIndex
    level: NDArray[np.int64]
    own: Mapping[str, NDArray[np.int64]]
    of_rule: Mapping[str, NDArray[np.int64]]
    new_share: Floats  # new hardship of 30 days, of V

    @property
    def months(self) -> NDArray[np.int64]:
        """The month of each day, from 0."""
        number = self.days.year.to_numpy() * 12 + self.days.month.to_numpy()
        return np.asarray(number - number[0])


def judged(told: Told) -> Judged:
    """The world's levels as arrays. Townships and counties with registered households only."""
    levels = told.levels[told.levels["region_level"] != "prefecture"]
    regions = tuple(sorted(levels["region_code"].unique()))
    days = pd.DatetimeIndex(sorted(levels["as_of_date"].unique()))

    def wide(frame: pd.DataFrame, column: str) -> pd.DataFrame:
        return frame.pivot_table(index="region_code", columns="as_of_date", values=column, aggfunc="max").reindex(
            index=list(regions), columns=days
        )

    def ranks(frame: pd.DataFrame, column: str) -> NDArray[np.int64]:
        rank = frame.assign(rank=frame[column].map(RANKS).fillna(0))
        return wide(rank, "rank").fillna(0).to_numpy(dtype=np.int64)

    dimensions = ("hazard", "price", "employment", "project", "site", "distress")
    vulnerable = wide(levels, "vulnerable_household_count").to_numpy(dtype=np.float64)
    new = wide(levels, "new_lead_count_30d").fillna(0).to_numpy(dtype=np.float64)
    of_rule = {str(rule): ranks(frame, "level") for rule, frame in told.rules.groupby("rule_id")}
    own = {d: ranks(levels, f"{d}_level") for d in dimensions}
    keys = {k: ranks(levels, k) for k in ("shock_key", "distress_key")}
    return Judged(
        told,
        regions,
        days,
        ranks(levels, "level"),
        {**own, **keys},
        {**of_rule, "R25": own["distress"]},
        np.divide(new, vulnerable, out=np.zeros_like(new), where=vulnerable > 0),
    )


def needed(vulnerable: int) -> int:
    """So many fallen households are an effect."""
    return max(p.EFFECT_HOUSEHOLDS, math.ceil(p.EFFECT_SHARE * vulnerable))


def events_of(told: Told, *, crossings_alone: bool = False) -> pd.DataFrame:
    """Each shock in each region that holds households of it: how many fell of how many needed, and the onset.

    crossings_alone: leaves out those who stay above the line with a sudden hardship. is_scored: the region is of the
    level at which the shock's feeds show it, county or township; the others only explain levels. onset and last, the
    day on which the last one fell, are no times where too few did.
    """
    v = told.vulnerable.set_index(["township", "month"])["vulnerable_household_count"]
    fates = told.crossings if crossings_alone else pd.concat([told.crossings, told.hard_hit])
    rows = []
    for shock in told.shocks.to_dict("records"):
        mine = fates[fates["shock"] == shock["number"]]
        month = f"{shock['start']:%Y-%m}"
        counties = {county_of(t) for t in shock["townships"]}
        for region in sorted({*shock["townships"], *counties}):
            is_county = region in counties
            towns = (
                [t for t in v.index.get_level_values(0).unique() if county_of(t) == region] if is_county else [region]
            )
            total = int(sum(v.get((t, month), 0) for t in towns))
            fallen = np.sort(mine.loc[mine["township"].isin(towns), "day"].to_numpy())
            enough = needed(total)
            has_effect = len(fallen) >= enough
            rows.append(
                {
                    **shock,
                    "seed": told.seed,
                    "region": region,
                    "is_scored": is_county == (shock["kind"] in COUNTY_KINDS),
                    "fallen": len(fallen),
                    "needed": enough,
                    "vulnerable": total,
                    "onset": pd.Timestamp(fallen[enough - 1]) if has_effect else pd.NaT,
                    "last": pd.Timestamp(fallen[-1]) if has_effect else pd.NaT,
                }
            )
    return pd.DataFrame(rows)


def first_warning(world: Judged, event: Mapping[Any, Any], warned: Flags) -> pd.Timestamp | None:
    """The first day of the hit window on which the event's region is warned."""
    if event["region"] not in world.regions:
        return None
    inside = (world.days >= event["start"]) & (world.days <= event["onset"] + pd.Timedelta(days=p.LATE_HIT_DAYS))
    days = world.days[inside & warned[world.regions.index(event["region"])]]
    return days[0] if len(days) else None


def caused(world: Judged, dimension: str) -> Flags:
    """Where a level rests on this dimension or on distress."""
    return np.asarray((world.own[dimension] > 0) | (world.own["distress"] > 0))


def unexplained(world: Judged, events: pd.DataFrame) -> Flags:
    """A row a region, a column a month: no shock with effect explains a level of it, of a child or of its parent."""
    return ~touched(world, events[events["onset"].notna()])


def touched(world: Judged, events: pd.DataFrame) -> Flags:
    """A row a region, a column a month: one of these events explains a level of it, on some day."""
    quiet = np.ones((len(world.regions), len(world.days)), dtype=bool)
    for event in events.to_dict("records"):
        # While households still fall for its sake, a level is no false alarm.
        done = event["start"] if pd.isna(event["last"]) else max(event["last"], event["start"])
        end = done + pd.Timedelta(days=p.EXPLAINED_DAYS)
        span = np.asarray((world.days >= event["start"]) & (world.days <= end))
        own, county = event["region"], county_of(event["region"])
        for place, region in enumerate(world.regions):
            if region in (own, county) or (own == county and county_of(region) == own):
                quiet[place, span] = False
    months = world.months
    return np.stack([~quiet[:, months == m].all(axis=1) for m in np.unique(months)], axis=1)


def by_month(world: Judged, warned: Flags) -> Flags:
    """Whether a region was warned on any day of each month."""
    months = world.months
    return np.stack([warned[:, months == m].any(axis=1) for m in np.unique(months)], axis=1)


def table_of(world: Judged, events: pd.DataFrame, hit: Flags, warned: Flags, quiet: Flags) -> Floats:
    """A table (a, b, c, d) a county. hit: of each of these events; warned: of each region and day."""
    counties = sorted({county_of(r) for r in world.regions})
    made = np.zeros((len(counties), 4))
    for (_, event), is_hit in zip(events.iterrows(), hit, strict=True):
        made[counties.index(county_of(event["region"])), 0 if is_hit else 2] += 1
    alarms = by_month(world, warned)
    for place, region in enumerate(world.regions):
        row = counties.index(county_of(region))
        made[row, 1] += float((alarms[place] & quiet[place]).sum())
        made[row, 3] += float((~alarms[place] & quiet[place]).sum())
    return made


@dataclass(frozen=True)
class Scored:
    """One forecaster on all worlds: a table a county and world, and each event's lead (NaN: missed)."""

    tables: Floats
    leads: Floats

    def record(self, rng: np.random.Generator) -> dict[str, Any]:
        """As proof.json states it."""
        a, b, c, d = (int(x) for x in self.tables.sum(axis=0))
        told = {name: interval(self.tables, score, rng) for name, score in SCORES.items()}
        # Where no case went the other way, drawing them again shows no doubt: the rule of three does.
        doubt = scores.upper_bound_of_none
        for name, good, bad in (("pod", a, c), ("far", b, a)):
            if good + bad and not bad:
                told[name]["low"] = round(1 - doubt(good, p.CONFIDENCE), 4)
            elif good + bad and not good:
                told[name]["high"] = round(doubt(bad, p.CONFIDENCE), 4)
        return {
            "hits": a,
            "false_alarms": b,
            "misses": c,
            "quiet_region_months": d,
            **told,
            "lead_days": lead_record(self.leads),
        }


def interval(tables: Floats, score: scores.Score, rng: np.random.Generator) -> dict[str, float | None]:
    """A score with its bootstrap interval over counties and worlds; null where it is not known."""
    if not len(tables):
        return {"value": None, "low": None, "high": None}
    found = scores.bootstrap_interval(tables, score, rng=rng, repeats=p.REPEATS, confidence=p.CONFIDENCE)
    return {k: None if math.isnan(x) else round(x, 4) for k, x in vars(found).items()}


def lead_record(leads: Floats) -> dict[str, float | int | None]:
    """Quartiles of the leads of those hit, in days."""
    known = leads[~np.isnan(leads)]
    if not len(known):
        return {"count": 0, "lower_quartile": None, "median": None, "upper_quartile": None}
    low, middle, high = np.quantile(known, [0.25, 0.5, 0.75])
    return {"count": len(known), "lower_quartile": float(low), "median": float(middle), "upper_quartile": float(high)}


def score(
    worlds: list[tuple[Judged, pd.DataFrame, Flags]],
    warned: list[Flags],
    *,
    kinds: tuple[str, ...] = (),
    any_cause: bool,
) -> Scored:
    """A forecaster on these worlds with their events and quiet months. warned: what it said, a row a region.

    kinds: only events of these; all if empty. any_cause: whether a warning counts whatever it rests on.
    """
    tables, leads = [np.zeros((0, 4))], []
    for (world, events, quiet), said in zip(worlds, warned, strict=True):
        real = events[events["is_scored"] & events["onset"].notna()]
        real = real[real["kind"].isin(kinds)] if kinds else real
        hit = []
        for event in real.to_dict("records"):
            counts = said if any_cause else said & caused(world, event["dimension"])
            day = first_warning(world, event, counts)
            hit.append(day is not None)
            leads.append(float("nan") if day is None else (event["onset"] - day).days)
        tables.append(table_of(world, real, np.array(hit, dtype=bool), said, quiet))
    return Scored(np.concatenate(tables), np.array(leads, dtype=np.float64))
