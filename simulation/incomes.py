"""What each household earns from what, edition by edition, before hardship: wages, grain, pears, hogs and the rest."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulation import assumptions as a
from simulation.draws import Flags, Floats, Ints, between, generator, sample
from simulation.people import County
from simulation.portfolios import Portfolio, scaled_to


@dataclass(frozen=True)
class Statements:
    """The yearly statements of one county: the last month of each window and the portfolio it states."""

    to_months: tuple[int, ...]
    portfolios: tuple[Portfolio, ...]

    def in_force(self, month: int) -> int:
        """The place of the newest statement whose window ends by that month; the first where none does yet."""
        return max((i for i, m in enumerate(self.to_months) if m <= month), default=0)


def _hog_households(rng: np.random.Generator, county: County) -> Flags:
    flags = np.zeros(county.households, dtype=bool)
    for place in range(len(county.townships)):
        pool = np.flatnonzero((county.township == place) & (county.workers > 0))
        share = float(rng.uniform(*a.HOG_SHARE))
        flags[sample(rng, pool, round(share * int(np.sum(county.township == place))))] = True
    return flags


def _first(rng: np.random.Generator, county: County) -> Portfolio:
    count = county.households
    zero = np.zeros(count)
    lifted = county.is_lifted_out
    rate = np.where(
        lifted, between(rng, a.WAGE_PER_WORKER["lifted_out"], count), between(rng, a.WAGE_PER_WORKER["ordinary"], count)
    )
    wage: Floats = rate * county.workers.astype(np.float64)
    mu = np.where(rng.random(count) < a.GRAIN_SHARE, between(rng, a.LAND_MU, count), zero)
    grain_farmer = (rng.random(count) < a.GRAIN_FARMER_SHARE) & (county.workers > 0)
    mu = np.where(grain_farmer, between(rng, a.GRAIN_FARMER_MU, count), mu)
    fruit_share = a.FRUIT_SHARE.get(county.code, a.FRUIT_SHARE_ELSEWHERE)
    fruit = np.where(rng.random(count) < fruit_share, between(rng, a.FRUIT_GROSS, count), zero)
    fruit_farmer = ~grain_farmer & (county.workers > 0)
    fruit_farmer &= rng.random(count) < a.FRUIT_FARMER_SHARE.get(county.code, a.FRUIT_FARMER_SHARE_ELSEWHERE)
    fruit = np.where(fruit_farmer, between(rng, a.FRUIT_FARMER_GROSS, count), fruit)
    hog_farmer = _hog_households(rng, county)
    hog = np.where(hog_farmer, between(rng, a.HOG_GROSS, count), zero)
    other_business = rng.random(count) < a.OTHER_BUSINESS_SHARE
    other = np.where(other_business & (county.workers > 0), between(rng, a.OTHER_BUSINESS_GROSS, count), zero)
    # Who farms for a living is at home: little or no wage. Hog keepers keep half of theirs.
    wage = np.where(grain_farmer | fruit_farmer, wage * 0.1, np.where(hog_farmer, wage * 0.5, wage))
    grain = mu * between(rng, a.GRAIN_GROSS_PER_MU, count)
    ratio = a.COST_RATIO
    cost = grain * ratio["grain"] + fruit * ratio["fruit"] + hog * ratio["hog"] + other * ratio["other"]
    pension: Floats = county.elders.astype(np.float64) * between(rng, a.PENSION, count)
    owned = np.where(rng.random(count) < a.PROPERTY_SHARE, between(rng, a.PROPERTY_INCOME, count), zero)
    transfer = pension + np.minimum(mu, a.LAND_MU[1]) * a.LAND_SUBSIDY_PER_MU
    return Portfolio(wage, grain, fruit, hog, other, cost, owned, transfer, zero).rounded()


def _between_floor_and_ceiling(portfolio: Portfolio, size: Ints, floor: Floats) -> Portfolio:
    missing = np.maximum(0.0, floor * size - portfolio.net)
    over = portfolio.net > a.CEILING_PER_HEAD * size
    lifted = replace(portfolio, transfer=portfolio.transfer + missing).rounded()
    rows = np.flatnonzero(over)
    return lifted.with_rows(rows, scaled_to(lifted.at(rows), a.CEILING_PER_HEAD * size[rows].astype(np.float64)))


def _next_year(rng: np.random.Generator, before: Portfolio) -> Portfolio:
    noise = np.clip(rng.normal(1.0 + a.WAGE_GROWTH_A_YEAR, a.WAGE_NOISE, len(before.wage)), 0.97, 1.15)
    rate = float(rng.uniform(1.005, 1.02))
    return Portfolio(
        before.wage * noise,
        before.grain * rate,
        before.fruit * rate,
        before.hog * rate,
        before.other * rate,
        before.cost * rate,
        before.owned,
        before.transfer * 1.02,
        before.claims,
    ).rounded()


def _low_tail(rng: np.random.Generator, county: County, monitored: Ints) -> Ints:
    """The few under the line whom no one monitors, by township: some on dibao, some not."""
    free = np.ones(county.households, dtype=bool)
    free[monitored] = False
    picked = []
    for place in range(len(county.townships)):
        here = free & (county.township == place)
        share = float(np.sum(county.township == place)) / a.HOUSEHOLDS_PER_TOWNSHIP
        for kind, flags in (("dibao", county.is_dibao), ("plain", ~county.is_dibao & ~county.is_tekun)):
            picked.append(sample(rng, np.flatnonzero(here & flags), round(a.LOW_TAIL_PER_TOWNSHIP[kind] * share)))
    return np.sort(np.concatenate(picked))


def earn(
    seed: int,
    county: County,
    to_months: tuple[int, ...],
    monitored: Ints,
    is_open: Flags,
    floor_per_head: tuple[float, float] = a.FLOOR_PER_HEAD,
) -> Statements:
    """The county's statements for windows ending in these months.

    monitored, is_open: the households monitored at the start and whether their risk is open. Beside them and a thin
    tail nobody stays under the floor, which lies well above the monitoring line.
    """
    rng = generator(seed, "incomes", county.code)
    size = county.size
    floor = between(rng, floor_per_head, county.households)
    tail = _low_tail(rng, county, monitored)
    below = rng.random(len(monitored)) < np.where(is_open, a.MONITORED_BELOW_LINE_SHARE, 0.0)
    low_target = np.where(
        below,
        between(rng, a.MONITORED_PER_HEAD_BELOW, len(monitored)),
        between(rng, a.MONITORED_PER_HEAD_ABOVE, len(monitored)),
    )
    poor = np.concatenate([monitored, tail])
    target = np.concatenate([low_target, between(rng, a.LOW_TAIL_PER_HEAD, len(tail))])
    made: list[Portfolio] = []
    current = _between_floor_and_ceiling(_first(rng, county), size, floor)
    for edition in range(len(to_months)):
        if edition:
            current = _between_floor_and_ceiling(_next_year(rng, current), size, floor)
        # The same households stay as poor as they were: a slow drift, never a new crossing.
        drift = target if edition == 0 else np.minimum(target + 40.0 * edition, np.where(target < 6000, 5_980.0, 1e9))
        made.append(current.with_rows(poor, scaled_to(current.at(poor), drift * size[poor])))
    return Statements(to_months, tuple(made))
