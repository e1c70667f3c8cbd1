"""The few concentrated relocation sites: where they lie, who lives there, and their monthly report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation.columns import Columns
from simulation.draws import Ints, generator, one_between, sample
from simulation.employment import EMPLOYED, Labour
from simulation.months import dashed
from simulation.people import County
from simulation.regions import Township
from simulation.shocks import Shock


@dataclass(frozen=True)
class Site:
    """One site: its code and name, its township, its households."""

    code: str
    name: str
    township: str
    households: Ints


def site_townships(seed: int, townships: Sequence[Township]) -> tuple[str, ...]:
    """The townships that hold a site: one or two in a small world, and one in forty of a large one."""
    rng = generator(seed, "sites")
    most = max(1, round(a.SITE_TOWNSHIP_SHARE * len(townships))) if len(townships) < 40 else len(townships) // 40
    count = int(rng.integers(1, min(most, 3) + 1)) if len(townships) < 40 else most
    chosen = np.sort(rng.permutation(len(townships))[:count])
    return tuple(townships[i].code for i in chosen)


def settle_sites(seed: int, county: County, holding: Sequence[str]) -> tuple[Site, ...]:
    """The county's sites with their households: lifted-out ones that have someone able to work."""
    made = []
    for place, township in enumerate(county.townships):
        if township.code not in holding:
            continue
        rng = generator(seed, "site", township.code)
        pool = np.flatnonzero((county.township == place) & county.is_lifted_out & (county.workers > 0))
        wanted = round(one_between(rng, a.SITE_HOUSEHOLDS))
        households = sample(rng, pool, min(wanted, len(pool) // 2))
        made.append(Site(f"AZ{township.code}01", f"{township.name}集中安置点", township.code, households))
    return tuple(made)


@dataclass(frozen=True)
class SiteMonth:
    """One row of the monthly report."""

    site: Site
    persons: int
    labour: int
    employed: int
    labour_households: int
    zero_households: Ints


def report(county: County, site_place: int, site: Site, labour: Labour, status: Ints) -> SiteMonth:
    """The site in a month, from the same statuses that the employment bureau reports."""
    here = np.flatnonzero(labour.site == site_place)
    employed = status[here] == EMPLOYED
    households, inverse = np.unique(labour.household[here], return_inverse=True)
    at_work = np.bincount(inverse, weights=employed, minlength=len(households))
    return SiteMonth(
        site,
        int(county.size[site.households].sum()),
        len(here),
        int(employed.sum()),
        len(households),
        households[at_work == 0],
    )


def site_columns(month: int, rows: Sequence[SiteMonth], zero_before: dict[str, Ints]) -> Columns:
    """The report's sheet. zero_before: each site's zero-employment households a month ago: still so, still counted."""
    none = np.empty(0, dtype=np.int64)
    over = [len(np.intersect1d(r.zero_households, zero_before.get(r.site.code, none))) for r in rows]
    column, count = pa.array, partial(pa.array, type=pa.int64())
    return {
        "统计月份": column([dashed(month)] * len(rows)),
        "安置点编码": column([r.site.code for r in rows]),
        "安置点名称": column([r.site.name for r in rows]),
        "所在乡镇代码": column([r.site.township for r in rows]),
        "安置户数": count([len(r.site.households) for r in rows]),
        "安置人口": count([r.persons for r in rows]),
        "劳动力人数": count([r.labour for r in rows]),
        "已就业人数": count([r.employed for r in rows]),
        "有劳动力户数": count([r.labour_households for r in rows]),
        "零就业户数": count([len(r.zero_households) for r in rows]),
        "零就业超30天户数": count(over),
    }


def service_columns(seed: int, month: int, rows: Sequence[SiteMonth], shocks: Sequence[Shock]) -> Columns:
    """The sites' services in that month: nearly all live there, few owe fees, until a shock empties a site."""
    column, count = pa.array, partial(pa.array, type=pa.int64())
    drawn = [(r, generator(seed, "services", r.site.code)) for r in rows]
    homes = [len(r.site.households) for r in rows]
    empty = [int(rng.integers(0, 1 + size // 25)) for (_, rng), size in zip(drawn, homes, strict=True)]
    gone = [_emptied(r, month, shocks) for r in rows]
    away = [max(e, round(g * h)) for e, g, h in zip(empty, gone, homes, strict=True)]
    pupils = [r.persons // 7 for r in rows]
    complaints = [
        (month + h) % 3 if not g else round(one_between(rng, a.SITE_EMPTIED_COMPLAINTS) * h)
        for (_, rng), h, g in zip(drawn, homes, gone, strict=True)
    ]
    yes = column(["是"] * len(rows), pa.string())
    return {
        "统计月份": column([dashed(month)] * len(rows), pa.string()),
        "安置点编码": column([r.site.code for r in rows], pa.string()),
        "所在乡镇代码": column([r.site.township for r in rows], pa.string()),
        "安置户数": count(homes),
        "实际入住户数": count([h - n for h, n in zip(homes, away, strict=True)]),
        "户口迁入户数": count([h - max(2 * e, n) for h, e, n in zip(homes, empty, away, strict=True)]),
        "义务教育阶段人数": count(pupils),
        "就近入学人数": count([p - max(p // 20, round(g * p)) for p, g in zip(pupils, gone, strict=True)]),
        "医保转接人数": count(
            [r.persons - max(r.persons // 30, round(g * r.persons)) for r, g in zip(rows, gone, strict=True)]
        ),
        "安置人口": count([r.persons for r in rows]),
        "物业费欠缴户数": count([max(h // 12, round(g * h)) for h, g in zip(homes, gone, strict=True)]),
        "投诉信访件数": count(complaints),
        "是否建立社区组织": yes,
        "是否有综合服务站": yes,
        "是否建立党组织": yes,
    }


def _emptied(row: SiteMonth, month: int, shocks: Sequence[Shock]) -> float:
    """The share of a site's homes that stand empty in that month for a shock's sake."""
    here = [s for s in shocks if s.kind == "settlement" and row.site.township in s.townships]
    return max((s.size for s in here if s.holds_in(month)), default=0.0)
