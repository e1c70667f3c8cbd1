"""Parsed files of one table → loads: normalised together (a small file costs less than a statement), judged singly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingest.contracts import Contract, Table
from ingest.corrections import Correction, corrected, corrections_of, facts_of, refuse_left_over
from ingest.deliveries import Delivery
from ingest.errors import DeliveryError
from ingest.fingerprints import packed
from ingest.history import History
from ingest.home import BEIJING, Home
from ingest.identity import HmacKey
from ingest.judging import LATE, Evidence, check, late_rows, other_months, place_of, spans_of
from ingest.loads import (
    Load,
    Slice,
    cautions_text,
    counts,
    digest,
    names_kept,
    quarantined_rows,
    reasons_of,
    rows_as_parquet,
)
from ingest.normalise import Batch, Normalised, normalise
from ingest.places import Named, Place, named, span_columns
from ingest.readers import Parsed
from ingest.receipts import Receipt
from ingest.row_marks import mark_rows
from ingest.settle import ACCEPTED, DUPLICATE, QUARANTINED, Earlier, Settled, settle


@dataclass(frozen=True)
class Item:
    """A delivery with its bytes and what its reader made of them."""

    delivery: Delivery
    content: bytes
    parsed: Parsed


@dataclass
class Desk:
    """What judging needs besides the files: keys, connection, what was told before, and how feeds are corrected."""

    key: HmacKey
    connection: duckdb.DuckDBPyConnection
    history: History
    home: Home
    _corrections: dict[str, list[Correction]] = field(default_factory=dict)

    def corrections(self, contract: Contract, sha256: str) -> list[Correction]:
        """The corrections of one delivery's cells. Raises BadCorrections."""
        if contract.feed not in self._corrections:
            self._corrections[contract.feed] = corrections_of(contract, self.home)
        return [c for c in self._corrections[contract.feed] if sha256.startswith(c.delivery)]


def load_id(contract: Contract, sha256: str, name: Named, *, rows_tell_period: bool, revision: str = "") -> str:
    """`<feed>-<16 hex of the bytes>`, and the region and period of the file's name where the rows do not tell them.

    `revision` tells a later reading of the same bytes from the first.

    An empty list, or a list of persons, may have the same bytes for two months and yet say two things.
    """
    place = "" if rows_tell_period else name.suffix
    return "-".join(part for part in (contract.feed, sha256[:16], place, revision) if part)


def _identifier(contract: Contract, table: Table, item: Item, rows: int) -> str:
    tells = bool(rows and span_columns(table))
    name = named(contract, item.delivery.file_name)
    return load_id(contract, item.delivery.sha256, name, rows_tell_period=tells, revision=item.delivery.revision)


def rejected(contract: Contract, delivery: Delivery, error: DeliveryError, content: bytes = b"") -> Load:
    """The receipt of a delivery that cannot land, and its bytes: it can be tried again once the contract is mended."""
    receipt = Receipt(
        feed=contract.feed,
        table=None,
        load_id=load_id(
            contract,
            delivery.sha256,
            named(contract, delivery.file_name),
            rows_tell_period=False,
            revision=delivery.revision,
        ),
        sha256=delivery.sha256,
        file_name=delivery.file_name,
        received_at=delivery.received_at,
        outcome="rejected",
        error=str(error),
    )
    return Load(receipt, content)


def to_loads(contract: Contract, items: Sequence[Item], desk: Desk) -> Iterator[tuple[Item, Load | DeliveryError]]:
    """Each item with its load or with what is wrong with it, in order."""
    groups: list[list[Item]] = []
    for item in items:
        try:
            _correct(contract, item, desk)
        except DeliveryError as error:
            yield item, error
            continue
        if groups and _likeness(groups[-1][0].parsed) == _likeness(item.parsed):
            groups[-1].append(item)
        else:
            groups.append([item])
    for group in groups:
        yield from _group(contract, group, desk)


def _correct(contract: Contract, item: Item, desk: Desk) -> None:
    """Puts right, in what the reader made, the cells that the feed's corrections name."""
    wanted = desk.corrections(contract, item.delivery.sha256)
    if not wanted:
        return
    parsed = item.parsed
    parsed.rows, made = corrected(parsed.rows, wanted, item.delivery.relative)
    refuse_left_over(wanted, made, item.delivery.relative)
    for one in made:
        parsed.row_cautions.setdefault(f"corrected_{one.column}", []).append(one.row)
    if made:
        parsed.facts["corrections"] = facts_of(made)


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
    mark_rows(batch, normalised, [item.parsed for item in items], parts)
    settled = settle(batch, normalised, desk.connection)
    fates: list[Place | DeliveryError] = []
    for item, part in zip(items, parts, strict=True):
        try:
            where = _judged(contract, table, item, part, normalised, settled)
            _strike_out_repeats(contract, table, item, part, settled, desk, where)
            fates.append(where)
        except DeliveryError as error:
            fates.append(error)
    cautions = cautions_text(normalised, len(batch.raw))

    def made(item: Item, part: Slice, fate: Place | DeliveryError) -> Load | DeliveryError:
        if isinstance(fate, DeliveryError):
            return fate
        return _load(contract, batch, item, part, normalised, settled, cautions, fate, desk)

    # Taking rows out and writing Parquet happens outside the interpreter's lock: two at a time.
    with ThreadPoolExecutor(2) as pool:
        yield from zip(items, pool.map(made, items, parts, fates), strict=True)


