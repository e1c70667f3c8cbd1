"""The prefecture's official divisions, which townships are simulated, and their invented villages.

regions_3413.csv restates the statistics bureau's codes (cut-off 2023-06-30) as collected by
modood/Administrative-divisions-of-China@57a0aa9, licence WTFPL.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from simulation import assumptions as a
from simulation.draws import generator

PREFECTURE = "3413"
RURAL_COUNTIES = ("341302", "341321", "341322", "341323", "341324")
_VILLAGE_FIRST = (
    "王李张刘陈杨赵周吴徐孙朱马胡郭高梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈"
    "曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆"
    "郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
_VILLAGE_LAST = (
    "庄",
    "楼",
    "寨",
    "集",
    "圩",
    "营",
    "店",
    "桥",
    "湖",
    "沟",
    "园",
    "湾",
    "口",
    "庙",
    "堂",
    "集南",
    "集北",
    "前庄",
    "后庄",
)


@dataclass(frozen=True)
class Region:
    """One division: its short statistical code, its name, its level and its parent's code."""

    code: str
    name: str
    level: str
    parent: str


@dataclass(frozen=True)
class Township:
    """A simulated township: 9-digit code, its county's 6 digits, its villages with their shares of the households."""

    code: str
    name: str
    county: str
    villages: tuple[Region, ...]
    village_shares: tuple[float, ...]

    @property
    def region_code(self) -> str:
        return self.code.ljust(12, "0")


@cache
def divisions() -> tuple[Region, ...]:
    """The province's row and every official division of the prefecture, county before township."""
    path = Path(__file__).with_name("regions_3413.csv")
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(Region(**row) for row in csv.DictReader(lines))


@cache
def names() -> dict[str, str]:
    """Names of the official divisions by short code."""
    return {r.code: r.name for r in divisions()}


def _is_rural(code: str) -> bool:
    """Towns and townships come before streets and development zones."""
    return 100 <= int(code[6:]) < 400


def _in_drawn_order(rng: np.random.Generator, codes: list[str]) -> list[str]:
    drawn = [codes[i] for i in rng.permutation(len(codes))]
    return sorted(drawn, key=lambda c: not _is_rural(c))


def _villages(rng: np.random.Generator, township: Region) -> tuple[tuple[Region, ...], tuple[float, ...]]:
    count = int(rng.integers(a.VILLAGES_PER_TOWNSHIP[0], a.VILLAGES_PER_TOWNSHIP[1] + 1))
    firsts = rng.permutation(len(_VILLAGE_FIRST))[:count]
    lasts = rng.integers(0, len(_VILLAGE_LAST), count)
    made = tuple(
        Region(f"{township.code}{201 + i}", f"{_VILLAGE_FIRST[f]}{_VILLAGE_LAST[last]}村", "village", township.code)
        for i, (f, last) in enumerate(zip(firsts, lasts, strict=True))
    )
    shares = rng.dirichlet(np.full(count, 12.0))
    return made, tuple(float(s) for s in shares)


def choose_townships(seed: int, count: int) -> tuple[Township, ...]:
    """So many townships, counties in turn, zones last; in code order. Raises ValueError if there are fewer."""
    by_county: dict[str, list[str]] = {c: [] for c in RURAL_COUNTIES}
    known = {r.code: r for r in divisions() if r.level == "township"}
    if not 1 <= count <= len(known):
        raise ValueError(f"townships must lie between 1 and {len(known)}, not {count}")
    zones = sorted(c for c in known if c[:6] not in RURAL_COUNTIES)
    for code in known:
        if code[:6] in by_county:
            by_county[code[:6]].append(code)
    queues = {c: _in_drawn_order(generator(seed, "townships", c), codes) for c, codes in by_county.items()}
    turns = [queues[c][turn] for turn in range(len(known)) for c in RURAL_COUNTIES if turn < len(queues[c])]
    taken = sorted((turns + zones)[:count])
    made = []
    for code in taken:
        villages, shares = _villages(generator(seed, "villages", code), known[code])
        made.append(Township(code, known[code].name, code[:6], villages, shares))
    return tuple(made)


def counties_of(townships: tuple[Township, ...]) -> tuple[str, ...]:
    """The townships' counties, each once, in code order."""
    return tuple(sorted({t.county for t in townships}))
