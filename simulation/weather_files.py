"""Daily observations of one station a county: thirty years of history, then a file a week that repeats some days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation.columns import Columns
from simulation.disasters import Disaster
from simulation.draws import Flags, Floats, generator
from simulation.inbox import Inbox
from simulation.months import at, first_day, last_day
from simulation.story import World

ENCODING = "utf-8-sig"
_FILE_DAYS = 10  # a week and three days again


@dataclass
class Observed:
    """One station's days in order. late: not in the first file that should hold the day; lost: in none."""

    county: str
    rain: Floats
    mean: Floats
    highest: Floats
    lowest: Floats
    wind: Floats
    soil: Floats
    stage: Floats
    late: Flags
    lost: Flags


def _running(values: Floats, days: int) -> Floats:
    """The sum of each day and the days before it, so many in all."""
    total = np.cumsum(np.concatenate([np.zeros(days), values]))
    return np.asarray(total[days:] - total[:-days])


def _struck(observed: Observed, rng: np.random.Generator, first: date, disaster: Disaster) -> None:
    """Puts the disaster into the weather of its county."""
    day = (disaster.occurred_at.date() - first).days
    size = "shock" if disaster.is_shock else "small"
    days = slice(day, day + (4 if disaster.is_shock else 1))
    count = len(observed.rain[days])
    if disaster.hazard_text == "暴雨":
        observed.rain[days] = rng.uniform(*a.RAIN_DISASTER_MM[size], count)
    elif disaster.hazard_text == "大风":
        observed.wind[days] = rng.uniform(*a.WIND_DISASTER_MS, count)
    elif disaster.hazard_text == "霜冻":
        observed.lowest[days] = rng.uniform(*a.FROST_NIGHT_C, count)
    elif disaster.hazard_text == "干旱":
        observed.rain[max(0, day - a.DROUGHT_BEFORE_DAYS) :] *= a.DROUGHT_RAIN_FACTOR


def observed(world: World, county: str, days: list[date], disasters: list[Disaster]) -> Observed:
    """A county's weather: seasons, chance, and the disasters that struck it."""
    rng = generator(world.seed, "station_weather", county)
    size = len(days)
    month = np.array([d.month - 1 for d in days])
    of_year = np.array([d.timetuple().tm_yday for d in days])
    wet = rng.random(size) < np.array(a.RAIN_DAY_SHARE)[month]
    rain = np.where(wet, np.minimum(a.RAIN_ORDINARY_MM, rng.gamma(0.8, np.array(a.RAIN_DAY_MM)[month] / 0.8)), 0.0)
    mean = a.TEMP_MEAN_C - a.TEMP_SWING_C * np.cos(2 * np.pi * (of_year - 18) / 365.25)
    mean = mean + np.clip(rng.normal(0, a.TEMP_NOISE_C, size), -2.5 * a.TEMP_NOISE_C, 2.5 * a.TEMP_NOISE_C)
    lowest, highest = mean - rng.uniform(3.0, 6.0, size), mean + rng.uniform(3.5, 7.0, size)
    wind = np.minimum(a.WIND_ORDINARY_MS, rng.gamma(6.0, 0.9, size))
    late, lost = rng.random(size) < a.OBSERVATION_LATE_SHARE, rng.random(size) < a.OBSERVATION_LOST_SHARE
    none = np.zeros(size)
    made = Observed(county, rain, mean, highest, lowest, wind, none, none, late, lost)
    for disaster in (d for d in disasters if d.county == county):
        _struck(made, rng, days[0], disaster)
    made.rain = np.round(made.rain, 1)
    made.soil = np.clip(0.28 + 0.42 * np.sqrt(_running(made.rain, 30) / 75.0), 0.2, 1.0)
    made.stage = 21.5 + 0.018 * _running(made.rain, 5)
    return made


def _texts(values: Floats, decimals: int, blank: Flags, suffix: str = "") -> list[str]:
    return ["" if b else f"{v:.{decimals}f}{suffix}" for v, b in zip(values.tolist(), blank.tolist(), strict=True)]


def _columns(world: World, stations: list[Observed], days: list[date], start: int, stop: int, shown: int) -> Columns:
    """Days start..stop of every station. Days before `shown` are told for the second time: nothing is late in them."""
    cells: dict[str, list[str]] = {}
    for station in stations:
        position = np.arange(start, stop)
        there = ~station.lost[start:stop] & ~(station.late[start:stop] & (position >= shown))
        rows = position[there]
        blank = generator(world.seed, "station_weather", "blank", station.county).random(len(days))[rows]
        rain_blank, soil_blank = blank < a.OBSERVATION_BLANK_SHARE, blank > 1 - a.OBSERVATION_BLANK_SHARE
        never = np.zeros(len(rows), dtype=bool)
        for header, column in (
            ("站号", [f"{station.county}01"] * len(rows)),
            ("观测日期", [days[i].isoformat() for i in rows]),
            ("所在地代码", [station.county] * len(rows)),
            ("日降水量（毫米）", _texts(station.rain[rows], 1, rain_blank)),
            ("日平均气温（℃）", _texts(station.mean[rows], 1, never)),
            ("日最高气温（℃）", _texts(station.highest[rows], 1, never)),
            ("日最低气温（℃）", _texts(station.lowest[rows], 1, never)),
            ("最大风速（米/秒）", _texts(station.wind[rows], 1, never)),
            ("土壤相对湿度", _texts(station.soil[rows] * 100, 1, soil_blank, "%")),
            ("水位（米）", _texts(station.stage[rows], 2, never)),
        ):
            cells.setdefault(header, []).extend(column)
    return {header: pa.array(column, pa.string()) for header, column in cells.items()}


def write_weather(world: World, inbox: Inbox, disasters: list[Disaster], start: datetime) -> None:
    """One file a year of history, delivered at the start; then one file a week."""
    begin, end = first_day(world.first_month), last_day(world.last_month)
    first = date(begin.year - a.WEATHER_YEARS, 1, 1)
    days = [first + timedelta(days=n) for n in range((end - first).days + 1)]
    stations = [observed(world, county, days, disasters) for county in world.counties]
    for year in range(first.year, begin.year + 1):
        low, high = (date(year, 1, 1) - first).days, (min(date(year + 1, 1, 1), begin) - first).days
        if low < high:
            columns = _columns(world, stations, days, low, high, high)
            inbox.write_csv("station_weather", f"气象站逐日观测_{year}.csv", columns, start, encoding=ENCODING)
    shown = (begin - first).days
    for stop in range(shown + 1, len(days) + 1):
        if days[stop - 1].weekday() == 6:
            columns = _columns(world, stations, days, max(0, stop - _FILE_DAYS), stop, shown)
            first_told = days[max(0, stop - _FILE_DAYS)]
            name = f"气象站逐日观测_{first_told:%Y%m%d}-{days[stop - 1]:%Y%m%d}.csv"
            inbox.write_csv(
                "station_weather", name, columns, at(days[stop - 1] + timedelta(days=1), 8.5), encoding=ENCODING
            )
            shown = stop
