"""One cell's text → its value, by kind: the shapes that offices write (data_shapes.md 3.3).

Every function takes a tidy, non-blank text and returns a value, or raises Refused with the quarantine reason.
They run on the distinct values of a column, never row by row.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation

from ingest.home import BEIJING

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000), " ")
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD), None)
_TIDY = {**_INVISIBLE, 0x00A0: " ", 0x202F: " "}
_PLAIN = {**_FULL_WIDTH, **_SPACES, **_INVISIBLE}

STORED_AS_NUMBER = "\x1f#"
"""Put by a workbook reader before an identity cell that was a number: its last digits may be gone for good."""

_NUMBER_BLANKS = frozenset({"-", "--", "—", "——", "/", "\\", "无", "N/A", "NULL", "null", "NaN()", "...", "…"})
_YES = frozenset({"是", "有", "√", "✓", "☑", "对", "1", "1.0", "Y", "YES", "TRUE", "T"})
_NO = frozenset({"否", "无", "×", "✗", "╳", "错", "0", "0.0", "N", "NO", "FALSE", "F"})
_NOT_SAID = frozenset({"不详", "未知", "不清楚", "-", "/", "—"})
_MONEY = re.compile(
    r"[¥￥]?(?P<sign>-?)(?P<figure>\d+|\d{1,3}(?:,\d{3})+)(?P<fraction>\.\d*)?(?P<unit>亿元|亿|万元|万|元)?"
)
_UNIT = {"亿元": 100_000_000, "亿": 100_000_000, "万元": 10_000, "万": 10_000, "元": 1, None: None}
_MONTH = re.compile(r"((?:19|20)\d\d)(?:(0[1-9]|1[0-2])(?:\.0+)?|[-/.年](\d{1,2})(?:月份?)?)")
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_DATE = re.compile(r"((?:19|20)\d\d)(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d)(?:\.0+)?)" + _MIDNIGHT)
_SERIAL = re.compile(r"([1-9]\d{4})(?:\.0+)?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+|\d+\.0+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_REGION_LENGTHS = frozenset({2, 4, 6, 9, 12})


class Refused(ValueError):
    """The text is not of this kind; its message is the quarantine reason's code."""


def tidy(text: str) -> str:
    """Invisible characters out, spaces off both ends. Width and inner spaces stay: for free text."""
    return text.translate(_TIDY).strip()


def plain(text: str) -> str:
    """As `tidy`, and full-width digits, letters and signs become ASCII."""
    return text.translate(_PLAIN).strip()


def personal_name(text: str) -> str:
    """The form in which names are compared (`张　三` is `张三`, every middle dot the same one); it never lands."""
    return re.sub(r"[.•・‧．]", "·", re.sub(r"\s+", "", plain(text)))


def check_digit(first_17: str) -> str:
    """The 18th character of a citizen's ID number (GB 11643)."""
    return _CHECK[sum(w * int(d) for w, d in zip(_WEIGHTS, first_17, strict=True)) % 11]


def id_number(text: str) -> str:
    """18 characters, upper case; 15 digits are completed. Never repairs a number that a spreadsheet has rounded."""
    if text.startswith(STORED_AS_NUMBER) or _SCIENTIFIC.fullmatch(text):
        raise Refused("id_stored_as_number")
    number = re.sub(r"\s", "", plain(text)).lstrip("'’‘`").upper()
    if re.fullmatch(r"\d{15}", number):
        number = f"{number[:6]}19{number[6:]}"
        number += check_digit(number)
    if not re.fullmatch(r"\d{17}[\dX]", number):
        raise Refused("id_stored_as_number" if _SCIENTIFIC.fullmatch(number) else "id_malformed")
    if check_digit(number[:17]) != number[17]:
        # Fifteen digits and then zeros is what is left of a number that was once a float.
        raise Refused("id_stored_as_number" if number.endswith("000") else "id_bad_check_digit")
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError as error:
        raise Refused("id_bad_birth_date") from error
    if born.year < 1900:
        raise Refused("id_bad_birth_date")
    return number


