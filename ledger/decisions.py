"""What named persons decide about a region, entry upon entry: none is changed, a later one takes another back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import zip_longest

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.chain import append, now_utc
from ledger.store import Ledger, LedgerError
from ledger.tables import Episode, Override, Response

BEIJING_HOURS = timedelta(hours=8)


class UnknownEpisode(LedgerError):
    """No episode under that id was ever told."""

    def __init__(self, episode_id: str, known: Sequence[str]) -> None:
        super().__init__(f"no episode {episode_id} was told; open are: {', '.join(known) or 'none'}")


def beijing_day(at: datetime) -> date:
    """The Beijing day of a moment in UTC without a zone."""
    return (at + BEIJING_HOURS).date()


def record_response(
    ledger: Ledger,
    episode_id: str,
    owner_code: str,
    *,
    measure: str,
    person: str,
    due_on: date | None = None,
    done_on: date | None = None,
    evidence: str = "",
    is_withdrawn: bool = False,
) -> None:
    """A named person says which department answers an episode with which measure, or (`is_withdrawn`) that it does not.

    due_on: the day by which it was owed, frozen with the entry; None where that is not known.
    Raises UnknownEpisode, LedgerError.
    """
    if not person.strip():
        raise LedgerError("a response needs the name of the person who enters it")
    if not measure.strip() and not is_withdrawn:
        raise LedgerError("a response needs a measure: what is done")
    if (done_on is None) != (not evidence.strip()):
        raise LedgerError("what is done is told with its day and its evidence, both or neither")
    with Session(ledger.engine) as session, session.begin():
        if session.get(Episode, episode_id) is None:
            opened = select(Episode.episode_id).where(Episode.closed_on.is_(None)).order_by(Episode.episode_id)
            raise UnknownEpisode(episode_id, list(session.scalars(opened)))
        session.add(
            Response(
                episode_id=episode_id,
                owner_code=owner_code,
                measure=measure.strip(),
                due_on=due_on,
                done_on=done_on,
                evidence=evidence.strip(),
                is_withdrawn=is_withdrawn,
                person=person,
                recorded_at=now_utc(),
            )
        )
        action = "response_withdrawn" if is_withdrawn else "response_recorded"
        append(session, person, action, {"episode_id": episode_id, "owner": owner_code, "done_on": str(done_on or "")})


def responses(ledger: Ledger, known: datetime | None = None) -> list[Response]:
    """The responses that count at `known` (UTC without a zone; now, if None): each owner's newest, unless withdrawn."""
    with Session(ledger.engine, expire_on_commit=False) as session:
        entries = session.scalars(select(Response).order_by(Response.response_id)).all()
    newest = {(e.episode_id, e.owner_code): e for e in entries if known is None or e.recorded_at <= known}
    return [entry for _, entry in sorted(newest.items()) if not entry.is_withdrawn]


@dataclass(frozen=True)
class OverrideSpan:
    """The days on which a named person's level stands for a region: from_on to until_on, both included."""

    override_id: str
    region_code: str
    level: str
    reason: str
    from_on: date
    until_on: date


def record_override(
    ledger: Ledger,
    region_code: str,
    level: str,
    *,
    reason: str,
    until_on: date,
    person: str,
    at: datetime | None = None,
) -> str:
    """A named person sets a region's level until a day (included); returns the override's id. A later one replaces it.

    at: when, UTC without a zone; now, if None. Raises LedgerError for an empty name or reason, or a day that is over.
    """
    at = at or now_utc()
    if not person.strip() or not reason.strip():
        raise LedgerError("a level is overridden by a named person, with a reason")
    if until_on < beijing_day(at):
        raise LedgerError(f"an override until {until_on} would be over before it began")
    with Session(ledger.engine) as session, session.begin():
        stem = f"O{region_code[:9]}-{beijing_day(at):%Y%m%d}"
        before = session.scalars(select(Override.override_id).where(Override.override_id.startswith(stem)))
        override_id = f"{stem}-{len(set(before)) + 1}"
        session.add(
            Override(
                override_id=override_id,
                region_code=region_code,
                level=level,
                reason=reason.strip(),
                until_on=until_on,
                is_withdrawn=False,
                person=person,
                recorded_at=at,
            )
        )
        append(
            session, person, "level_overridden", {"override_id": override_id, "level": level, "until": str(until_on)}
        )
    return override_id


def withdraw_override(ledger: Ledger, region_code: str, *, person: str, at: datetime | None = None) -> str:
    """A named person takes back the override in force; returns its id. Raises LedgerError if there is none."""
    at = at or now_utc()
    if not person.strip():
        raise LedgerError("an override is withdrawn by a named person")
    with Session(ledger.engine) as session, session.begin():
        query = select(Override).where(Override.region_code == region_code).order_by(Override.entry_id.desc())
        last = session.scalars(query.limit(1)).first()
        if last is None or last.is_withdrawn or last.until_on < beijing_day(at):
            raise LedgerError(f"no override of {region_code} is in force")
        session.add(
            Override(
                override_id=last.override_id,
                region_code=region_code,
                level=last.level,
                reason=last.reason,
                until_on=last.until_on,
                is_withdrawn=True,
                person=person,
                recorded_at=at,
            )
        )
        append(session, person, "override_withdrawn", {"override_id": last.override_id})
        return last.override_id


def override_spans(ledger: Ledger, known: datetime | None = None) -> list[OverrideSpan]:
    """The overrides known at `known` (now, if None), each until it expires or the day before the region's next entry.

    Spans of one region never share a day.
    """
    with Session(ledger.engine, expire_on_commit=False) as session:
        entries = session.scalars(select(Override).order_by(Override.region_code, Override.entry_id)).all()
    seen = [e for e in entries if known is None or e.recorded_at <= known]
    spans = []
    for entry, later in zip_longest(seen, seen[1:]):
        until_on = entry.until_on
        if later is not None and later.region_code == entry.region_code:
            until_on = min(until_on, beijing_day(later.recorded_at) - timedelta(days=1))
        from_on = beijing_day(entry.recorded_at)
        if not entry.is_withdrawn and from_on <= until_on:
            spans.append(
                OverrideSpan(entry.override_id, entry.region_code, entry.level, entry.reason, from_on, until_on)
            )
    return spans
