"""Turns a tree of objects (JSON, or XML made one) into a table's rows, as one of the contract's layouts says.

A layout: `records` (the path to the list of records; `*` steps into every member), `fields` (header → where its
text stands), and optionally `table`, `wrapper`, `count` (a path that declares how many records there are), `poll_at`.
A field is a path from the record (`properties.mag`) or the document (`$.updateTime`), a constant (`=USGS`), a mapping
`{path, match, as}` (a regular expression whose group is taken, a conversion), or a list of these: the first that is
not blank.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from ingest.errors import UnreadableFile
from ingest.readers import Parsed, Spec, text_table
from ingest.readers.cells import refuse_long_cells

_ABSENT = object()


def applied(root: Any, wrapper: str, file: str, spec: Spec) -> Parsed:
    """The rows of the first layout that fits. Raises UnreadableFile if none does or records are missing."""
    for layout in spec["layouts"]:
        if layout.get("wrapper", "none") != wrapper or _at(root, layout.get("when", "")) is _ABSENT:
            continue
        found = list(_records(root, layout.get("records", "")))
        if found != [_ABSENT]:
            return _rows(root, found, layout, file, spec)
    raise UnreadableFile(
        file,
        "a document of another form" + (f" (its first members: {_members(root)})" if isinstance(root, dict) else ""),
        "one of the contract's layouts: " + "、".join(layout.get("records", "$") or "$" for layout in spec["layouts"]),
        "The answer is an error message, or its publisher has changed its form: compare it with the contract.",
        code="unknown_layout",
    )


def _members(root: dict[str, Any]) -> str:
    return "、".join(key[:40] for key in list(root)[:8])


def _at(node: Any, path: str) -> Any:
    for step in path.split(".") if path else []:
        if isinstance(node, dict) and step in node:
            node = node[step]
        elif isinstance(node, list) and step.isdecimal() and int(step) < len(node):
            node = node[int(step)]
        else:
            return _ABSENT
    return node


def _records(node: Any, path: str) -> Iterator[Any]:
    """The records at the path; a lone object is one record, an absent path gives _ABSENT alone."""
    before, star, after = path.partition("*")
    node = _at(node, before.strip("."))
    if star:
        if node is _ABSENT:
            yield _ABSENT
            return
        for member in node.values() if isinstance(node, dict) else node if isinstance(node, list) else ():
            yield from (r for r in _records(member, after.strip(".")) if r is not _ABSENT)
    elif isinstance(node, list):
        yield from node
    else:
        yield node if isinstance(node, dict) else _ABSENT


def _rows(root: Any, records: list[Any], layout: Mapping[str, Any], file: str, spec: Spec) -> Parsed:
    table = next(t for t in spec["tables"] if t["name"] == layout.get("table", t["name"]))
    if layout.get("count"):
        _refuse_shortfall(_at(root, layout["count"]), len(records), file)
    if any(not isinstance(r, dict | list) for r in records):
        raise UnreadableFile(
            file, "a record that is no object", "a list of objects", "Fetch the document again.", code="bad_record"
        )
    columns: dict[str, list[str | None]] = {}
    for column in table["columns"]:
        rule = next((layout["fields"][h] for h in column["headers"] if h in layout["fields"]), None)
        columns[column["name"]] = [None if rule is None else _text(root, record, rule) for record in records]
    try:
        rows = text_table(columns, list(range(1, len(records) + 1)))
    except UnicodeEncodeError as error:
        raise UnreadableFile(
            file, "half of a character", "well-formed text", "Fetch it again.", code="bad_encoding"
        ) from error
    refuse_long_cells(rows, file)
    facts: dict[str, Any] = {"layout": layout.get("name", layout.get("records", ""))}
    poll_at = (
        _text(root, {}, {"path": "$." + layout["poll_at"], **layout.get("poll_at_as", {})})
        if (layout.get("poll_at") and not records)
        else None
    )
    return Parsed(table["name"], rows, facts=facts | ({"poll_at": poll_at} if poll_at else {}))


def _refuse_shortfall(declared: Any, found: int, file: str) -> None:
    if declared is not _ABSENT and str(declared) != str(found):
        raise UnreadableFile(
            file,
            f"{found} records",
            f"{str(declared)[:20]}, as the document declares",
            "The answer was cut short: fetch it again.",
            code="count_mismatch",
        )


def _text(root: Any, record: Any, rule: Any) -> str | None:
    if isinstance(rule, list):
        return next((text for r in rule if (text := _text(root, record, r))), None)
    if isinstance(rule, str):
        rule = {"path": rule}
    path = rule["path"]
    if path.startswith("="):
        return str(path[1:])
    value = _at(root, path[2:]) if path.startswith("$.") else _at(record, path)
    text = as_text(value)
    if text and rule.get("match"):
        found = re.search(rule["match"], text)
        text = (found[1] if found.re.groups else found[0]) if found else None
    return _CONVERSIONS[rule["as"]](text) if text and rule.get("as") else text


def as_text(value: Any) -> str | None:
    """A member's text: numbers as they were written, lists and objects as JSON, nothing for null."""
    if value is None or value is _ABSENT:
        return None
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict) and "#" in value:
        return as_text(value["#"])  # the text of an XML element that has attributes besides
    return json.dumps(value, ensure_ascii=False)


def _from_epoch(text: str) -> str:
    try:
        return datetime.fromtimestamp(int(text) / 1000, UTC).isoformat()
    except (ValueError, OverflowError, OSError):
        return text  # the landing quarantines what is no time, with its text


def _from_mail_date(text: str) -> str:
    try:
        return parsedate_to_datetime(text).isoformat()
    except (ValueError, TypeError, IndexError, OverflowError):
        return text


_CONVERSIONS: dict[str, Callable[[str], str]] = {
    "epoch_ms": _from_epoch,
    "mail_date": _from_mail_date,
    "slashed_time": lambda text: text.strip().replace("/", "-"),
    "compact_time": lambda text: f"{text[:8]}T{text[8:]}",
}
