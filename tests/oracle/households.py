"""What the offices had told about each household by a given day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from functools import cached_property

from tests.oracle import policy
from tests.oracle.county import County, Statement
from tests.oracle.deliveries import Row, day, last_day, money, month, month_of, said
from tests.oracle.three_valued import Truth, all_of, any_of

# §2(1) 两不愁三保障及饮水安全: six guarantees, under the register's headings.
GUARANTEES = ("不愁吃", "不愁穿", "义务教育保障", "基本医疗保障", "住房安全保障", "饮水安全保障")
CAN_WORK = frozenset({"普通劳动力", "技能劳动力", "弱劳动力或半劳动力"})
NO_LONGER_THERE = frozenset({"死亡", "迁出", "户籍注销"})
CANNOT_WORK = frozenset({"无劳动力", "丧失劳动力"})


class HouseholdOnDay:
    """One household as it was known on one day."""

    def __init__(self, county: County, today: date, edition: int, row: Row) -> None:
        self.county, self.number, self.today, self.edition, self.row = county, row["户编号"], today, edition, row

    def on(self, then: date) -> HouseholdOnDay | None:
        """The same household as it was known on another day."""
        edition = self.county.register.in_force(then)
        rows = [] if edition is None else self.county.by(self.county.register, edition, "户编号").get(self.number, [])
        return HouseholdOnDay(self.county, then, edition, rows[0]) if rows and edition is not None else None

    @property
    def is_lifted_out(self) -> bool:
        return self.row["户类型"] == "脱贫户"

    @property
    def member_count(self) -> int:
        return int(self.row["家庭人口数"])

    @cached_property
    def members(self) -> list[Row]:
        """The persons whom the register counts to the household."""
        edition = self.county.persons.in_force(self.today)
        return [] if edition is None else self.county.by(self.county.persons, edition, "户编号").get(self.number, [])

    @property
    def present(self) -> list[Row]:
        """Whom the register calls dead, moved out or deregistered is no member (ADR 0013, R01)."""
        return [member for member in self.members if member.get("人员状态") not in NO_LONGER_THERE]

    @property
    def line(self) -> Decimal | None:
        return policy.MONITORING_LINE.get(self.today.year)

    @cached_property
    def _statements(self) -> list[Statement]:
        return [s for s in self.county.statements.get(self.number, []) if s.usable_from <= self.today]

    @property
    def newest_statement(self) -> Statement | None:
        """The newest income statement, however old."""
        return self._statements[-1] if self._statements else None

    @property
    def statement(self) -> Statement | None:
        """The newest income statement, if it is not too old."""
        newest = self.newest_statement
        return newest if newest and month_of(self.today) - newest.to_month <= policy.INCOME_MAX_AGE else None

    @property
    def net_income(self) -> Decimal | None:
        return self.statement.net if self.statement else None

    @property
    def is_below_line(self) -> Truth:
        """§2(2): net income per head strictly below the line of the year."""
        if self.line is None or self.net_income is None:
            return None
        return self.net_income < self.line * self.member_count

    @property
    def earlier_income(self) -> Decimal | None:
        """Net income of the statement nearest to a year before the newest one; of two as near, the newer."""
        if self.statement is None:
            return None
        gaps = [(self.statement.to_month - s.to_month, s) for s in self._statements]
        near = [(abs(gap - 12), gap, s) for gap, s in gaps if gap in policy.EARLIER_STATEMENT]
        return min(near, key=lambda entry: entry[:2])[2].net if near else None

    @property
    def income_fell(self) -> Truth:
        """收入大幅缩减: fell by the default share or more of an income that was one."""
        if self.net_income is None or self.earlier_income is None:
            return None
        return self.earlier_income > 0 and (
            self.earlier_income - self.net_income >= policy.INCOME_FALL * self.earlier_income
        )

    @cached_property
    def self_paid(self) -> tuple[Decimal, bool] | None:
        """合规自付 of all members over twelve months, and whether all months are in it; None if not known.

        The lists count from January on: this year's sum, and last year's December less the same month.
        """
        persons = [member["证件号码"] for member in self.members]
        lists = self.county.medical
        newest = lists.in_force(self.today)
        if newest is None or month_of(self.today) - newest > policy.SELF_PAY_MAX_AGE:
            return None
        december = newest - newest % 12 - 1
        paid = self._paid(newest, persons)
        if newest % 12 == 11:
            return paid, True
        if {december, newest - 12} <= set(lists.months(self.today)):
            return paid + self._paid(december, persons) - self._paid(newest - 12, persons), True
        return paid, False

    def _paid(self, number: int, persons: list[str]) -> Decimal:
        listed = self.county.by(self.county.medical, number, "证件号码")
        rows = [row for person in persons for row in listed.get(person, [])]
        return sum((money(row["合规自付费用"]) or Decimal(0) for row in rows), Decimal(0))

    @property
    def members_at_risk(self) -> set[str] | None:
        """Whom the medical list names: what one of them paid this year is a household's burden (ADR 0013, R67)."""
        newest = self.county.medical.in_force(self.today)
        if self.self_paid is None or newest is None:
            return None
        return {one["证件号码"] for one in self.present if self._paid(newest, [one["证件号码"]]) >= self.large_self_pay}

    def paid_at_least(self, limit: Decimal) -> Truth:
        """What is there already can show it; only a whole year can rule it out."""
        if self.self_paid is None:
            return None
        paid, is_whole = self.self_paid
        return True if paid >= limit else False if is_whole else None

    @property
    def large_self_pay(self) -> Decimal:
        return policy.SELF_PAY_LIFTED_OUT if self.is_lifted_out else policy.SELF_PAY_OTHER

    @property
    def self_pay_is_large(self) -> Truth:
        return self.paid_at_least(self.large_self_pay)

    @property
    def self_pay_eats_income(self) -> Truth:
        """Half of the income or more."""
        return self.pays_share_of_income(policy.SELF_PAY_INCOME_SHARE)

    def pays_share_of_income(self, share: Decimal) -> Truth:
        """So much of the income or more; something paid out of nothing or less is any share, nothing paid is none."""
        if self.net_income is None:
            return all_of([self.paid_at_least(Decimal("0.01")), None])
        return self.paid_at_least(max(share * self.net_income, Decimal("0.01")))

    @property
    def lost_all_work(self) -> Truth:
        """Nobody of the listed labour works any more, and one of them lost work."""
        months = self.county.employment.months(self.today)
        if not months:
            return None
        *before, now = months[-policy.LOST_WORK_WINDOW - 1 :]
        if self._works(now):
            return False
        return any_of(self._lost_work(member["证件号码"], now, before) for member in self.members)

    @property
    def lost_some_work(self) -> Truth:
        """Somebody of the listed labour lost work; not known where the newest list names nobody of the household."""
        months = self.county.employment.months(self.today)
        if not months:
            return None
        *before, now = months[-policy.LOST_WORK_WINDOW - 1 :]
        listed = [m["证件号码"] for m in self.members if self._state(m["证件号码"], now) is not None]
        return any_of(self._lost_work(person, now, before) for person in listed) if listed else None

    def _lost_work(self, person: str, now: int, before: list[int]) -> Truth:
        """Out of work now, at work in one of the months before, and not out of work at this time last year as well.

        Returns for the Spring Festival and the harvest are told from loss by the year before (R20).
        """
        if self._state(person, now) is not False or not any(self._state(person, then) for then in before):
            return False
        if now - 12 not in self.county.employment.months(self.today):
            return None
        return self._state(person, now - 12) is not False

    def _state(self, person: str, number: int) -> Truth:
        """At work in that month, without work, or not in the list."""
        rows = self.county.by(self.county.employment, number, "证件号码").get(person, [])
        return any(row["就业状态"] == "在岗" for row in rows) if rows else None

    def _works(self, number: int) -> bool:
        return any(self._state(member["证件号码"], number) for member in self.members)

    @cached_property
    def monitored_rows(self) -> list[Row] | None:
        """The national system's rows of the household; None while there is no list."""
        lists = self.county.monitored
        newest = lists.in_force(self.today)
        return None if newest is None else self.county.by(lists, newest, "户编号").get(self.number, [])

    @property
    def listed_risks(self) -> set[str] | None:
        """The risks that the national list names and does not call eliminated."""
        if self.monitored_rows is None:
            return None
        standing = [row for row in self.monitored_rows if row["风险是否已消除"] != "是"]
        return {row[f"致贫/返贫风险{n}"] for row in standing for n in range(1, 6)} - {""}

    @property
    def is_monitored(self) -> Truth:
        """In the national list under a type (R02) and not called eliminated: those are monitored no longer (R49)."""
        rows = self.monitored_rows
        return None if rows is None else any(r["监测对象类别"] and r["风险是否已消除"] != "是" for r in rows)

    @property
    def is_followed(self) -> Truth:
        """In the national list, under a type or not, and not called eliminated."""
        return None if self.monitored_rows is None else any(r["风险是否已消除"] != "是" for r in self.monitored_rows)

    @property
    def is_eliminated(self) -> Truth:
        """In the national list, and its risk is called eliminated."""
        if not self.monitored_rows:
            return None if self.monitored_rows is None else False
        return not self.is_followed

    @property
    def _skills(self) -> set[str]:
        """What is told of the members; one whom the register of persons leaves out is of no known skill."""
        told = {member["劳动技能"] for member in self.present} or {""}
        return told if len(self.members) >= self.member_count else told | {""}

    @property
    def has_labour(self) -> Truth:
        """One member who can work, if only partly, is labour; no labour is when every member is without (A5)."""
        return True if self._skills & CAN_WORK else False if self._skills <= CANNOT_WORK else None

    @property
    def has_full_labour(self) -> Truth:
        """At least one member whose ability to work is not partly lost."""
        return any_of({"弱劳动力或半劳动力": False, "": None}.get(skill, skill in CAN_WORK) for skill in self._skills)

    @property
    def earns_steadily(self) -> Truth:
        """通过产业就业获得稳定收入: somebody is at work, or what is earned brings the line for each member."""
        newest = self.county.employment.in_force(self.today)
        at_work = None if newest is None else self._works(newest)
        earned = self.statement.earned if self.statement else None
        enough = None if earned is None or self.line is None else earned >= self.line * self.member_count
        return any_of([at_work, enough])

    @property
    def identified(self) -> int | None:
        """The month in which the national list says that the household was identified."""
        return max(
            (month(row["识别监测时间"]) for row in self.monitored_rows or [] if row["识别监测时间"]), default=None
        )

    @property
    def label_told(self) -> date | None:
        """The day of the label, as the procedure's own record tells it."""
        if self.identified is None:
            return None
        told = [
            label
            for file in self.county.steps
            if file.received <= self.today
            for row in self.county.of(file, "户编号").get(self.number, [])
            if (row["程序类别"], row["程序步骤"]) == ("纳入", "系统标注")
            and (label := day(row["办理日期"])) is not None
            and self.identified <= month_of(label)
            and label <= self.today
        ]
        return max(told, default=None)

    @property
    def labelled(self) -> date | None:
        """The day of the label; else, for all that is known, the end of the month of identification."""
        return None if self.identified is None else self.label_told or last_day(self.identified)

    @property
    def is_deregistered(self) -> bool:
        """The register has closed the household."""
        return any(
            row["变动类型"] == "销户" and (day(row["变动日期"]) or date.max) <= self.today
            for file in self.county.closings
            if file.received <= self.today
            for row in self.county.of(file, "原户编号").get(self.number, [])
        )

    @property
    def guarantees(self) -> list[Truth]:
        """The register's word on the six guarantees, while it is not too old."""
        if month_of(self.today) - self.edition > policy.GUARANTEE_MAX_AGE:
            return [None] * len(GUARANTEES)
        return [said(self.row[head]) for head in GUARANTEES]

    @property
    def lacks_a_guarantee(self) -> Truth:
        assured = all_of(self.guarantees)
        return None if assured is None else not assured

    @property
    def shown_shocks(self) -> dict[str, Truth]:
        """因病因灾因意外事故等, as the departments' lists show it (ADR 0009): by the risk that it is."""
        ill = any_of([self.self_pay_is_large, self.self_pay_eats_income])
        named = self.statement.named_shock if self.statement else ""
        return {"因病": ill, "因务工就业不稳": self.lost_all_work} | ({policy.risk_named(named): True} if named else {})

    @property
    def was_struck(self) -> Truth:
        """A shock that is shown, or a risk that the national list names."""
        listed = None if self.listed_risks is None else bool(self.listed_risks)
        return any_of([*self.shown_shocks.values(), listed])

    @property
    def open_risks(self) -> set[str]:
        """Every risk that is known to stand, from whichever source."""
        unmet = {name for name, assured in zip(GUARANTEES, self.guarantees, strict=True) if assured is False}
        return {name for name, stands in self.shown_shocks.items() if stands} | (self.listed_risks or set()) | unmet

    @property
    def has_open_risk(self) -> Truth:
        """A listed risk, a guarantee that is not met (R07), or a shock (R05)."""
        return any_of([self.lacks_a_guarantee, self.was_struck])


def households_on(county: County, today: date) -> list[HouseholdOnDay]:
    """The households of the register in force: the unit is the household (R01)."""
    edition = county.register.in_force(today)
    if edition is None:
        return []
    return [HouseholdOnDay(county, today, edition, row) for row in county.register.rows(edition)]
