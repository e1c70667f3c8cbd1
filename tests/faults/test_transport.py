"""Cases 25, 59 and 60 against real servers on loopback: outages, addresses that lead astray, broken TLS."""

from __future__ import annotations

import gzip
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.home import Home
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from ingest.transport.errors import FeedsUnreachable
from ingest.transport.poll_log import state
from ingest.vault import Vault
from tests.faults.asking import FEED, GOOD, JSON, Asking, active_set, trusting_anyone
from tests.faults.harness import Guard, fault, nothing
from tests.faults.sources import HOST, Reply, Resolver, authority, serving


@pytest.fixture
def asking(shouxian_home: Path, request: pytest.FixtureRequest) -> Asking:
    """The installation of one case; its guard is out before the first poll."""
    # Added while the tests were collected, the parameter stands in the call, not among the names of fixtures.
    if "guard_out" in getattr(getattr(request.node, "callspec", None), "params", {}):
        request.getfixturevalue("guard_out")
    return Asking(Home(shouxian_home))


def rows(asking: Asking, query: str) -> list[Any]:
    with duckdb.connect() as connection:
        create_views(connection, asking.home, read_receipts(asking.home))
        return connection.execute(query).fetchall()


@fault(25, Guard("ingest.transport.polling:append", nothing))
def test_fault_25_a_long_outage_ends_nothing_and_shows_since_when(asking: Asking) -> None:
    with serving(GOOD, Reply(500)) as server:
        asking.poll(asking.at(server.port))
        line = asking.poll(asking.at(server.port)).line
    assert (line.outcome, line.error_code, line.attempts) == ("failed", "http_500", 4)
    now = state(asking.home, FEED)
    assert now.last_answered is not None
    assert (now.failures, now.last_answered.outcome) == (1, "fetched")
    assert rows(asking, "select count(*) from landing.warnings_poll") == [(1,)]
    polls = rows(asking, "select outcome, status, error_code from landing.polls order by polled_at")
    assert polls == [("fetched", 200, None), ("failed", 500, "http_500")]
    from shouxian.tasks import check_polls

    with pytest.raises(FeedsUnreachable, match=r"warnings_poll（http_500）"):
        check_polls("10m")


@fault(
    25,
    Guard("ingest.transport.fetching:ATTEMPTS", 1),
    Guard("ingest.transport.fetching:retry_after", nothing),
)
def test_fault_25_a_short_outage_is_ridden_out(asking: Asking) -> None:
    with serving(Reply(503), Reply(429, headers={"Retry-After": "17"}), GOOD) as server:
        line = asking.poll(asking.at(server.port)).line
    assert (line.outcome, line.attempts) == ("fetched", 3)
    first, second = asking.pauses
    assert 2 <= first <= 4
    assert second == 17


@fault(25, Guard("ingest.transport.fetching:check_status", nothing))
def test_fault_25_what_is_not_there_is_not_asked_for_again(asking: Asking) -> None:
    with serving(Reply(404)) as server:
        line = asking.poll(asking.at(server.port)).line
    assert (line.outcome, line.error_code, line.attempts) == ("failed", "http_404", 1)
    assert len(server.seen) == 1


def impatient(self: Any, max_bytes: int, timeout: float | None = None) -> bytes:
    """A limit for each step alone, as a plain client has it."""
    chunk: bytes = self._stream.read(max_bytes, 0.5)
    return chunk


