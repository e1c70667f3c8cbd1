"""Applications, the comparison of assets that they allow, and the visits of cadres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.cadres import Cadres
from simulation.cases import ACCEPTED, APPLIED, COMPARED, ENDED, NONE, REFUSAL, Cases
from simulation.columns import Columns, day_texts, joined, only_where, padded, picked, taken, whole, yes_no
from simulation.defects import Defect
from simulation.draws import Flags, Ints, generator, sample
from simulation.monitoring import RISKS
from simulation.months import day_of, first_day_number
from simulation.story import Story, World

FORMS = ("书面申请", "手机APP", "咨询服务平台", "其他")
RESULTS = ("", "受理", "已纳入监测", "未纳入监测")
AGENTS = ("", "村干部", "扶贫小组长", "近亲属")
DEPARTMENTS = ("公安交警", "自然资源不动产", "人社", "银行", "金融", "农机")
HITS = ("有车辆", "有商品房或商铺", "有稳定工资", "存款较大", "其他", "有大型农机")
ROLES = ("乡村干部", "驻村干部", "扶贫小组长", "网格员", "帮扶责任人")


@dataclass(frozen=True)
class Applications:
    """One element an application: its case (no elimination has one), form, and the day of acceptance."""

    case: Ints
    applied: Ints
    accepted: Ints
    result: Ints
    form: Ints
    agent: Ints
    signed: Ints  # day of the authorisation, NONE if it was never given
    has_fingerprint: Flags
    is_told: Flags


def applications(world: World, story: Story, cases: Cases) -> Applications:
    """Every inclusion and every refusal begins with one."""
    rng = generator(world.seed, "applications", story.county.code)
    case = np.flatnonzero(cases.kind != 1)
    settled = np.where(cases.kind[case] == 0, cases.label[case], cases.label[case] - REFUSAL[ENDED])
    agent = np.where(rng.random(len(case)) < o.AGENT_SHARE, rng.integers(1, 4, len(case)), 0)
    applied = cases.day_of_step(APPLIED, case)
    signed, has_fingerprint, is_told = _breaches(world, story, cases, case, applied, agent)
    return Applications(
        case,
        applied,
        cases.day_of_step(ACCEPTED, case),
        settled,
        cases.form[case],
        agent,
        signed,
        has_fingerprint,
        is_told,
    )


def _breaches(
    world: World, story: Story, cases: Cases, case: Ints, applied: Ints, agent: Ints
) -> tuple[Ints, Flags, Flags]:
    """Forms signed after the comparison or never (R37), or filled in by another without a print or a word (R38)."""
    rng = generator(world.seed, "form_breaches", story.county.code)
    compared = np.flatnonzero(cases.skipped[case] != COMPARED)
    rows = sample(rng, compared, max(1, round(o.COMPARED_UNAUTHORISED_SHARE * len(compared))))
    signed = applied.copy()
    late = cases.day_of_step(COMPARED, case[rows]) + rng.integers(1, 9, len(rows))
    signed[rows] = np.where(rng.random(len(rows)) < 0.5, late, NONE)
    by_agent = np.flatnonzero(agent > 0)
    rows = sample(rng, by_agent, max(1, round(o.FORM_BREACH_SHARE * len(by_agent))))
    prints = rng.random(len(rows)) < 0.5
    has_fingerprint, is_told = agent > 0, np.ones(len(case), dtype=bool)
    has_fingerprint[rows[prints]], is_told[rows[~prints]] = False, False
    return signed, has_fingerprint, is_told


def form_defects(story: Story, cases: Cases, found: Applications) -> list[Defect]:
    """The planted breaches of the form, by application."""
    codes = [f"SQ{code[2:]}" for code in taken(cases.code, found.case).to_pylist()]
    numbers = taken(story.county.number, cases.household[found.case]).to_pylist()
    days = [day_of(int(d)).isoformat() for d in found.applied]
    kinds = {
        ("compared_unauthorised", "never_signed"): found.signed == NONE,
        ("compared_unauthorised", "signed_late"): (found.signed != NONE) & (found.signed > found.applied),
        ("form_by_agent", "no_fingerprint"): (found.agent > 0) & ~found.has_fingerprint,
        ("form_by_agent", "not_told"): ~found.is_told,
    }
    return [
        Defect(kind, "self_reports", codes[row], numbers[row], days[row], detail)
        for (kind, detail), flags in kinds.items()
        for row in np.flatnonzero(flags).tolist()
    ]


def application_columns(story: Story, cases: Cases, found: Applications, rows: Ints, state: Ints) -> Columns:
    """The list's rows of these applications. state: 0 received, 1 accepted, 2 settled; each has a row a state."""
    county, case = story.county, found.case[rows]
    home = cases.household[case]
    head = county.first_person[home]
    day = np.select([state == 0, state == 1], [found.applied[rows], found.accepted[rows]], found.result[rows])
    included = np.where(cases.kind[case] == 0, 2, 3)
    agent = found.agent[rows]
    signed = np.where((found.signed[rows] != NONE) & (found.signed[rows] <= day), found.signed[rows], NONE)
    code = pa.array([c[2:] for c in taken(cases.code, case).to_pylist()], pa.string())
    return {
        "申请编号": joined("SQ", code),
        "更新日期": day_texts(day),
        "村编码": whole(county.village[home]),
        "户编号": taken(county.number, home),
        "申请人姓名": taken(county.name, head),
        "申请人证件号码": taken(county.id_number, head),
        "申请方式": picked(FORMS, found.form[rows]),
        "申请日期": day_texts(found.applied[rows]),
        "乡镇收到日期": day_texts(found.applied[rows]),
        "受理日期": day_texts(np.where(state >= 1, found.accepted[rows], NONE)),
        "结果录入日期": day_texts(np.where(state == 2, found.result[rows], NONE)),
        "处理结果": picked(RESULTS, np.select([state == 0, state == 1], [0, 1], included)),
        "是否授权查询": yes_no(signed != NONE),
        "授权日期": day_texts(signed),
        "授权书编号": only_where(signed != NONE, joined("SQS", code)),
        "撤销授权日期": day_texts(np.full(len(rows), NONE)),
        "代填人身份": picked(AGENTS, agent),
        "是否按手印": yes_no(found.has_fingerprint[rows]),
        "是否告知农户": yes_no(found.is_told[rows]),
        "申请原因": picked(("家庭收入减少", "家庭成员患病，负担较重", "务工不稳"), case % 3),
    }


