"""How the transport cases ask: an installation whose polls.yml names a loopback source, polled and landed."""

from __future__ import annotations

import json
import ssl
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from ingest.home import Home
from ingest.landing import land
from ingest.transport.polling import Polled, confirm, poll_one
from ingest.transport.settings import Source, read_sources
from tests.faults.sources import Reply

FEED = "warnings_poll"
LOOPBACK = "127.0.0.1/32"
JSON = {"Content-Type": "application/json"}


def active_set(updated: str = "2021-07-01T17:30:00Z") -> bytes:
    warning = {"type": "暴雨", "color": "橙色", "level": "Ⅱ", "issued": "2021-07-01T00:00:00Z", "name": "萧县"}
    return json.dumps({"updated": updated, "count": 1, "warnings": {"341322": [warning]}}).encode()


GOOD = Reply(200, active_set(), JSON)


@dataclass
class Asking:
    """One installation; `pauses` are the seconds that it would have waited between attempts."""

    home: Home
    pauses: list[float] = field(default_factory=list)

    @property
    def inbox(self) -> Path:
        return self.home.inbox

    def source(self, url: str, hosts: Sequence[str], **settings: Any) -> Source:
        """The source that this entry of polls.yml makes, with a contract of half a second and 64 KiB."""
        entry = {"url": url, "hosts": list(hosts), "networks": [LOOPBACK], "insecure": True, **settings}
        path = self.home.root / "polls.yml"
        path.write_text(yaml.safe_dump({FEED: entry}), encoding="utf-8")
        path.chmod(0o600)
        source = read_sources(self.home)[FEED]
        return replace(source, way=replace(source.way, timeout_seconds=0.5, max_bytes=1 << 16))

    def at(self, port: int, path: str = "/warnings.json", **settings: Any) -> Source:
        """A source on 127.0.0.1 in plain http, as an inner host may be."""
        return self.source(f"http://127.0.0.1:{port}{path}", [f"127.0.0.1:{port}"], **settings)

    def poll(self, source: Source) -> Polled:
        """Polls once, and lands what came."""
        polled = poll_one(self.home, self.inbox, source, self.pauses.append)
        if polled.path:
            landed = land(self.inbox, home=self.home, feeds={FEED})
            confirm(self.home, self.inbox, [polled], landed.receipts)
        return polled

    def code(self, source: Source) -> str:
        """What a poll was refused or failed for; `fetched` if it was not."""
        line = self.poll(source).line
        return line.error_code or line.outcome


def trusting_anyone(ca_bundle: Path | None) -> ssl.SSLContext:
    """A context that takes any certificate and any version: what stands there when the guard is out."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = ssl.TLSVersion.TLSv1
    return context
