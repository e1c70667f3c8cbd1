"""Builds the warehouse of an installation and, in the same run, only decodes its input and writes its output.

`python -m benchmarks.warehouse HOME --as-of 2021-12-31 --months 1 --months 24`: seconds, rows a second, peak memory,
and the floor beside them: every landed row decoded once, every mart written once, each by one plain statement. HOME
is an installation with landed files (`shouxian simulate --scale 1`, `shouxian land`); its runs are added to it.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import duckdb

from benchmarks.landing import measured_process

_BUILD = """
import json, sys, time
from datetime import date
from pathlib import Path
from ingest.home import Home
from warehouse import release, run
home = Home(Path(sys.argv[1]))
marks = []
start = time.perf_counter()
day = date.fromisoformat(sys.argv[2])
made = run.build(
    home, day, last_levels=release.last_levels(home, day),
    history_months=int(sys.argv[3]),
    step=lambda said: marks.append([said, time.perf_counter() - start]),
)
print(json.dumps({"seconds": time.perf_counter() - start, "run": made, "marks": marks}))
"""
_FLOOR = """
import json, sys, time
from pathlib import Path
from benchmarks.warehouse import plainly
print(json.dumps({"seconds": plainly(Path(sys.argv[1]), Path(sys.argv[2]))}))
"""


def plainly(database: Path, out: Path) -> float:
    """Seconds to decode every landed row that the run could read and to write every mart as Parquet."""
    import time

    with duckdb.connect(str(database), read_only=True) as connection:
        views = connection.execute(
            "select view_name from duckdb_views() where schema_name = 'landing' and not internal"
        ).fetchall()
        marts = connection.execute("select table_name from duckdb_tables() where schema_name = 'marts'").fetchall()
        start = time.perf_counter()
        for (name,) in views:
            connection.execute(f'select max(hash("row")) from landing."{name}" as "row"').fetchall()
        for (name,) in marts:
            connection.execute(f"copy marts.\"{name}\" to '{out / name}.parquet' (format parquet, compression zstd)")
        return time.perf_counter() - start


def asked(text: str | None, arguments: Sequence[str] | None, *, months: Sequence[int]) -> argparse.Namespace:
    """What a benchmark of an installation was asked for: home, as_of, months (these, if none are named)."""
    parser = argparse.ArgumentParser(description=text, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("home", type=Path)
    parser.add_argument("--as-of", default="2021-12-31")
    parser.add_argument("--months", type=int, action="append", help="months of history; may be repeated")
    chosen = parser.parse_args(arguments)
    chosen.months = chosen.months or list(months)
    return chosen


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the figures, a block for each span of months."""
    chosen = asked(__doc__, arguments, months=(1, 24))
    for months in chosen.months:
        answer, peak = measured_process(["-c", _BUILD, str(chosen.home), chosen.as_of, str(months)])
        database = chosen.home / "runs" / answer["run"] / "warehouse.duckdb"
        with duckdb.connect(str(database), read_only=True) as connection:
            (households,) = connection.execute(
                "select count(distinct household_key) from marts.fct_household_risk_monthly"
            ).fetchone() or (0,)
        with tempfile.TemporaryDirectory(prefix="shouxian-benchmark-") as folder:
            floor, _ = measured_process(["-c", _FLOOR, str(database), folder])
        share = floor["seconds"] / answer["seconds"]
        sys.stdout.write(
            f"{months} months, {households:,} households: {answer['seconds']:.0f} s, "
            f"peak memory {peak / 2**20:,.0f} MB; floor {floor['seconds']:.0f} s ({share:.0%})\n"
        )
        for said, moment in answer["marks"]:
            sys.stdout.write(f"    from {moment:6.1f} s  {said}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
