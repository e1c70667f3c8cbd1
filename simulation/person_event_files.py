"""The police's list of deaths, moves and accidents, and the banks' small loans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.columns import (
    Columns,
    constant,
    day_texts,
    joined,
    only_where,
    padded,
    picked,
    taken,
    whole,
    yes_no,
    yuan,
)
from simulation.draws import Flags, Floats, Ints, generator, sample
from simulation.hardship import ILLNESS
from simulation.lives import MOVED, STAYS, Lives
from simulation.months import dashed, day_numbers, first_day_number
from simulation.story import Story, World

KINDS = ("死亡", "迁出", "交通事故")
ACCIDENT = 2
INJURIES = ("轻伤", "重伤")
LIABILITIES = ("主责", "同责", "次责", "无责")
TARGETS = ("江苏省苏州市", "安徽省合肥市", "浙江省宁波市", "上海市松江区")
LENDERS = ("农村商业银行", "邮政储蓄银行宿州分行", "农业银行县支行")
LOAN_USES = ("种植", "养殖", "加工", "经营")
CLASSES = ("正常", "关注", "次级")
NONE = -1


@dataclass(frozen=True)
class PersonEvents:
    """One element an event; injury is a position in INJURIES, NONE where there is none."""

    person: Ints
    kind: Ints
    day: Ints
    injury: Ints
    liability: Ints
    main_earner: Flags


def person_events(world: World, story: Story, lives: Lives, drawn: Lives) -> PersonEvents:
    """Deaths and moves as they befell the county, the accidents behind lost incomes, and light ones of others.

    drawn: the lives before the turns of monitored households, whose members' going is added to them.
    """
    first = _drawn_events(world, story, drawn)
    here = (first.kind != ACCIDENT) | (first.day < lives.gone[first.person])
    added = np.flatnonzero(lives.gone != drawn.gone)
    count = len(added)
    turned = PersonEvents(
        added,
        np.where(lives.why[added] == MOVED, 1, 0),
        lives.gone[added],
        np.full(count, NONE),
        np.zeros(count, dtype=np.int64),
        np.zeros(count, dtype=bool),
    )
    names = PersonEvents.__dataclass_fields__
    return PersonEvents(*(np.concatenate([getattr(first, name)[here], getattr(turned, name)]) for name in names))


def _drawn_events(world: World, story: Story, lives: Lives) -> PersonEvents:
    county, events = story.county, story.hardship
    rng = generator(world.seed, "police", county.code)
    gone = np.flatnonzero(lives.gone < STAYS)
    struck = np.flatnonzero((events.reason == 2) & (events.kind != ILLNESS))
    order = np.flatnonzero(county.is_worker)[::-1]
    earner = county.first_person.copy()
    earner[county.home[order]] = order
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    hurt = earner[events.household[struck]]
    hurt_day = np.maximum(first, day_numbers(events.month[struck]) - rng.integers(3, 40, len(struck)))
    years = (end - first) / 365.25
    staying = np.flatnonzero((lives.gone == STAYS) & (county.age >= 15))
    light = sample(rng, staying, round(o.ACCIDENTS_A_YEAR * years * county.persons))
    counts = [len(gone), len(struck), len(light)]
    person = np.concatenate([gone, hurt, light])
    kind = np.concatenate([np.where(lives.why[gone] == MOVED, 1, 0), np.full(len(struck) + len(light), ACCIDENT)])
    return PersonEvents(
        person,
        kind.astype(np.int64),
        np.concatenate([lives.gone[gone], hurt_day, rng.integers(first, end, len(light))]),
        np.concatenate([np.full(counts[0], NONE), np.ones(counts[1]), np.zeros(counts[2])]).astype(np.int64),
        rng.integers(0, len(LIABILITIES), len(person)),
        np.repeat([False, True, False], counts),
    )


def event_columns(story: Story, found: PersonEvents, first: int, last: int) -> Columns:
    """The events from one day to another."""
    county = story.county
    rows = np.flatnonzero((found.day >= first) & (found.day <= last))
    rows = rows[np.argsort(found.day[rows], kind="stable")]
    _, once = np.unique(found.person[rows] * 4 + found.kind[rows], return_index=True)
    rows = rows[np.sort(once)]
    person, kind = found.person[rows], found.kind[rows]
    hurt = kind == ACCIDENT
    grave = hurt & (found.injury[rows] == 1)
    return {
        "发生日期": day_texts(found.day[rows]),
        "姓名": taken(county.name, person),
        "证件号码": taken(county.id_number, person),
        "户编号": taken(county.number, county.home[person]),
        "事件类别": picked(KINDS, kind),
        "登记日期": day_texts(np.minimum(found.day[rows] + 1 + rows % 4, last)),
        "户籍地代码": whole(county.village[county.home[person]]),
        "事故伤情": only_where(hurt, picked(INJURIES, np.maximum(found.injury[rows], 0))),
        "事故责任": only_where(hurt, picked(LIABILITIES, found.liability[rows])),
        "是否主要劳动力": yes_no(found.main_earner[rows]),
        "迁往地": only_where(kind == 1, picked(TARGETS, rows % len(TARGETS))),
        "赔偿金额": only_where(hurt, yuan(np.where(grave, 12_000.0 + 1_000.0 * (rows % 30), 800.0))),
    }


@dataclass(frozen=True)
class Loans:
    """One element a loan. late_from: the day from which it is overdue, NONE for those that are paid back."""

    household: Ints
    issued: Ints
    due: Ints
    amount: Floats
    lender: Ints
    use: Ints
    late_from: Ints


def loans_of(world: World, story: Story) -> Loans:
    """Small loans of lifted-out households that can work. Those who lost their income fall behind more often."""
    county, events = story.county, story.hardship
    rng = generator(world.seed, "loans", county.code)
    pool = np.flatnonzero(county.is_lifted_out & (county.workers > 0))
    home = sample(rng, pool, round(o.LOAN_SHARE * len(pool)))
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    issued = first + rng.integers(-700, end - first, len(home))
    due = issued + np.where(rng.random(len(home)) < 0.5, 365, 730)
    struck = np.full(county.households, NONE)
    fell = np.flatnonzero(events.kind != ILLNESS)
    struck[events.household[fell]] = day_numbers(events.month[fell]) + 40
    hard = struck[home] != NONE
    late = rng.random(len(home)) < np.where(hard, o.LOAN_OVERDUE_HARDSHIP, o.LOAN_OVERDUE_SHARE)
    # Who is struck before the loan falls due misses it; who was not forgets it for some weeks.
    late &= ~hard | (due >= struck[home])
    amount = np.rint(rng.uniform(*o.LOAN_YUAN, len(home)) / 1_000) * 1_000
    return Loans(
        home,
        issued,
        due,
        amount,
        rng.integers(0, len(LENDERS), len(home)),
        rng.integers(0, len(LOAN_USES), len(home)),
        np.where(late, due, NONE),
    )


def loan_columns(story: Story, found: Loans, month: int) -> tuple[Columns, float]:
    """The loans open at the month's end, and the sum of their balances. Paid back loans are gone a month later."""
    county = story.county
    first, day = first_day_number(month), first_day_number(month + 1) - 1
    overdue_days = np.where((found.late_from != NONE) & (found.late_from < day), day - found.late_from, 0)
    rows = np.flatnonzero((found.issued <= day) & ((found.due >= first) | (overdue_days > 0)))
    home = found.household[rows]
    head = county.first_person[home]
    days = overdue_days[rows]
    paid = (found.due[rows] <= day) & (days == 0)
    balance = np.where(paid, 0.0, found.amount[rows])
    columns: dict[str, pa.Array] = {
        "统计月份": constant(dashed(month), len(rows)),
        "借据编号": joined("JJ", county.code, padded(rows, 7)),
        "户编号": taken(county.number, home),
        "借款人姓名": taken(county.name, head),
        "借款人证件号码": taken(county.id_number, head),
        "放款机构": picked(LENDERS, found.lender[rows]),
        "贷款金额": yuan(found.amount[rows]),
        "贷款余额": yuan(balance),
        "放款日期": day_texts(found.issued[rows]),
        "到期日期": day_texts(found.due[rows]),
        "逾期天数": whole(days),
        "逾期金额": yuan(np.where(days > 0, balance, 0.0)),
        "五级分类": picked(CLASSES, np.select([days > 90, days > 0], [2, 1], 0)),
        "是否贴息": yes_no(np.ones(len(rows), dtype=bool)),
        "用途": picked(LOAN_USES, found.use[rows]),
    }
    return columns, float(balance.sum())
