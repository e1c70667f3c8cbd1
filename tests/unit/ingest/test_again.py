"""Kept bytes read again: a mended contract, a correction, an older landing format; what was known before stays so."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import duckdb
import pyarrow.parquet as pq
import pytest

from ingest import contracts as declared
from ingest import corrections
from ingest.again import land_again, migrate
from ingest.contracts import Contract, contracts
from ingest.home import Home
from ingest.landing_views import create_views
from ingest.loads import digest
from ingest.receipts import LANDING_FORMAT, LandingFormat, Receipt, in_force, read_receipts, refuse_other_format, verify
from tests.unit.ingest.conftest import RECEIVED, Deliver

LATER = datetime(2021, 3, 1, tzinfo=UTC)
PROJECTS = "benefit_links/联结_341302_202101.csv"
HEADER = "统计月份,经营主体或项目代码,户编号,联结方式,开始日期,结束日期,是否有效,年带动增收,终止原因,是否监测户"


def links(*modes: str, income: str = "1200.00") -> bytes:
    """A list of links; a mode that the contract does not know is quarantined."""
    rows = [f"2021-01,P001,H{n:07d},{mode},2020-01-01,,是,{income},,否" for n, mode in enumerate(modes, 1)]
    return "\n".join([HEADER, *rows, ""]).encode()


MANY = ["务工"] * 99 + ["托付"]


@pytest.fixture
def knows_the_mode(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The contract once its list of modes was completed."""

    def mended() -> dict[str, Contract]:
        contract = contracts()["benefit_links"]
        (table,) = contract.tables
        columns = tuple(replace(c, codes=(*c.codes, "托付")) if c.name == "link_mode" else c for c in table.columns)
        return {**contracts(), "benefit_links": replace(contract, tables=(replace(table, columns=columns),))}

    known = mended()
    for module in ("landing", "landing_views", "again", "deliveries"):
        monkeypatch.setattr(f"ingest.{module}.contracts", lambda: known)
    yield
    monkeypatch.undo()


def test_a_row_that_was_quarantined_lands_once_the_contract_is_mended(
    deliver: Deliver, home: Home, knows_the_mode: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("ingest.landing.contracts", declared.contracts)
        (old,) = deliver({PROJECTS: links(*MANY)}).receipts
    assert (old.accepted, old.quarantined) == (99, 1)
    result = land_again(home, feeds=["benefit_links"], now=LATER)
    (new,) = result.changed
    assert (new.accepted, new.quarantined, new.facts["supersedes"]) == (100, 0, old.load_id)
    assert new.load_id == f"{old.load_id}-r1"
    assert new.known_at == LATER
    everything = read_receipts(home)
    verify(home, everything)
    assert in_force(everything) == [new]
    # What a run knew before the new reading is what it knew then.
    assert in_force(read_receipts(home, received_until=RECEIVED)) == [old]


def test_a_reading_that_says_the_same_leaves_no_trace(deliver: Deliver, home: Home) -> None:
    (old,) = deliver({PROJECTS: links(*MANY)}).receipts
    before = {p.relative_to(home.root) for p in home.root.rglob("*") if p.is_file()}
    result = land_again(home, now=LATER)
    assert (result.changed, result.unchanged, result.refused) == ([], [old.load_id], [])
    assert {p.relative_to(home.root) for p in home.root.rglob("*") if p.is_file()} == before


def test_a_refused_delivery_lands_once_the_contract_is_mended(
    deliver: Deliver, home: Home, knows_the_mode: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("ingest.landing.contracts", declared.contracts)
        (refused,) = deliver({PROJECTS: links("托付", "务工")}).receipts
    assert refused.outcome == "rejected"
    (new,) = land_again(home, now=LATER).changed
    assert (new.outcome, new.accepted) == ("landed", 2)
    assert [r.outcome for r in read_receipts(home)] == ["landed"]


def test_what_would_be_refused_now_stands_as_it_stood(deliver: Deliver, home: Home) -> None:
    (refused,) = deliver({PROJECTS: links("托付", "务工")}).receipts
    result = land_again(home, now=LATER)
    assert [e.code for e in result.refused] == ["too_many_bad_rows"]
    assert read_receipts(home) == [refused]


def test_rows_of_an_incremental_feed_are_not_repeats_of_themselves(deliver: Deliver, home: Home) -> None:
    header = "品名,最低价,平均价,最高价,规格,单位,发布日期\n"
    rows = header + "酥梨,1.0,1.5,2.0,,斤,2021-01-02\n酥梨,1.1,1.6,2.1,,斤,2021-01-03\n"
    (old,) = deliver({"prices_market/quotes.csv": rows.encode()}).receipts
    result = land_again(home, feeds=["prices_market"], everything=True, now=LATER)
    assert result.unchanged == [old.load_id]


def correct(home: Home, **changes: object) -> None:
    entry = {
        "delivery": digest(links(*MANY))[:16],
        "row": 101,
        "column": "link_mode",
        "expect": "托付",
        "set": "托管",
        "why": "笔误，农业农村局电话确认",
        "by": "王主任",
        "date": "2021-02-20",
        **changes,
    }
    folder = home.root / "corrections"
    folder.mkdir(parents=True, exist_ok=True)
    lines = "\n".join(f"  {name}: {value if name == 'date' else json.dumps(value)}" for name, value in entry.items())
    (folder / "benefit_links.yml").write_text("-\n" + lines + "\n", encoding="utf-8")


def test_a_correction_mends_its_cell_and_says_who_and_why(deliver: Deliver, home: Home) -> None:
    (old,) = deliver({PROJECTS: links(*MANY)}).receipts
    correct(home)
    (new,) = land_again(home, now=LATER).changed
    assert (new.accepted, new.quarantined, new.cautions) == (100, 0, {"corrected_link_mode": 1})
    assert new.facts["corrections"] == [
        {"row": 101, "column": "link_mode", "why": "笔误，农业农村局电话确认", "by": "王主任", "date": "2021-02-20"}
    ]
    path = new.rows(home)
    assert path is not None
    last = pq.read_table(path).to_pylist()[-1]
    assert (last["link_mode"], last["cautions"], last["row_number"]) == ("托管", "corrected_link_mode", 101)
    assert old.load_id == new.facts["supersedes"]


def test_a_correction_whose_cell_holds_something_else_stops_the_file(deliver: Deliver, home: Home) -> None:
    deliver({PROJECTS: links(*MANY)})
    correct(home, expect="托管")
    (refusal,) = land_again(home, now=LATER).refused
    assert (refusal.code, refusal.row, refusal.column) == ("correction_does_not_fit", 101, "link_mode")
    assert "托付" not in str(refusal)


@pytest.mark.parametrize("elsewhere", [{"row": 500}, {"row": 1}])
def test_a_correction_that_finds_no_cell_stops_the_file(
    deliver: Deliver, home: Home, elsewhere: dict[str, int]
) -> None:
    deliver({PROJECTS: links(*MANY)})
    correct(home, **elsewhere)
    (refusal,) = land_again(home, now=LATER).refused
    assert (refusal.code, refusal.row) == ("correction_does_not_fit", elsewhere["row"])


def test_a_large_file_is_corrected_as_a_small_one_is(
    deliver: Deliver, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    deliver({PROJECTS: links(*MANY)})
    monkeypatch.setattr("ingest.landing._BATCH_BYTES", 100)
    correct(home)
    (new,) = land_again(home, now=LATER).changed
    assert (new.accepted, new.cautions, new.facts["corrections"][0]["row"]) == (100, {"corrected_link_mode": 1}, 101)
    correct(home, row=500)
    assert [e.code for e in land_again(home, everything=True, now=LATER).refused] == ["correction_does_not_fit"]


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"column": "household_key"}, "identity"),
        ({"column": "colour"}, "no column"),
        ({"why": " "}, "why"),
        ({"delivery": "abc"}, "sha256"),
        ({"also": "x"}, "exactly the fields"),
        ({"expect": 7}, "quotes"),
        ({"set": False}, "quotes"),
    ],
)
def test_corrections_that_cannot_be_followed_are_refused(home: Home, changes: dict[str, object], word: str) -> None:
    correct(home, **changes)
    with pytest.raises(corrections.BadCorrections, match=word):
        corrections.corrections_of(contracts()["benefit_links"], home)


