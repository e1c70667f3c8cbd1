"""Faults 52 to 56: hostile workbooks, XML and JSON. Refused by a typed error, quickly and in little memory."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import defusedxml.ElementTree
import pytest

from ingest import sandbox
from ingest.contracts import contracts
from ingest.errors import DeliveryError
from ingest.readers import reader_for
from ingest.readers.sheet_marks import BookMarks
from ingest.sandbox import Limits, Pool, reader_spec
from tests.faults.conftest import Desk
from tests.faults.harness import Guard, fault, nothing
from tests.faults.made_files import SITE_HEADER, member, overlapping, rezipped, site, sites, xls

NAME = "relocation_sites/安置点_202101.xlsx"
SHEET = "xl/worksheets/sheet1.xml"


@contextmanager
def within(seconds: float = 1.0, megabytes: int = 256) -> Iterator[None]:
    """The refusal may take no longer and no more memory than this."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest mark begins anew
    before, start = _memory("VmRSS"), time.process_time()
    yield
    assert time.process_time() - start < seconds
    assert _memory("VmHWM") - before < megabytes << 10


def _memory(name: str) -> int:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name))


def refusal(feed: str, content: bytes) -> str:
    """The code of the error that the feed's own reader raises; `read` where it raises none."""
    contract = contracts()[feed]
    spec = reader_spec(contract)
    reader_for(contract.format)  # its libraries are loaded before the clock runs
    with within():
        try:
            reader_for(contract.format)(content, "a file", spec)
        except DeliveryError as error:
            return error.code
    return "read"


def with_macros() -> bytes:
    return rezipped(sites(), {"xl/vbaProject.bin": b"\xcc\x61"})


@fault(52, Guard("ingest.readers.archive:refuse_names", nothing))
def test_fault_52_a_workbook_with_macros_is_refused(desk: Desk) -> None:
    assert [e.code for e in desk.land({NAME: with_macros()}).rejected] == ["macros"]


@fault(52, Guard("ingest.readers.workbook:_OLD_MACROS", b"a name that no file holds"))
def test_fault_52_an_old_workbook_with_macros_is_refused(desk: Desk) -> None:
    content = xls([SITE_HEADER, site(1)]) + "_VBA_PROJECT".encode("utf-16-le").ljust(512, b"\0")
    assert [e.code for e in desk.land({NAME: content}).rejected] == ["macros"]


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))
TRICKS = {
    "external entity": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
    "external dtd": '<!DOCTYPE a SYSTEM "http://192.0.2.1/a.dtd">',
    "billion laughs": f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
    "quadratic": f'<!DOCTYPE a [<!ENTITY x "{"x" * 100_000}">]>',
}
CAP = '<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">{}</alert>'
RSS = "<rss><channel><item>{}</item></channel></rss>"


def _lenient_tree(content: bytes, file: str, expected: str) -> Any:
    """XML as a program would read it that thinks of no harm (its entities still come to nothing here)."""
    return defusedxml.ElementTree.fromstring(b"<rss><channel/></rss>")


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("feed", ["warnings_cap", "gdacs"])
@fault(53, Guard("ingest.readers.cap:tree", _lenient_tree), Guard("ingest.readers.records_xml:tree", _lenient_tree))
def test_fault_53_entities_and_document_types(feed: str, trick: str, guard_out: Guard | None) -> None:
    other = "records_xml" if feed == "warnings_cap" else "readers.cap"
    if guard_out is not None and other in guard_out.target:
        pytest.fail("not the guard of this feed")
    body = (CAP if feed == "warnings_cap" else RSS).format("<title>&x;&l9;</title>" * 100)
    assert refusal(feed, (TRICKS[trick] + body).encode()) == "xml_entities"


@pytest.mark.parametrize("trick", TRICKS)
@pytest.mark.parametrize("part", [SHEET, "xl/sharedStrings.xml", "xl/workbook.xml", "xl/styles.xml"])
@fault(
    53,
    Guard("ingest.readers.workbook:inspected", lambda content, file: BookMarks()),
)
def test_fault_53_entities_inside_a_workbook(part: str, trick: str) -> None:
    sound = member(sites(), part)
    content = rezipped(sites(), {part: sound.replace(b"?>", b"?>" + TRICKS[trick].encode(), 1)})
    assert refusal("relocation_sites", content) == "xml_entities"


