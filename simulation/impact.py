"""What the shock does to households: incomes fall by the arithmetic of portfolios, some falls are reported."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from simulation import assumptions as a
from simulation.draws import Floats, Ints, between, generator, one_between, sample
from simulation.employment import Labour
from simulation.operators import MODES, Industry
from simulation.people import County
from simulation.portfolios import BUSINESS, Portfolio, after_shock
from simulation.shocks import Shock


@dataclass(frozen=True)
class Impact:
    """One county's households after the shock."""

    after: Portfolio
    fall: Floats  # of household: share of net income lost, 0 where untouched
    reported: Ints  # households whose fall a change file states
    window: Ints  # of reported: last month of the restated window

    def reported_in(self, month: int) -> Ints:
        return np.asarray(self.reported[self.window == month])

    def stated(self, portfolio: Portfolio, to_month: int) -> Portfolio:
        """A yearly statement that knows the falls reported by then."""
        known = self.reported[self.window <= to_month]
        return portfolio.with_rows(known, self.after.at(known))


def _wage_lost(rng: np.random.Generator, county: County, labour: Labour, shock: Shock, last_month: int) -> Floats:
    """The share of the year's wages lost: months without work and arrears, by the workers who lost their jobs."""
    gone = last_month - 1 - shock.onset_month + 1
    lost_jobs = np.bincount(labour.household[labour.lost], minlength=county.households)
    workers = np.maximum(1, county.workers)
    months = np.minimum(12.0, gone + between(rng, a.JOB_LOSS_ARREARS_MONTHS, county.households))
    return np.asarray(np.minimum(1.0, lost_jobs / workers) * months / 12.0)


def _after_links(
    rng: np.random.Generator, county: County, before: Portfolio, carried: Industry, shock: Shock, last_month: int
) -> Portfolio:
    """What is left where the operator fails: a worker's wages, a part of the business, or what was paid out."""
    hit = carried.struck[carried.link_operator]
    of_mode = {mode: carried.link_household[hit & (carried.link_mode == place)] for place, mode in enumerate(MODES)}
    wages, business, paid = (np.zeros(county.households) for _ in range(3))
    months = last_month - 1 - shock.onset_month + 1 + between(rng, a.JOB_LOSS_ARREARS_MONTHS, county.households)
    wages[of_mode["务工"]] = (np.minimum(12.0, months) / 12.0 / np.maximum(1, county.workers))[of_mode["务工"]]
    sold = np.concatenate([of_mode["订单"], of_mode["托管"]])
    business[sold] = between(rng, a.LINK_BUSINESS_LOST, county.households)[sold]
    paid[np.concatenate([of_mode["分红"], of_mode["土地流转"], of_mode["入股"]])] = a.LINK_PAID_OUT_LOST
    left = after_shock(before, price_fall=dict.fromkeys(BUSINESS, business), wage_lost=wages)
    return replace(left, owned=left.owned * (1.0 - paid)).rounded()


def _after(
    rng: np.random.Generator,
    county: County,
    before: Portfolio,
    labour: Labour,
    carried: Industry,
    shock: Shock,
    last_month: int,
) -> Portfolio:
    struck = np.array([t.code in shock.townships for t in county.townships])[county.township]
    if shock.kind in ("employment", "site"):
        return after_shock(before, wage_lost=_wage_lost(rng, county, labour, shock, last_month))
    if shock.kind in ("project", "link"):
        return _after_links(rng, county, before, carried, shock, last_month)
    if shock.kind in ("hog_price", "pear_price"):
        component = "hog" if shock.kind == "hog_price" else "fruit"
        return after_shock(before, price_fall={component: np.where(struck, shock.size, 0.0)})
    factor = np.where(struck, between(rng, a.HAZARD_HOUSEHOLD_FACTOR, county.households), 0.0)
    bounds = a.HAZARD_LOSS[str(shock.hazard_type)]
    main = "fruit" if shock.hazard_type == "霜冻" else "grain"
    loss = {c: np.minimum(0.98, factor * (shock.size if c == main else one_between(rng, b))) for c, b in bounds.items()}
    lost_gross = before.grain * loss["grain"] + before.fruit * loss["fruit"]
    insured = rng.random(county.households) < a.HAZARD_CLAIMS[0]
    return after_shock(before, yield_loss=loss, claims=np.where(insured, lost_gross * a.HAZARD_CLAIMS[1], 0.0))


def strike(
    seed: int, county: County, before: Portfolio, labour: Labour, carried: Industry, shock: Shock, last_month: int
) -> Impact:
    """The shock's effect on this county at the world's end, and which falls reach the change files."""
    rng = generator(seed, "impact", county.code)
    after = _after(rng, county, before, labour, carried, shock, last_month)
    lost = before.net - after.net
    fall = np.where(lost > 0, lost / np.maximum(1.0, before.net), 0.0)
    share = one_between(rng, a.REPORTED_SHARE)
    reported, windows = [], []
    for place, township in enumerate(county.townships):
        if township.code not in shock.townships:
            continue
        affected = np.flatnonzero((county.township == place) & (fall >= a.AFFECTED_FALL))
        told = sample(rng, affected, min(a.REPORTED_CAP_PER_TOWNSHIP, round(share * len(affected))))
        # One file is about the month before the last; an older shock also fills the file before.
        early = shock.onset_month <= last_month - 2
        in_last = rng.random(len(told)) < (a.REPORTED_IN_LAST_FILE if early else 1.0)
        reported.append(told)
        windows.append(np.where(in_last, last_month - 1, last_month - 2))
    none = np.empty(0, dtype=np.int64)
    return Impact(after, fall, np.concatenate([none, *reported]), np.concatenate([none, *windows]))
