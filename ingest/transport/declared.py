"""What a contract says about its transport: dropped into a folder, or polled, how often and within which limits."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn

from ingest.contracts import Contract
from ingest.transport.errors import PollSettings

EVERY = {"10m": timedelta(minutes=10), "1h": timedelta(hours=1), "1d": timedelta(days=1)}
MEDIA_TYPES = {
    "json": (
        *("application/json", "application/geo+json", "text/json", "text/plain", "application/octet-stream"),
        *("application/javascript", "text/javascript", "application/x-javascript"),  # JSONP, as some services answer
    ),
    "xml": ("application/xml", "text/xml", "application/cap+xml", "application/atom+xml", "application/rss+xml"),
    "csv": ("text/csv", "text/plain", "application/csv", "application/octet-stream"),
}
_OPTIONAL = {"url", "hosts", "headers", "mediaTypes", "maxBytes", "timeoutSeconds"}
_LARGEST, _LONGEST = 1 << 30, 600
# What decides how the request is understood is ours to set, and a secret does not belong into a contract.
_OWN_HEADERS = re.compile(
    r"(host|connection|content-.*|transfer-.*|accept-encoding|user-agent|if-.*|range|cookie|.*auth.*)", re.IGNORECASE
)


@dataclass(frozen=True)
class PollWay:
    """How a feed is polled: cadence, kind of answer, limits; and for a public source its address."""

    every: str
    ending: str
    media_types: tuple[str, ...]
    max_bytes: int = 16 << 20
    timeout_seconds: float = 60.0
    url: str | None = None
    hosts: tuple[str, ...] = ()
    headers: tuple[tuple[str, str], ...] = ()


def poll_way(contract: Contract) -> PollWay | None:
    """How the contract lets its feed be polled, None if it is only dropped. Raises PollSettings."""
    found = None
    for way in contract.transport:
        kind = way.get("kind")
        if kind == "poll" and found is None:
            found = _poll(contract.feed, way)
        elif kind != "drop" or set(way) != {"kind"}:
            _wrong(contract.feed, "kind", f"the way {dict(way)}", "{kind: drop} or one {kind: poll, …}")
    return found


def _poll(feed: str, way: Mapping[str, Any]) -> PollWay:
    unknown = sorted(set(way) - {"kind", "every", "ending"} - _OPTIONAL)
    if unknown:
        _wrong(
            feed, unknown[0], "a word that transport does not know", f"every, ending, {', '.join(sorted(_OPTIONAL))}"
        )
    every, ending = way.get("every"), way.get("ending")
    if every not in EVERY:
        _wrong(feed, "every", repr(every), f"one of {', '.join(EVERY)}")
    if ending not in MEDIA_TYPES:
        _wrong(feed, "ending", repr(ending), f"one of {', '.join(MEDIA_TYPES)}")
    largest = _number(feed, "maxBytes", way.get("maxBytes", PollWay.max_bytes), _LARGEST)
    longest = _number(feed, "timeoutSeconds", way.get("timeoutSeconds", PollWay.timeout_seconds), _LONGEST)
    headers = way.get("headers", {})
    if not isinstance(headers, dict) or not all(isinstance(v, str) for pair in headers.items() for v in pair):
        _wrong(feed, "headers", type(headers).__name__, "a mapping of header names to texts")
    for name in headers:
        if _OWN_HEADERS.fullmatch(name) or not re.fullmatch(r"[A-Za-z0-9-]+", name):
            _wrong(feed, "headers", f"the header {name!r}", "a header that is neither ours to set nor secret")
        if not (headers[name].isascii() and headers[name].isprintable()):
            _wrong(feed, "headers", f"a value of {name} with other signs", "a value in printable ASCII")
    return PollWay(
        every=str(every),
        ending=str(ending),
        media_types=tuple(str(m).lower() for m in way.get("mediaTypes", MEDIA_TYPES[str(ending)])),
        max_bytes=int(largest),
        timeout_seconds=float(longest),
        url=way.get("url"),
        hosts=tuple(str(h) for h in way.get("hosts", ())),
        headers=tuple(sorted(headers.items())),
    )


def _number(feed: str, word: str, value: Any, most: int) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= most:
        _wrong(feed, word, repr(value), f"a number above 0 and at most {most}")
    return float(value)


def _wrong(feed: str, word: str, found: str, expected: str) -> NoReturn:
    remedy = "Mend the property `transport` of the contract."
    raise PollSettings(f"{feed}/contract.yml", found, expected, remedy, column=word, code="poll_settings")
