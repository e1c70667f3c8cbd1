"""What the transport decides before and after the wire: addresses, settings, pauses, kinds of answers, the log."""

from __future__ import annotations

import socket
from datetime import UTC, datetime, timedelta
from ipaddress import ip_network
from pathlib import Path
from typing import Any

import duckdb
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tenacity import Future, RetryCallState, Retrying

from ingest.contracts import contracts
from ingest.home import Home
from ingest.landing_views import POLL_COLUMNS, create_views
from ingest.transport import poll_log
from ingest.transport.addresses import Allowed, address_is_allowed, resolve, split_url
from ingest.transport.bodies import unexpected_kind
from ingest.transport.declared import MEDIA_TYPES, poll_way
from ingest.transport.errors import PollBusy, PollFailed, PollRefused, PollSettings
from ingest.transport.fetching import LONGEST_PAUSE_SECONDS, pause, retry_after
from ingest.transport.poll_log import PollLine
from ingest.transport.polling import is_poll_name, poll, poll_one
from ingest.transport.settings import read_sources
from tests.faults.sources import authority

LIST = Allowed((("relay.example", None), ("relay.example", 8443), ("10.1.2.3", None), ("2606:4700::1111", None)))
NOW = datetime(2021, 7, 1, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("url", "authority", "path"),
    [
        ("https://relay.example/a.json?b=c", "relay.example", "/a.json?b=c"),
        ("HTTPS://Relay.Example:8443", "relay.example:8443", "/"),
        ("https://10.1.2.3/#part", "10.1.2.3", "/"),
        ("https://[2606:4700::1111]/x", "[2606:4700::1111]", "/x"),
    ],
)
def test_a_plain_url_on_the_list_is_taken_apart(url: str, authority: str, path: str) -> None:
    target = split_url(url, LIST, "feed")
    assert (target.authority, target.path, target.addresses) == (authority, path, ())


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://relay.example/", "not_encrypted"),
        ("ftp://relay.example/", "scheme_not_allowed"),
        ("relay.example/a", "scheme_not_allowed"),
        ("https://relay.example:8444/", "host_not_allowed"),
        ("https://relay.example.evil.example/", "host_not_allowed"),
        ("https://evilrelay.example/", "host_not_allowed"),
        ("https://relay.example./", "odd_host"),
        ("https://relay%2eexample/", "odd_host"),
        ("https://relay.example:/", "odd_port"),
        ("https://relay.example:99999/", "odd_port"),
        ("https://relay.example:+443/", "odd_port"),
        ("https://" + "user:word" + "@relay.example/", "userinfo"),
        ("https://@relay.example/", "userinfo"),
        ("https:///a", "odd_host"),
        ("https://relay.example/a b", "odd_url"),
        ("https://relay.example/\r\nHost: evil", "odd_url"),
        ("https://relay.example\\@evil.example/", "odd_url"),
        ("https://ｒelay.example/", "odd_url"),
        ("https://[::1/", "odd_url"),
        ("https://[relay.example]/", "odd_url"),
        ("https://012.1.2.3/", "odd_host"),
        ("https://0xa.1.2.3/", "odd_host"),
        ("https://10.1.515/", "odd_host"),
        ("https://167838211/", "odd_host"),
        ("https://[::ffff:10.1.2.3]/", "odd_host"),
        ("https://" + "a" * 5000, "odd_url"),
    ],
)
def test_any_other_form_is_refused_unasked(url: str, code: str) -> None:
    with pytest.raises(PollRefused) as refused:
        split_url(url, LIST, "feed")
    assert refused.value.code == code


@given(st.text(max_size=60), st.sampled_from(["", "https://", "https://relay.example"]))
def test_no_text_makes_the_check_fall_over_or_let_another_host_through(text: str, start: str) -> None:
    try:
        target = split_url(start + text, LIST, "feed")
    except PollRefused:
        return
    assert target.host in {host for host, _ in LIST.hosts}
    assert target.scheme == "https"


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("1.1.1.1", True),
        ("2606:4700::1111", True),
        ("::ffff:1.1.1.1", True),
        ("10.9.0.1", True),  # of the network that is allowed
        ("::ffff:10.9.0.1", True),
        ("10.8.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("0.0.0.1", False),
        ("255.255.255.255", False),
        ("240.0.0.1", False),
        ("224.0.0.1", False),
        ("::", False),
        ("::1", False),
        ("fe80::1", False),
        ("fe80::1%lo", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:127.0.0.1", False),
        ("::127.0.0.1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b::a9fe:a9fe", False),
    ],
)
def test_the_class_of_an_address(address: str, allowed: bool) -> None:
    assert address_is_allowed(address, Allowed((), (ip_network("10.9.0.0/16"),))) is allowed


