"""One world of the proof: written, landed, judged in one pass; and single days of it judged again as of then."""

from __future__ import annotations

import csv
import json
import shutil
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from datetime import time as clock
from pathlib import Path

import duckdb
import pandas as pd

from ingest.home import BEIJING, Home
from ingest.landing import land
from proof import assumptions as p
from proof.schedule import plan_of, size_class
from reporting.notices import REOPEN_DAYS
from simulation import Simulated, simulate
from simulation.months import last_day, parse_month
from warehouse import run as runs
from warehouse.what_if import Change, rebuilt

Say = Callable[[str], None]
NO_LEVELS = pd.DataFrame(columns=["region_code", "level", "as_of_date"])
RULES = {"R12-R18": "hazards", "R19": "r19", "R20": "r20", "R21": "r21", "R22": "r22", "R23": "r23", "R24": "r24"}
LEVELS = f"""
    select region_code, region_level, as_of_date, level, shock_key, distress_key, hazard_level, price_level,
        employment_level, project_level, site_level, distress_level, vulnerable_household_count, new_lead_count_30d,
        {REOPEN_DAYS}
    from marts.fct_region_risk_level_daily
    where vulnerable_household_count is not null
    order by region_code, as_of_date
"""
LEADS = """
    select township_code, date_trunc('month', lead_date) as month, count(*) as lead_count
    from intermediate.int_household__leads
    where not is_baseline
    group by all order by all
"""


@dataclass(frozen=True)
class Size:
    """How large the worlds are: townships, households in each, and the months they last."""

    townships: int = p.TOWNSHIPS
    households: int = p.HOUSEHOLDS_PER_TOWNSHIP
    first_month: str = p.FIRST_MONTH
    last_month: str = p.LAST_MONTH

    @property
    def as_of(self) -> date:
        return last_day(parse_month(self.last_month))


@dataclass(frozen=True)
class Told:
    """What one world came to: its truth, and what the one pass over it said. Days are dates, codes have 12 digits."""

    seed: int
    shocks: pd.DataFrame
    crossings: pd.DataFrame
    hard_hit: pd.DataFrame
    vulnerable: pd.DataFrame
    levels: pd.DataFrame
    rules: pd.DataFrame
    leads: pd.DataFrame
    seconds: dict[str, float]
    what_if: Told | None = None  # the same world with another threshold


def teller(seed: int) -> Say:
    """Says a step of this world on stderr, with the time since its beginning."""
    began = time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"  world {seed} {time.monotonic() - began:5.0f} s  {what}\n")
        sys.stderr.flush()

    return say


def tell(folder: Path, seed: int, size: Size, parsed: Path, change: Change | None = None) -> Told:
    """Writes, lands and judges the world of this seed under `folder`, with another threshold as well if one is given.

    parsed: dbt's parsed project, to begin with.
    """
    say, took, began = teller(seed), {}, time.monotonic()
    shutil.rmtree(folder, ignore_errors=True)
    say("simulating")
    world = simulate(
        folder,
        townships=size.townships,
        seed=seed,
        first_month=size.first_month,
        last_month=size.last_month,
        households_per_township=size.households,
        plan=lambda townships, months: plan_of(seed, townships, months),
    )
    took["simulate"] = time.monotonic() - began
    say(f"landing {world.counts['files']} files")
    home = Home(folder / "home")
    home.root.mkdir()
    shutil.copytree(parsed, home.root / "dbt")
    landed = land(world.inbox, home=home)
    if landed.rejected:
        raise landed.rejected[0]
    took["land"] = time.monotonic() - began - took["simulate"]
    say("judging every region on every day")
    run_id = judge(home, size.as_of, p.JUDGED_MONTHS)
    passed = _read(home.runs / run_id / "warehouse.duckdb")
    took["judge"] = time.monotonic() - began - took["simulate"] - took["land"]
    other = None
    if change is not None:
        say(f"judging again with {change.threshold_id} = {change.value}")
        other = Told(
            seed, _shocks(world), *_truth(world), *_read(rebuilt(home, run_id, change, folder / "what-if")), {}
        )
        shutil.rmtree(folder / "what-if")
    say(f"done: {len(passed[0])} region-days")
    return Told(seed, _shocks(world), *_truth(world), *passed, took, other)


