"""The scan in space and time: New Mexico's brain cancers, planted clusters, the cap, and what is not known."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from benchmarks.signals import highest_by_loop
from signals.clusters import Scan, baseline, distances_km, nearest_zones, scan

NAN = float("nan")
HISTORY = {"history_years": 5.0, "years_b": 3.0, "years_a": 5.0}


def _scan(counts: np.ndarray, expected: np.ndarray, zones: np.ndarray, **more) -> Scan:
    given = {"simulations": 99, "rng": np.random.default_rng(4), "most": 3, **HISTORY, **more}
    return scan(counts, expected, zones, **given)


def _grid(side: int = 5) -> tuple[np.ndarray, np.ndarray]:
    """Distances and population of places on a grid of about 10 km."""
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(side) * 0.1, np.arange(side) * 0.09))
    return distances_km(116 + x, 33 + y), np.full(side * side, 1000.0)


def _world(cap: float = 0.25, periods: int = 6) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Counts under the baseline, the baseline, and the zones."""
    distances, population = _grid()
    expected = np.full((25, periods), 8.0)
    counts = np.random.default_rng(8).poisson(expected).astype(float)
    return counts, expected, nearest_zones(distances, population, nearest=25, population_cap=cap)


@pytest.fixture
def new_mexico(shared_data: Path) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Counties, counts and population 1973 to 1991, and distances between seats; without cibola, split off in 1981."""
    with (shared_data / "clusters/NM_geo.csv").open(encoding="utf-8") as file:
        places = [row for row in csv.DictReader(file) if row["county"] != "cibola"]
    names = [place["county"] for place in places]
    counts, population = np.full((2, len(names), 19), NAN)
    with (shared_data / "clusters/NM_popcas.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["county"] in names:
                cell = names.index(row["county"]), int(row["year"]) - 1973
                counts[cell], population[cell] = float(row["count"]), float(row["population"])
    seats = (np.array([float(place[axis]) for place in places]) for axis in ("seat_long", "seat_lat"))
    return names, counts, population, distances_km(*seats)


@pytest.mark.shared_data
def test_new_mexico_as_published(new_mexico) -> None:
    names, counts, population, distances = new_mexico
    zones = nearest_zones(distances, population[:, -1], nearest=15, population_cap=1.0)
    assert (len(names), len(zones)) == (32, 415)
    expected, coefficients = baseline(counts, population, slice(0, 13))
    assert coefficients[0] == pytest.approx(-10.010658, abs=6e-7)
    assert coefficients[1] == pytest.approx(0.00975165, abs=3e-8)
    first = _scan(counts[:, 13:17], expected[:, 13:17], zones, simulations=199).clusters[0]
    assert [names[place] for place in first.locations] == ["losalamos", "santafe"]
    assert (first.periods, first.observed) == (4, 43)
    assert first.expected == pytest.approx(20.6585, abs=6e-5)
    assert first.llr == pytest.approx(9.1806, abs=6e-5)
    assert first.relative_risk == pytest.approx(2.0815, abs=6e-5)
    assert first.p_value <= 0.05


@pytest.mark.shared_data
@pytest.mark.long
def test_new_mexico_with_all_simulations(new_mexico) -> None:
    _, counts, population, distances = new_mexico
    zones = nearest_zones(distances, population[:, -1], nearest=15, population_cap=1.0)
    expected, _ = baseline(counts, population, slice(0, 13))
    found = _scan(counts[:, 13:17], expected[:, 13:17], zones, simulations=9999)
    assert found.clusters[0].p_value < 0.01
    assert found.clusters[2].p_value > 0.05


@pytest.mark.shared_data
def test_the_cap_keeps_half_the_state_out_and_says_whom_it_does_not_scan(new_mexico) -> None:
    names, _, population, distances = new_mexico
    persons = population[:, -1]
    zones = nearest_zones(distances, persons, nearest=32, population_cap=0.25)
    assert max(persons[zone].sum() for zone in zones) <= 0.25 * persons.sum()
    assert [names[place] for place in np.flatnonzero(~zones.any(axis=0))] == ["bernalillo"]


def test_distances_between_known_places() -> None:
    """Suzhou in Anhui to Hefei is about 200 km, a degree of latitude about 111 km."""
    found = distances_km(np.array([116.96, 117.23, 0, 0]), np.array([33.65, 31.82, 0, 1]))
    assert found[0, 1] == pytest.approx(205, abs=2)
    assert found[2, 3] == pytest.approx(111.19, abs=0.01)
    assert np.array_equal(found, found.T)
    assert (np.diag(found) == 0).all()


def test_a_planted_cluster_is_found_where_and_since_when_it_was_planted() -> None:
    counts, expected, zones = _world()
    planted = (6, 7, 11)
    counts[list(planted), -3:] = 24
    first = _scan(counts, expected, zones).clusters[0]
    assert set(planted) <= set(first.locations)
    assert first.periods == 3
    assert first.p_value == 0.01
    observed, below = counts[list(first.locations), -3:].sum(), expected[list(first.locations), -3:].sum()
    assert (first.observed, first.expected) == (observed, below)
    assert first.llr == pytest.approx(observed * np.log(observed / below) + below - observed)


def test_the_highest_value_is_that_of_a_plain_loop() -> None:
    for seed in range(5):
        counts, expected, zones = _world()
        counts = np.random.default_rng(seed).poisson(expected * 1.05).astype(float)
        assert _scan(counts, expected, zones).clusters[0].llr == pytest.approx(
            highest_by_loop(counts, expected, zones), rel=1e-12
        )


def test_without_a_cluster_chances_are_spread_evenly() -> None:
    _, expected, zones = _world(periods=3)
    rng = np.random.default_rng(6)
    chances = [
        _scan(rng.poisson(expected).astype(float), expected, zones, simulations=39, rng=rng).clusters[0].p_value
        for _ in range(60)
    ]
    assert 0.35 < np.mean(chances) < 0.65
    assert np.mean(np.array(chances) <= 0.1) < 0.25


def test_an_old_cluster_that_ended_is_not_told() -> None:
    counts, expected, zones = _world()
    counts[[6, 7, 11], :3], counts[[6, 7, 11], 3:] = 16, 0
    told = [found for found in _scan(counts, expected, zones).clusters if {6, 7, 11} & set(found.locations)]
    assert all(found.p_value > 0.05 for found in told)


def test_two_clusters_are_told_apart_and_share_no_place() -> None:
    counts, expected, zones = _world()
    counts[0, -2:], counts[24, -4:] = 40, 40
    found = _scan(counts, expected, zones).clusters
    assert 0 in found[1].locations
    assert 24 in found[0].locations
    places = [place for cluster in found for place in cluster.locations]
    assert len(places) == len(set(places))
    assert [cluster.llr for cluster in found] == sorted((cluster.llr for cluster in found), reverse=True)


def test_the_same_seed_gives_the_same_chance_whatever_the_size_of_a_block(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, expected, zones = _world()
    counts[3, -1] = 15
    whole = _scan(counts, expected, zones)
    assert whole == _scan(counts, expected, zones)
    monkeypatch.setattr("signals.clusters.BLOCK", 1)
    assert _scan(counts, expected, zones).clusters == whole.clusters


def test_a_cell_that_is_missing_is_left_out_of_cases_and_baseline_alike() -> None:
    counts, expected, zones = _world()
    counts[[6, 7, 11], -3:] = 24
    counts[6, -1] = NAN
    found = _scan(counts, expected, zones)
    first = found.clusters[0]
    known = ~np.isnan(counts[list(first.locations), -first.periods :])
    assert first.expected == 8 * known.sum()
    assert found.missing_share == pytest.approx(1 / counts.size)


def test_a_place_whose_newest_count_is_late_is_not_scanned_but_its_older_ones_count() -> None:
    counts, expected, zones = _world()
    counts[12, :-1] = 24
    counts[12, -1] = NAN
    found = _scan(counts, expected, zones)
    assert found.unscanned == (12,)
    assert 12 in found.clusters[0].locations


def test_a_place_without_any_count_is_named_as_not_scanned() -> None:
    counts, expected, zones = _world()
    counts[9] = NAN
    assert _scan(counts, expected, zones).unscanned == (9,)
    counts[:] = NAN
    assert _scan(counts, expected, zones) == Scan("A", (), tuple(range(25)), 1.0)


def test_a_place_whose_people_are_not_counted_is_not_scanned() -> None:
    distances, population = _grid()
    population[12] = NAN
    counts, expected, _ = _world()
    zones = nearest_zones(distances, population, nearest=25, population_cap=0.25)
    assert not zones[:, 12].any()
    assert _scan(counts, expected, zones).unscanned == (12,)


def test_a_zone_holds_at_most_its_share_of_the_people() -> None:
    distances, population = _grid()
    sizes = {cap: nearest_zones(distances, population, nearest=25, population_cap=cap).sum(axis=1) for cap in (0.25, 1)}
    assert (sizes[0.25].min(), sizes[0.25].max(), sizes[1].max()) == (1, 6, 25)
    assert (nearest_zones(distances, population, nearest=3, population_cap=1).sum(axis=1) <= 3).all()


def test_no_zone_under_the_cap_and_a_single_region_are_unknown_not_calm() -> None:
    counts, expected, _ = _world()
    distances, population = _grid()
    none = nearest_zones(distances, population, nearest=25, population_cap=0.01)
    assert len(none) == 0
    assert _scan(counts, expected, none).unscanned == tuple(range(25))
    alone = nearest_zones(np.zeros((1, 1)), np.array([1000.0]), nearest=1, population_cap=0.25)
    assert _scan(counts[:1], expected[:1], alone).unscanned == (0,)


def test_a_short_history_scans_nothing() -> None:
    counts, expected, zones = _world()
    counts[6] = 99
    found = _scan(counts, expected, zones, history_years=2.9)
    assert (found.tier, found.clusters, len(found.unscanned)) == ("C", (), 25)


def test_no_case_at_all_is_scanned_and_holds_no_cluster() -> None:
    _, expected, zones = _world()
    found = _scan(np.zeros_like(expected), expected, zones)
    assert (found.clusters, found.unscanned) == ((), ())


def test_a_case_where_none_was_expected_is_refused_by_place() -> None:
    counts, expected, zones = _world()
    expected[4, 2] = 0
    with pytest.raises(ValueError, match="location 4 has cases in period 2"):
        _scan(counts, expected, zones)


def test_huge_counts_and_no_simulation() -> None:
    counts, expected, zones = _world()
    found = _scan(counts * 1e11, expected * 1e11, zones, simulations=0).clusters[0]
    assert np.isfinite(found.llr)
    assert np.isnan(found.p_value)


def test_the_baseline_learns_the_common_trend_and_skips_what_is_missing() -> None:
    population = np.random.default_rng(1).uniform(1e3, 9e3, (30, 20))
    expected = population * np.exp(-5 + 0.05 * (np.arange(20) - 14))
    counts = np.random.default_rng(2).poisson(expected).astype(float)
    counts[3, 4], population[5, :] = NAN, NAN
    found, (level, slope) = baseline(counts, population, slice(0, 15))
    assert (level, slope) == (pytest.approx(-5, abs=0.05), pytest.approx(0.05, abs=0.005))
    assert np.isnan(found[5]).all()
    assert found[3, 4] == pytest.approx(expected[3, 4], rel=0.05)
    with pytest.raises(ValueError, match="no count"):
        baseline(np.full((2, 3), NAN), np.ones((2, 3)), slice(0, 3))
