"""A file that is landed block by block ends as one that is landed whole: same receipt, same rows, same vault."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from ingest import landing
from ingest.home import Home
from ingest.landing import Landed, land
from ingest.readers import csv_blocks
from ingest.receipts import verify
from ingest.vault import Vault, from_bytes
from tests.faults.conftest import InThisProcess
from tests.unit.ingest.conftest import RECEIVED, no_ones_id
from tests.unit.ingest.test_vault import household, register

HEADER = "截止月份,姓名,证件号码,参保类型,总费用,基本医保报销,大病保险报销,医疗救助报销,合规自付费用"
PRICES = "品名,最低价,平均价,最高价,规格,单位,发布日期"

LandBoth = Callable[[str, bytes], tuple[Home, Home]]


@pytest.fixture
def in_small_blocks(monkeypatch: pytest.MonkeyPatch) -> Callable[[], None]:
    """From then on every file of more than a kilobyte is landed in blocks of some twenty rows."""

    def change() -> None:
        monkeypatch.setattr(landing, "Pool", InThisProcess)
        monkeypatch.setattr(landing, "_BATCH_BYTES", 1000)
        monkeypatch.setattr(csv_blocks, "BLOCK_BYTES", 2000)
        monkeypatch.setattr(csv_blocks, "HEAD_BYTES", 1000)

    return change


def both_ways(
    files: dict[str, bytes], home: Home, tmp_path: Path, in_small_blocks: Callable[[], None]
) -> tuple[list[Landed], Home]:
    for name, content in files.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    whole = land(tmp_path / "in", home=home, received_at=RECEIVED)
    other = Home(tmp_path / "other")
    (other.root / "keys").mkdir(parents=True)
    (other.root / "keys/hmac.key").write_text((home.keys / "hmac.key").read_text())
    in_small_blocks()
    return [whole, land(tmp_path / "in", home=other, received_at=RECEIVED)], other


def same(landed: list[Landed], homes: list[Home]) -> None:
    receipts: list[list[dict[str, Any]]] = [[r.to_json() for r in one.receipts] for one in landed]
    for one in receipts:
        for receipt in one:
            receipt.pop("rows_sha256")
            receipt["left_out"] = sorted(receipt["left_out"], key=str)
    assert receipts[0] == receipts[1]
    for one, other in zip(landed[0].receipts, landed[1].receipts, strict=True):
        if one.outcome == "rejected":
            continue
        paths = [one.rows(homes[0]), other.rows(homes[1])]
        assert paths[0]
        assert paths[1]
        assert pq.ParquetFile(paths[1]).num_row_groups > 1 or other.accepted < 100, "this file was not landed in blocks"
        assert pq.read_table(paths[0]).equals(pq.read_table(paths[1]))
        for room in ("quarantine", "identity"):
            vaults = [Vault(home) for home in homes]
            assert vaults[0].holds(one.load_id, room) == vaults[1].holds(one.load_id, room), room
            if vaults[0].holds(one.load_id, room):
                kept = [from_bytes(v.open(one.load_id, room)).to_pylist() for v in vaults]
                assert sorted(kept[0], key=str) == sorted(kept[1], key=str), room
        assert Vault(homes[0]).open(one.load_id) == Vault(homes[1]).open(one.load_id)


def row(person: int, pay: str = "10.00", name: str = "张三", month: str = "2021-01", kind: str = "居民") -> str:
    return f"{month},{name},{no_ones_id(person % 1000, f'{1940 + person // 1000}0101')},{kind},100.00,90.00,,,{pay}"


def dirty(*, quoted: bool = False) -> list[str]:
    rows = [row(n, f"{n}.05") for n in range(400)]
    rows[7] = row(7, "很多")
    rows[50] = rows[3]
    rows[120] = row(4, "9999.00")
    rows[200] = row(200, "-3.00")
    rows[300] = row(300, month="2020-12")
    rows[350] = row(350).replace("100.00", "1.2万元")
    if quoted:
        rows[60] = row(60, kind='"城乡,""居""民\n二"')
        rows = [
            ",".join(f'"{c}"' for c in r.split(",")) if n % 3 == 0 and '"' not in r else r for n, r in enumerate(rows)
        ]
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("quoted", [False, True])
def test_a_dirty_list_ends_the_same(
    home: Home, tmp_path: Path, in_small_blocks: Callable[[], None], encoding: str, quoted: bool
) -> None:
    text = "\r\n".join(["医保清单", HEADER, *dirty(quoted=quoted), "填表人：某某", ""])
    content = text.encode(encoding)
    landed, other = both_ways({"medical_insurance/清单_341302_202101.csv": content}, home, tmp_path, in_small_blocks)
    (receipt,) = landed[1].receipts
    assert (receipt.rows_in, receipt.duplicates, receipt.quarantined) == (400, 1, 3)
    same(landed, [home, other])
    verify(other, landed[1].receipts)
    assert not list(other.landing.glob(".tmp-*"))


def test_names_of_rows_that_contradict_one_another_lie_with_the_quarantine_alone(
    home: Home, tmp_path: Path, in_small_blocks: Callable[[], None]
) -> None:
    rows = [household(f"9{n:011d}", "张三", n) for n in range(200)]
    rows += [household("900000000005", "李四", 5), rows[9]]
    landed, other = both_ways(
        {"household_register/户_341302_202109.csv": register(*rows)}, home, tmp_path, in_small_blocks
    )
    assert (landed[1].receipts[0].quarantined, landed[1].receipts[0].duplicates) == (2, 1)
    same(landed, [home, other])


def test_an_increment_without_a_period_in_its_name_ends_the_same(
    home: Home, tmp_path: Path, in_small_blocks: Callable[[], None]
) -> None:
    quotes = [f"酥梨,1,{n}.5,300,普通,斤,2021-01-{n % 28 + 1:02d}" for n in range(1, 120)]
    files = {
        "prices_market/a.csv": "\n".join([PRICES, *quotes, quotes[5]]).encode(),
        "prices_market/b.csv": "\n".join([PRICES, *reversed(quotes[40:]), "酥梨,1,2,3,普通,斤,2021-02-01"]).encode(),
    }
    landed, other = both_ways(files, home, tmp_path, in_small_blocks)
    assert [(r.accepted, r.duplicates) for r in landed[1].receipts] == [(119, 1), (1, 79)]
    same(landed, [home, other])
    again = {"prices_market/c.csv": "\n".join([PRICES, *reversed(quotes)]).encode()}
    (tmp_path / "in/prices_market/c.csv").write_bytes(again["prices_market/c.csv"])
    third = land(tmp_path / "in", home=other, received_at=RECEIVED + timedelta(1))
    assert third.receipts[-1].duplicates == 119


@pytest.mark.parametrize(
    ("last", "code"),
    [
        ("2021-01,张三", "ragged_row"),
        ('"2021-01,张三', "rejected"),
        ("合计,,,,,,,,7.00\n", "control_sum"),
        ("\n".join([row(n, "?") for n in range(40)]), "too_many_bad_rows"),
    ],
)
def test_a_file_broken_at_its_end_leaves_nothing(
    home: Home, tmp_path: Path, in_small_blocks: Callable[[], None], last: str, code: str
) -> None:
    content = "\n".join([HEADER, *dirty(), last]).encode()
    landed, other = both_ways({"medical_insurance/清单_341302_202101.csv": content}, home, tmp_path, in_small_blocks)
    assert [e.code for e in landed[1].rejected] == [code]
    same(landed, [home, other])
    kept = sorted(p.name for p in other.landing.rglob("*") if p.is_file())
    assert kept == [".lock", "key_id", "receipt.json"]
    assert Vault(other).open(landed[1].receipts[0].load_id) == content
