"""Writes the price feeds: yearly files for the years before the world, then by week (hogs) and by day (markets)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation.columns import Columns
from simulation.draws import Floats, Ints, generator, sample
from simulation.inbox import Inbox
from simulation.months import at, first_day, last_day
from simulation.prices import SERIES, Week, hog_and_maize, market_averages, weeks_between
from simulation.story import World

ENCODING = "utf-8-sig"
_HOG_REGION = "341300"


def _money(values: Floats) -> pa.Array:
    return pa.array([f"{v:.2f}" for v in values], type=pa.string())


def _hog_columns(weeks: list[Week], hog: Floats, maize: Floats) -> Columns:
    count = len(weeks)
    return {
        "年份": pa.array([str(w.year) for w in weeks], type=pa.string()),
        "周次": pa.array([str(w.number) for w in weeks], type=pa.string()),
        "发布日期": pa.array([w.last_day.isoformat() for w in weeks], type=pa.string()),
        "地区代码": pa.array([_HOG_REGION] * count, type=pa.string()),
        "地区名称": pa.array(["宿州市"] * count, type=pa.string()),
        "生猪出场价格（元/公斤）": _money(hog),
        "玉米批发价格（元/公斤）": _money(maize),
    }


def write_hog_grain(world: World, inbox: Inbox, start: datetime) -> None:
    """One backfill file a year for what was published before the world began, then one file a week."""
    begin, end = first_day(world.first_month), last_day(world.last_month)
    weeks = weeks_between(date(end.year - a.PRICE_YEARS + 1, 1, 1), end)
    hog, maize = hog_and_maize(world.seed, weeks, world.shocks, world.effects.price_ramp_days)
    for year in sorted({w.year for w in weeks if w.last_day < begin}):
        rows = [i for i, w in enumerate(weeks) if w.year == year and w.last_day < begin]
        columns = _hog_columns([weeks[i] for i in rows], hog[rows], maize[rows])
        inbox.write_csv("prices_hog_grain", f"生猪玉米价格周报_{year}.csv", columns, start, encoding=ENCODING)
    for i, week in enumerate(weeks):
        if week.last_day >= begin:
            name = f"生猪玉米价格周报_{_HOG_REGION}_{week.year}W{week.number:02d}.csv"
            moment = at(week.last_day + timedelta(days=1), 9.5)
            columns = _hog_columns([week], hog[i : i + 1], maize[i : i + 1])
            inbox.write_csv("prices_hog_grain", name, columns, moment, encoding=ENCODING)


def _quotes(world: World, days: list[date]) -> tuple[Ints, Columns]:
    """Every quote in order of day, with the day's position; a few repeated exactly and a few without a price."""
    ramp = world.effects.price_ramp_days
    averages = np.stack([market_averages(world.seed, s, days, world.shocks, ramp) for s in SERIES])
    series, day = np.nonzero(~np.isnan(averages))
    order = np.lexsort((series, day))
    series, day = series[order], day[order]
    average = averages[series, day]
    rng = generator(world.seed, "odd_quotes")
    # Odd rows only before the shock could begin: reality's, not the shock's.
    calm = np.flatnonzero(day < len(days) - 7 * (a.PRICE_ONSET_WEEKS[1] + 1))
    average[sample(rng, calm, round(a.ODD_QUOTE_SHARE * len(day)))] = 0.0
    repeated = sample(rng, calm, round(a.ODD_QUOTE_SHARE * len(day)))
    rows = np.sort(np.concatenate([np.arange(len(day)), repeated]))
    series, day, average = series[rows], day[rows], average[rows]

    def of_series(name: str) -> pa.Array:
        return pa.array([getattr(s, name) for s in SERIES]).take(pa.array(series))

    return day, {
        "品名": of_series("product"),
        "最低价": _money(np.round(average * (1 - a.QUOTE_SPREAD), 2)),
        "平均价": _money(average),
        "最高价": _money(np.round(average * (1 + a.QUOTE_SPREAD), 2)),
        "规格": of_series("specification"),
        "单位": of_series("unit"),
        "发布日期": pa.array([d.isoformat() for d in days]).take(pa.array(day)),
        "地区代码": of_series("region"),
        "市场": of_series("market"),
    }


def write_market(world: World, inbox: Inbox, start: datetime) -> None:
    """One backfill file a year before the world, then one file a day."""
    begin, end = first_day(world.first_month), last_day(world.last_month)
    first = date(end.year - a.PRICE_YEARS + 1, 1, 1)
    days = [first + timedelta(days=i) for i in range((end - first).days + 1)]
    position, columns = _quotes(world, days)
    spans = [
        (max(first, date(y, 1, 1)), min(date(y, 12, 31), begin - timedelta(days=1)))
        for y in range(first.year, begin.year + 1)
    ]
    spans = [s for s in spans if s[0] <= s[1]]
    spans += [(d, d) for d in days if d >= begin]
    for from_day, to_day in spans:
        low, high = np.searchsorted(position, [(from_day - first).days, (to_day - first).days + 1])
        part = {h: c.slice(low, high - low) for h, c in columns.items()}
        if to_day < begin:
            name, moment = f"农产品市场行情_{from_day.year}.csv", start
        else:
            name, moment = f"农产品市场行情_{from_day:%Y%m%d}_{to_day:%Y%m%d}.csv", at(to_day, 17.6)
        inbox.write_csv("prices_market", name, part, moment, encoding=ENCODING)
