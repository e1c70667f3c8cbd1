"""What polling makes of answers that are no case of the catalogue: sound ones, repeated ones, half ones, none."""

from __future__ import annotations

import gzip
import socket
from pathlib import Path

import pytest

from ingest.home import Home
from ingest.receipts import read_receipts
from ingest.transport.poll_log import newest_first
from tests.faults.asking import FEED, GOOD, JSON, Asking, active_set
from tests.faults.sources import HOST, Reply, Resolver, authority, serving


@pytest.fixture
def asking(shouxian_home: Path) -> Asking:
    """A fresh installation."""
    return Asking(Home(shouxian_home))


def test_a_sound_certificate_opens_the_source_and_sni_names_the_host(
    asking: Asking, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = authority(tmp_path)
    tls, names = ours.context(), list[str | None]()
    tls.sni_callback = lambda connection, name, context: names.append(name)  # type: ignore[assignment]  # returns None
    monkeypatch.setattr(socket, "getaddrinfo", Resolver(relay_example=[["127.0.0.1"]]))
    with serving(GOOD, tls=tls) as server:
        url, hosts = f"https://{HOST}:{server.port}/", [f"{HOST}:{server.port}"]
        source = asking.source(url, hosts, ca_bundle=str(ours.bundle), insecure=False)
        assert asking.code(source) == "fetched"
    assert names == [HOST]
    # An address that has a certificate of its own is as good as a name.
    with serving(Reply(200, active_set("2021-07-01T18:00:00Z"), JSON), tls=ours.context("127.0.0.1")) as server:
        url, hosts = f"https://127.0.0.1:{server.port}/", [f"127.0.0.1:{server.port}"]
        assert asking.code(asking.source(url, hosts, ca_bundle=str(ours.bundle), insecure=False)) == "fetched"


def test_the_command_polls_lands_prompts_and_says_what_failed(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    from typer.testing import CliRunner

    from shouxian.cli import app
    from shouxian.tasks import check_polls, poll_feeds

    monkeypatch.delenv("SHOUXIAN_INBOX", raising=False)
    with serving(GOOD, GOOD, Reply(200, active_set("2021-07-01T17:40:00Z"), JSON), Reply(404)) as server:
        asking.at(server.port)
        assert poll_feeds("1h") == {"fetched": 0, "unchanged": 0, "failed": 0, "refused": 0, "prompts": 0}
        counts = poll_feeds("10m")
        assert {name: counts[name] for name in ("fetched", "landed", "rejected", "prompts")} == {
            "fetched": 1,
            "landed": 1,
            "rejected": 0,
            "prompts": 1,
        }
        assert check_polls("10m") == {FEED: "fetched"}
        same, newer, gone = (CliRunner().invoke(app, ["poll", FEED, "--once"]) for _ in range(3))
    assert (same.exit_code, newer.exit_code, gone.exit_code) == (0, 0, 1)
    assert "无变化" in same.output
    assert "新数据" in newer.output
    assert "http_404" in gone.output
    unknown = CliRunner().invoke(app, ["poll", "medical_insurance", "--once"])
    assert unknown.exit_code == 1
    assert "medical_insurance" in unknown.output


def test_an_answer_left_behind_by_a_busy_landing_lands_with_the_next_poll(asking: Asking) -> None:
    from ingest.transport.polling import poll_one
    from shouxian.tasks import poll_feeds

    with serving(GOOD) as server:
        poll_one(asking.home, asking.inbox, asking.at(server.port))
        assert len(list((asking.inbox / FEED).iterdir())) == 1
        counts = poll_feeds("10m")
    assert (counts["unchanged"], counts["landed"]) == (1, 1)
    assert list((asking.inbox / FEED).iterdir()) == []


def test_a_proxy_of_the_environment_is_not_asked(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(GOOD) as proxy, serving(GOOD) as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
            monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
        assert asking.code(asking.at(server.port)) == "fetched"
    assert proxy.seen == []
    assert len(server.seen) == 1


def test_an_answer_that_does_not_land_is_asked_for_in_full_again(asking: Asking) -> None:
    cut = Reply(200, active_set()[:-20], {**JSON, "ETag": '"cut"'})
    with serving(cut, cut, GOOD) as server:
        lines = [asking.poll(asking.at(server.port)).line for _ in range(3)]
    assert [line.outcome for line in lines] == ["fetched", "unchanged", "fetched"]
    assert not any("if-none-match" in seen for seen in server.seen)
    # The rejected answer lies where a dropped file would; the good one has gone into the vault.
    assert [p.read_bytes() for p in (asking.inbox / FEED).iterdir()] == [cut.body]
    assert sorted(r.outcome for r in read_receipts(asking.home)) == ["landed", "rejected"]


def test_the_same_bytes_again_leave_a_line_and_no_file(asking: Asking) -> None:
    packed = Reply(200, gzip.compress(active_set()), {**JSON, "Content-Encoding": "gzip"})
    with serving(GOOD, packed) as server:
        lines = [asking.poll(asking.at(server.port)).line for _ in range(2)]
    assert [(line.outcome, line.status) for line in lines] == [("fetched", 200), ("unchanged", 200)]
    assert lines[0].sha256 == lines[1].sha256
    assert len(list(newest_first(asking.home, FEED))) == 2


def test_a_304_that_nobody_asked_for_is_no_answer(asking: Asking) -> None:
    with serving(Reply(304)) as server:
        assert asking.code(asking.at(server.port)) == "unasked_304"


@pytest.mark.parametrize(
    ("reply", "code"),
    [
        (Reply(200, active_set(), {"Content-Length": "999", **JSON}), "cut_short"),
        (Reply(200, gzip.compress(active_set())[:-12], {**JSON, "Content-Encoding": "gzip"}), "cut_short"),
        (Reply(200, b"no gzip at all", {**JSON, "Content-Encoding": "gzip"}), "damaged_packing"),
        (Reply(200, active_set(), {**JSON, "Content-Encoding": "br"}), "other_encoding"),
        (Reply(200, active_set(), {"Content-Type": "application/pdf"}), "other_media_type"),
        (Reply(204), "http_204"),
        (Reply(raw=lambda out: out.write(b"SSH-2.0-OpenSSH_9.2\r\n")), "cut_short"),
        (Reply(raw=lambda out: None), "cut_short"),
    ],
)
def test_what_is_no_whole_answer_is_none(asking: Asking, reply: Reply, code: str) -> None:
    with serving(reply) as server:
        assert asking.code(asking.at(server.port)) == code


def test_nobody_listens_and_no_name_resolves(asking: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(GOOD) as server:
        port = server.port
    assert asking.code(asking.at(port)) == "no_connection"
    monkeypatch.setattr(socket, "getaddrinfo", Resolver())
    assert asking.code(asking.source(f"http://{HOST}/", [HOST])) == "no_address"
