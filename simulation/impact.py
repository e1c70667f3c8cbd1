"""What a shock does to households: incomes fall by the arithmetic of portfolios, some falls are reported."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING

import numpy as np

from simulation import assumptions as a
from simulation.draws import Floats, Ints, between, choose, generator, one_between, sample
from simulation.employment import Labour
from simulation.months import day_number, day_numbers
from simulation.operators import MODES, Industry
from simulation.people import County
from simulation.portfolios import BUSINESS, Portfolio, after_shock
from simulation.shocks import Shock

if TYPE_CHECKING:
    from simulation.story import World

MOSTLY = 0.6  # of a loss: from then on it is noticed; assumed
_MONTHS = 1_000_000  # more than any month's number: a household and a month as one number


@dataclass(frozen=True)
class Impact:
    """What one shock does to one county's households."""

    shock: Shock
    before: Portfolio
    after: Portfolio  # with the whole loss
    fall: Floats  # of household: share of net income lost, 0 where untouched
    course: tuple[float, ...]  # share of the loss come about by the end of each month from the onset's on
    reported: Ints  # households whose fall a change file states
    window: Ints  # of reported: last month of the restated window

    def reported_in(self, month: int) -> Ints:
        return np.asarray(self.reported[self.window == month])

    def share(self, month: int) -> float:
        """The share of the loss that the twelve months to the end of that month hold."""
        passed = month - self.shock.onset_month
        if passed < 0 or not self.is_felt_in(month):
            return 0.0
        return self.course[min(passed, len(self.course) - 1)]

    def is_felt_in(self, month: int) -> bool:
        """Whether the twelve months to the end of that month are not yet all after the shock and what it cost."""
        return self.shock.until is None or month - self.shock.onset_month < len(self.course) + 11

    def days(self, shares: Floats) -> Ints:
        """The days (from 1970) on which these shares of the loss are passed: evenly within a month, at once on its day.

        A loss that comes about in one month does so on the day of the onset, or in the middle of a later month.
        """
        months = self.shock.onset_month + np.arange(len(self.course) + 1)
        ends = day_numbers(months)
        begin = day_number(self.shock.onset)
        if self.course[-1] > 0 and sum(c > 0 for c in self.course) == 1:
            day = begin if len(self.course) == 1 else int(ends[-1]) - 15
            return np.full(len(shares), day, dtype=np.int64)
        known = np.interp(shares, np.array([0.0, *self.course]), np.array([begin, *ends[1:]], dtype=np.float64))
        return np.ceil(known).astype(np.int64)

    def lived(self, portfolio: Portfolio, month: int) -> Portfolio:
        """These incomes with what the shock has cost by the end of that month."""
        return self._less(portfolio, np.flatnonzero(self.fall > 0), self.share(month))

    def in_full(self, portfolio: Portfolio) -> Portfolio:
        """These incomes with the whole loss, come about or still to come."""
        return self._less(portfolio, np.flatnonzero(self.fall > 0), 1.0)

    def stated(self, portfolio: Portfolio, to_month: int) -> Portfolio:
        """A yearly statement that knows the falls reported by then."""
        return self._less(portfolio, self.reported[self.window <= to_month], self.share(to_month))

    def _less(self, portfolio: Portfolio, rows: Ints, share: float) -> Portfolio:
        if not len(rows) or share == 0.0:
            return portfolio
        changed = {
            f.name: getattr(portfolio, f.name)[rows]
            + share * (getattr(self.after, f.name)[rows] - getattr(self.before, f.name)[rows])
            for f in fields(Portfolio)
        }
        return portfolio.with_rows(rows, Portfolio(**changed).rounded())


def _months_lost(rng: np.random.Generator, world: World, shock: Shock, households: int) -> Floats:
    """Months of a year's pay: those without work, and those for which the failed employer never paid."""
    arrears = between(rng, world.effects.job_loss_arrears_months, households)
    gone = len(world.effects.course(shock)) if world.effects.by_month else world.last_month - shock.onset_month
    return np.asarray(np.minimum(12.0, gone + arrears))


def _wage_lost(rng: np.random.Generator, world: World, county: County, labour: Labour, shock: Shock) -> Floats:
    """The share of the year's wages lost by the workers who lost their jobs."""
    rows = np.concatenate([loss.rows for loss in labour.losses if loss.shock == shock])
    lost_jobs = np.bincount(labour.household[rows], minlength=county.households)
    workers = np.maximum(1, county.workers)
    months = _months_lost(rng, world, shock, county.households)
    return np.asarray(np.minimum(1.0, lost_jobs / workers) * months / 12.0)


