"""Writes down what really happened, beside the inbox and never inside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation import assumptions as a
from simulation import office_assumptions as o
from simulation import turns as turned
from simulation.cases import Cases
from simulation.columns import Columns, day_texts, joined, month_texts, picked, taken, texts_of, whole
from simulation.draws import Floats, Ints
from simulation.hardship import ILLNESS, REASONS
from simulation.inbox import csv_text
from simulation.lives import Lives
from simulation.monitoring import TYPES
from simulation.months import compact, dashed, first_day_number
from simulation.regions import names
from simulation.shocks import Shock
from simulation.story import Story, World

NAMES_ZH = {
    "hog_price": "生猪价格下跌",
    "pear_price": "酥梨价格下跌",
    "employment": "务工人员失业",
    "site": "安置点车间关停",
    "project": "产业项目停产",
    "link": "带动主体注销",
    "settlement": "安置点空置",
}


def shock_record(shock: Shock) -> dict[str, Any]:
    """The shock as truth.json states it; region codes of twelve digits."""
    return {
        "kind": shock.kind,
        "name_zh": NAMES_ZH.get(shock.kind, f"{shock.hazard_type}灾害"),
        "dimension": shock.dimension,
        "hazard_type": shock.hazard_type,
        "colour": shock.colour,
        "region_code": shock.region_code,
        "region_name": _region_name(shock.region_code),
        "township_codes": [t.ljust(12, "0") for t in shock.townships],
        "onset_date": shock.onset.isoformat(),
        "size": round(shock.size, 4),
        "number": shock.number,
        "until_date": None if shock.until is None else shock.until.isoformat(),
        "reach": round(shock.reach, 4),
    }


def _region_name(code: str) -> str:
    return next(names()[short] for short in (code[:9], code[:6], code[:4]) if short in names())


REGISTERED, MERGED, CEASED = range(3)


def _at_the_end(world: World, story: Story, lives: Lives) -> tuple[Floats, Ints, Ints, pa.Array]:
    """Each household's income a head, members, state in the register, and the household that split off it, if any."""
    county = story.county
    day = first_day_number(world.last_month + 1) - 1
    register = lives.register(day)
    per_head, size = story.truth(world.last_month).net / county.size, county.size.copy()
    own = np.flatnonzero(pc.equal(register.number, taken(county.number, register.origin)))
    at = register.origin[own]
    net = register.incomes(story.truth(world.last_month)).net[own]
    changed = register.size[own] != county.size[at]
    per_head[at[changed]] = net[changed] / register.size[own][changed]
    size[at] = register.size[own]
    state = np.full(county.households, CEASED)
    state[at] = REGISTERED
    state[lives.merge_from[lives.merge_day <= day]] = MERGED
    split = np.flatnonzero(lives.split_day <= day)
    place = np.zeros(county.households, dtype=np.int64)
    place[county.home[lives.split_person[split]]] = split + 1
    other = taken(pa.concat_arrays([pa.array([""]), lives.split_number]), place)
    return per_head, size, state, other


