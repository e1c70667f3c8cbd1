"""The other offices' hazards: fires, animal disease, epidemics, public emergencies, pests and geological points."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np

from simulation import assumptions as a
from simulation.disasters import FIRE, Disaster
from simulation.draws import generator, one_between
from simulation.inbox import Inbox
from simulation.months import at, compact, dashed, first_day, last_day, number_of, office_moment
from simulation.regions import Region, Township, names
from simulation.statements import WHOLE, Cell, Statements, columns_of, stamp
from simulation.story import World

FIRE_HEADERS = (
    *("火灾编号", "报告时间", "发生时间", "村编码", "户编号", "火灾类型", "烧毁房屋户数", "受灾户数", "死亡人数"),
    *("受伤人数", "过火面积", "直接经济损失"),
)
DISEASE_HEADERS = (
    *("疫情编号", "报告日期", "乡镇代码", "疫病名称", "畜种", "确诊日期", "存栏数", "发病数", "死亡数", "扑杀数"),
    *("状态", "解除日期"),
)
EPIDEMIC_HEADERS = (
    *("事件编号", "地区代码", "通告时间", "疾病名称", "管控级别", "管控开始", "管控结束", "累计病例", "隔离人数"),
    *("停工企业数", "受影响务工人数"),
)
EMERGENCY_HEADERS = (
    *("事件编号", "报告时间", "事件类别", "事件级别", "发生地点", "地区代码", "发生时间", "结束时间", "影响人数"),
    *("影响户数", "停业单位数", "停业天数", "直接经济损失"),
)
POINT_HEADERS = (
    *("统计月份", "隐患点编号", "村编码", "灾害类型", "风险等级", "威胁户数", "威胁人数", "巡查日期", "状态"),
    "险情日期",
)
PEST_HEADERS = ("乡镇代码", "作物", "病虫名称", "调查日期", "发生面积", "重发面积", "防治面积", "发生程度", "发展趋势")
_DISEASES = (("非洲猪瘟", "猪"), ("高致病性禽流感", "禽"), ("小反刍兽疫", "羊"), ("牛结节性皮肤病", "牛"))
_EMERGENCIES = (
    ("事故灾难", "道路交通事故"),
    ("环境污染", "河道水质异常"),
    ("食品安全", "集体用餐异常"),
    ("其他", "停水停电"),
)
_PESTS = (  # crop, pest, first and last month of its season; None: no county of its own
    ("小麦", "条锈病", 3, 5, None),
    ("小麦", "赤霉病", 4, 5, None),
    ("小麦", "蚜虫", 4, 5, None),
    ("玉米", "草地贪夜蛾", 6, 8, None),
    ("玉米", "玉米螟", 6, 8, None),
    ("梨", "梨小食心虫", 5, 8, ("341321", "341322")),
    ("梨", "黑星病", 5, 7, ("341321", "341322")),
)
_SEVERITY = ((0.03, "轻发生"), (0.07, "偏轻发生"), (0.12, "中等发生"), (0.16, "偏重发生"), (1.0, "大发生"))
_POINT_KINDS = {"341302": "采煤塌陷", "341322": "崩塌"}


def _drawn_village(rng: np.random.Generator, township: Township) -> Region:
    return township.villages[int(rng.integers(len(township.villages)))]


def _write_fires(world: World, inbox: Inbox, disasters: list[Disaster]) -> None:
    """A first word the same day, and a second with the household's number, the loss and the injured."""
    brigade = Statements("fires", "火灾事故报告", FIRE_HEADERS)
    by_code = {t.code: t for t in world.townships}
    for fire in (d for d in disasters if d.hazard_text == FIRE):
        rng = generator(world.seed, "fires", fire.event_code)
        village = _drawn_village(rng, by_code[fire.townships[0]])
        burnt = max(1, round(fire.affected[0] * world.households_per_township))
        is_house = rng.random() < 0.75
        first = fire.occurred_at + timedelta(hours=one_between(rng, (0.5, 3.0)))
        second = first + timedelta(days=one_between(rng, (1.5, 9.0)))
        said: dict[str, Cell] = {
            "火灾编号": fire.event_code,
            "发生时间": stamp(fire.occurred_at),
            "村编码": village.code,
            "火灾类型": "住宅" if is_house else "农田秸秆",
            "烧毁房屋户数": burnt if is_house else 0,
            "受灾户数": burnt,
            "死亡人数": 0,
        }
        brigade.say(fire.county, first, {**said, "报告时间": stamp(first)})
        known: dict[str, Cell] = {
            "报告时间": stamp(second),
            # Each village's households are numbered from one.
            "户编号": f"{village.code}{int(rng.integers(1, 4)):08d}" if is_house and burnt == 1 else None,
            "受伤人数": int(rng.random() < 0.1),
            "过火面积": None if is_house else f"{one_between(rng, (0.5, 12.0)):.1f}亩",
            "直接经济损失": float(round(burnt * one_between(rng, (8_000, 90_000)), 2)) if is_house else 1_500.0,
        }
        brigade.say(fire.county, second, {**said, **known})
    brigade.write(world, inbox)


