"""The register's columns beside income and guarantees: grid, land, stock, income by source, and persons' work."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulation import assumptions as a
from simulation import office_assumptions as o
from simulation.columns import Columns, constant, joined, only_where, picked, taken, whole, yes_no, yuan
from simulation.draws import Flags, Floats, Ints, choose, generator
from simulation.employment import WORK_PLACES
from simulation.employment_files import INDUSTRIES, Jobs
from simulation.grids import Grids
from simulation.lives import Register
from simulation.portfolios import Portfolio
from simulation.story import Story

_GRAIN_A_MU, _FRUIT_A_MU, _VEGETABLES_A_MU = 1_800.0, 3_500.0, 4_200.0  # gross yuan; assumed
_HOG_YUAN, _TURNS_A_YEAR = 1_900.0, 2.0  # a head sold; assumed
_POULTRY_YUAN, _SHEEP_YUAN, _CATTLE_YUAN = 60.0, 900.0, 11_000.0  # assumed
_WELFARE_WAGE = 6_000.0  # a year; assumed


@dataclass(frozen=True)
class Habits:
    """What a household keeps doing: where it works, what its other trade is, how it uses its land."""

    destination: Ints
    trade: Ints  # of other business: 0 vegetables, 1 cattle, sheep and poultry, 2 trade and services
    welfare_job: Flags
    lets_land: Floats  # mu
    person_place: Ints  # of person
    person_industry: Ints
    weak_motivation: Flags


def habits(seed: int, story: Story, jobs: Jobs) -> Habits:
    """Drawn once; persons of the employment bureau's panel work where its list says."""
    county = story.county
    rng = generator(seed, "habits", county.code)
    place = choose(rng, a.WORK_PLACE_SHARES, county.persons)
    industry = rng.integers(0, len(INDUSTRIES), county.persons)
    place[story.labour.person], industry[story.labour.person] = jobs.place, jobs.industry
    destination = np.zeros(county.households, dtype=np.int64)
    workers = np.flatnonzero(county.is_worker)[::-1]
    destination[county.home[workers]] = place[workers]  # the first worker's
    weak = (rng.random(county.persons) < o.WEAK_MOTIVATION_SHARE) & county.is_worker
    return Habits(
        destination,
        rng.integers(0, 3, county.households),
        (rng.random(county.households) < 0.04) & county.is_lifted_out & (county.workers > 0),
        np.where(rng.random(county.households) < 0.2, rng.uniform(0.5, 5.0, county.households).round(1), 0.0),
        place,
        industry,
        weak & county.is_lifted_out[county.home],
    )


def _tenths(values: Floats) -> pa.Array:
    tenths = np.rint(values * 10).astype(np.int64)
    return joined(whole(tenths // 10), ".", whole(tenths % 10))


def _split(total: Floats, *wanted: NDArray[np.floating]) -> list[Floats]:
    """Parts of a total, each at most what is left after those before it."""
    left, parts = total.copy(), []
    for want in wanted:
        part = np.minimum(left, np.rint(want))
        parts.append(part)
        left = left - part
    return parts


def household_details(register: Register, incomes: Portfolio, habits: Habits, grids: Grids) -> Columns:
    """The optional columns of the household table. The parts of wage, property and transfer stay within their sums."""
    county, at = register.county, register.origin
    trade, destination = habits.trade[at], habits.destination[at]
    zero = np.zeros(len(at))
    (welfare,) = _split(incomes.wage, np.where(habits.welfare_job[at], _WELFARE_WAGE, 0.0))
    elsewhere = incomes.wage - welfare
    dividend, rent = _split(incomes.owned, np.where(county.is_lifted_out[at], 300.0, 0.0), habits.lets_land[at] * 700.0)
    heads = register.size.astype(np.float64)
    soil, tekun, dibao, pension, disability = _split(
        incomes.transfer,
        np.minimum(incomes.grain / _GRAIN_A_MU, a.LAND_MU[1]) * a.LAND_SUBSIDY_PER_MU,
        np.where(county.is_tekun[at], 8_400.0, 0.0),
        np.where(county.is_dibao[at], 3_600.0 * heads, 0.0),
        county.elders[at] * 1_900.0,
        np.bincount(register.row, weights=(county.health[register.person] == 2), minlength=len(at)) * 720.0,
    )
    vegetables, stock, services = (np.where(trade == kind, incomes.other, 0.0) for kind in range(3))
    mu = incomes.grain / _GRAIN_A_MU
    return {
        "网格编码": taken(grids.code, grids.of_household[at]),
        "小麦面积": _tenths(mu),
        "玉米面积": _tenths(mu),
        "蔬菜面积": _tenths(vegetables / _VEGETABLES_A_MU),
        "果园面积": _tenths(incomes.fruit / _FRUIT_A_MU),
        "其他作物面积": _tenths(zero),
        "流转出面积": _tenths(np.where(rent > 0, habits.lets_land[at], 0.0)),
        "生猪存栏": whole(np.rint(incomes.hog / _HOG_YUAN / _TURNS_A_YEAR).astype(np.int64)),
        "牛存栏": whole((stock * 0.4 / _CATTLE_YUAN).astype(np.int64)),
        "羊存栏": whole((stock * 0.3 / _SHEEP_YUAN).astype(np.int64)),
        "家禽存栏": whole((stock * 0.2 / _POULTRY_YUAN).astype(np.int64)),
        "其中：县内务工收入": yuan(np.where(destination == 0, elsewhere, 0.0)),
        "其中：省内县外务工收入": yuan(np.where((destination == 1) | (destination == 2), elsewhere, 0.0)),
        "其中：省外务工收入": yuan(np.where(destination == 3, elsewhere, 0.0)),
        "其中：公益岗位收入": yuan(welfare),
        "其中：蔬菜收入": yuan(vegetables),
        "其中：牛羊禽养殖收入": yuan(stock),
        "其中：工商服务业收入": yuan(services),
        "其中：产业项目分红": yuan(dividend),
        "其中：土地流转收入": yuan(rent),
        "其中：低保金": yuan(dibao),
        "其中：特困供养金": yuan(tekun),
        "其中：养老金": yuan(pension),
        "其中：生态补偿金": yuan(zero),
        "其中：地力补贴": yuan(soil),
        "其中：残疾补贴": yuan(disability),
        "其中：防贫保险赔付": yuan(zero),
    }


def person_details(register: Register, incomes: Portfolio, habits: Habits) -> Columns:
    """The optional columns of the person table."""
    county, person, row = register.county, register.person, register.row
    works = county.is_worker[person] & (incomes.wage[row] > 0)
    workers = np.maximum(1, np.bincount(row, weights=works, minlength=len(register.origin)))
    wage = np.where(works, np.floor(incomes.wage / workers)[row], 0.0)
    count = len(person)
    return {
        "人员状态": constant("正常", count),
        "是否共同生活": constant("是", count),
        "内生动力不足": yes_no(habits.weak_motivation[person]),
        "务工行业": only_where(works, picked(INDUSTRIES, habits.person_industry[person])),
        "务工去向": only_where(works, picked(WORK_PLACES, habits.person_place[person])),
        "务工月数": only_where(works, whole(np.clip(wage / 2_200.0, 1, 12).astype(np.int64))),
        "个人务工收入": yuan(wage),
    }
