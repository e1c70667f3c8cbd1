"""The market supervision's list of businesses: households' own, and the operators that lead them; changes only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from simulation import office_assumptions as o
from simulation.cadres import Cadres
from simulation.columns import Columns, constant, day_texts, joined, only_where, padded, picked, taken, whole, yuan
from simulation.draws import Ints, generator
from simulation.months import day_numbers, first_day_number
from simulation.operators import FINE, Industry
from simulation.register_details import Habits
from simulation.story import Story, World

STATES = ("存续", "经营异常", "注销")
KINDS = ("企业", "农民专业合作社", "个体工商户", "家庭农场")
ROLES = ("法定代表人", "经营者")
_OPERATOR_KIND = np.array([0, 1, 0, 3, 2])  # of the agriculture bureau's kinds
_TRADES = ("便民超市", "小吃店", "农资店", "理发店", "修理铺", "运输户")
_NAMES = ("兴农", "皖北", "梨乡", "富民", "金穗", "丰源", "汴河", "众鑫")
NONE = -1


@dataclass(frozen=True)
class Business:
    """Households' shops, one element each: owner, when registered, when closed (NONE if open)."""

    household: Ints
    registered: Ints
    closed: Ints


def businesses(world: World, story: Story, habits: Habits) -> Business:
    """Households that live from trade have a registered shop; few of them close."""
    county = story.county
    rng = generator(world.seed, "businesses", county.code)
    home = np.flatnonzero((story.statements.portfolios[0].other > 0) & (habits.trade == 2))
    first, end = first_day_number(world.first_month), first_day_number(world.last_month + 1)
    share = o.BUSINESS_CLOSED_A_YEAR * (end - first) / 365.25
    closed = np.where(rng.random(len(home)) < share, rng.integers(first, end, len(home)), NONE)
    return Business(home, first - rng.integers(100, 3_000, len(home)), closed)


def business_columns(
    story: Story, found: Business, industry: Industry, cadres: Cadres, first: int, last: int, *, opening: bool
) -> Columns:
    """All businesses at the opening; later those whose state changed from one day to another."""
    county = story.county
    shops = np.arange(len(found.household)) if opening else np.empty(0, dtype=np.int64)
    closing = np.flatnonzero((found.closed >= first) & (found.closed <= last))
    shop = np.concatenate([shops, closing])
    closed_on = day_numbers(np.where(industry.closes == FINE, 0, industry.closes)) + 9
    odd_on = industry.abnormal
    closed_on = np.where(industry.closes == FINE, NONE, closed_on)
    firms = np.arange(len(industry.closes)) if opening else np.empty(0, dtype=np.int64)
    odd = np.flatnonzero((odd_on >= first) & (odd_on <= last))
    shut = np.flatnonzero((closed_on >= first) & (closed_on <= last))
    firm = np.concatenate([firms, odd, shut])
    state = np.concatenate(
        [np.zeros(len(shops)), np.full(len(closing), 2), np.zeros(len(firms)), np.ones(len(odd)), np.full(len(shut), 2)]
    ).astype(np.int64)
    # At the opening the register shows how things stood on the eve of the first month.
    eve = np.full(max(len(shops), len(firms)), first - 1)
    day = np.concatenate([eve[: len(shops)], found.closed[closing], eve[: len(firms)], odd_on[odd], closed_on[shut]])
    head = county.first_person[found.household[shop]]
    chief = (industry.operator_town[firm] * cadres.per_township + firm % cadres.per_township).astype(np.int64)
    villages = [t.region_code for t in county.townships]
    count = len(shop) + len(firm)
    is_firm = np.arange(count) >= len(shop)
    shop_code = joined("92", county.code, padded(shop, 10))
    return {
        "统一社会信用代码": pa.concat_arrays([shop_code, taken(industry.operator_code, firm)]),
        "状态日期": day_texts(day),
        "法定代表人或经营者": pa.concat_arrays([taken(county.name, head), taken(cadres.name, chief)]),
        "证件号码": pa.concat_arrays([taken(county.id_number, head), taken(cadres.id_number, chief)]),
        "名称": pa.concat_arrays(
            [
                joined(picked(_NAMES, shop % len(_NAMES)), picked(_TRADES, shop % len(_TRADES))),
                joined(picked(_NAMES, industry.operator_name[firm]), "农业经营主体"),
            ]
        ),
        "主体类型": picked(
            KINDS, np.concatenate([np.full(len(shop), 2), _OPERATOR_KIND[industry.operator_kind[firm]]])
        ),
        "人员身份": picked(ROLES, (~is_firm).astype(np.int64)),
        "成立日期": day_texts(np.concatenate([found.registered[shop], np.full(len(firm), first - 1_500)]))
        if opening
        else constant("", count),
        "登记状态": picked(STATES, state),
        "列入异常日期": only_where(state == 1, day_texts(day)),
        "注册资本": yuan(np.where(is_firm, 500_000.0, 20_000.0)),
        "住所地代码": pa.concat_arrays(
            [whole(county.village[found.household[shop]]), picked(villages, industry.operator_town[firm])]
        ),
    }
