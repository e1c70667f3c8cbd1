"""One cell's text → its value, by kind: the shapes that offices write (data_shapes.md 3.3).

Every function takes a tidy, non-blank text and returns a value, or raises Refused with the quarantine reason.
They run on the distinct values of a column, never row by row.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from ingest import chinese_numerals
from ingest.home import BEIJING

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = dict.fromkeys((0x00A0, 0x2002, 0x2003, 0x2007, 0x2009, 0x202F, 0x3000), " ")
_INVISIBLE = dict.fromkeys((0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD), None)
_TIDY = {**_INVISIBLE, 0x00A0: " ", 0x202F: " "}
_PLAIN = {**_FULL_WIDTH, **_SPACES, **_INVISIBLE}

STORED_AS_NUMBER = "\x02#"
"""Put by a workbook reader before an identity cell that was a number: its last digits may be gone for good."""

_NUMBER_BLANKS = frozenset({"-", "--", "—", "——", "/", "\\", "无", "N/A", "NULL", "null", "NaN()", "...", "…"})
_YES = frozenset({"是", "有", "√", "✓", "☑", "对", "1", "1.0", "Y", "YES", "TRUE", "T"})
_NO = frozenset({"否", "无", "×", "✗", "╳", "错", "0", "0.0", "N", "NO", "FALSE", "F"})
_NOT_SAID = frozenset({"不详", "未知", "不清楚", "-", "/", "—"})
_MONEY = re.compile(
    r"[¥￥]?(?P<sign>-?)(?P<figure>\d+|\d{1,3}(?:,\d{3})+)(?P<fraction>\.\d*)?(?P<unit>亿元|亿|百万元|万元|万|千元|元)?"
)
_UNIT = {"亿元": 100_000_000, "亿": 100_000_000, "百万元": 1_000_000, "万元": 10_000, "万": 10_000, "千元": 1000}
_MONTH = re.compile(r"((?:19|20)\d\d)(?:(0[1-9]|1[0-2])(?:\.0+)?|[-/.年](\d{1,2})(?:月份?)?)")
_MIDNIGHT = r"(?:[T ]00:00(?::00(?:\.0+)?)?)?"
_DATE = re.compile(r"((?:19|20)\d\d)(?:[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d\d)(\d\d)(?:\.0+)?)" + _MIDNIGHT)
_SERIAL_ZERO = date(1899, 12, 30)  # counts the day that the 1900 system has too many
_SERIAL = re.compile(r"([1-9]\d{4})(?:\.0+)?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+?\d+|\d+\.0+")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK = "10X98765432"
_REGION_LENGTHS = frozenset({2, 4, 6, 9, 12})
_HAN = re.compile(r"[\u4e00-\u9fff〇]")
_DISABILITY_CERTIFICATE = re.compile(r"\d{17}[\dX][1-7][1-4]")
_PASSPORT = re.compile(r"[DEGPS]\d{8}|E[A-HJ-NP-Z]\d{7}")
_PERMIT = re.compile(r"[HM]\d{8}(?:\d\d)?|0\d{7}")
RESIDENCE_PERMITS = ("810000", "820000", "830000")
_QUARTER = re.compile(
    r"((?:19|20)\d\d)(?:年?[-/.]?第?([1-4一二三四])季度?|[-/.年]?[Qq]([1-4])|年0?(1|4|7|10)[-—~至到]0?(3|6|9|12)月份?)"
)
_YEAR = re.compile(r"((?:19|20)\d\d)(?:年度?|\.0+)?")
_YEAR_IN_WORDS = re.compile(
    r"([一二][〇零○一二三四五六七八九]{3})年(?:([一二三四五六七八九十]{1,2})月(?:([一二三四五六七八九十]{1,3})[日号]?)?)?"
)
_CLOCK = re.compile(
    r"(.+?(?:日|\d))(?:T|\s+|(?<=日))(\d{1,2})(?::|时|点)(\d{1,2})?(?:(?::|分)(?:(\d{1,2})(?:\.\d+)?秒?)?)?"
)
_OFFSET = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)")
_SERIAL_TIME = re.compile(r"([2-7]\d{4})\.(\d+)")
_LUNAR = re.compile(
    r"农历|阴历|旧历|[正冬腊]月|闰.{1,2}月|月初[一二三四五六七八九十]|[廿卅]|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年"
)


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
    """The number of `id_document`."""
    return id_document(text)[0]


def id_document(text: str) -> tuple[str, str]:
    """The number by which a person is known, and its type: resident, disability_certificate, passport or permit.

    Fifteen digits are completed; a disability certificate is its holder's number and two digits more, which are left
    off. Never repairs a number that a spreadsheet has rounded. Raises Refused.
    """
    if text.startswith(STORED_AS_NUMBER) or _SCIENTIFIC.fullmatch(text):
        raise Refused("id_stored_as_number")
    number = re.sub(r"\s", "", plain(text)).lstrip("'’‘`").upper()
    if not number.isascii():
        raise Refused("id_malformed")
    if _PASSPORT.fullmatch(number):
        return number, "passport"
    if _PERMIT.fullmatch(number):
        return number, "permit"
    kind = "resident"
    if _DISABILITY_CERTIFICATE.fullmatch(number):
        number, kind = number[:18], "disability_certificate"
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
    return number, "permit" if number.startswith(RESIDENCE_PERMITS) and kind == "resident" else kind


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
    return plain(text).lstrip("' ")


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
    word = re.sub(r"\s", "", plain(text))
    found = _MONEY.fullmatch(word)
    if not found:
        return _in_words(word) if _HAN.search(word) else (_scientific(text), None)
    figure = Decimal(found["sign"] + found["figure"].replace(",", "") + (found["fraction"] or "").rstrip("."))
    if abs(figure) >= Decimal(10) ** 15:
        raise Refused("bad_number")
    return figure, 1 if found["unit"] == "元" else _UNIT.get(found["unit"])


def _in_words(word: str) -> tuple[Decimal, int | None]:
    """An amount such as `三块五`; one that names coins is in yuan."""
    try:
        figure, names_yuan = chinese_numerals.amount(word)
    except ValueError as error:
        raise Refused("bad_number") from error
    if abs(figure) >= Decimal(10) ** 15:
        raise Refused("bad_number")
    return figure, 1 if names_yuan else None


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
    found = _YEAR.fullmatch(plain(text))
    if not found:
        raise Refused("bad_year")
    return int(found[1])


def month(text: str) -> date:
    """The first day of the month: `2021-07`, `202107`, `202107.0`, `2021年7月`, or any date in it."""
    word = _figures(plain(text).replace(" ", "", 1) if "年" in text else plain(text))
    found = _MONTH.fullmatch(word)
    if found:
        number = int(found[2] or found[3])
        if 1 <= number <= 12:
            return date(int(found[1]), number, 1)
        raise Refused("bad_month")
    try:
        return day(word).replace(day=1)
    except Refused as error:
        raise Refused("lunar_date" if str(error) == "lunar_date" else "bad_month") from error


def quarter(text: str) -> date:
    """The first day of the quarter: `2021年第2季度`, `2021年二季度`, `2021Q2`, `2021年4-6月`."""
    found = _QUARTER.fullmatch(re.sub(r"\s", "", plain(text)))
    if not found:
        raise Refused("lunar_date" if _LUNAR.search(text) else "bad_quarter")
    if found[4]:
        if int(found[5]) != int(found[4]) + 2:
            raise Refused("bad_quarter")
        return date(int(found[1]), int(found[4]), 1)
    number = "一二三四".find(found[2] or "") + 1 if found[2] in ("一", "二", "三", "四") else int(found[2] or found[3])
    return date(int(found[1]), 3 * number - 2, 1)


def partial_date(text: str) -> tuple[date, str]:
    """The first day of what is said, and how exactly it is said: `day`, `month`, `quarter` or `year`."""
    for read, precision in ((day, "day"), (month, "month"), (quarter, "quarter")):
        try:
            return read(text), precision
        except Refused as error:
            refused = str(error)
            if refused == "lunar_date":
                raise
    try:
        return date(year(text), 1, 1), "year"
    except Refused as error:
        raise Refused("bad_date") from error


def day(text: str) -> date:
    """A date: `2021年7月2日`, `2021.7.2`, `2021/07/02`, `20210702`, or a spreadsheet's serial number (1900 system).

    A time of day is left off; one with an offset is brought to Beijing first. Without a year there is no date.
    """
    word = _figures(plain(text))
    found = _DATE.fullmatch(word)
    try:
        if found:
            return date(int(found[1]), int(found[2] or found[4]), int(found[3] or found[5]))
        serial = _SERIAL.fullmatch(word)
        if serial and 20_000 <= int(serial[1]) < 80_000:
            return _SERIAL_ZERO + timedelta(days=int(serial[1]))
        if _OFFSET.fullmatch(word):
            return datetime.fromisoformat(word).astimezone(BEIJING).date()
        clock = _CLOCK.fullmatch(word)
        if clock and _DATE.fullmatch(clock[1]) and _time_of_day(clock) is not None:
            return day(clock[1])
    except (ValueError, OverflowError) as error:
        raise Refused("bad_date") from error
    raise Refused("lunar_date" if _LUNAR.search(word) else "bad_date")


def birth(text: str) -> str:
    """A birth date as `YYYY-MM-DD`. It never lands: keys and the month are made from it."""
    try:
        return day(text).isoformat()
    except Refused as error:
        raise Refused("lunar_date" if str(error) == "lunar_date" else "bad_birth_date") from error


def _figures(word: str) -> str:
    """A date in Chinese figures that names its year (`二〇二一年七月二日`) in Arabic ones; anything else as it is."""
    found = _YEAR_IN_WORDS.fullmatch(word)
    if not found or _LUNAR.search(word):
        return word
    try:
        parts = [chinese_numerals.digits(found[1]), *(str(chinese_numerals.whole(p)) for p in found.groups()[1:] if p)]
    except ValueError:
        return word
    return "".join(part + sign for part, sign in zip(parts, "年月日", strict=False))


def _time_of_day(clock: re.Match[str]) -> time | None:
    try:
        return time(int(clock[2]), int(clock[3] or 0), int(clock[4] or 0))
    except ValueError:
        return None


def timestamp(text: str) -> datetime:
    """A moment in UTC, without its offset; a time that names no offset is Beijing's. Raises Refused.

    ISO 8601, the dates of `day` with a time after them (`2021年7月2日8时30分`), or a spreadsheet's serial number.
    """
    word = plain(text)
    try:
        moment = _moment(word)
        moment = moment.replace(tzinfo=BEIJING) if moment.tzinfo is None else moment
        return moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise Refused("lunar_date" if _LUNAR.search(word) else "bad_time") from error


def _moment(word: str) -> datetime:
    serial = _SERIAL_TIME.fullmatch(word)
    if serial:
        seconds = round(Decimal(f"0.{serial[2][:12]}") * 86_400)
        return datetime.combine(_SERIAL_ZERO, time()) + timedelta(days=int(serial[1]), seconds=seconds)
    clock = _CLOCK.fullmatch(word)
    if clock and _DATE.fullmatch(clock[1]) and (at := _time_of_day(clock)):
        return datetime.combine(day(clock[1]), at)
    return datetime.fromisoformat(word)
