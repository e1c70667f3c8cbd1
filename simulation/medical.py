"""The medical insurance list: what insured persons paid themselves, cumulative since January, county by county."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation.columns import Columns, constant, taken, yuan_from_fen
from simulation.draws import Floats, Ints, between, generator
from simulation.hardship import Hardship
from simulation.months import compact, day_numbers, number_of, year_of
from simulation.people import County

MONEY_HEADERS = ("总费用", "基本医保报销", "大病保险报销", "医疗救助报销", "合规自付费用")
CHRONIC_HEADER = "当月门诊慢特病自付"


@dataclass(frozen=True)
class CareYear:
    """A calendar year's bills of one county: each of a person, in a month, self-paid fen."""

    year: int
    person: Ints
    month: Ints
    self_pay: Ints
    basic_share: Floats  # of person in the whole county


def without_the_gone(bills: CareYear, gone: Ints) -> CareYear:
    """The same year without bills after a person left. gone: the day on which each person leaves."""
    months = day_numbers(bills.year * 12 + bills.month - 1)
    kept = months <= gone[bills.person]
    return replace(bills, person=bills.person[kept], month=bills.month[kept], self_pay=bills.self_pay[kept])


def _household_caps(county: County, net: Floats) -> Floats:
    """What a household without a serious illness pays in a year at most: never near a trigger."""
    margin = net - a.MONITORING_LINE * county.size
    cap = np.minimum(a.MEDICAL_HOUSEHOLD_CAP, a.MEDICAL_HOUSEHOLD_INCOME_CAP * net)
    return np.maximum(
        30.0, np.where(margin > 0, np.minimum(cap, a.MEDICAL_MARGIN_CAP * margin), np.minimum(cap, 300.0))
    )


def care(seed: int, county: County, net: Floats, events: Hardship, year: int) -> CareYear:
    """The bills of a year: small ones of many, large ones of those whom an illness struck. net: yuan a household."""
    rng = generator(seed, "medical", county.code, year)
    person = np.flatnonzero(rng.random(county.persons) < a.MEDICAL_PERSONS_PER_YEAR)
    amount = a.MEDICAL_SELF_PAY_MEDIAN * np.exp(rng.normal(0, a.MEDICAL_SELF_PAY_SIGMA, len(person)))
    home = county.home[person]
    paid = np.bincount(home, weights=amount, minlength=county.households)
    factor = np.minimum(1.0, _household_caps(county, net) / np.maximum(1.0, paid))
    fen = np.maximum(100, np.rint(amount * factor[home] * 100)).astype(np.int64)
    first = rng.integers(1, 13, len(person))
    second = np.minimum(12, first + rng.integers(0, 6, len(person)))
    part = np.rint(fen * between(rng, (0.4, 1.0), len(person))).astype(np.int64)
    ill = np.flatnonzero(events.is_illness & (events.month // 12 == year))
    return CareYear(
        year,
        np.concatenate([person, person, events.person[ill]]),
        np.concatenate([first, second, events.month[ill] % 12 + 1]).astype(np.int64),
        np.concatenate([part, fen - part, events.self_pay[ill] * 100]),
        between(rng, a.MEDICAL_BASIC_SHARE, county.persons),
    )


def cumulative(bills: CareYear, persons: int, month_number: int) -> Ints:
    """Self-paid fen of every person from January to that month."""
    due = bills.month <= month_number
    return np.rint(np.bincount(bills.person[due], weights=bills.self_pay[due], minlength=persons)).astype(np.int64)


def medical_columns(county: County, bills: CareYear, month: int) -> tuple[Columns, dict[str, int]]:
    """The list at the end of that month and the totals of its footer, in fen."""
    self_pay_all = cumulative(bills, county.persons, number_of(month))
    person = np.flatnonzero(self_pay_all > 0)
    self_pay = self_pay_all[person]
    basic = bills.basic_share[person]
    is_poor = county.is_lifted_out[county.home[person]]
    relief_share = np.where(is_poor, 0.08, 0.0)
    rough = self_pay / (1 - basic - relief_share - a.MEDICAL_OWN_LIST_SHARE)
    serious = np.rint(np.where(rough > 2_000_000, 0.1 * rough, 0)).astype(np.int64)
    basic_fen = np.rint(basic * rough).astype(np.int64)
    relief = np.rint(relief_share * rough).astype(np.int64)
    own = np.rint(a.MEDICAL_OWN_LIST_SHARE * rough).astype(np.int64)
    amounts = dict(
        zip(
            MONEY_HEADERS,
            (self_pay + serious + basic_fen + relief + own, basic_fen, serious, relief, self_pay),
            strict=True,
        )
    )
    columns: dict[str, pa.Array] = {
        "截止月份": constant(compact(month), len(person)),
        "姓名": taken(county.name, person),
        "证件号码": taken(county.id_number, person),
        "参保类型": constant("城乡居民基本医疗保险", len(person)),
        **{header: yuan_from_fen(fen) for header, fen in amounts.items()},
        CHRONIC_HEADER: yuan_from_fen(_outpatient(county, bills, month)[person]),
        "是否参保": constant("是", len(person)),
    }
    return columns, {header: int(fen.sum()) for header, fen in amounts.items()}


def _outpatient(county: County, bills: CareYear, month: int) -> Ints:
    """What the chronically ill paid at the outpatient desk in that month alone, fen by person: below the trigger."""
    now = bills.month == number_of(month)
    paid = np.bincount(bills.person[now], weights=bills.self_pay[now], minlength=county.persons).astype(np.int64)
    return np.where(county.health == 1, np.minimum(paid // 2, 100 * a.OUTPATIENT_MONTH_CAP), 0)


def frame_lines(county_name: str, month: int, totals: dict[str, int]) -> tuple[list[str], list[str]]:
    """The lines above the header and below the rows."""
    above = [
        f"宿州市{county_name}{year_of(month)}年{number_of(month)}月医保个人自付清单",
        f"填报单位：{county_name}医疗保障局,单位：元",
    ]
    cells = ["合计", "", "", "", *(f"{totals[h] // 100}.{totals[h] % 100:02d}" for h in MONEY_HEADERS), "", ""]
    return above, [",".join(cells), "填表人：　审核人："]
