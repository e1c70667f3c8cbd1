"""What the schedule and the command line do: each function puts rooms together, and each can be run again."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable, Collection
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from time import monotonic
from typing import Any

from tenacity import Retrying, retry_if_exception_type, stop_after_delay, wait_fixed

from ingest.contracts import contracts
from ingest.errors import UnknownFeed
from ingest.home import BEIJING, Home, home
from ingest.landing import Landed, LandingBusy, land
from ingest.receipts import read_receipts
from ingest.transport.errors import FeedsUnreachable
from ingest.transport.poll_log import ANSWERED, state
from ingest.transport.polling import confirm, feeds_waiting, poll
from ingest.transport.settings import Source, read_sources
from ledger import Ledger
from reporting import errata
from reporting import notices as notice_rules
from reporting.products import write_products
from reporting.worklist import write as write_worklist
from shouxian.exposed import unlisted, write_lists
from warehouse import release as releases
from warehouse import run as runs
from warehouse.errors import ReleaseLate, UnknownRun, WarehouseError
from warehouse.prompts import severe_warnings

Step = Callable[[str], None]
DELIVERY_HOUR = time(8)
# How a task's output marks the step it is at; the demo turns such lines into its progress display.
STEP_MARK = "… "


def say(step: str) -> None:
    """Prints the step, for the task's log."""
    sys.stdout.write(f"{STEP_MARK}{step}\n")
    sys.stdout.flush()


def inbox() -> Path:
    """The drop folder: SHOUXIAN_INBOX, or `inbox` under the home."""
    return Path(os.environ.get("SHOUXIAN_INBOX") or home().inbox)


def feeds_of(group: str | None) -> set[str] | None:
    """The feeds of a group of contracts (hazards, prices, departments, reference); None means all."""
    return {c.feed for c in contracts().values() if c.group == group} if group else None


def land_feeds(group: str | None = None) -> dict[str, int]:
    """Lands what lies in the drop folder. Counts: landed, duplicate, rejected, and prompts newly made (待核).

    Besides `unlisted`: prompts that wait for their list of households, of whichever landing they came.
    """
    here, folder = home(), inbox()
    if not folder.is_dir():
        folder.mkdir(parents=True)
    landed = land(folder, home=here, feeds=feeds_of(group), progress=_say_now_and_then())
    prompts = keep_prompts(here, landed)
    return {**landed.counts, "prompts": len(prompts), "unlisted": len(unlisted(here))}


def poll_feeds(every: str | None = None, feeds: Collection[str] = ()) -> dict[str, Any]:
    """Polls what polls.yml names (of one cadence: 10m, 1h, 1d; or these feeds) and lands what came.

    Counts: polls by outcome, the landing's counts, and prompts newly made (待核). A source that is away raises
    nothing: its feed turns late by its own promise, and `check_polls` says so. Raises PollSettings, LandingBusy.
    """
    here, folder = home(), inbox()
    sources = sources_of(every, feeds)
    done = poll(here, folder, sources.values())
    outcomes = [one.line.outcome for one in done]
    counts = {name: outcomes.count(name) for name in ("fetched", "unchanged", "failed", "refused")}
    waiting = feeds_waiting(folder, sources)
    if not waiting:
        return {**counts, "prompts": 0}
    # Another landing may be under way. It need not be waited for without end: what lies there lands with the next one.
    patiently = Retrying(
        retry=retry_if_exception_type(LandingBusy), wait=wait_fixed(2), stop=stop_after_delay(60), reraise=True
    )
    landed = patiently(land, folder, home=here, feeds=waiting)
    confirm(here, folder, done, landed.receipts)
    return {**counts, **landed.counts, "prompts": len(keep_prompts(here, landed))}


def sources_of(every: str | None = None, feeds: Collection[str] = ()) -> dict[str, Source]:
    """What polls.yml names: all, of one cadence, or these feeds. Raises PollSettings; UnknownFeed if it lacks one."""
    sources = read_sources(home())
    unknown = sorted(set(feeds) - set(sources))
    if unknown:
        raise UnknownFeed(
            f"polls.yml under SHOUXIAN_HOME names no {'、'.join(unknown)}; it names: {'、'.join(sources)}"
        )
    chosen = {feed: source for feed, source in sources.items() if not feeds or feed in feeds}
    return {feed: source for feed, source in chosen.items() if every is None or source.way.every == every}


