"""A run that passed its gates becomes a release: exports by content, a manifest, one atomic switch."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd

from ingest.home import Home
from ledger import Ledger
from warehouse.errors import GateBlocked, UnknownRun
from warehouse.run import RunRecord, folder_of, read_record

Products = Callable[[Path, dict[str, Any]], list[dict[str, Any]]]

LEVELS = "fct_region_risk_level_daily"
# Monthly and daily marts are kept by month, so that a release shares what has not changed with the one before.
MONTH_OF = {"_monthly": "period", "_daily": "strftime(as_of_date, '%Y-%m')"}


def release_id_of(run_id: str) -> str:
    """A run becomes at most one release."""
    return f"release-{run_id}"


def current(home: Home) -> Path | None:
    """The folder of the current release, resolved once."""
    return home.current.resolve() if home.current.exists() else None


def read_manifest(folder: Path) -> dict[str, Any]:
    """release.json of a release's folder."""
    manifest: dict[str, Any] = json.loads((folder / "release.json").read_text(encoding="utf-8"))
    return manifest


def manifest_of(home: Home, release_id: str) -> dict[str, Any] | None:
    """release.json of a release by its id; None where the release is gone."""
    folder = home.releases / release_id
    return read_manifest(folder) if (folder / "release.json").is_file() else None


def last_levels(home: Home, day: date, known_at: datetime | None = None) -> pd.DataFrame:
    """Levels as judged of the release that a run for `day` follows (region_code, level, as_of_date); empty if none.

    known_at: until when the run knows, with its zone; None if all that is known. No level is of a day after `day`. A
    level that a person set is not kept: it ends when they said, not when the next gate lets a level out.
    """
    folder = _followed(home, day, known_at)
    if folder is None:
        return pd.DataFrame(
            {"region_code": pd.Series(dtype=str), "level": pd.Series(dtype=str), "as_of_date": []}
        ).astype({"as_of_date": "datetime64[s]"})
    with duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True) as con:
        columns = {row[0] for row in con.execute(f"describe marts.{LEVELS}").fetchall()}
        level = "judged_level" if "judged_level" in columns else "level"  # a release made before there were overrides
        return con.sql(
            f"select region_code, {level} as level, coalesce(level_as_of_date, as_of_date) as as_of_date "
            f"from marts.{LEVELS} where as_of_date = (select max(as_of_date) from marts.{LEVELS}) "
            # A release made before runs kept to their day may carry a level from after its own.
            "and coalesce(level_as_of_date, as_of_date) <= ?",
            params=[day],
        ).df()


def _followed(home: Home, day: date, known_at: datetime | None) -> Path | None:
    """The release before a run: the current one, unless the run knows less or judges an earlier day than that one."""
    newest = current(home)
    if known_at is None and newest is not None and as_of(read_manifest(newest)) <= day:
        return newest
    until = (known_at or datetime.max.replace(tzinfo=UTC)).astimezone(UTC).replace(tzinfo=None, microsecond=0)
    # Which release was current at a moment the ledger cannot tell after a rollback: it keeps only when each was made
    # current last. So the one that knew most stands for it. A run made again must not follow its own release.
    before = [
        one
        for one in Ledger(home.ledger_url).releases()
        if one.as_of_date <= day and one.known_at <= until and (one.as_of_date, one.known_at) != (day, until)
    ]
    there = [one for one in before if (home.releases / one.release_id / "release.json").is_file()]
    last = max(there, key=lambda one: (one.known_at, one.as_of_date, one.released_at), default=None)
    return home.releases / last.release_id if last else None


def read_gates(home: Home, run_id: str) -> list[dict[str, Any]]:
    """The gates of a run. Raises GateBlocked if they were not run, are incomplete, or let no region's level out."""
    path = folder_of(home, run_id) / "gates.json"
    if not path.is_file():
        raise GateBlocked(f"run {run_id}: its gates have not been run, so nothing of it may be released")
    gates: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    for entry in gates:
        if entry["outcome"] != "withhold" and entry["checks_run"] < entry["checks_declared"]:
            raise GateBlocked(f"run {run_id}: {entry['region_code']} {entry['product']} passed with checks missing")
    if not any(g["product"] == "regional_risk" and g["outcome"] != "withhold" for g in gates):
        reasons = sorted({r for g in gates for r in g["reasons"]})
        raise GateBlocked(f"run {run_id}: every region is withheld ({'；'.join(reasons) or 'no region was judged'})")
    return gates


