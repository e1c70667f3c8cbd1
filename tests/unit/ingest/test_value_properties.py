"""Every normaliser, whatever it is given: right from every spelled form, stable when read again, never astonished."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest import chinese_numerals, units, values
from ingest.contracts import Column
from ingest.home import BEIJING
from ingest.measures import read_figures
from ingest.values import Refused, check_digit

SIGNS = (
    "0123456789.,-+/%‰（）() \u3000\u200b'xXeE"
    "年月日第季度初廿农历元块毛角分万亿千百十零〇两三五一二斤公吨亩顷每整负点壹贰拾"
)
ODD = st.text(SIGNS, max_size=14) | st.text(max_size=20)
DAYS = st.dates(date(1901, 1, 1), date(2099, 12, 31))


@dataclass(frozen=True)
class Measured:
    """What `units` must know of a column."""

    kind: str
    unit: str | None = None


MEASURED = [
    *(Measured("money_cny"), Measured("money_cny", "万元"), Measured("decimal"), Measured("price")),
    *(Measured("price", "元/公斤"), Measured("area_mu"), Measured("percent"), Measured("percent", "%")),
]
READERS: list[Callable[[str], Any]] = [
    *(values.money, values.integer, values.year, values.month, values.quarter, values.partial_date, values.day),
    *(values.birth, values.timestamp, values.id_document, values.household_no, values.region_code, values.yes_no),
    *(values.code, values.personal_name, values.tidy, values.plain),
]
STABLE: list[Callable[[str], str]] = [
    *(values.tidy, values.plain, values.personal_name, values.code, values.household_no, values.region_code),
    *(values.id_number, values.birth),
]


def wide(text: str) -> str:
    """Full-width letters, digits and signs."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


def spelled(text: str) -> list[str]:
    """What a clerk's machine may make of the same text."""
    return [text, wide(text), f" {text}\u3000", f"\ufeff{text}\u200b", f"\u00a0{text}\t"]


def numbers_in(value: Any) -> list[float]:
    parts = value if isinstance(value, tuple) else (value,)
    return [float(part) for part in parts if isinstance(part, int | float | Decimal)]


@given(ODD)
def test_whatever_is_written_is_read_or_refused_and_is_finite(text: str) -> None:
    for read in READERS:
        try:
            value = read(values.tidy(text))
        except Refused as error:
            told = str(error)
            assert told.isidentifier()
        else:
            assert all(abs(number) < 1e16 for number in numbers_in(value))


@given(ODD, st.sampled_from(MEASURED), st.sampled_from([None, "元", "万元", "元/斤", "斤", "公顷", "%", "筐"]))
def test_whatever_figure_is_written_fits_its_column_or_is_refused(
    text: str, column: Measured, named: str | None
) -> None:
    precision, places = units.STORED[column.kind]
    try:
        figure, _ = units.read(values.tidy(text), column, units.scale(column, named))
    except Refused as error:
        told = str(error)
        assert told.isidentifier()
    else:
        assert figure.is_finite()
        assert abs(figure) < Decimal(10) ** (precision - places)
        assert figure.as_tuple().exponent == -places


@given(ODD)
def test_what_has_been_normalised_stays_as_it_is(text: str) -> None:
    for normalise in STABLE:
        try:
            once = normalise(text)
        except Refused:
            continue
        if once:
            assert normalise(once) == once


@given(DAYS)
def test_a_day_is_the_same_day_in_every_spelling(day: date) -> None:
    shapes = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y-%m-%d 00:00:00", "%Y-%m-%dT13:45:00"]
    for written in [*(day.strftime(shape) for shape in shapes), f"{day.year}年{day.month}月{day.day}日"]:
        for text in spelled(written):
            assert values.day(text) == day
            assert values.partial_date(text) == (day, "day")
            assert values.birth(text) == day.isoformat()
    serial = (day - date(1899, 12, 30)).days
    if serial >= 20_000:
        assert values.day(str(serial)) == values.day(f"{serial}.0") == day


@given(DAYS)
def test_less_than_a_day_is_never_made_into_one(day: date) -> None:
    quarter = (day.month - 1) // 3 + 1
    first_of_quarter = date(day.year, 3 * quarter - 2, 1)
    for written in (f"{day:%Y-%m}", f"{day:%Y%m}", f"{day.year}年{day.month}月"):
        assert values.partial_date(written) == (day.replace(day=1), "month")
        with pytest.raises(Refused, match="bad_date"):
            values.day(written)
    han = "一二三四"[quarter - 1]
    for written in (f"{day.year}年第{quarter}季度", f"{day.year}年{han}季度", f"{day.year}Q{quarter}"):
        assert values.partial_date(written) == (first_of_quarter, "quarter")
        assert values.quarter(written) == first_of_quarter
    assert values.partial_date(f"{day.year}年") == (date(day.year, 1, 1), "year")