def check_polls(every: str | None = None) -> dict[str, str]:
    """The polled feeds with the outcome of their last poll. Raises FeedsUnreachable naming those it brought nothing."""
    here = home()
    lasts = {feed: last for feed in sources_of(every) if (last := state(here, feed).last)}
    away = {feed: str(last.error_code) for feed, last in lasts.items() if last.outcome not in ANSWERED}
    if away:
        raise FeedsUnreachable(away)
    return {feed: last.outcome for feed, last in lasts.items()}


def _say_now_and_then() -> Callable[[str, int, int], None]:
    """A landing's progress, said every two seconds."""
    last = monotonic()

    def progress(_what: str, done: int, of: int) -> None:
        nonlocal last
        if monotonic() - last >= 2:
            last = monotonic()
            say(f"落地部门文件 {done / of:.0%}")

    return progress


def keep_prompts(here: Home, landed: Landed) -> list[str]:
    """Keeps a prompt for each severe warning or duty report of this landing, two days back from the newest."""
    fresh = {r.load_id for r in landed.receipts if r.outcome == "landed"}
    arrived = [_naive(r.received_at) for r in landed.receipts if r.outcome == "landed"]
    if not arrived:
        return []
    found = severe_warnings(here, max(arrived) - timedelta(days=2), max(arrived))
    return Ledger(here.ledger_url).add_prompts([p for p in found if p["load_id"] in fresh])


def _naive(moment: datetime | str) -> datetime:
    stamp = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    return stamp.astimezone(UTC).replace(tzinfo=None) if stamp.tzinfo else stamp


def build_run(as_of: str, known_at: str | None = None, without: Collection[str] = (), step: Step = say) -> str:
    """Builds the warehouse for a day; returns the run's id. known_at: ISO 8601, Beijing time where no zone is given."""
    known = datetime.fromisoformat(known_at) if known_at else None
    if known is not None and known.tzinfo is None:
        known = known.replace(tzinfo=BEIJING)
    here, day = home(), date.fromisoformat(as_of)
    return runs.build(
        here,
        day,
        last_levels=releases.last_levels(here, day, known),
        known_at=known,
        without=without,
        step=step,
    )


def gate_run(run_id: str, step: Step = say) -> dict[str, int]:
    """Puts the gates to a run; returns how many region products have which outcome."""
    here = home()
    gates = runs.gate(here, run_id, step=step)
    counts: dict[str, int] = {"issue": 0, "issue_with_caveat": 0, "withhold": 0}
    for entry in gates:
        counts[str(entry["outcome"])] += 1
    return counts


def latest_run() -> str:
    """The run that passed its gates last. Raises UnknownRun if there is none."""
    ledger = Ledger(home().ledger_url)
    run_id = ledger.latest_run("gated") or ledger.latest_run("released")
    if run_id is None:
        raise UnknownRun("no run has passed its gates yet; `shouxian run --as-of DATE` makes one")
    return run_id


def release_run(run_id: str, step: Step = say) -> str:
    """Releases a run: exports, products, the switch, notices and errata. The same run again changes nothing."""
    here = home()
    ledger = Ledger(here.ledger_url)
    release_id = releases.release_id_of(run_id)
    with ledger.lease("release", f"release {run_id} pid {os.getpid()}") as lease:
        warehouse = runs.folder_of(here, run_id) / "warehouse.duckdb"
        releases.read_gates(here, run_id)
        levels = notice_rules.read_levels(warehouse)
        as_of = date.fromisoformat(runs.read_record(here, run_id).as_of_date)
        found = notice_rules.pending(ledger, levels, as_of, release_id)
        told = notice_rules.describe(found, levels)
        corrected = errata.pending(ledger, warehouse, as_of, release_id, lambda name: releases.manifest_of(here, name))
        folder = releases.publish(
            here, run_id, lambda staging, manifest: write_products(staging, warehouse, manifest, told, corrected), step
        )
        lease.check()
        ledger.record_release(release_id, run_id, releases.sha256_of(folder / "release.json"))
        releases.switch(here, folder)
        notice_rules.tell(ledger, found)
        errata.tell(ledger, corrected)
    return release_id


