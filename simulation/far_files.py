"""Polls of the world's earthquakes and alerts, as their publishers write them: all of it far away."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from simulation import assumptions as a
from simulation.draws import generator
from simulation.inbox import Inbox
from simulation.months import BEIJING, at, first_day, last_day
from simulation.story import World

_PLACES = (  # place in English and Chinese, longitude, latitude: none within a thousand kilometres
    ("Hindu Kush region, Afghanistan", "阿富汗兴都库什地区", 70.8, 36.5),
    ("south of the Fiji Islands", "斐济群岛以南海域", -178.4, -24.9),
    ("near the east coast of Honshu, Japan", "日本本州东岸近海", 142.1, 38.2),
    ("Aleutian Islands, Alaska", "阿留申群岛", -174.2, 51.8),
    ("offshore Tarapaca, Chile", "智利塔拉帕卡近海", -70.9, -20.1),
    ("northern Xizang-Xinjiang border", "新疆和田地区皮山县", 78.6, 36.9),
    ("northern Sumatra, Indonesia", "印尼苏门答腊岛北部", 96.3, 4.4),
    ("southern Yunnan border region", "云南普洱市江城县", 101.8, 22.5),
)
_ALERTS = (  # GDACS type, its word, country, ISO code, longitude, latitude
    ("FL", "Flood", "Bangladesh", "BGD", 89.9, 24.6),
    ("TC", "Tropical Cyclone", "Philippines", "PHL", 124.9, 12.8),
    ("DR", "Drought", "Ethiopia", "ETH", 42.1, 7.9),
    ("EQ", "Earthquake", "Indonesia", "IDN", 122.5, -3.1),
    ("WF", "Forest Fire", "Australia", "AUS", 148.2, -35.9),
)
_LEVELS = ("Green", "Green", "Green", "Orange", "Red")


@dataclass(frozen=True)
class Quake:
    """One earthquake as first measured, and as measured again a day later."""

    number: int
    place: int
    moment: datetime
    magnitude: float
    revised: float
    depth: float
    longitude: float
    latitude: float

    def known(self, at_moment: datetime) -> float:
        return self.revised if at_moment - self.moment > timedelta(days=1) else self.magnitude


def poll_moments(world: World) -> list[datetime]:
    """Once a week near the end, once a month before that; always the same hour, a Monday or the month's first day."""
    begin, end = first_day(world.first_month), last_day(world.last_month)
    near = end - timedelta(days=a.WORLD_POLL_DAYS)
    days = (begin + timedelta(days=n) for n in range(1, (end - begin).days + 1))
    return [at(d, 8.25) for d in days if (d.weekday() == 0 if d > near else d.day == 1)]


def _quakes(world: World, network: str, moment: datetime, per_week: int) -> list[Quake]:
    """The earthquakes of the seven days before that moment, newest first."""
    rng = generator(world.seed, "earthquakes", network, moment.date().isoformat())
    found: list[Quake] = []
    for age in np.sort(rng.uniform(0.02, 6.95, max(1, int(rng.poisson(per_week))))):
        place = int(rng.integers(len(_PLACES)))
        magnitude = round(float(np.clip(3.0 + rng.exponential(0.7), 3.0, 7.4)), 1)
        found.append(
            Quake(
                len(found),
                place,
                (moment - timedelta(days=float(age))).replace(microsecond=0),
                magnitude,
                round(magnitude + float(rng.choice([-0.1, 0.0, 0.1])), 1),
                round(float(rng.uniform(5, 120)), 1),
                round(_PLACES[place][2] + float(rng.uniform(-1.5, 1.5)), 3),
                round(_PLACES[place][3] + float(rng.uniform(-1.5, 1.5)), 3),
            )
        )
    return found


def _milliseconds(moment: datetime) -> int:
    return int(moment.timestamp()) * 1000


