"""proof.json: the scores of the system and of its rivals on the same shocks, and whether the goals are met."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from proof import assumptions as p
from proof import scoring
from proof.scoring import NAMES, Flags, Judged, Scored
from proof.worlds import Told
from reporting.past_notices import past_notices
from signals.scores import return_period_years

Worlds = list[tuple[Judged, pd.DataFrame, Flags]]
LEADS = {"price": ("hog_price", "pear_price"), "employment": ("employment",)}
RULE_KINDS = {rule: tuple(k for k, r in p.RULE_OF.items() if r == rule) for rule in dict.fromkeys(p.RULE_OF.values())}


# What is told of the crossings alone, beside the same of all three types.
ALONE = ("overall", "rivals", "orange_or_red_episodes", "by_kind", "by_world", "false_share_of_warned_months", "goals")


def assess(told: Sequence[Told], seed: int) -> dict[str, Any]:
    """The record of these worlds, without what was checked apart (days judged again, times).

    Effects are households that fall into one of the three types; the same figures for those alone who cross the line
    stand under crossings_alone.
    """
    judged = [scoring.judged(one) for one in told]
    record = _assessed(judged, seed, crossings_alone=False)
    narrow = _assessed(judged, seed, crossings_alone=True)
    return {**record, "crossings_alone": {"counts": narrow["counts"], **{name: narrow[name] for name in ALONE}}}


def _assessed(judged: Sequence[Judged], seed: int, *, crossings_alone: bool) -> dict[str, Any]:
    worlds: Worlds = []
    for world in judged:
        events = scoring.events_of(world.told, crossings_alone=crossings_alone)
        worlds.append((world, events, scoring.unexplained(world, events)))
    told, rng = [world.told for world in judged], np.random.default_rng(seed)
    orange, yellow = p.WARNING_LEVELS["orange_red"], p.WARNING_LEVELS["yellow_up"]
    system = scoring.score(worlds, [w.level >= orange for w, _, _ in worlds], any_cause=False)
    rivals = {
        "always_warn": [np.ones_like(w.level, dtype=bool) for w, _, _ in worlds],
        "never_warn": [np.zeros_like(w.level, dtype=bool) for w, _, _ in worlds],
        "single_threshold": [w.new_share >= p.SINGLE_THRESHOLD for w, _, _ in worlds],
    }
    scored = {name: scoring.score(worlds, warned, any_cause=True) for name, warned in rivals.items()}
    curve = {
        str(value): scoring.score(worlds, [w.new_share >= value for w, _, _ in worlds], any_cause=True)
        for value in p.SINGLE_THRESHOLDS
    }
    notices = [n for one in told for n in _notices(one)]
    record: dict[str, Any] = {
        "overall": system.record(rng),
        "overall_yellow_up": scoring.score(worlds, [w.level >= yellow for w, _, _ in worlds], any_cause=False).record(
            rng
        ),
        "rules": {rule: _rule(worlds, rule, kinds, rng) for rule, kinds in RULE_KINDS.items()},
        "distress": {
            "R25": scoring.score(worlds, [w.of_rule["R25"] >= orange for w, _, _ in worlds], any_cause=True).record(rng)
        },
        "rivals": {name: s.record(rng) for name, s in scored.items()},
        "single_threshold_curve": {value: s.record(rng)["csi"] for value, s in curve.items()},
        "orange_or_red_episodes": _episode_counts(worlds, int(system.tables[:, 0].sum())),
        "by_kind": {kind: _kind(worlds, kind) for kind in p.RULE_OF},
        "lead_days": {name: _leads(worlds, kinds) for name, kinds in LEADS.items()},
        "by_year": _by_year(worlds, rng),
        "by_world": _by_world(worlds),
        "no_effect": _no_effect(worlds),
        "false_alarms_by_cause": _false_alarms(worlds),
        "false_share_of_warned_months": _false_share(worlds, rivals),
        "pod_by_chance": _by_chance(worlds),
        "warned_share_of_region_days": round(
            float(np.mean(np.concatenate([(w.level >= orange).ravel() for w, _, _ in worlds]))), 4
        ),
        "return_period_years": _return_period(worlds, rng),
        "verifications_per_township_month": _workload(told),
        "messages": {
            "notices": len(notices),
            "at_orange_or_red": sum(n["level"] in ("orange", "red") for n in notices),
            "most_per_change": _most_per_change(notices, _changes(told)),
        },
        "counts": _counts(worlds),
    }
    record["goals"] = goals(record, scored["single_threshold"], system)
    best = max(curve, key=lambda value: float(np.nan_to_num(scoring.SCORES["csi"](curve[value].tables.sum(axis=0)))))
    record["best_single_threshold"] = {"threshold": float(best), "csi": record["single_threshold_curve"][best]}
    return record


def _rule(worlds: Worlds, rule: str, kinds: tuple[str, ...], rng: np.random.Generator) -> dict[str, Any]:
    """A rule on the shocks that are its own, at orange and above and at yellow and above."""

    def at(rank: int) -> dict[str, Any]:
        said = [w.of_rule[rule] >= rank for w, _, _ in worlds]
        return scoring.score(worlds, said, kinds=kinds, any_cause=True).record(rng)

    return {**at(p.WARNING_LEVELS["orange_red"]), "yellow_up": at(p.WARNING_LEVELS["yellow_up"])}


def _leads(worlds: Worlds, kinds: tuple[str, ...]) -> dict[str, float | int | None]:
    """Leads of the system's warnings of these kinds of shock."""
    warned = [w.level >= p.WARNING_LEVELS["orange_red"] for w, _, _ in worlds]
    return scoring.lead_record(scoring.score(worlds, warned, kinds=kinds, any_cause=False).leads)


