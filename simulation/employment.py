"""Who of the vulnerable labour is at work in a month: the seasons, ordinary churn, and jobs lost to a shock."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from simulation import assumptions as a
from simulation.draws import Flags, Floats, Ints, choose, generator, one_between, rank_within, sample
from simulation.months import number_of
from simulation.people import County
from simulation.shocks import Shock

STATUSES = ("在岗", "失业", "返乡待业", "未就业")
EMPLOYED, UNEMPLOYED, RETURNED, NEVER_WORKED = range(4)
WORK_PLACES = ("县内", "市内县外", "省内市外", "省外")


@dataclass(frozen=True)
class JobLoss:
    """Who of the panel loses work to a shock, and what the list calls each while it lasts."""

    shock: Shock
    rows: Ints
    status: Ints


@dataclass
class Labour:
    """The panel of one county: persons of households ever vulnerable who are able to work."""

    county: County
    person: Ints
    site: Ints  # of person: position of the relocation site, -1 for none
    place: Floats  # 0..1 within the village: the lower, the safer the job
    site_idle: Ints  # positions of site labour without work outside a shock
    rng: np.random.Generator
    losses: list[JobLoss] = field(init=False, default_factory=list)

    @property
    def household(self) -> Ints:
        return self.county.home[self.person]

    def turn(self) -> None:
        """A month passes: some change places with others of their village, so that shares stay as they were."""
        moving = np.flatnonzero((self.rng.random(len(self.person)) < a.MONTHLY_JOB_CHURN) & (self.site < 0))
        village = self.county.village[self.household[moving]]
        into = moving[np.lexsort((self.rng.random(len(moving)), village))]
        self.place[into] = self.place[moving[np.lexsort((self.place[moving], village))]]

    def status(self, month: int) -> Ints:
        """Each person's status in that month."""
        share = a.EMPLOYED_SHARE[number_of(month) - 1]
        out = RETURNED if number_of(month) <= 2 else UNEMPLOYED
        status = np.select(
            [self.place < share, self.place >= a.NEVER_EMPLOYED_ABOVE], [EMPLOYED, NEVER_WORKED], default=out
        )
        status[self.site >= 0] = EMPLOYED
        status[self.site_idle] = UNEMPLOYED
        for loss in self.losses:
            if loss.shock.holds_in(month):
                rows = loss.rows[status[loss.rows] != NEVER_WORKED]
                status[rows] = loss.status[np.isin(loss.rows, rows)]
        return status.astype(np.int64)

    def lost_in(self, month: int) -> Flags:
        """Who is without work in that month for a shock's sake."""
        flags = np.zeros(len(self.person), dtype=bool)
        for loss in self.losses:
            if loss.shock.holds_in(month):
                flags[loss.rows] = True
        return flags


def assemble(seed: int, county: County, ever_vulnerable: Flags, site_of_household: Ints) -> Labour:
    """The county's panel at the start. Idle site labour are second earners: no site household is without work."""
    rng = generator(seed, "employment", county.code)
    person = np.flatnonzero(county.is_worker & ever_vulnerable[county.home])
    household = county.home[person]
    site = site_of_household[household]
    village = county.village[household]
    rank = rank_within(village, rng.random(len(person)))
    counts = np.bincount(np.unique(village, return_inverse=True)[1])[np.unique(village, return_inverse=True)[1]]
    idle: list[Ints] = []
    second = rank_within(household, np.arange(len(person), dtype=np.float64)) == 1
    for place in np.unique(site[site >= 0]):
        here = site == place
        count = round(float(np.sum(here)) * (1 - one_between(rng, a.SITE_EMPLOYED_SHARE)))
        idle.append(sample(rng, np.flatnonzero(here & second), count))
    none = np.empty(0, dtype=np.int64)
    return Labour(county, person, site, (rank + 0.5) / counts, np.concatenate([none, *idle]), rng)


def _by_household(rng: np.random.Generator, labour: Labour, pool: Ints, count: int) -> Ints:
    """So many of the pool, household by household: families work for the same employer, and lose all at once."""
    turn = rng.permutation(labour.county.households)
    return pool[np.argsort(turn[labour.household[pool]], kind="stable")][:count]


def lose_jobs(seed: int, labour: Labour, shock: Shock) -> None:
    """Marks who loses work from the onset: a share of the county's labour, or a site's workshop with its staff."""
    rng = generator(seed, "job_loss", labour.county.code, *shock.draws)
    town = labour.county.township[labour.household]
    struck = [i for i, t in enumerate(labour.county.townships) if t.code in shock.townships]
    here = np.isin(town, struck)
    safe = labour.place < a.EMPLOYED_SHARE[number_of(shock.onset_month) - 1]
    outside = np.flatnonzero(here & safe & (labour.site < 0))
    if shock.kind == "employment":
        hit = _by_household(rng, labour, outside, round(shock.size * len(outside)))
    else:
        at_site = np.flatnonzero(here & (labour.site >= 0))
        residents = _by_household(rng, labour, at_site, round(shock.size * len(at_site)))
        staff = _by_household(rng, labour, outside, round(a.WORKSHOP_STAFF_SHARE * float(np.sum(here))))
        hit = np.concatenate([residents, staff])
    status = np.where(rng.random(len(hit)) < a.JOB_LOSS_RETURNED_SHARE, RETURNED, UNEMPLOYED)
    labour.losses.append(JobLoss(shock, hit, status.astype(np.int64)))


def work_places(rng: np.random.Generator, size: int) -> Ints:
    """Where so many people work, as positions in WORK_PLACES."""
    return choose(rng, a.WORK_PLACE_SHARES, size)