def household_no(text: str) -> str:
    """Letters and digits, upper case."""
    if text.startswith(STORED_AS_NUMBER):
        raise Refused("household_no_stored_as_number")
    number = re.sub(r"\s", "", plain(text)).lstrip("'’‘`").upper()
    if _SCIENTIFIC.fullmatch(number):
        raise Refused("household_no_stored_as_number")
    if not re.fullmatch(r"[0-9A-Z][0-9A-Z_-]{1,39}", number):
        raise Refused("household_no_malformed")
    return number


def region_code(text: str) -> str:
    """12 digits, padded on the right. Whether the region exists is asked later, of the register."""
    code = re.sub(r"\.0+$", "", plain(text)).lstrip("'")
    if not (code.isascii() and code.isdigit()) or len(code) not in _REGION_LENGTHS:
        raise Refused("unknown_region_format")
    return code.ljust(12, "0")


def code(text: str) -> str:
    """A code as written, in ASCII where it was full-width."""
    return plain(text).lstrip("'")


def yes_no(text: str) -> bool | None:
    """True, False, or None where it says that it is not known."""
    word = plain(text).upper()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in _NOT_SAID:
        return None
    raise Refused("unknown_code")


def is_number_blank(text: str) -> bool:
    """Whether a cell of a number column says 'nothing here' (`-`, `/`, `无`)."""
    return plain(text) in _NUMBER_BLANKS


def money(text: str) -> tuple[Decimal, int | None]:
    """The figure as written and the factor to yuan that the cell itself names, None where it names none."""
    found = _MONEY.fullmatch(re.sub(r"\s", "", plain(text)))
    if not found:
        return _scientific(text), None
    figure = Decimal(found["sign"] + found["figure"].replace(",", "") + (found["fraction"] or "").rstrip("."))
    if abs(figure) >= Decimal(10) ** 15:
        raise Refused("bad_number")
    return figure, _UNIT[found["unit"]]


def _scientific(text: str) -> Decimal:
    try:
        figure = Decimal(plain(text))
    except InvalidOperation as error:
        raise Refused("bad_number") from error
    if not figure.is_finite():
        raise Refused("not_a_finite_number")
    if abs(figure) >= Decimal(10) ** 15:
        raise Refused("bad_number")
    return figure


def integer(text: str) -> int:
    """A whole number; `12.0` is 12, `12.5` is refused."""
    figure, factor = money(text)
    figure *= factor or 1
    if figure != figure.to_integral_value():
        raise Refused("not_a_whole_number")
    return int(figure)


def year(text: str) -> int:
    """A year in four digits, with or without 年."""
    found = re.fullmatch(r"((?:19|20)\d\d)(?:年度?|\.0+)?", plain(text))
    if not found:
        raise Refused("bad_year")
    return int(found[1])


def month(text: str) -> date:
    """The first day of the month: `2021-07`, `202107`, `202107.0`, `2021年7月`, or any date in it."""
    word = plain(text).replace(" ", "", 1) if "年" in text else plain(text)
    found = _MONTH.fullmatch(word)
    if found:
        number = int(found[2] or found[3])
        if 1 <= number <= 12:
            return date(int(found[1]), number, 1)
        raise Refused("bad_month")
    try:
        return day(word).replace(day=1)
    except Refused as error:
        raise Refused("bad_month") from error


def day(text: str) -> date:
    """A date: `2021年7月2日`, `2021.7.2`, `2021/07/02`, `20210702`, or a spreadsheet's serial number (1900 system)."""
    word = plain(text)
    found = _DATE.fullmatch(word)
    try:
        if found:
            return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
        serial = _SERIAL.fullmatch(word)
        if serial and 20_000 <= int(serial[1]) < 80_000:
            return date(1899, 12, 30) + timedelta(days=int(serial[1]))
    except ValueError as error:
        raise Refused("bad_date") from error
    raise Refused("bad_date")


def timestamp(text: str) -> datetime:
    """A moment in UTC, without its offset; a time that names no offset is Beijing's."""
    try:
        moment = datetime.fromisoformat(plain(text))
        moment = moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise Refused("bad_time") from error
