"""§1, §3(4), §5: what is on record is complete, fresh, alike in both systems, entered in time and put to use."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache

from tests.oracle import policy
from tests.oracle.county import County
from tests.oracle.deliveries import Row, day, last_day, month_of
from tests.oracle.duty import (
    NOT_TOLD,
    Held,
    duties,
    files,
    households,
    newest_period,
    told,
    villages,
)
from tests.oracle.key_groups import lists
from tests.oracle.presence import class_of, limits_of, visits, within
from tests.oracle.three_valued import Truth

GONE = frozenset({"销户", "并户"})
PUT_RIGHT = frozenset({"已整改", "已销号"})


def _by_village(county: County, today: date, found: Iterable[tuple[str, Truth]]) -> dict[str, list[Truth]]:
    """The answers of each village, of the county's villages that are held."""
    answers: dict[str, list[Truth]] = {village: [] for village in villages(county, today)}
    for village, kept in found:
        if village in answers:
            answers[village].append(kept)
    return answers


def r52(county: County, today: date) -> Held:
    """网格化管理: every household lies in a listed grid that has a keeper on the day."""
    grids, keepers = lists(county, "grids"), lists(county, "grid_keepers")
    newest, newest_of_keepers = grids.in_force(today), keepers.in_force(today)
    old = month_of(today) - policy.GRIDS_MAX_AGE
    if newest is None or newest_of_keepers is None or min(newest, newest_of_keepers) < old:
        kept: Iterable[Truth] = [None] * len(households(county, today))
    else:
        listed = {row["网格编码"] for row in grids.rows(newest)}
        kept_grids = {
            row["网格编码"]
            for row in keepers.rows(newest_of_keepers)
            if (day(row["任职日期"]) or date.max) <= today <= (day(row["离任日期"]) or date.max)
        }
        kept = [household.row["网格编码"] in listed & kept_grids for household in households(county, today)]
    found = zip((household.row["村编码"] for household in households(county, today)), kept, strict=True)
    return {(v, ""): duties(answers) for v, answers in _by_village(county, today, found).items()}


def r54(county: County, today: date) -> Held:
    """定期采集…特别是两不愁三保障、安全饮水及收入: three groups of each household, each as young as its class asks."""
    found: dict[tuple[str, str], list[Truth]] = {(v, c): [] for v in villages(county, today) for c in policy.CLASSES}
    for household in households(county, today):
        limits = limits_of(household, policy.FRESH_DAYS)
        edition = last_day(household.edition)
        water = [on for on, since, asked in visits(county).get(household.number, []) if asked and since <= today]
        statement = household.newest_statement
        income = None if statement is None else last_day(statement.to_month)
        for told_on in (edition, max([edition, *water]), income):
            age = None if told_on is None else (today - told_on).days
            # What was never told of is not fresh for any class.
            answer = within(age, limits, max(limits) + 1)
            found[household.row["村编码"], class_of(household)].append(answer)
    return {place: duties(answers) for place, answers in found.items()}


def _states(rows: Iterable[Row]) -> dict[str, set[tuple[str, bool]]]:
    """By household: of which type it is, and whether its risk is called eliminated."""
    found = defaultdict(set)
    for row in rows:
        found[row["户编号"]].add((row["监测对象类别"], row["风险是否已消除"] == "是"))
    return found


def r55(county: County, today: date) -> Held:
    """全国防返贫监测信息系统、防止返贫监测大数据管理平台: both name the same households, and say the same of them."""
    number, _ = newest_period(today, 1, policy.REPORTED_AFTER["provincial_platform_export"])
    province, nation = lists(county, "provincial_platform_export"), county.monitored
    place = county.region.ljust(12, "0"), ""
    if not all(number in one.usable and one.usable[number] <= today for one in (province, nation)):
        return {place: NOT_TOLD}
    here, there = _states(nation.rows(number)), _states(province.rows(number))
    return {place: duties([here.get(name) == there.get(name) for name in here.keys() | there.keys()])}


def r74(county: County, today: date) -> Held:
    """弄虚作假、失职失责: entries long after their day, and what evaluations found and nobody put right in time."""
    return _entries(county, today) | _rectifications(county, today)


def _entries(county: County, today: date) -> Held:
    """The entries of the newest month whose files were due; what a file that did not come would tell is not known."""
    feeds = {"cadre_visits": "走访日期", "procedure_events": "办理日期"}
    number, _ = newest_period(today, 1, max(policy.REPORTED_AFTER[feed] for feed in feeds))
    entries: list[tuple[str, Truth]] = []
    for feed, on in feeds.items():
        is_there = False
        for since, row in told(county, feed):
            happened, entered = day(row[on]), day(row["录入日期"])
            if since > today or happened is None:
                continue
            is_there |= month_of(happened) == number
            if month_of(entered or since) == number:
                kept = None if entered is None else (entered - happened).days <= policy.BACKDATED_AFTER
                entries.append((row["村编码"], kept))
        entries += [(village, None) for village in villages(county, today) if not is_there]
    return {(v, ""): duties(answers) for v, answers in _by_village(county, today, entries).items()}


