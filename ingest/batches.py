"""Parsed files of one table → loads: normalised together (a small file costs less than a statement), judged singly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest import units, values
from ingest.contracts import Contract, Table
from ingest.deliveries import Delivery
from ingest.errors import BrokenContract, DeliveryError
from ingest.history import History
from ingest.home import BEIJING
from ingest.identity import HmacKey
from ingest.loads import (
    Load,
    Slice,
    cautions_text,
    counts,
    digest,
    names_kept,
    quarantined_rows,
    rows_as_parquet,
)
from ingest.normalise import Batch, Normalised, normalise
from ingest.places import Named, Place, default_scope, named, place, span_columns
from ingest.readers import Parsed
from ingest.receipts import Receipt
from ingest.settle import ACCEPTED, DUPLICATE, QUARANTINED, Earlier, Settled, settle


@dataclass(frozen=True)
class Item:
    """A delivery with its bytes and what its reader made of them."""

    delivery: Delivery
    content: bytes
    parsed: Parsed


@dataclass
class Desk:
    """What judging needs besides the files: keys, connection, and what was told before."""

    key: HmacKey
    connection: duckdb.DuckDBPyConnection
    history: History


def load_id(contract: Contract, sha256: str, name: Named, *, rows_tell_period: bool) -> str:
    """`<feed>-<16 hex of the bytes>`, and the region and period of the file's name where the rows do not tell them.

    An empty list, or a list of persons, may have the same bytes for two months and yet say two things.
    """
    plain_id = f"{contract.feed}-{sha256[:16]}"
    return plain_id if rows_tell_period or not name.suffix else f"{plain_id}-{name.suffix}"


def _identifier(contract: Contract, table: Table, item: Item, rows: int) -> str:
    tells = bool(rows and span_columns(table))
    name = named(contract, item.delivery.file_name)
    return load_id(contract, item.delivery.sha256, name, rows_tell_period=tells)


def rejected(contract: Contract, delivery: Delivery, error: DeliveryError) -> Load:
    """The receipt of a delivery that cannot land. It is tried again when the same bytes come again."""
    receipt = Receipt(
        feed=contract.feed,
        table=None,
        load_id=load_id(contract, delivery.sha256, named(contract, delivery.file_name), rows_tell_period=False),
        sha256=delivery.sha256,
        file_name=delivery.file_name,
        received_at=delivery.received_at,
        outcome="rejected",
        error=str(error),
    )
    return Load(receipt)


def to_loads(contract: Contract, items: Sequence[Item], desk: Desk) -> Iterator[tuple[Item, Load | DeliveryError]]:
    """Each item with its load or with what is wrong with it, in order."""
    groups: list[list[Item]] = []
    for item in items:
        if groups and _likeness(groups[-1][0].parsed) == _likeness(item.parsed):
            groups[-1].append(item)
        else:
            groups.append([item])
    for group in groups:
        yield from _group(contract, group, desk)


def _likeness(parsed: Parsed) -> tuple[str, dict[str, str], set[str]]:
    return parsed.table, parsed.units, set(parsed.rows.column_names)


def _group(contract: Contract, items: list[Item], desk: Desk) -> Iterator[tuple[Item, Load | DeliveryError]]:
    table = contract.table(items[0].parsed.table)
    names = items[0].parsed.rows.column_names
    parts, start, raw = [], 0, []
    for number, item in enumerate(items):
        rows = item.parsed.rows.select(names)
        raw.append(rows.append_column("file_no", pa.array(np.full(len(rows), number, np.int32))))
        parts.append(Slice(start, start + len(rows)))
        start += len(rows)
    received = [i.delivery.received_at.astimezone(BEIJING).date() for i in items]
    batch = Batch(table, pa.concat_tables(raw), received, items[0].parsed.units)
    normalised = normalise(batch, desk.key, desk.connection)
    settled = settle(batch, normalised, desk.connection)
    fates: list[Place | DeliveryError] = []
    for item, part in zip(items, parts, strict=True):
        try:
            where = _place(contract, table, item, part, normalised, settled)
            _check(contract, table, item, part, normalised, settled)
            _strike_out_repeats(contract, table, item, part, settled, desk, where)
            fates.append(where)
        except DeliveryError as error:
            fates.append(error)
    cautions = cautions_text(normalised, len(batch.raw))
    for item, part, fate in zip(items, parts, fates, strict=True):
        if isinstance(fate, DeliveryError):
            yield item, fate
        else:
            yield item, _load(contract, batch, item, part, normalised, settled, cautions, fate, desk)


def _place(
    contract: Contract, table: Table, item: Item, part: Slice, normalised: Normalised, settled: Settled
) -> Place:
    name = named(contract, item.delivery.file_name)
    poll_at = item.parsed.facts.get("poll_at")
    spans = _spans(table, part, normalised, settled)
    if not (part.stop - part.start) and contract.empty_is_valid is False:
        raise BrokenContract(
            item.delivery.relative,
            "no row below the header",
            "at least one row",
            "Send the list again; if there is truly nothing to report, the contract must allow it.",
            code="empty_file",
        )
    if poll_at is not None:
        try:
            values.timestamp(str(poll_at))
        except values.Refused as error:
            raise BrokenContract(
                item.delivery.relative, "a poll without a readable time", "`updated` in ISO 8601", "Poll again."
            ) from error
    if not name.period and spans == {} and contract.period_unit == "event" and poll_at is None:
        # Every row is quarantined, so that no row's time can be used: the day of receipt is all that is known.
        day = item.delivery.received_at.astimezone(BEIJING).date()
        return Place(default_scope(), day, day)
    where = place(contract, table, item.delivery.relative, name, spans, str(poll_at) if poll_at else None)
    if name.period and contract.period_unit == "month":
        _compare_months(table, part, normalised, where)
    if "cautions" in item.parsed.facts:
        for code in item.parsed.facts.pop("cautions"):
            normalised.cautions.append((code, _whole(part, len(settled.outcome))))
    return where


def _whole(part: Slice, height: int) -> np.ndarray[Any, np.dtype[np.bool_]]:
    mask = np.zeros(height, dtype=bool)
    mask[part.start : part.stop] = True
    return mask


def _compare_months(table: Table, part: Slice, normalised: Normalised, where: Place) -> None:
    """Rows of another month than the file's name says land with a caution."""
    keyed = [c.name for c in table.columns if c.kind == "month" and c.key_position]
    for column in keyed:
        months = normalised.columns[column]
        differs = pc.fill_null(pc.not_equal(months, pa.scalar(where.end.replace(day=1), pa.date32())), False)
        mask = np.array(differs.to_numpy(zero_copy_only=False), dtype=bool)
        mask &= _whole(part, len(mask))
        if mask.any():
            normalised.cautions.append((f"differs_from_file_name_{column}", mask))


