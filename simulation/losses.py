"""What disasters cost single households: the emergency bureau's statements, first high, then verified lower."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation import office_assumptions as o
from simulation.columns import Columns, day_texts, figures, picked, taken, texts_of, whole, yes_no
from simulation.disasters import Disaster
from simulation.draws import Flags, Floats, Ints, generator, sample
from simulation.months import day_number
from simulation.story import Story, World

STAGES = ("初报", "核报")
HOUSE = ("无", "一般损坏", "严重损坏", "倒塌")
NONE = -1
_VERIFIED_AFTER_DAYS = 24
_DAMAGE_OF = {"暴雨": 1, "冰雹": 2, "大风": 2, "火灾": 3}  # positions in the building bureau's kinds
_GRAIN_A_MU = 1_800.0


@dataclass(frozen=True)
class Losses:
    """One element a household and disaster."""

    event: Ints  # position in events
    events: tuple[Disaster, ...]
    household: Ints
    day: Ints
    house: Ints
    area: Floats  # mu hit
    ruined: Floats  # mu without harvest
    animals: Ints
    loss: Floats
    insured: Flags
    claims: Floats
    verified: Floats  # share of the first statement that the verified one keeps

    def house_damage(self, first: int, last: int, households: int) -> tuple[Ints, Ints]:
        """By household the day and kind of damage to the house between these days: NONE and 0 without."""
        day, kind = np.full(households, NONE, dtype=np.int64), np.zeros(households, dtype=np.int64)
        rows = np.flatnonzero((self.house > 0) & (self.day >= first) & (self.day <= last))
        day[self.household[rows]] = self.day[rows]
        kind[self.household[rows]] = [_DAMAGE_OF.get(self.events[e].hazard_text, 2) for e in self.event[rows].tolist()]
        return day, kind


def losses_of(world: World, story: Story, disasters: Sequence[Disaster]) -> Losses:
    """The county's households that each disaster hit; in the hazard shock those whose income fell."""
    county = story.county
    events = tuple(d for d in disasters if d.county == county.code)
    place = {t.code: i for i, t in enumerate(county.townships)}
    before = story.statements.portfolios[-1]
    impacts = {i.shock.number: i for i in story.impacts}
    parts: list[tuple[int, Ints]] = []
    for number, disaster in enumerate(events):
        rng = generator(world.seed, "losses", disaster.event_code)
        for town, share in zip(disaster.townships, disaster.affected, strict=True):
            here = county.township == place[town]
            grows = here & ((before.grain + before.fruit) > 0)
            wanted = round(share * float(here.sum()))
            if disaster.is_shock and disaster.shock_number in impacts:
                fall = impacts[disaster.shock_number].fall
                fell = np.flatnonzero(grows & (fall > 0))
                hardest = fell[np.argsort(-fall[fell], kind="stable")]
                parts.append((number, np.sort(hardest[:wanted])))
            elif disaster.hazard_text == "火灾":
                parts.append((number, sample(rng, np.flatnonzero(here), 1)))
            else:
                parts.append((number, sample(rng, np.flatnonzero(grows), wanted)))
    event = np.concatenate([np.empty(0, dtype=np.int64), *(np.full(len(h), n) for n, h in parts)]).astype(np.int64)
    home = np.concatenate([np.empty(0, dtype=np.int64), *(h for _, h in parts)]).astype(np.int64)
    rng = generator(world.seed, "losses", county.code)
    severity = np.array([e.severity for e in events])[event] if events else np.empty(0)
    fire = np.array([e.hazard_text == "火灾" for e in events])[event] if events else np.empty(0, dtype=bool)
    wet = np.array([e.hazard_text in _DAMAGE_OF for e in events])[event] if events else np.empty(0, dtype=bool)
    shock = np.array([e.is_shock for e in events])[event] if events else np.empty(0, dtype=bool)
    number_of_event = np.array([e.shock_number for e in events], dtype=np.int64)[event] if events else event
    area = np.where(fire, 0.0, np.round(before.grain[home] / _GRAIN_A_MU + before.fruit[home] / 3_500.0, 1))
    lost = (before.grain[home] + before.fruit[home]) * severity
    for number, impact in impacts.items():
        mine = shock & (number_of_event == number)
        fallen = (impact.before.grain + impact.before.fruit - impact.after.grain - impact.after.fruit)[home]
        lost = np.where(mine, np.maximum(fallen, 0.0), lost)
    draw = rng.random(len(home))
    damaged = wet & (draw < np.where(shock, 0.01, 0.006))
    house = np.where(fire, np.where(draw < 0.3, 2, 1), np.where(damaged, 1, 0)).astype(np.int64)
    lost = np.where(fire, 3_000 + 15_000 * severity, lost) + np.where(damaged, 2_000.0, 0.0)
    claims = before.claims[home] * 0.0
    for number, impact in impacts.items():
        paid = impact.after.claims - impact.before.claims
        claims = np.where(shock & (number_of_event == number), paid[home], claims)
    return Losses(
        event,
        events,
        home,
        np.array([day_number(e.occurred_at.date()) for e in events], dtype=np.int64)[event] if events else home,
        house,
        area,
        np.where(severity > 0.5, np.round(area * 0.5, 1), 0.0).astype(np.float64),
        np.where((before.hog[home] > 0) & (draw > 0.98), 2, 0).astype(np.int64),
        np.rint(np.maximum(lost, 50.0)),
        claims > 0,
        claims,
        rng.uniform(*o.EMERGENCY_CORRECTED, len(home)),
    )


def loss_columns(story: Story, found: Losses, first: int, last: int) -> Columns:
    """The statements made from one day to another: the first two days after the event, the verified one weeks later."""
    county = story.county
    told = [
        np.flatnonzero((found.day + wait >= first) & (found.day + wait <= last)) for wait in (2, _VERIFIED_AFTER_DAYS)
    ]
    rows = np.concatenate(told)
    stage = np.repeat([0, 1], [len(t) for t in told])
    share = np.where(stage == 1, found.verified[rows], 1.0)
    events = found.event[rows]
    codes = texts_of([e.event_code for e in found.events])
    hazards = texts_of([e.hazard_text for e in found.events])
    home = found.household[rows]
    claimed = (stage == 1) & found.insured[rows]
    return {
        "灾情编号": taken(codes, events),
        "户编号": taken(county.number, home),
        "报告阶段": picked(STAGES, stage),
        "报告日期": day_texts(found.day[rows] + np.where(stage == 1, _VERIFIED_AFTER_DAYS, 2)),
        "村编码": whole(county.village[home]),
        "灾害类型": taken(hazards, events),
        "发生日期": day_texts(found.day[rows]),
        "房屋受损": picked(HOUSE, found.house[rows]),
        "受灾面积": figures(np.round(found.area[rows] * share, 1)),
        "绝收面积": figures(np.round(found.ruined[rows] * share, 1)),
        "死亡牲畜数": figures(found.animals[rows]),
        "直接经济损失": figures(np.rint(found.loss[rows] * share)),
        "已发救助": figures(np.where(stage == 1, np.rint(found.loss[rows] * 0.05), 0.0)),
        "是否参保": yes_no(found.insured[rows]),
        "理赔金额": figures(np.where(claimed, found.claims[rows], 0.0)),
    }
