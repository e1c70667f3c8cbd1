"""The price rule on a series of real form: a lasting fall opens once, a short one not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from proof.real_prices import hog_prices


def _file(folder: Path, fallen: range, factor: float) -> Path:
    lines = ["yr,wk,pg_1,pg_2"]
    for year in range(2016, 2021):
        for week in range(1, 53):
            first = 15 * (factor if year == 2020 and week in fallen else 1)
            lines.append(f"{year},{week},{first},15")
    path = folder / "hogs.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_lasting_fall_opens_once_in_the_province_that_has_it(tmp_path: Path) -> None:
    found = hog_prices(_file(tmp_path, range(20, 40), 0.65))
    assert found["red"]["openings"] == 1
    assert found["red"]["openings_of_the_first_province"] == ["2020-23"]  # the fourth week
    assert found["orange"]["openings"] == 1
    assert found["red"]["judged_years"] == pytest.approx(2 * 104 / 52.18, abs=0.1)


def test_a_short_or_small_fall_opens_nothing(tmp_path: Path) -> None:
    assert hog_prices(_file(tmp_path, range(20, 23), 0.5))["orange"]["openings"] == 0
    found = hog_prices(_file(tmp_path, range(20, 40), 0.75))
    assert (found["red"]["openings"], found["orange"]["openings"]) == (0, 1)
    assert found["red"]["return_period_years"] is None


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="yr, wk and pg_"):
        hog_prices(path)
