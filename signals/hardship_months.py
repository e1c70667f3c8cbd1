"""New hardship by month (R25): is it more than the season's, and does it stand together in space and time?

EARS against the months just before, Farrington flexible against the same season of earlier years, and the scan over
townships and counties, each over the months that are over. EARS speaks early and informs; the other two ask for years
of history (their tier says how many) and lift the distress of a region by one (ADR 0017).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from signals.clusters import administrative_zones, baseline, scan
from signals.counts import ears
from signals.farrington import Judged, Settings, farrington, reference
from signals.price_anomalies import MONTHS
from signals.prices import ROUNDED_TO, setting

Floats = NDArray[np.float64]
# Columns of the frame with their types, the same whether a run has months or not.
HARDSHIP_TYPES = {
    "region_code": "str",
    "month_start_date": "datetime64[us]",
    "new_count": "float64",
    "history_tier": "str",
    "ears_limit": "float64",
    "ears_alarm": "float64",
    "expected_count": "float64",
    "upper_count": "float64",
    "farrington_alarm": "float64",
    "cluster_number": "float64",
    "cluster_count": "float64",
    "cluster_expected": "float64",
    "cluster_months": "float64",
    "cluster_p_value": "float64",
    "is_clustered": "float64",
}


def judge_hardship(months: pd.DataFrame, thresholds: pd.DataFrame) -> pd.DataFrame:
    """Months of regions → the same rows with what each method says; columns HARDSHIP_TYPES.

    months: region_code, region_level, county_code, prefecture_code, month_start_date, new_count (households, NaN where
    not known), vulnerable_household_count; one row a region and month, no month between missing. thresholds: those of
    R25 in force. Alarms are 1, 0 or NaN (not known); is_clustered is NaN where the scan could not look. Raises
    ValueError when the thresholds do not say how to measure.
    """
    if months.empty:
        return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in HARDSHIP_TYPES.items()})
    days = months["month_start_date"].sort_values()

    def of_seed(parameter: str) -> float:
        return setting(thresholds, parameter, days)

    counts, vulnerable = (
        months.pivot(index="region_code", columns="month_start_date", values=column)
        for column in ("new_count", "vulnerable_household_count")
    )
    history = {"years_b": of_seed("count_history_years"), "years_a": of_seed("count_long_history_years")}
    cases, at_risk = (one.to_numpy(dtype=np.float64, na_value=np.nan) for one in (counts, vulnerable))
    by_season = _seasonal(cases, at_risk, of_seed, history)
    lately = ears(
        cases,
        baseline=int(of_seed("ears_periods")),
        gap=int(of_seed("ears_gap")),
        sds=of_seed("ears_spreads"),
        periods_per_year=MONTHS,
        **history,
    )
    told = {
        "ears_limit": lately.limit,
        "ears_alarm": lately.alarm,
        "expected_count": by_season.expected,
        "upper_count": by_season.upper,
        "farrington_alarm": by_season.alarm,
        **_clusters(months, counts, at_risk, of_seed, history),
    }
    row, column = (
        counts.index.get_indexer(pd.Index(months["region_code"])),
        counts.columns.get_indexer(pd.Index(months["month_start_date"])),
    )
    found = months[["region_code", "month_start_date", "new_count"]].assign(
        history_tier=by_season.tier[row, column],
        **{name: np.round(values[row, column], ROUNDED_TO) for name, values in told.items()},
    )
    return found[list(HARDSHIP_TYPES)].astype(HARDSHIP_TYPES)


def _seasonal(cases: Floats, at_risk: Floats, of_seed: Callable[[str], float], history: dict[str, float]) -> Judged:
    """Farrington flexible of every region and month, V being the households at risk."""
    years = int(of_seed("farrington_years"))
    ref = reference(
        [MONTHS * back for back in range(1, years + 1)],
        half_width=int(of_seed("farrington_half_width")),
        seasons=int(of_seed("farrington_seasons")),
        left_out=int(of_seed("farrington_left_out")),
    )
    settings = Settings(
        alpha=of_seed("farrington_alpha"),
        weights_above=of_seed("farrington_weights_above"),
        trend_p=of_seed("farrington_trend_p"),
        trend_years=int(of_seed("farrington_trend_years")),
        least_cases=of_seed("farrington_least_cases"),
        cases_periods=int(of_seed("farrington_cases_periods")),
        years_b=history["years_b"],
        years_a=history["years_a"],
    )
    return farrington(cases, at_risk, np.arange(cases.shape[1]), ref, settings)


def _clusters(
    months: pd.DataFrame,
    counts: pd.DataFrame,
    at_risk: Floats,
    of_seed: Callable[[str], float],
    history: dict[str, float],
) -> dict[str, Floats]:
    """What the scan says of every region and month. A county is clustered where one cluster is the whole of it."""
    names = ("number", "count", "expected", "months", "p_value")
    told = {name: np.full(counts.shape, np.nan) for name in (*(f"cluster_{name}" for name in names), "is_clustered")}
    span, highest = int(of_seed("scan_periods")), of_seed("scan_p")
    cases, months_at = counts.to_numpy(dtype=np.float64, na_value=np.nan), pd.DatetimeIndex(counts.columns)
    regions = months.drop_duplicates("region_code").set_index("region_code")
    towns = regions[regions["region_level"] == "township"]
    for prefecture, mine in towns.groupby("prefecture_code", sort=True):
        places = counts.index.get_indexer(mine.index)
        counties = mine["county_code"].to_numpy(dtype=object)
        for newest in range(span, counts.shape[1]):
            learnt = slice(0, newest - span + 1)
            y, v = cases[places, : newest + 1], at_risk[places, : newest + 1]
            years = _known_years(y[:, learnt])
            if years < history["years_b"]:
                continue
            expected = _expected(y, v, learnt)
            scanned = scan(
                y[:, -span:],
                expected[:, -span:],
                administrative_zones(counties, v[:, -1], population_cap=of_seed("scan_population_cap")),
                history_years=years,
                **history,
                simulations=int(of_seed("scan_simulations")),
                rng=np.random.default_rng([int(str(prefecture)), months_at[newest].year, months_at[newest].month]),
                most=int(of_seed("scan_clusters")),
            )
            looked = np.setdiff1d(np.arange(len(places)), np.array(scanned.unscanned, dtype=np.int64))
            told["is_clustered"][places[looked], newest] = 0.0
            for number, one in enumerate((c for c in scanned.clusters if c.p_value <= highest), start=1):
                inside = places[list(one.locations)]
                rows = np.concatenate([inside, _whole(counties, one.locations, counts.index)])
                said = (number, one.observed, one.expected, one.periods, one.p_value)
                for name, value in zip(names, said, strict=True):
                    told[f"cluster_{name}"][rows, newest] = value
                told["is_clustered"][rows, newest] = 1.0
    return told


def _expected(counts: Floats, vulnerable: Floats, learnt: slice) -> Floats:
    """What each place made expect: season and trend of all, times its own share of them in the months learnt from."""
    common, _ = baseline(counts, vulnerable, learnt, seasons=MONTHS)
    known = ~np.isnan(counts[:, learnt]) & ~np.isnan(common[:, learnt])
    found, due = (np.where(known, one[:, learnt], 0.0).sum(axis=1) for one in (counts, common))
    # One household is added to both: a place that never had any expects little, not nothing.
    return np.asarray(common * ((found + 1) / (due + 1))[:, None])


def _known_years(counts: Floats) -> float:
    """Years from the first known month of any place to the end."""
    known = np.flatnonzero(~np.isnan(counts).all(axis=0))
    return (counts.shape[1] - int(known[0])) / MONTHS if len(known) else 0.0


def _whole(counties: NDArray[np.object_], locations: tuple[int, ...], regions: pd.Index) -> NDArray[np.int64]:
    """The row of a county all of whose townships lie in the cluster, and nothing else does; none otherwise."""
    county = counties[locations[0]]
    whole = tuple(np.flatnonzero(counties == county).tolist())
    row = regions.get_indexer(pd.Index([county] if len(whole) > 1 and whole == locations else []))
    return np.asarray(row[row >= 0], dtype=np.int64)