def _judged(
    contract: Contract, table: Table, item: Item, part: Slice, normalised: Normalised, settled: Settled
) -> Place:
    """The file's place, once it has kept its promises. Cautions about its rows are added on the way."""
    delivery, height = item.delivery, part.stop - part.start
    own = {name: normalised.columns[name].slice(part.start, height) for name in _looked_at(table)}
    kept = part.of(settled.outcome) != QUARANTINED
    spans = spans_of(table, own, kept)
    poll_at = item.parsed.facts.get("poll_at")
    where = place_of(contract, table, delivery.relative, delivery.received_at, height, spans, poll_at)
    found = other_months(contract, table, delivery.relative, own)
    late = late_rows(contract, table, delivery.received_at.astimezone(BEIJING).date(), own)
    found += [(LATE, late)] if late is not None else []
    found += [(code, np.ones(height, dtype=bool)) for code in item.parsed.facts.pop("cautions", ())]
    for code, mask in found:
        whole = np.zeros(len(settled.outcome), dtype=bool)
        whole[part.start : part.stop] = mask
        normalised.cautions.append((code, whole))
    check(contract, table, delivery.relative, _evidence(table, item, part, normalised, settled))
    return where


def _looked_at(table: Table) -> set[str]:
    months = (c.name for c in table.columns if c.kind == "month" and c.key_position)
    return {*months, *span_columns(table), *table.period_from[:1]}


def _evidence(table: Table, item: Item, part: Slice, normalised: Normalised, settled: Settled) -> Evidence:
    seen = Evidence(
        rows=part.stop - part.start,
        reasons=reasons_of(settled, normalised, part),
        totals=item.parsed.totals,
        units=item.parsed.units,
        left_out=item.parsed.left_out,
    )
    if seen.reasons:
        index, code, columns = next(
            (int(np.flatnonzero(part.of(mask))[0]), code, columns)
            for code, columns, mask in normalised.reasons
            if part.of(mask).any()
        )
        seen.first_bad = int(item.parsed.rows["row_number"][index].as_py()), code, columns
    if seen.totals:
        seen.sums = {
            name: pc.sum(normalised.columns[name].slice(part.start, seen.rows)).as_py() or Decimal(0)
            for name in seen.totals
        }
    return seen


def _strike_out_repeats(
    contract: Contract, table: Table, item: Item, part: Slice, settled: Settled, desk: Desk, where: Place
) -> None:
    """Rows of an incremental table that an earlier load told already become duplicates."""
    if table.semantics != "increment":
        return
    delivery, length = item.delivery, part.stop - part.start
    rows = packed(settled.row_hash.slice(part.start, length))
    keys = packed(settled.key_hash.slice(part.start, length))
    identifier = _identifier(contract, table, item, length)
    moment = delivery.received_at, delivery.file_name
    repeated = desk.history.repeated(contract.feed, table, where, moment, rows, keys)
    outcome = part.of(settled.outcome)
    outcome[repeated & (outcome == ACCEPTED)] = DUPLICATE
    kept = outcome == ACCEPTED
    told = Earlier(moment, rows[kept], keys[kept])
    # Taken up at once: the next file of the batch may repeat this one.
    receipt = _receipt(contract, table, item, identifier, where, desk)
    desk.history.add(replace(receipt, rows_in=len(told), accepted=len(told)), told)


def landed_receipt(
    contract: Contract,
    table: Table,
    delivery: Delivery,
    identifier: str,
    where: Place,
    key_id: str,
    left_out: list[dict[str, Any]],
    facts: dict[str, Any],
) -> Receipt:
    """The receipt of a load, its counts still to be filled in."""
    if delivery.supersedes:
        facts = {**facts, "supersedes": delivery.supersedes}
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
        left_out=left_out,
        facts=facts,
        key_id=key_id,
        rows_path=f"{table.name}.parquet",
    )


def _receipt(contract: Contract, table: Table, item: Item, identifier: str, where: Place, desk: Desk) -> Receipt:
    parsed = item.parsed
    return landed_receipt(
        contract, table, item.delivery, identifier, where, desk.key.key_id, parsed.left_out, parsed.facts
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
        _receipt(contract, batch.table, item, identifier, where, desk),
        rows_sha256=digest(rows),
        **counts(settled, normalised, part, batch.table),
    )
    identity = names_kept(batch, normalised, settled, part) if contract.keeps_identity else None
    return Load(receipt, item.content, rows, quarantined_rows(batch, normalised, settled, part), identity)