def publish(home: Home, run_id: str, products: Products, step: Callable[[str], None] = lambda _: None) -> Path:
    """Makes the run a release folder, complete or absent, and returns it; `switch` makes it current.

    products: writes the products into the folder it is given, from the manifest so far, and returns their exports.
    """
    record, gates = read_record(home, run_id), read_gates(home, run_id)
    target = home.releases / release_id_of(run_id)
    if target.is_dir():
        verify_release(target)
        return target
    staging = home.releases / f".tmp-{uuid.uuid4().hex}"
    staging.mkdir(parents=True)
    try:
        step("导出集市")
        os.link(folder_of(home, run_id) / "warehouse.duckdb", staging / "warehouse.duckdb")
        manifest = _manifest(record, gates)
        manifest["exports"] = _export_marts(home, staging)
        step("编写专报与核查清单")
        manifest["exports"] += products(staging, manifest)
        _write_durably(staging / "release.json", json.dumps(manifest, ensure_ascii=False, indent=1).encode())
        os.rename(staging, target)
        _fsync_folder(home.releases)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return target


def _manifest(record: RunRecord, gates: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "release_id": release_id_of(record.run_id),
        "run_id": record.run_id,
        "as_of_date": record.as_of_date,
        "known_at": record.known_at + "Z",
        "code_version": record.code_version,
        "without": record.without,
        "inputs": record.inputs,
        "gates": gates,
        "exports": [],
    }


def _export_marts(home: Home, staging: Path) -> list[dict[str, Any]]:
    exports: list[dict[str, Any]] = []
    home.store.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(str(staging / "warehouse.duckdb"), read_only=True) as con:
        marts = con.sql(
            "select table_name from information_schema.tables where table_schema = 'marts' order by table_name"
        ).fetchall()
        for (mart,) in marts:
            month = next((sql for suffix, sql in MONTH_OF.items() if mart.endswith(suffix)), None)
            parts = con.sql(f"select distinct {month} from marts.{mart} order by 1").fetchall() if month else [("all",)]
            for (part,) in parts:
                where = f"where {month} = '{part}'" if month else ""
                exports.append(_export(con, home, staging, mart, str(part), where))
    return exports


def _export(
    con: duckdb.DuckDBPyConnection, home: Home, staging: Path, mart: str, part: str, where: str
) -> dict[str, Any]:
    scratch = home.store / f".tmp-{uuid.uuid4().hex}.parquet"
    columns = {row[0] for row in con.execute(f"describe marts.{mart}").fetchall()}
    # The same rows must give the same bytes. A month of a household mart is in order by its keys; sorting its many
    # columns as well would cost more than all else.
    by_household = mart.endswith("_monthly") and "household_key" in columns
    keys = [c for c in ("household_key", "rule_id", "check_id") if c in columns] if by_household else []
    con.execute(
        f"copy (select * from marts.{mart} {where} order by {', '.join(keys) or 'all'}) to '{scratch}' "
        "(format parquet, compression zstd)"
    )
    rows = con.sql(f"select count(*) from read_parquet('{scratch}')").fetchall()[0][0]
    digest = sha256_of(scratch)
    stored = home.store / f"{digest}.parquet"
    os.replace(scratch, stored)
    path = Path("marts") / mart / f"{part}.parquet"
    (staging / path).parent.mkdir(parents=True, exist_ok=True)
    os.link(stored, staging / path)
    return {"name": f"marts.{mart}/{part}", "path": str(path), "sha256": digest, "rows": rows}


def verify_release(folder: Path) -> None:
    """Raises UnknownRun naming the first export whose bytes are not those of the manifest."""
    for export in read_manifest(folder)["exports"]:
        if sha256_of(folder / export["path"]) != export["sha256"]:
            raise UnknownRun(f"release {folder.name}: {export['path']} was changed after it was released")


def switch(home: Home, folder: Path) -> None:
    """Makes a release the current one. A reader sees the old one or the new one, never none."""
    pointer = home.root / f".current-{uuid.uuid4().hex}"
    pointer.symlink_to(os.path.relpath(folder, home.root), target_is_directory=True)
    _fsync_folder(home.root)
    os.replace(pointer, home.current)
    _fsync_folder(home.root)


def as_of(manifest: dict[str, Any]) -> date:
    """The day a manifest judges."""
    return date.fromisoformat(manifest["as_of_date"])


def sha256_of(path: Path) -> str:
    """The file's digest in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_durably(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _fsync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