def _real(events: pd.DataFrame, kind: str) -> pd.DataFrame:
    return events[events["is_scored"] & events["onset"].notna() & (events["kind"] == kind)]


def _kind(worlds: Worlds, kind: str) -> dict[str, Any]:
    """Of one kind: events, hits at each level, leads, and the highest level and keys reached in the hit window."""
    highest, shock, distress = Counter[str](), Counter[str](), Counter[str]()
    hits, leads, events, late = Counter[str](), [], 0, Counter[str]()
    for world, all_events, _ in worlds:
        for event in _real(all_events, kind).to_dict("records"):
            events += 1
            counts = scoring.caused(world, event["dimension"])
            for name, rank in p.WARNING_LEVELS.items():
                day = scoring.first_warning(world, event, (world.level >= rank) & counts)
                hits[name] += day is not None
                if name == "orange_red":
                    leads.append(np.nan if day is None else (event["onset"] - day).days)
                    late[f"{'late' if event['is_late'] else 'on_time'}_{'hit' if day is not None else 'missed'}"] += 1
            if event["region"] in world.regions:
                inside = (world.days >= event["start"]) & (
                    world.days <= event["onset"] + pd.Timedelta(days=p.LATE_HIT_DAYS)
                )
                row = world.regions.index(event["region"])
                highest[NAMES[int(world.level[row, inside].max())]] += 1
                shock[NAMES[int(world.own["shock_key"][row, inside].max())]] += 1
                distress[NAMES[int(world.own["distress_key"][row, inside].max())]] += 1
    return {
        "events": events,
        "hits": dict(hits),
        "lead_days": scoring.lead_record(np.array(leads, dtype=np.float64)),
        "by_lateness": dict(sorted(late.items())),
        "highest_level_in_window": dict(highest),
        "highest_shock_key_in_window": dict(shock),
        "highest_distress_key_in_window": dict(distress),
    }


