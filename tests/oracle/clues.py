"""§3(1), R28 and R29: what reached the county of a household other than by a department's list.

Media, duty reports and the sums of the yearly check name a place: no lead on a household comes of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tests.oracle import policy
from tests.oracle.county import County
from tests.oracle.deliveries import Row
from tests.oracle.screening import HOUSE, Signal, told_once


def clues(county: County) -> Iterator[Signal]:
    """Every clue that names a household."""
    yield from _applications(county)
    yield from _petitions(county)
    yield from _visits(county)
    for since, row in told_once(county, "concentrated_checks", "复核日期", "复核"):
        if row["是否存在风险"] == "是":
            yield Signal(row[HOUSE], _cause(row["风险类型"], "复核"), since, is_pushed=True)


def _cause(text: str, kind: str) -> str:
    """The risk that is named; two sources that name none need not mean the same, so that each is a cause of its own."""
    return policy.CALLED.get(text, kind)


def _applications(county: County) -> Iterator[Signal]:
    """农户自主申报: told anew with every step, it is one clue, from the first telling on.

    An application reaches the township itself, but for those by the platform, which it has to be told of.
    """
    first: dict[str, tuple[date, Row]] = {}
    for since, row in told_once(county, "self_reports", "申请日期"):
        before = first.get(row["申请编号"])
        if before is None or (since, row["更新日期"]) < (before[0], before[1]["更新日期"]):
            first[row["申请编号"]] = since, row
    for since, row in first.values():
        form = "平台" if row["申请方式"] == "咨询服务平台" else "申报"
        yield Signal(row[HOUSE], form, since, is_pushed=form == "平台")


def _petitions(county: County) -> Iterator[Signal]:
    """信访: any that is open, as often as it is told."""
    for since, row in told_once(county, "petitions_hotline", "收到日期"):
        if row["办理状态"] in policy.OPEN_PETITIONS:
            yield Signal(row.get(HOUSE, ""), _cause(row["反映事项类别"], "信访"), since, is_pushed=True)


def _visits(county: County) -> Iterator[Signal]:
    """基层干部排查: a visit may find several things, and the township knows of them."""
    for since, row in told_once(county, "cadre_visits", "走访日期"):
        found = {
            _cause(row["发现风险类型"], "走访"): row["是否发现风险"] == "是",
            "住房安全": row["住房是否安全"] == "否",
            "饮水安全": row["饮水是否安全"] == "否",
        }
        for cause, is_found in found.items():
            if is_found:
                yield Signal(row[HOUSE], cause, since, is_pushed=False)
