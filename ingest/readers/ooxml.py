"""Looks through an xlsx before it is parsed: XML tricks, size, hidden rows, formulas; elements only on a sign."""

from __future__ import annotations

import re
from functools import cache
from posixpath import basename, dirname, join, normpath
from xml.etree.ElementTree import Element
from xml.parsers import expat

from ingest.errors import ForbiddenFile, UnreadableFile
from ingest.readers.archive import Archive, bomb, damaged
from ingest.readers.sheet_marks import MAX_STYLES, BookMarks, SheetMarks, column_of, refuse_extent
from ingest.readers.xml_trees import tree

_DECLARATION = re.compile(rb"<!\s*(DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([^\"']{0,40})", re.IGNORECASE)
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](\d{1,9})")
# Signs of more than values, each behind a letter that a sheet of values hardly holds: a search for one is nearly free.
_SIGNS = (
    (b"f", (b"</f>", b"<f ", b"<f/")),
    (b"h", (b"hidden",)),
    (b'"', (b't="e"',)),
    (b"'", (b"t='e'",)),
)
_REFERENCE = re.compile(rb' r="([A-Za-z]*)(\d{0,9})')
_DECLARED = re.compile(rb'uniqueCount="(\d+)"')
_OVERLAP = 64
_SMALL = 32 << 20
_MAX_TEXT = 64 << 20


def inspected(archive: Archive) -> BookMarks:
    """What the workbook says besides values. Raises ForbiddenFile or UnreadableFile for what must not be parsed."""
    book = BookMarks()
    names = {n.lower(): n for n in archive.members}
    if "[content_types].xml" not in names or "xl/workbook.xml" not in names:
        raise UnreadableFile(archive.file, "a zip that is no workbook", "xlsx", "Send the workbook itself.")
    workbook = _parsed(archive, names["xl/workbook.xml"])
    sheets = _sheets(archive, workbook, names)
    for node in workbook.iter():
        if _local(node.tag) == "workbookPr":
            book.is_1904 = node.get("date1904", "0").lower() in ("1", "true", "on")
    for name in archive.members:
        if name.lower().endswith((".xml", ".rels")):
            title = next((title for title, part in sheets.items() if part == name), None)
            marks = _looked_through(archive, name, title)
            if title is not None:
                book.sheets[title] = marks
    book.external_links = _links(archive, names)
    return book


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _parsed(archive: Archive, name: str) -> Element:
    return tree(archive.read(name), archive.file, "a whole workbook")


def entities(file: str) -> ForbiddenFile:
    """The refusal of XML that declares a document type or entities."""
    return ForbiddenFile(
        file, "a document type or entities", "plain XML", "Save the file anew in its own program.", code="xml_entities"
    )


def _sheets(archive: Archive, workbook: Element, names: dict[str, str]) -> dict[str, str]:
    """The sheets' parts by the sheets' names."""
    targets: dict[str, str] = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for node in _parsed(archive, names["xl/_rels/workbook.xml.rels"]):
            target = node.get("Target", "")
            path = target.lstrip("/") if target.startswith("/") else normpath(join("xl", target))
            targets[node.get("Id", "")] = names.get(path.lower(), path)
    found = {}
    for node in workbook.iter():
        if _local(node.tag) == "sheet":
            identifier = next((value for key, value in node.attrib.items() if _local(key) == "id"), "")
            found[node.get("name", "")] = targets.get(identifier, "")
    return found


def _links(archive: Archive, names: dict[str, str]) -> list[str]:
    found = []
    for low, name in sorted(names.items()):
        if dirname(low) == "xl/externallinks/_rels":
            found += [basename(n.get("Target", "").replace("\\", "/"))[:120] for n in _parsed(archive, name)]
        elif low == "xl/connections.xml":
            found.append("connections.xml")
    return found


