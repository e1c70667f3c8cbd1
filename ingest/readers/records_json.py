"""Reads JSON, JSONP (`var x=…;`, `callback(…)`) and JSON in brackets; numbers keep every digit that was written."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from ingest.errors import UnreadableFile
from ingest.readers import Parsed, Spec
from ingest.readers.layouts import applied

_PAGE = re.compile(r"\s*<")
_WRAPPERS = (
    ("parens", re.compile(r"\((.*)\)\s*;?", re.DOTALL)),
    ("jsonp", re.compile(r"(?:var|let|const)\s+[\w$.]+\s*=\s*(.*?)\s*;?", re.DOTALL)),
    ("jsonp", re.compile(r"[A-Za-z_$][\w$.]*\s*\((.*)\)\s*;?", re.DOTALL)),
)
_DEEPEST = 64


class _Repeated(ValueError):
    """One object says two things under one name."""


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """The document's records as rows. Raises UnreadableFile."""
    root, wrapper = document(content, file, spec.get("encoding", "utf-8"))
    return applied(root, wrapper, file, spec)


def document(content: bytes, file: str, encoding: str = "utf-8") -> tuple[Any, str]:
    """The document and how it was wrapped (`none`, `parens`, `jsonp`).

    Raises UnreadableFile for a page, for what is cut short or not well-formed, nested too deeply, or says a name twice.
    """
    if not content.strip():
        raise UnreadableFile(file, "0 bytes", "a JSON document", "Fetch it again.", code="empty_file")
    try:
        text = content.decode("utf-8-sig" if encoding == "utf-8" else encoding).strip()
    except UnicodeDecodeError as error:
        raise _unreadable(file, "bytes that are no text", "bad_encoding") from error
    refuse_page(text, file)
    refuse_depth(text, file)
    wrapper = "none"
    for name, pattern in _WRAPPERS if text[:1] not in "{[" else ():
        found = pattern.fullmatch(text)
        if found:
            wrapper, text = name, found[1]
            break
    try:
        return json.loads(
            text, parse_float=str, parse_int=str, parse_constant=_no_number, object_pairs_hook=_once_each
        ), wrapper
    except _Repeated as error:
        raise _unreadable(file, "an object with one name twice", "duplicate_key") from error
    except (ValueError, RecursionError) as error:
        raise _unreadable(file, "no whole JSON document", "bad_json") from error


def refuse_page(text: str, file: str) -> None:
    """Raises UnreadableFile for a web page or XML: servers send their error pages with status 200."""
    if _PAGE.match(text):
        raise _unreadable(file, "a web page or XML", "web_page")


def refuse_depth(text: str, file: str) -> None:
    """Raises UnreadableFile where brackets nest deeper than any publisher's do."""
    depth = deepest = 0
    for sign in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text) if text.count("[") + text.count("{") > _DEEPEST else ():
        if sign in ("[", "{"):
            depth += 1
            deepest = max(deepest, depth)
        elif sign in ("]", "}"):
            depth -= 1
    if deepest > _DEEPEST:
        raise _unreadable(file, f"{deepest} levels of brackets", "too_deep")


def _unreadable(file: str, found: str, code: str) -> UnreadableFile:
    return UnreadableFile(
        file,
        found,
        "a whole JSON document",
        "The answer was cut short or is an error page: fetch it again.",
        code=code,
    )


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _Repeated
    return found


def _no_number(word: str) -> NoReturn:
    raise ValueError(word)
