"""Each inclusion and each elimination as a case that runs through the steps of the procedure, day by day.

A known small share of cases leaves a step out, cuts one short or turns the order round; refused applications are cases
that end early.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.columns import Columns, day_texts, joined, only_where, padded, picked, taken, whole
from simulation.defects import Defect
from simulation.draws import Flags, Ints, choose, generator, sample
from simulation.monitoring import NEVER
from simulation.months import day_numbers, day_of, first_day_number
from simulation.story import Story, World
from simulation.turns import CLEARED as WRONGLY_CLEARED

STEPS = (
    "农户申请",
    "乡镇受理",
    "小组评议",
    "数据比对",
    "村级核实",
    "村级评议",
    "村内公示",
    "乡镇审核",
    "县级备案",
    "公告",
    "系统标注",
    "调查核实",
    "民主评议",
    "批准公告",
    "风险消除标注",
    "终止",
)
APPLIED, ACCEPTED, GROUP, COMPARED, VERIFIED, REVIEWED, PUBLIC, TOWN, FILED, ANNOUNCED, LABELLED = range(11)
SURVEYED, DEMOCRATIC, APPROVED, CLEARED, ENDED = range(11, 16)
# Days before the label at which each step is done, and days that it lasts.
INCLUSION = {
    APPLIED: 26,
    ACCEPTED: 24,
    GROUP: 21,
    COMPARED: 20,
    VERIFIED: 14,
    REVIEWED: 13,
    PUBLIC: 12,
    TOWN: 5,
    FILED: 3,
    ANNOUNCED: 2,
    LABELLED: 0,
}
ELIMINATION = {SURVEYED: 20, DEMOCRATIC: 16, PUBLIC: 14, TOWN: 7, FILED: 5, APPROVED: 2, CLEARED: 0}
REFUSAL = {APPLIED: 26, ACCEPTED: 24, GROUP: 21, COMPARED: 20, VERIFIED: 14, ENDED: 10}
PUBLIC_DAYS = 6  # at least 5 (R43)
LATE_DAYS = 12  # beside the two of everyone: more than 7 working days
NONE = -1
SKIPPED = (GROUP, COMPARED, REVIEWED)
EVERY_STEP = -2  # of an elimination: the mark alone was set
SKIPPED_AT_THE_END = (DEMOCRATIC, TOWN, FILED, APPROVED, EVERY_STEP)
INCLUDES, ELIMINATES, REFUSES = range(3)


@dataclass(frozen=True)
class Cases:
    """One element a case. label: the day of the last step; defect: position in DEFECTS or NONE."""

    household: Ints
    kind: Ints  # INCLUDES, ELIMINATES or REFUSES
    label: Ints
    channel: Ints
    monitored: Ints  # position in the story's monitored list, NONE for a refusal
    defect: Ints
    skipped: Ints  # the step left out, NONE if none, EVERY_STEP if all but the last
    form: Ints  # how it was applied for
    is_late: Flags  # accepted after the seven working days
    is_turn: Flags  # a wrong elimination, drawn after all others
    code: pa.Array

    def day_of_step(self, step: int, cases: Ints) -> Ints:
        """When these cases (not eliminations) came to that step."""
        early = np.where((self.defect[cases] == o.DEFECTS.index("order_broken")) & (step == FILED), 8, 0)
        early += np.where(self.is_late[cases] & (step == APPLIED), LATE_DAYS, 0)
        return np.asarray(self.label[cases] - INCLUSION.get(step, REFUSAL.get(step, 0)) - early)


@dataclass(frozen=True)
class Steps:
    """One element a step taken."""

    case: Ints
    step: Ints
    day: Ints
    end: Ints  # NONE where the step takes no time
    entered: Ints


def open_cases(world: World, story: Story, settled: Ints) -> Cases:
    """The cases of the world's months. settled: households far above the line, of whom some apply in vain."""
    drawn = _with_broken_ladders(world, story, _drawn(world, story, settled))
    row = story.turns.of(WRONGLY_CLEARED)
    count = len(row)
    none = np.full(count, NONE, dtype=np.int64)
    zero = np.zeros(count, dtype=np.int64)
    label = day_numbers(story.monitored.eliminated[row]) + 11 + row % 16
    code = joined("AJ", story.county.code, padded(len(drawn.label) + np.arange(1, count + 1), 6))
    no, yes = np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
    home = story.monitored.household[row]
    wrong = Cases(home, zero + ELIMINATES, label, zero, row, none, none, zero, no, yes, code)

    def both(name: str) -> Any:
        parts = [getattr(drawn, name), getattr(wrong, name)]
        return pa.concat_arrays(parts) if name == "code" else np.concatenate(parts)

    return Cases(**{field.name: both(field.name) for field in fields(Cases)})


