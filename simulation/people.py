"""The people of one county: who lives in which household and village, how old they are, who can work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from simulation import assumptions as a
from simulation import identity
from simulation.draws import Flags, Floats, Ints, between, choose, generator, rank_within, sample
from simulation.regions import Township

RELATIONS = ("户主", "配偶", "之子", "之女", "之父", "之母", "之孙子", "之孙女")
LABOUR_SKILLS = ("普通劳动力", "技能劳动力", "弱劳动力或半劳动力", "丧失劳动力", "无劳动力")
HEALTH = ("健康", "长期慢性病", "残疾", "患有大病")
STUDENT = ("非在校生", "学前教育", "小学", "初中", "普通高中", "中职", "大专及以上")


@dataclass
class County:
    """One county's households and persons, as arrays; persons stand in household order, the head first."""

    code: str
    townships: tuple[Township, ...]
    township: Ints  # of household: position in townships
    village: Ints  # of household: 12-digit code
    number: pa.Array
    size: Ints
    first_person: Ints  # of household: position of its head
    is_lifted_out: Flags
    is_dibao: Flags
    is_tekun: Flags
    workers: Ints
    elders: Ints
    home: Ints  # of person: household
    is_male: Flags
    birth: Ints  # yyyymmdd
    age: Ints
    relation: Ints
    labour: Ints
    health: Ints
    student: Ints
    id_number: pa.Array
    name: pa.Array

    @property
    def households(self) -> int:
        return len(self.size)

    @property
    def persons(self) -> int:
        return len(self.home)

    @property
    def is_worker(self) -> Flags:
        """Persons able to work as others are, of working age and not at school."""
        return np.asarray((self.labour <= 1) & (self.age < 60))

    def members_of(self, households: Ints) -> Ints:
        """The positions of all members of these households, in the households' order."""
        sizes = self.size[households]
        offsets = np.arange(int(sizes.sum())) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(self.first_person[households], sizes) + offsets


def _villages(rng: np.random.Generator, townships: tuple[Township, ...], per_township: int) -> Ints:
    drawn = []
    for town in townships:
        places = np.sort(choose(rng, town.village_shares, per_township))
        drawn.append(np.array([int(v.code) for v in town.villages], dtype=np.int64)[places])
    return np.concatenate(drawn)


def _ages(rng: np.random.Generator, head_age: Ints, size: Ints, home: Ints, place: Ints) -> tuple[Ints, Ints]:
    """Ages and kinds of kin: 0 head, 1 spouse, 2 child, 3 parent, 4 grandchild."""
    count = len(home)
    head = head_age[home]
    draw = rng.random(count)
    kin = np.select(
        [place == 0, place == 1, place == 2, place == 3],
        [0, 1, 2, np.where((draw < 0.65) | (head > 60), 2, 3)],
        default=np.where(head >= 48, 4, np.where(draw < 0.5, 2, 3)),
    )
    age = np.select(
        [kin == 0, kin == 1, kin == 2, kin == 3],
        [
            head,
            np.maximum(22, head + rng.integers(-4, 4, count)),
            np.maximum(0, head - rng.integers(22, 33, count)),
            np.minimum(96, head + rng.integers(21, 29, count)),
        ],
        default=np.maximum(0, head - rng.integers(46, 58, count)),
    )
    return age.astype(np.int64), kin.astype(np.int64)


def _births(rng: np.random.Generator, age: Ints, reference: date) -> Ints:
    """Birth dates as yyyymmdd that give this age on the reference day."""
    day = np.datetime64(reference.replace(day=1), "D")
    year = day.astype("datetime64[Y]").astype(np.int64) + 1970
    turned = (year - age - 1970).astype("datetime64[Y]").astype("datetime64[D]")
    into_year = (day - day.astype("datetime64[Y]")).astype(np.int64)
    born = turned + into_year - rng.integers(0, 364, len(age))
    years = born.astype("datetime64[Y]").astype(np.int64) + 1970
    month = born.astype("datetime64[M]").astype(np.int64) % 12 + 1
    of_month = (born - born.astype("datetime64[M]")).astype(np.int64) + 1
    return np.asarray(years * 10_000 + month * 100 + of_month, dtype=np.int64)


