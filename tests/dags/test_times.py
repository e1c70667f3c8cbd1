"""A scheduled moment becomes the day, month or quarter that Beijing's calendar says, whatever UTC's says."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from dags.times import beijing, day_before, month_before, quarter_before, same_day


@pytest.mark.parametrize(
    ("moment", "judged"),
    [
        (datetime(2021, 9, 30, 18, 0, tzinfo=UTC), "2021-09-30"),  # 02:00 on 1 October
        (datetime(2021, 10, 1, 15, 59, tzinfo=UTC), "2021-09-30"),
        (datetime(2021, 10, 1, 16, 0, tzinfo=UTC), "2021-10-01"),
        (datetime(2020, 12, 31, 18, 0, tzinfo=UTC), "2020-12-31"),
    ],
)
def test_the_night_judges_the_day_before(moment: datetime, judged: str) -> None:
    assert day_before(moment) == judged


def test_a_warning_s_day_is_its_beijing_day() -> None:
    assert same_day(datetime(2021, 7, 15, 15, 59, tzinfo=UTC)) == "2021-07-15"
    assert same_day(datetime(2021, 7, 15, 16, 0, tzinfo=UTC)) == "2021-07-16"


def test_a_month_ends_at_midnight_in_beijing() -> None:
    assert month_before(datetime(2021, 1, 19, 22, 0, tzinfo=UTC)) == "2020-12"
    assert month_before(datetime(2021, 2, 28, 16, 0, tzinfo=UTC)) == "2021-02"


@pytest.mark.parametrize(
    ("moment", "quarter"),
    [
        (datetime(2020, 12, 31, 19, 0, tzinfo=UTC), "2020Q4"),
        (datetime(2021, 3, 31, 15, 0, tzinfo=UTC), "2020Q4"),
        (datetime(2021, 3, 31, 19, 0, tzinfo=UTC), "2021Q1"),
        (datetime(2021, 6, 30, 19, 0, tzinfo=UTC), "2021Q2"),
        (datetime(2021, 9, 30, 19, 0, tzinfo=UTC), "2021Q3"),
    ],
)
def test_the_screening_looks_at_the_quarter_that_ended(moment: datetime, quarter: str) -> None:
    assert quarter_before(moment) == quarter


def test_a_first_start_waits_for_the_next_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    from airflow.serialization.encoders import coerce_to_core_timetable
    from airflow.timetables import trigger
    from airflow.timetables.base import TimeRestriction
    from pendulum import instance

    # Half past two in Beijing: Airflow's own default would still run the DAG of two o'clock.
    monkeypatch.setattr(trigger, "utcnow", lambda: instance(datetime(2021, 9, 30, 18, 30, tzinfo=UTC)))
    first = coerce_to_core_timetable(beijing("0 2 * * *")).next_dagrun_info(
        last_automated_data_interval=None, restriction=TimeRestriction(earliest=None, latest=None, catchup=False)
    )
    assert first
    assert first.run_after == datetime(2021, 10, 1, 18, 0, tzinfo=UTC)
