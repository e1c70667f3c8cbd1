"""A township for each seed, with disorder: landed and judged by the models, beside that the oracle's own answers."""

from __future__ import annotations

import hashlib
import hmac
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from pathlib import Path

import duckdb
import pytest

from ingest.contracts import contracts
from ingest.home import BEIJING, Home
from ingest.landing import land
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from simulation import simulate
from tests.e2e.conftest import build_models
from tests.oracle import disorder, disorder_of_leads
from tests.oracle.compared import COMPARED, ORACLE, OfCases, Subject
from tests.oracle.county import County
from tests.oracle.deliveries import Row, month_ends
from tests.oracle.three_valued import NOT_APPLICABLE

AS_OF = date(2021, 12, 31)
KNOWN_AT = datetime(2022, 1, 1, 2, tzinfo=BEIJING)
HISTORY_MONTHS = 24
SEEDS = (8101, 27644, 590117)
# What tells of places and markets only: hundreds of files, and no household in them.
REGIONAL_GROUPS = ("warnings_", "prices_", "station_weather", "gdacs", "earthquakes", "labour_series")

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

    @cached_property
    def _secret(self) -> bytes:
        return bytes.fromhex((self.home / "keys" / "hmac.key").read_text(encoding="ascii").strip())

    def key(self, number: str) -> str:
        """Household number → key: HMAC-SHA256 with this home's secret, the purpose before the number."""
        return hmac.new(self._secret, f"household\0{number}".encode(), hashlib.sha256).hexdigest()[:32]

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
    home = Home(folder / "home")
    home.root.mkdir()
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("SHOUXIAN_KEYS", raising=False)
        land(world.inbox, home=home, feeds=[name for name in contracts() if not name.startswith(REGIONAL_GROUPS)])
        with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
            create_views(con, home, [r for r in read_receipts(home) if r.outcome == "landed"])
            con.execute(
                "create table landing.run_clock (as_of_date date, known_at timestamp, history_months integer, "
                "prefecture_code varchar)"
            )
            con.execute(
                "insert into landing.run_clock values (?, ?, ?, '341300000000')",
                [AS_OF, KNOWN_AT.astimezone(BEIJING).replace(tzinfo=None), HISTORY_MONTHS],
            )
        build_models(folder, home, [f"+int_rule__{rule.lower()}" for rule in COMPARED])
    yield Township(world.inbox, home.root, folder / "warehouse.duckdb")
    shutil.rmtree(folder, ignore_errors=True)
