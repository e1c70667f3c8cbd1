"""Health, disability and social relief: lists of persons that bear out who is ill, disabled or poor in the story."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.columns import (
    Columns,
    constant,
    day_texts,
    figures,
    joined,
    month_texts,
    only_where,
    picked,
    taken,
    whole,
    yes_no,
    yuan,
)
from simulation.draws import Flags, Floats, Ints, choose, generator
from simulation.hardship import ILLNESS
from simulation.lives import DEAD, Lives
from simulation.months import compact, dashed, first_day_number
from simulation.story import Story, World

ILLNESSES = ("恶性肿瘤", "终末期肾病", "心脑血管", "重性精神疾病", "其他大病", "慢性病")
CHRONIC = 5
STAGES = ("救治中", "康复", "随访")
HOSPITALS = ("基层", "二级", "三级", "省外")
DISABILITIES = ("视力", "听力", "言语", "肢体", "智力", "精神", "多重")
RELIEFS = ("低保", "特困供养", "临时救助", "低收入人口")
NONE = -1


@dataclass(frozen=True)
class Care:
    """Patients (person, illness, day found, hospital) and certificates (person, kind, level, day issued)."""

    patient: Ints
    illness: Ints
    found: Ints
    hospital: Ints
    contract: Flags
    certified: Ints
    disability: Ints
    level: Ints
    issued: Ints
    relief_person: Ints  # monthly allowances: dibao and the destitute
    relief_kind: Ints
    relief_amount: Floats
    relief_since: Ints  # month
    once_household: Ints  # temporary relief
    once_month: Ints
    once_amount: Floats
    once_disaster: Flags


def care_of(world: World, story: Story, struck: tuple[Ints, Ints]) -> Care:
    """The county's patients, certificates and relief. struck: households hit by a disaster, and the month."""
    county, events = story.county, story.hardship
    rng = generator(world.seed, "care", county.code)
    first = first_day_number(world.first_month)
    watched = county.is_lifted_out.copy()
    watched[story.monitored.household] = True
    serious = np.flatnonzero(county.health == 3)
    chronic = np.flatnonzero((county.health == 1) & watched[county.home])
    # Illness events of the story, and those whose income fell because somebody lay in hospital.
    ill = np.flatnonzero((events.kind == ILLNESS) | (events.reason == 0))
    sick = np.where(events.person[ill] >= 0, events.person[ill], county.first_person[events.household[ill]])
    day = np.array([first_day_number(int(m)) for m in events.month[ill]], dtype=np.int64) + rng.integers(
        0, 20, len(ill)
    )
    patient = np.concatenate([serious, chronic, sick])
    illness = np.concatenate(
        [rng.integers(0, 5, len(serious)), np.full(len(chronic), CHRONIC), choose(rng, (3, 1, 4, 0.5, 2), len(sick))]
    )
    found = np.concatenate([first - rng.integers(40, 2_000, len(serious) + len(chronic)), day])
    # A person is on the list once: the newest finding counts.
    order = np.lexsort((found, patient))
    last = np.r_[patient[order][1:] != patient[order][:-1], True]
    kept = order[last]
    disabled = np.flatnonzero(county.health == 2)
    fresh = rng.random(len(disabled)) < 0.03
    end = first_day_number(world.last_month + 1)
    issued = np.where(fresh, rng.integers(first, end, len(disabled)), first - rng.integers(30, 3_000, len(disabled)))
    poor = np.flatnonzero((county.is_dibao | county.is_tekun)[county.home])
    is_tekun = county.is_tekun[county.home[poor]]
    amount = np.where(is_tekun, rng.uniform(*o.TEKUN_MONTHLY, len(poor)), rng.uniform(*o.DIBAO_MONTHLY, len(poor)))
    helped = np.flatnonzero(rng.random(len(events.household)) < o.RELIEF_SHARE)
    hit = np.flatnonzero(rng.random(len(struck[0])) < o.RELIEF_SHARE / 4)
    homes = np.concatenate([events.household[helped], struck[0][hit]])
    months = np.concatenate([events.month[helped] + 1, struck[1][hit] + 1])
    return Care(
        patient[kept],
        illness[kept].astype(np.int64),
        found[kept],
        choose(rng, (0.2, 0.5, 0.25, 0.05), len(kept)),
        rng.random(len(kept)) < o.CHRONIC_CONTRACT_SHARE,
        disabled,
        rng.integers(0, len(DISABILITIES), len(disabled)),
        choose(rng, o.DISABILITY_LEVELS, len(disabled)) + 1,
        issued,
        poor,
        is_tekun.astype(np.int64),
        np.rint(amount / 10) * 10,
        world.first_month - rng.integers(2, 60, len(poor)),
        homes,
        months.astype(np.int64),
        np.rint(rng.uniform(*o.RELIEF_YUAN, len(homes)) / 100) * 100,
        np.arange(len(homes)) >= len(helped),
    )


