"""What a named person decides about a region: who answers its episode with which measure, and another level for it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import duckdb

from ingest.home import BEIJING, home
from ledger import Ledger, LedgerError
from ledger.decisions import record_override, record_response, withdraw_override
from reporting.notices import RANK, read_episodes
from reporting.readings import LEVELS_MART
from shouxian.rule_pages import seed
from warehouse import release as releases
from warehouse.errors import WarehouseError


class UnknownDepartment(LedgerError):
    """No department of that name answers for a risk."""

    def __init__(self, name: str, known: dict[str, str]) -> None:
        listed = "、".join(f"{text}（{code}）" for code, text in sorted(known.items()))
        super().__init__(f"no department {name} answers for a risk; these do: {listed}")


class UnknownRegion(LedgerError):
    """The current release judges no region of that code."""

    def __init__(self, code: str, known: dict[str, str]) -> None:
        upper = "、".join(f"{name}（{at}）" for at, name in sorted(known.items()) if at[6:] == "000000")
        super().__init__(f"no region {code} is judged; of {len(known)} regions these are the upper ones: {upper}")


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


def override(region: str, level: str | None, reason: str, until: str | None, by: str, *, withdraw: bool) -> str:
    """Sets a region's level until a day, or (`withdraw`) takes the override in force back; returns the override's id.

    region: 6 to 12 digits. Raises UnknownRegion, LedgerError, WarehouseError; ValueError for no such level or day.
    """
    here, code = home(), region.strip().ljust(12, "0")
    folder = releases.current(here)
    if folder is None:
        raise WarehouseError("no release yet: there is no level to override")
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        known = dict(con.execute(f"select distinct region_code, region_name from {LEVELS_MART}").fetchall())
    if code not in known:
        raise UnknownRegion(region, known)
    if withdraw:
        return withdraw_override(Ledger(here.ledger_url), code, person=by)
    if level not in RANK or until is None:
        raise ValueError(f"say --level ({', '.join(RANK)}) and --until YYYY-MM-DD, or --withdraw")
    until_on = date.fromisoformat(until)
    return record_override(Ledger(here.ledger_url), code, level, reason=reason, until_on=until_on, person=by)
