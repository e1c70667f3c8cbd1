"""Names, identity numbers and household numbers that cannot belong to anyone."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation.columns import joined, padded, picked, whole
from simulation.draws import Floats, Ints, rank_within

_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
    "程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
)
_GIVEN = (
    "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英玉兰凤云飞鹏华"
    "建国志文海波春梅红燕宇浩然子轩梓涵欣怡佳雨泽思琪晨俊峰振东永福"
)
_RARE_GIVEN = "䶮㛃堃喆"
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2], dtype=np.int64)
_CHECK = tuple("10X98765432")
# GB/T 2260 knows no region 8399xx: no number that begins so was ever given to a person.
_LAST_PREFIX = 839999


def person_names(rng: np.random.Generator, family: Ints) -> pa.Array:
    """A name for each person; people of one family number share the surname."""
    count = len(family)
    surname = rng.integers(0, len(_SURNAMES), int(family.max()) + 1 if count else 0)[family]
    first = rng.integers(0, len(_GIVEN), count)
    rare = np.flatnonzero(rng.random(count) < a.RARE_CHARACTER_SHARE)
    first[rare] = len(_GIVEN) + rng.integers(0, len(_RARE_GIVEN), len(rare))
    second = np.where(rng.random(count) < 0.75, rng.integers(1, len(_GIVEN) + 1, count), 0)
    return joined(
        picked(tuple(_SURNAMES), surname),
        picked(tuple(_GIVEN + _RARE_GIVEN), first),
        picked(("", *_GIVEN), second),
    )


def id_numbers(rng: np.random.Generator, county_place: int, birth: Ints, is_male: Ints) -> pa.Array:
    """Resident numbers for one county: unassigned region, birth as yyyymmdd, odd sequence for men, valid check digit.

    GB 11643: weights and check characters as in rules.md §2.9. Raises ValueError when more than 499 people of one
    sex were born on one day.
    """
    order: Floats = rng.random(len(birth))
    rank = rank_within(birth * 2 + is_male, order)
    if len(rank) and int(rank.max()) > 498:
        raise ValueError("more people of one sex and birthday than sequence numbers")
    sequence = rank * 2 + 2 - is_male
    digits17 = (_LAST_PREFIX - county_place) * 10**11 + birth * 10**3 + sequence
    total = np.zeros(len(birth), dtype=np.int64)
    for place, weight in enumerate(_WEIGHTS):
        total += (digits17 // 10 ** (16 - place)) % 10 * weight
    return joined(whole(digits17), picked(_CHECK, total % 11))


def household_numbers(village: Ints, serial: Ints) -> pa.Array:
    """Twenty digits: the village's twelve and a running number."""
    return joined(padded(village, 12), padded(serial, 8))
