"""Reads a feed that comes in several forms: looks at the first bytes and hands on to the reader of that form."""

from __future__ import annotations

import re
from collections.abc import Callable

from ingest.errors import UnreadableFile
from ingest.readers import Parsed, Spec, csv_text, records_json, records_xml, sdmx_csv, workbook
from ingest.readers.checks import checked, rewritten

_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_JSON = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:[\[{(]|(?:var|let|const)\s|[A-Za-z_$][\w$.]*\s*\()")
_PAGE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype\s+html|<html)", re.IGNORECASE)


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The file's rows, in whichever of the contract's `forms` it came. Raises what that form's reader raises."""
    return checked(rewritten(_form(content, file, spec), spec), spec)


def _form(content: bytes, file: str, spec: Spec) -> Parsed:
    forms = spec["forms"]
    if not content:
        raise UnreadableFile(file, "0 bytes", " or ".join(forms), "Fetch it again.", code="empty_file")
    if _PAGE.match(content[:1000]):
        raise UnreadableFile(
            file, "a web page", " or ".join(forms), "Fetch the file itself, not the page about it.", code="web_page"
        )
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        form = "workbook"
    elif _XML.match(content[:1000]):
        form = "xml"
    elif "json" in forms and _JSON.match(content[:1000]):
        form = "json"
    else:
        form = "csv"
    if form not in forms:
        raise UnreadableFile(file, f"a {form} file", " or ".join(forms), "Send it in the agreed form.")
    if form == "csv" and sdmx_csv.is_sdmx(content):
        return sdmx_csv.read(content, file, spec)
    readers: dict[str, Callable[[bytes, str, Spec], Parsed]] = {
        "workbook": workbook.read,
        "xml": records_xml.read,
        "json": records_json.read,
        "csv": csv_text.read,
    }
    return readers[form](content, file, spec)