@pytest.mark.parametrize("feed", ["warnings_cap", "gdacs"])
@fault(53, Guard("ingest.readers.xml_trees:DEEPEST", 10**9))
def test_fault_53_elements_nested_without_end(feed: str) -> None:
    deep = "<a>" * 300 + "</a>" * 300  # few enough for a careless reader to get through
    assert refusal(feed, (CAP if feed == "warnings_cap" else RSS).format(deep).encode()) == "too_deep"


@pytest.mark.parametrize("feed", ["warnings_cap", "gdacs"])
def test_half_a_million_open_elements_never_become_a_tree(feed: str) -> None:
    assert refusal(feed, b"<rss>" * 500_000) == "too_deep"


@pytest.mark.parametrize("feed", ["earthquakes", "warnings_poll"])
@fault(53, Guard("ingest.readers.records_json:refuse_depth", nothing))
def test_fault_53_json_nested_without_end(feed: str) -> None:
    assert refusal(feed, b'{"features": ' + b"[" * 500_000 + b"]" * 500_000 + b"}") == "too_deep"


@fault(53, Guard("ingest.readers.xml_trees:LARGEST", 1 << 40))
def test_fault_53_one_token_of_very_many_bytes() -> None:
    content = RSS.format(f"<title>{'x' * (40 << 20)}</title>").encode()
    assert refusal("gdacs", content) == "too_large"