def test_plain_http_goes_to_inner_addresses_only() -> None:
    inner = Allowed((), (ip_network("10.9.0.0/16"),), insecure=True)
    assert address_is_allowed("10.9.0.1", inner, inner_only=True)
    assert not address_is_allowed("1.1.1.1", inner, inner_only=True)


def test_a_resolver_that_never_answers_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    silent = Event()
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **n: [] if silent.wait(5) else None)
    with pytest.raises(PollFailed) as failed:
        resolve(split_url("https://relay.example/", LIST, "feed"), LIST, "feed", 0.02)
    silent.set()
    assert (failed.value.code, failed.value.may_pass) == ("no_address", True)


def pauses(asked: float | None) -> list[float]:
    found = []
    for attempt in range(1, 8):
        state = RetryCallState(Retrying(), None, (), {})
        state.attempt_number = attempt
        state.outcome = Future(attempt)
        state.outcome.set_exception(PollFailed("feed", "", "", "", retry_after_seconds=asked))
        found.append(pause(state))
    return found


def test_pauses_double_with_jitter_up_to_a_cap() -> None:
    found = pauses(None)
    for number, seconds in enumerate(found):
        assert min(2.0 * 2**number, LONGEST_PAUSE_SECONDS) <= seconds <= min(2.0 * 2**number + 2, LONGEST_PAUSE_SECONDS)
    assert found[0] != pauses(None)[0]


def test_what_a_source_asks_for_is_waited_up_to_the_cap() -> None:
    assert pauses(17)[0] == 17
    assert pauses(86400) == [LONGEST_PAUSE_SECONDS] * 7


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        ("Thu, 01 Jul 2021 17:31:00 GMT", 60.0),
        ("Thu, 01 Jul 2021 17:00:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("soon", None),
        ("1e9", None),
        ("9" * 400, 10.0**8),
    ],
)
def test_retry_after_is_a_number_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after(text, NOW) == seconds


@pytest.mark.parametrize(
    ("declared", "content", "kind"),
    [
        ("application/json; charset=utf-8", b"{}", None),
        ("", b"{}", None),
        ("application/vnd.geo+json", b"{}", None),
        ("text/javascript", b"var alarms={};", None),
        ("text/html", b"{}", "web_page"),
        ("application/json", b"\xef\xbb\xbf \r\n<!DOCTYPE HTML PUBLIC>", "web_page"),
        ("application/json", b"<!-- x --><html lang=zh>", "web_page"),
        ("text/plain", b'<?xml version="1.0"?>\n<html xmlns="x">', "web_page"),
        ("application/pdf", b"%PDF", "other_media_type"),
        ("application/json", b'{"note": "<html>"}', None),
    ],
)
def test_the_kind_of_an_answer(declared: str, content: bytes, kind: str | None) -> None:
    assert unexpected_kind(declared, content, MEDIA_TYPES["json"]) == kind


def polls_yml(home: Home, text: str) -> Path:
    path = home.root / "polls.yml"
    path.write_text(text, encoding="utf-8")
    path.chmod(0o600)
    return path


def entry(**changes: Any) -> str:
    usual = {"url": "https://relay.example/a", "hosts": ["relay.example"]}
    return yaml.safe_dump({"warnings_poll": {**usual, **changes}})


def test_an_installation_without_polls_yml_polls_nothing(home: Home) -> None:
    assert read_sources(home) == {}
    assert poll(home, home.inbox, []) == []