def _by_year(worlds: Worlds, rng: np.random.Generator) -> dict[str, Any]:
    """POD by the year of the onset, and the quiet and false months of the year: the line is in force in 2021 only."""
    found = {}
    for year in sorted({d.year for w, _, _ in worlds for d in (w.days[0], w.days[-1])}):
        part: Worlds = [(w, e[e["onset"].dt.year == year], q) for w, e, q in worlds]
        said = [w.level >= p.WARNING_LEVELS["orange_red"] for w, _, _ in worlds]
        one = scoring.score(part, said, any_cause=False).record(rng)
        quiet = [q[:, _months_of(w, year)] for w, _, q in worlds]
        warned = [scoring.by_month(w, on)[:, _months_of(w, year)] for (w, _, _), on in zip(worlds, said, strict=True)]
        found[str(year)] = {
            **{k: one[k] for k in ("hits", "misses", "pod")},
            "quiet_months": sum(int(q.sum()) for q in quiet),
            "false_months": sum(int((q & on).sum()) for q, on in zip(quiet, warned, strict=True)),
        }
    return found


def _by_world(worlds: Worlds) -> list[dict[str, int]]:
    """Hits, misses and false months of each world: one wide shock may make most of the false ones."""
    found = []
    for one in worlds:
        warned = one[0].level >= p.WARNING_LEVELS["orange_red"]
        table = scoring.score([one], [warned], any_cause=False).tables.sum(axis=0)
        hits, false, misses = (int(x) for x in table[:3])
        found.append({"seed": one[0].told.seed, "hits": hits, "misses": misses, "false_months": false})
    return found


def _months_of(world: Judged, year: int) -> Flags:
    """Which of the world's months are of that year."""
    _, first = np.unique(world.months, return_index=True)
    return np.asarray(world.days.year.to_numpy()[first] == year)


def _no_effect(worlds: Worlds) -> dict[str, Any]:
    """Shocks for whose sake too few households fell, and how many were raised to orange in their four months."""
    made: dict[str, Counter[str]] = {}
    for world, events, _ in worlds:
        for event in events[events["is_scored"] & events["onset"].isna()].to_dict("records"):
            if event["region"] not in world.regions:
                continue
            span = (world.days >= event["start"]) & (world.days <= event["start"] + pd.Timedelta(days=p.EXPLAINED_DAYS))
            row = world.regions.index(event["region"])
            raised = (world.level[row] >= p.WARNING_LEVELS["orange_red"]) & scoring.caused(world, event["dimension"])[
                row
            ]
            one = made.setdefault(event["kind"], Counter())
            one["events"] += 1
            one["raised"] += bool(raised[span].any())
    return {kind: dict(one) for kind, one in made.items()}


def _by_chance(worlds: Worlds) -> dict[str, Any]:
    """Of the events how many another world would have warned of too, in the same place and window, where they are not.

    Where much is warned, much is hit by chance: a POD says something by what it has above this. Null for one world.
    """
    hits = events = 0
    for (_, found, _), (other, _, _) in zip(worlds, worlds[1:] + worlds[:1], strict=True):
        if len(worlds) < 2:
            break
        warned = other.level >= p.WARNING_LEVELS["orange_red"]
        for event in found[found["is_scored"] & found["onset"].notna()].to_dict("records"):
            there = [r for r in other.regions if scoring.county_of(r) == scoring.county_of(event["region"])]
            alike = [r for r in there if (r == scoring.county_of(r)) == (event["kind"] in scoring.COUNTY_KINDS)]
            for region in alike:
                moved = {**event, "region": region}
                counts = warned & scoring.caused(other, event["dimension"])
                hits += scoring.first_warning(other, moved, counts) is not None
                events += 1
    return {"places_looked_at": events, "pod": round(hits / events, 4) if events else None}


def _false_alarms(worlds: Worlds) -> dict[str, int]:
    """The system's false alarms: soon after a real shock for which too few fell, or otherwise; what they rest on.

    Such a shock may last longer than EXPLAINED_DAYS: otherwise is not without any.
    A dimension counts where it is itself at orange or above in such a month; a month may rest on several.
    """
    found: Counter[str] = Counter()
    for world, events, quiet in worlds:
        false = quiet & scoring.by_month(world, world.level >= p.WARNING_LEVELS["orange_red"])
        small = scoring.touched(world, events[events["onset"].isna()])
        found["soon_after_a_shock_without_effect"] += int((false & small).sum())
        found["otherwise"] += int((false & ~small).sum())
        for name in ("hazard", "price", "employment", "project", "site", "distress"):
            on = scoring.by_month(world, world.own[name] >= p.WARNING_LEVELS["orange_red"])
            found[f"rests_on_{name}"] += int((false & on).sum())
    return dict(found)


