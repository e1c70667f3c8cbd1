"""What the border makes of a table: companions, derived columns, conversions by row, and what stays in the vault."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest

from ingest.contracts import Column, Table, read_contract
from ingest.identity import HmacKey
from ingest.loads import Slice, names_kept
from ingest.normalise import Batch, Normalised, normalise
from ingest.readers.headings import apply_unit_line, find_heading
from ingest.settle import settle
from ingest.vault import from_bytes
from tests.unit.ingest.conftest import no_ones_id

KEY = HmacKey(bytes(32))
ALL = ("birth_month", "sex_code", "id_type_code", "name_birth_key")


def column(name: str, kind: str, **promised: Any) -> Column:
    usual: dict[str, Any] = {"aliases": (), "required": False, "optional": False, "key_position": None}
    usual |= {"classification": "internal", "blank_means": "unknown", "codes": (), "plausible": None, "unit": None}
    return Column(name=name, header=name, kind=kind, **{**usual, "is_control_sum": False, **promised})


def table(*columns: Column, derives: tuple[str, ...] = ()) -> Table:
    return Table("t", "t", "one row per row", "snapshot", False, (), columns, None, derives=derives)


def read(of: Table, units: dict[str, str] | None = None, **cells: list[str]) -> tuple[Batch, Normalised]:
    height = len(next(iter(cells.values())))
    numbers = {"row_number": pa.array(range(height)), "file_no": pa.array([0] * height, pa.int32())}
    raw = pa.table({**{name: pa.array(texts) for name, texts in cells.items()}, **numbers})
    batch = Batch(of, raw, [date(2021, 2, 6)], units or {})
    with duckdb.connect(":memory:") as connection:
        return batch, normalise(batch, KEY, connection)


def reasons(result: Normalised) -> list[tuple[str, str, list[int]]]:
    return [(code, name, mask.nonzero()[0].tolist()) for code, name, mask in result.reasons]


PERSONS = table(
    *(column("person_key", "id_number"), column("person_name", "personal_name"), column("birth_date", "birth_date")),
    derives=ALL,
)


def test_identity_leaves_its_month_sex_kind_and_name_key_behind() -> None:
    sound = no_ones_id(11)
    _, result = read(
        PERSONS,
        person_key=[sound, sound + "43", "E12345678", "", ""],
        person_name=["张　三", "张三", "张三", "张三", "张三"],
        birth_date=["", "", "1970-01-01", "19700101", ""],
    )
    made = {name: array.to_pylist() for name, array in result.derived.items()}
    assert list(made) == list(ALL)
    assert made["birth_month"] == [date(1970, 1, 1)] * 4 + [None]
    assert made["sex_code"] == ["male", "male", None, None, None]
    assert made["id_type_code"] == ["resident", "disability_certificate", "passport", None, None]
    # The same person by name and birth, whatever the document; without a birth there is no key.
    assert len(set(made["name_birth_key"][:4])) == 1
    assert made["name_birth_key"][4] is None
    assert result.columns["person_key"][0] == result.columns["person_key"][1]


def test_births_never_land_and_are_doubted_where_the_number_says_otherwise() -> None:
    assert "birth_date" not in PERSONS.landed_columns
    _, result = read(
        PERSONS,
        person_key=[no_ones_id(11), no_ones_id(12), ""],
        person_name=["张三"] * 3,
        birth_date=["1970-01-01", "1971-01-01", "2021-02-07"],
    )
    assert set(result.columns) == {"person_key"}
    assert [(code, mask.tolist()) for code, mask in result.cautions] == [
        ("differs_from_id_birth_date", [False, True, False])
    ]
    assert reasons(result) == [("bad_birth_date", "birth_date", [2])]


def test_derived_columns_are_no_part_of_what_a_row_says() -> None:
    cells = {"person_key": [no_ones_id(11)], "person_name": ["张三"], "birth_date": ["19700101"]}
    with duckdb.connect(":memory:") as connection:
        hashes = [settle(*read(t, **cells), connection).row_hash for t in (PERSONS, table(*PERSONS.columns))]
    assert hashes[0] == hashes[1]


def test_columns_land_in_one_order_with_their_companions() -> None:
    of = table(
        *(column("person_key", "id_number"), column("started_date", "partial_date"), column("land_mu", "area_mu")),
        *(column("phone", "contact"), column("season_quarter", "quarter"), column("done_ratio", "percent")),
        derives=("sex_code", "birth_month"),
    )
    names = list(of.landed_columns)
    assert names[:7] == [
        *("person_key", "started_date", "started_date_precision", "land_mu", "season_quarter", "done_ratio"),
        "sex_code",
    ]
    assert names[7:9] == ["birth_month", "load_id"]
    _, result = read(
        of,
        person_key=[""] * 4,
        started_date=["2021年7月2日", "202107", "2021年二季度", "2021年"],
        land_mu=["12", "1公顷", "1.5万亩", "12垧"],
        phone=["13800000000", "", "-", "0557-3020000"],
        season_quarter=["2021Q3"] * 4,
        done_ratio=["85.3%", "0.853", "85.3", "无"],
    )
    assert result.columns["started_date"].to_pylist() == [
        *(date(2021, 7, 2), date(2021, 7, 1), date(2021, 4, 1), date(2021, 1, 1)),
    ]
    assert result.columns["started_date_precision"].to_pylist() == ["day", "month", "quarter", "year"]
    assert result.columns["land_mu"].to_pylist() == [Decimal(12), Decimal(15), Decimal(15_000), None]
    assert result.columns["done_ratio"].to_pylist() == [Decimal("0.853"), Decimal("0.853"), None, None]
    assert reasons(result) == [("unknown_unit", "land_mu", [3]), ("unknown_unit", "done_ratio", [2])]
    assert [code for code, _ in result.cautions] == ["mixed_units_land_mu"]
    assert set(result.columns) | set(result.derived) == set(names[:9]) - {"load_id"}


def test_a_price_is_converted_by_the_unit_of_its_row() -> None:
    of = table(column("price", "price", unit="元/公斤", unit_column="unit_text"), column("unit_text", "text"))
    _, result = read(
        of, price=["3.5", "3.5", "3500", "3", "3", "2元/斤"], unit_text=["斤", "公斤", "元/吨", "筐", "", "筐"]
    )
    assert result.columns["price"].to_pylist() == [Decimal(7), Decimal("3.5"), Decimal("3.5"), None, None, Decimal(4)]
    assert reasons(result) == [("unknown_unit", "price", [3, 4])]


def test_what_lies_beyond_its_bounds_is_refused_and_beyond_belief_doubted() -> None:
    of = table(column("paid_cny", "money_cny", refuse_outside=(0.0, float("inf"))), column("lent_cny", "money_cny"))
    _, result = read(of, paid_cny=["-1", "0", "5"], lent_cny=["-1", "1000000000000", "999999999999"])
    assert reasons(result) == [("out_of_range", "paid_cny", [0])]
    assert [(code, mask.tolist()) for code, mask in result.cautions] == [("implausible_lent_cny", [False, True, False])]


@pytest.mark.parametrize("sign", ["-", "- ", "-\t", "+ ", "."])
def test_a_sign_for_nothing_is_never_nought(sign: str) -> None:
    _, result = read(table(column("paid_cny", "money_cny")), paid_cny=[sign, "7"])
    assert result.columns["paid_cny"].to_pylist() == [None, Decimal(7)]


def test_a_contact_is_kept_in_the_vault_alone() -> None:
    of = table(column("keeper_name", "personal_name"), column("phone", "contact"), column("grid_code", "code"))
    batch, result = read(of, keeper_name=["张　三"], phone=["138 0000 0000"], grid_code=["007"])
    assert {name: array.to_pylist() for name, array in result.columns.items()} == {"grid_code": ["007"]}
    with duckdb.connect(":memory:") as connection:
        settled = settle(batch, result, connection)
    kept = names_kept(batch, result, settled, Slice(0, 1))
    assert kept is not None
    assert from_bytes(kept).select(["keeper_name", "phone"]).to_pylist() == [
        {"keeper_name": "张　三", "phone": "138 0000 0000"}
    ]


@pytest.mark.parametrize(
    ("line", "heading", "units"),
    [
        ("填报单位：埇桥区农业农村局　单位：万元、公顷", "面积", {"land_mu": "公顷", "paid_cny": "万元"}),
        ("单位：元、人", "面积（万亩）", {"land_mu": "万亩", "paid_cny": "元"}),
        ("", "面积", {}),
    ],
)
def test_units_stand_in_the_heading_or_in_the_unit_line(line: str, heading: str, units: dict[str, str]) -> None:
    columns = [
        {"name": "land_mu", "headers": ["面积（亩）"], "kind": "area_mu", "optional": False},
        {"name": "paid_cny", "headers": ["金额"], "kind": "money_cny", "optional": False},
    ]
    rows = [[line, ""], [heading, "金额"], ["1", "2"]]
    found = find_heading(rows, "a.csv", {"tables": [{"name": "t", "columns": columns}]})
    assert apply_unit_line(found, rows[:1]) == units


def test_a_contract_that_derives_what_cannot_be_is_refused(tmp_path: Any) -> None:
    source = (read_contract.__globals__["FEEDS"] / "medical_insurance" / "contract.yml").read_text(encoding="utf-8")
    path = tmp_path / "contract.yml"
    path.write_text(source.replace("name_birth_key]", "shoe_size]"), encoding="utf-8")
    with pytest.raises(ValueError, match="shoe_size"):
        read_contract(path)
