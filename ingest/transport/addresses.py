"""Whether an address may be asked at all: the form of the URL, the host on the list, every address behind the name.

A redirect is an address like any other. What is checked here is what is connected to: names are resolved once.
"""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from urllib.parse import SplitResult, urlsplit

from ingest.transport.errors import PollFailed, PollRefused

Network = IPv4Network | IPv6Network
DEFAULT_PORTS = {"https": 443, "http": 80}
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
# inet_aton reads 0x7f.1, 0177.0.0.1, 127.1 and 2130706433 as addresses: a last label like these is no name.
_NUMERIC_END = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)")
_PORT = re.compile(r"[1-9][0-9]{0,4}")
_UNFIT = re.compile(r"[^\x21-\x7e]|[\\\"<>^`{|}]")
# Cloud metadata services answer on link-local addresses: no setting opens these.
_NEVER = tuple(map(ip_network, ("0.0.0.0/8", "169.254.0.0/16", "224.0.0.0/4", "::/128", "fe80::/10", "ff00::/8")))
_NAT64 = IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Allowed:
    """Hosts (name and port; None: the scheme's own), inner networks, and whether plain http may go to these."""

    hosts: tuple[tuple[str, int | None], ...]
    networks: tuple[Network, ...] = ()
    insecure: bool = False


@dataclass(frozen=True)
class Target:
    """A checked URL with the addresses that may be connected to, in the resolver's order."""

    url: str
    scheme: str
    host: str
    port: int
    path: str
    addresses: tuple[str, ...] = ()

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.scheme, self.host, self.port

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"


def allowed_host(text: str) -> tuple[str, int | None]:
    """`host` or `host:port` of a list as (host, port). Raises PollRefused for a form that would be refused in a URL."""
    try:
        parts = urlsplit(f"//{text}")
        host = parts.hostname or ""
    except ValueError as error:
        raise _refused("the list of hosts", "odd_host", "a host that cannot be read", "a name, or name:port") from error
    if text != text.lower() or parts.path or parts.query or parts.fragment:
        raise _refused("the list of hosts", "odd_host", "more than a host", "a name in lower case, or name:port")
    return _checked_host(host, parts, "the list of hosts"), _port(parts, "the list of hosts")


def split_url(url: str, allowed: Allowed, feed: str) -> Target:
    """The URL taken apart, its form, scheme and host checked. Raises PollRefused; resolves nothing."""
    if _UNFIT.search(url) or len(url) > 4096:
        raise _refused(feed, "odd_url", "signs that belong in no URL", "a URL in plain ASCII, other signs encoded")
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError as error:
        raise _refused(feed, "odd_url", "a URL that cannot be read", "https://host/path") from error
    if parts.scheme not in DEFAULT_PORTS:
        raise _refused(feed, "scheme_not_allowed", f"the scheme {parts.scheme[:12]!r}", "https")
    if parts.scheme == "http" and not allowed.insecure:
        raise _refused(feed, "not_encrypted", "plain http", "https (`insecure: true` opens http to a named inner host)")
    host = _checked_host(host, parts, feed)
    port = _port(parts, feed) or DEFAULT_PORTS[parts.scheme]
    check_host_is_listed(host, port, parts.scheme, allowed, feed)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(url, parts.scheme, host, port, path)


def check_host_is_listed(host: str, port: int, scheme: str, allowed: Allowed, feed: str) -> None:
    """Raises PollRefused unless exactly this host and port stand on the feed's list."""
    if not any(host == name and port == (listed or DEFAULT_PORTS[scheme]) for name, listed in allowed.hosts):
        raise _refused(feed, "host_not_allowed", f"the host {host} port {port}", "a host on the feed's list")


def _checked_host(host: str, parts: SplitResult, where: str) -> str:
    if "@" in parts.netloc:
        raise _refused(where, "userinfo", "a name or password before the host", "a URL without them")
    if ":" in host or parts.netloc.startswith("["):
        check_ipv6_form(host, where)
    elif _NUMERIC_END.fullmatch(host):
        check_ipv4_form(host, where)
    elif not _NAME.fullmatch(host) or len(host) > 253:
        raise _refused(where, "odd_host", "a host in an unusual form", "a plain name (xn--… if it is Chinese)")
    return host


def check_ipv4_form(host: str, where: str) -> None:
    """Raises PollRefused for an address in hexadecimal, octal, short or single-number form."""
    try:
        IPv4Address(host)
    except ValueError as error:
        raise _refused(where, "odd_host", "an address in an unusual form", "four decimal numbers") from error


def check_ipv6_form(host: str, where: str) -> None:
    """Raises PollRefused for an IPv6 address with a zone, or one that only wraps an IPv4 address."""
    try:
        address = IPv6Address(host)
    except ValueError as error:
        raise _refused(where, "odd_host", "an address in an unusual form", "an IPv6 address") from error
    if "%" in host or unwrapped(address) != address:
        raise _refused(where, "odd_host", "an IPv6 form of another address", "the address itself")


def _port(parts: SplitResult, where: str) -> int | None:
    _, colon, text = parts.netloc.rpartition("]")[2].rpartition(":")
    if not colon:
        return None
    if not _PORT.fullmatch(text) or int(text) > 65535:
        raise _refused(where, "odd_port", "a port in an unusual form", "a number from 1 to 65535")
    return int(text)


def resolve(target: Target, allowed: Allowed, feed: str, seconds: float) -> Target:
    """The target with its addresses. Raises PollRefused if a single one is not allowed, PollFailed if there is none."""
    found = tuple(dict.fromkeys(_lookup(target.host, target.port, feed, seconds)))
    for text in found:
        if not address_is_allowed(text, allowed, inner_only=target.scheme == "http"):
            raise _refused(
                feed,
                "address_not_allowed",
                f"an address behind {target.host} that is not public",
                "public addresses, or those of the feed's networks",
            )
    return Target(target.url, target.scheme, target.host, target.port, target.path, found)


def address_is_allowed(text: str, allowed: Allowed, *, inner_only: bool = False) -> bool:
    """Public, or in one of the inner networks; what an IPv6 form wraps is what counts."""
    address = ip_address(text.partition("%")[0])
    inside = unwrapped(address)
    if any(inside in network for network in _NEVER if network.version == inside.version) or "%" in text:
        return False
    if any(inside in network for network in allowed.networks if network.version == inside.version):
        return True
    return not inner_only and inside.is_global and not inside.is_multicast and not inside.is_reserved


def unwrapped(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 form stands for (mapped, compatible, 6to4, Teredo, NAT64), else the address."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64 or (int(address) >> 32 == 0 and int(address) > 1):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo or address


def never_reachable(network: Network) -> bool:
    """Whether a network overlaps what no setting may open."""
    return any(network.version == other.version and network.overlaps(other) for other in _NEVER)


def _lookup(host: str, port: int, feed: str, seconds: float) -> Sequence[str]:
    """The name's addresses. The resolver knows no time limit: it runs beside, and is left behind when time is over."""
    answer: list[str] = []

    def ask() -> None:
        try:
            answer.extend(str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            return

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(max(seconds, 0))
    if thread.is_alive() or not answer:
        raise PollFailed(feed, f"no address for {host}", "a name that resolves", _LATER, code="no_address")
    return list(answer)


_LATER = "Nothing to do at once: the next poll tries again."


def _refused(where: str, code: str, found: str, expected: str) -> PollRefused:
    remedy = "If the source has truly moved, change polls.yml; else ask the source."
    return PollRefused(where, found, expected, remedy, code=code)
