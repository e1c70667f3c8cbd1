"""§3(2) and §3(3): each household's way to its label, or to the mark that its risk is gone, from four lists.

A case is what a township opened under a number. An application, a row of the national list or a comparison belongs to
the case that it can have come from (ADR 0013, cases); where there is none, it is a case of its own.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property

from tests.oracle import policy
from tests.oracle.county import County
from tests.oracle.deliveries import Delivery, Row, day, last_day, month, month_of, said
from tests.oracle.three_valued import Truth

INCLUSION, ELIMINATION = "纳入", "风险消除"
APPLIED, ACCEPTED, GROUP_REVIEW, COMPARED = "农户申请", "乡镇受理", "小组评议", "数据比对"
RECHECKED, REVIEWED, POSTED, TOWN_REVIEWED = "村级核实", "村级评议", "村内公示", "乡镇审核"
FILED, ANNOUNCED, LABELLED, ENDED = "县级备案", "公告", "系统标注", "终止"
# The names by which townships call the same step.
ALSO_CALLED = {"调查核实": RECHECKED, "民主评议": REVIEWED, "批准公告": ANNOUNCED, "风险消除标注": LABELLED}
# §3(2), in its order; 小组评议 and 数据比对 run side by side.
LADDER = {
    INCLUSION: [
        {APPLIED}, {ACCEPTED}, {GROUP_REVIEW, COMPARED}, {RECHECKED}, {REVIEWED}, {POSTED}, {TOWN_REVIEWED}, {FILED},
        {ANNOUNCED}, {LABELLED},
    ],
    # §3(3) names no survey before the village's review: taken or not, it is no defect.
    ELIMINATION: [{RECHECKED}, {REVIEWED}, {POSTED}, {TOWN_REVIEWED}, {FILED}, {ANNOUNCED}, {LABELLED}],
}  # fmt: skip
NOT_NAMED = {(ELIMINATION, RECHECKED)}
NEVER = date.max
NO_CODE = "~"  # behind every number that a township gives: of cases begun on one day the township's comes first


@dataclass
class Case:
    """One way along a ladder. `steps`: each step's newest word; `listed`: the month that the national list tells."""

    household: str
    kind: str
    start: date
    is_told: bool  # whether townships' steps of its time have been delivered
    closed: date | None = None
    code: str = NO_CODE
    steps: dict[str, Row] = field(default_factory=dict)
    application: Row | None = None
    listed: int | None = None
    requests: list[list[Row]] = field(default_factory=list)

    @property
    def was_declined(self) -> bool:
        """An application that was turned down, and no step of a case after it."""
        refused = self.application is not None and self.application["处理结果"] in policy.DECLINED
        return refused and not self.steps and self.listed is None

    @cached_property
    def dates(self) -> dict[str, date]:
        """The day of every step that was taken, whoever tells of it."""
        found = {step: told for step, row in self.steps.items() if (told := day(row["办理日期"]))}
        elsewhere: dict[str, date | None] = {}
        if self.application is not None:
            elsewhere[APPLIED] = day(self.application["申请日期"])
            elsewhere[ACCEPTED] = day(self.application["受理日期"])
        elsewhere[COMPARED] = min((d for rows in self.requests if (d := asked(rows))), default=None)
        return {step: told for step, told in elsewhere.items() if told} | found

    @property
    def ladder(self) -> list[set[str]]:
        return LADDER[self.kind]

    def rank(self, step: str) -> int:
        """The place of a step on the ladder."""
        return next(n for n, steps in enumerate(self.ladder) if step in steps)

    @cached_property
    def reached(self) -> int:
        """The farthest place that the case came to: whoever is on the national list came to the end."""
        if self.listed is not None:
            return len(self.ladder) - 1
        return max((n for n, steps in enumerate(self.ladder) if steps & self.dates.keys()), default=-1)

    def has_come_to(self, step: str) -> bool:
        """Taken, or something after it was."""
        return step in self.dates or self.reached > self.rank(step)


def asked(rows: list[Row]) -> date | None:
    """The day on which a comparison was asked for."""
    return min((d for row in rows if (d := day(row["发起日期"]))), default=None)


def _come(files: list[Delivery], today: date) -> list[Delivery]:
    return [file for file in files if file.received <= today]


def told_until(files: list[Delivery], today: date) -> date | None:
    """The end of the last period that the files tell of: a day, or a month."""
    ends = [day(f.period) or last_day(month(f.period)) for f in _come(files, today)]
    return max((end for end in ends if end <= today), default=None)


@cache
def applications(county: County, today: date) -> list[Row]:
    """Every application by its newest state."""
    newest: dict[str, Row] = {}
    for file in _come(county.applications, today):
        for row in file.rows:
            before = newest.get(row["申请编号"])
            if before is None or row["更新日期"] >= before["更新日期"]:
                newest[row["申请编号"]] = row
    return list(newest.values())


@cache
def _applications_of(county: County, today: date) -> dict[str, list[Row]]:
    found = defaultdict(list)
    for row in applications(county, today):
        found[row["户编号"]].append(row)
    return found


def settled(application: Row) -> date | None:
    """When the township was done with an application; being taken up is not yet that."""
    if application["处理结果"] in ("", "受理"):
        return None
    return day(application["结果录入日期"]) or day(application["更新日期"])


