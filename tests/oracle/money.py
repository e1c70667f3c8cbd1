"""§4(1) 所有监测对象可以使用各级财政衔接推进乡村振兴补助资金 (R56)."""

from __future__ import annotations

from datetime import date

from tests.oracle import policy
from tests.oracle.aid import measures
from tests.oracle.county import County
from tests.oracle.deliveries import day, month, month_of
from tests.oracle.households import households_on
from tests.oracle.three_valued import NOT_APPLICABLE, UNKNOWN, any_of, status

FUND = "衔接资金"


def r56(county: County, today: date) -> list[str]:
    """No type of which there are enough is shut out: none of its households was reached in so many months."""
    if county.monitored.in_force(today) is None:
        return [UNKNOWN]
    paid = _paid(county, today)
    by_type: dict[str, list[bool]] = {}
    for household in households_on(county, today):
        if household.is_monitored:
            uses = household.number in paid or any(row["资金来源"] == FUND for row in measures(household) or [])
            for kind in {row["监测对象类别"] for row in household.monitored_rows or []}:
                by_type.setdefault(kind, []).append(uses)
    told = [f for f in county.payments if f.received <= today]
    is_whole = bool(told) and min(month(f.period) for f in told) <= month_of(today) - policy.FUND_MONTHS + 1
    enough = [uses for uses in by_type.values() if len(uses) >= policy.FUND_HOUSEHOLDS]
    if not enough:
        return [NOT_APPLICABLE]
    return [status(any_of(False if any(uses) else True if is_whole else None for uses in enough))]


def _paid(county: County, today: date) -> set[str]:
    """The households that the fund paid in the months that count, this month the last of them."""
    first = month_of(today) - policy.FUND_MONTHS + 1
    return {
        row["户编号"]
        for file in county.payments
        if file.received <= today
        for row in file.rows
        if row["资金类别"] == FUND and (paid := day(row["支付日期"])) is not None and first <= month_of(paid)
    }