def _zip(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def _lying(content: bytes) -> bytes:
    """The same archive whose sheet declares to be a thousand bytes long."""
    size = len(member(content, SHEET))
    place = content.rindex(SHEET.encode()) - 46
    assert content[place : place + 4] == b"PK\x01\x02"
    return content[: place + 24] + (min(size, 1000)).to_bytes(4, "little") + content[place + 28 :]


def _link() -> bytes:
    info = zipfile.ZipInfo("xl/media/link")
    info.external_attr = 0o120777 << 16
    sink = io.BytesIO(sites())
    with zipfile.ZipFile(sink, "a") as archive:
        archive.writestr(info, "/etc/hostname")
    return sink.getvalue()


@fault(54, Guard("ingest.readers.archive:refuse_sizes", nothing))
def test_fault_54_a_small_file_that_unpacks_to_a_large_one() -> None:
    bomb = rezipped(sites(), {"xl/sharedStrings.xml": b"<sst>" + b" " * 100_000_000 + b"</sst>"})
    assert refusal("relocation_sites", bomb) == "zip_bomb"


@fault(54, Guard("ingest.readers.archive:bomb", lambda file, found: _Tolerated()))
def test_fault_54_a_part_that_declares_less_than_it_holds() -> None:
    assert refusal("relocation_sites", _lying(sites(200))) == "zip_bomb"


class _Tolerated(DeliveryError):
    """Stands in for the refusal where it is taken out."""

    def __init__(self) -> None:
        super().__init__("", "", "", "", code="tolerated")


@fault(54, Guard("ingest.readers.archive:refuse_overlap", nothing))
def test_fault_54_parts_that_overlap() -> None:
    assert refusal("relocation_sites", overlapping(50)) == "zip_bomb"


@fault(54, Guard("ingest.readers.archive:MAX_MEMBERS", 10**9))
def test_fault_54_a_hundred_thousand_parts() -> None:
    entry = b"PK\x01\x02" + bytes(42) + b"a"
    end = b"PK\x05\x06" + bytes(4) + (0xFFFF).to_bytes(2, "little") * 2 + (len(entry) * 100_000).to_bytes(4, "little")
    assert refusal("relocation_sites", b"PK\x03\x04" + entry * 100_000 + end + bytes(6)) == "zip_bomb"


@pytest.mark.parametrize("name", ["../../etc/cron.d/x", "/etc/passwd", "xl\\..\\..\\x", "C:/x"])
@fault(54, Guard("ingest.readers.archive:refuse_names", nothing))
def test_fault_54_names_that_lead_out_of_the_archive(name: str) -> None:
    assert refusal("relocation_sites", rezipped(sites(), {name: b"x"})) == "zip_path"


@fault(54, Guard("ingest.readers.archive:refuse_names", nothing))
def test_fault_54_a_link_in_place_of_a_part() -> None:
    assert refusal("relocation_sites", _link()) == "zip_path"


@pytest.mark.parametrize("name", ["xl/embeddings/inner.xlsx", "xl/media/picture.png"])
@fault(54, Guard("ingest.readers.archive:refuse_nested", nothing))
def test_fault_54_an_archive_within_the_archive(name: str) -> None:
    assert refusal("relocation_sites", rezipped(sites(), {name: _zip({"a": b"b" * 100})})) == "nested_archive"


@pytest.mark.parametrize("content", [b"PAR1" + bytes(100) + b"PAR1", bytes(8) + b"DUCK" + bytes(100)])
@fault(55, Guard("ingest.readers.workbook:inspected", lambda content, file: BookMarks()))
def test_fault_55_parquet_and_databases_are_no_delivery(desk: Desk, content: bytes) -> None:
    assert [e.code for e in desk.land({NAME: content}).rejected] == ["forbidden_type"]


@fault(56, Guard("ingest.readers.workbook:refuse_long_cells", nothing))
def test_fault_56_a_cell_of_a_megabyte() -> None:
    text = member(sites(), "xl/sharedStrings.xml").replace("幸福里1号".encode(), b"a1b2" * 262_144)
    assert refusal("relocation_sites", rezipped(sites(), {"xl/sharedStrings.xml": text})) == "cell_too_long"


@fault(56, Guard("ingest.readers.ooxml:refuse_extent", nothing))
def test_fault_56_a_row_of_16384_columns() -> None:
    content = sites(2, lambda book, sheet: sheet.write(1, 16_383, "x"))
    assert refusal("relocation_sites", content) == "too_many_cells"


@fault(56, Guard("ingest.readers.ooxml:refuse_extent", nothing))
def test_fault_56_a_stray_cell_far_below_and_far_right() -> None:
    content = sites(2, lambda book, sheet: sheet.write(100_000, 600, "x"))
    assert refusal("relocation_sites", content) == "too_many_cells"


@fault(56, Guard("ingest.readers.ooxml:refuse_styles", nothing))
def test_fault_56_a_million_styles() -> None:
    styles = member(sites(), "xl/styles.xml").replace(b"<cellXfs", b'<xf numFmtId="0"/>' * 800_000 + b"<cellXfs", 1)
    assert refusal("relocation_sites", rezipped(sites(), {"xl/styles.xml": styles})) == "too_many_styles"


_WITHOUT_CPU_LIMIT = sandbox._START.replace(
    "from ingest", "import ingest.sandbox_child as child; child._limit_cpu = lambda seconds: None; from ingest"
)


@fault(56, Guard("ingest.sandbox:_START", _WITHOUT_CPU_LIMIT))
def test_fault_56_a_reader_that_never_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "endless.py").write_text(
        "import ingest.readers as readers\n"
        "readers.READERS['endless'] = 'endless'\n"
        "def read(content, file, spec):\n"
        "    while True: pass\n",
        encoding="utf-8",
    )
    planted = f"sys.path.insert(0, {str(tmp_path)!r}); import endless; from ingest"
    monkeypatch.setattr(sandbox, "_START", sandbox._START.replace("from ingest", planted))
    limits = Limits(memory_bytes=1 << 30, cpu_seconds=1, deadline_seconds=10, output_bytes=1 << 20)
    with Pool(1, limits) as pool:
        (outcome,) = pool.parse({"format": "endless", "tables": []}, [("a file", b"x")])
    assert outcome.error is not None
    assert outcome.error.code == "parser_stopped"
    assert "out of CPU time" in outcome.error.found
