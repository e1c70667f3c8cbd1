"""Every shape that offices write is read or refused with its reason, and nothing else is raised."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import id_numbers, values
from ingest.values import Refused, check_digit

READERS = (
    *(values.money, values.day, values.month, values.id_number, values.region_code),
    *(values.yes_no, values.timestamp, values.household_no, values.integer, values.year),
)
DATES = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))


def full_width(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2021年7月2日", date(2021, 7, 2)),
        ("2021.7.2", date(2021, 7, 2)),
        ("2021/07/02", date(2021, 7, 2)),
        ("20210702", date(2021, 7, 2)),
        ("20210702.0", date(2021, 7, 2)),
        ("2021-07-02 00:00:00", date(2021, 7, 2)),
        ("44379", date(2021, 7, 2)),
        ("２０２１－０７－０２", date(2021, 7, 2)),
    ],
)
def test_a_date_is_read_in_every_shape_that_offices_write(written: str, meant: date) -> None:
    assert values.day(written) == meant


@pytest.mark.parametrize("written", ["2021年2月30日", "七月二日", "2021年第2季度", "202107", "99999999", "12"])
def test_what_is_no_exact_date_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="bad_date"):
        values.day(written)


@given(DATES)
def test_dates_survive_every_spelling(day: date) -> None:
    for shape in ("%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d"):
        assert values.day(full_width(day.strftime(shape))) == day


@given(DATES)
def test_months_survive_every_spelling(day: date) -> None:
    for shape in ("%Y-%m", "%Y%m", "%Y%m.0", "%Y年%m月", "%Y/%m", "%Y-%m-%d"):
        assert values.month(day.strftime(shape)) == day.replace(day=1)
    assert values.month(f"{day.year}年{day.month}月") == day.replace(day=1)


@pytest.mark.parametrize("written", ["202113", "2021-0", "2021年13月", "7月", ""])
def test_what_is_no_month_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="bad_month"):
        values.month(written)


@pytest.mark.parametrize(
    ("written", "figure", "factor"),
    [
        ("1.2万元", "1.2", 10_000),
        ("12,000.00", "12000.00", None),
        ("￥12000", "12000", None),
        ("¥12000", "12000", None),
        ("12000元", "12000", 1),
        ("１２０００", "12000", None),
        ("-350.5", "-350.5", None),
        ("3亿元", "3", 100_000_000),
        ("1.2E+3", "1200", None),
        ("三块五", "3.5", 1),
        ("一千二百元", "1200", 1),
    ],
)
def test_money_is_read_with_the_unit_that_the_cell_names(written: str, figure: str, factor: int | None) -> None:
    assert values.money(written) == (Decimal(figure), factor)


@pytest.mark.parametrize("written", ["NaN", "Inf", "-Infinity", "1.234,5", "#REF!", "三块五六", "1,23,4", "1e99"])
def test_what_is_no_amount_is_refused(written: str) -> None:
    with pytest.raises(Refused):
        values.money(written)


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2))
def test_amounts_survive_separators_and_width(amount: Decimal) -> None:
    for written in (f"{amount}", f"{amount:,}", full_width(f"{amount}"), f" {amount} "):
        assert values.money(written)[0] == amount


@pytest.mark.parametrize("written", ["-", "/", "无", "——", "－"])
def test_signs_for_nothing_are_blank(written: str) -> None:
    assert values.is_number_blank(written)


def test_an_id_number_is_tidied_and_never_repaired() -> None:
    sound = "99930219700101001" + check_digit("99930219700101001")
    for written in (
        f"'{sound}",
        f"{sound}\t",
        full_width(sound),
        f"\u200b{sound[:6]} {sound[6:]}\u00a0",
        sound.lower(),
    ):
        assert values.id_number(written) == sound
    assert values.id_number("999302700101001") == sound


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("9.99302197001010E+17", "id_stored_as_number"),
        (f"{values.STORED_AS_NUMBER}999302197001010000", "id_stored_as_number"),
        ("999302197001010000", "id_stored_as_number"),
        ("999302197001010017", "id_bad_check_digit"),
        ("99930219701301001" + check_digit("99930219701301001"), "id_bad_birth_date"),
        ("99930219700230001" + check_digit("99930219700230001"), "id_bad_birth_date"),
        ("99930218000101001" + check_digit("99930218000101001"), "id_bad_birth_date"),
        ("H1234567", "id_malformed"),
        ("12345678901234567890", "id_malformed"),
    ],
)
def test_an_id_number_that_cannot_be_trusted_says_why(written: str, reason: str) -> None:
    with pytest.raises(Refused, match=f"^{reason}$"):
        values.id_number(written)


def carefully(text: str) -> tuple[str | None, str | None]:
    if not values.tidy(text):
        return None, "blank"
    try:
        return values.id_number(values.tidy(text)), None
    except Refused as error:
        return None, str(error)


@given(st.lists(st.text("0123456789X", min_size=18, max_size=18) | st.text(max_size=20), min_size=1, max_size=30))
def test_the_fast_check_of_id_numbers_agrees_with_the_careful_one(texts: list[str]) -> None:
    distinct = list(dict.fromkeys(texts))
    found, refused, births, types = id_numbers.checked(pa.array(distinct, pa.string()))
    for index, text in enumerate(distinct):
        number, reason = carefully(text)
        assert found[index].as_py() == number
        assert refused.get(index) == reason
        assert births[index] == (int(number[6:14]) if number and len(number) == 18 else 0)
        assert types.get(index, "resident") == (values.id_document(values.tidy(text))[1] if number else "resident")


@given(DATES, st.integers(0, 999))
def test_every_valid_id_number_passes_the_fast_check_untouched(born: date, number: int) -> None:
    first = f"999302{born:%Y%m%d}{number:03d}"
    sound = first + check_digit(first)
    found, refused, births, types = id_numbers.checked(pa.array([sound]))
    assert (found.to_pylist(), refused, types) == ([sound], {}, {})
    assert births == np.array([int(f"{born:%Y%m%d}")])


@pytest.mark.parametrize(
    ("written", "code"),
    [("341302", "341302000000"), ("34", "340000000000"), ("341302101.0", "341302101000"), ("３４１３", "341300000000")],
)
def test_region_codes_are_padded_to_twelve_digits(written: str, code: str) -> None:
    assert values.region_code(written) == code


@pytest.mark.parametrize("written", ["埇桥区", "34130", "SAME:006109", "1234567890123", "²³"])
def test_a_region_code_of_no_known_length_is_refused(written: str) -> None:
    with pytest.raises(Refused, match="unknown_region_format"):
        values.region_code(written)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("是", True), ("√", True), ("１", True), ("y", True), ("否", False), ("×", False), ("0", False), ("不详", None)],
)
def test_yes_and_no_have_three_answers(written: str, meant: bool | None) -> None:
    assert values.yes_no(written) is meant


def test_a_time_without_an_offset_is_beijings() -> None:
    assert values.timestamp("2021-07-01T08:00:00") == datetime(2021, 7, 1, 0, 0)
    assert values.timestamp("2021-07-01T08:00:00+08:00") == values.timestamp("2021-07-01T00:00:00Z")


def test_names_are_compared_without_spaces_and_with_one_middle_dot() -> None:
    assert values.personal_name("张　三") == values.personal_name("张 三") == "张三"
    assert values.personal_name("买买提．艾力") == values.personal_name("买买提•艾力")


@given(st.text(max_size=30))
def test_no_text_raises_anything_but_a_refusal(text: str) -> None:
    word = values.tidy(text)
    for read in READERS:
        with suppress(Refused):
            read(word)
