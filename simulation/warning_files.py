"""Writes the warnings twice, as the two real feeds do: CAP 1.2 messages, and polls of the set in force."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

from simulation import assumptions as a
from simulation.draws import generator
from simulation.inbox import Inbox
from simulation.months import BEIJING, at, first_day, last_day
from simulation.regions import names
from simulation.story import World
from simulation.warnings import COLOURS, PREFECTURE, Episode, Message, episodes_of

_SEVERITY = dict(zip(COLOURS, ("Minor", "Moderate", "Severe", "Extreme"), strict=True))
_ROMAN = dict(zip(COLOURS, ("Ⅳ", "Ⅲ", "Ⅱ", "Ⅰ"), strict=True))
_ASCII = dict(zip(COLOURS, ("IV", "III", "II", "I"), strict=True))
_WORD = dict(zip(COLOURS, ("一般", "较重", "严重", "特别严重"), strict=True))
_ENGLISH_COLOUR = dict(zip(COLOURS, ("blue", "yellow", "orange", "red"), strict=True))
_ENGLISH_WORD = dict(zip(COLOURS, ("General", "Relatively serious", "Serious", "Particularly serious"), strict=True))
_ENGLISH_EVENT = {
    "大雾": "heavy fog",
    "寒潮": "cold wave",
    "大风": "gale",
    "道路结冰": "road icing",
    "霜冻": "frost",
    "雷电": "lightning",
    "冰雹": "hail",
    "暴雨": "rainstorm",
    "高温": "heat wave",
    "干旱": "drought",
}
_ENGLISH_PLACE = {
    "341300": "Suzhou City",
    "341302": "Yongqiao District",
    "341321": "Dangshan County",
    "341322": "Xiao County",
    "341323": "Lingbi County",
    "341324": "Si County",
}
_VERB = {"Alert": ("发布", "issues"), "Update": ("更新", "updates"), "Cancel": ("解除", "lifts")}
_SOURCE = "中国气象局 · 经 WMO 恶劣天气信息中心公开中继"
_NOTE = "官方预警，以气象部门发布为准"


def _place(region: str) -> str:
    return names()["3413" if region == PREFECTURE else region]


def _stamp(moment: datetime) -> str:
    return moment.astimezone(BEIJING).isoformat(timespec="seconds")


def _identifier(region: str, sent: datetime) -> str:
    return f"{region}41600000_{sent.astimezone(BEIJING):%Y%m%d%H%M%S}"


def _info(language: str, episode: Episode, message: Message, event: str, headline: str, sender: str, area: str) -> str:
    expires = message.sent + episode.lasts
    colour = _ENGLISH_COLOUR[message.colour] if language == "en-US" else message.colour
    return (
        f"<info><language>{language}</language><category>Met</category><event>{escape(event)}</event>"
        f"<urgency>{'Past' if message.kind == 'Cancel' else 'Expected'}</urgency>"
        f"<severity>{_SEVERITY[message.colour]}</severity><certainty>Likely</certainty>"
        f"<effective>{_stamp(message.sent)}</effective><onset>{_stamp(episode.issued)}</onset>"
        f"<expires>{_stamp(expires)}</expires><senderName>{escape(sender)}</senderName>"
        f"<headline>{escape(headline)}</headline>"
        f"<parameter><valueName>color</valueName><value>{colour}</value></parameter>"
        f"<area><areaDesc>{escape(area)}</areaDesc><geocode><valueName>CPEAS Geographic Code</valueName>"
        f"<value>{episode.region}000000</value></geocode></area></info>"
    )


def cap_message(episode: Episode, place: int) -> str:
    """The CAP 1.2 document of the episode's message at that place, an English and a Chinese block."""
    message = episode.messages[place]
    zh, en = _place(episode.region), _ENGLISH_PLACE[episode.region]
    verb_zh, verb_en = _VERB[message.kind]
    colour = message.colour
    level = f"{_ASCII[colour]}" if episode.ascii_level else f"{_ROMAN[colour]}级"
    headline = f"{zh}气象台{verb_zh}{episode.hazard}{colour}预警[{level}/{_WORD[colour]}]"
    event_en = _ENGLISH_EVENT[episode.hazard]
    headline_en = (
        f"{en} Meteorological Observatory {verb_en} {_ENGLISH_COLOUR[colour]} warning for {event_en} "
        f"[Level {_ASCII[colour]}/{_ENGLISH_WORD[colour]}]"
    )
    sender = f"{en.replace(' ', '_')}_Meteorological_Observatory"
    references = ""
    if place:
        before = episode.messages[place - 1].sent
        references = f"<references>{sender},{_identifier(episode.region, before)},{_stamp(before)}</references>"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{_identifier(episode.region, message.sent)}</identifier><sender>{sender}</sender>"
        f"<sent>{_stamp(message.sent)}</sent><status>Actual</status><msgType>{message.kind}</msgType><scope>Public</scope>"
        f"{references}"
        f"{_info('en-US', episode, message, event_en, headline_en, f'{en} Meteorological Observatory', en)}"
        f"{_info('zh-CN', episode, message, episode.hazard, headline, f'{zh}气象台', zh)}</alert>\n"
    )


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def poll(episodes: list[Episode], moment: datetime) -> tuple[str, int]:
    """The JSON of the warnings in force at that moment, and how many there are."""
    warnings: dict[str, list[dict[str, str]]] = {}
    for episode in episodes:
        for message, until in episode.in_force():
            if message.sent <= moment < until:
                warnings.setdefault(episode.region, []).append(
                    {
                        "type": episode.hazard,
                        "color": message.colour,
                        "level": _ROMAN[message.colour],
                        "issued": _utc(message.sent),
                        "expires": _utc(message.sent + episode.lasts),
                        "name": _place(episode.region),
                    }
                )
    count = sum(len(w) for w in warnings.values())
    document = {"updated": _utc(moment), "source": _SOURCE, "note": _NOTE, "count": count, "warnings": warnings}
    return json.dumps(document, ensure_ascii=False), count


