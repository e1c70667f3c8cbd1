"""One run: a fresh database, the models, the signals, the gates. Publishes nothing."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pandas as pd

from expectations.landing import refused_loads
from expectations.release import judge_release
from ingest.contracts import contracts
from ingest.errors import UnknownFeed
from ingest.home import BEIJING, Home, months_of_history, prefectures
from ingest.identity import HmacKey
from ingest.landing_views import create_views
from ingest.receipts import Receipt, in_force, read_receipts, refuse_other_format, verify
from ledger import Ledger
from signals.hazards import run_hazards
from signals.price_months import run_price_months
from signals.prices import run_prices
from warehouse.errors import MissingFeed, UnknownRun
from warehouse.ledger_words import read_ledger_words
from warehouse.stages import build_stage
from warehouse.version import code_version

# Without these no run begins. Those that are mandatory only where hogs are kept or sites exist can be judged late,
# but not missed: whether a region has any is known from the register alone.
MANDATORY = {
    "region_register": ("region_register",),
    "warnings": ("warnings_cap", "warnings_poll"),
    "prices_market": ("prices_market",),
    "hrss_employment": ("hrss_employment",),
    "industry_projects": ("industry_projects",),
    "benefit_links": ("benefit_links",),
    "household_register": ("household_register",),
    "national_monitored_export": ("national_monitored_export",),
    "medical_insurance": ("medical_insurance",),
}
ONLY_LEVELS = "+exposure:region_levels"
"""What the levels of regions need, and nothing besides."""

Step = Callable[[str], None]


@dataclass(frozen=True)
class RunRecord:
    """What a run was made from; stands as run.json in its folder."""

    run_id: str
    as_of_date: str
    known_at: str
    code_version: str
    without: list[str]
    inputs: list[dict[str, object]]
    accepted_gates: dict[str, str] = field(default_factory=dict)
    history_months: int = 24


def folder_of(home: Home, run_id: str) -> Path:
    """The folder of a finished run. Raises UnknownRun."""
    folder = home.runs / run_id
    if not run_id or "/" in run_id or not (folder / "run.json").is_file():
        raise UnknownRun(f"no run {run_id!r} under {home.runs}; `shouxian status` lists the runs")
    return folder


def read_record(home: Home, run_id: str) -> RunRecord:
    """What the run was made from."""
    return RunRecord(**json.loads((folder_of(home, run_id) / "run.json").read_text(encoding="utf-8")))


def build(
    home: Home,
    as_of: date,
    *,
    last_levels: pd.DataFrame,
    known_at: datetime | None = None,
    without: Collection[str] = (),
    history_months: int | None = None,
    only: str | None = None,
    step: Step = lambda _: None,
) -> str:
    """Builds the marts of `as_of` from what was known at `known_at` (now, if none is given). Returns the run's id.

    last_levels: region_code, level, as_of_date of the release before (no rows if there is none). history_months: to
    judge; as the installation says if absent. only: a selector of dbt, for a run that is to answer one question
    (ONLY_LEVELS) instead of all: no tests, nothing to release.
    Raises MissingFeed, StageFailed, VaultError; a failed run leaves nothing that a reader could meet.
    """
    known = (known_at or datetime.now(UTC)).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    unknown_feeds = sorted(set(without) - set(contracts()))
    if unknown_feeds:
        raise UnknownFeed(f"--without {', '.join(unknown_feeds)}: no such feed; there are {', '.join(contracts())}")
    receipts = in_force(read_receipts(home, received_until=known.replace(tzinfo=UTC)))
    refuse_other_format(receipts)
    _refuse_missing(receipts, without, known)
    months = history_months or months_of_history()
    ledger = Ledger(home.ledger_url)
    with ledger.lease("warehouse", f"run {as_of} pid {os.getpid()}"):
        record = _record(home, as_of, known, without, receipts, months)
        folder = home.runs / record.run_id
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        ledger.start_run(record.run_id, as_of, known, record.code_version)
        try:
            words = {"last_released_levels": last_levels, **read_ledger_words(ledger, as_of, known)}
            _build(home, folder, record, receipts, words, only, step)
        except BaseException:
            ledger.finish_run(record.run_id, "failed")
            raise
        ledger.finish_run(record.run_id, "built")
    return record.run_id


def _refuse_missing(receipts: list[Receipt], without: Collection[str], known: datetime) -> None:
    delivered = {r.feed for r in receipts} | set(without)
    missing = [group[0] for group in MANDATORY.values() if not delivered & set(group)]
    if missing:
        raise MissingFeed(missing, f"{known:%Y-%m-%d %H:%M}")


def _record(
    home: Home, as_of: date, known: datetime, without: Collection[str], receipts: list[Receipt], months: int
) -> RunRecord:
    version, ledger = code_version(), Ledger(home.ledger_url)
    let_in = {r.load_id for r in receipts}
    accepted = {load_id: word for load_id, word in ledger.accepted_gates(known).items() if load_id in let_in}
    text = json.dumps([str(as_of), str(known), sorted(without), version, months, sorted(let_in), sorted(accepted)])
    stem = f"{as_of:%Y%m%d}-{hashlib.sha256(text.encode()).hexdigest()[:8]}"
    taken = {p.name for p in home.runs.glob(f"{stem}-*")} | set(ledger.run_ids())
    attempt = next(n for n in range(1, 1000) if f"{stem}-{n}" not in taken)
    inputs: list[dict[str, object]] = [
        {
            "feed": r.feed,
            "load_id": r.load_id,
            "sha256": r.sha256,
            "rows_in": r.rows_in,
            "accepted": r.accepted,
            "quarantined": r.quarantined,
            "duplicates": r.duplicates,
        }
        for r in sorted(receipts, key=lambda r: (r.feed, r.load_id))
    ]
    return RunRecord(
        f"{stem}-{attempt}", str(as_of), known.isoformat(), version, sorted(without), inputs, accepted, months
    )


def _build(
    home: Home,
    folder: Path,
    record: RunRecord,
    receipts: list[Receipt],
    words: dict[str, pd.DataFrame],
    only: str | None,
    step: Step,
) -> None:
    step("核对落地文件与密钥")
    HmacKey.load_or_create(home)
    verify(home, receipts)
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        create_views(con, home, receipts)
        _set_clock(con, record)
        _withhold(con, record)
    step("建模第一阶段：整理与户况")
    build_stage(home, folder, "stage_1", only)
    step("区域信号：灾害过程与价格")
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        for name, frame in {**signal_frames(con), **words}.items():
            publish_signal(con, folder, name, frame)
    step("建模第二阶段：规则、要素与等级")
    build_stage(home, folder, "stage_2", only)
    (folder / "run.json").write_text(json.dumps(asdict(record), ensure_ascii=False, indent=1), encoding="utf-8")


def _set_clock(con: duckdb.DuckDBPyConnection, record: RunRecord) -> None:
    con.execute(
        "create table landing.run_clock (as_of_date date, known_at timestamp, history_months integer, "
        "prefecture_code varchar)"
    )
    con.executemany(
        "insert into landing.run_clock values (?, ?, ?, ?)",
        [[record.as_of_date, record.known_at, record.history_months, code.ljust(12, "0")] for code in prefectures()],
    )


def _withhold(con: duckdb.DuckDBPyConnection, record: RunRecord) -> None:
    """Marks what may not enter: feeds left out by order, loads that the landing gate refused and nobody let in."""
    con.execute("create table landing.withheld_feeds (feed varchar, reason varchar)")
    con.execute("create table landing.withheld_loads (load_id varchar, reason varchar)")
    for feed in record.without:
        con.execute("insert into landing.withheld_feeds values (?, '按运行参数不使用')", [feed])
    for load_id, reason in refused_loads(con).items():
        if load_id in record.accepted_gates:
            continue
        con.execute("insert into landing.withheld_loads values (?, ?)", [load_id, reason])
    con.execute(
        "update landing.loads set is_withheld = true where feed in (select feed from landing.withheld_feeds) "
        "or load_id in (select load_id from landing.withheld_loads)"
    )


def signal_frames(con: duckdb.DuckDBPyConnection) -> dict[str, pd.DataFrame]:
    """Every reading between the stages, by the name of its source. Raises what the readings raise."""
    return {**run_hazards(con), **run_prices(con), **run_price_months(con)}


def publish_signal(con: duckdb.DuckDBPyConnection, folder: Path, name: str, frame: pd.DataFrame) -> None:
    """Writes a signal's frame as Parquet in the run's folder and shows it as a view of schema `signals`."""
    target = folder / "signals" / f"{name}.parquet"
    target.parent.mkdir(exist_ok=True)
    # A column without a single value has no type of its own; text is what such columns hold when they hold anything.
    empty = [name for name in frame.columns if frame[name].dtype == object and frame[name].isna().all()]
    con.register("signal_frame", frame.astype(dict.fromkeys(empty, "string")))
    con.execute(f"copy (select * from signal_frame order by all) to '{target}' (format parquet, compression zstd)")
    con.unregister("signal_frame")
    con.execute("create schema if not exists signals")
    con.execute(f"create or replace view signals.{name} as select * from read_parquet('{target}')")


def gate(home: Home, run_id: str, *, only: str | None = None, step: Step = lambda _: None) -> list[dict[str, object]]:
    """Judges a built run region by region and builds the published marts. Returns the gates, as in release.json."""
    folder, ledger = folder_of(home, run_id), Ledger(home.ledger_url)
    with ledger.lease("warehouse", f"gate {run_id} pid {os.getpid()}"):
        step("质量闸门：逐地区逐产品")
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            gates: list[dict[str, object]] = [
                {
                    "region_code": v.subject,
                    "product": v.product,
                    "outcome": v.outcome,
                    "checks_declared": v.checks_declared,
                    "checks_run": v.checks_run,
                    "reasons": list(v.reasons),
                }
                for v in judge_release(con)
            ]
            frame = pd.DataFrame(gates, columns=["region_code", "product", "outcome", "reasons"])
            publish_signal(con, folder, "region_gates", frame.assign(reasons=frame["reasons"].map("；".join)))
        step("建模第三阶段：发布等级")
        build_stage(home, folder, "stage_3", only)
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            con.execute("checkpoint")
        if (folder / "warehouse.duckdb.wal").exists():
            raise UnknownRun(f"run {run_id}: its database was not closed cleanly; run it again")
        (folder / "gates.json").write_text(json.dumps(gates, ensure_ascii=False, indent=1), encoding="utf-8")
        ledger.finish_run(run_id, "gated")
    return gates


def beijing_date(moment: datetime) -> date:
    """The Beijing day of a moment with a zone."""
    return moment.astimezone(BEIJING).date()
