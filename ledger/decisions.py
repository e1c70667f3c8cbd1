"""What named persons decide about a region, entry upon entry: none is changed, a later one takes another back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from ledger.chain import append, now_utc
from ledger.store import Ledger, LedgerError
from ledger.tables import Episode, Response


class UnknownEpisode(LedgerError):
    """No episode under that id was ever told."""

    def __init__(self, episode_id: str, known: Sequence[str]) -> None:
        super().__init__(f"no episode {episode_id} was told; open are: {', '.join(known) or 'none'}")


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
