"""Conventions of the feeds' contracts: valid Open Data Contracts whose column names say their unit."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

from open_data_contract_standard.model import OpenDataContractStandard, SchemaProperty
from pydantic import ValidationError

from tests.conventions.tree import files

SNAKE_CASE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
# What a name must look like for its kind (physicalType); a kind that is not here needs no sign in the name.
NAME_BY_KIND = {
    "money_cny": r".+_cny",
    "price": r".*price(_cny_per_\w+)?",
    "integer": r".+_(count|number|days|months|years|fen|mu|head|kg)|.+_count_\w+",
    "year": r"(.+_)?year",
    "month": r".+_month",
    "date": r".+_date",
    "timestamp": r".+_at",
    "yes_no": r"(is|has)_.+",
    "region_code": r".*_code",
    "id_number": r"(.+_)?person_key",
    "household_no": r"(.+_)?household_key",
    "person_no": r".+_key",
    "personal_name": r".+_name",
    "percent": r".+_ratio",
    "area_mu": r".+_mu",
    "quarter": r".+_quarter",
    "partial_date": r".+_date",
    "birth_date": r"(.+_)?birth_date",
    "contact": r"(.+_)?(contact|phone)",
    "narrative": r".+_text",
}


def _contracts(root: Path) -> Iterator[tuple[Path, OpenDataContractStandard | ValidationError]]:
    for path in files(root):
        if path.is_relative_to(root / "ingest" / "feeds") and path.name == "contract.yml":
            try:
                yield path.relative_to(root), OpenDataContractStandard.from_string(path.read_text(encoding="utf-8"))
            except ValidationError as invalid:
                yield path.relative_to(root), invalid


def _properties(contract: OpenDataContractStandard) -> Iterator[tuple[str, SchemaProperty]]:
    for table in contract.schema_ or []:
        yield from ((table.name or "?", column) for column in table.properties or [])


def contracts_follow_the_standard(root: Path) -> list[str]:
    """Each contract parses as ODCS, bears its folder's name and has at least one table with columns."""
    wrong = []
    for path, contract in _contracts(root):
        if isinstance(contract, ValidationError):
            first = contract.errors(include_input=False)[0]
            wrong.append(f"{path}: not an Open Data Contract: {'.'.join(map(str, first['loc']))}: {first['msg']}")
        elif contract.id != path.parent.name:
            wrong.append(f"{path}: its id is {contract.id}, its folder {path.parent.name}")
        elif not any(True for _ in _properties(contract)):
            wrong.append(f"{path}: declares no column")
    return wrong


def every_feed_has_a_contract(root: Path) -> list[str]:
    """A folder of a feed holds a contract.yml: without it the feed is not declared."""
    feeds = root / "ingest" / "feeds"
    folders = {path.relative_to(feeds).parts[0] for path in files(root) if path.is_relative_to(feeds)}
    return [
        f"ingest/feeds/{name}: no contract.yml"
        for name in sorted(folders)
        if (feeds / name).is_dir() and not (feeds / name / "contract.yml").is_file()
    ]


def contract_columns_name_their_unit(root: Path) -> list[str]:
    """Names are snake_case, and end (or begin) with what their kind asks for."""
    wrong = []
    for path, contract in _contracts(root):
        if isinstance(contract, ValidationError):
            continue
        for table, column in _properties(contract):
            name, kind = column.name or "", column.physicalType or ""
            if not SNAKE_CASE.fullmatch(name):
                wrong.append(f"{path}: {table}.{name} is not snake_case")
            elif kind in NAME_BY_KIND and not re.fullmatch(NAME_BY_KIND[kind], name):
                wrong.append(f"{path}: {table}.{name} is of kind {kind}: its name is {NAME_BY_KIND[kind]}")
    return wrong


def triggers_stand_in_the_seed(root: Path) -> list[str]:
    """A contract lists its department's triggers; each stands in the seed, on a column that lands, and no other."""
    seed = root / "dbt_project" / "seeds" / "policy" / "department_triggers.csv"
    text = seed.read_text(encoding="utf-8") if seed.is_file() else ""
    rows = list(csv.DictReader(io.StringIO(text)))
    wrong, listed = [], set()
    for path, contract in _contracts(root):
        if isinstance(contract, ValidationError):
            continue
        columns = {column.name for _, column in _properties(contract)}
        for custom in contract.customProperties or []:
            for trigger in custom.value if custom.property == "triggers" else []:
                mine = [r for r in rows if (r["feed"], r["trigger_id"]) == (contract.id, trigger)]
                listed.add((contract.id, trigger))
                wrong += [] if mine else [f"{path}: the trigger {trigger} does not stand in {seed.name}"]
                wrong += [
                    f"{path}: the trigger {trigger} looks at {r['column_name']}, which the contract does not declare"
                    for r in mine
                    if r["column_name"] not in columns
                ]
    unlisted = {(r["feed"], r["trigger_id"]) for r in rows} - listed
    return [*wrong, *(f"{seed.name}: {trigger} is not listed by the contract of {feed}" for feed, trigger in unlisted)]


RULES = (
    contracts_follow_the_standard,
    every_feed_has_a_contract,
    contract_columns_name_their_unit,
    triggers_stand_in_the_seed,
)