def prompt_duty_officer(as_of: str) -> list[str]:
    """Prompts for the severe warnings and duty reports that arrived on a Beijing day; returns the new ids."""
    start = datetime.combine(date.fromisoformat(as_of), time(), BEIJING).astimezone(UTC).replace(tzinfo=None)
    here = home()
    return Ledger(here.ledger_url).add_prompts(severe_warnings(here, start, start + timedelta(days=1)))


def list_exposed() -> dict[str, int]:
    """Writes the list of exposed households for every prompt that has none; households by prompt."""
    return write_lists()


def write_consultation_packs(month: str) -> list[str]:
    """Each township's worklist as the pack of its monthly consultation (R35), from the current release.

    Returns the paths written under consultation/<month>, relative to the home.
    """
    here = home()
    folder = releases.current(here)
    if folder is None:
        raise WarehouseError("no release yet, so there is nothing to consult on; release a run first")
    manifest = releases.read_manifest(folder)
    target = here.root / "consultation" / month
    target.mkdir(parents=True, exist_ok=True)
    townships = [
        g["region_code"] for g in manifest["gates"] if g["product"] == "worklist" and g["outcome"] != "withhold"
    ]
    for code in townships:
        write_worklist(target / f"consultation_{code}.xlsx", folder / "warehouse.duckdb", code, manifest)
    return [f"consultation/{month}/consultation_{code}.xlsx" for code in townships]


def record_screening(quarter: str) -> dict[str, Any]:
    """Puts the quarter's departmental screening on record (R33): runs per feed, zero included. quarter: 2021Q4."""
    year, number = int(quarter[:4]), int(quarter[-1])
    first = date(year, 3 * number - 2, 1)
    end = (first + timedelta(days=95)).replace(day=1)
    here = home()
    screened = {
        c.feed: sum(
            first <= date.fromisoformat(str(r.period_end_date)) < end
            for r in read_receipts(here)
            if r.feed == c.feed and r.outcome == "landed" and r.period_end_date
        )
        for c in contracts().values()
        if c.group == "departments"
    }
    Ledger(here.ledger_url).audit("schedule", "quarterly_screening", {"quarter": quarter, "runs": screened})
    return {"quarter": quarter, "runs": screened}


def check_delivery(as_of: str) -> dict[str, Any]:
    """Was the release of `as_of` out by eight the next morning? If not: on record, and ReleaseLate is raised."""
    here = home()
    due = datetime.combine(date.fromisoformat(as_of) + timedelta(days=1), DELIVERY_HOUR, BEIJING)
    ledger = Ledger(here.ledger_url)
    done = [r for r in ledger.releases() if str(r.as_of_date) >= as_of]
    report: dict[str, Any] = {"as_of": as_of, "due_at": due.isoformat(), "released": bool(done), "late": not done}
    if not done:
        newest = ledger.releases()
        report["current_as_of"] = str(newest[0].as_of_date) if newest else None
        ledger.audit("schedule", "release_late", report)
        raise ReleaseLate(as_of, due.isoformat(), report["current_as_of"])
    return report


def notices_awaiting() -> list[dict[str, Any]]:
    """Notices that wait for a person: notice_id, region, levels, and the evidence they would be approved on."""
    return [
        {
            "notice_id": n.notice_id,
            "episode_id": n.episode_id,
            "level": n.level,
            "previous_level": n.previous_level,
            "change": n.change,
            "as_of_date": str(n.as_of_date),
            "evidence": json.loads(n.evidence),
        }
        for n in Ledger(home().ledger_url).notices("awaiting_approval")
    ]


def accept_gate(load_id: str, by: str, reason: str) -> None:
    """Lets in a load that the landing gate holds back; the next run uses it. Raises LookupError for an unknown load."""
    if not any(r.load_id == load_id and r.outcome == "landed" for r in read_receipts(home())):
        raise LookupError(f"no load {load_id} has landed; `shouxian status` names the loads that are held back")
    Ledger(home().ledger_url).accept_gate(load_id, by, reason)


def record_approval(notice_id: str, outcome: str, by: str, note: str = "") -> None:
    """Writes a named person's decision on a notice: approved or rejected."""
    Ledger(home().ledger_url).approve(notice_id, outcome, by, note)