def usgs(quakes: list[Quake], moment: datetime) -> str:
    """The GeoJSON summary of a week."""
    features = []
    for quake in quakes:
        code = f"{quake.moment.astimezone(UTC):%y%m%d%H%M}{quake.number:02d}"
        magnitude = quake.known(moment)
        place = f"{20 + quake.number}km N of {_PLACES[quake.place][0]}"
        updated = min(moment, quake.moment + timedelta(days=1, hours=2))
        url = f"https://earthquake.usgs.gov/earthquakes/eventpage/us{code}"
        properties = {
            "mag": magnitude,
            "place": place,
            "time": _milliseconds(quake.moment),
            "updated": _milliseconds(updated),
            "tz": None,
            "url": url,
            "detail": f"https://earthquake.usgs.gov/earthquakes/feed/v1.0/detail/us{code}.geojson",
            "felt": None,
            "cdi": None,
            "mmi": None,
            "alert": None,
            "status": "reviewed" if magnitude == quake.revised else "automatic",
            "tsunami": 0,
            "sig": round(65 * magnitude),
            "net": "us",
            "code": code,
            "ids": f",us{code},",
            "sources": ",us,",
            "types": ",origin,phase-data,",
            "nst": None,
            "dmin": None,
            "rms": 0.7,
            "gap": 40,
            "magType": "mb",
            "type": "earthquake",
            "title": f"M {magnitude} - {place}",
        }
        point = [quake.longitude, quake.latitude, quake.depth]
        geometry = {"type": "Point", "coordinates": point}
        features.append({"type": "Feature", "properties": properties, "geometry": geometry, "id": f"us{code}"})
    metadata = {
        "generated": _milliseconds(moment),
        "url": "https://earthquake.usgs.gov/earthquakes/feed/v1.0/summary/all_week.geojson",
        "title": "USGS All Earthquakes, Past Week",
        "status": 200,
        "api": "1.10.3",
        "count": len(features),
    }
    document = {"type": "FeatureCollection", "metadata": metadata, "features": features}
    return json.dumps(document, separators=(",", ":"))


def cenc(quakes: list[Quake], moment: datetime) -> str:
    """The China Earthquake Networks Center's answer: JSON in round brackets, numbers as text, times of Beijing."""
    rows = []
    for quake in quakes:
        local = quake.moment.astimezone(BEIJING)
        code = f"CC{local:%Y%m%d%H%M%S}"
        rows.append(
            {
                "id": f"{local:%y%m%d%H}{quake.number:02d}",
                "CATA_ID": f"{code}.00",
                "SAVE_TIME": f"{local + timedelta(minutes=7):%Y-%m-%d %H:%M:%S}",
                "O_TIME": f"{local:%Y-%m-%d %H:%M:%S}",
                "EPI_LAT": f"{quake.latitude:.2f}",
                "EPI_LON": f"{quake.longitude:.2f}",
                "EPI_DEPTH": round(quake.depth),
                "AUTO_FLAG": "M",
                "EQ_TYPE": "M",
                "O_TIME_FRA": "0",
                "M": f"{quake.known(moment):.1f}",
                "M_MS": "0",
                "M_MS7": "0",
                "M_ML": "0",
                "M_MB": "0",
                "M_MB2": "0",
                "SUM_STN": "0",
                "LOC_STN": "0",
                "LOCATION_C": _PLACES[quake.place][1],
                "LOCATION_S": "",
                "CATA_TYPE": "",
                "SYNC_TIME": f"{local + timedelta(minutes=12):%Y-%m-%d %H:%M:%S}",
                "IS_DEL": "",
                "EQ_CATA_TYPE": "",
                "NEW_DID": code,
            }
        )
    document = {"shuju": rows, "jieguo": "最近48小时地震信息", "page": "", "num": 1}
    return f"({json.dumps(document)})"


def _rss_time(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC).replace(tzinfo=UTC), usegmt=True)


