"""Reads the feeds' contracts (Open Data Contract Standard 3.1): the only declaration of a feed."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ingest.units import in_heading

FEEDS = Path(__file__).parent / "feeds"
_LATE_AFTER_DAYS = 365

IDENTITY_KINDS = frozenset(
    {"id_number", "household_no", "person_no", "personal_name", "birth_date", "contact", "narrative"}
)
LANDED_TYPES = {
    "text": "VARCHAR",
    "code": "VARCHAR",
    "region_code": "VARCHAR",
    "id_number": "VARCHAR",
    "household_no": "VARCHAR",
    "person_no": "VARCHAR",
    "money_cny": "DECIMAL(18,2)",
    "price": "DECIMAL(12,4)",
    "decimal": "DECIMAL(18,6)",
    "integer": "BIGINT",
    "year": "INTEGER",
    "month": "DATE",
    "date": "DATE",
    "timestamp": "TIMESTAMP",
    "yes_no": "BOOLEAN",
    "quarter": "DATE",
    "partial_date": "DATE",
    "area_mu": "DECIMAL(18,2)",
    "percent": "DECIMAL(9,6)",
}
"""Kinds that are not here (personal_name, birth_date, contact, narrative) never leave the vault."""
DERIVED_TYPES = {
    "birth_month": "DATE",
    "sex_code": "VARCHAR",
    "id_type_code": "VARCHAR",
    "name_birth_key": "VARCHAR",
}
"""Columns made at the border from a table's first id_number, personal_name and birth_date (`derives`)."""
LINEAGE_COLUMNS = {
    "load_id": "VARCHAR",
    "row_number": "BIGINT",
    "row_hash": "VARCHAR",
    "scope_region_code": "VARCHAR",
    "period_start_date": "DATE",
    "period_end_date": "DATE",
    "known_at": "TIMESTAMP",
    "known_at_basis": "VARCHAR",
    "cautions": "VARCHAR",
}


@dataclass(frozen=True)
class Column:
    """One column as the bureau heads it and as it lands."""

    name: str
    header: str
    kind: str
    aliases: tuple[str, ...]
    required: bool
    optional: bool
    key_position: int | None
    classification: str
    blank_means: str
    codes: tuple[str, ...]
    plausible: tuple[float, float] | None
    unit: str | None
    is_control_sum: bool
    refuse_outside: tuple[float, float] | None = None
    unit_column: str | None = None
    pattern: re.Pattern[str] | None = None

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.header, *self.aliases)

    @property
    def landed_type(self) -> str | None:
        """The DuckDB type in landing; None for what never leaves the vault."""
        return LANDED_TYPES.get(self.kind)

    @property
    def companions(self) -> dict[str, str]:
        """The columns that land beside it: how exactly a partial date is said."""
        return {f"{self.name}_precision": "VARCHAR"} if self.kind == "partial_date" else {}


@dataclass(frozen=True)
class Table:
    """One table that a delivery of the feed can hold."""

    name: str
    title: str
    grain: str
    semantics: str
    covers_period: bool
    period_from: tuple[str, ...]
    columns: tuple[Column, ...]
    melt: Mapping[str, Any] | None
    keeps_same_key: bool = False
    ascending: tuple[str, ...] = ()
    version_by: tuple[str, ...] = ()
    derives: tuple[str, ...] = ()

    @property
    def landed_columns(self) -> dict[str, str]:
        """Names and DuckDB types, in this order: own columns with their companions, derived ones, lineage."""
        own: dict[str, str] = {}
        for column in self.columns:
            own |= {column.name: column.landed_type} if column.landed_type else {}
            own |= column.companions
        return {**own, **{name: DERIVED_TYPES[name] for name in self.derives}, **LINEAGE_COLUMNS}

    def first(self, kind: str) -> Column | None:
        """The first column of a kind: the one that derived columns are made from."""
        return next((c for c in self.columns if c.kind == kind), None)

    @property
    def key(self) -> tuple[str, ...]:
        keyed = sorted((c.key_position, c.name) for c in self.columns if c.key_position)
        return tuple(name for _, name in keyed)


@dataclass(frozen=True)
class Contract:
    """What a department promised to send: how often, how late it may be, in which shape."""

    feed: str
    title: str
    owner: str
    group: str
    semantics: str
    reader: Mapping[str, Any]
    file_name: re.Pattern[str] | None
    period_unit: str
    anchor_month: int
    frequency: str
    due_days: int
    grace_days: int
    empty_is_valid: bool
    keeps_identity: bool
    reject_above_quarantine_share: Mapping[str, float]
    late_after_days: int | None
    tables: tuple[Table, ...]
    transport: tuple[Mapping[str, Any], ...] = ({"kind": "drop"},)

    @property
    def format(self) -> str:
        return str(self.reader["format"])

    def table(self, name: str) -> Table:
        return next(t for t in self.tables if t.name == name)


