"""Mutates sound files for every reader and looks what becomes of them: parsed, or refused by a typed error.

Run as a program for many: `python -m tests.faults.fuzz 100000`. Readers are called directly, in this process, so that
nothing stands between an exception and the count. Workbooks are mutated inside the zip, token by token of their XML,
and packed anew with true checksums: a broken zip would only ever test the zip.
"""

from __future__ import annotations

import csv
import io
import random
import re
import struct
import sys
import time
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from ingest.contracts import contracts
from ingest.errors import DeliveryError
from ingest.readers import Parsed, cap, csv_text, layouts, reader_for, sdmx_csv, workbook
from ingest.sandbox import reader_spec
from tests.faults.made_files import SITE_HEADER, site, sites, xls, xlsx

FIXTURES = Path(__file__).parents[1] / "fixtures"
Mutate = Callable[[bytes, random.Random], bytes]
_TOKEN = re.compile(rb"<[^<>]+>|[^<>]+")
_ATTRIBUTE = re.compile(rb'="([^"]*)"')
_TEXT_TOKEN = re.compile(rb'"[^"\n]*"|[\w.+\x80-\xff-]+|\s+|.', re.DOTALL)
_WORD = re.compile(rb'"[^"\n]*"|[\w.+\x80-\xff-]+')
_WELL_FORMED = (
    *(b"", b"0", b"-1", b"1", b"2", b"65536", b"1e309", b"-0.0", b"NaN", b"9999999999999999999", b"0x10", b"1.5", b"e"),
    *(b"A1", b"B2", b"ZZ9", b"A0", b"1A", b"s", b"n", b"b", b"str", b"inlineStr", b"true", b"null", b"44197", b"1E-7"),
    *(
        "合计".encode(),
        "２０２１".encode(),
        "\u200b".encode(),
        "𠀀".encode(),
        b"2021-13-45",
        b"9" * 400,
        b"a b",
        b"#REF!",
    ),
)
_WILD = (
    *(b"&amp;", b"&#0;", b"&#x110000;", b"&x;", b"\xff\xfe", b"\xed\xa0\x80", b"\0", b"\\", b'"', b"'", b"<", b">"),
    *(
        b"{",
        b"[",
        b"(",
        b"]]>",
        b"<!--",
        b"<!DOCTYPE x>",
        b"XFD1048576",
        b"x" * 70_000,
        b"\r",
        b"\n",
        b",",
        b";",
        b"\t",
    ),
)


def _value(chance: random.Random, wild: float = 0.12) -> bytes:
    return chance.choice(_WILD if chance.random() < wild else _WELL_FORMED)


# Whatever is not named here ends the run at once, which shows just as well.
_UNFORESEEN = (
    *(ArithmeticError, AssertionError, AttributeError, BufferError, LookupError, MemoryError, NameError, OSError),
    *(EOFError, RuntimeError, SystemError, TypeError, ValueError, struct.error, zlib.error, csv.Error),
)


@dataclass(frozen=True)
class Seed:
    """A sound file of a feed, how it is mutated, and its share of the files."""

    feed: str
    name: str
    content: bytes
    mutate: Mutate
    weight: int


