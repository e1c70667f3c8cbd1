"""The levels of all regions on every day of so many months, and the regional part of it alone.

`python -m benchmarks.levels HOME --as-of 2021-12-31 --months 24`: seconds and peak memory of a run of the levels alone
(households, signals, levels, gates), then of its regional models once more over the household states that it made. HOME
is an installation with landed files (`shouxian simulate --scale 1`, `shouxian land`); its runs are added to it.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from benchmarks.landing import measured_process
from benchmarks.warehouse import asked

_LEVELS = """
import json, sys, time
from datetime import date
from pathlib import Path
from ingest.home import Home
from proof.worlds import judge
start = time.perf_counter()
made = judge(Home(Path(sys.argv[1])), date.fromisoformat(sys.argv[2]), int(sys.argv[3]))
print(json.dumps({"seconds": time.perf_counter() - start, "run": made}))
"""
_REGIONAL = """
import json, sys, time
from pathlib import Path
from benchmarks.levels import NO_REGION
from ingest.home import Home
from warehouse import run
from warehouse.stages import run_dbt
home = Home(Path(sys.argv[1]))
folder = run.folder_of(home, sys.argv[2])
start = time.perf_counter()
run_dbt("run", "--select", run.ONLY_LEVELS, "--exclude", *NO_REGION, home=home, folder=folder, name="regional")
made = json.loads((home.root / "dbt" / "run_results.json").read_text())["results"]
print(json.dumps({"seconds": time.perf_counter() - start, "models": len(made)}))
"""
NO_REGION = (
    "path:models/staging",
    "path:models/intermediate/household",
    "path:models/intermediate/casework",
    "path:models/intermediate/policy",
    "int_household__*",
    "int_rule__r5*",
    "int_rule__r6*",
)
"""Of the levels' models those about households and the offices' work for them."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints the figures, a line for each span of months."""
    chosen = asked(__doc__, arguments, months=(24,))
    for months in chosen.months:
        whole, peak = measured_process(["-c", _LEVELS, str(chosen.home), chosen.as_of, str(months)])
        part, _ = measured_process(["-c", _REGIONAL, str(chosen.home), whole["run"]])
        share = part["seconds"] / whole["seconds"]
        sys.stdout.write(
            f"{months} months: {whole['seconds']:.0f} s in all, peak memory {peak / 2**20:,.0f} MB; "
            f"{part['models']} regional models alone {part['seconds']:.0f} s ({share:.0%})\n"
        )
        sys.stdout.flush()


if __name__ == "__main__":
    main()
