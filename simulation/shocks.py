"""Which single shock strikes the world: kind, place, size and day, drawn from the seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from simulation import assumptions as a
from simulation import office_assumptions as o
from simulation.draws import generator, one_between
from simulation.months import first_day, last_day, month_of, number_of
from simulation.regions import Township

KINDS = ("hazard", "hog_price", "pear_price", "employment", "site", "project", "link", "settlement")
DIMENSION = {
    "hazard": "hazard",
    "hog_price": "price",
    "pear_price": "price",
    "employment": "employment",
    "site": "site",
    "project": "project",
    "link": "project",
    "settlement": "site",
}
REASON = {
    "hog_price": "市场价格下跌：生猪价格大幅下跌，养殖亏损",
    "pear_price": "市场价格下跌：酥梨价格大幅下跌，销售收入减少",
    "employment": "失业：务工企业停产，工资拖欠",
    "site": "失业：安置点就业车间关停",
    "project": "产业失败：村产业项目停产，分红和务工收入中断",
    "link": "产业失败：带动主体注销，订单和务工中断",
    "settlement": "",
}


@dataclass(frozen=True)
class Shock:
    """What struck: region_code is where the feeds show it, townships where households feel it.

    size: share of harvest lost (hazard), fall of the price, share of jobs lost, share of the operators that stop their
    projects (project) or close (link), or share of a site's homes left empty (settlement).
    until: the day on which warning, price, jobs or homes are as before; None: not within the world. number: its place
    among the world's shocks. reach: share of the households of its townships that a hazard strikes;
    0 of operators on which no household depends.
    """

    kind: str
    hazard_type: str | None
    colour: str | None
    region_code: str
    townships: tuple[str, ...]
    onset: date
    size: float
    until: date | None = None
    number: int = 0
    reach: float = 1.0

    @property
    def dimension(self) -> str:
        return DIMENSION[self.kind]

    @property
    def onset_month(self) -> int:
        return month_of(self.onset)

    @property
    def first_sign(self) -> date:
        """The first day of which files may tell of it: an operator is listed as abnormal before it closes."""
        if self.kind != "link":
            return self.onset
        return first_day(self.onset_month - o.ABNORMAL_MONTHS) + timedelta(days=o.ABNORMAL_DAYS)

    @property
    def draws(self) -> tuple[int, ...]:
        """What names its dice beside the seed; nothing for the first, so that a world of one shock stays as it was."""
        return (self.number,) if self.number else ()

    def holds_in(self, month: int) -> bool:
        """Whether it has begun by that month and is not over."""
        return self.onset_month <= month and (self.until is None or month < month_of(self.until))

    @property
    def costs_income(self) -> bool:
        """Whether households lose by it: those who have not settled have no less money for it."""
        return self.kind != "settlement"

    @property
    def reason(self) -> str:
        """The words that cadres write beside a restated income."""
        return REASON.get(self.kind, f"因灾：{self.hazard_type}，农作物受灾减产")


def _hazard_in_season(rng: np.random.Generator, month: int, county: str) -> str:
    number = number_of(month)
    if 6 <= number <= 9:
        return "暴雨"
    if 3 <= number <= 5 and county in a.FRUIT_SHARE and rng.random() < 0.5:
        return "霜冻"
    return "干旱"


def _hazard(rng: np.random.Generator, townships: Sequence[Township], last_month: int) -> Shock:
    county = townships[int(rng.integers(len(townships)))].county
    kind = _hazard_in_season(rng, last_month, county)
    colour = str(rng.choice(list(a.HAZARD_COLOURS), p=list(a.HAZARD_COLOURS.values())))
    end = last_day(last_month)
    # Not inside the last month: the income file about the month of onset is the last that still arrives.
    onset = end - timedelta(days=int(rng.integers(end.day, a.HAZARD_ONSET_DAYS_BEFORE_END + 1)))
    component = "fruit" if kind == "霜冻" else "grain"
    size = one_between(rng, a.HAZARD_LOSS[kind][component])
    hit = tuple(t.code for t in townships if t.county == county)
    return Shock("hazard", kind, colour, county.ljust(12, "0"), hit, onset, size)


def _price(rng: np.random.Generator, townships: Sequence[Township], last_month: int, kind: str) -> Shock:
    weeks = int(rng.integers(a.PRICE_ONSET_WEEKS[0], a.PRICE_ONSET_WEEKS[1] + 1))
    onset = last_day(last_month) - timedelta(days=7 * weeks)
    if kind == "hog_price":
        hit = tuple(t.code for t in townships)
        return Shock(kind, None, None, "341300000000", hit, onset, one_between(rng, a.HOG_FALL))
    hit = tuple(t.code for t in townships if t.county == "341321")
    return Shock(kind, None, None, "341321000000", hit, onset, one_between(rng, a.PEAR_FALL))


def _jobs(
    rng: np.random.Generator, townships: Sequence[Township], sites: Sequence[str], last_month: int, kind: str
) -> Shock:
    onset = first_day(last_month - int(rng.integers(2, 4)))
    if kind == "site":
        township = sites[int(rng.integers(len(sites)))]
        return Shock(kind, None, None, township.ljust(12, "0"), (township,), onset, one_between(rng, a.SITE_JOB_LOSS))
    county = townships[int(rng.integers(len(townships)))].county
    hit = tuple(t.code for t in townships if t.county == county)
    return Shock(kind, None, None, county.ljust(12, "0"), hit, onset, one_between(rng, a.JOB_LOSS))


def _place(
    rng: np.random.Generator, townships: Sequence[Township], sites: Sequence[str], last_month: int, kind: str
) -> Shock:
    """Projects or operators of a county, or one site."""
    onset = first_day(last_month - int(rng.integers(2, 4)))
    if kind == "settlement":
        township = sites[int(rng.integers(len(sites)))]
        return Shock(kind, None, None, township.ljust(12, "0"), (township,), onset, one_between(rng, a.SITE_EMPTIED))
    county = townships[int(rng.integers(len(townships)))].county
    hit = tuple(t.code for t in townships if t.county == county)
    return Shock(kind, None, None, county.ljust(12, "0"), hit, onset, one_between(rng, a.OPERATORS_FAIL))


def draw(seed: int, townships: Sequence[Township], sites: Sequence[str], last_month: int, kind: str | None) -> Shock:
    """The world's one shock.

    sites: townships (9 digits) that hold a relocation site. kind: forced, or None to let the seed decide among those
    that this world can show. Raises ValueError for a kind this world cannot show.
    """
    rng = generator(seed, "shock")
    possible = [k for k in KINDS if k != "pear_price" or any(t.county == "341321" for t in townships)]
    chosen = possible[int(rng.integers(len(possible)))] if kind is None else kind
    if chosen not in possible:
        raise ValueError(f"shock kind {kind!r} is not one of {', '.join(possible)} for these townships")
    part = generator(seed, "shock", chosen)
    if chosen == "hazard":
        return _hazard(part, townships, last_month)
    if chosen in ("hog_price", "pear_price"):
        return _price(part, townships, last_month, chosen)
    if chosen in ("project", "link", "settlement"):
        return _place(part, townships, sites, last_month, chosen)
    return _jobs(part, townships, sites, last_month, chosen)
