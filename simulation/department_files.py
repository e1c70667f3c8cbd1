"""Writes one county's department files, month by month, in the order in which they come in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from simulation import assumptions as a
from simulation.county_files import OfficeWriter
from simulation.draws import Floats, Ints, generator
from simulation.employment_files import employment_columns
from simulation.inbox import Inbox
from simulation.medical import CareYear, care, cumulative, frame_lines, medical_columns, without_the_gone
from simulation.monitored_files import TITLE, monitored_columns
from simulation.months import (
    at,
    compact,
    first_day,
    first_day_number,
    monthly_arrival,
    number_of,
    office_moment,
    year_of,
)
from simulation.regions import names
from simulation.register_details import household_details, person_details
from simulation.register_files import (
    ENCODING,
    change_columns,
    file_name,
    household_change_columns,
    household_columns,
    person_columns,
)
from simulation.scene import Scene
from simulation.sites import SiteMonth, report
from simulation.story import Story, World
from simulation.verdict_files import verdict_columns


@dataclass
class CountyWriter:
    """Writes the files of one county. site_months collects what the prefecture's report on sites needs."""

    scene: Scene
    inbox: Inbox
    site_months: dict[int, list[SiteMonth]]

    @property
    def world(self) -> World:
        return self.scene.world

    @property
    def story(self) -> Story:
        return self.scene.story

    @property
    def code(self) -> str:
        return self.story.county.code

    def write(self, progress: Callable[[float], None]) -> OfficeWriter:
        """All files of the county. Gives the offices' writer with what the prefecture and the truth need of it."""
        self._register()
        offices = OfficeWriter(self.scene, self.inbox)
        years: dict[int, CareYear] = {}
        before = since = np.full(len(self.story.labour.person), self.world.first_month, dtype=np.int64)
        for done, month in enumerate(self.world.months):
            rng = generator(self.world.seed, "arrivals", self.code, month)
            status = self.story.labour.status(month)
            since = np.where((status == before) & (done > 0), since, month)
            before = status
            bills = years.get(year_of(month)) or self._care(year_of(month))
            years[year_of(month)] = bills
            moments = [monthly_arrival(rng, month) for _ in range(4)]
            if any(self.inbox.takes(m) for m in moments):
                self._changes(month, moments[0])
                self._medical(month, bills, moments[1])
                name = f"务工就业月报_{self.code}_{compact(month)}.csv"
                listed = employment_columns(self.story, self.scene.jobs, month, status, since)
                self.inbox.write_csv("hrss_employment", name, listed, moments[2])
                self._monitored(month, bills, moments[3])
                self._verdicts(month, rng)
            offices.write_month(month)
            self._sites(month, status)
            self.story.labour.turn()
            progress((done + 1) / len(self.world.months))
        offices.write_rest()
        return offices

    def _register(self) -> None:
        for place, to_month in enumerate(self.story.statements.to_months):
            rng = generator(self.world.seed, "register_arrival", self.code, to_month)
            if place:
                moment = office_moment(rng, to_month + 1, a.EDITION_ARRIVAL_DAYS)
            else:
                moment = at(first_day(self.world.first_month), 10.0 + float(rng.uniform(0, 2)))
            if not self.inbox.takes(moment):
                continue
            register = self.scene.lives.register(first_day_number(to_month + 1) - 1)
            incomes = register.incomes(self.story.statement(place))
            households = household_columns(self.world.seed, self.story, place, register, incomes)
            households |= household_details(register, incomes, self.scene.habits, self.scene.grids)
            people = person_columns(register) | person_details(register, incomes, self.scene.habits)
            for title, columns in (("农户信息登记表_户", households), ("农户信息登记表_人", people)):
                name = file_name(title, self.code, to_month)
                self.inbox.write_csv("household_register", name, columns, moment, encoding=ENCODING)

    def _care(self, year: int) -> CareYear:
        lowest = self.story.statements.portfolios[0].net
        bills = care(self.world.seed, self.story.county, lowest, self.story.hardship, year)
        return without_the_gone(bills, self.scene.lives.gone)

    def _changes(self, month: int, moment: datetime) -> None:
        columns = change_columns(self.story, month)
        if columns is not None:
            name = file_name("农户收入变动表", self.code, month)
            self.inbox.write_csv("household_register", name, columns, moment, encoding=ENCODING)
        if month % 3 != 2:
            return  # splits and merges are told by quarter: they are few
        first, last = first_day_number(month - 2), first_day_number(month + 1) - 1
        moved = household_change_columns(self.scene.lives, first, last)
        if moved is not None:
            name = file_name("农户户籍变动表", self.code, month)
            self.inbox.write_csv("household_register", name, moved, moment, encoding=ENCODING)

    def _medical(self, month: int, bills: CareYear, moment: datetime) -> None:
        columns, totals = medical_columns(self.story.county, bills, month)
        above, below = frame_lines(names()[self.code], month, totals)
        self.inbox.write_csv(
            "medical_insurance",
            f"医保个人自付清单_{self.code}_{compact(month)}.csv",
            columns,
            moment,
            encoding="gb18030",
            above=above,
            below=below,
        )

    def _self_pay(self, month: int, bills: CareYear) -> Floats:
        county = self.story.county
        fen = cumulative(bills, county.persons, number_of(month))
        return np.bincount(county.home, weights=fen, minlength=county.households) / 100.0

    def _monitored(self, month: int, bills: CareYear, moment: datetime) -> None:
        columns = monitored_columns(self.world.seed, self.story, self.scene.lives, month, self._self_pay(month, bills))
        name = f"监测对象信息表_{self.code}_{compact(month)}.xlsx"
        self.inbox.write_xlsx("national_monitored_export", name, columns, moment, above=[TITLE])

    def _verdicts(self, month: int, rng: np.random.Generator) -> None:
        for place, township in enumerate(self.story.county.townships):
            columns = verdict_columns(self.world.seed, self.story, place, month)
            name = f"线索核查结果_{township.code}_{compact(month)}.xlsx"
            self.inbox.write_xlsx("verdicts", name, columns, monthly_arrival(rng, month))

    def _sites(self, month: int, status: Ints) -> None:
        for place, site in enumerate(self.story.sites):
            self.site_months.setdefault(month, []).append(
                report(self.story.county, place, site, self.story.labour, status)
            )