def _read(warehouse: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The levels, the rules' own levels and the leads of a run."""
    with duckdb.connect(str(warehouse), read_only=True) as con:
        rules = [
            con.execute(f"select region_code, as_of_date, level from intermediate.int_rule__{table}")
            .df()
            .assign(rule_id=rule)
            for rule, table in RULES.items()
        ]
        return con.execute(LEVELS).df(), pd.concat(rules), con.execute(LEADS).df()


def judge(home: Home, as_of: date, months: int) -> str:
    """A run of the levels alone, gates included: what `shouxian run --as-of D --known-at` end of D would publish."""
    known = datetime.combine(as_of + timedelta(days=1), clock(2), BEIJING)
    run_id = runs.build(
        home, as_of, last_levels=NO_LEVELS, known_at=known, history_months=months, only=runs.ONLY_LEVELS
    )
    runs.gate(home, run_id, only=runs.ONLY_LEVELS)
    return run_id


def again(folder: Path, seed: int, day: date) -> pd.DataFrame:
    """The levels of one day as a run of that evening published them, in a home that shares the world's landing."""
    say = teller(seed)
    home = Home(folder / f"home-{day}")
    shutil.rmtree(home.root, ignore_errors=True)
    home.root.mkdir()
    for shared in ("landing", "keys", "vault"):
        (home.root / shared).symlink_to(folder / "home" / shared)
    shutil.copytree(folder / "home" / "dbt", home.root / "dbt")
    run_id = judge(home, day, p.REPLAYED_MONTHS)
    with duckdb.connect(str(home.runs / run_id / "warehouse.duckdb"), read_only=True) as con:
        found = con.execute(
            f"""
            with published as (select *, is_withheld, gate_reasons from marts.fct_region_risk_level_daily)
            select levels.*, published.is_withheld, published.gate_reasons
            from ({LEVELS}) as levels
            inner join published using (region_code, as_of_date)
            where levels.as_of_date = ?
            """,
            [day],
        ).df()
    shutil.rmtree(home.root)
    say(f"{day} judged again")
    return found.assign(seed=seed)


def _shocks(world: Simulated) -> pd.DataFrame:
    """The world's shocks: number, kind, rule, region, townships (a list), start (the first sign), size, class, late."""
    record = json.loads(world.truth.read_text(encoding="utf-8"))
    late = set(record["late_shocks"])
    return pd.DataFrame(
        [
            {
                "number": s.number,
                "kind": s.kind,
                "rule_id": p.RULE_OF[s.kind],
                "dimension": s.dimension,
                "region_code": s.region_code,
                "townships": [t.ljust(12, "0") for t in s.townships],
                "start": pd.Timestamp(s.first_sign),
                "size": s.size,
                "size_class": size_class(s) if s.size else "nothing",
                "is_late": s.number in late,
            }
            for s in world.shocks
        ]
    )


def _truth(world: Simulated) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Who crossed the line, who was hit hard above it (both: shock, township, day), and V by township and month."""

    def read(name: str) -> pd.DataFrame:
        with (world.truth.parent / name).open(encoding="utf-8", newline="") as lines:
            return pd.DataFrame(list(csv.DictReader(lines)))

    fates = read("crossings.csv")
    fates = fates.astype({"shock": "int64"}).assign(day=pd.to_datetime(fates["day"]))
    vulnerable = read("vulnerable.csv").astype({"vulnerable_household_count": "int64"})
    return fates[fates["fate"] == "crosses"], fates[fates["fate"] == "hard_hit"], vulnerable
