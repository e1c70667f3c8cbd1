"""What a bad delivery does: a typed error that says where and what to do, and nothing else is changed."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.conftest import AS_OF, KNOWN_AT, Spine, shouxian


def tree(folder: Path) -> set[str]:
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file()}


def one_file(spine: Spine, feed: str, containing: str = "") -> Path:
    return max(p for p in (spine.world.inbox / feed).iterdir() if containing in p.name)


def broken(spine: Spine, kind: str, inbox: Path) -> Path:
    """A drop folder that holds one spoilt file."""
    if kind == "truncated xlsx":
        source = one_file(spine, "national_monitored_export")
        target = inbox / "national_monitored_export" / source.name
        content = source.read_bytes()[:-500]
    elif kind == "renamed column":
        source = one_file(spine, "hrss_employment")
        target = inbox / "hrss_employment" / source.name
        content = source.read_bytes().replace("就业状态".encode(), "工作情况".encode(), 1)
    elif kind == "wrong encoding":
        source = one_file(spine, "medical_insurance")
        target = inbox / "medical_insurance" / source.name
        content = source.read_bytes() + b"\xff\xff\xff"
    elif kind == "truncated poll":
        source = one_file(spine, "warnings_poll")
        target = inbox / "warnings_poll" / source.name
        poll = json.loads(source.read_text(encoding="utf-8"))
        content = json.dumps({**poll, "count": poll["count"] + 1}, ensure_ascii=False).encode()
    elif kind == "web page":
        target = inbox / "prices_market" / "market_20211231.csv"
        content = b"<!DOCTYPE html><html><body>404</body></html>"
    else:
        target = inbox / "medical_insurance" / "医保个人自付清单_341321_202112.csv"
        content = b""
    target.parent.mkdir(parents=True)
    target.write_bytes(content)
    return target


@pytest.mark.parametrize(
    "kind", ["truncated xlsx", "renamed column", "wrong encoding", "truncated poll", "web page", "empty file"]
)
def test_a_spoilt_file_is_refused_by_name_and_changes_nothing(
    spine: Spine, landed_copy: Path, tmp_path: Path, kind: str
) -> None:
    target = broken(spine, kind, tmp_path / "inbox")
    before = {f for f in tree(landed_copy / "landing") if f.endswith(".parquet")}
    current = (landed_copy / "current").readlink()
    said = shouxian(landed_copy, "land", "--inbox", tmp_path / "inbox")
    assert said.code == 1, said.err
    assert target.name in said.err
    assert "expected" in said.err
    assert "Traceback" not in said.err
    assert {f for f in tree(landed_copy / "landing") if f.endswith(".parquet")} == before
    assert (landed_copy / "current").readlink() == current


def test_the_same_files_again_are_a_no_op(spine: Spine, landed_copy: Path) -> None:
    before = {f for f in tree(landed_copy / "landing") if f.endswith(".parquet")}
    said = shouxian(landed_copy, "land", "--inbox", spine.world.inbox)
    assert said.code == 0, said.err
    assert "landed 0" in said.err
    assert {f for f in tree(landed_copy / "landing") if f.endswith(".parquet")} == before


def test_a_folder_that_no_contract_declares_is_named(landed_copy: Path, tmp_path: Path) -> None:
    (tmp_path / "inbox" / "medical_insurence").mkdir(parents=True)
    (tmp_path / "inbox" / "medical_insurence" / "a.csv").write_text("a\n", encoding="utf-8")
    said = shouxian(landed_copy, "land", "--inbox", tmp_path / "inbox")
    assert said.code == 1
    assert "medical_insurence" in said.err
    assert "medical_insurance" in said.err


def test_a_missing_mandatory_feed_stops_the_run_unless_told(spine: Spine, landed_copy: Path) -> None:
    shutil.rmtree(landed_copy / "landing" / "medical_insurance")
    current = (landed_copy / "current").readlink()
    said = shouxian(landed_copy, "run", "--as-of", AS_OF, "--known-at", KNOWN_AT)
    assert said.code == 1
    assert "medical_insurance" in said.err
    assert "--without medical_insurance" in said.err
    assert (landed_copy / "current").readlink() == current
    told = shouxian(landed_copy, "run", "--as-of", AS_OF, "--known-at", KNOWN_AT, "--without", "medical_insurance")
    assert told.code == 0, told.err
    released = shouxian(landed_copy, "release", told.out.strip().splitlines()[-1])
    assert released.code == 0, released.err
    assert "medical_insurance" in shouxian(landed_copy, "status").out


def test_a_run_without_gates_is_never_released(spine: Spine, landed_copy: Path) -> None:
    (landed_copy / "runs" / spine.run_id / "gates.json").unlink()
    said = shouxian(landed_copy, "release", spine.run_id)
    assert said.code == 1
    assert "gates" in said.err


def test_landed_rows_that_were_changed_stop_the_run(landed_copy: Path) -> None:
    parquet = min((landed_copy / "landing" / "medical_insurance").rglob("*.parquet"))
    content = bytearray(parquet.read_bytes())
    content[len(content) // 2] ^= 1
    parquet.chmod(0o600)
    parquet.write_bytes(bytes(content))
    said = shouxian(landed_copy, "run", "--as-of", AS_OF, "--known-at", KNOWN_AT)
    assert said.code == 1
    assert "Traceback" not in said.err


def test_another_key_stops_before_the_first_join(landed_copy: Path) -> None:
    for key in (landed_copy / "keys").iterdir():
        key.unlink()
    said = shouxian(landed_copy, "run", "--as-of", AS_OF, "--known-at", KNOWN_AT)
    assert said.code == 1
    assert "key" in said.err.lower()
