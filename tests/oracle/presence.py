"""§3(1): risks are looked for by three channels; people know of it, are visited, checked and consulted on."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from functools import cache

from tests.oracle import policy
from tests.oracle.county import County
from tests.oracle.deliveries import day, last_day, month_of
from tests.oracle.duty import (
    NOT_TOLD,
    Duties,
    Held,
    duties,
    files,
    households,
    is_reported,
    newest_period,
    told,
    villages,
)
from tests.oracle.households import HouseholdOnDay
from tests.oracle.key_groups import is_in_key_group
from tests.oracle.three_valued import Truth

INPUTS = ("农户自主申报", "基层干部摸排", "部门筛查预警", "信访渠道掌握", "媒体信息发布")


def r28(county: County, today: date) -> Held:
    """农户自主申报、基层干部排查、部门筛查预警互为补充: each channel brings at least one sign in the quarter."""
    channels = ("self_reports", "cadre_visits", "screening_runs")
    begins, ends = newest_period(today, 3, max(policy.REPORTED_AFTER[feed] for feed in channels))
    quarter = f"{ends // 12}年第{ends % 12 // 3 + 1}季度"

    def is_within(text: str) -> bool:
        moment = day(text)
        return moment is not None and begins <= month_of(moment) <= ends

    def known(feed: str) -> list[dict[str, str]]:
        return [row for since, row in told(county, feed, "运行" if feed == "screening_runs" else "") if since <= today]

    signs = (
        any(is_within(row["申请日期"]) for row in known("self_reports")),
        any(is_within(row["走访日期"]) and row["是否发现风险"] == "是" for row in known("cadre_visits")),
        any(
            row["筛查季度"] == quarter and row["县区代码"][:6] == county.region and int(row["预警条数"]) > 0
            for row in known("screening_runs")
        ),
    )
    reported = (any(is_reported(county, today, feed, n) for n in range(begins, ends + 1)) for feed in channels)
    kept = [sign or (False if there else None) for sign, there in zip(signs, reported, strict=True)]
    return {(county.region.ljust(12, "0"), ""): duties(kept)}


def r30(county: County, today: date) -> Held:
    """提高农户政策知晓率: of those whom the village's newest survey asked, how many knew."""
    newest: dict[str, tuple[date, Duties]] = {}
    for since, row in told(county, "awareness_surveys"):
        asked_on = day(row["调查日期"])
        if asked_on is None or max(since, asked_on) > today:
            continue
        if month_of(today) - month_of(asked_on) <= policy.SURVEY_MAX_AGE:
            found = asked_on, Duties(int(row["调查户数"]), int(row["知晓户数"]), 0)
            newest[row["村编码"]] = max(newest.get(row["村编码"], found), found, key=lambda entry: entry[0])
    return {(v, ""): newest[v][1] if v in newest else NOT_TOLD for v in villages(county, today)}


@cache
def visits(county: County) -> dict[str, list[tuple[date, date, bool]]]:
    """Each household's visits: the day, the day on which it was told, and whether its water was asked about."""
    found = defaultdict(list)
    for since, row in told(county, "cadre_visits"):
        on = day(row["走访日期"])
        if on is not None:
            found[row["户编号"]].append((on, max(since, on), bool(row["饮水是否安全"])))
    return found


def within(age: int | None, limits: list[int], has_been_told_for: int) -> Truth:
    """Whether something is as young as a household's class asks, of which more than one may be possible.

    What never happened, as far as is told, is older than the time for which it has been told.
    """
    if age is not None and age <= min(limits):
        return True
    return False if (has_been_told_for if age is None else age) > max(limits) else None


def class_of(household: HouseholdOnDay) -> str:
    """监测对象、重点关注…群体、其他: by which a household's duties are judged, or of which no list tells."""
    if household.is_monitored is None:
        return "unlisted"
    if household.is_monitored:
        return "monitored"
    is_of_group = is_in_key_group(household)
    return "unclassed" if is_of_group is None else "key_group" if is_of_group else "other"


def limits_of(household: HouseholdOnDay, days: dict[str, int]) -> list[int]:
    """The days that hold for its class, or that may hold."""
    told = class_of(household)
    return [days[one] for one in policy.MAY_BE.get(told, (told,))]


def r31(county: County, today: date) -> Held:
    """定期入户走访: each household within the interval of its class, at the day up to which visits were due."""
    up_to = today - timedelta(days=policy.REPORTED_AFTER["cadre_visits"])
    known = {home: [on for on, since, _ in told_of if since <= today] for home, told_of in visits(county).items()}
    told_days = [on for days in known.values() for on in days]
    told_for = (up_to - min(told_days, default=up_to)).days
    kept: dict[tuple[str, str], list[Truth]] = {(v, c): [] for v in villages(county, today) for c in policy.CLASSES}
    for household in households(county, today):
        days = known.get(household.number)
        answer = within((up_to - max(days)).days if days else None, limits_of(household, policy.VISIT_DAYS), told_for)
        # Nobody can say that a visit was not made while visits are not told up to the day.
        is_open = answer is False and max(told_days, default=date.min) < up_to
        kept[household.row["村编码"], class_of(household)].append(None if is_open else answer)
    return {place: duties(answers) for place, answers in kept.items()}


def r32(county: County, today: date) -> Held:
    """每年至少开展一次集中排查: the running year from October on, before that the year before."""
    is_running = today.month >= policy.CHECKS_OF_THE_YEAR_FROM
    year = today.year if is_running else today.year - 1
    is_over = last_day(year * 12 + 11) + timedelta(days=policy.REPORTED_AFTER["concentrated_checks"]) <= today
    newest: dict[str, tuple[date, Truth]] = {}
    for since, row in told(county, "concentrated_checks", "集中排查"):
        if int(row["排查年度"]) == year and since <= today:
            enough = int(row["已排查户数"]) >= policy.CHECKED * int(row["应排查户数"])
            stated = day(row["上报日期"]) or since
            if row["村编码"] not in newest or stated >= newest[row["村编码"]][0]:
                newest[row["村编码"]] = stated, (day(row["结束日期"]) or date.max) <= today and enough
    is_there = any(
        f.period[:4] == str(year) and f.received <= today for f in files(county, "concentrated_checks", "集中")
    )
    missing: Truth = False if is_over and is_there else None
    return {
        (village, ""): duties([True if newest.get(village, (today, False))[1] else missing])
        for village in villages(county, today)
    }


def r35(county: County, today: date) -> Held:
    """镇村两级每月开展一次集中会商: every town and every village, the month's meetings together on all five inputs."""
    number, _ = newest_period(today, 1, policy.REPORTED_AFTER["consultations"])
    taken: dict[tuple[str, str], set[str]] = defaultdict(set)
    for since, row in told(county, "consultations"):
        held = day(row["会商日期"])
        if held is not None and month_of(held) == number and since <= today:
            taken[row["会商层级"], row["地区代码"]] |= {name for name in INPUTS if row[name] == "是"}
    is_there = is_reported(county, today, "consultations", number)
    held_places = {("村级", village) for village in villages(county, today)}
    held_places |= {("乡级", village[:9] + "000") for _, village in held_places}
    return {
        (place, ""): duties([True if taken[level, place] == set(INPUTS) else False if is_there else None])
        for level, place in held_places
    }
