"""§2(1) and §2(2): who is to be monitored, each rule from its clause."""

from __future__ import annotations

from tests.oracle.households import NO_LONGER_THERE, HouseholdOnDay
from tests.oracle.policy import MONITORED_TYPES
from tests.oracle.three_valued import NOT_APPLICABLE, UNKNOWN, all_of, any_of, status


def r01(household: HouseholdOnDay) -> str:
    """以家庭为单位: one head in the household, and nobody who is counted to another as well."""
    persons, edition = household.county.persons, household.county.persons.in_force(household.today)
    present = household.present
    if edition is None or not household.members:
        return UNKNOWN
    heads = sum(row["与户主关系"] == "户主" for row in present)
    listed = household.county.by(persons, edition, "证件号码")
    homes = {
        row["户编号"]
        for member in present
        for row in listed[member["证件号码"]]
        if row["人员状态"] not in NO_LONGER_THERE
    }
    return status(heads != 1 or len(homes) > 1)


def r02(household: HouseholdOnDay) -> str:
    """Three types and no other: a monitored household is of one of them."""
    if not household.is_followed:
        return UNKNOWN if household.is_followed is None else NOT_APPLICABLE
    types = {row["监测对象类别"] for row in household.monitored_rows or []}
    return status(len(types) > 1 or not types <= MONITORED_TYPES)


def _below_the_line_at_risk(household: HouseholdOnDay) -> str:
    """Without a line nothing can be said (ADR 0001); a risk that is known not to be there is enough to be clear."""
    if household.line is None:
        return UNKNOWN
    return status(all_of([household.is_below_line, household.has_open_risk]))


def r03(household: HouseholdOnDay) -> str:
    """脱贫不稳定户: lifted out, below the line, and at risk."""
    return _below_the_line_at_risk(household) if household.is_lifted_out else NOT_APPLICABLE


def r04(household: HouseholdOnDay) -> str:
    """边缘易致贫户: an ordinary household below the line and at risk."""
    return NOT_APPLICABLE if household.is_lifted_out else _below_the_line_at_risk(household)


def r05(household: HouseholdOnDay) -> str:
    """突发严重困难户: struck, and its rigid expense is large or its income has collapsed; whatever the line."""
    hard = any_of([household.self_pay_is_large, household.self_pay_eats_income, household.income_fell])
    return status(all_of([household.was_struck, hard]))


def r07(household: HouseholdOnDay) -> str:
    """两不愁三保障及饮水安全: one that is not met speaks at once, whatever the income."""
    return status(household.lacks_a_guarantee)


def r09(household: HouseholdOnDay) -> str:
    """以…6000(元)为监测范围: net income per head below the line."""
    return status(household.is_below_line)