@given(st.integers(1, 12), st.integers(1, 31))
def test_a_date_without_its_year_is_no_date(month: int, number: int) -> None:
    for written in (
        f"{month}月{number}日",
        f"{words(month)}月{words(number)}日",
        f"{month}-{number}",
        f"{month}/{number}",
    ):
        with pytest.raises(Refused, match="bad_date"):
            values.day(written)


@given(st.datetimes(datetime(1980, 1, 1), datetime(2099, 1, 1)), st.integers(-12, 14))
def test_a_moment_is_the_same_moment_at_every_offset(moment: datetime, hours: int) -> None:
    moment = moment.replace(microsecond=0)
    aware = moment.replace(tzinfo=BEIJING)
    meant = aware.astimezone(UTC).replace(tzinfo=None)
    elsewhere = (meant + timedelta(hours=hours)).isoformat() + f"{hours:+03d}:00"
    assert values.timestamp(moment.isoformat()) == values.timestamp(elsewhere) == meant
    assert values.timestamp(f"{moment:%Y年%m月%d日%H时%M分%S秒}") == meant
    assert values.day(elsewhere.replace("T", " ")) == moment.date()


def words(number: int) -> str:
    """Chinese words as schools teach them: the oracle of the parser, built the other way round."""
    if number == 0:
        return "零"
    parts = []
    for size, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // size % 10**4
        if not group:
            continue
        text, gap = "", bool(parts) and group < 1000
        for unit, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit = group // unit % 10
            if digit:
                text += ("零" if gap and (text or parts) else "") + "零一二三四五六七八九"[digit] + sign
                gap = False
            else:
                gap = gap or bool(text)
        parts.append(text + name)
    joined = "".join(parts)
    return joined.removeprefix("一") if 10 <= number < 20 else joined


@given(st.integers(0, 10**11), st.integers(0, 9), st.integers(0, 9))
def test_amounts_in_words_are_read_exactly(yuan: int, mao: int, fen: int) -> None:
    assert chinese_numerals.whole(words(yuan)) == yuan
    assert values.money(words(yuan)) == (Decimal(yuan), None)
    coins = (f"{words(mao)}角" if mao else "") + (f"{'' if mao else '零'}{words(fen)}分" if fen else "")
    assert values.money(f"{words(yuan)}元{coins}整") == (Decimal(yuan) + Decimal(mao) / 10 + Decimal(fen) / 100, 1)
    if mao and not fen and yuan:
        assert values.money(f"{words(yuan)}块{words(mao)}") == (Decimal(yuan) + Decimal(mao) / 10, 1)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_an_amount_is_the_same_amount_in_every_spelling(amount: Decimal) -> None:
    for written in (f"{amount}", f"{amount:,}", f"{amount}元"):
        for text in spelled(written):
            assert values.money(text)[0] == amount


@given(st.decimals(0, 10**6, places=2), st.sampled_from([u for u in units.PRICE if "g" not in u.lower()]))
def test_a_price_is_converted_exactly_and_back(figure: Decimal, unit: str) -> None:
    weight = units.WEIGHT[unit.removeprefix("元/")]
    exact = figure / weight
    assume(abs(exact) < 10**7)
    column = Measured("price", "元/公斤")
    for text in (f"{figure}{unit}", f"{figure}/{unit.removeprefix('元/')}"):
        assert abs(units.read(text, column, units.scale(column, None))[0] - exact) <= Decimal("0.00005")
    by_heading, _ = units.read(f"{figure}", column, units.scale(column, unit))
    by_column, _ = units.read(f"{figure}", column, units.scale(column, unit.removeprefix("元/")))
    assert by_heading == by_column
    there, back = units.scale(column, unit).factor, units.scale(Measured("price", unit), "元/公斤").factor
    assert there is not None
    assert back is not None
    assert there * back == 1


@given(st.decimals(0, 10**7, places=2), st.sampled_from(list(units.AREA)))
def test_an_area_is_converted_exactly(figure: Decimal, unit: str) -> None:
    column = Measured("area_mu")
    read, _ = units.read(f"{figure}{unit}", column, units.scale(column, None))
    assert abs(read - figure * units.AREA[unit]) <= Decimal("0.005")
    assert read == units.read(f"{figure}", column, units.scale(column, unit))[0]


