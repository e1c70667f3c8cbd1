"""Every way in which CSV files are polluted (the classes of the Pollock benchmark), made from one sound table.

Each pollution is a function of the header and the rows as cells; it gives bytes. What was meant is always the same
rows, so that a reader either gives exactly these or refuses the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

Row = list[str]
Pollution = Callable[[Row, list[Row]], bytes]


def joined(header: Row, rows: list[Row], delimiter: str = ",", ending: str = "\r\n", quote: str = "") -> str:
    """The table with one delimiter, one line ending, and every cell in `quote`s."""
    return ending.join(delimiter.join(f"{quote}{cell}{quote}" for cell in row) for row in [header, *rows]) + ending


def _delimited(delimiter: str) -> Pollution:
    return lambda header, rows: joined(header, rows, delimiter).encode()


def _ended(ending: str) -> Pollution:
    return lambda header, rows: joined(header, rows, ending=ending).encode()


def _quoted(quote: str) -> Pollution:
    return lambda header, rows: joined(header, rows, quote=quote).encode()


def _coded(encoding: str) -> Pollution:
    return lambda header, rows: joined(header, rows).encode(encoding)


def _framed(before: str = "", after: str = "") -> Pollution:
    return lambda header, rows: (before + joined(header, rows) + after).encode()


def _line(number: int, change: Callable[[str], str]) -> Pollution:
    """The table with one of its lines changed; 0 is the header, −1 the last."""

    def polluted(header: Row, rows: list[Row]) -> bytes:
        lines = joined(header, rows).rstrip().split("\r\n")
        lines[number] = change(lines[number])
        return ("\r\n".join(lines) + "\r\n").encode()

    return polluted


def _lines() -> Iterator[tuple[str, Callable[[str], str]]]:
    yield "one delimiter fewer", lambda line: line[: line.rindex(",")] + line[line.rindex(",") + 1 :]
    yield "one delimiter more at the end", lambda line: line + ","
    yield "one delimiter more in the middle", lambda line: line.replace(",", ",,", 1)
    yield "one cell fewer", lambda line: line[: line.rindex(",")]
    yield "a lone quote at the start", lambda line: '"' + line
    yield "a lone quote in a cell", lambda line: line.replace(",", ',"', 1)
    yield "a lone quote at the end", lambda line: line + '"'
    yield "another delimiter", lambda line: line.replace(",", ";")
    yield "a tab before", lambda line: "\t" + line
    yield "spaces round the delimiters", lambda line: line.replace(",", " , ")
    yield "a backslash before a delimiter", lambda line: line.replace(",", "\\,", 1)
    yield "the line twice as one", lambda line: line + "," + line
    yield "cut in half", lambda line: line[: len(line) // 2]
    yield "broken in two", lambda line: line.replace(",", "\r\n", 1)
    yield "a null byte", lambda line: line.replace(",", "\0,", 1)
    yield "a quoted comma", lambda line: '"' + line.replace(",", '","') + '"'


def _no_end(header: Row, rows: list[Row]) -> bytes:
    return joined(header, rows).rstrip().encode()


def _mixed_endings(header: Row, rows: list[Row]) -> bytes:
    first = joined(header, rows[:1], ending="\n")
    return (first + joined(rows[1], rows[2:])).encode()


def _two_tables(header: Row, rows: list[Row]) -> bytes:
    return (joined(header, rows) + "\r\n" + joined(["甲", "乙", "丙"], [["1", "2", "3"]])).encode()


def _half_of_the_rows_quoted(header: Row, rows: list[Row]) -> bytes:
    half = len(rows) // 2
    return (joined(header, rows[:half]) + joined(rows[half], rows[half + 1 :], quote='"')).encode()


def _half_in_another_encoding(header: Row, rows: list[Row]) -> bytes:
    half = len(rows) // 2
    return joined(header, rows[:half]).encode() + joined(rows[half], rows[half + 1 :]).encode("gb18030")


def pollutions() -> Iterator[tuple[str, Pollution]]:
    """Name and pollution, class by class."""
    yield "no payload", lambda header, rows: b""
    yield "no line end at the end", _no_end
    yield "two line ends at the end", _framed(after="\r\n")
    yield "a preamble", _framed("医保筛查明细表\r\n填报单位：某局\r\n")
    yield (
        "a preamble of as many cells",
        lambda header, rows: ("," * (len(header) - 1) + "\r\n").encode() + joined(header, rows).encode(),
    )
    yield "a footer", _framed(after="填表人：某某\r\n")
    yield "two tables", _two_tables
    yield "no header", lambda header, rows: joined(rows[0], rows[1:]).encode()
    yield "the header twice", lambda header, rows: joined(header, [header, *rows]).encode()
    yield "a header over two rows", _framed("一,二\r\n")
    yield "a nameless column", _line(0, lambda line: line[: line.rindex(",") + 1])
    yield "a name twice", _line(0, lambda line: line[: line.rindex(",") + 1] + line.split(",")[0])
    yield "a name cut", _line(0, lambda line: line[1:])
    yield "mixed line endings", _mixed_endings
    yield "half of the rows quoted", _half_of_the_rows_quoted
    yield "half of the rows in another encoding", _half_in_another_encoding
    for delimiter in (";", "\t", "|", " ", ", ", ",,", "::", "，", "^", "~"):
        yield f"delimiter {delimiter!r}", _delimited(delimiter)
    for ending in ("\n", "\r", "\n\r", "\r\r\n", "\n\n", ""):
        yield f"line ending {ending!r}", _ended(ending)
    for quote in ('"', "'", "“", "`", '""', '"""', '\\"'):
        yield f"quote {quote!r}", _quoted(quote)
    for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "utf-32", "utf-7"):
        yield f"encoding {encoding}", _coded(encoding)
    for where, number in (("the first row", 1), ("a row in the middle", 20), ("the last row", -1), ("the header", 0)):
        for name, change in _lines():
            yield f"{name} in {where}", _line(number, change)
