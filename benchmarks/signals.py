"""The two heavy signals beside what one would write instead: statsmodels one series at a time, a plain loop over zones.

`python -m benchmarks.signals`: 122 townships, 24 months of weekly and of monthly counts for Farrington, 24 periods and
999 simulations for the scan. Seconds are the processor's, so that a busy machine does not change them much. The rivals
do a part of the work (`--cells`, `--rival-simulations`) and are told per cell and per simulation.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import statsmodels.api as sm
from numpy.typing import NDArray
from scipy import stats

from signals.clusters import distances_km, nearest_zones, scan
from signals.farrington import Reference, Settings, farrington, reference
from signals.limits import power_limits

Floats = NDArray[np.float64]

SETTINGS = Settings(
    alpha=0.01,
    weights_above=2.58,
    trend_p=0.05,
    trend_years=3,
    least_cases=5,
    cases_periods=4,
    years_b=3,
    years_a=5,
)


@dataclass(frozen=True)
class Case:
    """Periods a year, half-width, seasons and periods left out of a series."""

    label: str
    per_year: int
    half_width: int
    seasons: int
    left_out: int

    def reference(self, years: int) -> Reference:
        centres = [self.per_year * back for back in range(1, years + 1)]
        return reference(centres, half_width=self.half_width, seasons=self.seasons, left_out=self.left_out)


CASES = (Case("weekly", 52, 3, 10, 26), Case("monthly", 12, 1, 4, 6))


def _fitted(y: Floats, design: Floats, offset: Floats, weights: Floats) -> Any:
    return sm.GLM(y, design, family=sm.families.Poisson(), offset=offset, var_weights=weights).fit(tol=1e-12)


def _robust(y: Floats, design: Floats, offset: Floats, weights_above: float) -> tuple[Floats, Floats, float, int]:
    """Coefficients, covariance, dispersion and freedom after past outbreaks are weighted down."""
    first = _fitted(y, design, offset, np.ones(len(y)))
    phi = max(first.pearson_chi2 / first.df_resid, 1.0)
    root = design * np.sqrt(first.mu)[:, None]
    leverage = np.einsum("ij,ji->i", root, np.linalg.pinv(root))
    residual = 1.5 * (y ** (2 / 3) * first.mu ** (-1 / 6) - first.mu**0.5) / np.sqrt(phi * (1 - leverage))
    weights = np.where(residual > weights_above, residual**-2.0, 1.0)
    weights *= len(y) / weights.sum()
    last = _fitted(y, design, offset, weights)
    phi = max(last.pearson_chi2 / last.df_resid, 1.0)
    covariance = np.linalg.inv((design.T * (weights * last.mu)) @ design) * phi
    return last.params, covariance, phi, int(last.df_resid)


def upper_one_by_one(counts: Floats, exposure: Floats, period: int, ref: Reference, settings: Settings) -> float:
    """The upper limit of one region and period, fitted by statsmodels; nothing shared with our own fit."""
    places = period - ref.lags
    known = (places >= 0) & ~np.isnan(counts[np.maximum(places, 0)]) & (exposure[np.maximum(places, 0)] > 0)
    y, offset = counts[places[known]], np.log(exposure[places[known]])
    seasons = [ref.seasons[known] == season for season in np.unique(ref.seasons[ref.seasons > 0])]
    level, trend = np.ones(len(y)), -ref.lags[known] / ref.per_year
    design = np.column_stack([level, trend, *seasons]).astype(np.float64)
    params, covariance, phi, freedom = _robust(y, design, offset, settings.weights_above)
    p_value = 2 * stats.t.sf(abs(params[1]) / np.sqrt(covariance[1, 1]), freedom)
    if p_value >= settings.trend_p or np.exp(params[0]) * exposure[period] > y.max():
        design = np.column_stack([level, *seasons]).astype(np.float64)
        params, covariance, phi, _ = _robust(y, design, offset, settings.weights_above)
    mean = np.exp(params[0]) * exposure[period]
    given = (counts[period], mean, mean * np.sqrt(covariance[0, 0]), phi)
    one = (np.array([value], dtype=np.float64) for value in given)
    return float(power_limits(*one, alpha=settings.alpha, power=settings.power).upper[0])


def highest_by_loop(counts: Floats, expected: Floats, zones: NDArray[np.bool_]) -> float:
    """The highest LLR of one set of counts, zone after zone."""
    highest = 0.0
    for zone in zones:
        observed = np.cumsum(counts[zone].sum(axis=0)[::-1])
        below = np.cumsum(expected[zone].sum(axis=0)[::-1])
        above = observed > below
        if above.any():
            llr = observed[above] * np.log(observed[above] / below[above]) + below[above] - observed[above]
            highest = max(highest, float(llr.max()))
    return highest


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measured_farrington(case: Case, *, townships: int, cells: int, rng: np.random.Generator) -> str:
    """One line: 24 months of judged periods against five reference years each, and the rival's share of it."""
    periods = 7 * case.per_year
    exposure = np.repeat(rng.integers(2_000, 6_000, (townships, 1)).astype(np.float64), periods, axis=1)
    season = 1 + 0.3 * np.sin(2 * np.pi * np.arange(periods) / case.per_year)
    counts = rng.poisson(exposure * 0.05 / case.per_year * season * rng.gamma(4, 0.25, exposure.shape)).astype(float)
    judged = np.arange(periods - 2 * case.per_year, periods)
    ref = case.reference(5)
    ours = seconds(lambda: farrington(counts, exposure, judged, ref, SETTINGS))
    some = [(int(rng.integers(townships)), int(rng.choice(judged))) for _ in range(cells)]
    theirs = seconds(lambda: [upper_one_by_one(counts[r], exposure[r], t, ref, SETTINGS) for r, t in some])
    ratio = (theirs / cells) / (ours / (townships * len(judged)))
    return (
        f"farrington, {case.label}: {townships} townships x {len(judged)} periods in {ours:.2f} s; "
        f"statsmodels one by one {1000 * theirs / cells:.1f} ms a cell, {ratio:,.0f} times as much"
    )


