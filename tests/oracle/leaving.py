"""§3(3): when monitoring may end, when it may not, and what follows, each rule from its clause."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from tests.oracle import policy
from tests.oracle.aid import not_asked
from tests.oracle.county import County
from tests.oracle.deliveries import day, last_day, month, month_of
from tests.oracle.households import HouseholdOnDay
from tests.oracle.three_valued import CLEAR, NOT_APPLICABLE, UNKNOWN, Truth, all_of, any_of, status

MARKS = frozenset({"风险消除标注", "系统标注"})


def r47(household: HouseholdOnDay) -> str:
    """收入持续稳定、两不愁三保障…持续巩固、风险…稳定消除: all three, and people decide.

    The national list names its risks until the label of elimination, which this asks for: so what counts as a
    standing risk here is what the departments' lists show.
    """
    if not_asked(household):
        return not_asked(household)
    this_month = month_of(household.today)
    days = [last_day(this_month - back) for back in range(1, policy.ELIMINATION_INCOME_MONTHS)]
    at_line: list[Truth] = []
    for then in [household.today, *days]:
        earlier = household.on(then)
        below = None if earlier is None else earlier.is_below_line
        at_line.append(None if below is None else not below)
    risks = any_of(household.shown_shocks.values())
    return status(all_of([*at_line, *household.guarantees, None if risks is None else not risks]))


def r50(household: HouseholdOnDay) -> str:
    """稳定性较弱,特别是收入不稳定、刚性支出不可控的: income fell, or self-pay is high and rises."""
    if not_asked(household):
        return not_asked(household)
    return status(any_of([household.income_fell, _self_pay_rises(household)]))


def _self_pay_rises(household: HouseholdOnDay) -> Truth:
    """Twelve months' self-pay is a burden, and clearly more than the same sum half a year ago was."""
    before = household.on(last_day(month_of(household.today) - policy.STABILITY_MONTHS))
    now, then = household.self_paid, before.self_paid if before else None
    if now is None:
        return None
    if now[1] and now[0] < policy.STABILITY_SELF_PAY:
        return False
    if not now[1] or then is None or not then[1]:
        return None
    return now[0] > policy.STABILITY_RISE * then[0]


def r51(household: HouseholdOnDay) -> str:
    """对无劳动能力的…暂不标注风险消除: no such household bears the label, unless the register closed it."""
    if not household.monitored_rows:
        return UNKNOWN if household.monitored_rows is None else NOT_APPLICABLE
    if household.is_followed:
        return CLEAR
    if household.is_deregistered:
        return NOT_APPLICABLE
    return status(None if household.has_labour is None else not household.has_labour)


def r49(county: County, today: date | None = None) -> Iterator[tuple[str, str]]:
    """对标注风险消除的,不再按监测对象进行监测帮扶: no list of a later month carries whoever bears the mark.

    Identified anew since, it is another case. Marks of which the township's record tells and those that only the
    national list shows are cases alike.
    """
    lists = county.monitored.months(today or county.known_on)
    for household, marked in _marks(county, lists):
        carried = any(
            row["监测对象类别"] and row["风险是否已消除"] != "是" and month(row["识别监测时间"]) <= marked
            for m in lists
            for row in county.by(county.monitored, m, "户编号").get(household, [])
            if m > marked
        )
        yield household, status(True if carried else None if not lists or lists[-1] <= marked else False)


def _marks(county: County, lists: list[int]) -> Iterator[tuple[str, int]]:
    """Every household with the month of a mark."""
    on_record = _cases_on_record(county)
    yield from ((household, until) for household, cases in on_record.items() for _, until in cases if until is not None)
    if not county.steps:
        return
    begins = min(month_of(file.received) for file in county.steps)
    shown = {
        (row["户编号"], month(row["消除监测时间"]))
        for m in lists
        for row in county.monitored.rows(m)
        if row["风险是否已消除"] == "是" and row["消除监测时间"]
    }
    for household, marked in sorted(shown):
        around = [(since, until) for since, until in on_record.get(household, []) if since <= marked]
        # What was marked before the record begins was never delivered; a mark within a case is that case's.
        if marked > begins and not any(until is not None and until >= marked for _, until in around):
            yield household, marked


def _cases_on_record(county: County) -> dict[str, list[tuple[int, int | None]]]:
    """Each household's ways to the mark: the months of the first step and of the mark, if it was set."""
    steps: dict[tuple[str, str], dict[str, date]] = defaultdict(dict)
    for file in county.steps:
        for row in file.rows:
            if row["程序类别"] == "风险消除" and (told := day(row["办理日期"])) is not None:
                steps[row["户编号"], row["案件编号"]][row["程序步骤"]] = told
    found = defaultdict(list)
    for (household, _), days in steps.items():
        marks = [told for name, told in days.items() if name in MARKS]
        found[household].append((month_of(min(days.values())), month_of(max(marks)) if marks else None))
    return found