def _with_broken_ladders(world: World, story: Story, drawn: Cases) -> Cases:
    """Some eliminations leave a step out or all, cut the publicity short or turn the order round (R48)."""
    rng = generator(world.seed, "broken_ladders", story.county.code)
    pool = np.flatnonzero(drawn.kind == ELIMINATES)
    rows = sample(rng, pool, max(1, round(o.ELIMINATION_BREACH_SHARE * len(pool))))
    defect, skipped = drawn.defect.copy(), drawn.skipped.copy()
    defect[rows] = rng.integers(0, 3, len(rows))  # the first three of DEFECTS
    skipped[rows] = np.where(defect[rows] == 0, rng.choice(np.array(SKIPPED_AT_THE_END), len(rows)), NONE)
    return replace(drawn, defect=defect, skipped=skipped)


def _drawn(world: World, story: Story, settled: Ints) -> Cases:
    county, monitored = story.county, story.turns.before
    rng = generator(world.seed, "cases", county.code)
    first, last = world.first_month, world.last_month
    taken_in = np.flatnonzero((monitored.identified >= first) & (monitored.identified <= last))
    cleared = np.flatnonzero(
        (monitored.eliminated != NEVER) & (monitored.eliminated >= first) & (monitored.eliminated <= last)
    )
    # Somebody applies in vain even where nobody is included.
    refused = sample(rng, settled, 1 + round(o.REFUSED_APPLICATIONS * len(taken_in)))
    refused_month = rng.integers(first, last + 1, len(refused))
    row = np.concatenate([taken_in, cleared, np.full(len(refused), NONE)])
    kind = np.repeat(np.arange(3), [len(taken_in), len(cleared), len(refused)]).astype(np.int64)
    month = np.concatenate([monitored.identified[taken_in], monitored.eliminated[cleared], refused_month])
    count = len(row)
    defect = np.where((rng.random(count) < o.DEFECT_SHARE) & (kind == 0), rng.integers(0, len(o.DEFECTS), count), NONE)
    household = np.concatenate([monitored.household[row[kind < 2]], refused])
    label = day_numbers(month.astype(np.int64)) + rng.integers(11, 27, count)
    serial = np.arange(1, count + 1)
    channel = np.where(kind == 2, 0, choose(rng, tuple(o.CHANNELS.values()), count))
    # A household that applied by itself may do it anywhere; one that others found signs on paper.
    form = np.where(channel == 0, choose(rng, o.FORMS, count), 0)
    late = (rng.random(count) < o.LATE_ACCEPTANCE_SHARE) & ((form == 1) | (form == 2)) & (kind != 1)
    return Cases(
        household.astype(np.int64),
        kind,
        label,
        channel,
        row,
        defect.astype(np.int64),
        np.where(defect == 0, rng.choice(np.array(SKIPPED), count), NONE).astype(np.int64),
        form,
        late,
        np.zeros(count, dtype=bool),
        joined("AJ", county.code, padded(serial, 6)),
    )


def steps_of(world: World, story: Story, cases: Cases) -> Steps:
    """All steps of all cases; days before the world are kept, for the backlog is entered in its first week."""
    rng = generator(world.seed, "steps", story.county.code)
    parts: list[tuple[Ints, Ints, Ints]] = []
    for kind, plan in enumerate((INCLUSION, ELIMINATION, REFUSAL)):
        rows = np.flatnonzero(cases.kind == kind)
        for number, before in plan.items():
            # What eliminations leave out is taken out at the end, so that no other entry's lag changes.
            kept = rows if kind == ELIMINATES else rows[cases.skipped[rows] != number]
            day = cases.label[kept] - before
            if kind == INCLUDES:
                day = cases.day_of_step(number, kept)
            elif kind == ELIMINATES and number == FILED:
                day = np.where(cases.defect[kept] == o.DEFECTS.index("order_broken"), day - 4, day)
            parts.append((kept, np.full(len(kept), number), day))
    case, step, day = (np.concatenate([p[i] for p in parts]).astype(np.int64) for i in range(3))
    short = cases.defect[case] == o.DEFECTS.index("publicity_short")
    end = np.where(step == PUBLIC, day + np.where(short, 3, PUBLIC_DAYS), NONE)
    end = np.where(step == COMPARED, day + o.COMPARISON_DAYS[1], end)
    lag = np.where(cases.is_turn[case], 1 + case % 3, 0)
    lag[~cases.is_turn[case]] = rng.integers(0, 4, int(np.sum(~cases.is_turn[case])))
    lag = np.where(cases.defect[case] == o.DEFECTS.index("entered_late"), lag + 40, lag)
    entered = np.maximum(np.where(end == NONE, day, end) + lag, first_day_number(world.first_month))
    every = (cases.skipped[case] == EVERY_STEP) & (step != CLEARED)
    made = np.flatnonzero(~every & ((cases.kind[case] != ELIMINATES) | (cases.skipped[case] != step)))
    return Steps(case[made], step[made], day[made], end[made], entered[made])


