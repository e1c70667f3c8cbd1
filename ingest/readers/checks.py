"""Cautions that need two columns of one row, as a contract's reader options declare them; the row lands, marked.

`{code, table, differ: [a, b]}`: two columns say different things. `{code, table, country, longitude, latitude, boxes}`:
a point lies outside the box (west, east, south, north) of the country that the record names.
"""

from __future__ import annotations

from typing import Any

import pyarrow.compute as pc

from ingest.readers import Parsed, Spec


def rewritten(parsed: Parsed, spec: Spec) -> Parsed:
    """The same rows with the texts that the contract's `rewrite` names brought into a form that the kind reads."""
    for rule in spec.get("rewrite", ()):
        if rule["column"] in parsed.rows.column_names:
            position = parsed.rows.column_names.index(rule["column"])
            texts = pc.replace_substring_regex(parsed.rows[rule["column"]], rule["match"], rule["becomes"])
            parsed.rows = parsed.rows.set_column(position, rule["column"], texts)
    return parsed


def checked(parsed: Parsed, spec: Spec) -> Parsed:
    """The same rows, with the row numbers of those that a check marks."""
    for check in spec.get("checks", ()):
        if check.get("table", parsed.table) == parsed.table:
            marked = _differing(parsed, check) if "differ" in check else _outside(parsed, check)
            if marked:
                parsed.row_cautions.setdefault(check["code"], []).extend(marked)
    return parsed


def _cells(parsed: Parsed, name: str) -> list[str]:
    if name not in parsed.rows.column_names:
        return [""] * len(parsed.rows)
    return [(cell or "").strip() for cell in parsed.rows[name].to_pylist()]


def _differing(parsed: Parsed, check: dict[str, Any]) -> list[int]:
    first, second = (_cells(parsed, name) for name in check["differ"])
    numbers = parsed.rows["row_number"].to_pylist()
    return [n for n, a, b in zip(numbers, first, second, strict=True) if a != b]


def _outside(parsed: Parsed, check: dict[str, Any]) -> list[int]:
    marked = []
    columns = (_cells(parsed, check[key]) for key in ("country", "longitude", "latitude"))
    for number, country, east, north in zip(parsed.rows["row_number"].to_pylist(), *columns, strict=True):
        box = check["boxes"].get(country)
        try:
            inside = box is None or (box[0] <= float(east) <= box[1] and box[2] <= float(north) <= box[3])
        except ValueError:
            inside = True  # without a point there is nothing to disagree
        if not inside:
            marked.append(number)
    return marked
