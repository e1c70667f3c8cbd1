"""Lands a large list and, in the same run, does the least work that the result could take; prints rates and shares.

`python -m benchmarks.landing --rows 2000000`: CSV in UTF-8 and GB18030, each ID number once and twelve times, quoted,
and a workbook. Inputs, homes and outputs lie in a temporary folder that goes when it is done.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.inputs import csv_file, workbook

_CONTRACT = Path(__file__).parent / "feed" / "contract.yml"
_LAND = """
import json, sys, time
from pathlib import Path
from typing import Any
from benchmarks.landing import declare
from ingest.home import Home
from ingest.landing import land
feed = declare(sys.argv[3])
start = time.perf_counter()
landed = land(Path(sys.argv[1]), home=Home(Path(sys.argv[2])))
assert not landed.rejected, landed.rejected
print(json.dumps({"seconds": time.perf_counter() - start, **landed.counts}))
"""
_NAME = "清单_341302_2021"
_EVERY_SECONDS = 0.05


@dataclass(frozen=True)
class Case:
    """One input: its label, its ending, its encoding, how often each person appears, whether cells are quoted."""

    label: str
    ending: str
    encoding: str = "utf-8"
    rows_a_person: int = 1
    quoted: bool = False


CASES = (
    Case("csv utf-8, every ID once", "csv"),
    Case("csv utf-8, every ID 12 times", "csv", rows_a_person=12),
    Case("csv gb18030, every ID once", "csv", "gb18030"),
    Case("csv gb18030, every ID 12 times", "csv", "gb18030", 12),
    Case("csv utf-8 quoted, every ID once", "csv", quoted=True),
    Case("xlsx, every ID 12 times", "xlsx", rows_a_person=12),
)


@dataclass(frozen=True)
class Figures:
    """What one case took: seconds of the floor and of the landing, and the landing's peak memory in bytes."""

    case: Case
    rows: int
    floor_seconds: float
    seconds: float
    peak_bytes: int

    def __str__(self) -> str:
        rate = f"{self.rows / self.seconds:>10,.0f} rows/s"
        floor = f"floor {self.rows / self.floor_seconds:>10,.0f} rows/s" if self.floor_seconds else "floor not measured"
        share = f"share of floor {self.floor_seconds / self.seconds:>6.1%}" if self.floor_seconds else ""
        return f"{self.case.label:<32} {rate}  {floor}  {share}  peak memory {self.peak_bytes / 2**20:,.0f} MB"


def declare(reader_format: str) -> str:
    """Adds the benchmark's contract to those of this process; its feed's name."""
    from dataclasses import replace

    from ingest.contracts import contracts, read_contract

    contract = read_contract(_CONTRACT)
    contracts()[contract.feed] = replace(contract, reader={**contract.reader, "format": reader_format})
    return contract.feed


def measured(case: Case, rows: int, folder: Path, *, with_floor: bool = True) -> Figures:
    """Makes the case's input in the folder, lands it in a process of its own, and does the floor beside it."""
    inbox = folder / "inbox"
    source = inbox / "benchmark_settlements" / f"{_NAME}.{case.ending}"
    source.parent.mkdir(parents=True)
    if case.ending == "xlsx":
        workbook(source, rows)
    else:
        csv_file(source, rows, rows_a_person=case.rows_a_person, encoding=case.encoding, quoted=case.quoted)
    floor = 0.0
    os.sync()
    if with_floor:
        floor_arguments = ["-m", "benchmarks.floor", str(source), case.encoding, str(folder / "floor.parquet")]
        floor = sum(measured_process(floor_arguments)[0].values())
    # The landing syncs its file system when it is done: what was made here must not be its to wait for.
    os.sync()
    answer, peak = measured_process(["-c", _LAND, str(inbox), str(folder / "home"), case.ending])
    if answer["accepted"] != rows:
        raise AssertionError(f"{answer['accepted']} of {rows} rows landed")
    return Figures(case, rows, floor, answer["seconds"], peak)


def measured_process(arguments: Sequence[str]) -> tuple[dict[str, Any], int]:
    """What a Python process printed last, as JSON, and the most memory that it and its children held at one time."""
    root = Path(__file__).parents[1]
    process = subprocess.Popen(
        [sys.executable, *arguments],
        stdout=subprocess.PIPE,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    peak = [0]
    watcher = threading.Thread(target=_watch, args=(process, peak), daemon=True)
    watcher.start()
    output, _ = process.communicate()
    watcher.join()
    if process.returncode:
        raise RuntimeError(f"the measured process ended with code {process.returncode}")
    return json.loads(output.splitlines()[-1]), peak[0]


def _watch(process: subprocess.Popen[bytes], peak: list[int]) -> None:
    while process.poll() is None:
        peak[0] = max(peak[0], sum(_resident(pid) for pid in _family(process.pid)))
        time.sleep(_EVERY_SECONDS)


def _family(pid: int) -> Iterator[int]:
    yield pid
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = listed.read_text().split()
        except OSError:
            continue  # it ended meanwhile
        for child in children:
            yield from _family(int(child))


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0  # it ended meanwhile


def main(arguments: Sequence[str] | None = None) -> None:
    """Prints a line a case."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=2_000_000, help="rows of each CSV")
    parser.add_argument("--workbook-rows", type=int, default=200_000, help="rows of the workbook")
    parser.add_argument("--only", default="", help="cases whose label contains this")
    parser.add_argument("--without-floor", action="store_true", help="for inputs that the floor cannot hold in memory")
    chosen = parser.parse_args(arguments)
    for case in CASES:
        if chosen.only not in case.label:
            continue
        rows = chosen.workbook_rows if case.ending == "xlsx" else chosen.rows
        with tempfile.TemporaryDirectory(prefix="shouxian-benchmark-") as folder:
            figures = measured(case, rows, Path(folder), with_floor=not chosen.without_floor)
        sys.stdout.write(f"{figures}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
