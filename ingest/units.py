"""The units that offices write in cells, headings and unit lines, and how a figure comes into its contract's unit."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Protocol

from ingest.values import Refused, money, plain

MONEY = {"元": 1, "千元": 1000, "万元": 10_000, "百万元": 1_000_000, "亿元": 100_000_000}
_AREAS = (  # the 亩 that one is: fifteen are a hectare
    ("1", ("亩",)),
    ("10000", ("万亩",)),
    ("15", ("公顷", "hm2", "hm²", "ha")),
    ("15000", ("千公顷",)),
    ("150000", ("万公顷",)),
    ("1500", ("平方公里", "平方千米", "km2", "km²")),
    ("0.0015", ("平方米", "m2", "m²", "㎡")),
)
AREA = {name: Decimal(mu) for mu, names in _AREAS for name in names}
SHARE = {"%": Decimal("0.01"), "‰": Decimal("0.001"), "1": Decimal(1)}
_WEIGHTS = (  # the kilograms that one is
    ("0.001", ("克", "g")),
    ("0.05", ("两",)),
    ("0.5", ("斤", "市斤", "500克", "500g")),
    ("1", ("公斤", "千克", "kg", "KG", "Kg")),
    ("50", ("担", "百斤", "50公斤")),
    ("100", ("公担", "100公斤")),
    ("1000", ("吨", "t")),
)
WEIGHT = {name: Decimal(kilograms) for kilograms, names in _WEIGHTS for name in names}
PRICE = {f"元/{weight}": 1 / kilograms for weight, kilograms in WEIGHT.items()}
"""Yuan a kilogram that one of this unit is. Every weight is made of twos and fives: the quotients are exact."""

BY_KIND: Mapping[str, Mapping[str, int | Decimal]] = {
    "money_cny": MONEY,
    "area_mu": AREA,
    "percent": SHARE,
    "price": PRICE,
}
STORED = {"money_cny": (18, 2), "price": (12, 4), "decimal": (18, 6), "area_mu": (18, 2), "percent": (9, 6)}
"""Precision and scale in which a figure lands."""


def _words(units: Mapping[str, object]) -> str:
    return "|".join(re.escape(unit) for unit in sorted(units, key=len, reverse=True))


IN_HEADING = re.compile(rf"\(({_words({**MONEY, **AREA, **PRICE, '%': 1, '‰': 1})})\)$")
"""The unit in brackets at the end of a heading that has been made plain."""


def in_heading(heading: str) -> str | None:
    """The unit that a heading names, brackets and width put right."""
    found = IN_HEADING.search(re.sub(r"\s+", "", plain(heading)))
    return found[1] if found else None


def in_unit_line(text: str, kind: str) -> str | None:
    """The unit for columns of a kind that a unit line names (`单位：万元、亩`), None if it names none."""
    word = plain(text)
    words = re.split(r"\w*单位:|[、,;()\s]+", word) if "单位:" in word else []
    return next((word for word in words if word in BY_KIND.get(kind, ()) and word != "1"), None)


_WITH_UNIT = {"area_mu": re.compile(rf"(.+?)({_words(AREA)})"), "percent": re.compile(r"(.+?)([%‰])")}
_EACH = r"(?:元|块钱?|块)?(?:/|每|一)"
_PRICED = re.compile(rf"(?:每({_words(WEIGHT)}))?(.+?)(?:元?{_EACH}({_words(WEIGHT)}))?")
_ODD_UNIT = re.compile(r"[-+]?[\d.,]+(?:元?[/每].+|[^\d.,Ee].*)")


class Measure(Protocol):
    """What a column says of its figures; `ingest.contracts.Column` does."""

    @property
    def kind(self) -> str: ...
    @property
    def unit(self) -> str | None: ...


@dataclass(frozen=True)
class Scale:
    """How a column's bare figures become what lands: times `factor`, None where their unit is not known.

    `bare_is_share` is true where nothing says whether 0.85 is a share or a percentage: then only up to 1 is believed.
    """

    factor: Decimal | None
    bare_is_share: bool = False


def scale(column: Measure, named: str | None) -> Scale:
    """The scale by the unit that a heading, unit line or unit column names, else by the contract's own `unit`."""
    if column.kind == "price":
        if named is None or named == column.unit:
            return Scale(Decimal(1))
        return Scale(_price_factor(column, named))
    units = BY_KIND.get(column.kind)
    if units is None:
        return Scale(Decimal(1))
    if column.kind == "percent" and named is None and column.unit is None:
        return Scale(Decimal(1), bare_is_share=True)
    default = {"money_cny": "元", "area_mu": "亩", "percent": "%"}[column.kind]
    found = units.get(named or column.unit or default)
    return Scale(None if found is None else Decimal(found))


def _price_factor(column: Measure, named: str) -> Decimal | None:
    """From `元/斤`, or `斤` alone, to the unit that the contract lands; None where either is not known.

    A contract without a unit takes bare prices as they are quoted, and none that names a unit.
    """
    word = re.sub(r"\s", "", plain(named))
    source = PRICE.get(word) or PRICE.get(f"元/{word}")
    target = PRICE.get(column.unit or "")
    return None if source is None or target is None else source / target


def read(text: str, column: Measure, bare: Scale) -> tuple[Decimal, bool]:
    """A figure in the unit and precision that land, and whether its cell names another unit than its column.

    A cell that names its unit is believed before its heading. Raises Refused.
    """
    figure, own = _figure_and_factor(text, column)
    factor = bare.factor if own is None else own
    if factor is None or (own is None and bare.bare_is_share and abs(figure) > 1):
        raise Refused("unknown_unit")
    precision, places = STORED[column.kind]
    if abs(figure * factor) >= Decimal(10) ** (precision - places):
        raise Refused("bad_number")
    landed = (figure * factor).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    if abs(landed) >= Decimal(10) ** (precision - places):
        raise Refused("bad_number")
    return landed, own is not None and own != bare.factor and not bare.bare_is_share


def _figure_and_factor(text: str, column: Measure) -> tuple[Decimal, Decimal | None]:
    word = re.sub(r"\s", "", plain(text))
    if column.kind in _WITH_UNIT:
        found = _WITH_UNIT[column.kind].fullmatch(word)
        if found:
            figure, own = money(found[1])
            return figure * (own or 1), Decimal(BY_KIND[column.kind][found[2]])
    elif column.kind == "price":
        priced = _PRICED.fullmatch(word)
        if priced and (priced[1] or priced[3]):
            figure, own = money(priced[2])
            factor = _price_factor(column, priced[1] or priced[3])
            if factor is None:
                raise Refused("unknown_unit")
            return figure * (own or 1), factor
    try:
        figure, own = money(word)
    except Refused as error:
        if column.kind != "money_cny" and _ODD_UNIT.fullmatch(word):
            raise Refused("unknown_unit") from error
        raise
    if column.kind == "money_cny":
        return figure, None if own is None else Decimal(own)
    return figure * (own or 1), None
