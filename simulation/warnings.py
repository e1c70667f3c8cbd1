"""Disaster warnings as episodes: routine ones all year, and the shock's, kept up to date until the end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from simulation import assumptions as a
from simulation.draws import generator, one_between
from simulation.months import at, first_day, last_day
from simulation.regions import RURAL_COUNTIES
from simulation.shocks import Shock
from simulation.story import World

PREFECTURE = "341300"
# The observatory of the seat district is the prefecture's: its warnings name the prefecture (methods.md §1).
SENDERS = (PREFECTURE, *(c for c in RURAL_COUNTIES if c != "341302"))
COLOURS = ("蓝色", "黄色", "橙色", "红色")
COLOUR_OF = {"yellow": "黄色", "orange": "橙色", "red": "红色"}
SEASONS = {  # types by month, as they occur in the plain north of the Huai; assumed
    1: ("大雾", "寒潮", "大风", "道路结冰"),
    2: ("大雾", "寒潮", "大风", "道路结冰"),
    3: ("大风", "霜冻", "大雾"),
    4: ("大风", "霜冻", "雷电"),
    5: ("大风", "雷电", "冰雹", "暴雨"),
    6: ("高温", "暴雨", "雷电", "大风"),
    7: ("暴雨", "高温", "雷电", "大风"),
    8: ("暴雨", "高温", "雷电", "大风"),
    9: ("暴雨", "雷电", "大风"),
    10: ("大雾", "大风", "干旱"),
    11: ("大雾", "大风", "寒潮", "霜冻"),
    12: ("大雾", "寒潮", "大风", "霜冻"),
}


@dataclass(frozen=True)
class Message:
    """One message of an episode: from `sent` it is in force until the next, its own expiry or a cancel."""

    kind: str  # Alert, Update or Cancel
    sent: datetime
    colour: str


@dataclass(frozen=True)
class Episode:
    """One warning from its first message to its last. region: 6 digits."""

    region: str
    hazard: str
    messages: tuple[Message, ...]
    lasts: timedelta  # from each message to its expiry
    ascii_level: bool

    @property
    def issued(self) -> datetime:
        return self.messages[0].sent

    def in_force(self) -> list[tuple[Message, datetime]]:
        """Each message that warns, with the moment at which it stops being the one in force."""
        ends = [m.sent for m in self.messages[1:]] + [self.messages[-1].sent + self.lasts]
        held = zip(self.messages, ends, strict=True)
        return [(m, min(end, m.sent + self.lasts)) for m, end in held if m.kind != "Cancel"]


def _moment(rng: np.random.Generator, day: date) -> datetime:
    return at(day, float(rng.uniform(5.0, 20.0)))


def _single(rng: np.random.Generator, region: str, hazard: str, colour: str, sent: datetime) -> Episode:
    """A short warning: raised, and mostly cancelled before it expires."""
    lasts = timedelta(hours=round(one_between(rng, a.WARNING_HOURS)))
    messages = [Message("Alert", sent, colour)]
    if rng.random() < a.WARNING_CANCELLED_SHARE:
        messages.append(Message("Cancel", sent + lasts * float(rng.uniform(0.4, 0.95)), colour))
    messages = [Message(m.kind, m.sent.replace(microsecond=0), m.colour) for m in messages]
    return Episode(region, hazard, tuple(messages), lasts, bool(rng.random() < a.WARNING_ASCII_LEVEL_SHARE))


def _may_be_high(day: date, end: date) -> bool:
    return day.month in a.WARNING_HIGH_COLOUR_MONTHS and (end - day).days > a.WARNING_QUIET_DAYS


def _routine(world: World) -> list[Episode]:
    begin, end = first_day(world.first_month), last_day(world.last_month)
    days = (end - begin).days + 1
    found = []
    for region in SENDERS:
        rng = generator(world.seed, "warnings", region)
        count = int(rng.poisson(a.WARNINGS_PER_REGION_YEAR * days / 365.25))
        for offset in np.sort(rng.integers(0, days, count)):
            day = begin + timedelta(days=int(offset))
            kinds = SEASONS[day.month]
            hazard = kinds[int(rng.integers(len(kinds)))]
            colour = str(rng.choice(COLOURS, p=[a.WARNING_COLOURS[c] for c in COLOURS]))
            if colour in ("橙色", "红色") and not _may_be_high(day, end):
                colour = "黄色"
            found.append(_single(rng, region, hazard, colour, _moment(rng, day)))
    return found


def _fillers(world: World, episodes: list[Episode]) -> list[Episode]:
    """Small warnings into silences, so that never a week passes without a message."""
    rng = generator(world.seed, "warnings", "fillers")
    begin, end = first_day(world.first_month), last_day(world.last_month)
    days = sorted({m.sent.date() for e in episodes for m in e.messages} | {begin, end})
    made = []
    last = begin - timedelta(days=a.WARNING_LONGEST_SILENCE_DAYS)
    for day in days:
        while (day - last).days > a.WARNING_LONGEST_SILENCE_DAYS:
            last = max(begin, last + timedelta(days=a.WARNING_LONGEST_SILENCE_DAYS - 1))
            region = SENDERS[int(rng.integers(len(SENDERS)))]
            hazard = "大雾" if rng.random() < 0.5 else "大风"
            made.append(_single(rng, region, hazard, "蓝色", _moment(rng, last)))
        last = max(last, day)
    return made


def _of_shock(world: World, shock: Shock) -> Episode:
    """The shock's warning: two messages a day, so that it does not lapse before it ends; a red one begins orange."""
    rng = generator(world.seed, "warnings", "shock", *shock.draws)
    end = min(shock.until or last_day(world.last_month), last_day(world.last_month))
    red_from = shock.onset + timedelta(days=int(rng.integers(2, 5)))
    messages: list[Message] = []
    for offset in range((end - shock.onset).days + 1):
        day = shock.onset + timedelta(days=offset)
        colour = COLOUR_OF["orange" if shock.colour == "red" and day < red_from else str(shock.colour)]
        for hour in (8.0, 17.0):
            sent = at(day, hour + float(rng.uniform(0.0, 0.5)))
            messages.append(Message("Update" if messages else "Alert", sent, colour))
    return Episode(shock.region_code[:6], str(shock.hazard_type), tuple(messages), timedelta(hours=24), False)


def episodes_of(world: World) -> list[Episode]:
    """All warnings of the world in order of issue, each region's messages at different seconds."""
    found = _routine(world)
    for shock in world.shocks_of("hazard"):
        mine = _of_shock(world, shock)
        # The shock's own warning stands alone: no lesser one of its type beside it.
        found = [
            e
            for e in found
            if not (
                e.hazard == mine.hazard
                and e.region in (mine.region, PREFECTURE)
                and mine.issued - timedelta(days=3) < e.issued < mine.messages[-1].sent + timedelta(days=3)
            )
        ]
        found.append(mine)
    found += _fillers(world, found)
    return sorted(_apart(found), key=lambda e: (e.issued, e.region, e.hazard))


def _apart(episodes: list[Episode]) -> list[Episode]:
    """Identifiers end in the second of sending: two messages of one sender never share one."""
    taken: set[tuple[str, datetime]] = set()
    moved = []
    for episode in episodes:
        messages: list[Message] = []
        for message in episode.messages:
            sent = message.sent
            while (episode.region, sent) in taken:
                sent += timedelta(seconds=1)
            taken.add((episode.region, sent))
            messages.append(Message(message.kind, sent, message.colour))
        moved.append(Episode(episode.region, episode.hazard, tuple(messages), episode.lasts, episode.ascii_level))
    return moved
