"""Reads SHOUXIAN_HOME/polls.yml: which feeds this installation polls, where, and what it allows on the way there.

An address, a network and a credential are matters of the installation. Nothing is polled that is not named here.
"""

from __future__ import annotations

import os
import re
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, NoReturn

import yaml

from ingest.contracts import contracts
from ingest.home import Home
from ingest.transport.addresses import Allowed, allowed_host, never_reachable, split_url
from ingest.transport.declared import PollWay, poll_way
from ingest.transport.errors import PollRefused, PollSettings

FILE = "polls.yml"
_WORDS = ("url", "hosts", "networks", "ca_bundle", "header", "insecure")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")


@dataclass(frozen=True)
class Source:
    """One feed as this installation polls it."""

    feed: str
    way: PollWay
    url: str
    allowed: Allowed
    ca_bundle: Path | None = None
    header_name: str | None = None
    header_variable: str | None = None

    def secret_header(self) -> tuple[str, str] | None:
        """Name and value of the header that opens the source. Raises PollSettings if its variable is not set."""
        if self.header_name is None or self.header_variable is None:
            return None
        value = os.environ.get(self.header_variable, "")
        if not value or not value.isascii() or not value.isprintable():
            _wrong(
                f"{self.feed}.header",
                f"nothing usable in the environment variable {self.header_variable}",
                "its value in printable ASCII",
                "Set the variable for the process that polls.",
            )
        return self.header_name, value


def read_sources(home: Home) -> dict[str, Source]:
    """The feeds to poll, by name; none if there is no polls.yml. Raises PollSettings that says what to mend."""
    path = home.root / FILE
    if not path.exists():
        return {}
    if path.stat().st_mode & 0o022:
        _wrong(None, "a file that others may write", "one that its owner alone may write", f"chmod 600 {FILE}")
    try:
        node = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        raise PollSettings(
            FILE,
            "text that is no YAML",
            "a mapping of feeds",
            "See docs/runbooks/polls.md.",
            row=mark.line + 1 if mark else None,
            code="poll_settings",
        ) from error
    if not isinstance(node, dict):
        _wrong(None, type(node).__name__, "a mapping of feeds", "Begin each entry with the feed's name and a colon.")
    return {str(feed): _source(home, str(feed), entry or {}) for feed, entry in sorted(node.items())}


def _source(home: Home, feed: str, entry: Any) -> Source:
    if feed not in contracts():
        _wrong(feed, "a feed that no contract declares", f"one of {'、'.join(contracts())}", "Mend the name.")
    way = poll_way(contracts()[feed])
    if way is None:
        _wrong(
            feed, "a feed whose contract is not polled", "a contract with {kind: poll, …}", "Drop its files instead."
        )
    if not isinstance(entry, dict):
        _wrong(feed, type(entry).__name__, f"a mapping with {', '.join(_WORDS)}", "Indent the feed's settings.")
    unknown = sorted(set(map(str, entry)) - set(_WORDS))
    if unknown:
        _wrong(f"{feed}.{unknown[0]}", "a word that is not known here", f"one of {', '.join(_WORDS)}", "Mend it.")
    url = entry.get("url", way.url)
    hosts = _texts(feed, "hosts", entry.get("hosts", list(way.hosts)))
    if not isinstance(url, str):
        _wrong(f"{feed}.url", "no address", "the address to ask, https://…", "The contract names none: write it here.")
    if not hosts:
        _wrong(f"{feed}.hosts", "no host", "every host that may be asked, redirects included", "List the host of url.")
    networks = tuple(_network(feed, text) for text in _texts(feed, "networks", entry.get("networks", [])))
    insecure = entry.get("insecure", False)
    if not isinstance(insecure, bool):
        _wrong(f"{feed}.insecure", repr(insecure), "true or false", "Leave it out: https is the rule.")
    if insecure and not networks:
        _wrong(
            f"{feed}.insecure", "true without networks", "networks (CIDR) of the inner host", "Only an inner host may."
        )
    try:
        allowed = Allowed(tuple(allowed_host(host) for host in hosts), networks, insecure)
        split_url(url, allowed, feed)
    except PollRefused as error:
        _wrong(f"{feed}.url", error.found, error.expected, error.remedy)
    name, variable = _header(feed, entry.get("header"))
    return Source(feed, way, url, allowed, _bundle(home, feed, entry.get("ca_bundle")), name, variable)


def _texts(feed: str, word: str, value: Any) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
        _wrong(f"{feed}.{word}", type(value).__name__, "a list of texts, [a, b]", "Write it in square brackets.")
    return value


def _network(feed: str, text: str) -> IPv4Network | IPv6Network:
    where = f"{feed}.networks"
    try:
        network = ip_network(text)
    except ValueError:
        _wrong(where, repr(text), "a network such as 10.20.0.0/16", "Write address/length, the rest of the bits zero.")
    if not network.is_private:
        _wrong(where, text, "an inner network; public addresses need no entry", "Take it out.")
    if never_reachable(network):
        _wrong(
            where, text, "a network that holds no link-local or unspecified address", "Name the office's own network."
        )
    return network


def _bundle(home: Home, feed: str, value: Any) -> Path | None:
    if value is None:
        return None
    path = home.root / value if isinstance(value, str) else None
    if path is None or not path.is_file():
        _wrong(f"{feed}.ca_bundle", repr(value), "a PEM file, seen from the home's folder", "Bring the file.")
    try:
        ssl.create_default_context(cafile=str(path))
    except OSError:  # ssl.SSLError is one
        _wrong(f"{feed}.ca_bundle", "a file without a certificate", "certificates in PEM", "Bring the authority's own.")
    return path


def _header(feed: str, node: Any) -> tuple[str | None, str | None]:
    if node is None:
        return None, None
    if not isinstance(node, Mapping) or set(node) != {"name", "from_environment"}:
        expected = "{name: X-Api-Key, from_environment: VARIABLE}"
        _wrong(f"{feed}.header", type(node).__name__, expected, "The value itself stands in the environment.")
    name, variable = str(node["name"]), str(node["from_environment"])
    if not _HEADER_NAME.fullmatch(name) or name.lower() in {"host", "connection", "accept-encoding"}:
        _wrong(f"{feed}.header", repr(name), "the name of a header", "Ask the source which header carries its key.")
    return name, variable


def _wrong(where: str | None, found: str, expected: str, remedy: str) -> NoReturn:
    raise PollSettings(FILE, found, expected, remedy, column=where, code="poll_settings")
