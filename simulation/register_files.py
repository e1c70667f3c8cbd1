"""The register's files of one county: households and persons of an edition, and restated incomes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation import hardship
from simulation.columns import Columns, constant, day_texts, joined, picked, taken, whole, yes_no, yuan
from simulation.draws import Floats, Ints, choose, generator
from simulation.lives import MOVED, Lives, Register
from simulation.months import compact, dashed
from simulation.people import HEALTH, LABOUR_SKILLS, RELATIONS, STUDENT, County
from simulation.portfolios import Portfolio
from simulation.story import Story

ENCODING = "utf-8-sig"


def _income_columns(incomes: Portfolio) -> Columns:
    return {
        "工资性收入": yuan(incomes.wage),
        "粮食种植收入": yuan(incomes.grain),
        "林果业收入": yuan(incomes.fruit),
        "生猪养殖收入": yuan(incomes.hog),
        "其他经营收入": yuan(incomes.other),
        "生产经营性支出": yuan(incomes.cost),
        "财产性收入": yuan(incomes.owned),
        "转移性收入": yuan(incomes.transfer),
        "家庭理赔收入": yuan(incomes.claims),
    }


def guarantee_gaps(seed: int, county: County) -> tuple[dict[str, Floats], Ints]:
    """Who lacks which guarantee (1 lacks), and each dwelling's grade; the same in every edition."""
    rng = generator(seed, "guarantees", county.code)
    gaps = {item: (rng.random(county.households) < share).astype(np.float64) for item, share in a.GUARANTEE_GAP.items()}
    return gaps, choose(rng, tuple(a.HOUSING_GRADES.values()), county.households)


def household_columns(seed: int, story: Story, place: int, register: Register, incomes: Portfolio) -> Columns:
    """The household table of the edition at that place among the statements, as the register then stood."""
    county, at, count = story.county, register.origin, len(register.origin)
    to_month = story.statements.to_months[place]
    gaps, grade = guarantee_gaps(seed, county)
    villages = story.villages_in(to_month)
    site = np.zeros(county.households, dtype=np.int64)
    for i, s in enumerate(story.sites):
        site[s.households] = i + 1
    group = generator(seed, "groups", county.code).integers(1, 9, county.households)
    return {
        "户编号": register.number,
        "村编码": whole(villages[at]),
        "村民小组": joined(whole(group[at]), "组"),
        "户主姓名": taken(county.name, register.head),
        "户主证件号码": taken(county.id_number, register.head),
        "户类型": yes_no(county.is_lifted_out[at], "脱贫户", "一般农户"),
        "家庭人口数": whole(register.size),
        "收入起始月": constant(dashed(to_month - 11), count),
        "收入截止月": constant(dashed(to_month), count),
        **_income_columns(incomes),
        "不愁吃": yes_no(gaps["food"][at] == 0),
        "不愁穿": yes_no(gaps["clothing"][at] == 0),
        "义务教育保障": yes_no(gaps["education"][at] == 0),
        "基本医疗保障": yes_no(gaps["medical"][at] == 0),
        "住房安全保障": yes_no(grade[at] <= 1),
        "住房等级": picked(tuple(a.HOUSING_GRADES), grade[at]),
        "饮水安全保障": yes_no(gaps["water"][at] == 0),
        "安置点编码": picked(("", *(s.code for s in story.sites)), site[at]),
    }


def person_columns(register: Register) -> Columns:
    """The person table of an edition."""
    county, person = register.county, register.person
    return {
        "户编号": taken(register.number, register.row),
        "证件号码": taken(county.id_number, person),
        "姓名": taken(county.name, person),
        "与户主关系": picked(RELATIONS, register.relation),
        "劳动技能": picked(LABOUR_SKILLS, county.labour[person]),
        "健康状况": picked(HEALTH, county.health[person]),
        "在校生状况": picked(STUDENT, county.student[person]),
    }


CHANGE_KINDS = ("拆户", "并户", "销户")
CHANGE_REASONS = ("分家", "合并居住", "死亡", "迁出")


def household_change_columns(lives: Lives, first: int, last: int) -> Columns | None:
    """Splits, merges and households that ceased from one day to another, both within. None when there are none."""
    county = lives.county
    split = np.flatnonzero((lives.split_day >= first) & (lives.split_day <= last))
    merged = np.flatnonzero((lives.merge_day >= first) & (lives.merge_day <= last))
    ceased, ceased_day, why = lives.ceased(first, last)
    counts = [len(split), len(merged), len(ceased)]
    if not sum(counts):
        return None
    origin = np.concatenate([county.home[lives.split_person[split]], lives.merge_from[merged], ceased])
    kind = np.repeat(np.arange(3), counts)
    to = [taken(lives.split_number, split), taken(county.number, lives.merge_into[merged]), constant("", len(ceased))]
    days = np.concatenate([lives.split_day[split], lives.merge_day[merged], ceased_day])
    moved = np.concatenate([np.zeros(len(split) + len(merged), dtype=np.int64), (why == MOVED).astype(np.int64)])
    return {
        "变动日期": day_texts(days),
        "变动类型": picked(CHANGE_KINDS, kind),
        "原户编号": taken(county.number, origin),
        "现户编号": pa.concat_arrays(to),
        "村编码": whole(county.village[origin]),
        "涉及人口": whole(np.where(kind == 2, county.size[origin], 1)),
        "变动原因": picked(CHANGE_REASONS, kind + moved),
    }


def change_columns(story: Story, month: int) -> Columns | None:
    """Restated incomes of the window to that month: ordinary misfortune, then the shock's. None when there are none."""
    events = story.hardship.changed_in(month)
    struck = story.reported_in(month)
    for impact in story.impacts:
        # Whom the shock strikes as well is restated once, with both losses, and not taken back later.
        told = impact.reported[impact.window <= month]
        events = events[~np.isin(story.hardship.household[events], told)]
    hit = story.hardship.household[events]
    if not len(hit) and not len(struck):
        return None
    in_force = story.statements.in_force(month)
    base = story.statement(in_force).at(hit)
    applied = story.statements.to_months[in_force] == month
    cut = np.zeros(len(hit)) if applied else story.hardship.wage_cut[events]
    rows = [replace(base, wage=np.maximum(0.0, base.wage - cut))]
    if len(struck):
        rows.append(story.truth(month).at(struck))
    columns = [_income_columns(r) for r in rows]
    counts = [len(i.reported_in(month)) for i in story.impacts]
    of_shock = len(hardship.REASONS) + np.repeat(np.arange(len(counts)), counts)
    reasons = picked(
        (*hardship.REASONS, *(i.shock.reason for i in story.impacts)),
        np.concatenate([story.hardship.reason[events], of_shock]).astype(np.int64),
    )
    households = np.concatenate([hit, struck])
    together = {h: pa.concat_arrays([c[h] for c in columns]) for h in columns[0]}
    return {
        "户编号": taken(story.county.number, households),
        "收入起始月": constant(dashed(month - 11), len(households)),
        "收入截止月": constant(dashed(month), len(households)),
        **together,
        "变动原因": reasons,
    }


def file_name(title: str, county: str, month: int) -> str:
    """As the bureau names them: title, county, last month of the window."""
    return f"{title}_{county}_{compact(month)}.csv"
