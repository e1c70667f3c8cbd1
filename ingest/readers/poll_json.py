"""Reads one poll of a relay's set of active warnings: `{updated, count, warnings: {region: [warning, …]}}`."""

from __future__ import annotations

import json
from typing import Any

from ingest.errors import UnreadableFile
from ingest.readers import Parsed, Spec, text_table


def read(content: bytes, file: str, spec: Spec) -> Parsed:
    """A row per region and warning; an empty set is a poll with no rows. Raises UnreadableFile, also if truncated."""
    try:
        poll = json.loads(content)
        warnings, declared, updated = poll["warnings"], poll["count"], poll["updated"]
        pairs = [(region, warning) for region, listed in warnings.items() for warning in listed]
        table = spec["tables"][0]
        header = {c["name"]: c["headers"][0] for c in table["columns"]}
        columns = {
            name: [_cell(updated, region, warning, key) for region, warning in pairs] for name, key in header.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UnreadableFile(
            file,
            f"no poll of the active set ({type(error).__name__})",
            "a JSON object with updated, count and warnings by region code",
            "The answer was cut short or is an error page: poll again.",
        ) from error
    if declared != len(pairs):
        raise UnreadableFile(
            file,
            f"{len(pairs)} warnings",
            f"{declared}, as `count` declares",
            "The answer was cut short: poll again.",
            code="count_mismatch",
        )
    facts = {"poll_at": updated, "declared_count": declared}
    return Parsed(table["name"], text_table(columns, list(range(1, len(pairs) + 1))), facts=facts)


def _cell(updated: Any, region: str, warning: dict[str, Any], key: str) -> str | None:
    if key == "updated":
        return str(updated)
    if key == "code":
        return region
    value = warning.get(key)
    return None if value is None else str(value)