@dataclass(frozen=True)
class Comparisons:
    """One element a case and department: when it was asked and answered, and what it found (NONE: nothing)."""

    case: Ints
    department: Ints
    asked: Ints
    answered: Ints
    hit: Ints


def comparisons(world: World, story: Story, cases: Cases) -> Comparisons:
    """Six departments answer for each case that came to the comparison."""
    rng = generator(world.seed, "comparisons", story.county.code)
    compared = np.flatnonzero((cases.kind != 1) & (cases.skipped != COMPARED))
    case = np.repeat(compared, len(DEPARTMENTS))
    department = np.tile(np.arange(len(DEPARTMENTS)), len(compared))
    asked = cases.day_of_step(COMPARED, case)
    days = rng.integers(o.COMPARISON_DAYS[0], o.COMPARISON_DAYS[1] + 1, len(case))
    late = rng.random(len(case)) < o.COMPARISON_LATE_SHARE
    answered = asked + np.where(late, rng.integers(9, 30, len(case)), days)
    hit = rng.random(len(case)) < np.where(cases.kind[case] == 2, 0.25, 0.015)
    return Comparisons(case, department, asked, answered, np.where(hit, department, NONE).astype(np.int64))


def comparison_columns(story: Story, cases: Cases, found: Comparisons, first: int, last: int) -> Columns:
    """Requests made or answered from one day to another, as they stand at the second."""
    touched = (found.asked <= last) & ((found.asked >= first) | ((found.answered >= first) & (found.answered <= last)))
    rows = np.flatnonzero(touched)
    case, known = found.case[rows], found.answered[rows] <= last
    hit = known & (found.hit[rows] != NONE)
    code = pa.array([c[2:] for c in taken(cases.code, case).to_pylist()], pa.string())
    return {
        "比对申请编号": joined("BD", code),
        "户编号": taken(story.county.number, cases.household[case]),
        "比对部门": picked(DEPARTMENTS, found.department[rows]),
        "发起日期": day_texts(found.asked[rows]),
        "反馈日期": day_texts(np.where(known, found.answered[rows], NONE)),
        "是否命中": only_where(known, yes_no(hit)),
        "命中类别": only_where(known, picked(("无", *HITS), np.where(hit, found.hit[rows] + 1, 0))),
        "命中项数": only_where(known, whole(hit.astype(np.int64))),
        "反馈单位": only_where(known, joined("县", picked(DEPARTMENTS, found.department[rows]))),
    }