@pytest.mark.parametrize("where", ["head", "body"])
@fault(25, Guard("ingest.transport.exchange:Timed.read", impatient))
def test_fault_25_a_server_that_drips_is_left_in_time(
    asking: Asking, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.transport.fetching.ATTEMPTS", 1)
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n"

    def drip(out: Any) -> None:
        quick, slow = (b"", head) if where == "head" else (head, active_set())
        out.write(quick)
        for start in range(0, len(slow), 8):
            time.sleep(0.1)
            out.write(slow[start : start + 8])
        out.write(active_set() if where == "head" else b"")

    began = time.monotonic()
    with serving(Reply(raw=drip)) as server:
        assert asking.code(asking.at(server.port)) == "timeout"
    assert time.monotonic() - began < 2


@fault(25, Guard("ingest.transport.polling:unexpected_kind", nothing))
def test_fault_25_a_web_page_with_status_200_is_refused_and_kept(asking: Asking) -> None:
    page = b"<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>"
    with serving(Reply(200, page, JSON)) as server:  # the page lies about its type as well
        line = asking.poll(asking.at(server.port)).line
    assert (line.outcome, line.error_code) == ("refused", "web_page")
    assert line.kept_as
    assert Vault(asking.home).open(line.kept_as) == page
    assert read_receipts(asking.home) == []


@fault(25, Guard("ingest.transport.bodies:Body.check_size", nothing))
def test_fault_25_neither_a_flood_nor_a_bomb_is_taken_in(asking: Asking) -> None:
    def flood(out: Any) -> None:
        out.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n")
        out.write(b" " * (1 << 18) + active_set())

    bomb = gzip.compress(b" " * (8 << 20) + active_set())
    assert len(bomb) < 1 << 16  # on the wire it passes
    with serving(Reply(raw=flood), Reply(200, bomb, {**JSON, "Content-Encoding": "gzip"})) as server:
        codes = [asking.code(asking.at(server.port)) for _ in range(2)]
    assert codes == ["too_large", "too_large"]


@fault(
    25,
    Guard("ingest.transport.fetching:Validators.headers", lambda self: []),
    Guard("ingest.transport.polling:_is_in_vault", nothing),
)
def test_fault_25_a_304_proves_that_the_set_still_held(asking: Asking) -> None:
    tagged = Reply(200, active_set(), {**JSON, "ETag": '"one"', "Last-Modified": "Thu, 01 Jul 2021 17:30:00 GMT"})
    with serving(tagged, Reply(304)) as server:
        first, second = (asking.poll(asking.at(server.port)).line for _ in range(2))
    asked = {name: server.seen[1].get(name) for name in ("if-none-match", "if-modified-since")}
    assert asked == {"if-none-match": '"one"', "if-modified-since": "Thu, 01 Jul 2021 17:30:00 GMT"}
    assert (second.outcome, second.status, second.sha256) == ("unchanged", 304, first.sha256)
    held = "select count(*) from landing.polls as p inner join landing.loads as l using (feed, sha256)"
    assert rows(asking, held) == [(2,)]
    # What the vault holds needs no second copy in the clear.
    assert not list((asking.inbox / FEED).iterdir())


def inner_locations(port: int) -> dict[str, str]:
    """Ways of writing an inner address, with the reason for which each is refused."""
    return {
        f"http://127.0.0.2:{port}/": "host_not_allowed",
        f"//127.0.0.2:{port}/": "host_not_allowed",
        "http://169.254.169.254/latest/meta-data/": "host_not_allowed",
        f"http://localhost:{port}/": "host_not_allowed",
        "file:///etc/passwd": "scheme_not_allowed",
        "gopher://127.0.0.2/": "scheme_not_allowed",
        f"http://0x7f000002:{port}/": "odd_host",
        f"http://0x7f.0.0.2:{port}/": "odd_host",
        f"http://0177.0.0.02:{port}/": "odd_host",
        f"http://127.2:{port}/": "odd_host",
        f"http://2130706434:{port}/": "odd_host",
        f"http://[::ffff:127.0.0.2]:{port}/": "odd_host",
        f"http://[64:ff9b::7f00:2]:{port}/": "odd_host",
        f"http://[fe80::1%25lo]:{port}/": "odd_host",
        f"http://127.0.0.1@127.0.0.2:{port}/": "userinfo",
        "http://127.0.0.1:0080/": "odd_port",
        "http://127.0.0.1:22/": "host_not_allowed",
        f"http://127.0.0.2:{port}\\@127.0.0.1/": "odd_url",
    }


@fault(
    59,
    Guard("ingest.transport.addresses:check_host_is_listed", nothing),
    Guard("ingest.transport.addresses:check_ipv4_form", nothing),
    Guard("ingest.transport.addresses:check_ipv6_form", nothing),
)
def test_fault_59_a_redirect_reaches_no_inner_service(asking: Asking) -> None:
    with serving(GOOD, address="127.0.0.2") as inner:
        expected = inner_locations(inner.port)
        found = {}
        for location in expected:
            with serving(Reply(302, headers={"Location": location})) as server:
                found[location] = asking.code(asking.at(server.port))
    assert found == expected
    assert inner.seen == []


@fault(59, Guard("ingest.transport.addresses:address_is_allowed", lambda *a, **n: True))
def test_fault_59_one_inner_address_behind_a_name_is_one_too_many(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    forms = ["169.254.169.254", "10.0.0.8", "127.0.0.2", "::1", "::ffff:127.0.0.2", "fe80::1", "224.0.0.1"]
    codes = {}
    with serving(GOOD) as server:
        for form in forms:
            monkeypatch.setattr(socket, "getaddrinfo", Resolver(relay_example=[["127.0.0.1", form]]))
            codes[form] = asking.code(asking.source(f"http://{HOST}:{server.port}/", [f"{HOST}:{server.port}"]))
    assert codes == dict.fromkeys(forms, "address_not_allowed")
    assert server.seen == []


@fault(59, Guard("ingest.transport.exchange:Pinned.addresses_of", lambda self, host: (host,)))
def test_fault_59_a_name_that_rebinds_leads_to_the_address_that_was_checked(
    asking: Asking, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(GOOD) as server, serving(GOOD, address="127.0.0.9", port=server.port) as inner:
        monkeypatch.setattr(socket, "getaddrinfo", Resolver(relay_example=[["127.0.0.1"], ["127.0.0.9"]]))
        source = asking.source(f"http://{HOST}:{server.port}/", [f"{HOST}:{server.port}"])
        asking.poll(source)
    assert inner.seen == []
    assert [seen["host"] for seen in server.seen] == [f"{HOST}:{server.port}"]


@fault(59, Guard("ingest.transport.fetching:MAX_REDIRECTS", 99))
def test_fault_59_a_chain_of_redirects_ends(asking: Asking) -> None:
    with serving(*[Reply(307, headers={"Location": "/on"})] * 4, GOOD) as server:
        assert asking.code(asking.at(server.port)) == "redirects"
    assert len(server.seen) == 4


@fault(59, Guard("ingest.transport.addresses:Target.origin", property(lambda self: "")))
def test_fault_59_a_redirect_carries_no_credential_away(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHOUXIAN_RELAY_KEY", "opensesame")
    with serving(GOOD) as other:
        away = Reply(302, headers={"Location": f"http://127.0.0.1:{other.port}/"})
        with serving(away) as server:
            source = asking.source(
                f"http://127.0.0.1:{server.port}/",
                [f"127.0.0.1:{server.port}", f"127.0.0.1:{other.port}"],
                header={"name": "X-Api-Key", "from_environment": "SHOUXIAN_RELAY_KEY"},
            )
            assert asking.code(source) == "fetched"
    assert server.seen[0]["x-api-key"] == "opensesame"
    assert "x-api-key" not in other.seen[0]
    left = [p.read_bytes() for p in asking.home.root.rglob("*") if p.is_file()]
    assert not any(b"opensesame" in content for content in left)


@pytest.mark.parametrize("flaw", ["expired", "self_signed", "wrong_host"])
@fault(60, Guard("ingest.transport.exchange:tls_context", trusting_anyone))
def test_fault_60_a_certificate_that_does_not_hold_stops_the_poll(
    asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flaw: str
) -> None:
    ours = authority(tmp_path)
    host = "other.example" if flaw == "wrong_host" else HOST
    tls = ours.context(host, expired=flaw == "expired", self_signed=flaw == "self_signed")
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(relay_example=[["127.0.0.1"]]))
    with serving(GOOD, tls=tls) as server:
        url, hosts = f"https://{HOST}:{server.port}/", [f"{HOST}:{server.port}"]
        line = asking.poll(asking.source(url, hosts, ca_bundle=str(ours.bundle))).line
    assert (line.outcome, line.error_code, line.attempts) == ("refused", "bad_certificate", 1)
    assert server.seen == []


@fault(60, Guard("ingest.transport.exchange:tls_context", trusting_anyone))
def test_fault_60_old_tls_is_refused(asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = authority(tmp_path)
    tls = ours.context()
    tls.set_ciphers("ALL:@SECLEVEL=0")
    tls.minimum_version, tls.maximum_version = ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(relay_example=[["127.0.0.1"]]))
    with serving(GOOD, tls=tls) as server:
        url, hosts = f"https://{HOST}:{server.port}/", [f"{HOST}:{server.port}"]
        assert asking.code(asking.source(url, hosts, ca_bundle=str(ours.bundle))) == "bad_tls"
    assert server.seen == []


@fault(60, Guard("ingest.transport.fetching:refuse_downgrade", nothing))
def test_fault_60_https_never_leads_to_http(asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ours = authority(tmp_path)
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(relay_example=[["127.0.0.1"]]))
    with serving(GOOD) as plain:
        down = Reply(301, headers={"Location": f"http://127.0.0.1:{plain.port}/"})
        with serving(down, tls=ours.context()) as server:
            hosts = [f"{HOST}:{server.port}", f"127.0.0.1:{plain.port}"]
            source = asking.source(f"https://{HOST}:{server.port}/", hosts, ca_bundle=str(ours.bundle))
            assert asking.code(source) == "downgrade"
    assert plain.seen == []