def household_truth(world: World, story: Story, lives: Lives, cases: Cases) -> tuple[Columns, int]:
    """Each household's true income a head at the end, whether it is in hardship, since when, why; and how many are.

    Then what became of it in the register, and whether, as what and by which channel it is monitored.
    """
    county, events = story.county, story.hardship
    per_head, size, state, split_off = _at_the_end(world, story, lives)
    in_hardship = per_head < a.MONITORING_LINE
    since = np.zeros(county.households, dtype=np.int64)
    reason = np.zeros(county.households, dtype=np.int64)
    fresh = (events.month > world.last_month - 12) & (events.month <= world.last_month)
    for row in np.flatnonzero(fresh & ((events.kind == ILLNESS) | in_hardship[events.household])):
        home = int(events.household[row])
        in_hardship[home], since[home] = True, events.month[row]
        reason[home] = 1 if events.kind[row] == ILLNESS else 2 + int(events.reason[row])
    for number, impact in enumerate(story.impacts):
        struck = (impact.fall >= a.AFFECTED_FALL) | (in_hardship & (impact.fall > 0.05))
        in_hardship |= struck
        since[struck], reason[struck] = impact.shock.onset_month, 2 + len(REASONS) + number
    reasons = ("", "因病自付医疗费用较高", *REASONS, *(i.shock.reason for i in story.impacts))
    reason[in_hardship & (since == 0)] = len(reasons)
    months = np.unique(since)
    place = np.searchsorted(months, since)
    columns: Columns = {
        "户编号": county.number,
        "township": joined(whole(story.villages_in(world.last_month) // 1_000), "000"),
        "household_type": picked(("一般农户", "脱贫户"), county.is_lifted_out.astype(np.int64)),
        "member_count": whole(size),
        "true_income_per_head": whole(np.rint(per_head).astype(np.int64)),
        "in_hardship": picked(("false", "true"), in_hardship.astype(np.int64)),
        "since": picked(tuple("" if m == 0 else compact(int(m)) for m in months), place),
        "reason": picked((*reasons, "长期低收入"), reason),
        "register_state": picked(("registered", "merged", "ceased"), state),
        "split_off": split_off,
        **_monitoring(world, story, cases),
    }
    return columns, int(in_hardship.sum())


def _monitoring(world: World, story: Story, cases: Cases) -> Columns:
    """Type, months of identification and elimination, and the channel of those included in the world's months."""
    monitored = story.monitored
    rows = story.listed_by(world.last_month)
    kind = np.full(story.county.households, -1)
    since, until, channel = kind.copy(), kind.copy(), kind.copy()
    kind[monitored.household[rows]] = story.types_in(world.last_month)[rows]
    since[monitored.household[rows]] = monitored.identified[rows]
    over = monitored.eliminated[rows]
    until[monitored.household[rows]] = np.where(over <= world.last_month, over, -1)
    included = np.flatnonzero(cases.kind == 0)
    channel[cases.household[included]] = cases.channel[included]
    return {
        "monitored_type": picked(("", *TYPES), kind + 1),
        "identified_month": month_texts(since, ""),
        "eliminated_month": month_texts(until, ""),
        "channel": picked(("", *o.CHANNELS), channel + 1),
    }


FATES = ("crosses", "hard_hit")


def crossing_truth(story: Story) -> Columns:
    """Who crosses the line for which shock's sake, and on which day: where the loss come about by then is too much.

    And who stays above it but loses as much of the income as makes a sudden hardship (§2(1), the third type).
    """
    county = story.county
    parts = []
    for impact in story.impacts:
        line = a.MONITORING_LINE * county.size
        lost = impact.before.net - impact.after.net
        room = impact.before.net - line
        crosses = (room >= 0) & (impact.after.net < line) & (lost > 0)
        hard_hit = (impact.after.net >= line) & (impact.fall >= a.AFFECTED_FALL)
        for fate, who, borne in ((0, crosses, room), (1, hard_hit, a.AFFECTED_FALL * impact.before.net)):
            home = np.flatnonzero(who)
            number, kind = np.full(len(home), impact.shock.number), np.full(len(home), fate)
            parts.append((home, number, impact.days(borne[home] / lost[home]), kind))
    none = np.empty(0, dtype=np.int64)
    home, shock, day, kind = (np.concatenate([none, *(p[i] for p in parts)]) for i in range(4))
    return {
        "shock": whole(shock),
        "户编号": taken(county.number, home),
        "township": joined(whole(county.village[home] // 1_000), "000"),
        "day": day_texts(day),
        "fate": picked(FATES, kind),
    }


def vulnerable_truth(story: Story, months: range) -> Columns:
    """How many vulnerable households each township has at the end of each month: the measure of a shock's size."""
    county = story.county
    towns = [t.region_code for t in county.townships]
    counts = [
        np.bincount(county.township[story.vulnerable_in(m)], minlength=len(towns)).astype(np.int64) for m in months
    ]
    return {
        "township": texts_of(towns * len(months)),
        "month": texts_of([dashed(m) for m in months for _ in towns]),
        "vulnerable_household_count": whole(np.concatenate(counts)),
    }


def turn_truth(story: Story, lives: Lives) -> Columns:
    """What befell monitored households: kind, day, and the village, household or type that they came to."""
    county, turns = story.county, story.turns
    rows = turns.of(*range(len(turned.KINDS)))
    rows = rows[np.lexsort((turns.day[rows], turns.kind[rows]))]
    kind, to = turns.kind[rows], turns.to[rows]
    numbers = dict(zip(lives.split_person.tolist(), lives.split_number.to_pylist(), strict=True))

    def came_to(what: int, place: int) -> str:
        if what == turned.MERGED:
            return str(county.number[place])
        if what == turned.SPLIT:
            return str(numbers[place])
        return {turned.MOVED: str(place), turned.RETYPED: TYPES[place % len(TYPES)]}.get(what, "")

    return {
        "户编号": taken(county.number, turns.before.household[rows]),
        "kind": picked(turned.KINDS, kind),
        "date": day_texts(turns.day[rows]),
        "type_before": picked(TYPES, turns.before.kind[rows]),
        "to": texts_of([came_to(*pair) for pair in zip(kind.tolist(), to.tolist(), strict=True)]),
    }


def append_rows(path: Path, columns: Columns) -> None:
    """Adds one county's rows to a list of the truth, with the header if the file is new."""
    text = csv_text(columns, "\n")
    is_new = not path.exists()
    with path.open("a", encoding="utf-8", newline="") as out:
        out.write(text if is_new else text.partition("\n")[2])


def write_truth(path: Path, record: dict[str, Any]) -> None:
    """The record as readable JSON, keys in order."""
    path.write_text(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n", encoding="utf-8")
