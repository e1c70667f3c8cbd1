"""Which warnings ask the duty officer to look at once: actual, orange or red, of this prefecture, just in."""

from __future__ import annotations

from datetime import datetime

import duckdb
import pytest

from warehouse.prompts import ARRIVED, _colour

SINCE, UNTIL = datetime(2021, 7, 1), datetime(2021, 7, 2)
CAP = ("341302000000", "暴雨", "红色", "Extreme", datetime(2021, 7, 1, 3), "cap", datetime(2021, 7, 1, 4))


def arrived(**cap: object) -> list[tuple[object, ...]]:
    """What the query finds of one CAP message with these values, and of nothing else."""
    with duckdb.connect() as con:
        con.execute("create schema landing")
        con.execute(
            "create table landing.warnings_cap (region_code varchar, event_text varchar, colour_text varchar, "
            "severity_code varchar, sent_at timestamp, load_id varchar, known_at timestamp, message_type_code varchar, "
            "headline_text varchar, status_code varchar, is_schema_valid boolean)"
        )
        con.execute(
            "create table landing.warnings_poll as select region_code, event_text, colour_text, sent_at as issued_at, "
            "load_id, known_at from landing.warnings_cap"
        )
        con.execute(
            "create table landing.duty_reports as select region_code, region_code as scope_region_code, "
            "event_text as hazard_text, sent_at as occurred_at, load_id, known_at from landing.warnings_cap"
        )
        names = ("region_code", "event_text", "colour_text", "severity_code", "sent_at", "load_id", "known_at")
        rest = {"message_type_code": "Alert", "headline_text": "发布", "status_code": "Actual", "is_schema_valid": True}
        row = dict(zip(names, CAP, strict=True)) | rest | cap
        con.execute(
            f"insert into landing.warnings_cap ({', '.join(row)}) values ({', '.join('?' * len(row))})", [*row.values()]
        )
        found = con.execute(ARRIVED, [SINCE, UNTIL, ["3413"]]).fetchall()
    return [row for row in found if _colour(str(row[2]).strip().lower())]


def test_an_actual_red_warning_prompts() -> None:
    assert [row[:3] for row in arrived()] == [("341302000000", "暴雨", "红色")]


@pytest.mark.parametrize(
    "cap",
    [
        {"colour_text": "黄色"},
        {"colour_text": None, "severity_code": "Moderate"},
        {"message_type_code": "Cancel"},
        {"headline_text": "解除暴雨红色预警"},
        {"status_code": "Test"},
        {"is_schema_valid": False},
        {"region_code": "341202000000"},
        {"known_at": SINCE},
        {"known_at": datetime(2021, 7, 2, 0, 0, 1)},
    ],
    ids=lambda cap: next(iter(cap)) + str(len(cap)),
)
def test_what_is_not_severe_not_actual_not_here_or_not_new_prompts_nobody(cap: dict[str, object]) -> None:
    assert arrived(**cap) == []


def test_a_message_without_a_colour_is_read_by_its_severity() -> None:
    assert [row[2] for row in arrived(colour_text="", severity_code="Severe")] == ["Severe"]
    assert _colour("severe") == "orange"
    assert _colour("extreme") == "red"


def test_a_message_without_a_headline_or_of_an_update_prompts() -> None:
    assert len(arrived(headline_text=None)) == 1
    assert len(arrived(message_type_code="Update")) == 1


def test_the_newest_moment_of_the_window_counts() -> None:
    assert len(arrived(known_at=UNTIL)) == 1