@dataclass
class Outcome:
    """What became of the mutated files of one run."""

    files: Counter[str] = field(default_factory=Counter)
    reached_rows: Counter[str] = field(default_factory=Counter)
    parsed: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    exceptions: list[tuple[str, int, str]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")
    """Seconds of processor time, and what they were spent on."""


def of_bytes(content: bytes, chance: random.Random) -> bytes:
    """A few bytes changed, taken out, put in, doubled, or the end cut off."""
    data = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        place, kind = chance.randrange(len(data) + 1), chance.randrange(6)
        stop = min(len(data), place + chance.choice((1, 1, 2, 8, 64)))
        if kind == 0 and place < len(data):
            data[place] ^= 1 << chance.randrange(8)
        elif kind == 1:
            del data[place:stop]
        elif kind == 2:
            data[place:place] = data[place:stop]
        elif kind == 3:
            data[place:place] = _value(chance, 0.5)
        elif kind == 4:
            data[place:stop] = _value(chance, 0.5)
        elif chance.random() < 0.2:
            del data[place:]
    return bytes(data)


def of_text_tokens(content: bytes, chance: random.Random) -> bytes:
    """Words, quotes and delimiters changed, doubled, swapped or dropped."""
    return _changed(_TEXT_TOKEN.findall(content), chance, lambda token: _other_text(token, chance))


def of_xml_tokens(content: bytes, chance: random.Random) -> bytes:
    """Texts and attributes changed for the most part; sometimes whole tags."""
    return _changed(_TOKEN.findall(content), chance, lambda token: _other_xml(token, chance))


def _changed(tokens: list[bytes], chance: random.Random, other: Callable[[bytes], bytes]) -> bytes:
    words = [n for n, token in enumerate(tokens) if _WORD.fullmatch(token) or token.startswith(b"<")]
    for _ in range(chance.choice((1, 1, 2, 3))):
        # Words and tags for the most part: without their commas and brackets most files end at the first look.
        place = chance.choice(words) if chance.random() < 0.9 else chance.randrange(len(tokens))
        kind = chance.random()
        if kind < 0.8:
            tokens[place] = other(tokens[place])
        elif kind < 0.86:
            tokens.insert(place, tokens[place])
        elif kind < 0.93:
            twin = chance.randrange(len(tokens))
            tokens[place], tokens[twin] = tokens[twin], tokens[place]
        else:
            tokens[place] = b""
    return b"".join(tokens)


def _other_text(token: bytes, chance: random.Random) -> bytes:
    """A quoted text keeps its quotes, as a rule: else most files would end at the first look."""
    return b'"' + _value(chance) + b'"' if token.startswith(b'"') and chance.random() < 0.8 else _value(chance)


def _other_xml(token: bytes, chance: random.Random) -> bytes:
    if not token.startswith(b"<"):
        return _value(chance)
    found = list(_ATTRIBUTE.finditer(token))
    if not found:
        return token if chance.random() < 0.8 else token[:1] + _value(chance) + token[2:]
    chosen = chance.choice(found)
    return token[: chosen.start(1)] + _value(chance) + token[chosen.end(1) :]


def inside_the_zip(content: bytes, chance: random.Random) -> bytes:
    """One part of the workbook mutated by tokens, the archive packed anew."""
    with zipfile.ZipFile(io.BytesIO(content)) as source:
        parts = {name: source.read(name) for name in source.namelist()}
    sheets = [n for n in parts if "worksheets/sheet" in n]
    rest = [
        "xl/sharedStrings.xml",
        "xl/sharedStrings.xml",
        "xl/workbook.xml",
        "xl/styles.xml",
        "xl/_rels/workbook.xml.rels",
    ]
    name = chance.choice(sheets * 5 + [n for n in rest if n in parts])
    parts[name] = (of_bytes if chance.random() < 0.1 else of_xml_tokens)(parts[name], chance)
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED) as target:
        for part, text in parts.items():
            target.writestr(zipfile.ZipInfo(part), text)
    return sink.getvalue()


def _dressed() -> bytes:
    def dress(book: object, sheet: object) -> None:
        sheet.merge_range(2, 3, 3, 3, "341302101")  # type: ignore[attr-defined] - xlsxwriter carries no types
        sheet.write_formula(4, 4, "=50+50", None, 100)  # type: ignore[attr-defined] - xlsxwriter carries no types

    rows = [["安置点月报"], SITE_HEADER, *(site(n, 44_197) for n in range(4)), ["合计", "", "", "", 400]]
    return xlsx(rows, dress)


