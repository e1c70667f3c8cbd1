"""§2(1) 重点监测收入支出状况: the parts of an income add up to what is told as their whole (R06)."""

from __future__ import annotations

from decimal import Decimal

from tests.oracle import policy
from tests.oracle.deliveries import money
from tests.oracle.households import HouseholdOnDay
from tests.oracle.three_valued import NOT_APPLICABLE, UNKNOWN, status

PARTS = {
    "工资性收入": ("县内务工收入", "省内县外务工收入", "省外务工收入", "公益岗位收入"),
    "其他经营收入": ("蔬菜收入", "牛羊禽养殖收入", "工商服务业收入"),
    "财产性收入": ("产业项目分红", "土地流转收入"),
    "转移性收入": ("低保金", "特困供养金", "养老金", "生态补偿金", "地力补贴", "残疾补贴", "防贫保险赔付"),
}


def r06(household: HouseholdOnDay) -> str:
    """What is told twice is told alike; a statement that tells every figure once has nothing to add up."""
    told = [_total_is_off(household)] if household.monitored_rows else []
    told += [exceeds for whole in PARTS if (exceeds := _parts_exceed(household, whole)) is not None]
    if told:
        return status(any(told))
    return UNKNOWN if household.statement is None else NOT_APPLICABLE


def _total_is_off(household: HouseholdOnDay) -> bool:
    """The national list's total per head, times its persons, against its parts; its blanks are zeros."""
    rows = household.monitored_rows or []
    wage, gross, cost, rent, given, per_head = (
        money(rows[0][head]) or Decimal(0)
        for head in ("工资性收入", "生产经营性收入", "生产经营性支出", "财产性收入", "转移性收入", "人均纯收入（元）")
    )
    apart = per_head * len(rows) - (wage + gross - cost + rent + given)
    return abs(apart) > policy.INCOME_TOLERANCE * len(rows)


def _parts_exceed(household: HouseholdOnDay, whole: str) -> bool | None:
    """What is told of a component's parts cannot be more than the whole; None where they are not both told."""
    row = household.statement.row if household.statement else {}
    parts = [money(row.get(f"其中：{part}", "")) for part in PARTS[whole]]
    known, total = [part for part in parts if part is not None], money(row.get(whole, ""))
    return None if total is None or not known else sum(known, Decimal(0)) - total > policy.INCOME_TOLERANCE
