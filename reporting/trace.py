"""Follows an id home: a figure, lead, household, load, notice, run or release, back to rows, clause and bytes."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from ingest.home import Home
from ingest.receipts import Receipt
from reporting import readings
from reporting.figures import evaluate
from reporting.material import LEADS
from reporting.wording import ORIGIN_ZH, amount_zh, beijing_zh, clause_zh

Notices = Callable[[str], list[str] | None]
SHOWN_ROWS, SHOWN_LOADS = 20, 40
SHAPES = (
    "figure F + 10 hex · lead E + 16 hex · household 32 hex · load <feed>-<16 hex>[-…] · "
    "notice N… or episode E… · run or release by its folder's name"
)
FIGURE, LEAD, HOUSEHOLD = re.compile(r"F[0-9a-f]{10}"), re.compile(r"E[0-9a-f]{16}"), re.compile(r"[0-9a-f]{32}")
LOAD, NOTICE = re.compile(r"([a-z_]+)-[0-9a-f]{16}(?:-r?[0-9]+)*"), re.compile(r"[NE]\d[\w-]*")
FOLDER = re.compile(r"\w[\w-]*")


@dataclass(frozen=True)
class TraceResult:
    """What was found: the kind of id, whether all recomputed values and digests still agree, and lines to print."""

    kind: str
    agrees: bool
    lines: list[str]


def trace(home: Home, trace_id: str, *, notices: Notices | None = None) -> TraceResult:
    """Follows one id. `notices` answers for notice and episode ids with lines, or None if it knows no such id.

    Figures, leads and households are looked for in the current release first, then in older ones, newest first.
    Raises LookupError, saying what ids look like, for an id that is nowhere.
    """
    result: TraceResult | None = None
    if FIGURE.fullmatch(trace_id):
        result = in_releases(home, lambda folder: _figure(home, folder, trace_id))
    elif LEAD.fullmatch(trace_id):
        result = in_releases(home, lambda folder: _lead(home, folder, trace_id))
    elif HOUSEHOLD.fullmatch(trace_id):
        result = in_releases(home, lambda folder: _household(folder, trace_id))
    elif LOAD.fullmatch(trace_id):
        result = _load(home, trace_id)
    if result is None and NOTICE.fullmatch(trace_id) and notices is not None:
        told = notices(trace_id)
        result = TraceResult("notice", True, told) if told else None
    if result is None and FOLDER.fullmatch(trace_id):
        result = _folder(home, trace_id)
    if result is None:
        raise LookupError(f"{trace_id}: nothing has this id here. Ids look like: {SHAPES}")
    return result


def release_folders(home: Home) -> list[Path]:
    """Folders of all releases, the current one first, then the newest as_of_date and known_at first."""
    manifests = {p.parent: json.loads(p.read_text(encoding="utf-8")) for p in home.releases.glob("[!.]*/release.json")}
    current = home.current.resolve() if home.current.exists() else None
    clocks = {folder: (m["as_of_date"], m["known_at"], folder.name) for folder, m in manifests.items()}
    return sorted(manifests, key=lambda f: (f.resolve() == current, clocks[f]), reverse=True)


def in_releases(home: Home, look: Callable[[Path], TraceResult | None]) -> TraceResult | None:
    """The first answer, the current release asked first, then older ones."""
    return next((found for folder in release_folders(home) if (found := look(folder))), None)


def open_warehouse(folder: Path) -> duckdb.DuckDBPyConnection:
    """A release's database, for reading."""
    return duckdb.connect(str(folder / "warehouse.duckdb"), read_only=True)


def _figure(home: Home, folder: Path, trace_id: str) -> TraceResult | None:
    path = folder / "products" / "figures.json"
    document = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"figures": []}
    figure = next((f for f in document["figures"] if f["trace_id"] == trace_id), None)
    if figure is None:
        return None
    lines = [
        f"数字 {trace_id}：{figure['label_zh']}",
        f"发布 {folder.name}，统计日 {figure['as_of_date']}",
        f"当时的数值：{figure['value']} {figure['unit']}".rstrip(),
    ]
    try:
        with open_warehouse(folder) as con:
            now = evaluate(con, figure["sql"])
            agrees = now == figure["value"]
            lines.append(f"现在重算：{now} {figure['unit']}".rstrip() + ("，一致" if agrees else "，不一致！"))
            lines += grounds(con, figure["rule_id"], figure["clause"], figure["threshold_id"], figure["as_of_date"])
            lines.append(f"算法：{figure['sql']}")
            lines += _rows(con, figure["rows_sql"])
    except (duckdb.Error, OSError) as error:
        # an evicted database or a purged landing: what stands in the release is still told
        agrees = False
        lines.append(f"不能重算：{type(error).__name__}，运行数据库或落地文件不在原处")
    sound, behind = loads_behind(home, figure["loads"])
    return TraceResult("figure", agrees and sound, [*lines, *behind])


