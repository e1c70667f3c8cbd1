"""Figures: one cell, one id for a day, the loads that could have mattered."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest

from reporting.figures import Registry, as_value, evaluate, quoted, stem

DAY = date(2021, 12, 31)


@pytest.fixture
def con(warehouse: Path):
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        yield connection


def test_the_same_question_on_the_same_day_keeps_its_id_in_another_release(con: duckdb.DuckDBPyConnection) -> None:
    first = Registry(con, DAY).add("k", "数", "户", "select 1")
    again = Registry(con, DAY).add("k", "数", "户", "select 2")
    later = Registry(con, date(2022, 1, 1)).add("k", "数", "户", "select 1")
    assert first.trace_id == again.trace_id
    assert first.trace_id != later.trace_id
    assert len(first.trace_id) == 11
    assert first.trace_id[0] == "F"


def test_a_key_stands_for_one_query(con: duckdb.DuckDBPyConnection) -> None:
    registry = Registry(con, DAY)
    assert registry.add("k", "数", "户", "select 1") is registry.add("k", "数", "户", "select 1")
    with pytest.raises(ValueError, match="two queries"):
        registry.add("k", "数", "户", "select 2")


@pytest.mark.parametrize("sql", ["select 1 where false", "select * from range(2)", "select 1, 2"])
def test_a_figure_is_one_cell(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    with pytest.raises(ValueError, match="one cell"):
        evaluate(con, sql)


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        (3, 3),
        (3.0, 3),
        (Decimal("6000.00"), 6000),
        (Decimal("0.2500"), "0.25"),
        (0.1 + 0.2, "0.3"),
        (None, None),
        (DAY, "2021-12-31"),
        ("近30日48户", "近30日48户"),
    ],
)
def test_values_are_stored_exactly_and_comparably(cell: object, value: object) -> None:
    assert as_value(cell) == value


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        ("341300000000", "3413"),
        ("341320000000", "341320"),
        ("341321000000", "341321"),
        ("341321101000", "341321101"),
        ("341321101200", "341321101200"),
        ("000000000000", ""),
    ],
)
def test_a_region_is_not_the_parent_of_a_neighbour_whose_code_ends_in_noughts(code: str, digits: str) -> None:
    assert stem(code) == digits


@pytest.mark.parametrize("code", ["3413", "34132110100x", ""])
def test_a_code_of_another_length_is_refused(code: str) -> None:
    with pytest.raises(ValueError, match="12 digits"):
        stem(code)


def test_loads_are_those_of_the_feeds_and_the_region(con: duckdb.DuckDBPyConnection) -> None:
    registry = Registry(con, DAY)
    loads = registry.loads(("household_register",), "341321101000")
    assert len(loads) == 1
    assert loads[0].startswith("household_register-")
    assert loads[0].endswith("34132100")
    assert len(registry.loads(("household_register",), "341300000000")) == 2
    assert registry.loads(("verdicts",), None) == (), "withheld loads are behind no figure"


def test_quotes_cannot_leave_a_literal(con: duckdb.DuckDBPyConnection) -> None:
    nasty = "x'; drop table landing.loads; --"
    assert evaluate(con, f"select {quoted(nasty)}") == nasty