def defects_of(story: Story, cases: Cases) -> list[Defect]:
    """The cases with a planted defect, and the applications accepted late."""
    rows = np.flatnonzero(cases.defect != NONE)
    codes = taken(cases.code, rows).to_pylist()
    households = taken(story.county.number, cases.household[rows]).to_pylist()
    found = []
    for row, code, household in zip(rows, codes, households, strict=True):
        kind = o.DEFECTS[int(cases.defect[row])]
        step = ""
        if cases.skipped[row] != NONE:
            step = "全部步骤" if cases.skipped[row] == EVERY_STEP else STEPS[int(cases.skipped[row])]
        day = day_of(int(cases.label[row])).isoformat()
        kind = f"elimination_{kind}" if cases.kind[row] == ELIMINATES else kind
        found.append(Defect(kind, "procedure_events", code, household, day, step))
    late = np.flatnonzero(cases.is_late)
    codes = taken(cases.code, late).to_pylist()
    households = taken(story.county.number, cases.household[late]).to_pylist()
    for row, code, household in zip(late, codes, households, strict=True):
        day = day_of(int(cases.label[row]) - INCLUSION[ACCEPTED]).isoformat()
        found.append(Defect("acceptance_late", "self_reports", f"SQ{code[2:]}", household, day, ""))
    wrong = np.flatnonzero(cases.is_turn)
    codes = taken(cases.code, wrong).to_pylist()
    households = taken(story.county.number, cases.household[wrong]).to_pylist()
    for row, code, household in zip(wrong, codes, households, strict=True):
        day = day_of(int(cases.label[row])).isoformat()
        found.append(Defect("cleared_without_labour", "national_monitored_export", code, household, day, ""))
    return found


def step_columns(story: Story, cases: Cases, steps: Steps, rows: Ints) -> Columns:
    """The townships' list of these steps."""
    county, case, step = story.county, steps.case[rows], steps.step[rows]
    home = cases.household[case]
    votes = np.isin(step, (GROUP, REVIEWED, DEMOCRATIC))
    meets = np.isin(step, (REVIEWED, DEMOCRATIC))
    # The same meeting on every page: drawn by case and step, not by delivery.
    mixed = (case * 31 + step * 7) % 11
    villagers = 12 + mixed
    against = np.where(cases.kind[case] == 2, villagers // 2 + 3, mixed % 3)
    ended = step == ENDED
    none_watched = (cases.defect[case] == o.DEFECTS.index("attendance_missing")) & meets
    public = step == PUBLIC
    kind_names = ("脱贫不稳定户", "边缘易致贫户", "突发严重困难户", "")
    monitored_kind = np.where(cases.kind[case] == 0, story.monitored.kind[np.maximum(cases.monitored[case], 0)], 3)

    def counted(flags: Flags, values: Ints) -> pa.Array:
        return only_where(flags, whole(values))

    level = np.select([step <= APPLIED, np.isin(step, (ACCEPTED, TOWN)), np.isin(step, (COMPARED, FILED))], [0, 1, 2])
    level = np.where(np.isin(step, (ANNOUNCED, LABELLED, APPROVED, CLEARED)), 2, level)
    result = np.select(
        [ended, public, votes & (cases.kind[case] == 2), votes], [1, 2, 1, 0], default=np.where(step == APPLIED, 4, 3)
    )
    return {
        "案件编号": taken(cases.code, case),
        "程序步骤": picked(STEPS, step),
        "办理日期": day_texts(steps.day[rows]),
        "户编号": taken(county.number, home),
        "程序类别": picked(("纳入", "风险消除", "纳入"), cases.kind[case]),
        "村编码": whole(county.village[home]),
        "结束日期": day_texts(steps.end[rows]),
        "村两委成员人数": counted(meets, 4 + mixed % 4),
        "驻村工作队人数": counted(meets, 1 + mixed % 3),
        "村监督委员会人数": counted(meets, np.where(none_watched, 0, 1 + mixed % 3)),
        "村民代表人数": counted(votes, villagers),
        "同意票数": counted(votes, villagers - against),
        "反对票数": counted(votes, against),
        "异议件数": counted(public, np.zeros(len(rows), dtype=np.int64)),
        "异议是否解决": picked(("", "是"), np.zeros(len(rows), dtype=np.int64)),
        "结果": picked(("通过", "不通过", "无异议", "已办理", ""), result),
        "拟定监测类别": picked(kind_names, monitored_kind),
        "办理单位": picked(("村民委员会", "乡镇人民政府", "县乡村振兴局"), level),
        "录入日期": day_texts(steps.entered[rows]),
    }
