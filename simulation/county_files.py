"""Writes the offices' files of one county: by month, by quarter, by year and by week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from simulation import application_files as applied
from simulation import assistance, care_files, cases, dwelling_files, industry, market_files, office_files
from simulation import grids as grid_files
from simulation import person_event_files as persons
from simulation import review_files as reviews
from simulation.columns import Columns
from simulation.defects import Defect
from simulation.draws import generator
from simulation.fund_files import payment_columns
from simulation.inbox import Inbox
from simulation.losses import loss_columns
from simulation.measure_files import measure_columns
from simulation.months import (
    at,
    compact,
    day_of,
    first_day,
    first_day_number,
    month_of,
    monthly_arrival,
    number_of,
    office_moment,
    quarters_within,
    year_of,
)
from simulation.regions import names
from simulation.scene import Scene
from simulation.school_files import school_columns

CENSUS_YEAR = 2020
Gathered = dict[tuple[str, int], Columns]
Made = Callable[[int], Columns]


@dataclass
class OfficeWriter:
    """One county's files.

    found: defects that only the writing shows; gathered: tables that the prefecture's offices send for all counties, by
    feed and month; audits: the truth of each audit sample.
    """

    scene: Scene
    inbox: Inbox
    found: list[Defect] = field(default_factory=list)
    gathered: Gathered = field(default_factory=dict)
    audits: list[Columns] = field(default_factory=list)

    @property
    def code(self) -> str:
        return self.scene.story.county.code

    def write_month(self, month: int) -> None:
        """The files about that month."""
        s = self.scene
        first, last = first_day_number(month), first_day_number(month + 1) - 1
        self._send("provincial_platform_export", "大数据平台监测户", month, self._provincial, "xlsx")
        self.gathered["comparison_results", month] = self._compared(month)
        self._send("health", "大病慢病清单", month, lambda m: care_files.health_columns(s.story, s.lives, s.care, m))
        self._relief(month)
        self._send("police_events", "人员事件", month, lambda m: persons.event_columns(s.story, s.events, first, last))
        self.gathered["emergency_losses", month] = loss_columns(s.story, s.losses, first, last)
        self.gathered["market_supervision", month] = self._businesses(month)
        self._loans(month)
        self._send(
            "helpers",
            "帮扶联系人台账",
            month,
            lambda m: assistance.helper_columns(s.story, s.help, s.cadres, last),
            "xlsx",
        )
        self._send("measures", "帮扶措施台账", month, lambda m: measure_columns(s.story, s.measures, m), "xlsx")
        self._send(
            "funds",
            "资金支付",
            month,
            lambda m: payment_columns(s.world, s.story, s.measures, s.industry, s.purse, m),
        )
        self.gathered["consultations", month] = self._consultations(month)
        self.gathered["industry_projects", month] = industry.project_columns(s.story, s.industry, month)
        self.gathered["enterprises", month] = industry.enterprise_columns(s.story, s.industry, month)
        self._send("benefit_links", "利益联结台账", month, lambda m: industry.link_columns(s.story, s.industry, m))

    def write_rest(self) -> None:
        """The quarterly, yearly and weekly files of the county."""
        for month in quarters_within(self.scene.world.months):
            self._quarter(month)
        self._editions()
        world = self.scene.world
        for year in range(year_of(world.first_month), year_of(world.last_month) + 1):
            if world.first_month <= year * 12 + 9 and year * 12 + 11 <= world.last_month:
                self._year(year)
        self._weeks()

    def _provincial(self, month: int) -> Columns:
        return reviews.provincial_columns(self.scene.story, self.scene.lives, self.scene.platform, month)

    def _compared(self, month: int) -> Columns:
        s = self.scene
        # The first file holds what was asked before the world began.
        first = -1 if month == s.world.first_month else first_day_number(month)
        last = first_day_number(month + 1) - 1
        return applied.comparison_columns(s.story, s.cases, s.comparisons, first, last)

    def _businesses(self, month: int) -> Columns:
        s = self.scene
        return market_files.business_columns(
            s.story,
            s.shops,
            s.industry,
            s.cadres,
            first_day_number(month),
            first_day_number(month + 1) - 1,
            opening=month == s.world.first_month,
        )

    def _relief(self, month: int) -> None:
        s = self.scene
        moment = self._moment("civil_affairs", month)
        if self.inbox.takes(moment):
            columns, total = care_files.relief_columns(s.story, s.lives, s.care, month)
            self.inbox.write_xlsx(
                "civil_affairs",
                f"社会救助对象_{self.code}_{compact(month)}.xlsx",
                columns,
                moment,
                above=[
                    f"宿州市{names()[self.code]}{year_of(month)}年{number_of(month)}月社会救助对象明细表",
                    "单位：元、人",
                ],
                totals={"月发放金额": total},
            )

    def _loans(self, month: int) -> None:
        moment = self._moment("small_loans", month)
        if self.inbox.takes(moment):
            columns, total = persons.loan_columns(self.scene.story, self.scene.loans, month)
            cells = ["合计"] + [f"{total:.2f}" if h == "贷款余额" else "" for h in list(columns)[1:]]
            name = f"小额信贷台账_{self.code}_{compact(month)}.csv"
            self.inbox.write_csv("small_loans", name, columns, moment, below=[",".join(cells)])

    def _consultations(self, month: int) -> Columns:
        columns, missed = office_files.consultation_columns(self.scene.world, self.scene.story, self.scene.cases, month)
        meeting, undone = office_files.department_meetings(self.scene.world, self.code, month)
        if meeting is not None:
            columns = {h: pa.concat_arrays([cells, meeting[h]]) for h, cells in columns.items()}
        missed = [*missed, *undone]
        if month < self.scene.world.last_month:  # the last month's records come after the end
            self.found += missed
        return columns

    def _quarter(self, month: int) -> None:
        s = self.scene
        self._send(
            "education", "学生在校和资助清单", month, lambda m: school_columns(s.story, s.lives, s.school, m), "xlsx"
        )
        self._send("disabled", "残疾人清单", month, lambda m: care_files.disabled_columns(s.story, s.lives, s.care, m))
        self._send(
            "housing",
            "住房安全清单",
            month,
            lambda m: dwelling_files.housing_columns(s.world, s.story, s.lives, s.dwellings, s.losses, m),
            encoding="gb18030",
        )
        self._send(
            "water", "饮水问题清单", month, lambda m: dwelling_files.water_columns(s.story, s.dwellings, m), "xlsx"
        )

    def _editions(self) -> None:
        """The division into grids and its keepers each January, and as things stood when the world began."""
        s = self.scene
        first = s.world.first_month
        for january in range(first - first % 12, s.world.last_month + 1, 12):
            month = max(january, first - 1)
            for feed, title, columns in (
                ("grids", "网格划分表", grid_files.grid_columns(s.story, s.grids, month)),
                (
                    "grid_keepers",
                    "网格员任职表",
                    grid_files.keeper_columns(s.grids, s.cadres, first_day_number(month + 1) - 1),
                ),
            ):
                moment = self._moment(feed, january) if january >= first else at(first_day(first), 13.0)
                self.inbox.write_xlsx(feed, f"{title}_{self.code}_{compact(january)}.xlsx", columns, moment)
        census = reviews.census_columns(s.world, s.story, CENSUS_YEAR)
        name = f"普查基础数据_{self.code}_{CENSUS_YEAR}.csv"
        moment = at(first_day(first), 14.0)
        self.inbox.write_csv("census_reference", name, census, moment, encoding="gb18030")

    def _year(self, year: int) -> None:
        world, story = self.scene.world, self.scene.story
        december = year * 12 + 11
        audit = reviews.audit_columns(world, story, year)
        self.audits.append({h: audit[h] for h in ("排查年度", "户编号", "是否存在风险")})
        day = first_day_number(december) + 18
        for feed, title, columns, days in (
            ("concentrated_checks", "集中排查情况", reviews.check_columns(world, story, year), (2, 9)),
            ("concentrated_checks", "随机复核样本", audit, (2, 9)),
            ("awareness_surveys", "知晓率调查", reviews.survey_columns(world, story, year), (2, 12)),
            ("spot_checks", "抽查核查结果", reviews.spot_columns(world, story, year), (5, 18)),
            ("evaluations", "考核评估问题清单", reviews.finding_columns(world, story, year, day), (20, 27)),
        ):
            rng = generator(world.seed, "yearly_arrival", self.code, title, year)
            moment = office_moment(rng, december, days)
            self.inbox.write_xlsx(feed, f"{title}_{self.code}_{year}.xlsx", columns, moment)

    def _weeks(self) -> None:
        """The townships' hand-kept lists: a file for each week that has rows, on the Monday after."""
        s = self.scene
        weeks = office_files.weeks(s.world)
        edges = np.array([end for _, end in weeks])
        step_order = np.argsort(s.steps.entered, kind="stable")
        step_week = np.searchsorted(edges, s.steps.entered[step_order])
        states = [s.applications.applied, s.applications.accepted, s.applications.result]
        day = np.concatenate(states)
        row = np.tile(np.arange(len(s.applications.case)), 3)
        state = np.repeat(np.arange(3), len(s.applications.case))
        told = np.searchsorted(edges, day)
        visited = np.searchsorted(edges, s.visits.entered)
        unsafe = s.dwellings.unsafe_water, s.dwellings.grade >= 2
        for place, (_, end) in enumerate(weeks):
            steps = step_order[slice(*np.searchsorted(step_week, [place, place + 1]))]
            applications = np.flatnonzero(told == place)
            visits = slice(*np.searchsorted(visited, [place, place + 1]))
            if len(steps):
                columns = cases.step_columns(s.story, s.cases, s.steps, steps)
                self._weekly("procedure_events", "监测程序记录", end, columns)
            if len(applications):
                columns = applied.application_columns(
                    s.story, s.cases, s.applications, row[applications], state[applications]
                )
                self._weekly("self_reports", "自主申报台账", end, columns)
            if visits.stop > visits.start:
                columns = applied.visit_columns(s.story, s.visits, visits, unsafe, month_of(day_of(end)))
                self._weekly("cadre_visits", "入户走访记录", end, columns, "gb18030")

    def _weekly(self, feed: str, title: str, sunday: int, columns: Columns, encoding: str = "utf-8") -> None:
        rng = generator(self.scene.world.seed, "weekly_arrival", self.code, feed, sunday)
        moment = at(day_of(sunday) + timedelta(days=1), float(rng.uniform(8.5, 17.5)))
        name = f"{title}_{self.code}_{day_of(sunday):%Y%m%d}.csv"
        self.inbox.write_csv(feed, name, columns, moment, encoding=encoding)

    def _moment(self, feed: str, month: int) -> datetime:
        return monthly_arrival(generator(self.scene.world.seed, "office_arrival", self.code, feed, month), month)

    def _send(
        self, feed: str, title: str, month: int, made: Made, ending: str = "csv", *, encoding: str = "utf-8"
    ) -> None:
        moment = self._moment(feed, month)
        if not self.inbox.takes(moment):
            return
        name = f"{title}_{self.code}_{compact(month)}.{ending}"
        if ending == "xlsx":
            self.inbox.write_xlsx(feed, name, made(month), moment)
        else:
            self.inbox.write_csv(feed, name, made(month), moment, encoding=encoding)


def joined_audits(parts: list[Columns]) -> Columns:
    """All audit samples of a county as one table; empty lists give empty columns."""
    headers = ("排查年度", "户编号", "是否存在风险")
    return {h: pa.concat_arrays([p[h] for p in parts] or [pa.array([], pa.string())]) for h in headers}
