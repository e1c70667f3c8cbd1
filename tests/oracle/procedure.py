"""§3(1) and §3(2): screening, acceptance and publicity, each rule from its clause."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar

from tests.oracle import policy
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
    """R39: an application by APP or platform is taken up within so many working days of reaching the township."""
    if row["申请方式"] not in policy.TIMED_FORMS:
        return NOT_APPLICABLE
    received = day(row["乡镇收到日期"])
    taken = working_days_after(received, day(row["受理日期"]) or today) if received else None
    return UNKNOWN if taken is None else status(taken > policy.ACCEPTANCE_WORKING_DAYS)


def publicity(row: Row) -> str:
    """R43: a first list hangs in the village for so many days after the day of posting."""
    start, stop = day(row["办理日期"]), day(row["结束日期"])
    return UNKNOWN if start is None or stop is None else status((stop - start).days < policy.PUBLICITY_DAYS)


def r39(county: County) -> Iterator[tuple[str, str]]:
    """Every application as it stands by its newest state: its household and the answer."""
    newest: dict[str, Row] = {}
    for file in county.applications:
        for row in file.rows:
            if row["申请编号"] not in newest or row["更新日期"] >= newest[row["申请编号"]]["更新日期"]:
                newest[row["申请编号"]] = row
    for row in newest.values():
        yield row["户编号"], acceptance(row, county.known_on)


def r43(county: County) -> Iterator[tuple[str, str]]:
    """Every publicity of a first list: its household and the answer."""
    for file in county.steps:
        for row in file.rows:
            if (row["程序类别"], row["程序步骤"]) == ("纳入", "村内公示"):
                yield row["户编号"], publicity(row)


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