def grounds(
    con: duckdb.DuckDBPyConnection, rule_id: str | None, clause: str | None, threshold_id: str | None, as_of: str
) -> Iterator[str]:
    """The clause of a rule and the threshold that held on the day, as lines."""
    rule = con.execute("select name_zh, clause, clause_zh from policy.rules where rule_id = ?", [rule_id]).fetchone()
    if rule:
        yield f"规则 {rule_id} {rule[0]}：{clause_zh(rule[1])}“{rule[2]}”（征求意见稿）"
    elif rule_id or clause:
        yield f"规则 {rule_id or '—'}：{clause_zh(clause)}（征求意见稿）"
    thresholds = con.execute(
        """
        select value, unit, origin, document_id, in_force_from, in_force_to
        from policy.thresholds
        where threshold_id = $id and cast($as_of as date) between in_force_from and coalesce(in_force_to, '9999-12-31')
        order by known_from desc
        """,
        {"id": threshold_id, "as_of": as_of},
    ).fetchone()
    if thresholds:
        value, unit, origin, document, start, end = thresholds
        said = f"{amount_zh(value, unit, threshold_id or '')}，{ORIGIN_ZH.get(origin, origin)}（{document}）"
        yield f"阈值 {threshold_id}：{said}，{start} 至 {end or '今'} 有效"


def _rows(con: duckdb.DuckDBPyConnection, sql: str | None) -> Iterator[str]:
    if sql is None:
        return
    total = con.execute(f"select count(*) from ({sql})").fetchone()
    rows = readings.dicts(con, f"select * from ({sql}) limit {SHOWN_ROWS}")
    yield f"由 {total[0] if total else 0} 行得出，列前 {len(rows)} 行："
    for row in rows:
        yield "  " + "  ".join(f"{name}={value}" for name, value in row.items())


def _receipt(home: Home, load_id: str) -> Receipt | None:
    found = LOAD.fullmatch(load_id)
    path = home.landing / (found[1] if found else "") / load_id / "receipt.json"
    return Receipt.from_json(json.loads(path.read_text(encoding="utf-8"))) if found and path.is_file() else None


def _hash(home: Home, receipt: Receipt) -> str:
    """'same', 'changed', 'gone', or 'none' for a load that left no rows."""
    path = receipt.rows(home)
    if path is None:
        return "none"
    if not path.is_file():
        return "gone"
    with path.open("rb") as content:
        return "same" if hashlib.file_digest(content, "sha256").hexdigest() == receipt.rows_sha256 else "changed"


HASH_ZH = {"same": "落地文件校验一致", "changed": "落地文件已被改动！", "gone": "落地文件不在！", "none": "无落地行"}


def loads_behind(home: Home, load_ids: list[str]) -> tuple[bool, list[str]]:
    """Lines for each load behind, and whether all of their Parquet is what the receipts say."""
    lines, states = [f"依据 {len(load_ids)} 个批次："] if load_ids else [], []
    for number, load_id in enumerate(load_ids):
        receipt = _receipt(home, load_id)
        states.append(_hash(home, receipt) if receipt else "gone")
        if number < SHOWN_LOADS or states[-1] in {"changed", "gone"}:
            lines.append(_told(receipt, states[-1]) if receipt else f"  {load_id}：没有收据！")
    if len(load_ids) > SHOWN_LOADS:
        lines.append(f"  其余 {len(load_ids) - SHOWN_LOADS} 个批次也已核对，可用批次号逐个追溯")
    return not {"changed", "gone"} & set(states), lines