def _spans(table: Table, part: Slice, normalised: Normalised, settled: Settled) -> dict[str, tuple[Any, Any]]:
    """The least and greatest of the columns that tell the period, over rows that can be read."""
    names = span_columns(table)
    kept = pa.array(part.of(settled.outcome) != QUARANTINED)
    if not names or not pc.any(kept).as_py():
        return {}
    columns = [normalised.columns[n].slice(part.start, part.stop - part.start).filter(kept) for n in names]
    if len(columns) == 1:
        span = pc.min_max(columns[0]).as_py()
        return {names[0]: (span["min"], span["max"])} if span["min"] is not None else {}
    weeks = pc.add(pc.multiply(pc.cast(columns[0], pa.int64()), 100), pc.cast(columns[1], pa.int64()))
    span = pc.min_max(weeks).as_py()
    return {names[0]: (divmod(span["min"], 100), divmod(span["max"], 100))} if span["min"] is not None else {}


def _check(contract: Contract, table: Table, item: Item, part: Slice, normalised: Normalised, settled: Settled) -> None:
    """The promises about a file as a whole. Raises BrokenContract."""
    total = part.stop - part.start
    bad = int((part.of(settled.outcome) == QUARANTINED).sum())
    if total and bad > contract.reject_above_quarantine_share * total:
        first = next(
            (int(np.flatnonzero(part.of(mask))[0]) + part.start, code, column)
            for code, column, mask in normalised.reasons
            if part.of(mask).any()
        )
        raise BrokenContract(
            item.delivery.relative,
            f"{bad} of {total} rows that cannot be read (the first: {first[1]})",
            f"at most {contract.reject_above_quarantine_share:.1%} of the rows",
            "Mend the column and send the whole file again.",
            row=int(item.parsed.rows["row_number"][first[0] - part.start].as_py()),
            column=_heading(table, first[2]),
            code="too_many_bad_rows",
        )
    for column, text in item.parsed.totals.items():
        _check_total(table, item, part, normalised, column, text)


