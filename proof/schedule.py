"""Which shocks strike a world of the proof: kinds, places, days and sizes, drawn from its seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import numpy as np

from proof import assumptions as p
from simulation import assumptions as a
from simulation import office_assumptions as o
from simulation.draws import generator, one_between
from simulation.effects import Delay, Plan
from simulation.months import BEIJING, first_day, last_day, number_of
from simulation.regions import Township
from simulation.shocks import Shock

PREFECTURE = "341300000000"
PEAR_COUNTY = "341321"
ONE_OPERATOR = 1 / o.ENTERPRISES_PER_TOWNSHIP


def plan_of(seed: int, townships: Sequence[Township], months: range) -> Plan:
    """The world's plan. Of each kind as many as its numbers say, where the world has room for them.

    Shocks on a county lie months apart; a township suffers a kind once.
    """
    rng = generator(seed, "proof", "schedule")
    first, last = months[0] + p.ONSET_MONTHS[0], min(months[0] + p.ONSET_MONTHS[1], months[-1] - 2)
    span = range(first, last + 1)
    of_county: dict[str, list[str]] = {}
    for township in townships:
        of_county.setdefault(township.county, []).append(township.code)
    shocks = [s for county, towns in of_county.items() for s in _of_county(rng, county, towns, span)]
    shocks += _prices(rng, townships, span)
    codes = [t.code for t in townships]
    order = [codes[i] for i in rng.permutation(len(codes))]
    holding = order[: min(len(order), p.PER_WORLD["site"] + p.PER_WORLD["settlement"])]
    for kind in ("site", "settlement"):
        pool = holding[: p.PER_WORLD[kind]] if kind == "site" else holding[-p.PER_WORLD[kind] :]
        shocks += [_of_township(rng, kind, code, span) for code in pool]
    for kind in ("project", "link"):
        pool = [codes[i] for i in rng.permutation(len(codes))]
        several, single = pool[: p.PER_WORLD[kind]], pool[p.PER_WORLD[kind] :][: p.SINGLE_FAILURES[kind]]
        shocks += [_of_township(rng, kind, code, span) for code in several]
        shocks += [replace(_of_township(rng, kind, code, span), size=ONE_OPERATOR) for code in single]
    numbered = [replace(s, number=i) for i, s in enumerate(sorted(shocks, key=lambda s: (s.onset, s.region_code)))]
    hidden = [s for s in numbered if rng.random() < p.LATE_SHARE]
    delays = [d for s in hidden for d in _late(rng, s)]
    late = tuple(s.number for s in hidden)
    return Plan(tuple(numbered), tuple(sorted(holding)), p.EFFECTS, tuple(delays), late, p.FEEDS)


def size_class(shock: Shock) -> str:
    """Small, medium or large, of its kind."""
    bounds = p.SIZES[shock.kind]
    return ("small", "medium", "large")[sum(shock.size >= low for low, _ in bounds[1:])]


def _size(rng: np.random.Generator, kind: str) -> float:
    classes = p.SIZES[kind]
    return one_between(rng, classes[int(rng.integers(len(classes)))])


def _until(rng: np.random.Generator, kind: str, onset_month: int) -> date:
    low, high = p.LASTS_MONTHS[kind]
    return first_day(onset_month + int(rng.integers(low, high + 1)))


def _months_apart(rng: np.random.Generator, span: range, seasons: Sequence[Sequence[int]]) -> list[int]:
    """A month for each of these seasons (calendar months), apart from one another as far as the span allows."""
    taken: list[int] = []
    for season in seasons:
        fitting = [m for m in span if number_of(m) in season]
        free = [m for m in fitting if all(abs(m - t) >= p.APART_MONTHS for t in taken)]
        pool = free or fitting
        if pool:
            taken.append(pool[int(rng.integers(len(pool)))])
    return taken


def _of_county(rng: np.random.Generator, county: str, towns: list[str], span: range) -> list[Shock]:
    code = county.ljust(12, "0")
    seasons = [p.HAZARD_MONTHS] * p.HAZARDS_PER_COUNTY + [range(1, 13)] * p.PER_COUNTY_EMPLOYMENT
    made = []
    for place, month in enumerate(_months_apart(rng, span, seasons)):
        if place >= p.HAZARDS_PER_COUNTY:
            until = _until(rng, "employment", month)
            made.append(
                Shock("employment", None, None, code, tuple(towns), first_day(month), _size(rng, "employment"), until)
            )
            continue
        made.append(_hazard(rng, county, towns, month))
    return made


def _hazard(rng: np.random.Generator, county: str, towns: list[str], month: int) -> Shock:
    number = number_of(month)
    kind = "暴雨" if 6 <= number <= 9 else "干旱"
    if 3 <= number <= 5 and (county in a.FRUIT_SHARE or rng.random() < 0.3):
        kind = "霜冻"  # elsewhere too: a frost where hardly anyone lives from fruit
    onset = first_day(month) + timedelta(days=int(rng.integers(0, last_day(month).day)))
    colour = str(rng.choice(list(p.COLOURS), p=list(p.COLOURS.values())))
    size = 0.0 if rng.random() < p.NOTHING_HAPPENS_SHARE else _size(rng, "hazard")
    hit = tuple(sorted(rng.permutation(towns)[: max(1, int(rng.integers((len(towns) + 1) // 2, len(towns) + 1)))]))
    until = onset + timedelta(days=int(rng.integers(p.HAZARD_DAYS[0], p.HAZARD_DAYS[1] + 1)))
    # The lesser crop has a loss of its own: where nothing happens, nobody is reached.
    reach = one_between(rng, p.HAZARD_REACH) if size else 0.0
    return Shock("hazard", kind, colour, county.ljust(12, "0"), hit, onset, size, until, 0, reach)


def _prices(rng: np.random.Generator, townships: Sequence[Township], span: range) -> list[Shock]:
    made = []
    everywhere = tuple(t.code for t in townships)
    pears = tuple(t.code for t in townships if t.county == PEAR_COUNTY)
    for kind, region, hit, season in (
        ("hog_price", PREFECTURE, everywhere, range(1, 13)),
        ("pear_price", PEAR_COUNTY.ljust(12, "0"), pears, (7, 8, 9, 10)),
    ):
        for month in _months_apart(rng, span, [season] * p.PER_WORLD[kind] if hit else []):
            onset = first_day(month) + timedelta(days=int(rng.integers(0, 28)))
            made.append(Shock(kind, None, None, region, hit, onset, _size(rng, kind), _until(rng, kind, month)))
    return made


def _of_township(rng: np.random.Generator, kind: str, code: str, span: range) -> Shock:
    month = span[int(rng.integers(len(span)))]
    nobody = kind in ("project", "link") and rng.random() < p.NOTHING_HAPPENS_SHARE
    size, until = _size(rng, kind), _until(rng, kind, month)
    return Shock(
        kind, None, None, code.ljust(12, "0"), (code,), first_day(month), size, until, 0, 0.0 if nobody else 1.0
    )


def _late(rng: np.random.Generator, shock: Shock) -> list[Delay]:
    """The shock's own files and the restated incomes of its counties come weeks late."""
    begin = datetime.combine(shock.first_sign, time(), BEIJING)
    end = datetime.combine(shock.onset, time(), BEIJING) + timedelta(days=p.LATE_FOR_DAYS)
    days = int(rng.integers(p.LATE_DAYS[0], p.LATE_DAYS[1] + 1))
    counties = sorted({t[:6] for t in shock.townships})
    # Some files are the prefecture's: they name no county.
    pairs = {(f, c if f in p.COUNTY_FILES else "") for f in p.LATE_FEEDS[shock.kind] for c in counties}
    late = [Delay((f,), c, begin, end, days) for f, c in sorted(pairs)]
    return late + [Delay(("household_register",), f"收入变动表_{c}", begin, end, days) for c in counties]
