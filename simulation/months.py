"""Months as whole numbers (year * 12 + month - 1), and the office-hour moments at which files arrive, Beijing time."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

import numpy as np

from simulation import assumptions as a

BEIJING = timezone(timedelta(hours=8))
_EPOCH = date(1970, 1, 1).toordinal()


def parse_month(text: str) -> int:
    """2020-01 as a month number. Raises ValueError for anything else than YYYY-MM."""
    if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", text):
        raise ValueError(f"month {text!r} is not of the form YYYY-MM")
    return int(text[:4]) * 12 + int(text[5:]) - 1


def year_of(month: int) -> int:
    """The year."""
    return month // 12


def number_of(month: int) -> int:
    """1 for January."""
    return month % 12 + 1


def compact(month: int) -> str:
    """YYYYMM."""
    return f"{year_of(month):04d}{number_of(month):02d}"


def dashed(month: int) -> str:
    """YYYY-MM."""
    return f"{year_of(month):04d}-{number_of(month):02d}"


def first_day(month: int) -> date:
    """Its first day."""
    return date(year_of(month), number_of(month), 1)


def last_day(month: int) -> date:
    """Its last day."""
    return first_day(month + 1) - timedelta(days=1)


def month_of(day: date) -> int:
    """The month of a day."""
    return day.year * 12 + day.month - 1


def at(day: date, hour: float) -> datetime:
    """That day at that hour of Beijing, to the second."""
    return datetime(day.year, day.month, day.day, tzinfo=BEIJING) + timedelta(seconds=round(hour * 3600))


def office_moment(rng: np.random.Generator, month: int, days: tuple[int, int]) -> datetime:
    """A moment in office hours on one of those days of that month."""
    day = date(year_of(month), number_of(month), int(rng.integers(days[0], days[1] + 1)))
    return at(day, float(rng.uniform(*a.OFFICE_HOURS)))


def monthly_arrival(rng: np.random.Generator, month: int) -> datetime:
    """When a department's file about that month comes in: on the 3rd to 6th of the next."""
    return office_moment(rng, month + 1, a.MONTHLY_ARRIVAL_DAYS)


def day_number(day: date) -> int:
    """Days since 1970."""
    return day.toordinal() - _EPOCH


def first_day_number(month: int) -> int:
    """The month's first day, counted from 1970."""
    return day_number(first_day(month))


def day_numbers(months: np.ndarray[tuple[int], np.dtype[np.int64]]) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The first days of these months, counted from 1970."""
    days = (months - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]")
    return days.astype(np.int64)


def day_of(number: int) -> date:
    """The date of a day counted from 1970."""
    return date.fromordinal(number + _EPOCH)


def quarters_within(months: range) -> tuple[int, ...]:
    """The last months of the calendar quarters that end within these months."""
    return tuple(m for m in months if m % 3 == 2)