def _rare(world: World, feed: str) -> list[tuple[np.random.Generator, int, date, Township]]:
    """Each rare event of a feed: its generator, number, day and township. There is always at least one."""
    rng = generator(world.seed, feed)
    begin, end = first_day(world.first_month), last_day(world.last_month)
    # Not in the very last days: what follows an event should still arrive.
    length = max(1, (end - begin).days - 20)
    count = 1 + int(rng.poisson(a.RARE_EVENTS_A_YEAR[feed] * len(world.months) / 12))
    offsets = sorted(int(o) for o in rng.integers(0, length, count))
    towns = rng.integers(0, len(world.townships), count)
    return [
        (generator(world.seed, feed, number), number, begin + timedelta(days=offset), world.townships[int(town)])
        for number, (offset, town) in enumerate(zip(offsets, towns, strict=True), start=1)
    ]


def _write_disease(world: World, inbox: Inbox) -> None:
    office = Statements("animal_disease", "动物疫情报告", DISEASE_HEADERS)
    for rng, number, day, township in _rare(world, "animal_disease"):
        disease, species = _DISEASES[int(rng.integers(len(_DISEASES)))]
        stock = int(rng.integers(40, 900))
        ill = max(2, round(stock * one_between(rng, (0.02, 0.15))))
        confirmed, lifted = day + timedelta(days=2), day + timedelta(days=int(rng.integers(30, 45)))
        for status, stated, cases, dead, culled in (
            ("疑似", day, ill, ill // 3, None),
            ("封锁", confirmed, ill * 2, ill, stock - ill),
            # Laboratories clear some of the first cases: the last figure is the lower one.
            ("解除", lifted, ill * 2 - ill // 2, ill, stock - ill),
        ):
            office.say(
                township.county,
                at(stated, 16.0),
                {
                    "疫情编号": f"DW{township.county}{day:%Y%m%d}{number}",
                    "报告日期": stated.isoformat(),
                    "乡镇代码": township.region_code,
                    "疫病名称": disease,
                    "畜种": species,
                    "确诊日期": confirmed.isoformat() if stated >= confirmed else None,
                    "存栏数": stock,
                    "发病数": cases,
                    "死亡数": dead,
                    "扑杀数": culled,
                    "状态": status,
                    "解除日期": lifted.isoformat() if status == "解除" else None,
                },
            )
    office.write(world, inbox)


def _write_epidemics(world: World, inbox: Inbox) -> None:
    office = Statements("epidemic", "疫情防控通告", EPIDEMIC_HEADERS)
    for rng, number, day, township in _rare(world, "epidemic"):
        closed_to = day + timedelta(days=int(rng.integers(7, 15)))
        workers = int(rng.integers(20, 120))
        for level, said, cases in (("管控", day, 3), ("解除", closed_to, int(rng.integers(3, 15)))):
            moment = at(said, one_between(rng, (8.0, 20.0)))
            office.say(
                township.county,
                moment,
                {
                    "事件编号": f"YQ{township.county}{day:%Y%m%d}{number}",
                    "地区代码": township.region_code,
                    "通告时间": stamp(moment),
                    "疾病名称": "季节性流感" if day.month in (11, 12, 1, 2, 3) else "诺如病毒感染",
                    "管控级别": level,
                    "管控开始": day.isoformat(),
                    "管控结束": closed_to.isoformat() if level == "解除" else None,
                    "累计病例": cases,
                    "隔离人数": cases * 6 if level == "管控" else 0,
                    "停工企业数": 1 if level == "管控" else 0,
                    "受影响务工人数": workers if level == "管控" else 0,
                },
            )
    office.write(world, inbox)


def _write_emergencies(world: World, inbox: Inbox) -> None:
    office = Statements("public_emergencies", "突发公共事件", EMERGENCY_HEADERS)
    for rng, number, day, township in _rare(world, "public_emergencies"):
        kind, _ = _EMERGENCIES[int(rng.integers(len(_EMERGENCIES)))]
        began = at(day, one_between(rng, (5.0, 20.0)))
        ended = began + timedelta(hours=one_between(rng, (6.0, 60.0)))
        persons = int(rng.integers(10, 400))
        for said, is_last in ((began + timedelta(hours=1.5), False), (ended + timedelta(hours=5), True)):
            loss = float(round(persons * one_between(rng, (50, 900)), 2))
            office.say(
                township.county,
                said,
                {
                    "事件编号": f"TF{township.county}{day:%Y%m%d}{number}",
                    "报告时间": stamp(said),
                    "事件类别": kind,
                    "事件级别": "一般",
                    "发生地点": names()[township.code],
                    "地区代码": township.region_code,
                    "发生时间": stamp(began),
                    "结束时间": stamp(ended) if is_last else None,
                    "影响人数": persons if is_last else None,
                    "影响户数": round(persons / a.PERSONS_PER_HOUSEHOLD) if is_last else None,
                    "停业单位数": int(rng.integers(0, 4)),
                    "停业天数": (ended - began).days if is_last else None,
                    "直接经济损失": loss if is_last else None,
                },
            )
    office.write(world, inbox)


def _write_points(world: World, inbox: Inbox) -> None:
    """Once a quarter, all points: their grade changes seldom, and none has failed."""
    rng = generator(world.seed, "geological_points")
    points: list[dict[str, Cell]] = []
    for township in world.townships:
        low, high = a.GEOLOGICAL_POINTS_PER_TOWNSHIP.get(township.county, (0, 0))
        for _ in range(int(rng.integers(low, high + 1))):
            households = int(rng.integers(*a.GEOLOGICAL_HOUSEHOLDS))
            points.append(
                {
                    "隐患点编号": f"DZ{township.code}{len(points) + 1:03d}",
                    "村编码": _drawn_village(rng, township).code,
                    "灾害类型": _POINT_KINDS[township.county],
                    "风险等级": ("低", "中", "高")[int(rng.integers(3))],
                    "威胁户数": households,
                    "威胁人数": round(households * a.PERSONS_PER_HOUSEHOLD),
                }
            )
    for month in (m for m in world.months if number_of(m) % 3 == 0):
        part = generator(world.seed, "geological_points", month)
        inspected = part.integers(1, 28, len(points))
        treated = part.random(len(points)) < 0.1
        rows: list[dict[str, Cell]] = [
            {
                **point,
                "统计月份": dashed(month),
                "巡查日期": first_day(month).replace(day=int(day)).isoformat(),
                "状态": "治理中" if is_treated else "监测中",
            }
            for point, day, is_treated in zip(points, inspected, treated, strict=True)
        ]
        moment = office_moment(part, month + 1, (5, 9))
        name = f"地质灾害隐患点_{WHOLE}_{compact(month)}.xlsx"
        inbox.write_xlsx(
            "geological_points", name, columns_of(POINT_HEADERS, rows), moment, above=("地质灾害隐患点台账",)
        )


def _pest_rows(world: World, day: date) -> list[dict[str, Cell]]:
    rng = generator(world.seed, "crop_pests", day.isoformat())
    rows: list[dict[str, Cell]] = []
    for township in world.townships:
        land = world.households_per_township * a.LOSS_MU_PER_HOUSEHOLD
        for crop, pest, first, last, counties in _PESTS:
            if not first <= day.month <= last or (counties and township.county not in counties):
                continue
            # Rising to the middle of the season and falling after it.
            passed = (day.month - first + day.day / 31) / (last - first + 1)
            share = one_between(rng, a.PEST_AREA_SHARE) * float(np.sin(np.pi * min(1.0, passed)))
            affected = land * share * (0.3 if crop == "梨" else 0.8)
            rows.append(
                {
                    "乡镇代码": township.region_code,
                    "作物": crop,
                    "病虫名称": pest,
                    "调查日期": day.isoformat(),
                    "发生面积": f"{affected:.1f}",
                    "重发面积": f"{affected * a.PEST_SEVERE_SHARE:.1f}" if share > 0.1 else "",
                    "防治面积": f"{affected * one_between(rng, (0.5, 1.2)):.1f}",
                    "发生程度": next(word for bound, word in _SEVERITY if share <= bound),
                    "发展趋势": "上升" if passed < 0.4 else "平稳" if passed < 0.6 else "下降",
                }
            )
    return rows


def _write_pests(world: World, inbox: Inbox) -> None:
    """Every Tuesday of the season, for the whole prefecture."""
    begin, end = first_day(world.first_month), last_day(world.last_month)
    for day in (begin + timedelta(days=n) for n in range((end - begin).days + 1)):
        if day.weekday() == 1 and 3 <= day.month <= 8:
            columns = columns_of(PEST_HEADERS, _pest_rows(world, day))
            name = f"农作物病虫情报_{WHOLE}_{day:%Y%m%d}.csv"
            moment = at(day + timedelta(days=2), 15.0)
            inbox.write_csv("crop_pests", name, columns, moment, above=("单位：亩",))


def write_hazards(world: World, inbox: Inbox, disasters: list[Disaster]) -> None:
    """The six feeds of these offices."""
    _write_fires(world, inbox, disasters)
    _write_disease(world, inbox)
    _write_epidemics(world, inbox)
    _write_emergencies(world, inbox)
    _write_points(world, inbox)
    _write_pests(world, inbox)