def test_an_entry_becomes_a_source(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    authority(home.root).bundle.rename(home.root / "office.pem")
    polls_yml(
        home,
        entry(
            networks=["10.20.0.0/16"], ca_bundle="office.pem", header={"name": "X-Api-Key", "from_environment": "RELAY"}
        ),
    )
    source = read_sources(home)["warnings_poll"]
    assert source.allowed == Allowed((("relay.example", None),), (ip_network("10.20.0.0/16"),))
    assert source.ca_bundle == home.root / "office.pem"
    assert (source.way.every, source.way.ending) == ("10m", "json")
    with pytest.raises(PollSettings, match="RELAY"):
        source.secret_header()
    monkeypatch.setenv("RELAY", "opensesame")
    assert source.secret_header() == ("X-Api-Key", "opensesame")
    monkeypatch.setenv("RELAY", "open\nsesame")
    with pytest.raises(PollSettings) as refused:
        source.secret_header()
    assert "sesame" not in str(refused.value)


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("[", None),
        ("- warnings_poll", None),
        ("no_such_feed: {}", "no_such_feed"),
        ("medical_insurance: {url: 'https://a.example/', hosts: [a.example]}", "medical_insurance"),
        ("warnings_poll: https://relay.example/", "warnings_poll"),
        ("warnings_poll: {}", "warnings_poll.url"),
        (entry(adress="x"), "warnings_poll.adress"),
        (entry(hosts=[]), "warnings_poll.hosts"),
        (entry(hosts="relay.example"), "warnings_poll.hosts"),
        (entry(hosts=["other.example"]), "warnings_poll.url"),
        (entry(hosts=["0x7f.1"]), "warnings_poll.url"),
        (entry(hosts=["https://relay.example"]), "warnings_poll.url"),
        (entry(url="http://relay.example/a"), "warnings_poll.url"),
        (entry(insecure=True), "warnings_poll.insecure"),
        (entry(insecure="yes"), "warnings_poll.insecure"),
        (entry(networks=["10.20.0.1/16"]), "warnings_poll.networks"),
        (entry(networks=["0.0.0.0/0"]), "warnings_poll.networks"),
        (entry(networks=["8.8.8.0/24"]), "warnings_poll.networks"),
        (entry(networks=["169.254.169.254/32"]), "warnings_poll.networks"),
        (entry(ca_bundle="missing.pem"), "warnings_poll.ca_bundle"),
        (entry(ca_bundle="polls.yml"), "warnings_poll.ca_bundle"),
        (entry(header={"name": "X-Api-Key", "value": "opensesame"}), "warnings_poll.header"),
        (entry(header={"name": "Host", "from_environment": "A"}), "warnings_poll.header"),
        (entry(header={"name": "X\r\nY", "from_environment": "A"}), "warnings_poll.header"),
    ],
)
def test_a_wrong_polls_yml_says_where_and_what_to_do(home: Home, text: str, column: str | None) -> None:
    polls_yml(home, text)
    with pytest.raises(PollSettings) as refused:
        read_sources(home)
    error = refused.value
    assert (error.file, error.code, error.column) == ("polls.yml", "poll_settings", column)
    assert all((error.found, error.expected, error.remedy))
    assert "opensesame" not in str(error)


def test_a_polls_yml_that_others_may_write_is_not_believed(home: Home) -> None:
    polls_yml(home, entry()).chmod(0o666)
    with pytest.raises(PollSettings, match="chmod 600"):
        read_sources(home)


def test_every_contract_s_transport_can_be_read() -> None:
    polled = {feed for feed, contract in contracts().items() if poll_way(contract)}
    assert {"warnings_poll", "warnings_cap"} <= polled


@pytest.mark.parametrize(
    "way",
    [
        {"kind": "pull"},
        {"kind": "drop", "every": "1h"},
        {"kind": "poll", "ending": "json"},
        {"kind": "poll", "every": "5m", "ending": "json"},
        {"kind": "poll", "every": "1h", "ending": "html"},
        {"kind": "poll", "every": "1h", "ending": "json", "maxBytes": 0},
        {"kind": "poll", "every": "1h", "ending": "json", "timeoutSeconds": 1e9},
        {"kind": "poll", "every": "1h", "ending": "json", "headers": {"Authorization": "x"}},
        {"kind": "poll", "every": "1h", "ending": "json", "headers": {"X-Part": "a\r\nHost: b"}},
        {"kind": "poll", "every": "1h", "ending": "json", "verify": False},
    ],
)
def test_a_contract_with_another_transport_is_refused(way: dict[str, Any]) -> None:
    from dataclasses import replace

    with pytest.raises(PollSettings):
        poll_way(replace(contracts()["warnings_poll"], transport=(way,)))


