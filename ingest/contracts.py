"""Reads the feeds' contracts (Open Data Contract Standard 3.1): the only declaration of a feed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FEEDS = Path(__file__).parent / "feeds"

IDENTITY_KINDS = frozenset({"id_number", "household_no", "person_no", "personal_name"})
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
}
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

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.header, *self.aliases)

    @property
    def landed_type(self) -> str | None:
        """The DuckDB type in landing; None for a name, which never leaves the vault."""
        return LANDED_TYPES.get(self.kind)


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

    @property
    def landed_columns(self) -> dict[str, str]:
        own = {c.name: c.landed_type for c in self.columns if c.landed_type}
        return {**own, **LINEAGE_COLUMNS}

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
    reject_above_quarantine_share: float
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
    plausible = custom.get("plausible")
    return Column(
        name=node["name"],
        header=node["businessName"],
        kind=node["physicalType"],
        aliases=tuple(custom.get("aliases", ())),
        required=bool(node.get("required", False)),
        optional=bool(custom.get("columnOptional", False)),
        key_position=node.get("primaryKeyPosition"),
        classification=node["classification"],
        blank_means=str(custom.get("blankMeans", "unknown")),
        codes=tuple(str(e["value"]) for e in node.get("enum") or ()),
        plausible=(float(plausible[0]), float(plausible[1])) if plausible else None,
        unit=custom.get("unit"),
        is_control_sum=bool(custom.get("controlSum", False)),
    )


def _table(node: Mapping[str, Any], feed_semantics: str) -> Table:
    custom = _custom(node)
    return Table(
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
    )


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
        reject_above_quarantine_share=float(custom["rejectAboveQuarantineShare"]),
        tables=tuple(_table(t, semantics) for t in node["schema"]),
        transport=tuple(custom.get("transport", Contract.transport)),
    )


@cache
def contracts() -> dict[str, Contract]:
    """Every feed's contract by feed name, in name order."""
    found = (read_contract(p) for p in sorted(FEEDS.glob("*/contract.yml")))
    return {c.feed: c for c in found}
