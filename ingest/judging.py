"""Judges a file as a whole, whichever way its rows were read: where it belongs, and whether it keeps its promises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest import units, values
from ingest.contracts import Contract, Table
from ingest.errors import BrokenContract
from ingest.home import BEIJING
from ingest.measures import Mask
from ingest.places import Place, default_scope, named, place, span_columns

LATE = "late_arrival"

Spans = dict[str, tuple[Any, Any]]


@dataclass
class Evidence:
    """What the promises are held against: rows by first reason, the first bad row, sums as they were delivered."""

    rows: int
    reasons: Mapping[str, int]
    first_bad: tuple[int, str, str] | None = None
    sums: Mapping[str, Decimal] = field(default_factory=dict)
    totals: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    left_out: list[dict[str, Any]] = field(default_factory=list)


def spans_of(table: Table, columns: Mapping[str, pa.Array], kept: Mask) -> Spans:
    """The least and greatest of the columns that tell the period, over the rows that are kept."""
    names = span_columns(table)
    if not names or not kept.any():
        return {}
    chosen = [columns[n].filter(pa.array(kept)) for n in names]
    if len(chosen) == 1:
        span = pc.min_max(chosen[0]).as_py()
        return {names[0]: (span["min"], span["max"])} if span["min"] is not None else {}
    weeks = pc.add(pc.multiply(pc.cast(chosen[0], pa.int64()), 100), pc.cast(chosen[1], pa.int64()))
    span = pc.min_max(weeks).as_py()
    return {names[0]: (divmod(span["min"], 100), divmod(span["max"], 100))} if span["min"] is not None else {}


def wider(one: Spans, other: Spans) -> Spans:
    """Both spans together."""
    both = {
        name: (min(one[name][0], span[0]), max(one[name][1], span[1])) for name, span in other.items() if name in one
    }
    return {**one, **other, **both}


def place_of(
    contract: Contract, table: Table, file: str, received_at: datetime, rows: int, spans: Spans, poll_at: Any
) -> Place:
    """A file's region and period. Raises BrokenContract for an empty file that may not be, or one that tells none."""
    name = named(contract, file.rpartition("/")[2])
    _check_empty(contract, file, rows)
    if poll_at is not None:
        try:
            values.timestamp(str(poll_at))
        except values.Refused as error:
            raise BrokenContract(
                file, "a poll without a readable time", "`updated` in ISO 8601", "Poll again."
            ) from error
    if not name.period and spans == {} and contract.period_unit == "event" and poll_at is None:
        # Every row is quarantined, so that no row's time can be used: the day of receipt is all that is known.
        day = received_at.astimezone(BEIJING).date()
        return Place(default_scope(), day, day)
    return place(contract, table, file, name, spans, str(poll_at) if poll_at else None)


def _check_empty(contract: Contract, file: str, rows: int) -> None:
    if not rows and not contract.empty_is_valid:
        raise BrokenContract(
            file,
            "no row below the header",
            "at least one row",
            "Send the list again; if there is truly nothing to report, the contract must allow it.",
            code="empty_file",
        )


def other_months(
    contract: Contract, table: Table, file: str, columns: Mapping[str, pa.Array]
) -> list[tuple[str, Mask]]:
    """Cautions for rows of another month than the file's name says."""
    name = named(contract, file.rpartition("/")[2])
    if contract.period_unit != "month" or not name.period:
        return []
    end = place(contract, table, file, name, {}, None).end
    found = []
    for column in (c.name for c in table.columns if c.kind == "month" and c.key_position):
        differs = pc.not_equal(columns[column], pa.scalar(end.replace(day=1), pa.date32()))
        mask = _mask(pc.fill_null(differs, False))
        if mask.any():
            found.append((f"differs_from_file_name_{column}", mask))
    return found


def late_rows(contract: Contract, table: Table, received: date, columns: Mapping[str, pa.Array]) -> Mask | None:
    """Rows whose event lies more than the contract's `lateAfterDays` before their receipt; None if there are none.

    They land in the period of their event all the same: a report issued without them does not change by itself.
    """
    names = table.period_from[:1]
    days = contract.late_after_days
    if days is None or not names or not pa.types.is_temporal(columns[names[0]].type):
        return None
    bound = pa.scalar(received - timedelta(days=days), pa.date32()).cast(columns[names[0]].type)
    mask = _mask(pc.fill_null(pc.less(columns[names[0]], bound), False))
    return mask if mask.any() else None


def _mask(array: pa.Array) -> Mask:
    return np.array(array.to_numpy(zero_copy_only=False), dtype=bool)


def check(contract: Contract, table: Table, file: str, seen: Evidence) -> None:
    """The promises about a file as a whole. Raises BrokenContract."""
    _check_shares(contract, table, file, seen)
    for column, text in seen.totals.items():
        _check_total(table, file, seen, column, text)


def _check_shares(contract: Contract, table: Table, file: str, seen: Evidence) -> None:
    """A reason with a share of its own is held to that; all other bad rows together to the default."""
    shares = contract.reject_above_quarantine_share
    together = sum(count for reason, count in seen.reasons.items() if reason not in shares)
    held = [(count, shares[reason], reason) for reason, count in seen.reasons.items() if reason in shares]
    for bad, share, reason in [(together, shares["default"], ""), *held]:
        if bad > share * seen.rows:
            row, first, columns = seen.first_bad or (None, reason, "")
            raise BrokenContract(
                file,
                f"{bad} of {seen.rows} rows that cannot be read ("
                + (f"all {reason})" if reason else f"the first: {first})"),
                f"at most {share:.1%} of the rows",
                "Mend the column and send the whole file again.",
                row=row,
                column=heading_of(table, columns) or None,
                code="too_many_bad_rows",
            )


def heading_of(table: Table, names: str) -> str:
    """The headings of the columns whose names stand there with commas between."""
    return "、".join(c.header for c in table.columns if c.name in names.split(","))


def _check_total(table: Table, file: str, seen: Evidence, column: str, text: str) -> None:
    summing = next(c for c in table.columns if c.name == column)
    try:
        declared, _ = units.read(values.tidy(text), summing, units.scale(summing, seen.units.get(column)))
    except values.Refused:
        return  # a totals row may leave a column out, or say so in words
    summed = seen.sums.get(column, Decimal(0))
    try:
        same = declared.quantize(Decimal("0.01")) == summed.quantize(Decimal("0.01"))
    except InvalidOperation:
        same = False
    if not same:
        raise BrokenContract(
            file,
            f"a totals row of {declared:,.2f} over rows that sum to {summed:,.2f}",
            "rows that sum to their total",
            "Rows are missing or were changed after the total was made: export the file again.",
            row=next((e["row"] for e in seen.left_out if e["why"] == "totals"), None),
            column=heading_of(table, column),
            code="control_sum",
        )
