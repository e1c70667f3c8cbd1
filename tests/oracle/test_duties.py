"""The oracle's own clause tables for the duties of regions: which period is judged, and when a share is enough."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.oracle.compared import COMPARED, ORACLE, OfDuties
from tests.oracle.duty import Duties, judged, judged_apart, newest_period
from tests.oracle.presence import within
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, RAISED, UNKNOWN, Truth

NINE_TENTHS = Fraction(9, 10)
DUTIES = ("R28", "R30", "R31", "R32", "R35", "R52", "R54", "R55", "R71", "R72", "R73", "R74", "R76", "R77")


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ([Duties(10, 9, 0)], CLEAR),
        ([Duties(10, 8, 0)], RAISED),
        ([Duties(10, 8, 1)], UNKNOWN),
        ([Duties(10, 7, 1)], RAISED),
        ([Duties(10, 9, 1)], CLEAR),
        ([Duties(10, 8, 0), Duties(10, 10, 0)], CLEAR),
        ([Duties(0, 0, 0)], NOT_APPLICABLE),
        ([], UNKNOWN),
    ],
    ids=["as asked", "less", "perhaps", "not even so", "whatever", "pooled", "nothing due", "no word"],
)
def test_a_share_is_enough_for_sure_or_too_little_for_sure(told: list[Duties], said: str) -> None:
    assert judged(told, NINE_TENTHS) == said


@pytest.mark.parametrize(
    ("told", "said"),
    [
        ({"unlisted": 1}, {"monitored": UNKNOWN, "other": UNKNOWN, "unclassed": NOT_APPLICABLE, "unlisted": CLEAR}),
        ({"unclassed": 1}, {"monitored": NOT_APPLICABLE, "other": UNKNOWN, "unclassed": CLEAR}),
        ({"unlisted": 1, "other": 1}, {"monitored": UNKNOWN, "other": CLEAR}),
        ({"monitored": 1}, {"other": NOT_APPLICABLE, "unlisted": NOT_APPLICABLE}),
    ],
    ids=["no list", "not monitored", "some for sure", "all told"],
)
def test_nothing_is_due_towards_a_class_only_if_nobody_may_be_of_it(told: dict[str, int], said: dict[str, str]) -> None:
    counts = {one: told.get(one, 0) for one in told | said}
    answers = judged_apart({one: [Duties(count, count, 0)] for one, count in counts.items()}, NINE_TENTHS)
    assert answers == sorted({**dict.fromkeys(told, CLEAR), **said}.values())


@pytest.mark.parametrize(
    ("today", "months", "days", "ends"),
    [
        (date(2021, 10, 31), 1, 31, 9),
        (date(2021, 10, 30), 1, 31, 8),
        (date(2021, 10, 31), 3, 30, 9),
        (date(2021, 10, 29), 3, 30, 6),
        (date(2021, 12, 31), 3, 0, 12),
        (date(2021, 10, 31), 12, 62, 0),
    ],
    ids=["month due today", "due tomorrow", "quarter", "quarter not due", "a period that ends today", "year before"],
)
def test_the_newest_period_whose_report_was_due(today: date, months: int, days: int, ends: int) -> None:
    last = 2021 * 12 + ends - 1
    assert newest_period(today, months, days) == (last - months + 1, last)


@pytest.mark.parametrize(
    ("age", "limits", "told_for", "said"),
    [
        (30, [30], 999, True),
        (31, [30], 999, False),
        (60, [90, 365], 999, True),
        (91, [90, 365], 999, None),
        (366, [90, 365], 999, False),
        (None, [30], 30, None),
        (None, [30], 31, False),
    ],
    ids=["last day", "a day more", "either way", "one of two", "neither way", "not told so long", "never"],
)
def test_an_interval_is_kept_broken_or_not_known(
    age: int | None, limits: list[int], told_for: int, said: Truth
) -> None:
    assert within(age, limits, told_for) is said


def test_every_rule_over_duties_is_compared() -> None:
    assert set(DUTIES) <= set(COMPARED)
    assert all(isinstance(ORACLE[rule], OfDuties) for rule in DUTIES)
