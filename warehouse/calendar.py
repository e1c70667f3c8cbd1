"""Makes the seed of working days from the official calendar: `python -m warehouse.calendar`, once a year.

China moves working days around its holidays by decree, each autumn for the year to come; `chinesecalendar` keeps the
decrees. A year that it does not know is left out, and every clock over it comes out as unknown.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import chinese_calendar

FIRST, LAST = date(2019, 1, 1), date(2026, 12, 31)
SEED = Path(__file__).parents[1] / "dbt_project" / "seeds" / "reference" / "calendar_days.csv"
_HEADER = ("calendar_date", "is_working_day", "working_day_number", "holiday_name")


def rows() -> Iterator[tuple[str, str, int, str]]:
    """A row a day: whether it is worked, and how many working days there were since the first day, it included.

    Raises NotImplementedError for a year that the calendar does not know.
    """
    number, day = 0, FIRST
    while day <= LAST:
        is_working = chinese_calendar.is_workday(day)
        _, holiday = chinese_calendar.get_holiday_detail(day)
        number += is_working
        yield day.isoformat(), str(is_working).lower(), number, holiday or ""
        day += timedelta(days=1)


def as_csv() -> str:
    """The seed's text."""
    sink = io.StringIO()
    writer = csv.writer(sink, lineterminator="\n")
    writer.writerow(_HEADER)
    writer.writerows(rows())
    return sink.getvalue()


if __name__ == "__main__":
    SEED.write_text(as_csv(), encoding="utf-8")
