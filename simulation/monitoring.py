"""Who is a monitored household, of which type, since when, and whose risk has been eliminated."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation import assumptions as a
from simulation.draws import Flags, Floats, Ints, generator, sample
from simulation.hardship import Hardship
from simulation.people import County

TYPES = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户")
UNSTABLE, MARGINAL, SUDDEN = range(3)
RISKS = ("因病", "因残", "因务工就业不稳", "缺劳动力", "因学", "因意外事故")
NEVER = -1


@dataclass(frozen=True)
class Monitored:
    """One element a monitored household: type, month identified, month eliminated (NEVER if not), risk."""

    household: Ints
    kind: Ints
    identified: Ints
    eliminated: Ints
    risk: Ints

    @property
    def stays_open(self) -> Flags:
        return np.asarray(self.eliminated == NEVER)

    def listed_by(self, month: int) -> Ints:
        """Positions of those identified by the end of that month."""
        return np.flatnonzero(self.identified <= month)

    def watched_in(self, month: int) -> Ints:
        """Positions of those identified and not eliminated by the end of that month."""
        return np.flatnonzero((self.identified <= month) & ((self.eliminated == NEVER) | (self.eliminated > month)))

    def and_then(self, later: Monitored) -> Monitored:
        """Both, without households that are here already."""
        new = ~np.isin(later.household, self.household)
        pairs = (
            (getattr(self, n), getattr(later, n)[new])
            for n in ("household", "kind", "identified", "eliminated", "risk")
        )
        return Monitored(*(np.concatenate(p) for p in pairs))


def _risk_of(rng: np.random.Generator, county: County, households: Ints, kind: Ints) -> Ints:
    """A risk that the household's members bear out: no labour where none can work, unstable work only where some do."""
    has_workers = county.workers[households] > 0
    draw = rng.random(len(households))
    working = np.select([draw < 0.38, draw < 0.52, draw < 0.92], [0, 1, 2], default=5)
    idle = np.select([draw < 0.4, draw < 0.6], [0, 1], default=3)
    return np.where(kind == SUDDEN, np.where(draw < 0.7, 0, 5), np.where(has_workers, working, idle)).astype(np.int64)


def stock(seed: int, county: County, first_month: int) -> Monitored:
    """Those monitored when the world begins; some are eliminated then, some later, those without labour never."""
    rng = generator(seed, "monitored", county.code)
    chosen, kinds = [], []
    for place in range(len(county.townships)):
        here = county.township == place
        lifted = np.flatnonzero(here & county.is_lifted_out)
        ordinary = np.flatnonzero(here & ~county.is_lifted_out)
        total = round(len(lifted) * float(rng.uniform(*a.MONITORED_OF_LIFTED_OUT)))
        from_lifted = sample(rng, lifted, round(total * a.MONITORED_LIFTED_OUT_TYPE_SHARE))
        from_ordinary = sample(rng, ordinary, total - len(from_lifted))
        chosen += [from_lifted, from_ordinary]
        kinds += [np.full(len(from_lifted), UNSTABLE), np.full(len(from_ordinary), MARGINAL)]
    household = np.concatenate(chosen)
    count = len(household)
    kind = np.where(rng.random(count) < a.MONITORED_SUDDEN_SHARE, SUDDEN, np.concatenate(kinds)).astype(np.int64)
    lasts = rng.integers(a.ELIMINATION_AFTER_MONTHS[0], a.ELIMINATION_AFTER_MONTHS[1] + 1, count)
    ago = rng.integers(1, 25, count)
    already = rng.random(count) < a.ELIMINATED_SHARE_AT_START
    later = ~already & (rng.random(count) < 0.35)
    identified = first_month - np.where(already, lasts + rng.integers(1, 6, count), ago)
    may_end = county.workers[household] > 0
    # Those who leave later do so inside the world, never before half a year.
    ends = np.maximum(identified + lasts, first_month)
    eliminated = np.where((already | later) & may_end, np.where(already, identified + lasts, ends), NEVER)
    return Monitored(
        household,
        kind,
        identified.astype(np.int64),
        eliminated.astype(np.int64),
        _risk_of(rng, county, household, kind),
    )


def inclusions(seed: int, county: County, hardship: Hardship, net_per_head: Floats) -> Monitored:
    """Those whom the county includes months after their hardship; illness above the line makes them sudden cases."""
    rng = generator(seed, "inclusions", county.code)
    rows = np.flatnonzero(hardship.included != NEVER)
    rows = rows[np.argsort(hardship.included[rows], kind="stable")]
    _, newest = np.unique(hardship.household[rows], return_index=True)
    rows = rows[np.sort(newest)]
    household = hardship.household[rows]
    above = hardship.is_illness[rows] | (net_per_head[household] >= a.MONITORING_LINE)
    kind = np.where(above, SUDDEN, np.where(county.is_lifted_out[household], UNSTABLE, MARGINAL)).astype(np.int64)
    risk = np.where(
        hardship.is_illness[rows],
        0,
        np.where(hardship.reason[rows] == 1, 2, np.where(hardship.reason[rows] == 0, 0, 5)),
    )
    leaves = hardship.is_illness[rows] & (county.workers[household] > 0) & (rng.random(len(rows)) < 0.4)
    included = hardship.included[rows]
    eliminated = np.where(leaves, included + rng.integers(a.ELIMINATION_AFTER_MONTHS[0], 13, len(rows)), NEVER)
    return Monitored(household, kind, included, eliminated.astype(np.int64), risk.astype(np.int64))
