"""The entry point: makes a prefecture that never was, writes its departments' files and, apart from them, the truth."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pyarrow as pa

from simulation import assumptions as a
from simulation import shocks as shock_draws
from simulation.columns import Columns
from simulation.counties import CountyTold, write_county
from simulation.defects import write_defects
from simulation.disasters import disasters
from simulation.draws import Ints, generator
from simulation.effects import Effects, Plan
from simulation.inbox import Inbox
from simulation.months import at, compact, first_day, last_day, monthly_arrival, parse_month, year_of
from simulation.prefecture_files import write_prefecture
from simulation.price_files import write_hog_grain, write_market
from simulation.regional import write_regional
from simulation.regions import Township, choose_townships, counties_of, divisions, names
from simulation.shocks import Shock
from simulation.sites import SiteMonth, service_columns, site_columns, site_townships
from simulation.story import World
from simulation.truth import append_rows, shock_record, write_truth
from simulation.warning_files import write_warnings

Progress = Callable[[str, float], None]
Planner = Callable[[tuple[Township, ...], range], Plan]


@dataclass(frozen=True)
class Simulated:
    """Where the world was written and what it holds. shocks: what struck, in order."""

    inbox: Path
    arrivals: Path
    truth: Path
    truth_households: Path
    counts: dict[str, int]
    shocks: tuple[Shock, ...]

    @property
    def shock(self) -> Shock | None:
        """The shock of a world that has one."""
        return self.shocks[0] if self.shocks else None


def simulate(
    out: Path,
    *,
    scale: float | None = None,
    townships: int = 5,
    seed: int,
    first_month: str,
    last_month: str,
    shocks: bool = True,
    dirt: float = 0.0,
    progress: Progress | None = None,
    households_per_township: int = a.HOUSEHOLDS_PER_TOWNSHIP,
    shock_kind: str | None = None,
    plan: Planner | None = None,
) -> Simulated:
    """Writes `out`/inbox (with arrivals.csv) and `out`/truth; the same arguments give the same bytes.

    scale: 1 is the whole prefecture; it overrides `townships`. first_month, last_month: YYYY-MM; the world ends on the
    last day of last_month, and what would arrive later is not written. dirt: share of rows spoilt. progress: told the
    step's name and the share done. shock_kind: forces the kind. plan: draws what strikes instead, given
    the townships and months. Raises ValueError for months in the wrong order,
    shares out of bounds, a kind this world cannot show, or an `out` that already holds a world.
    """
    count = townships if scale is None else max(1, round(a.TOWNSHIPS_AT_FULL_SCALE * scale))
    months = range(parse_month(first_month), parse_month(last_month) + 1)
    if not months:
        raise ValueError(f"the last month {last_month} lies before the first {first_month}")
    if not 0.0 <= dirt <= 1.0:
        raise ValueError(f"dirt is a share from 0 to 1, not {dirt}")
    if any((out / name).exists() for name in ("inbox", "truth")):
        raise ValueError(f"{out} already holds a world: choose another folder or empty it")
    say = progress or (lambda step, share: None)
    chosen = choose_townships(seed, count)
    planned = plan(chosen, months) if plan else _one_shock(seed, chosen, months, shocks, shock_kind)
    sites = planned.site_townships
    world = World(
        seed, months, chosen, counties_of(chosen), sites, planned.shocks, households_per_township, planned.effects
    )
    end = at(last_day(world.last_month), 24.0) - timedelta(seconds=1)
    inbox = Inbox(out / "inbox", end, seed, dirt, planned.delays, planned.feeds)
    inbox.root.mkdir(parents=True)
    (out / "truth").mkdir()
    households = out / "truth" / "households.csv"
    _regions(world, inbox)
    totals = _counties(world, inbox, out / "truth", say)
    say("价格", 0.92)
    start = at(first_day(world.first_month), 9.0)
    write_hog_grain(world, inbox, start)
    write_market(world, inbox, start)
    say("预警", 0.96)
    write_warnings(world, inbox)
    say("灾情和区域数据", 0.98)
    write_regional(world, inbox, out / "truth")
    arrivals = inbox.write_manifest()
    if dirt:
        inbox.write_planted(out / "truth" / "dirt.csv")
    counts = {**totals, "files": len(inbox.arrivals), "rows": sum(inbox.rows.values())}
    truth = out / "truth" / "truth.json"
    write_truth(
        truth,
        {
            "seed": seed,
            "arguments": {
                "scale": scale,
                "townships": count,
                "first_month": first_month,
                "last_month": last_month,
                "shocks": shocks,
                "dirt": dirt,
                "households_per_township": households_per_township,
                "shock_kind": shock_kind,
            },
            "townships": [t.region_code for t in world.townships],
            "site_townships": [t.ljust(12, "0") for t in world.site_townships],
            "shocks": [shock_record(s) for s in world.shocks],
            "late_shocks": list(planned.late_shocks),
            "counts": counts,
            "rows_by_feed": dict(sorted(inbox.rows.items())),
        },
    )
    return Simulated(inbox.root, arrivals, truth, households, counts, world.shocks)


def _one_shock(seed: int, townships: tuple[Township, ...], months: range, shocks: bool, kind: str | None) -> Plan:
    sites = site_townships(seed, townships)
    struck = (shock_draws.draw(seed, townships, sites, months[-1], kind),) if shocks else ()
    return Plan(struck, sites, Effects())


def _counties(world: World, inbox: Inbox, truth: Path, say: Progress) -> dict[str, int]:
    """Tells and writes one county after another, then what the prefecture makes of them all."""
    totals = dict.fromkeys(("households", "persons", "in_hardship", "struck_reported"), 0)
    struck = disasters(world)
    told: list[CountyTold] = []
    for place, code in enumerate(world.counties):

        def county_share(done: float, place: int = place, code: str = code) -> None:
            say(names()[code], 0.9 * (place + done) / len(world.counties))

        told.append(write_county(world, code, struck, inbox, county_share))
        append_rows(truth / "households.csv", told[-1].households)
        append_rows(truth / "turns.csv", told[-1].turns)
        append_rows(truth / "crossings.csv", told[-1].crossings)
        append_rows(truth / "vulnerable.csv", told[-1].vulnerable)
        append_rows(truth / "audits.csv", told[-1].audits)
        for name, count in told[-1].totals.items():
            totals[name] += count
    site_months = {m: [row for county in told for row in county.site_months.get(m, [])] for m in world.months}
    _sites(world, inbox, site_months)
    defects = write_prefecture(world, inbox, told)
    write_defects(truth / "defects.csv", [*defects, *(d for county in told for d in county.defects)])
    return totals


def _sites(world: World, inbox: Inbox, site_months: dict[int, list[SiteMonth]]) -> None:
    zero_before: dict[str, Ints] = {}
    for month in world.months:
        rows = site_months.get(month, [])
        moment = monthly_arrival(generator(world.seed, "arrivals", "sites", month), month)
        columns = site_columns(month, rows, zero_before)
        inbox.write_xlsx("relocation_sites", f"安置点月报_341300_{compact(month)}.xlsx", columns, moment)
        services = service_columns(world.seed, month, rows, world.shocks)
        inbox.write_xlsx("relocation_services", f"安置点服务月报_341300_{compact(month)}.xlsx", services, moment)
        zero_before = {r.site.code: r.zero_households for r in rows}


def _region_columns(townships: tuple[Township, ...]) -> Columns:
    regions = [*divisions(), *(v for t in townships for v in t.villages)]
    return {
        "code": pa.array([r.code for r in regions]),
        "name": pa.array([r.name for r in regions]),
        "level": pa.array([r.level for r in regions]),
        "parent": pa.array([r.parent for r in regions]),
    }


def _regions(world: World, inbox: Inbox) -> None:
    """One edition a year in its first days; the first comes before everything else."""
    for year in range(year_of(world.first_month), year_of(world.last_month) + 1):
        begin = first_day(max(world.first_month, year * 12))
        moment = at(begin, 8.5) if year == year_of(world.first_month) else at(begin.replace(day=4), 9.0)
        inbox.write_csv("region_register", f"region_register_{year}.csv", _region_columns(world.townships), moment)
