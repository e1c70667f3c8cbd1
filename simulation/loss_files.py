"""Disasters as the emergency desks tell them: a call within minutes, then reports that replace each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np

from simulation import assumptions as a
from simulation import identity
from simulation.disasters import FIRE, Disaster
from simulation.draws import generator, one_between
from simulation.inbox import Inbox
from simulation.regions import names
from simulation.statements import Cell, Statements, columns_of, silent_weeks, stamp
from simulation.story import World

LOSS_HEADERS = (
    "灾情编号",
    "乡镇代码",
    "报告阶段",
    "上报时间",
    "灾害种类",
    "发生时间",
    "受灾人口",
    "紧急转移安置人口",
    "因灾死亡人口",
    "因灾失踪人口",
    "农作物受灾面积",
    "农作物成灾面积",
    "农作物绝收面积",
    "倒塌房屋户数",
    "损坏房屋户数",
    "受灾户数",
    "直接经济损失",
    "农业经济损失",
)
DUTY_HEADERS = (
    "报告编号",
    "报告时间",
    "报告人",
    "报告人电话",
    "报告人身份",
    "发生地点",
    "地区代码",
    "灾害类型",
    "发生时间",
    "受灾户数",
    "受灾人口",
    "农作物受灾面积",
    "倒塌房屋户数",
    "灾情编号",
    "情况说明",
)
_TITLE = "自然灾害损失情况统计"
_AREAS = {"亩": (1.0, 1), "公顷": (15.0, 2), "千公顷": (15_000.0, 5)}  # 亩 that one is; decimals written
_MONEY = {"元": (1.0, 2), "万元": (1e4, 2), "亿元": (1e8, 6)}
_AREA_HEADERS, _MONEY_HEADERS = LOSS_HEADERS[10:13], LOSS_HEADERS[16:]
_ROLES = ("乡镇值班员", "村干部", "网格员", "群众")
_LASTS_DAYS = {"干旱": 3.0}  # a drought's reports follow each other so many times slower


@dataclass(frozen=True)
class Layout:
    """How one clerk writes units. where: in a unit line, in the headings, or after the figure in each cell."""

    area: str
    money: str
    area_where: str
    money_where: str


LAYOUTS = (
    Layout("亩", "元", "line", "line"),
    Layout("公顷", "万元", "line", "line"),
    Layout("千公顷", "亿元", "line", "line"),
    Layout("亩", "万元", "cell", "heading"),
    Layout("公顷", "万元", "heading", "heading"),
)


@dataclass(frozen=True)
class Loss:
    """What one township had lost in the end."""

    households: int
    affected_mu: float
    damaged_mu: float
    no_harvest_mu: float
    collapsed: int
    damaged: int
    relocated: int

    @property
    def agricultural(self) -> float:
        return self.no_harvest_mu * 1_800 + (self.damaged_mu - self.no_harvest_mu) * 700

    @property
    def direct(self) -> float:
        houses = a.LOSS_YUAN_PER_HOUSE
        return self.agricultural + self.collapsed * houses["collapsed"] + self.damaged * houses["damaged"]


def losses(world: World, disaster: Disaster) -> list[Loss]:
    """The true losses of a disaster, township by township."""
    found = []
    collapsed_share, damaged_share = a.HOUSES_HIT_SHARE.get(disaster.hazard_text, (0.0, 0.0))
    for share in disaster.affected:
        hit = max(1, round(share * world.households_per_township))
        land = hit * a.LOSS_MU_PER_HOUSEHOLD
        damaged = land * min(1.0, 0.3 + disaster.severity)
        collapsed = round(hit * collapsed_share) if disaster.is_shock else 0
        found.append(
            Loss(
                hit,
                land,
                damaged,
                damaged * max(0.0, disaster.severity - 0.3),
                collapsed,
                round(hit * damaged_share),
                round(collapsed * a.PERSONS_PER_HOUSEHOLD * 2),
            )
        )
    return found


def _times(rng: np.random.Generator, disaster: Disaster) -> list[tuple[str, datetime]]:
    slow = _LASTS_DAYS.get(disaster.hazard_text, 1.0) if disaster.is_shock else 1.0
    first = disaster.occurred_at + timedelta(hours=one_between(rng, a.LOSS_FIRST_HOURS))
    follow_up = disaster.occurred_at + timedelta(days=slow * one_between(rng, a.LOSS_FOLLOW_UP_DAYS))
    verified = disaster.occurred_at + timedelta(days=slow * one_between(rng, a.LOSS_VERIFIED_DAYS))
    moments = (m.replace(microsecond=0) for m in (first, follow_up, verified))
    return list(zip(("初报", "续报", "核报"), moments, strict=True))


def _figures(loss: Loss, stage: str, factor: float) -> dict[str, Cell]:
    households = max(1, round(loss.households * factor))
    verified = stage == "核报"
    return {
        "受灾人口": round(households * a.PERSONS_PER_HOUSEHOLD),
        "紧急转移安置人口": loss.relocated,
        "因灾死亡人口": 0,
        "因灾失踪人口": 0,
        "农作物受灾面积": loss.affected_mu * factor,
        "农作物成灾面积": loss.damaged_mu * factor if stage != "初报" else None,
        "农作物绝收面积": loss.no_harvest_mu * factor if stage != "初报" else None,
        "倒塌房屋户数": loss.collapsed if verified else round(loss.collapsed * factor),
        "损坏房屋户数": loss.damaged if verified else round(loss.damaged * factor),
        # The first report counts people; households are known when somebody has been there.
        "受灾户数": households if stage != "初报" else None,
        "直接经济损失": loss.direct * factor if stage != "初报" else None,
        "农业经济损失": loss.agricultural * factor if verified else None,
    }


def in_layout(layout: Layout, rows: list[dict[str, Cell]]) -> tuple[tuple[str, ...], list[dict[str, Cell]], list[str]]:
    """Headers, rows and unit line (or none) with areas (亩) and amounts (yuan) as that clerk writes them."""
    renamed = {h: h for h in LOSS_HEADERS}
    written = [dict(row) for row in rows]
    line = []
    for headers, unit, where, sizes in (
        (_AREA_HEADERS, layout.area, layout.area_where, _AREAS),
        (_MONEY_HEADERS, layout.money, layout.money_where, _MONEY),
    ):
        size, decimals = sizes[unit]
        for row in written:
            for header in headers:
                figure = row[header]
                if isinstance(figure, float):
                    number = round(figure / size, decimals)
                    row[header] = f"{number:.{decimals}f}{unit}" if where == "cell" else number
        if where == "heading":
            renamed |= {h: f"{h}（{unit}）" for h in headers}
        elif where == "line":
            line.append(unit)
    named = [{renamed[h]: row.get(h) for h in LOSS_HEADERS} for row in written]
    return tuple(renamed.values()), named, [f"单位：{'、'.join(line)}"] if line else []


def _write_losses(world: World, inbox: Inbox, disasters: list[Disaster]) -> None:
    spoken = set()
    for disaster in disasters:
        rng = generator(world.seed, "loss_reports", disaster.event_code)
        true = losses(world, disaster)
        for number, (stage, reported) in enumerate(_times(rng, disaster)):
            factors = rng.uniform(*a.LOSS_STAGE_FACTOR[stage], len(true))
            layout = LAYOUTS[int(rng.integers(len(LAYOUTS)))]
            is_late = rng.random() < a.LOSS_LATE_SHARE
            hours = one_between(rng, a.LOSS_LATE_HOURS if is_late else a.LOSS_ON_THE_WAY_HOURS)
            head: dict[str, Cell] = {
                "灾情编号": disaster.event_code,
                "报告阶段": stage,
                "上报时间": stamp(reported),
                "灾害种类": disaster.hazard_text,
                "发生时间": stamp(disaster.occurred_at),
            }
            rows: list[dict[str, Cell]] = [
                {**head, "乡镇代码": township.ljust(12, "0"), **_figures(loss, stage, float(factor))}
                for township, loss, factor in zip(disaster.townships, true, factors, strict=True)
            ]
            headers, written, units = in_layout(layout, rows)
            # The event's day and number and the stage make the name the report's own.
            tail = f"{disaster.occurred_at:%m%d}{disaster.event_code[16:]}{number + 1}"
            name = f"{_TITLE}_{disaster.county}_{reported:%Y%m%d}{tail}.xlsx"
            received = reported + timedelta(hours=hours)
            spoken.add(received.date())
            inbox.write_xlsx(
                "loss_reports", name, columns_of(headers, written), received, above=(f"{_TITLE}表", *units)
            )
    nil = Statements("loss_reports", _TITLE, LOSS_HEADERS)
    for day in silent_weeks(world, spoken):
        nil.write_nil(inbox, day)


def _village(world: World, rng: np.random.Generator, code: str) -> str:
    villages = next(t.villages for t in world.townships if t.code == code)
    return villages[int(rng.integers(len(villages)))].name


def _call(world: World, disaster: Disaster, rng: np.random.Generator) -> dict[str, Cell]:
    township = disaster.townships[0]
    loss = losses(world, disaster)[0]
    author = identity.person_names(rng, np.arange(1, dtype=np.int64))[0].as_py()
    seen = max(1, round(loss.households * one_between(rng, (0.2, 1.2))))
    is_fire = disaster.hazard_text == FIRE
    return {
        "报告编号": disaster.event_code.replace("ZQ", "ZB"),
        "报告人": author,
        "报告人电话": f"100{int(rng.integers(10**8)):08d}",  # no such number is ever given out
        "报告人身份": _ROLES[int(rng.integers(len(_ROLES)))],
        "发生地点": f"{names()[township]}{_village(world, rng, township)}",
        "地区代码": township.ljust(12, "0"),
        "灾害类型": disaster.hazard_text,
        "发生时间": stamp(disaster.occurred_at),
        "受灾户数": seen if rng.random() < 0.7 else None,
        "受灾人口": round(seen * a.PERSONS_PER_HOUSEHOLD) if rng.random() < 0.5 else None,
        "农作物受灾面积": None if is_fire else f"{seen * a.LOSS_MU_PER_HOUSEHOLD:.0f}亩",
        "情况说明": f"{disaster.hazard_text}，详情待核" if rng.random() < 0.5 else None,
    }


def _write_calls(world: World, inbox: Inbox, disasters: list[Disaster]) -> None:
    desk = Statements("duty_reports", "值班电话报告", DUTY_HEADERS)
    for disaster in disasters:
        rng = generator(world.seed, "duty_reports", disaster.event_code)
        call = _call(world, disaster, rng)
        moment = disaster.occurred_at + timedelta(minutes=one_between(rng, a.DUTY_MINUTES))
        desk.say(disaster.townships[0], moment, {**call, "报告时间": stamp(moment)})
        if rng.random() < a.DUTY_RECONCILED_SHARE:
            later = moment + timedelta(hours=one_between(rng, a.DUTY_RECONCILED_HOURS))
            known: dict[str, Cell] = {"报告时间": stamp(later), "灾情编号": disaster.event_code}
            desk.say(disaster.county, later, {**call, **known})
    desk.write(world, inbox)


def write_losses(world: World, inbox: Inbox, disasters: list[Disaster]) -> None:
    """Calls to the duty desk about every disaster, and the reports about all but fires, which the brigade tells."""
    _write_calls(world, inbox, disasters)
    _write_losses(world, inbox, [d for d in disasters if d.hazard_text != FIRE])