def _rectifications(county: County, today: date) -> Held:
    """What evaluations found and is not put right when its time is over, township by township."""
    newest: dict[str, Row] = {}
    for since, row in told(county, "evaluations"):
        if since <= today:
            before = newest.get(row["问题编号"])
            newest[row["问题编号"]] = row if before is None or row["状态日期"] >= before["状态日期"] else before
    begins, _ = newest_period(today, 12, policy.REPORTED_AFTER["evaluations"])
    is_there = any(int(f.period[:4]) * 12 >= begins and f.received <= today for f in files(county, "evaluations"))
    towns = {village[:9] + "000" for village in villages(county, today)}
    findings: dict[str, list[Truth]] = {town: [] if is_there else [None] for town in towns}
    for row in newest.values():
        limit, done = day(row["整改时限"]), day(row["整改完成日期"])
        if (limit is None or limit < today) and row["乡镇代码"] in findings:
            is_done = done is not None and done <= today
            is_open = limit is None or (done is None and row["整改状态"] in PUT_RIGHT)
            findings[row["乡镇代码"]].append(is_done or (None if is_open else False))
    return {(town, ""): duties(answers) for town, answers in findings.items()}


def r76(county: County, today: date) -> Held:
    """运用好国家脱贫攻坚普查和省抽查调查结果: the register keeps to the census, the year's spot checks were passed."""
    registered = {household.number: household for household in households(county, today)}
    closed = {row["原户编号"] for since, row in told(county, "household_register", "户籍变动")
              if since <= today and row["变动类型"] in GONE}  # fmt: skip
    usable = [
        file
        for file in files(county, "census_reference")
        if max(file.received, last_day(int(file.period[:4]) * 12 + 11)) <= today
    ]
    found: list[tuple[str, Truth]] = []
    for row in usable[-1].rows if usable else []:
        home = registered.get(row["户编号"])
        is_as_found = home.is_lifted_out == (row["是否脱贫户"] == "是") if home else row["户编号"] in closed
        found.append((row["村编码"], is_as_found))
    year_ago = min(last_day(month_of(today) - 12), date(today.year - 1, today.month, 1) + timedelta(today.day - 1))
    for since, row in told(county, "spot_checks"):
        checked = day(row["核查日期"])
        if checked is not None and year_ago < checked and max(since, checked) <= today:
            found.append((row["村编码"], row["是否通过"] == "是"))
    answers = _by_village(county, today, found)
    return {(v, ""): duties(told_of) if told_of else NOT_TOLD for v, told_of in answers.items()}


def _a_month_later(start: date) -> date:
    number = month_of(start) + 1
    return min(last_day(number), date(number // 12, number % 12 + 1, 1) + timedelta(days=start.day - 1))


def _first_sign(county: County, number: str, label: date, today: date) -> date:
    """The first application or visit that found a risk in the year before the label; else the label."""
    signs = [
        day(row["申请日期"])
        for since, row in told(county, "self_reports")
        if row["户编号"] == number and since <= today
    ]
    signs += [
        day(row["走访日期"])
        for since, row in told(county, "cadre_visits")
        if row["户编号"] == number and row["是否发现风险"] == "是" and since <= today
    ]
    near = [on for on in signs if on is not None and label - timedelta(days=policy.SIGN_DAYS) <= on <= label]
    return min(near, default=label)


@cache
def _begun(county: County, household: str) -> list[tuple[date, date]]:
    """Measures of a household: the day on which each began, and the day from which that could be known."""
    found = []
    for number, since in county.measures.usable.items():
        for row in county.by(county.measures, number, "户编号").get(household, []):
            begun = day(row["开始实施日期"])
            if begun is not None:
                found.append((begun, max(since, begun)))
    return found


def r77(county: County, today: date) -> Held:
    """早发现、早干预、早帮扶: the first measure begins within a month of the label; help before it is help in time."""
    listed, _ = newest_period(today, 1, policy.REPORTED_AFTER["measures"])
    is_there = county.measures.usable.get(listed, date.max) <= today
    found: list[tuple[str, Truth]] = []
    for since, row in told(county, "procedure_events"):
        label = day(row["办理日期"])
        is_label = (row["程序类别"], row["程序步骤"]) == ("纳入", "系统标注")
        if not is_label or label is None or month_of(label) != listed - 1 or max(since, label) > today:
            continue
        sign = _first_sign(county, row["户编号"], label, today)
        helped = any(
            sign <= begun <= _a_month_later(label) and known <= today for begun, known in _begun(county, row["户编号"])
        )
        found.append((row["村编码"], helped or (False if is_there else None)))
    return {(v, ""): duties(answers) for v, answers in _by_village(county, today, found).items()}