def _poll_moments(world: World, episodes: list[Episode], until: datetime) -> list[datetime]:
    """Every six hours of the last days, and every hour for the rest of the day on which a warning begins."""
    rng = generator(world.seed, "polls")
    begin = max(
        at(first_day(world.first_month), 0.0), at(last_day(world.last_month) - timedelta(days=a.POLL_DAYS - 1), 0.0)
    )
    hours = set(range(2, int((until - begin).total_seconds() // 3600) + 1, 6))
    for episode in episodes:
        if episode.issued >= begin:
            first = int((episode.issued - begin).total_seconds() // 3600) + 1
            hours |= set(range(first, (first // 24 + 1) * 24))
    jitter = rng.integers(30, 1500, max(hours) + 1)
    moments = (begin + timedelta(hours=h, seconds=int(jitter[h])) for h in sorted(hours))
    return [m for m in moments if m <= until]


def write_warnings(world: World, inbox: Inbox) -> None:
    """Both feeds of the world's warnings, each file delivered when it was sent or polled."""
    episodes = episodes_of(world)
    for episode in episodes:
        for place, message in enumerate(episode.messages):
            content = cap_message(episode, place).encode()
            inbox.write_bytes(
                "warnings_cap", f"{_identifier(episode.region, message.sent)}.xml", content, message.sent, 1
            )
    end = last_day(world.last_month)
    recent = [e for e in episodes if (end - e.messages[-1].sent.date()).days <= a.POLL_DAYS + 2]
    for moment in _poll_moments(world, recent, inbox.end):
        text, count = poll(recent, moment)
        name = f"warnings_{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}.json"
        inbox.write_bytes("warnings_poll", name, text.encode(), moment, count)
