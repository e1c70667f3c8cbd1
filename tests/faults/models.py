"""One model's SQL run by itself over a few rows, so that a case of the catalogue need not build the warehouse."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import duckdb
import jinja2
import pyarrow as pa

from warehouse.stages import PROJECT

TAKEN_OUT: tuple[str, str] = ("", "")
"""A pattern of the SQL and what stands there instead: a guard that is taken out."""


def run_model(name: str, inputs: Mapping[str, Sequence[Mapping[str, Any]]]) -> list[dict[str, Any]]:
    """The rows of a model over these rows of what it reads, by model name; every row of an input has the same keys."""
    path = next((PROJECT / "models").rglob(f"{name}.sql"))
    environment = jinja2.Environment(
        extensions=["jinja2.ext.do"],
        undefined=jinja2.StrictUndefined,
        autoescape=False,  # noqa: S701 - SQL, not HTML
    )
    texts = [*sorted((PROJECT / "macros").glob("*.sql")), path]
    template = environment.from_string("\n".join(text.read_text(encoding="utf-8") for text in texts))
    sql = template.render(ref=str, source=lambda _, table: table)
    pattern, instead = TAKEN_OUT
    if pattern:
        sql, count = re.subn(pattern, instead, sql)
        assert count, f"{name} has nothing like {pattern}"
    with duckdb.connect(":memory:") as connection:
        for table, rows in inputs.items():
            connection.register(f"{table}_rows", pa.Table.from_pylist(list(rows)))
            connection.execute(f"create table {table} as select * from {table}_rows")
        return list(connection.execute(sql).to_arrow_table().to_pylist())
