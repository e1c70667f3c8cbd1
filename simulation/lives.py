"""What changes in a county's households beside their incomes: deaths, moves, splits and merges.

Chance touches only households that nobody watches and that live far above the line: hardship, monitoring and the labour
panel stay as the story tells them. What turns the monitored ones take (turns.py) is added afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation import identity
from simulation import office_assumptions as o
from simulation.columns import taken
from simulation.draws import Flags, Ints, generator, rank_within, sample
from simulation.months import first_day_number
from simulation.people import County
from simulation.portfolios import Portfolio
from simulation.story import Story, World
from simulation.turns import DIED, EMIGRATED, MERGED, SPLIT, Turns

STAYS = 10**6
"""The day on which those who never leave leave: beyond every world."""
DEAD, MOVED = 0, 1


@dataclass(frozen=True)
class Lives:
    """Days count from 1970. gone: the day on which each person leaves, STAYS if never; why: DEAD or MOVED.

    splits: a person leaves a household for one of its own; merges: a household of one moves into another.
    """

    county: County
    gone: Ints
    why: Ints
    split_person: Ints
    split_day: Ints
    split_number: pa.Array
    merge_from: Ints
    merge_into: Ints
    merge_day: Ints

    def with_turns(self, turns: Turns) -> Lives:
        """These lives and what befell the persons of monitored households."""
        county, home = self.county, turns.before.household
        gone, why = self.gone.copy(), self.why.copy()
        for kind, cause in ((DIED, DEAD), (EMIGRATED, MOVED)):
            rows = turns.of(kind)
            persons = county.members_of(home[rows])
            gone[persons], why[persons] = np.repeat(turns.day[rows], county.size[home[rows]]), cause
        split, merged = turns.of(SPLIT), turns.of(MERGED)
        leavers = np.concatenate([self.split_person, turns.to[split]])
        return Lives(
            county,
            gone,
            why,
            leavers,
            np.concatenate([self.split_day, turns.day[split]]),
            _new_numbers(county, leavers),
            np.concatenate([self.merge_from, home[merged]]),
            np.concatenate([self.merge_into, turns.to[merged]]),
            np.concatenate([self.merge_day, turns.day[merged]]),
        )

    def ceased(self, first: int, last: int) -> tuple[Ints, Ints, Ints]:
        """Households of which nobody is left, the last having gone between these days; that day, and why."""
        leaves = np.zeros(self.county.households, dtype=np.int64)
        np.maximum.at(leaves, self.county.home, self.gone)
        rows = np.flatnonzero((leaves >= first) & (leaves <= last))
        return rows, leaves[rows], self.why[self.county.first_person[rows]]

    def present(self, day: int) -> Flags:
        """Who still lives here at the end of that day."""
        return np.asarray(self.gone > day)

    def register(self, day: int) -> Register:
        """The households and persons as a register of that day lists them."""
        county = self.county
        home, relation = county.home.copy(), county.relation.copy()
        split = np.flatnonzero(self.split_day <= day)
        home[self.split_person[split]] = county.households + np.arange(len(split))
        relation[self.split_person[split]] = 0
        merged = np.flatnonzero(self.merge_day <= day)
        old = county.first_person[self.merge_from[merged]]
        home[old] = self.merge_into[merged]
        relation[old] = np.where(county.is_male[old], 4, 5)
        person = np.flatnonzero(self.present(day))
        person = person[np.argsort(home[person], kind="stable")]
        rows, row = np.unique(home[person], return_inverse=True)
        head = np.zeros(len(rows), dtype=np.int64)
        is_head = relation[person] == 0
        head[row[is_head]] = person[is_head]
        parents = county.home[self.split_person[split]]
        origin = np.where(rows < county.households, rows, 0)
        origin[rows >= county.households] = parents[rows[rows >= county.households] - county.households]
        numbers = pa.concat_arrays([county.number, self.split_number]) if len(split) else county.number
        # What a household earns goes with its members: a leaver takes a head's share, who moves in brings all.
        share = np.ones(len(rows))
        share[rows >= county.households] = (
            1.0 / county.size[parents[rows[rows >= county.households] - county.households]]
        )
        left = np.searchsorted(rows, parents)
        share[left] -= 1.0 / county.size[parents]
        return Register(
            county,
            origin,
            taken(numbers, rows),
            head,
            np.bincount(row, minlength=len(rows)).astype(np.int64),
            share,
            np.searchsorted(rows, self.merge_into[merged]),
            self.merge_from[merged],
            person,
            row.astype(np.int64),
            relation[person],
        )


@dataclass(frozen=True)
class Register:
    """One day's households (a row each) and persons. origin: the story's household that a row is or came from.

    share: of its origin's income; joined, from_: rows into which whole households moved, and those households.
    """

    county: County
    origin: Ints
    number: pa.Array
    head: Ints
    size: Ints
    share: np.ndarray[tuple[int], np.dtype[np.float64]]
    joined: Ints
    from_: Ints
    person: Ints
    row: Ints  # of person
    relation: Ints  # of person

    def rows_of(self, households: Ints) -> Ints:
        """The rows of these households of the story, under their own numbers; all must still be registered."""
        place = np.full(self.county.households, -1, dtype=np.int64)
        own = np.flatnonzero(pc.equal(self.number, taken(self.county.number, self.origin)))
        place[self.origin[own]] = own
        return place[households]

    def incomes(self, portfolio: Portfolio) -> Portfolio:
        """The rows' incomes, from the story's households'."""
        own = portfolio.at(self.origin)
        moved = portfolio.at(self.from_)
        changed = {}
        for name in own.__dataclass_fields__:
            values = np.floor(getattr(own, name) * self.share)
            np.add.at(values, self.joined, getattr(moved, name))
            changed[name] = values
        return Portfolio(**changed)


