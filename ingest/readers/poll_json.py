"""Reads one poll of warnings: a relay's set by region, or a publisher's list in one of the contract's layouts."""

from __future__ import annotations

from typing import Any

from ingest.errors import UnreadableFile
from ingest.readers import Parsed, Spec, text_table
from ingest.readers.layouts import applied, as_text
from ingest.readers.records_json import document


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """A row per region and warning of `{updated, count, warnings: {region: [warning]}}`, or per listed message.

    An empty set is a poll with no rows. Raises UnreadableFile, also if truncated.
    """
    root, wrapper = document(content, file)
    if not isinstance(root, dict) or "warnings" not in root:
        return applied(root, wrapper, file, spec)
    try:
        warnings, declared, updated = root["warnings"], root["count"], root["updated"]
        pairs = [(region, warning) for region, listed in warnings.items() for warning in listed]
        table = spec["tables"][0]
        header = {c["name"]: c["headers"][0] for c in table["columns"]}
        columns = {
            name: [_cell(updated, region, warning, key) for region, warning in pairs] for name, key in header.items()
        }
        rows = text_table(columns, list(range(1, len(pairs) + 1)))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UnreadableFile(
            file,
            f"no poll of the active set ({type(error).__name__})",
            "a JSON object with updated, count and warnings by region code",
            "The answer was cut short or is an error page: poll again.",
        ) from error
    if declared != str(len(pairs)):
        raise UnreadableFile(
            file,
            f"{len(pairs)} warnings",
            f"{str(declared)[:20]}, as `count` declares",
            "The answer was cut short: poll again.",
            code="count_mismatch",
        )
    return Parsed(table["name"], rows, facts={"poll_at": as_text(updated), "declared_count": len(pairs)})


def _cell(updated: Any, region: str, warning: dict[str, Any], key: str) -> str | None:
    if key == "updated":
        return as_text(updated)
    return region if key == "code" else as_text(warning.get(key))