@dataclass(frozen=True)
class Visits:
    """One element a visit, in the order of entry. risk: position in RISKS of what was found, NONE for nothing."""

    day: Ints
    entered: Ints
    household: Ints
    role: Ints
    cadre: Ints
    risk: Ints


def visits(world: World, story: Story, cases: Cases, cadres: Cadres) -> Visits:
    """Monitored households month by month, lifted-out ones once or twice a year, few others; finds become cases."""
    county, monitored = story.county, story.turns.before
    rng = generator(world.seed, "visits", county.code)
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    days, homes = [], []
    for month in world.months:
        begin, length = first_day_number(month), first_day_number(month + 1) - first_day_number(month)
        rows = monitored.watched_in(month)
        home = monitored.household[rows[rng.random(len(rows)) < o.VISIT_SHARE_MONITORED]]
        homes.append(home)
        days.append(begin + rng.integers(0, length, len(home)))
    years = (end - first) / 365.25
    for group, flags in (("lifted_out", county.is_lifted_out), ("ordinary", ~county.is_lifted_out)):
        pool = np.flatnonzero(flags)
        home = rng.choice(pool, round(o.VISITS_A_YEAR[group] * years * len(pool))) if len(pool) else pool
        homes.append(home)
        days.append(rng.integers(first, end, len(home)))
    by_cadre = np.flatnonzero((cases.kind == 0) & (cases.channel == 1))
    homes.append(cases.household[by_cadre])
    days.append(cases.day_of_step(APPLIED, by_cadre) - rng.integers(1, 6, len(by_cadre)))
    home, day = np.concatenate(homes), np.concatenate(days)
    risk = np.full(len(home), NONE)
    risk[len(home) - len(by_cadre) :] = monitored.risk[cases.monitored[by_cadre]]
    role = rng.integers(0, len(ROLES), len(home))
    role = np.where((risk == NONE) | (role != 4), role, 3)
    # The same household, day and role once.
    _, once = np.unique((day * county.households + home) * len(ROLES) + role, return_index=True)
    once = np.union1d(once, np.flatnonzero(risk != NONE))
    lag = rng.integers(o.VISIT_ENTRY_LAG_DAYS[0], o.VISIT_ENTRY_LAG_DAYS[1] + 1, len(home))
    entered = np.maximum(day + lag, first)
    cadre = cadres.of_township(rng, county.township[home])
    ended = np.full(county.households, NONE)
    ended[monitored.household] = story.turns.end_day()
    once = once[(ended[home[once]] == NONE) | (day[once] < ended[home[once]])]
    order = once[np.argsort(entered[once], kind="stable")]
    return Visits(day[order], entered[order], home[order], role[order], cadre[order], risk[order])


def visit_columns(story: Story, found: Visits, rows: slice, unsafe: tuple[Flags, Flags], month: int) -> Columns:
    """The list's rows of these visits, told in that month. unsafe: without safe water, and without a safe house."""
    county, home = story.county, found.household[rows]
    risk = found.risk[rows]
    finds = risk != NONE
    return {
        "走访日期": day_texts(found.day[rows]),
        "户编号": taken(county.number, home),
        "走访人身份": picked(ROLES, found.role[rows]),
        "走访人工号": joined("GB", county.code, padded(found.cadre[rows], 5)),
        "村编码": whole(story.villages_in(month)[home]),
        "是否发现风险": yes_no(finds),
        "发现风险类型": picked(("", *RISKS), risk + 1),
        "饮水是否安全": yes_no(~unsafe[0][home]),
        "住房是否安全": yes_no(~unsafe[1][home]),
        "收入是否稳定": yes_no(~finds),
        "录入日期": day_texts(found.entered[rows]),
        "走访情况": picked(("家庭情况稳定", "已了解家庭困难，建议申请"), finds.astype(np.int64)),
    }
