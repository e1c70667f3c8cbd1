"""World commodity prices as the World Bank prints them: a workbook a month that restates the newest months."""

from __future__ import annotations

import io
from datetime import datetime

import numpy as np
import xlsxwriter

from simulation import assumptions as a
from simulation.draws import Floats, generator
from simulation.inbox import Inbox
from simulation.months import at, compact, first_day, number_of, office_moment, year_of
from simulation.story import World

COMMODITIES = (  # the publisher's heading, its unit, a price to begin with; levels near those of 2012, rounded
    ("Crude oil, average", "($/bbl)", 62.0),
    ("Coal, Australian", "($/mt)", 78.0),
    ("Soybeans", "($/mt)", 410.0),
    ("Soybean meal", "($/mt)", 380.0),
    ("Barley", "($/mt)", 128.0),
    ("Maize", "($/mt)", 172.0),
    ("Sorghum", "($/mt)", 165.0),
    ("Rice, Thai 5% ", "($/mt)", 420.0),
    ("Wheat, US HRW", "($/mt)", 215.0),
    ("Beef", "($/kg)", 4.3),
    ("Cotton, A Index", "($/kg)", 1.8),
    ("DAP", "($/mt)", 395.0),
    ("Urea ", "($/mt)", 265.0),
)
_STOPPED = {"Sorghum": "..", "Barley": "…"}  # series that the publisher has given up, and its two signs for that
_TITLES = (
    "World Bank Commodity Price Data (The Pink Sheet)",
    "monthly prices in nominal US dollars, 1960 to present",
    "(monthly series are available only in nominal US dollars)",
)


def prices(seed: int, count: int) -> tuple[Floats, Floats]:
    """Final prices by commodity and month, and the first estimates of the same."""
    rng = generator(seed, "prices_world")
    steps = np.clip(rng.normal(0.0, 0.03, (len(COMMODITIES), count)), -0.08, 0.08)
    # Drawn back to the first level, so that no series runs away in ten years.
    levels = np.zeros_like(steps)
    for month in range(1, count):
        levels[:, month] = 0.97 * levels[:, month - 1] + steps[:, month]
    final = np.array([c[2] for c in COMMODITIES])[:, None] * np.exp(levels)
    bound = a.WORLD_PRICE_RESTATED
    estimated = final * (1 + rng.uniform(-bound, bound, final.shape))
    return np.round(final, 4), np.round(estimated, 4)


def _edition(months: range, shown: Floats, moment: datetime) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    book.set_properties({"created": moment.replace(tzinfo=None, microsecond=0)})
    book.add_worksheet("AFOSHEET").hide()  # the publisher's own editions carry it, hidden and empty
    sheet = book.add_worksheet("Monthly Prices")
    sheet.activate()
    sheet.set_first_sheet()
    for row, text in enumerate((*_TITLES, f"Updated on {moment:%B %d, %Y}")):
        sheet.write_string(row, 0, text)
    for column, (heading, unit, _) in enumerate(COMMODITIES, start=1):
        sheet.write_string(4, column, heading)
        sheet.write_string(5, column, unit)
    for place, month in enumerate(months):
        sheet.write_string(6 + place, 0, f"{year_of(month)}M{number_of(month):02d}")
        for column, (heading, _, _) in enumerate(COMMODITIES, start=1):
            if heading in _STOPPED:
                sheet.write_string(6 + place, column, _STOPPED[heading])
            else:
                sheet.write_number(6 + place, column, float(shown[column - 1, place]))
    book.close()
    return out.getvalue()


def write_world_prices(world: World, inbox: Inbox) -> None:
    """An edition early in each month with the series up to the month before, its last months as first estimated."""
    first = (year_of(world.last_month) - a.WORLD_PRICE_YEARS) * 12
    final, estimated = prices(world.seed, world.last_month - first + 1)
    for month in range(world.first_month - 1, world.last_month + 1):
        count = month - first + 1
        fresh = slice(count - a.WORLD_PRICE_RESTATED_MONTHS, count)
        shown = final[:, :count].copy()
        shown[:, fresh] = estimated[:, fresh]
        rng = generator(world.seed, "arrivals", "prices_world", month)
        moment = max(office_moment(rng, month + 1, (2, 4)), at(first_day(world.first_month), 9.0))
        rows = count * len(COMMODITIES)
        content = _edition(range(first, month + 1), shown, moment)
        inbox.write_bytes("prices_world", f"CMO-Historical-Data-Monthly_{compact(month)}.xlsx", content, moment, rows)
