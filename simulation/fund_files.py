"""Money: payments out of funds to households and projects, funds' balances that balance, and what society gave."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.columns import (
    Columns,
    constant,
    day_texts,
    figures,
    joined,
    only_where,
    padded,
    picked,
    taken,
    texts_of,
    whole,
    yuan,
)
from simulation.draws import generator
from simulation.measure_files import Measures, payments_of
from simulation.monitoring import TYPES
from simulation.months import compact, dashed, first_day_number
from simulation.operators import Industry
from simulation.regions import Township
from simulation.story import Story, World

FUNDS = ("县级救助基金", "乡级救助基金", "防贫保险")
KINDS = ("衔接资金", "县级救助基金", "乡级救助基金", "防贫保险", "社会捐赠", "其他")
_KIND_OF_SOURCE = (0, 0, 1, 4, 3, 5)  # of SOURCES: which fund pays
USES = ("健康", "生活救助", "就业", "生活救助", "教育", "生活救助")  # by risk


@dataclass
class Purse:
    """The funds of one county and its townships, month after month."""

    balance: dict[str, int]  # yuan by fund code
    rows: dict[int, list[tuple[str, str, str, int, int, int, int]]] = field(default_factory=dict)


def purse_of(county: str, townships: tuple[Township, ...]) -> Purse:
    """The funds before the first month."""
    balance = {f"JJ{county}01": o.FUND_OPENING[FUNDS[0]], f"JJ{county}03": o.FUND_OPENING[FUNDS[2]]}
    return Purse(balance | {f"JJ{t.code}02": o.FUND_OPENING[FUNDS[1]] for t in townships})


def payment_columns(
    world: World, story: Story, found: Measures, industry: Industry, purse: Purse, month: int
) -> Columns:
    """The month's payments; what funds paid leaves their balances, and what they raised comes in."""
    county = story.county
    rng = generator(world.seed, "payments", county.code, month)
    first, last = first_day_number(month), first_day_number(month + 1) - 1
    rows = payments_of(found, first, last)
    home = found.household[rows]
    kind = np.array(_KIND_OF_SOURCE)[found.source[rows]] if len(rows) else np.empty(0, dtype=np.int64)
    # A township's fund pays every second of its people's relief.
    kind = np.where((kind == 1) & (rows % 2 == 0), 2, kind)
    place = np.full(county.households, 0)
    place[story.monitored.household] = story.monitored.kind
    projects = industry.paid_in(month)
    days = np.concatenate([found.started[rows], np.full(len(projects), first + 14)])
    amount = np.concatenate([found.amount[rows], industry.invested[projects] * 0.1])
    _pay(world, story, purse, month, rng, kind, county.township[home], found.amount[rows].astype(np.int64))
    none = constant("", len(projects))
    villages = whole(county.village[home])
    return {
        "支付编号": joined("ZF", county.code, compact(month), padded(np.arange(1, len(days) + 1), 5)),
        "支付日期": day_texts(days),
        "资金类别": pa.concat_arrays([picked(KINDS, kind), constant("衔接资金", len(projects))]),
        "使用地区代码": pa.concat_arrays([villages, whole(industry.village[projects])]),
        "户编号": pa.concat_arrays([taken(county.number, home), none]),
        "项目编码": pa.concat_arrays([constant("", len(rows)), taken(industry.code, projects)]),
        "对象类别": pa.concat_arrays([picked(TYPES, place[home]), none]),
        "用途": pa.concat_arrays([picked(USES, found.risk[rows]), constant("产业", len(projects))]),
        "支付金额": yuan(amount),
        "文号": only_where(np.arange(len(days)) >= len(rows), constant(f"{compact(month)[:4]}年第1号", len(days))),
    }


def _pay(
    world: World,
    story: Story,
    purse: Purse,
    month: int,
    rng: np.random.Generator,
    kind: np.ndarray[tuple[int], np.dtype[np.int64]],
    township: np.ndarray[tuple[int], np.dtype[np.int64]],
    amount: np.ndarray[tuple[int], np.dtype[np.int64]],
) -> None:
    county = story.county.code
    funds = [(f"JJ{county}01", FUNDS[0], county, kind == 1), (f"JJ{county}03", FUNDS[2], county, kind == 3)]
    for place, town in enumerate(story.county.townships):
        funds.append((f"JJ{town.code}02", FUNDS[1], town.code, (kind == 2) & (township == place)))
    for code, name, region, mine in funds:
        opening, paid = purse.balance[code], int(amount[mine].sum())
        raised = int(rng.integers(*o.FUND_RAISED_A_MONTH[name]))
        raised = max(raised, paid - opening)  # a fund never pays what it does not have
        purse.balance[code] = opening + raised - paid
        purse.rows.setdefault(month, []).append((code, name, region, opening, raised, paid, int(mine.sum())))


def balance_columns(purses: list[Purse], month: int) -> Columns:
    """The funds of the whole prefecture in that month: opening, raised, paid, closing."""
    rows = sorted(row for purse in purses for row in purse.rows.get(month, []))
    codes, names, regions = ([str(r[i]) for r in rows] for i in range(3))
    opening, raised, paid, helped = (np.array([int(r[i]) for r in rows], dtype=np.int64) for i in range(3, 7))
    return {
        "统计月份": constant(dashed(month), len(rows)),
        "基金编码": texts_of(codes),
        "资金类别": texts_of(names),
        "地区代码": texts_of(regions),
        "期初余额": yuan(opening.astype(np.float64)),
        "本期筹集": yuan(raised.astype(np.float64)),
        "本期支出": yuan(paid.astype(np.float64)),
        "期末余额": yuan((opening + raised - paid).astype(np.float64)),
        "救助户数": whole(helped),
    }


PARTNERS = ("市直机关工会", "砀山梨业协会", "宿州商会", "某国有银行宿州分行", "皖北志愿服务队", "某农业龙头企业")
HELPS = ("消费帮扶", "结对帮扶", "万企兴万村", "捐赠", "志愿服务")
PRODUCTS = ("酥梨", "面粉", "粉丝", "山芋", "")


def social_columns(world: World, month: int) -> Columns:
    """What society gave in the prefecture's simulated townships in that month."""
    rng = generator(world.seed, "social", month)
    count = int(rng.poisson(1.5 * len(world.townships)))
    kind = rng.integers(0, len(HELPS), count)
    town = rng.integers(0, len(world.townships), count)
    first = first_day_number(month)
    sells = kind == 0
    amount = np.rint(rng.uniform(20, 900, count)) * 100
    return {
        "记录编号": joined("SH", compact(month), padded(np.arange(1, count + 1), 5)),
        "帮扶日期": day_texts(first + rng.integers(0, 28, count)),
        "帮扶类别": picked(HELPS, kind),
        "帮扶单位": picked(PARTNERS, rng.integers(0, len(PARTNERS), count)),
        "受益地区代码": picked([t.region_code for t in world.townships], town),
        "户编号": constant("", count),
        "受益户数": figures(rng.integers(1, 120, count)),
        "产品": only_where(sells, picked(PRODUCTS, rng.integers(0, len(PRODUCTS) - 1, count))),
        "数量（公斤）": figures(np.rint(amount / 6).astype(np.int64), sells),
        "金额": figures(amount),
    }
