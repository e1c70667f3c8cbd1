"""How far the history behind a value reaches, declared beside the value: tier A, B or C."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Texts = NDArray[np.object_]


def tier(history_years: Floats, years_b: float, years_a: float) -> Texts:
    """A from `years_a` years of history on, B from `years_b` on, else C; any shape. No known history (NaN) is C.

    With C no statistical reading holds: only absolute rules do.
    """
    graded = np.full(np.shape(history_years), "C", dtype=object)
    graded[np.asarray(history_years) >= years_b] = "B"
    graded[np.asarray(history_years) >= years_a] = "A"
    return graded


def years_since_first(values: Floats, periods_per_year: float) -> Floats:
    """Years between the first known value of each series and each period; NaN before it. Shape (..., periods)."""
    known = ~np.isnan(values)
    first = np.where(known.any(axis=-1), known.argmax(axis=-1), values.shape[-1])
    years = (np.arange(values.shape[-1]) - first[..., None]) / periods_per_year
    return np.where(years >= 0, years, np.nan)
