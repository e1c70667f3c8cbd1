"""The clock of the DAGs: Beijing's calendar, and how a scheduled moment becomes the day, month or quarter worked on.

The moments come from the run that Airflow planned or from the event that started it, never from the wall clock: a run
that is late or repeated judges the same day. A person who starts a DAG by hand may name the day instead.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from airflow.sdk import CronTriggerTimetable, Param

TIME_ZONE = "Asia/Shanghai"
BEIJING = ZoneInfo(TIME_ZONE)


def beijing(cron: str) -> CronTriggerTimetable:
    """The timetable of the moments at which the clock in Beijing matches `cron`; they are the runs' logical dates.

    Airflow's default for `run_immediately` starts a new DAG for a moment that has just passed; an hour of zero waits
    for the next one, so that what a first start does is the same at any time of day.
    """
    return CronTriggerTimetable(cron, timezone=TIME_ZONE, run_immediately=timedelta())


def same_day(moment: datetime) -> str:
    """The Beijing day of a moment, as YYYY-MM-DD."""
    return moment.astimezone(BEIJING).date().isoformat()


def day_before(moment: datetime) -> str:
    """The Beijing day before that of a moment, as YYYY-MM-DD: at two in the morning, the last day that is complete."""
    return (moment.astimezone(BEIJING).date() - timedelta(days=1)).isoformat()


def month_before(moment: datetime) -> str:
    """The last complete Beijing month, as YYYY-MM: the one whose files the departments delivered on the 6th."""
    return (moment.astimezone(BEIJING).date().replace(day=1) - timedelta(days=1)).isoformat()[:7]


def quarter_before(moment: datetime) -> str:
    """The last complete quarter in Beijing, as YYYYQn."""
    date = moment.astimezone(BEIJING).date()
    year, quarter = (date.year, (date.month - 1) // 3) if date.month > 3 else (date.year - 1, 4)
    return f"{year}Q{quarter}"


MACROS: dict[str, Callable[[datetime], str]] = {
    "same_day": same_day,
    "day_before": day_before,
    "month_before": month_before,
    "quarter_before": quarter_before,
}

DAY = {"as_of": Param(None, type=["null", "string"], format="date", description="判断日 the day to judge, YYYY-MM-DD")}
DAY_AND_KNOWLEDGE = {
    **DAY,
    "known_at": Param(
        None,
        type=["null", "string"],
        format="date-time",
        description="知悉时点 use only what was known by this moment (ISO 8601 with offset)",
    ),
}
MONTH = {"month": Param(None, type=["null", "string"], pattern=r"^\d{4}-\d{2}$", description="月份 YYYY-MM")}
QUARTER = {"quarter": Param(None, type=["null", "string"], pattern=r"^\d{4}Q[1-4]$", description="季度 YYYYQn")}