def _told(receipt: Receipt, state: str) -> str:
    return (
        f"  {receipt.load_id}  {receipt.file_name}  sha256 {receipt.sha256[:16]}…  "
        f"收到 {beijing_zh(receipt.received_at)}  {receipt.accepted} 行  {HASH_ZH[state]}"
    )


def _load(home: Home, load_id: str) -> TraceResult | None:
    receipt = _receipt(home, load_id)
    if receipt is None:
        return None
    state = _hash(home, receipt)
    lines = [f"批次 {load_id}：{HASH_ZH[state]}"]
    lines += [f"  {name}: {value}" for name, value in receipt.to_json().items() if value not in (None, {}, [])]
    return TraceResult("load", state in {"same", "none"}, lines)


def _lead(home: Home, folder: Path, lead_id: str) -> TraceResult | None:
    with open_warehouse(folder) as con:
        leads = readings.dicts(con, f"select * from {LEADS} where lead_id = ? order by as_of_date desc", [lead_id])
        if not leads:
            return None
        lead = leads[0]
        lines = [f"线索 {lead_id}（发布 {folder.name}）"]
        lines += [f"  {name}: {value}" for name, value in lead.items()]
        findings = readings.dicts(
            con,
            "select * from marts.fct_household_findings_monthly "
            "where household_key = ? and rule_id = ? and as_of_date = ?",
            [lead["household_key"], lead["rule_id"], lead["as_of_date"]],
        )
        for finding in findings:
            lines += ["判定："] + [f"  {name}: {value}" for name, value in finding.items() if value is not None]
            lines += grounds(con, lead["rule_id"], None, finding["threshold_id"], str(lead["as_of_date"]))
        behind = sorted({m[0] for f in findings for m in LOAD_IN_TEXT.finditer(str(f["evidence"]))})
    sound, told = loads_behind(home, behind)
    return TraceResult("lead", sound and bool(findings), lines + told)


LOAD_IN_TEXT = re.compile(r"[a-z_]+-[0-9a-f]{16}(?:-r?[0-9]+)*(?![0-9a-f])")


def _household(folder: Path, household_key: str) -> TraceResult | None:
    with open_warehouse(folder) as con:
        months = readings.dicts(
            con,
            "select * from marts.fct_household_risk_monthly where household_key = ? order by as_of_date",
            [household_key],
        )
        findings = readings.dicts(
            con,
            "select as_of_date, rule_id, status, observed_value, threshold_value, unit from "
            "marts.fct_household_findings_monthly where household_key = ? order by as_of_date, rule_id",
            [household_key],
        )
    if not months:
        return None
    lines = [f"户 {household_key}（发布 {folder.name}，{len(months)} 个月）"]
    for month in months:
        lines.append("  " + "  ".join(f"{n}={v}" for n, v in month.items() if v is not None and n != "household_key"))
        lines += [
            f"    {f['rule_id']} {f['status']}：观测 {f['observed_value']}，阈值 {f['threshold_value']} {f['unit']}"
            for f in findings
            if f["as_of_date"] == month["as_of_date"]
        ]
    return TraceResult("household", True, lines)


def _folder(home: Home, name: str) -> TraceResult | None:
    """A release by its manifest, or a run by its record: what went in, what the gates said, what came out."""
    for kind, path in (("release", home.releases / name / "release.json"), ("run", home.runs / name / "run.json")):
        if path.is_file():
            return TraceResult(kind, True, list(_manifest(kind, name, json.loads(path.read_text(encoding="utf-8")))))
    return None


def _manifest(kind: str, name: str, manifest: dict[str, Any]) -> Iterator[str]:
    yield f"{'发布' if kind == 'release' else '运行'} {name}"
    yield from (f"  {key}: {value}" for key, value in manifest.items() if not isinstance(value, list | dict))
    rows: dict[str, int] = {}
    for entry in manifest.get("inputs", []):
        rows[entry["feed"]] = rows.get(entry["feed"], 0) + entry["accepted"]
    yield from (f"  输入 {feed}：{count} 行" for feed, count in sorted(rows.items()))
    outcomes = [g["outcome"] for g in manifest.get("gates", [])]
    yield from (f"  检查 {outcome}：{outcomes.count(outcome)} 项" for outcome in sorted(set(outcomes)))
    yield from (f"  成果 {e['path']}  {e['rows']} 行  sha256 {e['sha256'][:16]}…" for e in manifest.get("exports", []))
