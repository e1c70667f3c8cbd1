"""Log-linear models of counts, fitted for many series at once: quasi-Poisson by reweighted least squares.

All series share one design matrix, so that an iteration is one matrix product for all of them (McCullagh and Nelder
1989, chapter 2). What a series lacks has weight 0. Checked against statsmodels, one series at a time, in the tests.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_STEPS = 60
SETTLED = 1e-11
# Relative to the information of a series: keeps a season without a single case, whose mean runs to zero, solvable.
RIDGE = 1e-10
LOG_MEANS = (-27.0, 700.0)


@dataclass(frozen=True)
class Fit:
    """Of N series: coefficients (N, p), unscaled covariance (N, p, p) and fitted means (N, n)."""

    coefficients: Floats
    covariance: Floats
    means: Floats


def fit_counts(design: Floats, counts: Floats, weights: Floats, offset: Floats, start: Floats | None = None) -> Fit:
    """Fits log E(counts) = offset + design · coefficients to each series.

    design: (n, p); counts, offset: (N, n), counts not negative; weights: (N, n) prior weights, 0 where a count or its
    offset is not known (their values are then not read); start: means of a fit nearby. Raises ValueError for negative
    counts.
    """
    known = weights > 0
    y = np.where(known, counts, 0.0)
    if (y < 0).any():
        raise ValueError(f"{int((y < 0).sum())} counts are negative; a count is not")
    shift = np.where(known, offset, 0.0)
    means = np.where(known, y + 0.1, 1.0) if start is None else start.copy()
    products = _products(design)
    coefficients = _settled(design, products, y, weights, shift, means)
    covariance: Floats = np.asarray(np.linalg.inv(_information(products, weights * means)), dtype=np.float64)
    return Fit(coefficients, covariance, means)


def leverages(design: Floats, weights: Floats, fit: Fit) -> Floats:
    """How far each count draws its own fitted mean: the diagonals of the hat matrices, (N, n)."""
    spread = fit.covariance.reshape(len(weights), design.shape[1] ** 2) @ _products(design).T
    return np.asarray(weights * fit.means * spread)


def _products(design: Floats) -> Floats:
    """(n, p·p): the outer product of each row, so that an information matrix is one row of a matrix product."""
    return (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)


def _settled(design: Floats, products: Floats, y: Floats, weights: Floats, shift: Floats, means: Floats) -> Floats:
    """Coefficients at which the likelihood no longer rises; leaves the means there in `means`."""
    coefficients = np.zeros((len(y), design.shape[1]))
    rows, likelihood = np.arange(len(y)), np.full(len(y), -np.inf)
    count, prior, move, mean, log_mean = y, weights, shift, means, np.log(means)
    for _ in range(MOST_STEPS):
        weighted = prior * mean
        right = (weighted * (log_mean - move) + prior * (count - mean)) @ design
        found = np.linalg.solve(_information(products, weighted), right[..., None])[..., 0]
        log_mean = np.clip(found @ design.T + move, *LOG_MEANS)
        mean = np.exp(log_mean)
        now = np.einsum("ij,ij->i", prior, count * log_mean - mean)
        goes_on = np.abs(now - likelihood) > SETTLED * (np.abs(now) + 1)
        coefficients[rows], means[rows], likelihood = found, mean, now
        if not goes_on.all():
            rows, likelihood = rows[goes_on], likelihood[goes_on]
            count, prior, move, mean, log_mean = (part[goes_on] for part in (count, prior, move, mean, log_mean))
        if not len(rows):
            break
    return coefficients


def _information(products: Floats, weighted: Floats) -> Floats:
    terms = int(np.sqrt(products.shape[1]))
    return _with_ridge((weighted @ products).reshape(-1, terms, terms))


def _with_ridge(information: Floats) -> Floats:
    size = np.trace(information, axis1=1, axis2=2)
    ridge = np.where(size > 0, RIDGE * size, 1.0)
    return information + ridge[:, None, None] * np.eye(information.shape[1])


def dispersion(counts: Floats, weights: Floats, means: Floats, freedom: Floats, power: int = 1) -> Floats:
    """Σ w·(y − μ)² / μ^power / degrees of freedom of each series; power 1 is Pearson's. NaN without freedom left."""
    # A mean that no count was fitted to may be beyond all measure.
    known = weights > 0
    squares = weights * np.where(known, counts - means, 0.0) ** 2 / np.where(known, means, 1.0) ** power
    return np.where(freedom > 0, squares.sum(axis=1) / np.maximum(freedom, 1), np.nan)