LINE = PollLine("warnings_poll", NOW, "fetched", 120, 1, status=200, sha256="ab" * 32, bytes=5)


def test_a_line_of_the_log_can_be_read_back_and_a_torn_one_hides_no_other(home: Home) -> None:
    poll_log.append(home, LINE)
    (path,) = poll_log.files(home)
    assert path.stat().st_mode & 0o077 == 0
    with path.open("a") as torn:
        torn.write(LINE.to_json()[:40])
    later = PollLine("warnings_poll", NOW + timedelta(minutes=10), "failed", 90, 4, status=503, error_code="http_503")
    next_month = PollLine("warnings_poll", NOW + timedelta(days=31), "failed", 90, 4, error_code="timeout")
    poll_log.append(home, later)
    poll_log.append(home, next_month)
    assert list(poll_log.newest_first(home, "warnings_poll")) == [next_month, later, LINE]
    state = poll_log.state(home, "warnings_poll")
    assert (state.last, state.last_answered, state.failures) == (next_month, LINE, 2)
    with duckdb.connect(":memory:") as connection:
        create_views(connection, home, [])
        rows = connection.execute("select polled_at, known_at, outcome, status, bytes from landing.polls order by all")
        naive = [line.polled_at.replace(tzinfo=None) for line in (LINE, later, next_month)]
        assert rows.fetchall() == [
            (naive[0], naive[0], "fetched", 200, 5),
            (naive[1], naive[1], "failed", 503, None),
            (naive[2], naive[2], "failed", None, None),
        ]


def test_the_table_of_polls_is_there_typed_before_the_first_poll(home: Home) -> None:
    with duckdb.connect(":memory:") as connection:
        create_views(connection, home, [])
        described = {row[0]: row[1] for row in connection.execute("describe landing.polls").fetchall()}
    assert described == {**POLL_COLUMNS, "known_at": "TIMESTAMP"}


def test_status_says_since_when_a_source_is_away(home: Home) -> None:
    from shouxian.status import poll_lines

    poll_log.append(home, LINE)
    assert list(poll_lines(home)) == ["轮询 warnings_poll：最近成功 2021-07-02 01:30，最近一次 2021-07-02 01:30"]
    away = PollLine("warnings_poll", NOW + timedelta(minutes=10), "failed", 90, 4, error_code="timeout")
    poll_log.append(home, away)
    (line,) = poll_lines(home)
    assert "最近成功 2021-07-02 01:30" in line
    assert "连续失败 1 次（timeout）" in line


def test_names_of_polls_are_told_from_dropped_ones() -> None:
    assert is_poll_name("warnings_poll", "预警信息轮询_20210701T173000Z.json")
    assert is_poll_name("warnings_poll", "预警信息轮询_20210701T173000Z-2.json")
    assert not is_poll_name("warnings_poll", "warnings_20260715T000959Z.json")
    assert not is_poll_name("warnings_poll", "预警信息轮询_202107.json")


def test_a_feed_is_polled_by_one_process_at_a_time(home: Home) -> None:
    import fcntl

    polls_yml(home, entry())
    source = read_sources(home)["warnings_poll"]
    folder = poll_log.folder_of(home, "warnings_poll")
    folder.mkdir(parents=True)
    with (folder / ".lock").open("w") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        with pytest.raises(PollBusy):
            poll_one(home, home.inbox, source)
        assert poll(home, home.inbox, [source]) == []


def test_the_loop_asks_when_the_cadence_says(home: Home) -> None:
    from shouxian.poll_loop import due_in

    polls_yml(home, entry())
    assert due_in("warnings_poll", NOW) == timedelta()
    poll_log.append(home, LINE)
    assert due_in("warnings_poll", NOW + timedelta(minutes=4)) == timedelta(minutes=6)
