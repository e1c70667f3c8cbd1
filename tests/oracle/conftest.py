"""A township for each seed, with disorder: landed and judged by the models, beside that the oracle's own answers."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import duckdb
import pytest

from ingest.home import BEIJING
from simulation import simulate
from tests.e2e.conftest import household_key, judge_households
from tests.oracle import disorder, disorder_of_leads
from tests.oracle.compared import COMPARED, ORACLE, OfCases, Subject
from tests.oracle.county import County
from tests.oracle.deliveries import Row, month_ends
from tests.oracle.three_valued import NOT_APPLICABLE

AS_OF = date(2021, 12, 31)
KNOWN_AT = datetime(2022, 1, 1, 2, tzinfo=BEIJING)
HISTORY_MONTHS = 24
SEEDS = (8101, 27644, 590117)

Answers = dict[Subject, list[str]]


@dataclass(frozen=True)
class Township:
    """What the offices delivered, and the database in which the models answered."""

    inbox: Path
    home: Path
    warehouse: Path

    @cached_property
    def counties(self) -> list[County]:
        registers = (self.inbox / "household_register").glob("*_户_*")
        return [County(self.inbox, code, KNOWN_AT) for code in sorted({p.stem.split("_")[2] for p in registers})]

    def key(self, number: str) -> str:
        """Household number → key."""
        return household_key(self.home, number)

    @cached_property
    def days(self) -> list[date]:
        """The days judged: the ends of the months of the history, and the run's own."""
        first = AS_OF.year * 12 + AS_OF.month - HISTORY_MONTHS
        return list(month_ends(date(first // 12, first % 12 + 1, 1), AS_OF))

    def registered(self) -> list[Row]:
        """Every row of every register, to name a household where an answer differs."""
        return [row for county in self.counties for m in county.register.usable for row in county.register.rows(m)]

    def oracle(self, rule: str) -> Answers:
        """What the clause says of every subject, by the oracle."""
        judge = ORACLE[rule]
        told = dict(told for county in self.counties for told in judge.answers(county, self.days))
        if judge.speaks_of_regions:
            return told
        return {replace(subject, name=self.key(subject.name)): answers for subject, answers in told.items()}

    def models(self, rule: str) -> Answers:
        """What the rule's model says of every subject."""
        judge = ORACLE[rule]
        with duckdb.connect(str(self.warehouse), read_only=True) as con:
            rows = con.sql(f"select {', '.join(judge.columns)}, status from intermediate.int_rule__{rule.lower()}")
            found = defaultdict(list)
            for *subject, answer in rows.fetchall():
                if not isinstance(judge, OfCases) or answer != NOT_APPLICABLE:
                    found[Subject(*subject)].append(answer)
        # The oracle reads county by county: a prefecture's answer is no county's.
        regions = {county.region for county in self.counties}
        return {
            s: sorted(answers) for s, answers in found.items() if not judge.speaks_of_regions or s.name[:6] in regions
        }


@pytest.fixture(scope="module", params=[SEEDS[0], *(pytest.param(seed, marks=pytest.mark.long) for seed in SEEDS[1:])])
def township(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Township]:
    """One township of one seed: only the feeds that tell of households are landed, only the compared models built."""
    folder = tmp_path_factory.mktemp(f"township-{request.param}")
    world = simulate(
        folder / "world",
        townships=1,
        seed=request.param,
        first_month="2020-09",
        last_month="2021-12",
        households_per_township=1500,
    )
    disorder.write(world.inbox, request.param)
    disorder_of_leads.write(world.inbox, request.param)
    models = [f"+int_rule__{rule.lower()}" for rule in COMPARED]
    home = judge_households(folder, world.inbox, models, as_of=AS_OF, known_at=KNOWN_AT, history_months=HISTORY_MONTHS)
    yield Township(world.inbox, home.root, folder / "warehouse.duckdb")
    shutil.rmtree(folder, ignore_errors=True)
