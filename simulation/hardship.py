"""The ordinary misfortunes of a world without a shock: a lost income here, a serious illness there."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulation import assumptions as a
from simulation.draws import Flags, Ints, between, generator, sample
from simulation.incomes import Statements
from simulation.people import County
from simulation.portfolios import Portfolio

REASONS = ("因病住院，收入减少", "务工就业不稳，收入减少", "意外事故，收入减少")
IN_CHANGE_FILE, IN_EDITION, ILLNESS = range(3)
NOT_INCLUDED = -1


@dataclass(frozen=True)
class Hardship:
    """One element an event: household, month, how it comes to light, what it costs, when the county includes them."""

    household: Ints
    month: Ints
    kind: Ints
    wage_cut: Ints  # yuan a year
    self_pay: Ints  # yuan, of an illness
    person: Ints  # who fell ill, else -1
    reason: Ints
    keeps: Flags  # still so in later yearly statements
    included: Ints

    @property
    def is_illness(self) -> Flags:
        return np.asarray(self.kind == ILLNESS)

    def changed_in(self, month: int) -> Ints:
        """Positions of the events that the change file about that month reports."""
        return np.flatnonzero((self.kind == IN_CHANGE_FILE) & (self.month == month))

    def stated(self, portfolio: Portfolio, to_month: int) -> Portfolio:
        """A yearly statement with the incomes lost by its last month and not found again."""
        holds = (self.kind != ILLNESS) & ((self.month == to_month) | ((self.month < to_month) & self.keeps))
        rows = np.flatnonzero(holds)
        wage = portfolio.wage.copy()
        wage[self.household[rows]] = np.maximum(0.0, wage[self.household[rows]] - self.wage_cut[rows])
        return replace(portfolio, wage=wage)


def _scaled(rng: np.random.Generator, mean: float, cap: int, share: float) -> int:
    """A small count of events in one township and month, never above its cap."""
    return min(cap, int(rng.poisson(mean * share)))


def strike(seed: int, county: County, statements: Statements, months: range, taken: Ints) -> Hardship:
    """The county's misfortunes in these months; households in `taken` and those already hit are left alone."""
    rng = generator(seed, "hardship", county.code)
    free = np.ones(county.households, dtype=bool)
    free[taken] = False
    vulnerable = county.is_lifted_out
    found: list[tuple[Ints, int, int]] = []
    for month in months:
        state = statements.portfolios[statements.in_force(month)]
        per_head = state.net / county.size
        can_fall = (per_head > 8_500) & (per_head < 17_000) & (state.wage >= 0.72 * state.net)
        for place in range(len(county.townships)):
            here = free & (county.township == place)
            share = float(np.sum(county.township == place)) / a.HOUSEHOLDS_PER_TOWNSHIP
            counts = [(IN_CHANGE_FILE, can_fall, _scaled(rng, a.INCOME_DROPS_PER_MONTH, a.INCOME_DROPS_CAP, share))]
            if month in statements.to_months:
                drops = int(rng.integers(a.OCTOBER_DROPS[0], a.OCTOBER_DROPS[1] + 1))
                counts.append((IN_EDITION, can_fall, round(drops * min(1.0, share))))
            for flags, rate, cap in (
                (vulnerable, a.ILLNESS_SHARE_VULNERABLE, a.ILLNESS_CAPS[0]),
                (~vulnerable, a.ILLNESS_SHARE_ORDINARY, a.ILLNESS_CAPS[1]),
            ):
                counts.append(
                    (ILLNESS, flags & (per_head > 8_500), _scaled(rng, float(np.sum(here & flags)) * rate, cap, 1.0))
                )
            for kind, flags, count in counts:
                hit = sample(rng, np.flatnonzero(here & flags & free), count)
                free[hit] = False
                found.append((hit, month, kind))
    household = np.concatenate([f[0] for f in found])
    month_of = np.concatenate([np.full(len(f[0]), f[1]) for f in found]).astype(np.int64)
    kind_of = np.concatenate([np.full(len(f[0]), f[2]) for f in found]).astype(np.int64)
    return _priced(rng, county, statements, household, month_of, kind_of)


def _priced(
    rng: np.random.Generator, county: County, statements: Statements, household: Ints, month: Ints, kind: Ints
) -> Hardship:
    """What each event costs: wages down to a level or by a share, or a self-paid bill of the head."""
    count = len(household)
    nets = np.stack([p.net for p in statements.portfolios])
    wages = np.stack([p.wage for p in statements.portfolios])
    edition = np.array([statements.in_force(int(m)) for m in month], dtype=np.int64)
    net, wage, size = nets[edition, household], wages[edition, household], county.size[household]
    below = (kind == IN_EDITION) | (rng.random(count) < a.INCOME_DROP_BELOW_LINE_SHARE)
    left = np.where(
        below, between(rng, a.INCOME_DROP_BELOW, count) * size, net * (1 - between(rng, a.INCOME_DROP_SHARE, count))
    )
    cut = np.where(kind == ILLNESS, 0.0, np.clip(net - left, 0.0, wage))
    bill = np.where(
        county.is_lifted_out[household],
        between(rng, a.ILLNESS_SELF_PAY_VULNERABLE, count),
        between(rng, a.ILLNESS_SELF_PAY_ORDINARY, count),
    )
    lag = rng.integers(a.INCLUSION_LAG_MONTHS[0], a.INCLUSION_LAG_MONTHS[1] + 1, count)
    included = np.where(rng.random(count) < a.INCLUSION_SHARE, month + lag, NOT_INCLUDED)
    return Hardship(
        household=household,
        month=month,
        kind=kind,
        wage_cut=np.rint(cut).astype(np.int64),
        self_pay=np.where(kind == ILLNESS, np.rint(bill), 0).astype(np.int64),
        person=np.where(kind == ILLNESS, county.first_person[household], -1).astype(np.int64),
        reason=rng.integers(0, len(REASONS), count).astype(np.int64),
        keeps=rng.random(count) >= a.RECOVERY_AT_NEXT_EDITION,
        included=included.astype(np.int64),
    )
