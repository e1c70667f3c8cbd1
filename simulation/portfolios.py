"""A household's income by component, and what a shock does to it: costs stay (methods.md §7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np

from simulation.draws import Floats, Ints

BUSINESS = ("grain", "fruit", "hog", "other")


@dataclass(frozen=True)
class Portfolio:
    """Yuan of twelve months, one value a household: gross business income, one common cost, and the rest."""

    wage: Floats
    grain: Floats
    fruit: Floats
    hog: Floats
    other: Floats
    cost: Floats
    owned: Floats
    transfer: Floats
    claims: Floats

    @property
    def net(self) -> Floats:
        """Wage + business gross - cost + property + transfer + claims."""
        gross = self.grain + self.fruit + self.hog + self.other
        return np.asarray(self.wage + gross - self.cost + self.owned + self.transfer + self.claims)

    def at(self, households: Ints) -> Portfolio:
        """The same for some households only."""
        return Portfolio(**{f.name: getattr(self, f.name)[households] for f in fields(self)})

    def with_rows(self, households: Ints, rows: Portfolio) -> Portfolio:
        """These households' values replaced."""
        changed = {}
        for field in fields(self):
            values = getattr(self, field.name).copy()
            values[households] = getattr(rows, field.name)
            changed[field.name] = values
        return Portfolio(**changed)

    def rounded(self) -> Portfolio:
        """Whole yuan, none negative."""
        return Portfolio(**{f.name: np.maximum(0.0, np.rint(getattr(self, f.name))) for f in fields(self)})


def after_shock(
    before: Portfolio,
    *,
    price_fall: Mapping[str, Floats] | None = None,
    yield_loss: Mapping[str, Floats] | None = None,
    wage_lost: Floats | None = None,
    claims: Floats | None = None,
) -> Portfolio:
    """The portfolio after a shock: gross times (1 - price fall) times (1 - yield loss), cost unchanged, claims added.

    price_fall and yield_loss: shares from 0 to 1 by business component; wage_lost: the share of the year's wages lost;
    claims: yuan. Raises KeyError for a component that is none.
    """
    left = {name: np.ones_like(before.wage) for name in BUSINESS}
    for losses in (price_fall or {}, yield_loss or {}):
        for name, share in losses.items():
            left[name] = left[name] * (1.0 - share)
    return replace(
        before,
        grain=before.grain * left["grain"],
        fruit=before.fruit * left["fruit"],
        hog=before.hog * left["hog"],
        other=before.other * left["other"],
        wage=before.wage if wage_lost is None else before.wage * (1.0 - wage_lost),
        claims=before.claims if claims is None else before.claims + claims,
    ).rounded()


def scaled_to(before: Portfolio, net: Floats) -> Portfolio:
    """All components, cost too, scaled so that the net income is this."""
    factor = net / np.maximum(1.0, before.net)
    return Portfolio(**{f.name: getattr(before, f.name) * factor for f in fields(before)}).rounded()
