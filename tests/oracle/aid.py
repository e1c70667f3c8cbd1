"""§3(3) and §4: what is done for those who are monitored, and when it may end, each rule from its clause."""

from __future__ import annotations

from datetime import date, timedelta

from tests.oracle import policy
from tests.oracle.deliveries import Row, day, last_day, month_of
from tests.oracle.households import HouseholdOnDay
from tests.oracle.three_valued import NOT_APPLICABLE, UNKNOWN, Truth, all_of, any_of, status

DONE = frozenset({"实施中", "已完成"})
# 通过产业就业创业开发式帮扶: a public-welfare job is employment.
DEVELOPMENT = frozenset({"产业帮扶", "就业帮扶", "创业帮扶", "公益岗位帮扶"})
SAFETY_NET = frozenset({"综合保障"})
RELIEF = frozenset({"低保", "特困供养", "临时救助"})


def _measures(household: HouseholdOnDay) -> list[Row] | None:
    """Measures that were begun and not broken off, by the newest list; None while there is no list."""
    lists = household.county.measures
    newest = lists.in_force(household.today)
    if newest is None:
        return None
    rows = household.county.by(lists, newest, "户编号").get(household.number, [])
    return [
        row for row in rows if row["实施状态"] in DONE and (day(row["开始实施日期"]) or date.max) <= household.today
    ]


def _is_due(household: HouseholdOnDay) -> bool:
    """Whether the newest list of measures is later than the time in which the first one has to come (A7)."""
    newest, since = household.county.measures.in_force(household.today), household.identified
    return newest is None or since is None or newest - since > policy.FIRST_MEASURE_MONTHS


def r47(household: HouseholdOnDay) -> str:
    """收入持续稳定、两不愁三保障…持续巩固、风险…稳定消除: all three, and people decide.

    The national list names its risks until the label of elimination, which this asks for: so what counts as a
    standing risk here is what the departments' lists show.
    """
    if not household.is_monitored:
        return UNKNOWN if household.is_monitored is None else NOT_APPLICABLE
    this_month = month_of(household.today)
    days = [last_day(this_month - back) for back in range(1, policy.ELIMINATION_INCOME_MONTHS)]
    at_line: list[Truth] = []
    for then in [household.today, *days]:
        earlier = household.on(then)
        below = None if earlier is None else earlier.is_below_line
        at_line.append(None if below is None else not below)
    risks = any_of(household.shown_shocks.values())
    return status(all_of([*at_line, *household.guarantees, None if risks is None else not risks]))


def r51(household: HouseholdOnDay) -> str:
    """对无劳动能力的…暂不标注风险消除: no household without any labour may bear the label."""
    if not household.monitored_rows:
        return UNKNOWN if household.monitored_rows is None else NOT_APPLICABLE
    if household.has_labour:
        return NOT_APPLICABLE
    return status(all_of([None if household.has_labour is None else True, household.is_eliminated]))


def r57(household: HouseholdOnDay) -> str:
    """因人因户精准施策: each risk that stands is answered by a measure of a class that can answer it."""
    if not household.is_monitored:
        return UNKNOWN if household.is_monitored is None else NOT_APPLICABLE
    if not household.open_risks or not _is_due(household):
        return NOT_APPLICABLE
    measures = _measures(household)
    if measures is None:
        return UNKNOWN
    classes = {row["措施类别"] for row in measures}
    return status(not all(classes & policy.ANSWERS.get(risk, classes) for risk in household.open_risks))


def _needs_safety_net(household: HouseholdOnDay) -> Truth:
    """无劳动能力或部分丧失劳动能力且无法通过产业就业获得稳定收入: the other households are helped to develop."""
    earns = any_of([household.has_full_labour, all_of([household.has_labour, household.earns_steadily])])
    return None if earns is None else not earns


def r60(household: HouseholdOnDay) -> str:
    """对有劳动能力的,通过产业就业创业开发式帮扶: one such measure at least."""
    if not household.is_monitored:
        return UNKNOWN if household.is_monitored is None else NOT_APPLICABLE
    needs = _needs_safety_net(household)
    if needs or not _is_due(household):
        return NOT_APPLICABLE
    measures = _measures(household)
    developed = None if measures is None else any(row["措施类别"] in DEVELOPMENT for row in measures)
    return status(all_of([None if needs is None else True, None if developed is None else not developed]))


def r61(household: HouseholdOnDay) -> str:
    """…做好兜底保障: for those who cannot work, or only partly and without steady earnings, one such help at least."""
    if not household.is_monitored:
        return UNKNOWN if household.is_monitored is None else NOT_APPLICABLE
    needs = _needs_safety_net(household)
    if needs is False or not _is_due(household):
        return NOT_APPLICABLE
    caught = any_of([_has_safety_net_measure(household), _has_relief(household)])
    return status(all_of([needs, None if caught is None else not caught]))


def _has_safety_net_measure(household: HouseholdOnDay) -> Truth:
    measures = _measures(household)
    return None if measures is None else any(row["措施类别"] in SAFETY_NET for row in measures)


def _has_relief(household: HouseholdOnDay) -> Truth:
    lists = household.county.relief
    newest = lists.in_force(household.today)
    if newest is None:
        return None
    rows = household.county.by(lists, newest, "户编号").get(household.number, [])
    return any(row["救助类别"] in RELIEF and row["状态"] != "停发" for row in rows)


def r66(household: HouseholdOnDay) -> str:
    """1-2名帮扶联系人,其中至少1名由县级统筹安排: on every day, by who arranged it, not who employs.

    A list tells of the days until its month's end; those that the list of the month before had told were judged then.
    """
    if not household.is_monitored:
        return UNKNOWN if household.is_monitored is None else NOT_APPLICABLE
    lists, since = household.county.helpers, household.labelled
    newest, before = lists.in_force(household.today), lists.before(household.today)
    if newest is None or since is None:
        return UNKNOWN
    told_until = before if before is not None and before < newest else newest - 1
    first = max(since, last_day(told_until)) + timedelta(days=1)  # the day of the label does not count (A2)
    days = [first + timedelta(days=n) for n in range((last_day(newest) - first).days + 1)]
    rows = household.county.by(lists, newest, "户编号").get(household.number, [])
    contacts = [row for row in rows if row["类别"] == "帮扶联系人"]
    return status(not all(_is_served(contacts, today) for today in days)) if days else UNKNOWN


def _is_served(contacts: list[Row], today: date) -> bool:
    active = [
        row for row in contacts if (day(row["开始日期"]) or date.max) <= today <= (day(row["结束日期"]) or date.max)
    ]
    by_county = sum(row["安排层级"] == "县级" for row in active)
    return len(active) in policy.CONTACTS and by_county >= policy.CONTACTS_BY_COUNTY
