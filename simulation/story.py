"""One county's whole story: people, incomes, misfortunes, monitoring, labour, and the shock if it strikes here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from simulation import employment, hardship, impact, incomes, monitoring, operators, people
from simulation.draws import Flags, Floats, Ints
from simulation.effects import Effects
from simulation.employment import Labour
from simulation.hardship import Hardship
from simulation.impact import Impact
from simulation.incomes import Statements
from simulation.monitoring import Monitored
from simulation.months import first_day, first_day_number
from simulation.people import County
from simulation.portfolios import Portfolio
from simulation.regions import Township
from simulation.shocks import Shock
from simulation.sites import Site, settle_sites
from simulation.turns import ENDS, MOVED, RETYPED, Turns, turn


@dataclass(frozen=True)
class World:
    """What all counties share: the seed, the months, the townships, the shocks and how shocks work."""

    seed: int
    months: range
    townships: tuple[Township, ...]
    counties: tuple[str, ...]
    site_townships: tuple[str, ...]
    shocks: tuple[Shock, ...]
    households_per_township: int
    effects: Effects = field(default_factory=Effects)

    def shocks_of(self, *kinds: str) -> tuple[Shock, ...]:
        """The shocks of these kinds."""
        return tuple(s for s in self.shocks if s.kind in kinds)

    @property
    def first_month(self) -> int:
        return self.months[0]

    @property
    def last_month(self) -> int:
        return self.months[-1]

    @property
    def statement_months(self) -> tuple[int, ...]:
        """The Septembers that end a statement window: the last before the world, and those within it."""
        before = self.first_month - 1 - (self.first_month - 1 - 8) % 12
        return tuple(range(before, self.last_month + 1, 12))


@dataclass(frozen=True)
class Story:
    """One county as it came to pass."""

    county: County
    statements: Statements  # before hardship
    hardship: Hardship
    monitored: Monitored
    turns: Turns
    sites: tuple[Site, ...]
    labour: Labour
    impacts: tuple[Impact, ...]

    def statement(self, place: int) -> Portfolio:
        """The yearly statement as the cadres wrote it down: with known losses."""
        to_month = self.statements.to_months[place]
        stated = self.hardship.stated(self.statements.portfolios[place], to_month)
        for blow in self.impacts:
            stated = blow.stated(stated, to_month)
        return stated

    def truth(self, month: int) -> Portfolio:
        """What households really earned in the year to the end of that month."""
        earned = _with_changes(self.statements, self.hardship, month)
        for blow in self.impacts:
            earned = blow.lived(earned, month)
        return earned

    @property
    def untouched(self) -> Flags:
        """Households that no shock costs more than a little."""
        flags = np.ones(self.county.households, dtype=bool)
        for blow in self.impacts:
            flags &= blow.fall < _UNTOUCHED
        return flags

    def reported_in(self, month: int) -> Ints:
        """Households whose loss by a shock the change file about that month states."""
        return np.concatenate([np.empty(0, dtype=np.int64), *(i.reported_in(month) for i in self.impacts)])

    def vulnerable_in(self, month: int) -> Flags:
        """Households lifted out, or monitored with the risk still open, at the end of that month."""
        flags = self.county.is_lifted_out.copy()
        flags[self.monitored.household[self.watched_in(month)]] = True
        flags[self.monitored.household[self._ended_by(month)]] = False
        return flags

    def _ended_by(self, month: int) -> Ints:
        """Positions of the monitored households that ceased to exist by the end of that month."""
        day = first_day_number(month + 1) - 1
        return np.concatenate([self.turns.so_far(kind, day) for kind in ENDS])

    def listed_by(self, month: int) -> Ints:
        """Positions of the monitored households on a list of that month: identified, and still a household."""
        return np.setdiff1d(self.monitored.listed_by(month), self._ended_by(month))

    def watched_in(self, month: int) -> Ints:
        """Positions of those of them whose risk is not eliminated."""
        return np.setdiff1d(self.monitored.watched_in(month), self._ended_by(month))

    def types_in(self, month: int) -> Ints:
        """Each monitored household's type at the end of that month."""
        types = self.monitored.kind.copy()
        rows = self.turns.so_far(RETYPED, first_day_number(month + 1) - 1)
        types[rows] = self.turns.to[rows]
        return types

    def villages_in(self, month: int) -> Ints:
        """Each household's village at the end of that month."""
        rows = self.turns.so_far(MOVED, first_day_number(month + 1) - 1)
        if not len(rows):
            return self.county.village
        village = self.county.village.copy()
        village[self.monitored.household[rows]] = self.turns.to[rows]
        return village


_UNTOUCHED = 0.05  # of net income lost: less than that is no shock


def _with_changes(statements: Statements, events: Hardship, month: int) -> Portfolio:
    place = statements.in_force(month)
    to_month = statements.to_months[place]
    stated = events.stated(statements.portfolios[place], to_month)
    later = np.flatnonzero(
        (events.kind == hardship.IN_CHANGE_FILE) & (events.month > to_month) & (events.month <= month)
    )
    wage: Floats = stated.wage.copy()
    rows: Ints = events.household[later]
    wage[rows] = np.maximum(0.0, wage[rows] - events.wage_cut[later])
    return replace(stated, wage=wage)


def tell(world: World, code: str) -> Story:
    """The story of one county of the world. Holds the whole county in memory: about 100 MB for five townships."""
    seed = world.seed
    towns = tuple(t for t in world.townships if t.county == code)
    county = people.settle(
        seed, code, world.counties.index(code), towns, world.households_per_township, first_day(world.first_month)
    )
    start = monitoring.stock(seed, county, world.first_month)
    statements = incomes.earn(
        seed, county, world.statement_months, start.household, start.stays_open, world.effects.floor_per_head
    )
    events = hardship.strike(seed, county, statements, world.months, start.household)
    last = statements.portfolios[-1]
    monitored = start.and_then(monitoring.inclusions(seed, county, events, last.net / county.size))
    sites = settle_sites(seed, county, world.site_townships)
    site_of_household = np.full(county.households, -1, dtype=np.int64)
    for place, site in enumerate(sites):
        site_of_household[site.households] = place
    ever = county.is_lifted_out.copy()
    ever[monitored.household] = True
    labour = employment.assemble(seed, county, ever, site_of_household)
    felt = np.zeros(county.households, dtype=bool)
    struck: list[Impact] = []
    for shock in world.shocks:
        if not set(shock.townships) & {t.code for t in towns}:
            continue
        if shock.kind in ("employment", "site"):
            employment.lose_jobs(seed, labour, shock)
        if shock.costs_income:
            known = shock.onset_month if world.effects.by_month else world.last_month
            before = _with_changes(statements, events, known)
            carried = operators.carry(world, county)
            struck.append(impact.strike(world, county, before, labour, carried, shock, struck))
            felt |= struck[-1].fall >= _UNTOUCHED
    turns = turn(seed, county, monitored, world.months, (site_of_household < 0) & ~felt)
    return Story(county, statements, events, turns.told(), turns, sites, labour, tuple(struck))
