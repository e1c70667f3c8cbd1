"""The county's cadres: who visits, helps and keeps grids. They are nobody's household members here."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import identity
from simulation import office_assumptions as o
from simulation.columns import joined, padded
from simulation.draws import Ints, generator
from simulation.people import County

UNITS = ("乡镇人民政府", "县乡村振兴局", "县农业农村局", "县教育局", "县卫健委", "村民委员会", "县人社局", "驻村工作队")
UNIT_LEVELS = ("乡级", "县级", "县级", "县级", "县级", "村级", "县级", "市级")
_ID_PLACE = 40  # prefixes apart from those of the counties' own people
_PHONE_PREFIX = "100"  # no mobile number begins so


@dataclass(frozen=True)
class Cadres:
    """Arrays of one element a cadre; those of a township stand together."""

    name: pa.Array
    id_number: pa.Array
    phone: pa.Array
    township: Ints
    unit: Ints
    per_township: int

    def of_township(self, rng: np.random.Generator, townships: Ints) -> Ints:
        """A random cadre of each of these townships."""
        return np.asarray(townships * self.per_township + rng.integers(0, self.per_township, len(townships)))

    def beside(self, rng: np.random.Generator, others: Ints) -> Ints:
        """For each of these cadres another of the same township."""
        step = rng.integers(1, self.per_township, len(others))
        base = others // self.per_township * self.per_township
        return np.asarray(base + (others - base + step) % self.per_township)


def appoint(seed: int, county: County, place: int) -> Cadres:
    """The cadres of each township. place: the county's position among all, which keeps identity numbers apart."""
    rng = generator(seed, "cadres", county.code)
    count = o.CADRES_PER_TOWNSHIP * len(county.townships)
    male = (rng.random(count) < 0.66).astype(np.int64)
    birth = rng.integers(1962, 1998, count) * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    return Cadres(
        identity.person_names(rng, np.arange(count)),
        identity.id_numbers(rng, _ID_PLACE + place, birth, male),
        joined(_PHONE_PREFIX, padded(rng.integers(0, 10**8, count), 8)),
        np.repeat(np.arange(len(county.townships)), o.CADRES_PER_TOWNSHIP).astype(np.int64),
        rng.integers(0, len(UNITS), count),
        o.CADRES_PER_TOWNSHIP,
    )