def _heading(table: Table, names: str) -> str:
    return "、".join(c.header for c in table.columns if c.name in names.split(","))


def _check_total(table: Table, item: Item, part: Slice, normalised: Normalised, column: str, text: str) -> None:
    summing = next(c for c in table.columns if c.name == column)
    try:
        declared, _ = units.read(values.tidy(text), summing, units.scale(summing, item.parsed.units.get(column)))
    except values.Refused:
        return  # a totals row may leave a column out, or say so in words
    summed = pc.sum(normalised.columns[column].slice(part.start, part.stop - part.start)).as_py() or Decimal(0)
    try:
        same = declared.quantize(Decimal("0.01")) == Decimal(summed).quantize(Decimal("0.01"))
    except InvalidOperation:
        same = False
    if not same:
        raise BrokenContract(
            item.delivery.relative,
            f"a totals row of {declared:,.2f} over rows that sum to {summed:,.2f}",
            "rows that sum to their total",
            "Rows are missing or were changed after the total was made: export the file again.",
            row=next((e["row"] for e in item.parsed.left_out if e["why"] == "totals"), None),
            column=_heading(table, column),
            code="control_sum",
        )


def _strike_out_repeats(
    contract: Contract, table: Table, item: Item, part: Slice, settled: Settled, desk: Desk, where: Place
) -> None:
    """Rows of an incremental table that an earlier load told already become duplicates."""
    if table.semantics != "increment":
        return
    delivery, length = item.delivery, part.stop - part.start
    hashes = settled.row_hash.slice(part.start, length), settled.key_hash.slice(part.start, length)
    identifier = _identifier(contract, table, item, length)
    moment = delivery.received_at, delivery.file_name
    repeated = desk.history.repeated(contract.feed, table, where, moment, hashes)
    outcome = part.of(settled.outcome)
    outcome[repeated & (outcome == ACCEPTED)] = DUPLICATE
    kept = pa.array(outcome == ACCEPTED)
    told = Earlier(moment, *(array.filter(kept) for array in hashes))
    # Taken up at once: the next file of the batch may repeat this one.
    desk.history.add(
        _receipt(contract, table, item, part, identifier, where, desk, int(pc.sum(kept).as_py() or 0)), told
    )


def _receipt(
    contract: Contract, table: Table, item: Item, part: Slice, identifier: str, where: Place, desk: Desk, accepted: int
) -> Receipt:
    delivery = item.delivery
    return Receipt(
        feed=contract.feed,
        table=table.name,
        load_id=identifier,
        sha256=delivery.sha256,
        file_name=delivery.file_name,
        received_at=delivery.received_at,
        outcome="landed",
        period_start_date=where.start,
        period_end_date=where.end,
        scope_region_code=where.scope_region_code,
        rows_in=accepted,
        accepted=accepted,
        left_out=item.parsed.left_out,
        facts=item.parsed.facts,
        key_id=desk.key.key_id,
        rows_path=f"{table.name}.parquet",
    )


def _load(
    contract: Contract,
    batch: Batch,
    item: Item,
    part: Slice,
    normalised: Normalised,
    settled: Settled,
    cautions: pa.Array,
    where: Place,
    desk: Desk,
) -> Load:
    identifier = _identifier(contract, batch.table, item, part.stop - part.start)
    rows = rows_as_parquet(batch, normalised, settled, part, identifier, where, cautions)
    receipt = replace(
        _receipt(contract, batch.table, item, part, identifier, where, desk, 0),
        rows_sha256=digest(rows),
        **counts(settled, normalised, part, batch.table),
    )
    identity = names_kept(batch, normalised, settled, part) if contract.keeps_identity else None
    return Load(receipt, item.content, rows, quarantined_rows(batch, normalised, settled, part), identity)
