"""Figures in Chinese words (`三块五`, `一千二百元`, `壹万贰仟元整`) → numbers. Strict: what is odd is no number."""

from __future__ import annotations

import re
from decimal import Decimal

_SIGNS = ("〇零○", "一壹", "二贰貳两", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
_DIGITS = {sign: value for value, signs in enumerate(_SIGNS) for sign in signs}
_PLAIN = str.maketrans("拾佰仟萬億圆角○〇", "十百千万亿元毛零零")
_D = "[一二三四五六七八九两壹贰貳叁參肆伍陆陸柒捌玖]"
_SECTION = re.compile(
    rf"(?:(?P<thousand>{_D})千)?零?(?:(?P<hundred>{_D})百)?零?(?:(?P<ten>{_D}?)(?P<has_ten>十))?零?(?P<one>{_D})?"
)
_YUAN = r"\d+|[^块元毛分点\d]+"
_AMOUNT = re.compile(
    rf"(?P<minus>负?)"
    rf"(?:(?P<yuan>{_YUAN})(?:点(?P<point>[^块元毛分点万亿\d]+))?(?P<scale>[万亿]?)(?P<currency>块钱|[块元])?)?"
    rf"(?:零?(?P<mao>{_D}|\d)毛)?(?:零?(?P<fen>{_D}|\d)分)?(?P<gap>零?)(?P<rest>{_D}|\d)?[整正]?"
)


def digits(text: str) -> str:
    """Signs read one by one, as years are: `二〇二一` → `2021`. Raises ValueError."""
    if not text or any(sign not in _DIGITS for sign in text):
        raise ValueError("not digits alone")
    return "".join(str(_DIGITS[sign]) for sign in text)


def whole(text: str) -> int:
    """`一千二百` → 1200, `一万二` → 12000, `一百零五` → 105. Raises ValueError for what is no whole number."""
    word = text.translate(_PLAIN)
    if word == "零":
        return 0
    high, has_unit, low = word.rpartition("亿")
    if has_unit:
        return whole(high) * 10**8 + _tail(low, 10**8)
    high, has_unit, low = word.rpartition("万")
    if has_unit:
        return _section(high) * 10_000 + _tail(low, 10_000)
    return _section(word)


def _tail(low: str, unit: int) -> int:
    """What follows 亿 or 万: nothing, a number, or one digit that counts tenths of the unit (`一万二`)."""
    if not low:
        return 0
    if len(low) == 1 and low in _DIGITS:
        return _DIGITS[low] * unit // 10
    value = whole(low.removeprefix("零"))
    if value >= unit:
        raise ValueError("units in the wrong order")
    return value


def _section(word: str) -> int:
    found = _SECTION.fullmatch(word)
    if not found or not word or word[0] == "零" or word[-1] == "零":
        raise ValueError("no whole number")
    thousand, hundred, one = (_DIGITS.get(found[name] or "零", 0) for name in ("thousand", "hundred", "one"))
    ten = (_DIGITS[found["ten"]] if found["ten"] else 1) if found["has_ten"] else 0
    if one and word[-2:-1] in ("百", "千"):
        one *= 10 if word[-2] == "百" else 100  # `一百五` is 150, `一千二` is 1200
    return thousand * 1000 + hundred * 100 + ten * 10 + one


def amount(text: str) -> tuple[Decimal, bool]:
    """An amount in words, and whether it names yuan: `三块五` → (3.5, True), `一千二百` → (1200, False).

    Raises ValueError for what is no amount.
    """
    found = _AMOUNT.fullmatch(text.translate(_PLAIN))
    if not found or not (found["yuan"] or found["mao"] or found["fen"]):
        raise ValueError("no amount")
    named = bool(found["currency"] or found["mao"] or found["fen"])
    figure = _yuan(found["yuan"] or "零", found["point"], found["scale"])
    mao, fen = (_one(found[name]) for name in ("mao", "fen"))
    rest = _one(found["rest"])
    if found["rest"]:
        # A digit after the currency counts the next smaller coin: `三块五`, `三毛五`; after 零 the smallest.
        if found["fen"] or not named or (found["mao"] and found["gap"]):
            raise ValueError("a digit too many")
        mao, fen = (mao, rest) if found["mao"] or found["gap"] else (rest, fen)
    elif found["gap"]:
        raise ValueError("a nought without a digit")
    figure += Decimal(mao) / 10 + Decimal(fen) / 100
    return (-figure if found["minus"] else figure), named


def _yuan(text: str, point: str | None, scale: str | None) -> Decimal:
    if point is None and not text.isascii():
        return Decimal(whole(text + (scale or "")))
    figure = Decimal(f"{int(text) if text.isascii() else whole(text)}.{digits(point) if point else 0}")
    return figure * {"万": 10_000, "亿": 10**8}.get(scale or "", 1)


def _one(sign: str | None) -> int:
    if not sign:
        return 0
    return int(sign) if sign.isascii() else _DIGITS[sign]