def _looked_through(archive: Archive, name: str, sheet: str | None) -> SheetMarks:
    """One pass over a part's bytes; a sheet that shows signs of more than values is then read element by element."""
    low = name.lower()
    if sheet is None and archive.members[name].size > _MAX_TEXT * 4:
        raise bomb(archive.file, f"a part {name[-60:]} of {archive.members[name].size:,} bytes")
    tail, is_first, suspect, width, last, styles = b"", True, False, 0, 0, 0
    for chunk in archive.chunks(name):
        whole = tail + chunk
        end = whole.rfind(b">") + 1 or len(whole) - _OVERLAP  # no tag is looked at in halves
        piece, rest = whole[:end], whole[end:]
        if is_first:
            is_first = False
            if low.startswith("xl/"):  # what the parser reads; the rest is metadata that nobody opens
                refuse_encoding(piece[:400], archive.file)
            suspect = b"<worksheet" not in piece[:4096]  # prefixed names: the signs below would not be seen
        if b"<!" in piece and _DECLARATION.search(piece):
            raise entities(archive.file)
        if sheet is not None:
            suspect = suspect or any(letter in piece and any(s in piece for s in signs) for letter, signs in _SIGNS)
            reached, height = _extent(piece, every_reference=archive.members[name].size <= _SMALL)
            width, last = max(width, reached), max(last, height)
            refuse_extent(last, width, archive.file, sheet)
        elif low == "xl/sharedstrings.xml":
            refuse_declared(piece[:1000], archive.members[name].size, archive.file)
        elif low == "xl/styles.xml":
            styles += piece.count(b"<xf ")
            refuse_styles(styles, archive.file)
        tail = rest
    return _every_element(archive, name) if suspect else SheetMarks()


def refuse_encoding(head: bytes, file: str) -> None:
    """Raises UnreadableFile for XML that is not UTF-8: in another encoding a search of the bytes would be blind."""
    declared = _ENCODING.search(head)
    if (
        head.startswith((b"\xff\xfe", b"\xfe\xff"))
        or b"\0" in head
        or (declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b""))
    ):
        raise UnreadableFile(file, "XML in another encoding", "UTF-8", "Save the workbook anew in its own program.")


def refuse_declared(head: bytes, size: int, file: str) -> None:
    """Raises UnreadableFile where more texts are declared than there are bytes: the parser makes room for them all."""
    if any(int(count[:20]) > size for count in _DECLARED.findall(head)):
        raise damaged(file)


def refuse_styles(count: int, file: str) -> None:
    """Raises ForbiddenFile for a workbook of so many formats that opening it alone takes minutes."""
    if count > MAX_STYLES:
        raise ForbiddenFile(
            file,
            f"more than {MAX_STYLES:,} cell formats",
            "an ordinary number of formats",
            "Copy the values into a new workbook and send that.",
            code="too_many_styles",
        )


def _extent(piece: bytes, *, every_reference: bool) -> tuple[int, int]:
    """The widest column and the greatest row number within the piece.

    A cell is where its own reference says, whatever row it stands in. So with a reference out of the ordinary (not one
    or two capitals, or with more digits than the rows' numbers) all are read; else each row's last one is enough. In a
    large sheet the last ones must do, for the search costs as much as the parsing: what slips through meets the child's
    memory limit.
    """
    rows = piece.split(b"</row>")
    numbers = _ROW_NUMBER.findall(rows[-1]) or _ROW_NUMBER.findall(rows[-2] if len(rows) > 1 else b"")
    height = max((int(n) for n in numbers), default=0)
    if every_reference and _odd_reference(len(str(height))).search(piece):
        found = set(_REFERENCE.findall(piece))
        height = max([height, *(int(digits) for _, digits in found if digits)])
        letters = {text[:8].upper() for text, _ in found}
    else:
        letters = {row[row.rfind(b'<c r="') + 6 :][:4] for row in rows}
    return max((column_of(text.decode("latin-1")) + 1 for text in letters), default=0), height


@cache
def _odd_reference(digits: int) -> re.Pattern[bytes]:
    return re.compile(rb' r="(?!(?:[A-Z]{1,2})?\d{1,%d}")' % digits)


def _every_element(archive: Archive, name: str) -> SheetMarks:
    marks = SheetMarks()
    row, column = 0, -1

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal row, column
        tag = tag.rpartition(":")[2]
        if tag == "c":
            reference = attributes.get("r")
            column = column_of(reference) if reference else column + 1
            if attributes.get("t") == "e":
                marks.errors.setdefault(column, []).append(row)
        elif tag == "f":
            marks.formulas.setdefault(column, []).append(row)
        elif tag == "row":
            number = attributes.get("r", "")
            row, column = int(number) if number.isascii() and number.isdigit() else row + 1, -1
            if attributes.get("hidden") in ("1", "true", "on"):
                marks.hidden_rows.add(row)
        elif tag == "col" and attributes.get("hidden") in ("1", "true", "on"):
            first, last = attributes.get("min", "1"), attributes.get("max", "1")
            if first.isdecimal() and last.isdecimal():
                marks.hidden_columns.append((int(first) - 1, int(last) - 1))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        for chunk in archive.chunks(name):
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError) as error:
        raise damaged(archive.file) from error
    return marks