def _episodes(world: Judged) -> list[tuple[int, NDArray[np.int64]]]:
    """Stretches of orange or red: the region's row, and the months that each touches."""
    on = world.level >= p.WARNING_LEVELS["orange_red"]
    found = []
    for row in range(len(world.regions)):
        days = np.flatnonzero(on[row])
        found += [(row, np.unique(world.months[part])) for part in _runs(days)]
    return found


def _runs(days: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Days that follow one another, together."""
    parts = np.split(days, np.flatnonzero(np.diff(days) > 1) + 1)
    return [part for part in parts if len(part)]


def _episode_counts(worlds: Worlds, hits: int) -> dict[str, Any]:
    """All stretches, those that no shock with effect explains in any month, and their share beside the hits.

    The false alarm ratio by stretches is milder than by months; it cannot be told of rivals that never stop.
    """
    every = [(quiet, row, months) for world, _, quiet in worlds for row, months in _episodes(world)]
    false = sum(bool(quiet[row, months].all()) for quiet, row, months in every)
    share = round(false / (false + hits), 4) if false + hits else None
    return {
        "all": len(every),
        "unexplained": false,
        "unexplained_per_year_and_region": _rate(worlds, false),
        "far": share,
    }


def _false_share(worlds: Worlds, rivals: Mapping[str, Sequence[Flags]]) -> dict[str, float | None]:
    """Of the region-months with a warning the share that nothing explains, for the system and for each rival.

    `far` sets unexplained months against hit events, which are fewer than the months that they last; here both are
    months. What always warns has the share of quiet months in all: so much is false by chance.
    """
    said = {"system": [w.level >= p.WARNING_LEVELS["orange_red"] for w, _, _ in worlds], **rivals}
    found: dict[str, float | None] = {}
    for name, warned in said.items():
        months = [scoring.by_month(w, on) for (w, _, _), on in zip(worlds, warned, strict=True)]
        false = sum(int((on & quiet).sum()) for on, (_, _, quiet) in zip(months, worlds, strict=True))
        every = sum(int(on.sum()) for on in months)
        found[name] = round(false / every, 4) if every else None
    return found


def _rate(worlds: Worlds, count: int) -> float:
    return round(count / sum(len(w.regions) * len(w.days) / 365.25 for w, _, _ in worlds), 3)


def _return_period(worlds: Worlds, rng: np.random.Generator) -> dict[str, float | None]:
    """Years of a region between two of its orange or red episodes, with the interval of drawing whole worlds."""
    years = np.array([len(w.regions) * len(w.days) / 365.25 for w, _, _ in worlds])
    found = np.array([len(_episodes(w)) for w, _, _ in worlds])
    drawn = rng.integers(0, len(worlds), (p.REPEATS, len(worlds)))
    spread = [return_period_years(float(years[d].sum()), int(found[d].sum())) for d in drawn]
    low, high = np.quantile(spread, [(1 - p.CONFIDENCE) / 2, (1 + p.CONFIDENCE) / 2], method="inverted_cdf")
    value = return_period_years(float(years.sum()), int(found.sum()))
    return {
        k: None if np.isinf(x) else round(float(x), 3)
        for k, x in zip(("value", "low", "high"), (value, low, high), strict=True)
    }


def _workload(told: Sequence[Told]) -> dict[str, float]:
    """Leads to verify in a township and month, in the judged months; those without any count."""
    counts: list[int] = []
    for one in told:
        days = pd.DatetimeIndex(one.levels["as_of_date"])
        months = pd.date_range(days.min().replace(day=1), days.max(), freq="MS")
        towns = one.levels.loc[one.levels["region_level"] == "township", "region_code"].unique()
        index = pd.MultiIndex.from_product([sorted(towns), months])
        leads = one.leads.assign(month=pd.to_datetime(one.leads["month"])).set_index(["township_code", "month"])
        counts += leads["lead_count"].reindex(index, fill_value=0).tolist()
    return {
        "value": round(float(np.mean(counts)), 3),
        "median": float(np.median(counts)),
        "highest": float(np.max(counts)),
        "township_months": len(counts),
    }


def _notices(one: Told) -> list[dict[str, Any]]:
    rows = one.levels.sort_values(["as_of_date", "region_code"]).to_dict("records")
    days = [{**r, "as_of_date": r["as_of_date"].date(), "region_name": "", "is_withheld": False} for r in rows]
    return [{**n, "seed": one.seed} for n in past_notices(days)]


def _changes(told: Sequence[Told]) -> set[tuple[Any, ...]]:
    """World, region and day of every change of a published level, read from the levels alone; unknown is none."""
    found: set[tuple[Any, ...]] = set()
    for one in told:
        known = one.levels[one.levels["level"] != "unknown"].sort_values("as_of_date")
        before = known.groupby("region_code")["level"].shift().fillna("none")
        changed = known[known["level"] != before]
        found |= {(one.seed, r, d.date()) for r, d in zip(changed["region_code"], changed["as_of_date"], strict=True)}
    return found


def _most_per_change(notices: list[dict[str, Any]], changes: set[tuple[Any, ...]]) -> int | None:
    """The most notices that one change of a region's level brought; None if one was told without any change."""
    told = Counter((n["seed"], n["region_code"], n["as_of_date"]) for n in notices)
    return max(told.values(), default=0) if set(told) <= changes else None


def _counts(worlds: Worlds) -> dict[str, Any]:
    shocks = pd.concat([w.told.shocks.assign(seed=w.told.seed) for w, _, _ in worlds])
    events = pd.concat([e for _, e, _ in worlds])
    scored = events[events["is_scored"]]
    with_effect = events[events["onset"].notna()].groupby(["seed", "number"]).ngroups
    return {
        "worlds": len(worlds),
        "seeds": [w.told.seed for w, _, _ in worlds],
        "shocks": len(shocks),
        "shocks_with_effect_somewhere": with_effect,
        "shocks_late": int(shocks["is_late"].sum()),
        "shocks_by_kind": shocks["kind"].value_counts().to_dict(),
        "shocks_by_size": shocks["size_class"].value_counts().to_dict(),
        "events_scored": len(scored),
        "events_with_effect": int(scored["onset"].notna().sum()),
        "region_months": int(sum(q.size for _, _, q in worlds)),
        "region_months_unexplained": int(sum(q.sum() for _, _, q in worlds)),
    }


def goals(record: dict[str, Any], rival: Scored, system: Scored) -> dict[str, Any]:
    """Each goal beside its figure; met is false where the figure is not known. Leads: the lower of price and work."""
    leads = [record["lead_days"][name] for name in LEADS]
    medians = [one["median"] for one in leads if one["median"] is not None]
    own, other = (float(np.nan_to_num(scoring.SCORES["csi"](s.tables.sum(axis=0)))) for s in (system, rival))
    figures = {
        "pod": (record["overall"]["pod"]["value"], p.GOALS["pod"], "at_least"),
        "pod_low": (record["overall"]["pod"]["low"], p.GOALS["pod_low"], "at_least"),
        "far": (record["overall"]["far"]["value"], p.GOALS["far"], "at_most"),
        "lead_days": (min(medians) if len(medians) == len(leads) else None, p.GOALS["lead_days"], "at_least"),
        "csi_over_single_threshold": (round(own - other, 4), p.GOALS["csi_over_single_threshold"], "at_least"),
        "messages_per_change": (record["messages"]["most_per_change"], p.GOALS["messages_per_change"], "at_most"),
    }
    return {
        name: {
            "figure": figure,
            "goal": goal,
            "sense": sense,
            "met": figure is not None and (figure >= goal if sense == "at_least" else figure <= goal),
        }
        for name, (figure, goal, sense) in figures.items()
    }
