"""The seed of working days is the official calendar's, make-up days included."""

from __future__ import annotations

from warehouse.calendar import SEED, as_csv


def test_the_seed_is_what_the_calendar_says() -> None:
    assert SEED.read_text(encoding="utf-8") == as_csv(), "make it anew: python -m warehouse.calendar"


def test_a_make_up_sunday_is_worked_and_a_decreed_monday_is_not() -> None:
    rows = dict(line.split(",", 1) for line in SEED.read_text(encoding="utf-8").splitlines()[1:])
    assert rows["2021-09-26"].startswith("true")  # made up for the national day's week
    assert rows["2021-10-04"].startswith("false")