def health_columns(story: Story, lives: Lives, found: Care, month: int) -> Columns:
    """The patients found by the month's end who still live here."""
    county = story.county
    day = first_day_number(month + 1) - 1
    rows = np.flatnonzero((found.found <= day) & lives.present(day)[found.patient])
    person, illness = found.patient[rows], found.illness[rows]
    chronic, count = illness == CHRONIC, len(rows)
    age = day - found.found[rows]
    stage = np.select([chronic, age < 180, age < 500], [2, 0, 2], 1)
    return {
        "统计月份": constant(dashed(month), count),
        "姓名": taken(county.name, person),
        "证件号码": taken(county.id_number, person),
        "户编号": taken(county.number, county.home[person]),
        "病种类别": picked(ILLNESSES, illness),
        "确诊日期": day_texts(found.found[rows]),
        "是否新增": yes_no(found.found[rows] >= first_day_number(month)),
        "是否大病重病": yes_no(~chronic),
        "慢病签约": only_where(chronic, yes_no(found.contract[rows])),
        "是否在治": constant("是", count),
        "救治情况": picked(STAGES, stage),
        "就诊机构级别": picked(HOSPITALS, found.hospital[rows]),
        "家庭医生签约": yes_no(found.contract[rows]),
    }


def disabled_columns(story: Story, lives: Lives, found: Care, month: int) -> Columns:
    """The certificates in force at the quarter's end. Numbers: ID number, class and level."""
    county = story.county
    day = first_day_number(month + 1) - 1
    rows = np.flatnonzero((found.issued <= day) & lives.present(day)[found.certified])
    person, level = found.certified[rows], found.level[rows]
    severe, poor = level <= 2, (county.is_dibao | county.is_tekun)[county.home[person]]
    number = joined(taken(county.id_number, person), whole(found.disability[rows] + 1), whole(level))
    return {
        "统计月份": constant(dashed(month), len(rows)),
        "姓名": taken(county.name, person),
        "证件号码（残疾人证）": number,
        "户编号": taken(county.number, county.home[person]),
        "残疾类别": picked(DISABILITIES, found.disability[rows]),
        "残疾等级": whole(level),
        "发证日期": day_texts(found.issued[rows]),
        "是否新发证": yes_no(found.issued[rows] >= first_day_number(month - 2)),
        "证件状态": constant("有效", len(rows)),
        "护理补贴": yuan(np.where(severe, 60.0, 0.0)),
        "生活补贴": yuan(np.where(poor, 66.0, 0.0)),
        "是否有监护人": yes_no(severe),
    }


def relief_columns(story: Story, lives: Lives, found: Care, month: int) -> tuple[Columns, float]:
    """The month's social relief and the sum of its monthly allowances. Who died this month is stopped, then gone."""
    county = story.county
    first, day = first_day_number(month), first_day_number(month + 1) - 1
    rows = np.flatnonzero(lives.present(first - 1)[found.relief_person])
    person = found.relief_person[rows]
    stopped = ~lives.present(day)[person]
    once = np.flatnonzero(found.once_month == month)
    helped = county.first_person[found.once_household[once]]
    watched = story.watched_in(month)
    watched = watched[~(county.is_dibao | county.is_tekun)[story.monitored.household[watched]]]
    low = story.monitored.household[watched]
    heads = county.first_person[low]
    counts = [len(rows), len(once), len(low)]
    kind = np.concatenate([found.relief_kind[rows], np.full(len(once), 2), np.full(len(low), 3)])
    everyone = np.concatenate([person, helped, heads])
    status = np.concatenate([np.where(stopped, 2, 1), np.zeros(len(once)), np.ones(len(low))]).astype(np.int64)
    monthly = np.concatenate([np.where(stopped, 0.0, found.relief_amount[rows]), np.zeros(len(once) + len(low))])
    single = np.concatenate([np.zeros(len(rows)), found.once_amount[once], np.zeros(len(low))])
    identified = story.monitored.identified[watched]
    since = np.concatenate([found.relief_since[rows], np.full(len(once), month), identified])
    gone = lives.why[person] == DEAD
    reason = np.concatenate([np.where(stopped, np.where(gone, 1, 2), 0), np.zeros(len(once) + len(low))])
    size = np.concatenate([np.ones(len(rows)), np.ones(len(once)), county.size[low]]).astype(np.int64)
    disaster = np.concatenate([np.zeros(len(rows), bool), found.once_disaster[once], np.zeros(len(low), bool)])
    total = sum(counts)
    columns: dict[str, pa.Array] = {
        "统计月份": constant(compact(month), total),
        "姓名": taken(county.name, everyone),
        "证件号码": taken(county.id_number, everyone),
        "户编号": taken(county.number, county.home[everyone]),
        "救助类别": picked(RELIEFS, kind),
        "状态": picked(("新增", "在享", "停发"), status),
        "类别等次": picked(("B类", "分散供养", "", ""), kind),
        "起始月份": month_texts(since, ""),
        "停发月份": month_texts(np.where(status == 2, month, NONE), ""),
        "停发原因": picked(("", "死亡", "迁出"), reason.astype(np.int64)),
        "月发放金额": figures(monthly),
        "临时救助金额": figures(single, single > 0),
        "保障人数": figures(size),
        "是否因灾救助": yes_no(disaster),
    }
    return columns, float(monthly.sum())