def measured_scan(*, townships: int, periods: int, simulations: int, rival: int, rng: np.random.Generator) -> str:
    """One line: all zones of up to a quarter of the people, with the simulations, and the loop's share of it."""
    places = rng.uniform([116.1, 33.2], [118.2, 34.6], (townships, 2))
    population = rng.integers(20_000, 60_000, townships).astype(np.float64)
    zones = nearest_zones(distances_km(*places.T), population, nearest=townships, population_cap=0.25)
    expected = np.repeat(population[:, None] * 2e-4, periods, axis=1)
    counts = rng.poisson(expected).astype(np.float64)
    history = {"history_years": 5, "years_b": 3, "years_a": 5}
    ours = seconds(lambda: scan(counts, expected, zones, **history, simulations=simulations, rng=rng, most=5))
    theirs = seconds(
        lambda: [highest_by_loop(rng.poisson(expected).astype(float), expected, zones) for _ in range(rival)]
    )
    ratio = (theirs / rival) / (ours / simulations)
    return (
        f"scan: {townships} townships x {periods} periods, {len(zones):,} zones, {simulations} simulations in "
        f"{ours:.2f} s; a loop over zones {1000 * theirs / rival:.1f} ms a simulation, {ratio:,.0f} times as much"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line for each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--townships", type=int, default=122)
    parser.add_argument("--periods", type=int, default=24)
    parser.add_argument("--simulations", type=int, default=999)
    parser.add_argument("--cells", type=int, default=50, help="cells that statsmodels fits")
    parser.add_argument("--rival-simulations", type=int, default=10)
    chosen = parser.parse_args(arguments)
    rng = np.random.default_rng(1)
    for case in CASES:
        line = measured_farrington(case, townships=chosen.townships, cells=chosen.cells, rng=rng)
        sys.stdout.write(line + "\n")
    line = measured_scan(
        townships=chosen.townships,
        periods=chosen.periods,
        simulations=chosen.simulations,
        rival=chosen.rival_simulations,
        rng=rng,
    )
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main()
