"""What is encrypted, what can be forgotten, and who gets names back."""

from __future__ import annotations

import hmac
import stat
from contextlib import suppress
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest import master_key
from ingest.durable import write_private
from ingest.errors import VaultError
from ingest.home import Home
from ingest.identity import HmacKey
from ingest.master_key import MASTER_FILE, rotate
from ingest.sealed import CHUNK
from ingest.vault import Vault, from_bytes, reidentify
from tests.unit.ingest.conftest import FIXTURES, Deliver, no_ones_id

COLUMNS = (
    *(
        "户编号",
        "村编码",
        "村民小组",
        "户主姓名",
        "户主证件号码",
        "户类型",
        "家庭人口数",
        "收入起始月",
        "收入截止月",
        "工资性收入",
    ),
    *(
        "粮食种植收入",
        "林果业收入",
        "生猪养殖收入",
        "其他经营收入",
        "生产经营性支出",
        "财产性收入",
        "转移性收入",
        "家庭理赔收入",
    ),
    *("不愁吃", "不愁穿", "义务教育保障", "基本医疗保障", "住房安全保障", "住房等级", "饮水安全保障", "安置点编码"),
)


def household(number: str, head: str, person: int) -> str:
    filled = {"户编号": number, "村编码": "341302101201", "户主姓名": head, "户主证件号码": no_ones_id(person)}
    filled |= {"户类型": "一般农户", "家庭人口数": "4", "收入起始月": "202010", "收入截止月": "202109"}
    return ",".join(filled.get(c, "") for c in COLUMNS)


def register(*rows: str) -> bytes:
    return "\n".join([",".join(COLUMNS), *rows, ""]).encode()


def test_bytes_come_back_and_lie_sealed_for_their_owner_alone(home: Home) -> None:
    vault = Vault(home)
    vault.keep(b"list of names", "feed-1")
    assert Vault(home).open("feed-1") == b"list of names"
    for path in [home.vault, *home.vault.rglob("*"), *home.keys.rglob("*")]:
        assert stat.S_IMODE(path.stat().st_mode) == (
            0o700 if path.is_dir() else 0o400 if path.match("deliveries/*.enc") else 0o600
        ), path
        assert path.is_dir() or b"list of names" not in path.read_bytes()


def test_a_forgotten_delivery_is_gone_with_its_quarantine_and_names(home: Home) -> None:
    vault = Vault(home)
    vault.keep(b"a", "feed-1")
    vault.keep_quarantine(b"b", "feed-1")
    vault.keep_identity(b"c", "feed-1")
    vault.keep(b"other", "feed-2")
    vault.forget("feed-1")
    for room in ("deliveries", "quarantine", "identity"):
        with pytest.raises(VaultError, match="forgotten"):
            Vault(home).open("feed-1", room)
    assert Vault(home).open("feed-2") == b"other"


def test_an_altered_or_exchanged_file_does_not_open(home: Home) -> None:
    vault = Vault(home)
    vault.keep(b"a", "feed-1")
    path = home.vault / "deliveries/feed-1.enc"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.chmod(0o600)
    path.write_bytes(content)
    with pytest.raises(VaultError, match="altered"):
        vault.open("feed-1")
    vault.keep(b"a", "feed-1")
    vault.keep_quarantine(b"b", "feed-1")
    path.chmod(0o600)
    path.write_bytes((home.vault / "quarantine/feed-1.enc").read_bytes())
    with pytest.raises(VaultError, match="altered"):
        vault.open("feed-1")


def test_a_missing_or_other_master_key_is_said(home: Home) -> None:
    Vault(home).keep(b"a", "feed-1")
    key = home.keys / "vault_master.key"
    key.write_text("11" * 32)
    with pytest.raises(VaultError, match="another master key"):
        Vault(home).open("feed-1")
    key.unlink()
    with pytest.raises(VaultError, match="missing"):
        Vault(home)


def test_the_delivery_and_its_quarantine_are_kept_in_full(deliver: Deliver, home: Home) -> None:
    (receipt,) = deliver(
        {
            "household_register/户_341302_202109.csv": register(
                *[household(f"9{n:011d}", "张三", n) for n in range(60)],
                household("900000000099", "李四", 61).replace("202010", "七月"),
            )
        }
    ).receipts
    assert receipt.quarantined == 1
    assert (
        from_bytes(Vault(home).open(receipt.load_id, "quarantine")).to_pylist()[0]["reasons"]
        == "bad_month:income_from_month"
    )
    assert "李四".encode() in Vault(home).open(receipt.load_id)
    (poll,) = deliver({"warnings_poll/a.json": "warnings_poll/empty_set.json"}).receipts
    assert Vault(home).open(poll.load_id) == (FIXTURES / "warnings_poll/empty_set.json").read_bytes()


def test_names_come_back_to_a_named_person_with_a_purpose_on_record(deliver: Deliver, home: Home) -> None:
    deliver(
        {
            "household_register/户_341302_202109.csv": register(
                household("900000000001", "张　三", 1), household("900000000002", "李四", 2)
            )
        }
    )
    keys = HmacKey.load_or_create(home).keys_for(["900000000001", "900000000003"], "household")
    records: list[dict[str, Any]] = []
    found = reidentify(home, keys.values(), purpose="入户核查", actor="王某", role="乡镇", audit=records.append)
    assert found == {keys["900000000001"]: {"household_no": "900000000001", "head_name": "张　三"}}
    assert (records[0]["purpose"], records[0]["asked"], records[0]["found"]) == ("入户核查", 2, 1)
    assert "张" not in str(records)