def _custom(node: Mapping[str, Any]) -> dict[str, Any]:
    return {p["property"]: p["value"] for p in node.get("customProperties") or []}


def _column(node: Mapping[str, Any]) -> Column:
    custom = _custom(node)
    pattern = (node.get("logicalTypeOptions") or {}).get("pattern")
    return Column(
        name=node["name"],
        header=node["businessName"],
        kind=node["physicalType"],
        aliases=tuple(custom.get("aliases", ())),
        required=bool(node.get("required", False)),
        optional=bool(custom.get("columnOptional", False)),
        key_position=node.get("primaryKeyPosition"),
        classification=node["classification"],
        blank_means=_blank(custom.get("blankMeans", "unknown")),
        codes=tuple(str(e["value"]) for e in node.get("enum") or ()),
        plausible=_bounds(custom.get("plausible")),
        unit=custom.get("unit") or in_heading(node["businessName"]),
        is_control_sum=bool(custom.get("controlSum", False)),
        refuse_outside=_bounds(custom.get("refuseOutside")),
        unit_column=custom.get("unitColumn"),
        pattern=re.compile(pattern) if pattern else None,
    )


def _blank(word: str | bool) -> str:
    """YAML reads an unquoted `no` as false."""
    if word not in (False, "no", "zero", "unknown"):
        raise ValueError(f"blankMeans is no, zero or unknown, not {word}")
    return "no" if word is False else str(word)


def _bounds(node: Sequence[Any] | None) -> tuple[float, float] | None:
    """Least and greatest; null stands for no bound on that side."""
    if node is None:
        return None
    low, high = node
    return -math.inf if low is None else float(low), math.inf if high is None else float(high)


def _table(node: Mapping[str, Any], feed_semantics: str) -> Table:
    custom = _custom(node)
    table = Table(
        name=node["name"],
        title=node["businessName"],
        grain=node["dataGranularityDescription"],
        semantics=str(custom.get("semantics", feed_semantics)),
        covers_period=custom.get("coverage") != "none",
        period_from=tuple(custom.get("periodFrom", ())),
        columns=tuple(_column(p) for p in node["properties"]),
        melt=custom.get("melt"),
        keeps_same_key=custom.get("sameKey") == "keep",
        ascending=tuple(custom.get("ascending", ())),
        version_by=tuple(custom.get("versionBy", ())),
        derives=tuple(custom.get("derives", ())),
    )
    if unknown := set(table.derives) - set(DERIVED_TYPES):
        raise ValueError(f"{table.name} derives {', '.join(sorted(unknown))}; known are {', '.join(DERIVED_TYPES)}")
    if "name_birth_key" in table.derives and not table.first("personal_name"):
        raise ValueError(f"{table.name} derives name_birth_key without a personal_name column")
    return table


def _shares(value: float | Mapping[str, float]) -> dict[str, float]:
    """One share for all bad rows together, or shares by reason with a default for the others."""
    shares = dict(value) if isinstance(value, Mapping) else {"default": value}
    return {"default": 0.0, **{str(reason): float(share) for reason, share in shares.items()}}


def _late_after_days(custom: Mapping[str, Any], semantics: str) -> int | None:
    """A year by default where rows are news of their day; a list sent whole says itself which period it is of."""
    default = _LATE_AFTER_DAYS if semantics in ("increment", "restatement") else None
    days = custom.get("lateAfterDays", default)
    return None if days is None else int(days)


def read_contract(path: Path) -> Contract:
    """The contract in one file. Raises KeyError or ValueError naming what it lacks."""
    node = yaml.safe_load(path.read_text(encoding="utf-8"))
    custom = _custom(node)
    sla = {p["property"]: p for p in node["slaProperties"]}
    file_name = custom.get("fileName")
    semantics = str(custom["semantics"])
    return Contract(
        feed=node["id"],
        title=node["name"],
        owner=node["team"]["name"],
        group=str(custom["group"]),
        semantics=semantics,
        reader=custom["reader"],
        file_name=re.compile(file_name) if file_name else None,
        period_unit=str(custom["periodUnit"]),
        anchor_month=int(custom.get("periodAnchorMonth", 12)),
        frequency=str(sla["frequency"]["unit"]),
        due_days=int(sla["dueDays"]["value"]),
        grace_days=int(sla["graceDays"]["value"]),
        empty_is_valid=bool(custom["emptyIsValid"]),
        keeps_identity=bool(custom.get("keepsIdentity", False)),
        reject_above_quarantine_share=_shares(custom["rejectAboveQuarantineShare"]),
        late_after_days=_late_after_days(custom, semantics),
        tables=tuple(_table(t, semantics) for t in node["schema"]),
        transport=tuple(custom.get("transport", Contract.transport)),
    )


@cache
def contracts() -> dict[str, Contract]:
    """Every feed's contract by feed name, in name order."""
    found = (read_contract(p) for p in sorted(FEEDS.glob("*/contract.yml")))
    return {c.feed: c for c in found}
