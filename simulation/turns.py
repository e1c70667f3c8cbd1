"""What becomes of monitored households beside inclusion and elimination: ends, moves, splits, another type.

Drawn last and laid over the story, so that nothing else of a seed's world changes. One wrong is among them: a household
marked eliminated in which nobody can work. Households struck by a shock and those of relocation sites are left alone.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulation import office_assumptions as o
from simulation.draws import Flags, Ints, generator, sample
from simulation.monitoring import MARGINAL, NEVER, SUDDEN, UNSTABLE, Monitored
from simulation.months import day_of, first_day_number, month_of
from simulation.people import County

KINDS = tuple(o.MONITORED_TURNS_A_YEAR)
CLEARED, DIED, EMIGRATED, MERGED, MOVED, SPLIT, RETYPED = range(len(KINDS))
ENDS = (DIED, EMIGRATED, MERGED)
STAYED = -1
QUIET_MONTHS = 3  # at the begin, so that a list before the turn exists; a world as short has no turns
CLEARED_AFTER_MONTHS = 7


@dataclass(frozen=True)
class Turns:
    """One element a monitored household. Days count from 1970.

    before: the list as drawn without turns; kind: what befell the household, STAYED if nothing; day: when; to: the
    village moved to, the household moved in with, the person who left, or the new type, by kind.
    """

    before: Monitored
    kind: Ints
    day: Ints
    to: Ints

    def of(self, *kinds: int) -> Ints:
        """Positions of the households with such a turn."""
        return np.flatnonzero(np.isin(self.kind, kinds))

    def so_far(self, kind: int, day: int) -> Ints:
        """Positions of those whose turn of that kind lies on that day or before."""
        return np.flatnonzero((self.kind == kind) & (self.day <= day))

    def end_day(self) -> Ints:
        """The day on which each household ceased to be one of its own; NEVER if it did not."""
        return np.where(np.isin(self.kind, ENDS), self.day, NEVER)

    def told(self) -> Monitored:
        """The list with the wrong eliminations among the turns."""
        rows = self.of(CLEARED)
        eliminated = self.before.eliminated.copy()
        eliminated[rows] = [month_of(day_of(int(d))) for d in self.day[rows]]
        return replace(self.before, eliminated=eliminated)


def turn(seed: int, county: County, before: Monitored, months: range, free: Flags) -> Turns:
    """Draws the turns of households watched through the world's months. free: households that a turn may befall."""
    rng = generator(seed, "turns", county.code)
    count, home = len(before.household), before.household
    kind, to = np.full(count, STAYED, dtype=np.int64), np.full(count, NEVER, dtype=np.int64)
    open_ = (before.identified < months[0]) & before.stays_open & free[home]
    if len(months) <= QUIET_MONTHS + 1:
        return Turns(before, kind, np.zeros(count, dtype=np.int64), to)
    able = np.bincount(county.home[county.labour <= 2], minlength=county.households)[home]
    single = (county.size[home] == 1) & (county.elders[home] == 1)
    host = _hosts(rng, county, home, single & open_, open_ & (county.size[home] >= 2))
    child = _grown_child(county)[home]
    village = _other_villages(rng, county, home)
    pools = {
        CLEARED: able == 0,
        MERGED: host != NEVER,
        DIED: single,
        EMIGRATED: (county.size[home] >= 2) & (county.size[home] <= 4),
        MOVED: village != NEVER,
        SPLIT: child != NEVER,
        RETYPED: np.ones(count, dtype=bool),
    }
    kept = np.zeros(count, dtype=bool)  # households into which another moves stay as they are
    for what, fits in pools.items():
        pool = np.flatnonzero(fits & open_ & (kind == STAYED) & ~kept)
        wanted = round(o.MONITORED_TURNS_A_YEAR[KINDS[what]] * len(months) / 12 * int(open_.sum()))
        rows = sample(rng, pool, max(1, wanted))
        if what == MERGED:
            _, once = np.unique(host[rows], return_index=True)
            rows = rows[once]
            rows = rows[kind[host[rows]] == STAYED]
            kept[host[rows]] = True
        kind[rows] = what
    to = np.select([kind == MERGED, kind == MOVED, kind == SPLIT], [home[host], village, child], NEVER)
    ordinary = np.where(county.is_lifted_out[home], UNSTABLE, MARGINAL)
    to = np.where(kind == RETYPED, np.where(before.kind == SUDDEN, ordinary, SUDDEN), to)
    first, end = first_day_number(months[0] + QUIET_MONTHS), first_day_number(months[-1])
    day = rng.integers(first, end, count)
    # Nobody is cleared before half a year is over, rightly or wrongly.
    soon = np.array([first_day_number(int(m)) for m in before.identified + CLEARED_AFTER_MONTHS], dtype=np.int64)
    day = np.where(kind == CLEARED, np.minimum(np.maximum(day, soon), end - 1), day)
    return Turns(before, kind, day, to.astype(np.int64))


def _hosts(rng: np.random.Generator, county: County, home: Ints, guests: Flags, willing: Flags) -> Ints:
    """For each guest the position of a willing monitored household of its village; NEVER for all others."""
    found = np.full(len(home), NEVER, dtype=np.int64)
    village = county.village[home]
    for guest in np.flatnonzero(guests):
        pool = np.flatnonzero(willing & (village == village[guest]))
        if len(pool):
            found[guest] = pool[int(rng.integers(len(pool)))]
    return found


def _grown_child(county: County) -> Ints:
    """By household a grown child who could set up house, if four or more live there; NEVER where there is none."""
    child = ((county.relation == 2) | (county.relation == 3)) & (county.age >= 22) & (county.age < 40)
    person = np.flatnonzero(child & (county.student == 0) & (county.size[county.home] >= 4))[::-1]
    found = np.full(county.households, NEVER, dtype=np.int64)
    found[county.home[person]] = person
    return found


def _other_villages(rng: np.random.Generator, county: County, home: Ints) -> Ints:
    """For each household a village of another township of its county; NEVER where the world has no other."""
    found = np.full(len(home), NEVER, dtype=np.int64)
    for place in range(len(county.townships)):
        here = np.flatnonzero(county.township[home] == place)
        codes = [int(v.code) for i, t in enumerate(county.townships) if i != place for v in t.villages]
        if codes:
            found[here] = rng.choice(np.array(codes, dtype=np.int64), len(here))
    return found
