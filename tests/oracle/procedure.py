"""§3(1) and §3(2): screening and acceptance, each rule from its clause."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from tests.oracle import policy
from tests.oracle.cases import settled
from tests.oracle.county import County
from tests.oracle.deliveries import Row, day, month, month_of
from tests.oracle.three_valued import NOT_APPLICABLE, UNKNOWN, status


def working_days_after(start: date, stop: date) -> int | None:
    """Working days from the day after `start` to `stop` (A2); None for a year whose holidays are not told."""
    days = [start + timedelta(days=n) for n in range(1, (stop - start).days + 1)]
    try:
        return sum(bool(chinese_calendar.is_workday(d)) for d in days)
    except NotImplementedError:
        return None


def acceptance(row: Row, today: date) -> str:
    """R39: taken up within so many working days of reaching the township, and its result on record.

    Only by APP or platform. What is turned down at once is dealt with as well; the clock runs until something is.
    """
    if row["申请方式"] not in policy.TIMED_FORMS:
        return NOT_APPLICABLE if row["申请方式"] else UNKNOWN
    received = day(row["乡镇收到日期"])
    taken = working_days_after(received, day(row["受理日期"]) or settled(row) or today) if received else None
    if received is None or taken is None:
        return UNKNOWN
    so_far = None if row["处理结果"] else working_days_after(received, today)
    return status(taken > policy.ACCEPTANCE_WORKING_DAYS or (so_far or 0) > policy.ACCEPTANCE_WORKING_DAYS)


def r33(county: County, today: date) -> list[str]:
    """The answers of all departments that are held to it."""
    return sorted(screenings(county, today).values())


def screenings(county: County, today: date) -> dict[str, str]:
    """By department: whether it screened in the quarter before. No run is a breach; one without a warning is none.

    The quarter is told by the list of its last month; while that has not come, nothing is known.
    """
    this_month = month_of(today)
    ends = this_month - this_month % 3 - 1
    told = [f for f in county.screenings if month(f.period) == ends and f.received <= today]
    runs = [row["部门"] for f in told for row in f.rows if row["县区代码"][:6] == county.region]
    return {
        department: status(runs.count(department) < policy.SCREENINGS_A_QUARTER) if told else UNKNOWN
        for department in policy.SCREENING_DEPARTMENTS
    }