def _after_links(
    rng: np.random.Generator, world: World, county: County, before: Portfolio, carried: Industry, shock: Shock
) -> Portfolio:
    """What is left where the operator fails: a worker's wages, a part of the business, or what was paid out."""
    effects = world.effects
    hit = carried.struck[carried.link_operator] == shock.number
    of_mode = {mode: carried.link_household[hit & (carried.link_mode == place)] for place, mode in enumerate(MODES)}
    wages, business, paid = (np.zeros(county.households) for _ in range(3))
    months = _months_lost(rng, world, shock, county.households)
    wages[of_mode["务工"]] = (months / 12.0 / np.maximum(1, county.workers))[of_mode["务工"]]
    sold = np.concatenate([of_mode["订单"], of_mode["托管"]])
    business[sold] = between(rng, effects.link_business_lost, county.households)[sold]
    paid[np.concatenate([of_mode["分红"], of_mode["土地流转"], of_mode["入股"]])] = effects.link_paid_out_lost
    left = after_shock(before, price_fall=dict.fromkeys(BUSINESS, business), wage_lost=wages)
    return replace(left, owned=left.owned * (1.0 - paid)).rounded()


def _after(
    rng: np.random.Generator,
    world: World,
    county: County,
    before: Portfolio,
    labour: Labour,
    carried: Industry,
    shock: Shock,
) -> Portfolio:
    struck = np.array([t.code in shock.townships for t in county.townships])[county.township]
    effects = world.effects
    if shock.kind in ("employment", "site"):
        return after_shock(before, wage_lost=_wage_lost(rng, world, county, labour, shock))
    if shock.kind in ("project", "link"):
        return _after_links(rng, world, county, before, carried, shock)
    if shock.kind in ("hog_price", "pear_price"):
        component = "hog" if shock.kind == "hog_price" else "fruit"
        fall = shock.size * effects.price_share(shock, component)
        return after_shock(before, price_fall={component: np.where(struck, fall, 0.0)})
    factor = np.where(struck, between(rng, effects.hazard_household_factor, county.households), 0.0)
    bounds = effects.hazard_loss[str(shock.hazard_type)]
    main = "fruit" if shock.hazard_type == "霜冻" else "grain"
    loss = {c: np.minimum(0.98, factor * (shock.size if c == main else one_between(rng, b))) for c, b in bounds.items()}
    insured = rng.random(county.households) < effects.hazard_claims[0]
    if shock.reach < 1.0:
        reached = generator(world.seed, "reach", county.code, *shock.draws).random(county.households) < shock.reach
        loss = {c: np.where(reached, share, 0.0) for c, share in loss.items()}
    lost_gross = before.grain * loss["grain"] + before.fruit * loss["fruit"]
    return after_shock(before, yield_loss=loss, claims=np.where(insured, lost_gross * effects.hazard_claims[1], 0.0))


def strike(
    world: World,
    county: County,
    before: Portfolio,
    labour: Labour,
    carried: Industry,
    shock: Shock,
    earlier: Sequence[Impact],
) -> Impact:
    """The shock's effect on this county, and which falls reach the change files.

    before: incomes without any shock. It strikes what the `earlier` ones that are still felt leave, so that no yuan is
    lost twice; a fall that the same change file states for an earlier shock's sake is stated there already.
    """
    rng = generator(world.seed, "impact", county.code, *shock.draws)
    effects = world.effects
    for blow in earlier:
        if blow.is_felt_in(shock.onset_month):
            before = blow.in_full(before)
    after = _after(rng, world, county, before, labour, carried, shock)
    lost = before.net - after.net
    fall = np.where(lost > 0, lost / np.maximum(1.0, before.net), 0.0)
    course = effects.course(shock)
    share = one_between(rng, effects.reported_share)
    reported, windows = [], []
    for place, township in enumerate(county.townships):
        if township.code not in shock.townships:
            continue
        affected = np.flatnonzero((county.township == place) & (fall >= a.AFFECTED_FALL))
        told = sample(rng, affected, min(effects.reported_cap, round(share * len(affected))))
        window = _windows(rng, world, shock, course, len(told))
        fresh = np.ones(len(told), dtype=bool)
        for blow in earlier:
            fresh &= ~np.isin(told * _MONTHS + window, blow.reported * _MONTHS + blow.window)
        reported.append(told[fresh])
        windows.append(window[fresh])
    none = np.empty(0, dtype=np.int64)
    return Impact(
        shock, before, after, fall, course, np.concatenate([none, *reported]), np.concatenate([none, *windows])
    )


def _windows(rng: np.random.Generator, world: World, shock: Shock, course: tuple[float, ...], count: int) -> Ints:
    """The months about which the change files state so many losses."""
    if world.effects.by_month:
        noticed = shock.onset_month + next(k for k, share in enumerate(course) if share >= MOSTLY)
        return noticed + choose(rng, world.effects.report_lags, count)
    # One file is about the month before the last; an older shock also fills the file before.
    early = shock.onset_month <= world.last_month - 2
    in_last = rng.random(count) < (a.REPORTED_IN_LAST_FILE if early else 1.0)
    return np.where(in_last, world.last_month - 1, world.last_month - 2)