def seeds() -> list[Seed]:
    """Small sound files, one or more for each reader."""
    fixture = {p.relative_to(FIXTURES).as_posix(): p.read_bytes() for p in FIXTURES.rglob("*") if p.is_file()}
    old = xls([SITE_HEADER, *(site(n) for n in range(4))], formulas={(1, 4): 7.0}, merged=[(1, 2, 2, 2)])
    return [
        Seed("relocation_sites", "xlsx", sites(4), inside_the_zip, 14),
        Seed("relocation_sites", "xlsx dressed", _dressed(), inside_the_zip, 14),
        Seed("relocation_sites", "xlsx bytes", sites(4), of_bytes, 3),
        Seed("relocation_sites", "xls bytes", old, of_bytes, 7),
        Seed("medical_insurance", "csv", fixture["medical_insurance/titles_and_footer.csv"], of_text_tokens, 10),
        Seed("medical_insurance", "csv bytes", fixture["medical_insurance/good.csv"], of_bytes, 10),
        Seed("prices_hog_grain", "csv melted", fixture["prices_hog_grain/wide.csv"], of_text_tokens, 4),
        Seed("labour_series", "sdmx-csv", fixture["labour_series/sdmx.csv"], of_text_tokens, 6),
        Seed("warnings_cap", "cap", fixture["warnings_cap/two_languages.xml"], of_xml_tokens, 6),
        Seed("warnings_poll", "poll", fixture["warnings_poll/two_and_a_repeat.json"], of_text_tokens, 5),
        Seed("warnings_poll", "list", fixture["warnings_poll/nmc_list.json"], of_text_tokens, 5),
        Seed("earthquakes", "geojson", fixture["earthquakes/usgs.geojson"], of_text_tokens, 5),
        Seed("earthquakes", "parens json", fixture["earthquakes/cenc.txt"], of_bytes, 5),
        Seed("gdacs", "georss", fixture["gdacs/two_events.xml"], of_xml_tokens, 6),
    ]


@contextmanager
def _rows_counted(reached: list[int]) -> Iterator[None]:
    """Counts the files whose header or list of records was found: rows come next, whatever becomes of them then."""

    def counted(function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **named: object) -> object:
            found = function(*arguments, **named)
            reached[0] = 1
            return found

        return call

    places = (
        *((workbook, "find_heading"), (csv_text, "find_heading"), (sdmx_csv, "find_heading")),
        *((layouts, "_records"), (cap, "_areas")),
    )
    patches = [mock.patch.object(owner, name, counted(getattr(owner, name))) for owner, name in places]
    for patch in patches:
        patch.start()
    try:
        yield
    finally:
        for patch in patches:
            patch.stop()


def run(files: int, seed: int = 3) -> Outcome:
    """So many mutated files, the same ones for the same seed."""
    outcome, sown = Outcome(), seeds()
    specs = {s.feed: reader_spec(contracts()[s.feed]) for s in sown}
    total = sum(s.weight for s in sown)
    reached = [0]
    with _rows_counted(reached):
        for sprout in sown:
            read = reader_for(contracts()[sprout.feed].format)
            for number in range(max(1, files * sprout.weight // total)):
                chance = random.Random(f"{seed} {sprout.name} {number}")
                content = sprout.mutate(sprout.content, chance)
                reached[0], start = 0, time.process_time()
                try:
                    parsed: Parsed = read(content, "a file", specs[sprout.feed])
                    parsed.rows.validate(full=True)
                    outcome.parsed[sprout.name] += 1
                    reached[0] = 1
                except DeliveryError as error:
                    outcome.codes[error.code] += 1
                except _UNFORESEEN as error:
                    outcome.exceptions.append((sprout.name, number, f"{type(error).__name__}: {error}"[:300]))
                outcome.files[sprout.name] += 1
                outcome.reached_rows[sprout.name] += reached[0]
                outcome.slowest = max(outcome.slowest, (time.process_time() - start, f"{sprout.name} {number}"))
    return outcome


def told(outcome: Outcome) -> str:
    """The run's figures as lines of text."""
    lines = [
        f"{name:14} {count:7,} files, {outcome.reached_rows[name] / count:6.1%} reached rows, "
        f"{outcome.parsed[name] / count:6.1%} parsed"
        for name, count in outcome.files.items()
    ]
    count = outcome.files.total()
    lines.append(f"{'all':14} {count:7,} files, {outcome.reached_rows.total() / count:6.1%} reached rows")
    lines.append(f"{len(outcome.exceptions)} exceptions; slowest {outcome.slowest[0]:.2f} s ({outcome.slowest[1]})")
    lines += [f"  {name} {number}: {what}" for name, number, what in outcome.exceptions[:20]]
    return "\n".join(lines)


if __name__ == "__main__":
    started = time.perf_counter()
    print(told(run(int(sys.argv[1]) if len(sys.argv) > 1 else 5_000)))
    print(f"{time.perf_counter() - started:.0f} s")
