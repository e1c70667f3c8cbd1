"""Scores against tables counted by hand: a hit, a planted miss, a planted false alarm, and the borders of each."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from proof import assumptions as p
from proof import scoring
from proof.prove import compared
from proof.result import _changes, _most_per_change, assess, goals
from proof.worlds import Told

COUNTY, NORTH, SOUTH = "341302000000", "341302101000", "341302102000"
OTHER = "341321101000"
FIRST, LAST = pd.Timestamp("2021-01-01"), pd.Timestamp("2021-12-31")
DAYS = pd.date_range(FIRST, LAST)
DIMENSIONS = ("hazard", "price", "employment", "project", "site", "distress")


def _levels(raised: dict[str, list[tuple[str, str, str, str]]]) -> pd.DataFrame:
    """Quiet levels of four regions; raised: by region (first day, last day, level, dimension it rests on)."""
    frames = []
    for region in (COUNTY, NORTH, SOUTH, OTHER):
        frame = pd.DataFrame({"as_of_date": DAYS, "region_code": region, "level": "none"})
        frame["region_level"] = "county" if region == COUNTY else "township"
        for column in ("shock_key", "distress_key", *(f"{d}_level" for d in DIMENSIONS)):
            frame[column] = "none"
        frame["vulnerable_household_count"], frame["new_lead_count_30d"], frame["reopen_days"] = 250, 0, 14
        for first, last, level, dimension in raised.get(region, []):
            rows = frame["as_of_date"].between(pd.Timestamp(first), pd.Timestamp(last))
            frame.loc[rows, ["level", f"{dimension}_level"]] = level
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)


def _told(
    raised: dict[str, list[tuple[str, str, str, str]]],
    crossed: list[str],
    hit_hard: list[str] | None = None,
    **changes: Any,
) -> Told:
    """A world with one failing project in the north from 1 March.

    crossed, hit_hard: the days on which its households cross the line, or lose a third and stay above it.
    """
    shock = {
        "number": 0,
        "kind": "project",
        "rule_id": "R21",
        "dimension": "project",
        "region_code": NORTH,
        "townships": [NORTH],
        "start": pd.Timestamp("2021-03-01"),
        "size": 0.7,
        "size_class": "medium",
        "is_late": False,
        **changes,
    }
    towns = [NORTH, SOUTH, OTHER]
    months = [f"2021-{m:02d}" for m in range(1, 13)]
    vulnerable = pd.DataFrame(
        [{"township": t, "month": m, "vulnerable_household_count": 250} for t in towns for m in months]
    )
    crossings = pd.DataFrame({"shock": 0, "township": NORTH, "day": pd.to_datetime(crossed)})
    levels = _levels(raised)
    rules = pd.concat(
        levels[["region_code", "as_of_date"]].assign(level=levels[f"{d}_level"], rule_id=rule)
        for rule, d in {"R12-R18": "hazard", "R19": "price", "R20": "employment", "R21": "project"}.items()
    )
    quiet = levels[["region_code", "as_of_date"]].assign(level="none")
    rules = pd.concat([rules, *(quiet.assign(rule_id=r) for r in ("R22", "R23", "R24"))])
    leads = pd.DataFrame({"township_code": [NORTH], "month": [pd.Timestamp("2021-03-01")], "lead_count": [6]})
    hard_hit = pd.DataFrame({"shock": 0, "township": NORTH, "day": pd.to_datetime(hit_hard or [])})
    return Told(1, pd.DataFrame([shock]), crossings, hard_hit, vulnerable, levels, rules, leads, {})


CROSSED = ["2021-05-01", "2021-05-10", "2021-05-20", "2021-06-30"]  # three of 250 are needed: onset 20 May


def _table(told: Told, rank: int = 3) -> tuple[list[int], list[float]]:
    world, events = scoring.judged(told), scoring.events_of(told)
    scored = scoring.score(
        [(world, events, scoring.unexplained(world, events))], [world.level >= rank], any_cause=False
    )
    return scored.tables.sum(axis=0).astype(int).tolist(), scored.leads.tolist()


def test_the_onset_is_the_day_on_which_enough_households_have_crossed() -> None:
    events = scoring.events_of(_told({}, CROSSED))
    north = events[events["region"] == NORTH].iloc[0]
    assert (north["needed"], north["fallen"], north["onset"]) == (3, 4, pd.Timestamp("2021-05-20"))
    assert bool(north["is_scored"])
    county = events[events["region"] == COUNTY].iloc[0]
    assert county["needed"] == 5  # of 500: too few crossed
    assert pd.isna(county["onset"])
    assert not county["is_scored"]


def test_a_hit_has_its_lead_and_the_quiet_months_are_counted() -> None:
    table, leads = _table(_told({NORTH: [("2021-04-20", "2021-06-01", "orange", "project")]}, CROSSED))
    # Explained: north and its county, March to October (120 days after 30 June, when the last one crossed: 28 October);
    # 12 months of the other two regions, and 4 of those two.
    assert table == [1, 0, 0, 32]
    assert leads == [30.0]


@pytest.mark.parametrize(
    ("raised", "hit"),
    [
        (("2021-06-19", "2021-06-19", "orange", "project"), True),  # the last day of the window: 30 after the onset
        (("2021-06-20", "2021-08-01", "orange", "project"), False),
        (("2021-02-01", "2021-02-28", "red", "project"), False),  # before the shock
        (("2021-04-01", "2021-05-01", "yellow", "project"), False),  # too low
        (("2021-04-01", "2021-05-01", "orange", "price"), False),  # for another reason
        (("2021-04-01", "2021-05-01", "orange", "distress"), True),
    ],
)
def test_a_planted_miss_is_a_miss(raised: tuple[str, str, str, str], hit: bool) -> None:
    (a, _, c, _), leads = _table(_told({NORTH: [raised]}, CROSSED))
    assert (a, c) == ((1, 0) if hit else (0, 1))
    assert np.isnan(leads[0]) != hit


def test_a_planted_false_alarm_counts_the_months_it_lasts_and_only_where_nothing_explains_it() -> None:
    alarm = [("2021-04-25", "2021-05-05", "orange", "hazard")]
    table, _ = _table(_told({NORTH: alarm, SOUTH: alarm, OTHER: alarm}, CROSSED))
    assert table == [0, 4, 1, 28]  # two months each in the south and in the other county


def test_a_shock_that_costs_nobody_explains_nothing() -> None:
    alarm = [("2021-04-25", "2021-05-05", "orange", "project")]
    table, leads = _table(_told({NORTH: alarm}, CROSSED[:2]))
    assert table == [0, 2, 0, 46]
    assert leads == []


def test_who_is_hit_hard_above_the_line_falls_too_and_crossings_alone_are_told_beside() -> None:
    alarm = [("2021-04-25", "2021-05-05", "orange", "project")]
    told = _told({NORTH: alarm}, CROSSED[:2], hit_hard=["2021-05-20"])
    # Explained: north and its county from March to 17 September, 120 days after 20 May; seven months of two regions.
    table, leads = _table(told)
    assert (table, leads) == ([1, 0, 0, 34], [25.0])
    assert scoring.events_of(told, crossings_alone=True)["onset"].isna().all()
    record = assess([told], seed=1)
    assert record["overall"]["far"]["value"] == 0.0
    alone = record["crossings_alone"]
    assert {k: alone["overall"][k] for k in ("hits", "false_alarms", "misses")} == {
        "hits": 0,
        "false_alarms": 2,
        "misses": 0,
    }
    assert alone["counts"]["region_months_unexplained"] == 48
    assert not alone["goals"]["far"]["met"]


def test_a_shock_of_a_county_is_scored_for_the_county_and_explains_its_townships() -> None:
    alarm = [("2021-04-25", "2021-05-05", "orange", "employment")]
    told = _told(
        {COUNTY: alarm, SOUTH: alarm},
        [f"2021-05-{d:02d}" for d in range(1, 6)],
        kind="employment",
        rule_id="R20",
        dimension="employment",
        region_code=COUNTY,
        townships=[NORTH, SOUTH],
    )
    table, leads = _table(told)
    assert table[:3] == [1, 0, 0]
    assert leads == [10.0]  # 25 April to 5 May


def test_rivals_stand_beside_the_system_on_the_same_events() -> None:
    told = _told({NORTH: [("2021-04-20", "2021-06-01", "orange", "project")]}, CROSSED)
    levels = told.levels.copy()
    day = levels["as_of_date"] == pd.Timestamp("2021-05-25")
    levels.loc[day & (levels["region_code"] == NORTH), "new_lead_count_30d"] = 13  # 5.2 % of 250
    levels.loc[day & (levels["region_code"] == SOUTH), "new_lead_count_30d"] = 12  # 4.8 %
    record = assess([replace(told, levels=levels)], 1)
    assert record["rivals"]["always_warn"]["far"]["value"] == round(32 / 33, 4)
    assert record["rivals"]["never_warn"]["pod"]["value"] == 0.0
    assert record["rivals"]["single_threshold"]["pod"]["value"] == 1.0
    assert record["rivals"]["single_threshold"]["lead_days"]["median"] == -5.0
    assert record["overall"]["csi"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    # One hit of one says little: with a chance of .05 of a hit, one in twenty hits once.
    assert record["overall"]["pod"] == {"value": 1.0, "low": 0.05, "high": 1.0}
    assert record["overall"]["far"] == {"value": 0.0, "low": 0.0, "high": 0.95}
    assert record["rules"]["R21"]["hits"] == 1
    assert record["rules"]["R19"]["pod"]["value"] is None
    assert record["verifications_per_township_month"]["value"] == round(6 / 36, 3)
    assert record["messages"]["most_per_change"] == 1
    assert record["orange_or_red_episodes"]["all"] == 1
    assert record["orange_or_red_episodes"]["unexplained"] == 0
    assert record["false_share_of_warned_months"]["system"] == 0.0
    assert record["false_share_of_warned_months"]["always_warn"] == round(32 / 48, 4)
    assert record["false_share_of_warned_months"]["never_warn"] is None
    assert record["by_year"]["2021"]["quiet_months"] == 32
    assert record["by_year"]["2021"]["false_months"] == 0
    assert [{k: one[k] for k in ("hits", "misses", "false_months")} for one in record["by_world"]] == [
        {"hits": 1, "misses": 0, "false_months": 0}
    ]
    assert record["best_single_threshold"]["threshold"] in p.SINGLE_THRESHOLDS
    # Nothing is known of price and employment here, and what is not known is not reached.
    assert record["goals"]["pod"]["met"]
    assert not record["goals"]["lead_days"]["met"]
    assert record["lead_days"]["price"] == {"count": 0, "lower_quartile": None, "median": None, "upper_quartile": None}


def test_days_judged_again_are_compared_by_level_and_dimension() -> None:
    told = _told({NORTH: [("2021-01-10", "2021-06-01", "orange", "project")]}, CROSSED)

    def day(text: str, **changes: str) -> pd.DataFrame:
        frame = told.levels[told.levels["as_of_date"] == pd.Timestamp(text)]
        frame = frame.assign(seed=1, is_withheld=frame["region_code"] == OTHER)
        return frame.assign(**{k: frame[k].where(frame["region_code"] != NORTH, v) for k, v in changes.items()})

    found = compared([told], [day("2021-05-01"), day("2021-05-02", level="yellow"), day("2021-01-20", level="red")])
    assert (found["compared"], found["different"], found["withheld"]) == (9, 2, 3)
    assert found["different_by_reason"] == {"history_begins": 1, "elsewhere": 1}
    assert found["different_by_column"]["level"] == 2
    assert found["different_by_column"]["project_level"] == 0
    assert [d["different"] for d in found["days"]] == [0, 1, 1]


def test_a_goal_is_met_at_its_own_figure() -> None:
    record = {
        "overall": {"pod": {"value": 0.9, "low": 0.79}, "far": {"value": 0.2}},
        "lead_days": {"price": {"median": 30.0}, "employment": {"median": 41.0}},
        "messages": {"most_per_change": 2},
    }
    system = scoring.Scored(np.array([[5.0, 0, 5, 9]]), np.array([]))
    rival = scoring.Scored(np.array([[4.0, 0, 6, 9]]), np.array([]))
    met = {name: one["met"] for name, one in goals(record, rival, system).items()}
    assert met == {
        "pod": True,
        "pod_low": False,
        "far": True,
        "lead_days": True,
        "csi_over_single_threshold": False,
        "messages_per_change": False,
    }


def test_a_message_that_no_change_explains_is_no_message_per_change() -> None:
    told = _told({NORTH: [("2021-04-20", "2021-06-01", "orange", "project")]}, CROSSED)
    changed = _changes([told])
    assert {(region, str(day)) for _, region, day in changed} == {(NORTH, "2021-04-20"), (NORTH, "2021-06-02")}
    notice = {"seed": 1, "region_code": NORTH, "as_of_date": date(2021, 4, 20)}
    assert _most_per_change([notice], changed) == 1
    assert _most_per_change([notice, notice], changed) == 2
    assert _most_per_change([notice, {**notice, "as_of_date": date(2021, 4, 21)}], changed) is None


def test_what_is_always_warned_is_hit_by_chance() -> None:
    always = {r: [("2021-01-01", "2021-12-31", "orange", "project")] for r in (COUNTY, NORTH, SOUTH)}
    once = {NORTH: [("2021-04-20", "2021-06-01", "orange", "project")]}
    assert assess([_told(once, CROSSED)], 1)["pod_by_chance"]["pod"] is None
    # Two townships of the other world stand for the north: there nothing is warned, here all.
    quiet = assess([_told(once, CROSSED), _told({}, [])], 1)
    assert quiet["pod_by_chance"] == {"places_looked_at": 2, "pod": 0.0}
    assert quiet["overall"]["pod"]["value"] == 1.0
    assert assess([_told(once, CROSSED), _told(always, [])], 1)["pod_by_chance"]["pod"] == 1.0


def test_effects_need_a_share_of_the_vulnerable_and_never_fewer_than_a_few() -> None:
    assert [scoring.needed(v) for v in (0, 250, 300, 301, 1000)] == [p.EFFECT_HOUSEHOLDS, 3, 3, 4, 10]


def test_false_alarms_are_told_by_what_they_came_from() -> None:
    alarm = [("2021-04-25", "2021-05-05", "orange", "project")]
    record = assess([_told({NORTH: alarm, OTHER: alarm}, CROSSED[:2])], 1)
    # The shock in the north is real, but too few crossed; in the other county nothing happened.
    causes = record["false_alarms_by_cause"]
    assert (causes["soon_after_a_shock_without_effect"], causes["otherwise"]) == (2, 2)
    assert (causes["rests_on_project"], causes["rests_on_hazard"]) == (4, 0)
    assert record["no_effect"]["project"] == {"events": 1, "raised": 1}
    assert record["orange_or_red_episodes"]["all"] == 2
    assert record["orange_or_red_episodes"]["far"] == 1.0
