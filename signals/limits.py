"""Upper limits of a predicted count: by a normalising power of the quasi-Poisson, or by the negative binomial.

μ is the predicted mean, se its standard error (cases), φ the dispersion. Powers: Farrington and others (1996);
negative binomial: Noufaily and others (2012), with the predicted mean (plug-in) or its upper limit (muan).
Shapes: any, the same for all; NaN in, NaN out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, nbdtrik, ndtr, ndtri, pdtr, pdtrik

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Power = Literal["none", "1/2", "2/3"]
EXPONENTS: dict[Power, float] = {"none": 1.0, "1/2": 0.5, "2/3": 2 / 3}


@dataclass(frozen=True)
class Limits:
    """One-sided limits, the chance of a count at least as high, and score = (y − μ) / (upper − μ): above 1 is above."""

    lower: Floats
    upper: Floats
    p_value: Floats
    score: Floats


def power_limits(y: Floats, mean: Floats, error: Floats, phi: Floats, *, alpha: float, power: Power) -> Limits:
    """Limits where μ^power is taken as normal: sd = power · μ^(power − 1) · √(μ·τ) with τ = φ + se²/μ."""
    exponent = EXPONENTS[power]
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = exponent * np.sqrt(mean ** (2 * exponent - 1) * (phi + error**2 / mean))
        centre, reach = mean**exponent, ndtri(1 - alpha) * spread
        lower = np.maximum(centre - reach, 0.0) ** (1 / exponent)
        upper = (centre + reach) ** (1 / exponent)
        p_value = ndtr((centre - y**exponent) / spread)
        return Limits(lower, upper, p_value, (y - mean) / (upper - mean))


def negative_binomial_limits(
    y: Floats, log_mean: Floats, log_error: Floats, phi: Floats, *, alpha: float, takes_upper_mean: bool
) -> Limits:
    """Limits from the quantiles of a negative binomial with variance φ·mean; Poisson where φ is 1.

    log_mean, log_error: predicted log mean and its standard error. takes_upper_mean: uses the 1 − alpha limit of the
    mean (muan) in the mean's place (plug-in).
    """
    mean = np.exp(log_mean)
    used = np.exp(log_mean + ndtri(1 - alpha) * log_error) if takes_upper_mean else mean
    lower, upper = (_quantile(chance, used, phi) for chance in (alpha, 1 - alpha))
    p_value = np.where(y > 0, 1 - _at_most(np.maximum(y - 1, 0), used, phi), np.where(np.isnan(y), np.nan, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return Limits(lower, upper, p_value, (y - mean) / (upper - mean))


def _at_most(k: Floats, mean: Floats, phi: Floats) -> Floats:
    """Chance of at most k."""
    extra = np.where(phi > 1, phi - 1, 1.0)
    chance: Floats = np.where(phi > 1, betainc(mean / extra, k + 1, 1 / (1 + extra)), pdtr(k, mean))
    return chance


def _quantile(chance: float, mean: Floats, phi: Floats) -> Floats:
    """Smallest whole number that is not exceeded with at least this chance."""
    extra = np.where(phi > 1, phi - 1, 1.0)
    real = np.where(phi > 1, nbdtrik(chance, mean / extra, 1 / (1 + extra)), pdtrik(chance, mean))
    whole: Floats = np.maximum(np.ceil(real), 0.0)
    # The inverse is continuous and rounded: one step down may already do.
    is_enough: Bools = (whole > 0) & (_at_most(np.maximum(whole - 1, 0), mean, phi) >= chance)
    return np.where(is_enough, whole - 1, whole)
