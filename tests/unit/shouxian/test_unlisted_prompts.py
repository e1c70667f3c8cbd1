"""Which prompts to a duty officer still wait for their list, whatever landed them."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

import pytest

from ingest.home import Home
from ledger import Ledger
from shouxian.exposed import list_of, unlisted, without_households
from shouxian.tasks import land_feeds
from warehouse.release import switch


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """An installation whose ledger holds one prompt, kept by a landing that is over."""
    monkeypatch.setenv("SHOUXIAN_HOME", str(tmp_path))
    monkeypatch.delenv("SHOUXIAN_INBOX", raising=False)
    found = Home(tmp_path)
    warning = {"region_code": "341321101000", "hazard_text": "暴雨", "colour": "red", "load_id": "warnings_cap-1"}
    Ledger(found.ledger_url).add_prompts([{**warning, "prompt_id": "P1", "issued_at": datetime(2021, 7, 15, 18)}])
    return found


def release(here: Home, name: str, at: int) -> None:
    """Makes a release current, written `at` (seconds)."""
    folder = here.releases / name
    folder.mkdir(parents=True)
    (folder / "release.json").write_text("{}", encoding="utf-8")
    os.utime(folder / "release.json", (at, at))
    switch(here, folder)


def workbook(path: Path, at: int) -> None:
    path.parent.mkdir(exist_ok=True)
    path.touch()
    os.utime(path, (at, at))


def test_a_prompt_of_another_landing_waits_until_its_list_is_written(here: Home) -> None:
    release(here, "release-1", at=100)
    counts = land_feeds("hazards")
    assert (counts["landed"], counts["prompts"], counts["unlisted"]) == (0, 0, 1)
    workbook(list_of(here, "P1"), at=50)
    assert land_feeds("hazards")["unlisted"] == 0


def test_without_a_release_nobody_is_told_in_vain(here: Home) -> None:
    assert land_feeds("hazards")["unlisted"] == 0
    release(here, "release-1", at=100)
    assert land_feeds("hazards")["unlisted"] == 1


def test_what_a_release_could_not_tell_is_asked_of_the_next_one(here: Home) -> None:
    release(here, "release-1", at=100)
    workbook(without_households(here, "P1"), at=150)
    assert unlisted(here) == []
    release(here, "release-2", at=200)
    assert [one.prompt_id for one in unlisted(here)] == ["P1"]