@given(st.decimals(0, 999, places=3))
def test_a_share_is_never_a_hundred_times_too_much(figure: Decimal) -> None:
    column = Measured("percent")
    for read in (
        units.read(f"{figure}%", column, units.scale(column, None))[0],
        units.read(f"{figure}", column, units.scale(column, "%"))[0],
        units.read(f"{figure}", Measured("percent", "%"), units.scale(Measured("percent", "%"), None))[0],
    ):
        assert abs(read - figure / 100) <= Decimal("0.0000005")
    if figure > 1:
        with pytest.raises(Refused, match="unknown_unit"):
            units.read(f"{figure}", column, units.scale(column, None))


@given(DAYS, st.integers(0, 999), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_digit_is_always_noticed(born: date, serial: int, position: int, other: str) -> None:
    first = f"999302{born:%Y%m%d}{serial:03d}"
    sound = first + check_digit(first)
    for text in [*spelled(sound), f"'{sound}", sound.lower(), f"{sound[:6]} {sound[6:14]} {sound[14:]}"]:
        assert values.id_document(text) == (sound, "resident")
    assert values.id_document(f"{sound}43") == (sound, "disability_certificate")
    wrong = sound[:position] + other + sound[position + 1 :]
    if wrong != sound:
        with pytest.raises(Refused):
            values.id_number(wrong)


@given(DAYS.filter(lambda day: day.year < 2000), st.integers(0, 999))
def test_fifteen_digits_become_the_eighteen_of_the_same_person(born: date, serial: int) -> None:
    first = f"999302{born:%Y%m%d}{serial:03d}"
    assert values.id_number(f"999302{born:%y%m%d}{serial:03d}") == first + check_digit(first)


@given(st.sampled_from(["34", "3413", "341302", "341302101", "341302101201"]))
def test_a_region_code_is_the_same_code_at_every_length(code: str) -> None:
    for text in [*spelled(code), f"{code}.0", f"'{code}"]:
        assert values.region_code(text) == code.ljust(12, "0")


@given(st.text("张三买提热木䶮𠮷\ue863", min_size=1, max_size=8), st.integers(0, 7))
def test_a_name_is_one_name_whatever_stands_between_its_signs(name: str, at: int) -> None:
    for gap in (" ", "\u3000", "\u00a0", "\u200b"):
        assert values.personal_name(name[:at] + gap + name[at:]) == name
    for dot in "·•・‧．.":
        assert values.personal_name(name + dot + name) == f"{name}·{name}"


FIGURES = st.decimals(-(10**8), 10**8, places=3).map(str) | st.text("0123456789.,-万元亩公顷斤吨%/_eE+ ", max_size=9)


@given(st.lists(st.tuples(FIGURES, st.sampled_from(["斤", "公斤", "元/吨", "筐", ""])), min_size=1, max_size=12))
def test_the_fast_reading_of_figures_agrees_with_the_careful_one(cells: list[tuple[str, str]]) -> None:
    kinds = [*MEASURED, Measured("price", "元/公斤")]
    columns = [_column(f"c{n}", m, "u" if n == len(MEASURED) else None) for n, m in enumerate(kinds)]
    texts = pa.array([text for text, _ in cells])
    raw = pa.table({**{c.name: texts for c in columns}, "u": pa.array([unit for _, unit in cells])})
    with duckdb.connect(":memory:") as connection:
        read = read_figures(raw, columns, {"c0": "万元"}, connection)
    for column in columns:
        for row, (text, unit) in enumerate(cells):
            named = unit if column.unit_column else {"c0": "万元"}.get(column.name)
            scale = units.Scale(None) if column.unit_column and not unit else units.scale(column, named)
            found, code = _carefully(text, column, scale)
            got = read[column.name]
            assert got.array[row].as_py() == found, (column, text, unit)
            assert next((c for c, mask in got.refused if mask[row]), None) == code
            assert got.blank[row] == (found is None and code is None)


def _carefully(text: str, column: Column, scale: units.Scale) -> tuple[Decimal | None, str | None]:
    if not values.plain(text) or values.is_number_blank(text):
        return None, None
    try:
        return units.read(text, column, scale)[0], None
    except Refused as error:
        return None, str(error)


def _column(name: str, measured: Measured, unit_column: str | None) -> Column:
    return Column(
        *(name, name, measured.kind, (), False, False, None, "internal", "unknown", (), None, measured.unit, False),
        unit_column=unit_column,
    )
