"""Mutated files for every reader: each is parsed or refused by a typed error, and many come as far as their rows."""

from __future__ import annotations

import pytest

from tests.faults.fuzz import Outcome, run, told

WORKBOOKS = ("xlsx", "xlsx dressed")


def assert_sound(outcome: Outcome) -> None:
    assert not outcome.exceptions, told(outcome)
    files = sum(outcome.files[name] for name in WORKBOOKS)
    assert sum(outcome.reached_rows[name] for name in WORKBOOKS) >= 0.3 * files, told(outcome)
    assert all(outcome.reached_rows.values()), "a seed of which no file reaches its rows tests nothing"


def test_no_mutated_file_is_an_uncaught_exception() -> None:
    assert_sound(run(1_500))


@pytest.mark.long
def test_no_mutated_file_among_a_hundred_thousand_is_an_uncaught_exception(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = run(100_000)
    with capsys.disabled():
        print("\n" + told(outcome))
    assert_sound(outcome)