def as_format_1(home: Home, receipt: Receipt) -> Receipt:
    """The load as the first format held it: own columns and lineage alone."""
    path = receipt.rows(home)
    assert path is not None
    derived = ("birth_month", "sex_code", "id_type_code", "name_birth_key")
    pq.write_table(pq.read_table(path).drop_columns(derived), path)
    old = replace(receipt, landing_format=1, rows_sha256=digest(path.read_bytes()))
    text = json.dumps(old.to_json(), ensure_ascii=False)
    (receipt.folder(home) / "receipt.json").write_text(text, encoding="utf-8")
    return old


def test_a_landing_of_the_first_format_is_refused_until_it_is_migrated(deliver: Deliver, home: Home) -> None:
    landed = deliver({"medical_insurance/清单_341302_202101.csv": "medical_insurance/good.csv"}).receipts[0]
    deliver({"medical_insurance/清单重发_341302_202101.csv": "medical_insurance/good.csv"}, RECEIVED.replace(day=1))
    (known,) = read_receipts(home)
    old = as_format_1(home, known)
    with pytest.raises(LandingFormat, match="shouxian migrate"):
        refuse_other_format(read_receipts(home))
    with pytest.raises(LandingFormat):
        deliver({PROJECTS: links("务工")})
    assert migrate(home) == (1, 0)
    (new,) = read_receipts(home)
    assert (new.load_id, new.known_at, new.landing_format) == (old.load_id, known.known_at, LANDING_FORMAT)
    assert new.known_at < landed.received_at  # the repeat that came earlier is remembered
    verify(home, [new])
    with duckdb.connect() as connection:
        create_views(connection, home, [new])
        found = connection.execute("select count(name_birth_key), count(*) from landing.medical_insurance").fetchone()
    assert found == (3, 3)
    assert migrate(home) == (0, 0)


def test_a_load_that_cannot_be_read_anew_keeps_its_rows_with_empty_columns(deliver: Deliver, home: Home) -> None:
    (landed,) = deliver({"medical_insurance/清单_341302_202101.csv": "medical_insurance/good.csv"}).receipts
    as_format_1(home, landed)
    for kept in (home.vault / "deliveries").iterdir():
        kept.unlink()
    assert migrate(home) == (0, 1)
    (new,) = read_receipts(home)
    verify(home, [new])
    path = new.rows(home)
    assert path is not None
    rows = pq.read_table(path)
    assert (len(rows), rows["name_birth_key"].null_count) == (3, 3)


def test_a_landing_of_a_newer_program_is_refused() -> None:
    receipt = Receipt("f", "t", "f-1", "0" * 64, "f.csv", RECEIVED, "landed", rows_path="t.parquet", landing_format=99)
    with pytest.raises(LandingFormat, match="newer program"):
        refuse_other_format([receipt])
