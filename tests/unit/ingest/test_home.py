"""What the environment says of an installation: how far back it judges."""

from __future__ import annotations

import pytest

from ingest.home import months_of_history


def test_two_years_unless_something_else_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert months_of_history() == 24
    monkeypatch.setenv("SHOUXIAN_HISTORY_MONTHS", "60")
    assert months_of_history() == 60


@pytest.mark.parametrize("said", ["0", "241", "-3", "two", "2.5", " "])
def test_what_is_no_number_of_months_is_refused_with_what_to_say(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("SHOUXIAN_HISTORY_MONTHS", said)
    with pytest.raises(ValueError, match=r"SHOUXIAN_HISTORY_MONTHS is .* expected a number of months from 1 to 240"):
        months_of_history()
