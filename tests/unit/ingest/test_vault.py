"""What is encrypted, what can be forgotten, and who gets names back."""

from __future__ import annotations

import hmac
import stat
from typing import Any

import pytest

from ingest.errors import VaultError
from ingest.home import Home
from ingest.identity import HmacKey
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
    path.write_bytes(content)
    with pytest.raises(VaultError, match="altered"):
        vault.open("feed-1")
    vault.keep(b"a", "feed-1")
    vault.keep_quarantine(b"b", "feed-1")
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
