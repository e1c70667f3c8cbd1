"""Clusters in space and time: where counts of neighbours together exceed what was expected (R25).

Expectation-based Poisson scan (Neill, Moore, Sabhnani and Daniel 2005; Neill 2009): zones are a centre with its nearest
neighbours, over the last d periods; LLR = c·ln(c/b) + b − c where the count c exceeds the baseline b. Its chance comes
from simulated counts under the baseline. A zone's population is capped, or leaders would be told of half the city.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from signals.loglinear import fit_counts
from signals.tiers import tier

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Texts = NDArray[np.object_]

EARTH_RADIUS_KM = 6371.0088
# Numbers held at once while scanning (as 8 bytes each): a block that stays in the processor's cache.
BLOCK = 400_000


@dataclass(frozen=True)
class Cluster:
    """A zone over the last `periods`: cases, baseline, LLR, cases / baseline, and its chance (NaN: not simulated)."""

    locations: tuple[int, ...]
    periods: int
    observed: float
    expected: float
    llr: float
    relative_risk: float
    p_value: float


@dataclass(frozen=True)
class Scan:
    """Clusters without a common location, the most likely first.

    unscanned: locations in no zone, or whose newest period is not known: of these nothing is known; in tier C all.
    missing_share: of the cells (location, period), how many had no count or no baseline and were left out.
    """

    tier: str
    clusters: tuple[Cluster, ...]
    unscanned: tuple[int, ...]
    missing_share: float


def distances_km(longitudes: Floats, latitudes: Floats) -> Floats:
    """Great-circle distances between places given in degrees: (L,), (L,) → (L, L); haversine, error below 0.6 %."""
    lon, lat = np.radians(longitudes), np.radians(latitudes)
    half = (
        np.sin((lat[:, None] - lat) / 2) ** 2
        + np.cos(lat[:, None]) * np.cos(lat) * np.sin((lon[:, None] - lon) / 2) ** 2
    )
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0))))


def nearest_zones(distances: Floats, population: Floats, *, nearest: int, population_cap: float) -> Bools:
    """Every distinct zone of 1 to `nearest` neighbours (the centre among them) within the cap: (Z, L).

    distances: (L, L); population: (L,) persons; population_cap: largest share of all persons in one zone. A place whose
    population is not known fits no cap and stands in no zone. Ties of distance go by position.
    """
    order = np.argsort(distances, axis=1, kind="stable")[:, :nearest]
    with_next = np.zeros((*order.shape, len(distances)), dtype=bool)
    centre, rank = np.indices(order.shape)
    with_next[centre, rank, order] = True
    zones = np.unique(np.logical_or.accumulate(with_next, axis=1).reshape(-1, len(distances)), axis=0)
    return _within(zones, population, population_cap)


def administrative_zones(parents: Texts, population: Floats, *, population_cap: float) -> Bools:
    """Zones where nobody knows how far places lie apart: each place alone, each parent's places together: (Z, L).

    parents: (L,) names; population, population_cap: as for nearest_zones, and what exceeds the cap is left out alike.
    """
    alone = np.eye(len(parents), dtype=bool)
    together = parents == np.unique(parents.astype(str))[:, None]
    return _within(np.unique(np.concatenate([alone, together]), axis=0), population, population_cap)


def _within(zones: Bools, population: Floats, population_cap: float) -> Bools:
    """The zones whose persons are known and no more than this share of all."""
    persons = np.where(zones, population, 0.0).sum(axis=1)
    kept: Bools = zones[persons <= population_cap * np.nansum(population)]
    return kept


def baseline(counts: Floats, population: Floats, fitted_on: slice, *, seasons: int = 1) -> tuple[Floats, Floats]:
    """Expected counts from one log-linear trend common to all places, and its coefficients.

    counts, population: (L, T); fitted_on: the periods to learn from, the slope counted from the end of them; seasons:
    periods of a year with a level of their own (12 by the month). Coefficients: the level of each season, then the
    slope a period. Expected is NaN where the population is not known or none. Raises ValueError for negative counts or
    when nothing is known.
    """
    periods = np.arange(counts.shape[1]) - (fitted_on.stop or counts.shape[1]) + 1
    levels = np.eye(seasons)[periods % seasons]
    design = np.concatenate([levels, periods[:, None].astype(np.float64)], axis=1)
    is_known = ~np.isnan(counts) & (population > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        offset = np.where(population > 0, np.log(population), np.nan)
    learnt = np.zeros_like(is_known)
    learnt[:, fitted_on] = is_known[:, fitted_on]
    if not learnt.any():
        raise ValueError("no count with a population is known in the periods to learn from")
    everywhere = np.broadcast_to(design, (len(counts), *design.shape))
    weights = learnt.astype(np.float64)
    fit = fit_counts(everywhere.reshape(-1, seasons + 1), *(a.reshape(1, -1) for a in (counts, weights, offset)))
    return np.exp(offset + design @ fit.coefficients[0]), fit.coefficients[0]


def scan(
    counts: Floats,
    expected: Floats,
    zones: Bools,
    *,
    history_years: float,
    years_b: float,
    years_a: float,
    simulations: int,
    rng: np.random.Generator,
    most: int,
) -> Scan:
    """The most likely clusters that are still going on: zones × the last 1 to T periods.

    counts, expected: (L, T), the newest period last; a cell without either is left out of both. zones: (Z, L).
    history_years: what the baseline was learnt from, with the years of the tiers. most: how many clusters to name.
    p = (1 + simulated maxima at least as high) / (1 + simulations), from `rng` alone; for the second and later ones it
    is too high rather than too low. Raises ValueError for a case where none is expected.
    """
    is_known = ~np.isnan(counts) & ~np.isnan(expected)
    cases, base = np.where(is_known, counts, 0.0), np.where(is_known, expected, 0.0)
    impossible = np.argwhere((cases > 0) & (base <= 0))
    if len(impossible):
        raise ValueError(f"location {impossible[0][0]} has cases in period {impossible[0][1]} but a baseline of zero")
    graded = str(tier(np.array(history_years), years_b, years_a))
    scanned = zones.any(axis=0) & is_known[:, -1] & (graded != "C")
    unscanned = tuple(np.flatnonzero(~scanned).tolist())
    missing_share = float(1 - is_known.mean())
    if not scanned.any():
        return Scan(graded, (), unscanned, missing_share)
    members = zones.astype(np.float64)
    expected_below = members @ _up_to_now(base)
    observed_in = members @ _up_to_now(cases)
    llr = _llr(observed_in.copy()[:, None, :], expected_below[:, None, :])[:, 0, :]
    highest = _simulated_maxima(base, members, expected_below, simulations, rng)
    clusters: list[Cluster] = []
    free = np.ones(len(zones), dtype=bool)
    while len(clusters) < most and free.any():
        zone, span = np.unravel_index(np.argmax(np.where(free[:, None], llr, -1.0)), llr.shape)
        if llr[zone, span] <= 0:
            break
        observed, below = float(observed_in[zone, span]), float(expected_below[zone, span])
        p_value = (1 + int((highest >= llr[zone, span]).sum())) / (1 + simulations) if simulations else float("nan")
        clusters.append(
            Cluster(
                locations=tuple(np.flatnonzero(zones[zone]).tolist()),
                periods=int(span) + 1,
                observed=observed,
                expected=below,
                llr=float(llr[zone, span]),
                relative_risk=observed / below,
                p_value=p_value,
            )
        )
        free &= ~zones[:, zones[zone]].any(axis=1)
    return Scan(graded, tuple(clusters), unscanned, missing_share)


def _up_to_now(cells: Floats) -> Floats:
    """Sums over the last 1, 2, … periods along the last axis."""
    return np.cumsum(cells[..., ::-1], axis=-1)


def _llr(observed: Floats, expected: Floats) -> Floats:
    """b·(r·ln r − r + 1) with r = c/b, 0 where r is not above 1: the same LLR, without a case apart. Reuses `observed`.

    observed: (Z, S, T) of S draws; expected: (Z, 1, T).
    """
    ratio = observed
    ratio *= 1.0 / np.where(expected > 0, expected, np.inf)
    np.maximum(ratio, 1.0, out=ratio)
    llr = np.log(ratio)
    llr *= ratio
    llr -= ratio
    llr += 1.0
    llr *= expected
    return llr


def _simulated_maxima(
    base: Floats, members: Floats, expected: Floats, simulations: int, rng: np.random.Generator
) -> Floats:
    """Highest LLR of each simulation: (simulations,). Counts are drawn anew in every known cell under the baseline."""
    places, periods = base.shape
    maxima = np.empty(simulations)
    at_once = max(1, BLOCK // expected.size)
    for first in range(0, simulations, at_once):
        drawn = min(at_once, simulations - first)
        sums = _up_to_now(rng.poisson(base, size=(drawn, places, periods)).astype(np.float64))
        inside = members @ sums.transpose(1, 0, 2).reshape(places, -1)
        llr = _llr(inside.reshape(len(members), drawn, periods), expected[:, None, :])
        maxima[first : first + drawn] = llr.max(axis=(0, 2))
    return maxima
