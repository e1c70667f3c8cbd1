"""How much of the hardship that a simulated world really holds the release finds, and how much of what it says is so.

    python -m benchmarks.truth HOME WORLD

HOME is the state under which the world was landed, run and released; WORLD the folder that `simulate` wrote, with its
`truth/`. Households are compared as of the release's newest month. Recall is per reason of the truth: of the households
in hardship for it, how many a type is suggested for, and how many were ever a lead. Precision is per suggested type and
per risk that the release names: of those households, how many really are in hardship. No model reads the truth.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingest.home import Home
from ingest.identity import HmacKey

LEADS = ("marts.fct_household_leads_per_episode", "intermediate.int_lead__household_leads")  # the first that there is
TYPE_ZH = {"unstable_lifted": "脱贫不稳定户", "marginal": "边缘易致贫户", "sudden_hardship": "突发严重困难户"}


@dataclass(frozen=True)
class Suggestion:
    """What the release says of one household: the type it suggests, the risks it names."""

    suggested_type: str
    risks: frozenset[str]


@dataclass(frozen=True)
class Score:
    """One line of the table: of so many households, so many."""

    what: str
    of: int
    suggested: int
    leads: int | None = None

    def __str__(self) -> str:
        figures = [f"{self.of:>8}", f"{self.suggested:>8}", _share(self.suggested, self.of)]
        if self.leads is not None:
            figures += [f"{self.leads:>8}", _share(self.leads, self.of)]
        return "  ".join([*figures, self.what])


def _share(part: int, whole: int) -> str:
    return f"{part / whole:>8.1%}" if whole else f"{'-':>8}"


def recall(reasons: Mapping[str, str], suggested: Iterable[str], leads: Iterable[str]) -> list[Score]:
    """By the truth's reason (household → reason): found by a suggested type, and ever a lead. The sum comes last."""
    typed, led = set(suggested), set(leads)
    groups = [(reason, {h for h, r in reasons.items() if r == reason}) for reason in sorted(set(reasons.values()))]
    return [Score(name, len(g), len(g & typed), len(g & led)) for name, g in [*groups, ("all", set(reasons))]]


def precision(in_hardship: Iterable[str], suggestions: Mapping[str, Suggestion]) -> list[Score]:
    """By suggested type, then by named risk: households suggested, and of them in hardship. The sum comes last."""
    truly = set(in_hardship)
    groups: list[tuple[str, set[str]]] = []
    for kind in sorted({s.suggested_type for s in suggestions.values()}):
        groups.append((TYPE_ZH.get(kind, kind), {h for h, s in suggestions.items() if s.suggested_type == kind}))
    for risk in sorted({risk for s in suggestions.values() for risk in s.risks}):
        groups.append((risk, {h for h, s in suggestions.items() if risk in s.risks}))
    return [Score(name, len(group), len(group & truly)) for name, group in [*groups, ("all", set(suggestions))]]


def read_truth(world: Path, key: HmacKey) -> dict[str, str]:
    """Household key → reason, of the households that are in hardship at the end of the world."""
    with (world / "truth" / "households.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["in_hardship"] == "true"]
    keys = key.keys_for([row["户编号"] for row in rows], "household")
    return {keys[row["户编号"]]: row["reason"] for row in rows}


def read_suggestions(con: duckdb.DuckDBPyConnection) -> dict[str, Suggestion]:
    """Household key → what the newest month suggests; households without a suggestion are absent."""
    names = dict(con.sql("select distinct risk_code, name_zh from reference.risk_types").fetchall())
    rows = con.sql(
        "select household_key, suggested_type, coalesce(open_risks, '') from marts.fct_household_risk_monthly "
        "where suggested_type is not null "
        "and as_of_date = (select max(as_of_date) from marts.fct_household_risk_monthly)"
    ).fetchall()
    # Risks stand as code:source+source, separated by commas.
    codes = {h: [part.split(":")[0] for part in risks.split(",") if part] for h, _, risks in rows}
    return {h: Suggestion(kind, frozenset(f"{c} {names.get(c, '')}".strip() for c in codes[h])) for h, kind, _ in rows}


def read_leads(con: duckdb.DuckDBPyConnection) -> set[str]:
    """Keys of the households that were ever a lead."""
    there = {
        f"{schema}.{name}"
        for schema, name in con.sql("select table_schema, table_name from information_schema.tables").fetchall()
    }
    table = next(name for name in LEADS if name in there)
    columns = {row[0] for row in con.sql(f"describe {table}").fetchall()}
    # What was raised when a county's lists first came is no news.
    only_news = "where not is_baseline" if "is_baseline" in columns else ""
    return {row[0] for row in con.sql(f"select distinct household_key from {table} {only_news}").fetchall()}


def table(home: Home, world: Path) -> Iterator[str]:
    """The scores of a home's current release against a world's truth, as lines to print."""
    reasons = read_truth(world, HmacKey.load_or_create(home))
    with duckdb.connect(str(home.current / "warehouse.duckdb"), read_only=True) as con:
        suggestions, leads = read_suggestions(con), read_leads(con)
    yield f"release {home.current.resolve().name}"
    yield ""
    yield "recall: of the households truly in hardship"
    yield "      in     typed    recall     leads    recall  reason"
    yield from map(str, recall(reasons, suggestions, leads))
    yield ""
    yield "precision: of the households for which a type is suggested"
    yield "   typed  in truth  precision  type, or risk named"
    yield from map(str, precision(reasons, suggestions))


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path, help="SHOUXIAN_HOME of the release")
    parser.add_argument("world", type=Path, help="the folder that holds truth/")
    chosen = parser.parse_args(arguments)
    for line in table(Home(chosen.home.absolute()), chosen.world):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
