"""§2(1) 重点关注: the eight key groups, four of persons and four of households, by the lists in force on the day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cache

from tests.oracle import policy
from tests.oracle.county import County, Lists
from tests.oracle.deliveries import Row, day, month_of
from tests.oracle.duty import files, told
from tests.oracle.households import HouseholdOnDay
from tests.oracle.three_valued import Truth, all_of, any_of
from tests.oracle.who import NO_LONGER_THERE

DISASTERS = frozenset({"地震", "洪涝", "风雹", "火灾", "采煤塌陷"})
BADLY_DAMAGED = frozenset({"严重损坏", "倒塌"})
BEING_REBUILT, REBUILT = frozenset({"已列入", "施工中"}), frozenset({"已竣工", "已入住"})
OPERATOR_BROKE_IT = frozenset({"主体注销", "主体违约", "项目停产"})


@cache
def _list(county: County, feed: str, today: date, heading: str) -> dict[str, list[Row]] | None:
    """The rows of the newest list by a heading, if it is not too old to speak; else None."""
    found = lists(county, feed)
    newest = found.in_force(today)
    if newest is None or month_of(today) - newest > policy.KEY_GROUP_LIST_MAX_AGE:
        return None
    # A certificate's number begins with the person's.
    return _by(found.rows(newest), heading, 18 if heading.startswith("证件号码") else 20)


def _by(rows: list[Row], heading: str, digits: int) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in rows:
        found[row[heading][:digits]].append(row)
    return found


@cache
def lists(county: County, feed: str) -> Lists:
    """The lists of a feed, each of a month and usable from its end or its coming."""
    return Lists(files(county, feed))


def _of_members(household: HouseholdOnDay, feed: str, heading: str = "证件号码") -> list[tuple[str, list[Row]]] | None:
    """A list's rows of each present member; None if no list speaks."""
    found = _list(household.county, feed, household.today, heading)
    if found is None:
        return None
    present = [m["证件号码"] for m in household.members if m["人员状态"] not in NO_LONGER_THERE]
    return [(person, found.get(person, [])) for person in present]


def _seriously_ill(household: HouseholdOnDay) -> Truth:
    """大病重病患者."""
    listed = _of_members(household, "health")
    return None if listed is None else any(row["是否大病重病"] == "是" for _, rows in listed for row in rows)


def _chronic_burden(household: HouseholdOnDay) -> Truth:
    """负担较重的慢性病患者: someone is, and a large share of the income is paid out of pocket."""
    listed = _of_members(household, "health")
    chronic = None if listed is None else any(row["病种类别"] == "慢性病" for _, rows in listed for row in rows)
    return all_of([chronic, household.pays_share_of_income(policy.CHRONIC_BURDEN_SHARE)])


def _severe(rows: list[Row]) -> bool:
    return any(row["证件状态"] == "有效" and int(row["残疾等级"]) <= policy.SEVERE_LEVEL for row in rows)


def _severely_disabled(household: HouseholdOnDay) -> Truth:
    """重度残疾人."""
    listed = _of_members(household, "disabled", "证件号码（残疾人证）")
    return None if listed is None else any(_severe(rows) for _, rows in listed)


def _disabled_destitute_elder(household: HouseholdOnDay) -> Truth:
    """失能特困老人: one person who is in destitute care, old, and unable by certificate or without any labour left."""
    listed, certified = (
        _of_members(household, "civil_affairs"),
        _of_members(household, "disabled", "证件号码（残疾人证）"),
    )
    if listed is None:
        return None
    lost = {m["证件号码"] for m in household.members if m["劳动技能"] == "丧失劳动力"}
    severe = None if certified is None else {person for person, rows in certified if _severe(rows)}
    return any_of(
        all_of(
            [
                any(row["救助类别"] == "特困供养" and row["状态"] != "停发" for row in rows),
                _age_in_months(person, household.today) >= policy.ELDER_AGE * 12,
                any_of([person in lost, None if severe is None else person in severe]),
            ]
        )
        for person, rows in listed
    )


def _age_in_months(person: str, today: date) -> int:
    """By the birth date in the number."""
    return month_of(today) - (int(person[6:10]) * 12 + int(person[10:12]) - 1)


def _unstable_employment(household: HouseholdOnDay) -> Truth:
    """就业不稳定户: a risk of work that stands, or somebody newly without work; not where nobody can work."""
    if "因务工就业不稳" in household.open_risks or household.lost_some_work:
        return True
    if household.has_labour is False:
        return False
    return None if household.is_monitored is None else household.lost_some_work


def _failed_industry(household: HouseholdOnDay) -> Truth:
    """产业发展失败户: a risk of industry that stands, a member's business closed, or a link that its operator broke."""
    county, today = household.county, household.today
    links = _list(county, "benefit_links", today, "户编号")
    broken = [
        day(row["结束日期"])
        for row in (links or {}).get(household.number, [])
        if row["是否有效"] == "否" and row["终止原因"] in OPERATOR_BROKE_IT
    ]
    businesses = _newest_states(county, today, "market_supervision", "统一社会信用代码", "证件号码", "状态日期")
    closed = [
        day(row["列入异常日期"]) or day(row["状态日期"])
        for member in household.members
        for row in businesses.get(member["证件号码"], [])
        if row["登记状态"] != "存续"
    ]
    if "因产业失败" in household.open_risks or _is_recent(broken + closed, today, policy.FAILED_BUSINESS_MONTHS):
        return True
    return None if household.is_monitored is None or links is None else False


def _post_disaster_rebuild(household: HouseholdOnDay) -> Truth:
    """灾后重建户: its dwelling is rebuilt after a disaster, or was badly damaged and is not reported complete."""
    county, today = household.county, household.today
    dwellings = _list(county, "housing", today, "户编号")
    rows = (dwellings or {}).get(household.number, [])
    if any(r["新增损坏"] in DISASTERS and (r["改造状态"] in BEING_REBUILT or r["住房是否安全"] == "否") for r in rows):
        return True
    losses = _newest_states(county, today, "emergency_losses", "灾情编号", "户编号", "报告日期")
    damaged = [day(r["发生日期"]) for r in losses.get(household.number, []) if r["房屋受损"] in BADLY_DAMAGED]
    is_complete = any(row["改造状态"] in REBUILT for row in rows)
    if not is_complete and _is_recent(damaged, today, policy.REBUILD_MONTHS):
        return True
    return None if dwellings is None else False


@cache
def _newest_states(county: County, today: date, feed: str, what: str, whose: str, when: str) -> dict[str, list[Row]]:
    """What the newest statement known says of each thing, by whose it is."""
    newest: dict[tuple[str, str], Row] = {}
    for since, row in told(county, feed):
        key = row[what], row[whose]
        if since <= today and (key not in newest or row[when] >= newest[key][when]):
            newest[key] = row
    return _by(list(newest.values()), whose, 20)


def _is_recent(days: list[date | None], today: date, months: int) -> bool:
    return any(on is not None and month_of(today) - month_of(on) <= months for on in days)


@cache
def is_in_key_group(household: HouseholdOnDay) -> Truth:
    """Of one group at least; not known while one that no list rules out remains."""
    no_labour = None if household.has_labour is None else not household.has_labour
    return any_of(
        [
            _seriously_ill(household),
            _chronic_burden(household),
            _severely_disabled(household),
            _disabled_destitute_elder(household),
            _unstable_employment(household),
            _failed_industry(household),
            _post_disaster_rebuild(household),
            no_labour,
        ]
    )