def _item(number: int, kind: int, level: str, begun: datetime, moment: datetime, rng: np.random.Generator) -> str:
    code, word, country, iso3, longitude, latitude = _ALERTS[kind]
    longitude, latitude = (round(v + float(rng.uniform(-1, 1)), 3) for v in (longitude, latitude))
    score = {"Green": 1, "Orange": 2, "Red": 3}[level]
    title = f"{level} {word.lower()} alert in {country}"
    link = f"https://www.gdacs.org/report.aspx?eventtype={code}&eventid={number}"
    box = f"{longitude - 4:.3f} {longitude + 4:.3f} {latitude - 4:.3f} {latitude + 4:.3f}"
    size = int(rng.integers(1, 900))
    return (
        f"<item><title>{escape(title)}</title><description>{escape(title)}.</description>"
        f"<gdacs:temporary>false</gdacs:temporary><link>{escape(link)}</link>"
        f"<pubDate>{_rss_time(begun + timedelta(hours=6))}</pubDate><gdacs:iscurrent>true</gdacs:iscurrent>"
        f"<gdacs:fromdate>{_rss_time(begun)}</gdacs:fromdate><gdacs:todate>{_rss_time(moment)}</gdacs:todate>"
        f"<gdacs:durationinweek>{(moment - begun).days // 7}</gdacs:durationinweek>"
        f"<gdacs:year>{begun.year}</gdacs:year><dc:subject>{code}{score}</dc:subject>"
        f'<guid isPermaLink="false">{code}{number}</guid>'
        f"<geo:Point><geo:lat>{latitude}</geo:lat><geo:long>{longitude}</geo:long></geo:Point>"
        f"<gdacs:bbox>{box}</gdacs:bbox><georss:point>{latitude} {longitude}</georss:point>"
        f"<gdacs:version>1</gdacs:version><gdacs:eventtype>{code}</gdacs:eventtype>"
        f"<gdacs:alertlevel>{level}</gdacs:alertlevel><gdacs:alertscore>{score}</gdacs:alertscore>"
        f"<gdacs:episodealertlevel>{level}</gdacs:episodealertlevel>"
        f"<gdacs:episodealertscore>{score}</gdacs:episodealertscore><gdacs:eventname />"
        f"<gdacs:eventid>{number}</gdacs:eventid><gdacs:episodeid>1</gdacs:episodeid>"
        f"<gdacs:severity unit={quoteattr('M' if code == 'EQ' else 'km2')} value={quoteattr(str(size))}>"
        f'{word} of {size}</gdacs:severity><gdacs:population unit="" value="{size * 100}" />'
        f'<gdacs:vulnerability value="2" /><gdacs:iso3>{iso3}</gdacs:iso3>'
        f"<gdacs:country>{escape(country)}</gdacs:country><gdacs:glide /></item>"
    )


def gdacs(world: World, moment: datetime) -> tuple[str, int]:
    """The GeoRSS of the alerts of a week, and how many there are."""
    rng = generator(world.seed, "gdacs", moment.date().isoformat())
    count = max(1, int(rng.poisson(a.GDACS_EVENTS_A_WEEK)))
    items = []
    for place in range(count):
        begun = (moment - timedelta(days=float(rng.uniform(0.3, 6.5)))).replace(microsecond=0)
        number = int(f"{begun:%y%m%d}{place}")
        level = _LEVELS[int(rng.integers(len(_LEVELS)))]
        items.append(_item(number, int(rng.integers(len(_ALERTS))), level, begun, moment, rng))
    spaces = " ".join(
        f'xmlns:{name}="{address}"'
        for name, address in (
            ("dc", "http://purl.org/dc/elements/1.1/"),
            ("geo", "http://www.w3.org/2003/01/geo/wgs84_pos#"),
            ("gdacs", "http://www.gdacs.org"),
            ("georss", "http://www.georss.org/georss"),
            ("atom", "http://www.w3.org/2005/Atom"),
        )
    )
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<rss version="2.0" {spaces}><channel>'
        "<title>GDACS RSS information</title><link>https://www.gdacs.org/</link>"
        "<description>Near real-time alerts about natural disasters with a potential humanitarian impact</description>"
        f"<pubDate>{_rss_time(moment)}</pubDate>{''.join(items)}</channel></rss>\n"
    )
    return text, count


def write_far_away(world: World, inbox: Inbox) -> None:
    """Each poll of the two earthquake networks and of GDACS."""
    for moment in poll_moments(world):
        utc = f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
        for network, write, ending in (("usgs", usgs, "geojson"), ("cenc", cenc, "json")):
            quakes = _quakes(world, network, moment, a.QUAKES_A_WEEK[network])
            content = write(quakes, moment).encode()
            inbox.write_bytes("earthquakes", f"{network}_{utc}.{ending}", content, moment, len(quakes))
        text, count = gdacs(world, moment)
        inbox.write_bytes("gdacs", f"gdacs_{utc}.xml", b"\xef\xbb\xbf" + text.encode(), moment, count)
