"""Which disasters strike the world: the hazard shock, and small ones all year that cost no household its income."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np

from simulation import assumptions as a
from simulation.draws import generator, one_between
from simulation.months import at, first_day, last_day
from simulation.shocks import Shock
from simulation.story import World

FIRE = "火灾"  # reported by the fire brigade, not among the natural disasters
SEASON_OF = {  # when small disasters of each kind occur in the plain north of the Huai; assumed
    "冰雹": (4, 5, 6, 7),
    "大风": (3, 4, 5, 6, 7, 8),
    "暴雨": (6, 7, 8, 9),
    FIRE: (1, 2, 3, 6, 10, 11, 12),
}


@dataclass(frozen=True)
class Disaster:
    """One disaster in one county.

    townships: 9 digits, in code order; affected: of each, the share of its households that were hit. severity: the
    share of the harvest lost where it struck (of the dwelling's worth, for a fire). is_shock: households' incomes felt
    it (simulation/impact.py); the others leave incomes as they were.
    """

    event_code: str
    hazard_text: str
    county: str
    townships: tuple[str, ...]
    affected: tuple[float, ...]
    occurred_at: datetime
    severity: float
    is_shock: bool
    shock_number: int = 0


def _of_shock(world: World, shock: Shock) -> Disaster:
    rng = generator(world.seed, "disasters", "shock", *shock.draws)
    low, high = world.effects.disaster_affected
    shares = tuple(float(x) for x in np.round(shock.reach * rng.uniform(low, high, len(shock.townships)), 4))
    moment = at(shock.onset, one_between(rng, (9.0, 11.0)))
    return Disaster(
        "",
        str(shock.hazard_type),
        shock.region_code[:6],
        shock.townships,
        shares,
        moment,
        shock.size,
        True,
        shock.number,
    )


def _small(world: World, county: str) -> list[Disaster]:
    """A county's small disasters: each in one township."""
    rng = generator(world.seed, "disasters", county)
    here = [t.code for t in world.townships if t.county == county]
    begin, end = first_day(world.first_month), last_day(world.last_month)
    found = []
    for kind, months in SEASON_OF.items():
        count = int(rng.poisson(a.DISASTERS_PER_COUNTY_YEAR[kind] * len(world.months) / 12))
        for offset in rng.integers(0, (end - begin).days + 1, count):
            day = begin + timedelta(days=int(offset))
            township = here[int(rng.integers(len(here)))]
            share = one_between(rng, a.DISASTER_SMALL_AFFECTED)
            if kind == FIRE:
                share = float(rng.integers(1, a.FIRE_HOUSEHOLDS + 1)) / world.households_per_township
            severity = one_between(rng, a.DISASTER_SMALL_SEVERITY)
            moment = at(day, one_between(rng, (0.5, 22.5)))
            # A draw out of season is no disaster: the rate is that of the season's months.
            if day.month in months:
                found.append(Disaster("", kind, county, (township,), (share,), moment, severity, is_shock=False))
    return found


def _coded(disasters: Sequence[Disaster]) -> list[Disaster]:
    """Each with its code: county, day, and a number within them."""
    numbers: dict[tuple[str, str], int] = {}
    coded = []
    for disaster in sorted(disasters, key=lambda d: (d.occurred_at, d.county, d.hazard_text)):
        day = f"{disaster.occurred_at:%Y%m%d}"
        number = numbers[disaster.county, day] = numbers.get((disaster.county, day), 0) + 1
        coded.append(replace(disaster, event_code=f"ZQ{disaster.county}{day}{number}"))
    return coded


def disasters(world: World) -> list[Disaster]:
    """All disasters of the world in order of occurrence; the same world has the same."""
    found = [d for county in world.counties for d in _small(world, county)]
    # A warning after which nothing happens is no disaster.
    found += [_of_shock(world, s) for s in world.shocks_of("hazard") if s.size > 0]
    return _coded(found)
