"""What a named person decides about a region's episode: who answers it with which measure."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb

from ingest.home import BEIJING, home
from ledger import Ledger, LedgerError
from ledger.decisions import record_response
from reporting.notices import read_episodes
from shouxian.rule_pages import seed
from warehouse import release as releases


class UnknownDepartment(LedgerError):
    """No department of that name answers for a risk."""

    def __init__(self, name: str, known: dict[str, str]) -> None:
        listed = "、".join(f"{text}（{code}）" for code, text in sorted(known.items()))
        super().__init__(f"no department {name} answers for a risk; these do: {listed}")


def departments() -> dict[str, str]:
    """Departments that answer for a risk (R69): code and Chinese name."""
    return {row["department_code"]: row["department_text"] for row in seed("risk_owners")}


def department_code(name: str) -> str:
    """The code of a department given by code or by name. Raises UnknownDepartment, which lists them."""
    known = departments()
    found = next((code for code, text in known.items() if name.strip() in {code, text}), None)
    if found is None:
        raise UnknownDepartment(name, known)
    return found


def respond(
    episode_id: str, owner: str, measure: str, by: str, *, done: str | None, evidence: str, withdraw: bool
) -> date | None:
    """Enters a department's answer to an episode; returns the day by which one was owed, as the release says.

    Raises UnknownEpisode, UnknownDepartment, LedgerError; ValueError for a day that is none or still to come.
    """
    here, code = home(), department_code(owner)
    done_on = date.fromisoformat(done) if done else None
    if done_on is not None and done_on > datetime.now(BEIJING).date():
        raise ValueError(f"--done {done_on} is still to come; enter it once it is done")
    due_on = _due_on(releases.current(here), episode_id)
    record_response(
        Ledger(here.ledger_url),
        episode_id,
        code,
        measure=measure,
        person=by,
        due_on=due_on,
        done_on=done_on,
        evidence=evidence,
        is_withdrawn=withdraw,
    )
    return due_on


def _due_on(folder: Path | None, episode_id: str) -> date | None:
    if folder is None:
        return None
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        return next((e["response_due_on"] for e in read_episodes(con) if e["episode_id"] == episode_id), None)
