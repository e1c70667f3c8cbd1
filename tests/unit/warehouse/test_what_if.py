"""Which threshold is meant, and which models another value of it touches."""

from __future__ import annotations

from decimal import Decimal

import pytest

from warehouse.errors import UnknownThreshold
from warehouse.what_if import dependents, parse_change


def test_a_threshold_is_named_with_its_value_before() -> None:
    change = parse_change("price_fall_red=0.25")
    assert (change.threshold_id, change.level, change.value) == ("price_fall_red", None, Decimal("0.25"))
    assert change.before == (Decimal("0.3"),)
    assert (change.rule_id, change.parameter) == ("R19", "same_window_fall")
    assert parse_change("price_fall_red:red = 0.25").level == "red"


def test_an_unknown_name_is_answered_with_those_near_it() -> None:
    with pytest.raises(UnknownThreshold, match="price_fall_red"):
        parse_change("price_fal_red=0.25")
    with pytest.raises(UnknownThreshold, match="price_fall_red"):
        parse_change("price_fall_red:blue=0.25")
    with pytest.raises(UnknownThreshold, match=r"thresholds\.csv"):
        parse_change("xyzzy=1")


@pytest.mark.parametrize("text", ["price_fall_red", "price_fall_red=", "price_fall_red=much", "price_fall_red=nan"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="ID=NUMBER"):
        parse_change(text)


def test_only_models_that_read_the_parameter_are_rebuilt() -> None:
    def node(name: str, code: str, macros: tuple[str, ...] = ()) -> dict[str, object]:
        return {"name": name, "resource_type": "model", "raw_code": code, "depends_on": {"macros": list(macros)}}

    names = ("int_named", "int_by_macro", "int_other", "int_whole", "int_region__cuts_daily", "int_far")
    manifest = {
        "child_map": {
            "model.shouxian.int_policy__thresholds_in_force": [f"model.shouxian.{n}" for n in names[:-1]]
            + ["test.shouxian.x"]
        },
        "nodes": {
            "model.shouxian.int_named": node("int_named", "{{ thresholds_of('income_fall') }}"),
            "model.shouxian.int_by_macro": node("int_by_macro", "{{ m() }}", ("macro.shouxian.m",)),
            "model.shouxian.int_other": node("int_other", "{{ thresholds_of('income_max_age') }}"),
            "model.shouxian.int_whole": node("int_whole", "select * from x"),
            "model.shouxian.int_region__cuts_daily": node("int_region__cuts_daily", "'hysteresis_share'"),
            "model.shouxian.int_far": node("int_far", "'income_fall'"),
            "test.shouxian.x": {"resource_type": "test"},
        },
        "macros": {
            "macro.shouxian.m": {"macro_sql": "{{ n() }}", "depends_on": {"macros": ["macro.shouxian.n"]}},
            "macro.shouxian.n": {"macro_sql": "income_fall", "depends_on": {"macros": ["macro.dbt.x"]}},
        },
    }
    assert dependents(manifest, "income_fall") == ["int_by_macro", "int_named", "int_region__cuts_daily", "int_whole"]