def _students(rng: np.random.Generator, age: Ints) -> Ints:
    draw = rng.random(len(age))
    return np.select(
        [
            (age >= 4) & (age < 6),
            (age >= 6) & (age < 12),
            (age >= 12) & (age < 15),
            (age >= 15) & (age < 18),
            (age >= 18) & (age < 22),
        ],
        [
            np.where(draw < 0.9, 1, 0),
            2,
            3,
            np.select([draw < 0.60, draw < 0.92], [4, 5], 0),
            np.where(draw < 0.3, 6, 0),
        ],
        default=0,
    ).astype(np.int64)


def _labour(rng: np.random.Generator, age: Ints, student: Ints) -> Ints:
    working = choose(rng, a.LABOUR_SKILL_SHARES_WORKING_AGE, len(age))
    sixties = choose(rng, a.LABOUR_SKILL_SHARES_SIXTIES, len(age))
    none = np.full(len(age), 4)
    young = (age < 18) | (student > 0)
    return np.select([young, age < 60, age < 70], [none, working, sixties], default=none).astype(np.int64)


def _lifted_out(rng: np.random.Generator, township: Ints, count: int) -> Flags:
    flags = np.zeros(len(township), dtype=bool)
    for place in range(count):
        pool = np.flatnonzero(township == place)
        flags[sample(rng, pool, round(len(pool) * float(rng.uniform(*a.LIFTED_OUT_SHARE))))] = True
    return flags


def settle(seed: int, code: str, place: int, townships: tuple[Township, ...], per_township: int, day: date) -> County:
    """The county's population on that day.

    place: the county's position among all, which keeps identity numbers apart. Deterministic in its arguments.
    """
    rng = generator(seed, "people", code)
    households = per_township * len(townships)
    township = np.repeat(np.arange(len(townships)), per_township).astype(np.int64)
    village = _villages(rng, townships, per_township)
    serial = rank_within(village, np.arange(households, dtype=np.float64)) + 1
    size = choose(rng, a.MEMBER_COUNT_SHARES, households) + 1
    elderly = rng.random(households) < np.select(
        [size == 1, size == 2], [a.ELDERLY_ONLY_SHARE[1], a.ELDERLY_ONLY_SHARE[2]]
    )
    head_age = np.where(
        elderly, rng.integers(63, 87, households), np.clip(np.rint(rng.normal(47, 8, households)), 26, 62)
    ).astype(np.int64)
    home = np.repeat(np.arange(households), size).astype(np.int64)
    first_person = np.cumsum(size) - size
    position = np.arange(len(home)) - first_person[home]
    age, kin = _ages(rng, head_age, size, home, position)
    head_is_male = rng.random(households) < 0.88
    is_male = np.select(
        [kin == 0, kin == 1], [head_is_male[home], ~head_is_male[home]], default=rng.random(len(home)) < 0.51
    ).astype(bool)
    relation = np.select(
        [kin <= 1, kin == 2, kin == 3],
        [kin, np.where(is_male, 2, 3), np.where(is_male, 4, 5)],
        default=np.where(is_male, 6, 7),
    ).astype(np.int64)
    birth = _births(rng, age, day)
    student = _students(rng, age)
    labour = _labour(rng, age, student)
    health = choose(rng, a.HEALTH_SHARES, len(home))
    is_worker = (labour <= 1) & (age < 60)
    workers = np.bincount(home, weights=is_worker, minlength=households).astype(np.int64)
    elders = np.bincount(home, weights=age >= 60, minlength=households).astype(np.int64)
    is_lifted_out = _lifted_out(rng, township, len(townships))
    draw: Floats = between(rng, (0, 1), households)
    is_dibao = draw < np.where(is_lifted_out, a.DIBAO_SHARE["lifted_out"], a.DIBAO_SHARE["ordinary"])
    is_tekun = elderly & (size == 1) & (rng.random(households) < a.TEKUN_SHARE_OF_ELDERLY_SINGLES)
    return County(
        code=code,
        townships=townships,
        township=township,
        village=village,
        number=identity.household_numbers(village, serial),
        size=size,
        first_person=first_person,
        is_lifted_out=is_lifted_out,
        is_dibao=np.asarray(is_dibao & ~is_tekun),
        is_tekun=is_tekun,
        workers=workers,
        elders=elders,
        home=home,
        is_male=is_male,
        birth=birth,
        age=age,
        relation=relation,
        labour=labour,
        health=health,
        student=student,
        id_number=identity.id_numbers(rng, place, birth, is_male.astype(np.int64)),
        name=identity.person_names(rng, home),
    )