def settled_households(world: World, story: Story) -> Flags:
    """Households that may change: never monitored, struck or in hardship, and far above the line at all times."""
    county = story.county
    lowest = np.minimum.reduce([p.net for p in story.statements.portfolios])
    flags = np.minimum(lowest, story.truth(world.last_month).net) / county.size >= o.SETTLED_INCOME_PER_HEAD
    flags[story.monitored.household] = False
    flags[story.hardship.household] = False
    for site in story.sites:
        flags[site.households] = False
    return np.asarray(flags & story.untouched)


def live(world: World, story: Story) -> Lives:
    """The county's changes during the world's months."""
    county = story.county
    rng = generator(world.seed, "lives", county.code)
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    years = (end - first) / 365.25
    free = settled_households(world, story)
    plain = free & ~county.is_lifted_out & ~county.is_dibao & ~county.is_tekun
    in_panel = np.zeros(county.persons, dtype=bool)
    in_panel[story.labour.person] = True
    is_head = county.relation == 0

    def days(count: int) -> Ints:
        return rng.integers(first, end, count)

    def some(pool: Ints, rate: float) -> Ints:
        chosen = pool[rng.random(len(pool)) < rate * years]
        # One change a household at most.
        _, once = np.unique(county.home[chosen], return_index=True)
        chosen = chosen[once]
        free[county.home[chosen]] = False
        return chosen

    splits = some(
        np.flatnonzero(plain[county.home] & (county.size[county.home] >= 4) & _is_grown_child(county, 24, 36)),
        o.SPLITS_A_YEAR * 4,
    )
    old_alone = sample(
        rng,
        np.flatnonzero(plain & free & (county.size == 1) & (county.elders == 1)),
        round(o.MERGES_A_YEAR * years * county.households),
    )
    free[old_alone] = False
    old_alone, hosts = _hosts(rng, county, old_alone, plain & free & (county.size >= 2) & (county.size <= 5))
    free[hosts] = False
    dead = some(
        np.flatnonzero(
            free[county.home] & (county.age >= 60) & ~in_panel & (~is_head | (county.size[county.home] == 1))
        ),
        o.DEATHS_OF_ELDERS_A_YEAR,
    )
    moved = some(
        np.flatnonzero(
            free[county.home] & _is_grown_child(county, 20, 36) & ~in_panel & (county.size[county.home] >= 3)
        ),
        o.MOVES_A_YEAR * 10,
    )
    gone = np.full(county.persons, STAYS, dtype=np.int64)
    why = np.full(county.persons, DEAD, dtype=np.int64)
    gone[dead], gone[moved], why[moved] = days(len(dead)), days(len(moved)), MOVED
    return Lives(
        county,
        gone,
        why,
        splits,
        days(len(splits)),
        _new_numbers(county, splits),
        old_alone,
        hosts,
        days(len(old_alone)),
    )


def _is_grown_child(county: County, youngest: int, oldest: int) -> Flags:
    child = (county.relation == 2) | (county.relation == 3)
    return np.asarray(child & (county.age >= youngest) & (county.age < oldest) & (county.student == 0))


def _hosts(rng: np.random.Generator, county: County, guests: Ints, willing: Flags) -> tuple[Ints, Ints]:
    """For each guest a willing household of the same village; guests without one stay."""
    pairs = []
    used: set[int] = set()
    for guest in guests.tolist():
        pool = np.flatnonzero(willing & (county.village == county.village[guest]))
        host = int(pool[int(rng.integers(len(pool)))]) if len(pool) else -1
        if host >= 0 and host not in used:
            used.add(host)
            pairs.append((guest, host))
    both = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _new_numbers(county: County, persons: Ints) -> pa.Array:
    """Household numbers after the last of the village."""
    villages = county.village[county.home[persons]]
    counts = np.bincount(np.searchsorted(np.unique(county.village), county.village))
    last = counts[np.searchsorted(np.unique(county.village), villages)]
    rank = rank_within(villages, np.arange(len(persons), dtype=np.float64))
    return identity.household_numbers(villages, last + rank + 1)