def _of_townships(county: County, today: date) -> list[Case]:
    told: dict[tuple[str, str, str], dict[str, Row]] = defaultdict(dict)
    for file in _come(county.steps, today):
        for row in file.rows:
            taken = day(row["办理日期"])
            if taken is not None and taken <= today:
                step = ALSO_CALLED.get(row["程序步骤"], row["程序步骤"])
                told[row["户编号"], row["程序类别"], row["案件编号"]][step] = row
    cases = []
    for (household, kind, code), steps in told.items():
        dates = {step: day(row["办理日期"]) or NEVER for step, row in steps.items()}
        ends = [dates[step] for step in (LABELLED, ENDED) if step in dates]
        cases.append(Case(household, kind, min(dates.values()), True, max(ends, default=None), code, steps))
    return cases


def _with_applications(cases: list[Case], county: County, today: date) -> list[Case]:
    """The household's first inclusion not closed before the application and begun before it was settled."""
    of = _by_household(cases, INCLUSION)
    fitting: dict[int, list[Row]] = defaultdict(list)
    alone = []
    for row in applications(county, today):
        applied = day(row["申请日期"]) or NEVER
        if applied > today:
            continue
        may_be = [
            case
            for case in of[row["户编号"]]
            if applied <= (case.closed or NEVER) and case.start <= (settled(row) or NEVER)
        ]
        if may_be:
            fitting[id(min(may_be, key=_first))].append(row)
        else:
            alone.append(row)
    for case in cases:
        *older, newest = sorted(fitting.get(id(case), []), key=_applied) or [None]
        alone += [row for row in older if row is not None]
        if newest is not None:
            case.application, case.start = newest, min(case.start, day(newest["申请日期"]) or NEVER)
    return cases + [
        Case(row["户编号"], INCLUSION, day(row["申请日期"]) or NEVER, False, settled(row), application=row)
        for row in alone
    ]


def _listings(county: County, today: date) -> set[tuple[str, str, int]]:
    """Household, kind and month of every identification and elimination that a national list has shown."""
    found = set()
    for number in county.monitored.months(today):
        for row in county.monitored.rows(number):
            if row["识别监测时间"] and row["监测对象类别"]:
                found.add((row["户编号"], INCLUSION, month(row["识别监测时间"])))
            if row["风险是否已消除"] == "是" and row["消除监测时间"]:
                found.add((row["户编号"], ELIMINATION, month(row["消除监测时间"])))
    return found


def _with_listings(cases: list[Case], township: list[Case], county: County, today: date) -> list[Case]:
    """The case that led there; months before the townships' lists begin are left out."""
    since = min((month_of(day(f.period) or NEVER) for f in _come(county.steps, today)), default=None)
    until = told_until(county.steps, today)
    if since is None or until is None:
        return cases
    of = {kind: _by_household(township, kind) for kind in LADDER}
    alone = []
    for household, kind, listed in sorted(_listings(county, today)):
        if listed <= since:
            continue
        first, last = last_day(listed - 1), last_day(listed)
        # The day of the first step, not of the application, says which case was on its way.
        may_be = [c for c in of[kind][household] if first_step(c) <= last and (c.closed or NEVER) > first]
        if may_be:
            case = max(sorted(may_be, key=_first), key=lambda c: (LABELLED in c.steps, first_step(c)))
            case.listed = listed
        else:
            alone.append(Case(household, kind, last_day(listed - 1), last <= until, last, listed=listed))
    return cases + alone


def _first(case: Case) -> tuple[date, str]:
    return case.start, case.code


def _applied(application: Row) -> tuple[str, str]:
    return application["申请日期"], application["申请编号"]


def first_step(case: Case) -> date:
    """The day of the first step that a township wrote down."""
    return min((day(row["办理日期"]) or NEVER for row in case.steps.values()), default=NEVER)


def _with_comparisons(cases: list[Case], county: County, today: date) -> list[Case]:
    """The household's first inclusion that was not closed before the comparison was asked for."""
    of = _by_household(cases, INCLUSION)
    newest: dict[tuple[str, str], dict[str, Row]] = defaultdict(dict)
    for file in _come(county.comparisons, today):
        for row in file.rows:
            if row["户编号"] in county.households:
                newest[row["户编号"], row["比对申请编号"]][row["比对部门"]] = row
    alone = []
    for (household, _), by_department in sorted(newest.items()):
        rows = list(by_department.values())
        when = asked(rows) or NEVER
        may_be = [case for case in of[household] if when <= (case.closed or NEVER)]
        if may_be:
            min(may_be, key=_first).requests.append(rows)
        else:
            alone.append(Case(household, INCLUSION, when, False, requests=[rows]))
    return cases + alone


def _by_household(cases: list[Case], kind: str) -> dict[str, list[Case]]:
    found = defaultdict(list)
    for case in cases:
        if case.kind == kind:
            found[case.household].append(case)
    return found


@cache
def cases_on(county: County, today: date) -> list[Case]:
    """Every case that the lists of the day tell of."""
    township = _of_townships(county, today)
    cases = _with_applications(list(township), county, today)
    return _with_comparisons(_with_listings(cases, township, county, today), county, today)


def authorised(household: str, when: date, county: County, today: date) -> Truth:
    """R37: whether the household had allowed a comparison that was asked for on this day."""
    known = _applications_of(county, today)[household]
    for row in known:
        signed, revoked = day(row["授权日期"]), day(row["撤销授权日期"])
        if said(row["是否授权查询"]) and signed is not None and signed <= when < (revoked or NEVER):
            return True
    if any(
        said(row["是否授权查询"]) is None or (said(row["是否授权查询"]) and not day(row["授权日期"])) for row in known
    ):
        return None
    until = told_until(county.applications, today)
    return False if until is not None and when <= until else None