def test_no_names_without_a_purpose_or_without_a_record(home: Home) -> None:
    with pytest.raises(ValueError, match="purpose"):
        reidentify(home, ["k"], purpose=" ", actor="a", role="r", audit=lambda _: None)

    def no_log(_: dict[str, Any]) -> None:
        raise OSError("the log is full")

    with pytest.raises(OSError, match="full"):
        reidentify(home, ["k"], purpose="p", actor="a", role="r", audit=no_log)


def test_keys_of_different_kinds_never_meet() -> None:
    key = HmacKey(bytes(32))
    assert key.keys_for(["1"], "person") != key.keys_for(["1"], "household")
    assert HmacKey(bytes(31) + b"1").keys_for(["1"], "person") != key.keys_for(["1"], "person")


def test_keys_are_hmac_sha256_of_purpose_and_value() -> None:
    secret = bytes(range(32))
    expected = {p: hmac.digest(secret, f"{p}\0张三".encode(), "sha256")[:16].hex() for p in ("person", "name")}
    key = HmacKey(secret)
    assert {p: key.keys_in_order(["张三", "张三"], p) for p in expected} == {p: [k, k] for p, k in expected.items()}


def test_the_first_format_of_vault_and_key_stays_readable(home: Home) -> None:
    vault = Vault(home)
    vault.keep(b"new", "feed-1")
    master = AESGCM(bytes.fromhex((home.keys / MASTER_FILE).read_text()))
    key, nonce = bytes(range(32)), bytes(12)
    (home.vault / "deliveries/feed-0.key").write_bytes(nonce + master.encrypt(nonce, key, b"feed-0"))
    sealed = nonce + AESGCM(key).encrypt(nonce, b"old", b"deliveries/feed-0")
    (home.vault / "deliveries/feed-0.enc").write_bytes(sealed)
    assert [Vault(home).open(name) for name in ("feed-0", "feed-1")] == [b"old", b"new"]
    assert rotate(home) == 2
    assert [Vault(home).open(name) for name in ("feed-0", "feed-1")] == [b"old", b"new"]


@pytest.mark.parametrize("length", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_sealed_chunks_open_from_any_place(home: Home, length: int) -> None:
    content = bytes(range(256)) * (length // 256 + 1)
    vault = Vault(home)
    with vault.writing("deliveries", "feed-1") as sink:
        for start in range(0, length, 700_001):
            sink.write(content[start : min(start + 700_001, length)])
    assert vault.open("feed-1") == content[:length]
    with vault.reading("feed-1") as source:
        source.seek(length // 2)
        assert source.readall() == content[length // 2 : length]


def test_no_chunk_can_be_cut_off_moved_or_repeated(home: Home) -> None:
    vault = Vault(home)
    vault.keep(bytes(3 * CHUNK), "feed-1")
    path = home.vault / "deliveries/feed-1.enc"
    sealed = path.read_bytes()
    head, size = len(sealed) - 3 * (CHUNK + 16), CHUNK + 16
    chunks = [sealed[head + n * size : head + (n + 1) * size] for n in range(3)]
    for wrong in (chunks[:2], [chunks[1], chunks[0], chunks[2]], [*chunks, chunks[2]], [chunks[0], chunks[2]], []):
        path.chmod(0o600)
        path.write_bytes(sealed[:head] + b"".join(wrong))
        with pytest.raises(VaultError, match="altered"):
            vault.open("feed-1")


@pytest.mark.parametrize("killed_at", range(1, 9))
def test_a_rotation_killed_anywhere_leaves_every_key_readable(
    home: Home, monkeypatch: pytest.MonkeyPatch, killed_at: int
) -> None:
    names = [f"feed-{n}" for n in range(4)]
    for name in names:
        Vault(home).keep(name.encode(), name)
    before = (home.keys / MASTER_FILE).read_text()
    calls = count(1)

    class Killed(BaseException):
        pass

    def write(path: Path, content: bytes, *, synced: bool = True) -> None:
        if next(calls) == killed_at:
            raise Killed
        write_private(path, content, synced=synced)

    monkeypatch.setattr(master_key, "write_private", write)
    with suppress(Killed):
        rotate(home)
    monkeypatch.setattr(master_key, "write_private", write_private)
    assert [Vault(home).open(name) for name in names] == [name.encode() for name in names]
    rotate(home)
    assert [Vault(home).open(name) for name in names] == [name.encode() for name in names]
    after = (home.keys / MASTER_FILE).read_text().split()
    assert len(after) == 1
    assert before not in after


def test_a_data_key_that_no_master_key_opens_stops_the_rotation(home: Home) -> None:
    Vault(home).keep(b"a", "feed-1")
    (home.vault / "deliveries/feed-2.key").write_bytes(bytes(60))
    with pytest.raises(VaultError, match="another master key"):
        rotate(home)
    assert Vault(home).open("feed-1") == b"a"
    assert len((home.keys / MASTER_FILE).read_text().split()) == 2
