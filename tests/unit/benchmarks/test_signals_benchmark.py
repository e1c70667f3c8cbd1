"""The benchmark of the signals runs and names its figures; how high they are is no test's affair."""

from __future__ import annotations

import pytest

from benchmarks.signals import main


def test_each_signal_is_told_beside_its_rival(capsys: pytest.CaptureFixture[str]) -> None:
    main(["--townships", "6", "--periods", "3", "--simulations", "3", "--cells", "1", "--rival-simulations", "1"])
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(":")[0] for line in lines] == ["farrington, weekly", "farrington, monthly", "scan"]
    assert all("times as much" in line for line in lines)
