"""Writes everything a release hands to people into its `products` folder, with digests for the manifest."""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import yaml

from ingest.contracts import contracts
from reporting import briefing, readings, worklist
from reporting.figures import day
from reporting.material import LEADS, OPEN_LEADS
from reporting.readings import LEVELS_MART
from reporting.sheets import csv_cell
from reporting.wording import LEVEL_ZH, REGION_LEVEL_ZH

MARTS = Path(__file__).parents[1] / "dbt_project" / "models" / "marts"
MART_YML = MARTS / "region" / "fct_region_risk_level_daily.yml"
FILE_NAME = re.compile(r"[a-z0-9_]+\.[a-z]+")


def write_products(
    release_dir: Path,
    warehouse: Path,
    release: dict[str, Any],
    notices: list[dict[str, Any]],
    errata: Sequence[dict[str, Any]] = (),
) -> list[dict[str, Any]]:
    """Writes briefing, worklists, levels, notices and figures under `release_dir/products`.

    Returns one export per file: name, path relative to `release_dir`, sha256, rows. Raises ValueError for a code that
    cannot be part of a file name, KeyError naming a mart column without a Chinese label.
    """
    folder = release_dir / "products"
    folder.mkdir(parents=True, exist_ok=True)
    registry = briefing.write(_named(folder, "briefing.docx"), warehouse, release, notices, errata)
    rows = {"briefing.docx": len(registry.figures)}
    for township in townships_with_leads(warehouse, release):
        name = f"worklist_{township}.xlsx"
        rows[name] = worklist.write(_named(folder, name), warehouse, township, release)
    rows["levels.csv"] = write_levels(folder / "levels.csv", warehouse, release, labels(MART_YML))
    notices_text = json.dumps(notices, ensure_ascii=False, indent=1, default=str, sort_keys=True)
    (folder / "notices.json").write_text(notices_text + "\n", encoding="utf-8")
    rows["notices.json"] = len(notices)
    rows["figures.json"] = registry.write(folder / "figures.json", str(release["release_id"]))
    return [
        {"name": name, "path": f"products/{name}", "sha256": _digest(folder / name), "rows": count}
        for name, count in rows.items()
    ]


def townships_with_leads(warehouse: Path, release: dict[str, Any]) -> list[str]:
    """Townships with open leads, less those whose worklist a gate withheld."""
    withheld = {
        gate["region_code"]
        for gate in release.get("gates", [])
        if gate["product"] == "worklist" and gate["outcome"] == "withhold"
    }
    open_leads = OPEN_LEADS.format(day=day(str(release["as_of_date"])[:10]))
    with duckdb.connect(str(warehouse), read_only=True) as con:
        found = con.execute(f"select distinct township_code from {LEADS} where {open_leads} order by 1").fetchall()
    return [code for (code,) in found if code not in withheld]


def labels(mart_yml: Path) -> dict[str, str]:
    """Chinese labels of a mart's columns, from the model's own file: the one source of headings."""
    (model,) = yaml.safe_load(mart_yml.read_text(encoding="utf-8"))["models"]
    return {c["name"]: c.get("config", {}).get("meta", {}).get("label_zh", "") for c in model["columns"]}


def write_levels(path: Path, warehouse: Path, release: dict[str, Any], heading: dict[str, str]) -> int:
    """Every region's row of the release's day as CSV that Excel opens in Chinese; returns the rows."""
    as_of = date.fromisoformat(str(release["as_of_date"])[:10])
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rows = readings.dicts(con, f"select * from {LEVELS_MART} where as_of_date = ? order by region_code", [as_of])
        cautions = readings.caution_texts(con)
    names = list(rows[0]) if rows else list(heading)
    unlabelled = [name for name in names if not heading.get(name)]
    if unlabelled:
        raise KeyError(f"columns of {LEVELS_MART} without meta.label_zh: {', '.join(unlabelled)}")
    with path.open("w", encoding="utf-8-sig", newline="") as target:
        lines = csv.writer(target, lineterminator="\r\n")
        lines.writerow([heading[name] for name in names])
        lines.writerows([csv_cell(_said(name, row[name], cautions)) for name in names] for row in rows)
    return len(rows)


def _said(name: str, value: Any, cautions: dict[str, str]) -> Any:
    """A cell in the words of its reader; the mart itself, for machines, lies beside it as Parquet."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if name == "region_level":
        return REGION_LEVEL_ZH.get(value, value)
    if name == "missing_feeds":
        titles = {feed: contract.title for feed, contract in contracts().items()}
        return "、".join(titles.get(feed, feed) for feed in readings.listed(value))
    if name == "cautions":
        return "；".join(cautions.get(code, code) for code in readings.listed(value))
    return LEVEL_ZH.get(value, value) if name.endswith(("_key", "_level")) else value


def _named(folder: Path, name: str) -> Path:
    """A path under `folder` for a name made of plain letters and digits alone."""
    if not FILE_NAME.fullmatch(name):
        raise ValueError(f"{name!r} cannot be a product's file name")
    return folder / name


def _digest(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
