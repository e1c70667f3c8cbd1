"""Every office's feed of the simulation: it lands without a word when clean, and exactly as planted when dirty."""

from __future__ import annotations

import csv
from collections import defaultdict

import pyarrow.parquet as pq
import pytest

from ingest.contracts import contracts
from ingest.home import Home
from ingest.landing import Landed, land
from ingest.vault import Vault, from_bytes
from simulation import Simulated
from simulation import dirt_headers as h
from simulation.dirt import ACCEPTED, CAUTION, DUPLICATE, FAULTS, QUARANTINED
from tests.simulation.conftest import Worlds

# Their clean files hold impossible prices and days told twice, as the real ones do.
ODD_WHEN_CLEAN = {"prices_market", "station_weather"}
LATE = "late_arrival"  # said of a whole file, whatever stands in its rows
SHORT = {"first_month": "2021-08", "last_month": "2021-12", "households_per_township": 900}


@pytest.fixture(scope="module")
def clean(worlds: Worlds, tmp_path_factory: pytest.TempPathFactory) -> Landed:
    world = worlds(3, shock_kind="hazard", **SHORT)
    return land(world.inbox, home=Home(tmp_path_factory.mktemp("clean") / "home"))


def test_every_clean_file_lands_without_a_word(clean: Landed) -> None:
    assert clean.rejected == []
    assert {r.feed for r in clean.receipts} == set(contracts())
    assert clean.counts["quarantined"] == 0
    found = {(r.feed, c) for r in clean.receipts for c in r.cautions if r.feed not in ODD_WHEN_CLEAN}
    # Series that reach back years come as one backlog when the world begins.
    assert found <= {("prices_hog_grain", LATE), ("prices_world", LATE)}
    assert {r.feed for r in clean.receipts if r.duplicates} <= ODD_WHEN_CLEAN
    assert clean.counts["duplicate"] == 0


@pytest.fixture(scope="module")
def dirty(worlds: Worlds) -> Simulated:
    return worlds(3, shock_kind="hazard", dirt=0.05, **SHORT)


def _planted(world: Simulated) -> dict[str, dict[int, tuple[str, str]]]:
    """By file and line the fault and the fate that it must meet."""
    found: dict[str, dict[int, tuple[str, str]]] = defaultdict(dict)
    with (world.truth.parent / "dirt.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            found[row["file"]][int(row["row"])] = (row["kind"], row["fate"])
    return found


def test_the_landing_makes_of_each_planted_fault_what_it_must(
    dirty: Simulated, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = Home(tmp_path_factory.mktemp("dirty") / "home")
    done = land(dirty.inbox, home=home)
    assert done.rejected == []
    planted, vault = _planted(dirty), Vault(home)
    wrong, kinds = [], set()
    for receipt in done.receipts:
        if receipt.outcome != "landed" or receipt.feed in ODD_WHEN_CLEAN:
            continue
        file = f"{receipt.feed}/{receipt.file_name}"
        rows = pq.read_table(receipt.rows(home), columns=["row_number", "cautions"]).to_pydict()
        met = {
            n: CAUTION if set((c or LATE).split(",")) - {LATE} else ACCEPTED
            for n, c in zip(rows["row_number"], rows["cautions"], strict=True)
        }
        if receipt.quarantined:
            kept = from_bytes(vault.open(receipt.load_id, "quarantine"))
            met |= dict.fromkeys(kept["row_number"].to_pylist(), QUARANTINED)
        due = planted.pop(file, {})
        wrong += [(file, n, due[n], met.get(n, DUPLICATE)) for n in due if met.get(n, DUPLICATE) != due[n][1]]
        wrong += [(file, n, "clean", met[n]) for n in met if n not in due and met[n] != ACCEPTED]
        assert receipt.duplicates == sum(fate == DUPLICATE for _, fate in due.values()), file
        kinds |= {kind for kind, _ in due.values()}
    assert wrong == []
    assert {file.split("/")[0] for file in planted} <= ODD_WHEN_CLEAN
    assert kinds >= {fault.name for fault in FAULTS if fault.name != "count_out_of_range"}


def test_headings_that_dirt_strikes_are_of_the_kind_that_it_takes_them_for() -> None:
    kinds: dict[str, set[str]] = defaultdict(set)
    for contract in contracts().values():
        for table in contract.tables:
            for column in table.columns:
                kinds[column.header].add(column.kind)
                if column.header in h.CODED:
                    assert column.codes, (contract.feed, column.header)
                if column.header in h.REQUIRED:
                    assert column.required, (contract.feed, column.header)
                if column.header in h.AMOUNTS or column.header in h.COUNTS:
                    assert column.plausible is not None, (contract.feed, column.header)
                    assert column.plausible[0] >= 0, (contract.feed, column.header)
                if h.is_date(column.header):
                    assert column.kind == "date", (contract.feed, column.header)
    for headers, kind in (
        (h.IDS, "id_number"),
        (h.HOUSEHOLDS, "household_no"),
        (h.NAMES, "personal_name"),
        (h.MONTHS, "month"),
        (h.YES_NO, "yes_no"),
        (h.AMOUNTS, "money_cny"),
        (frozenset(h.COUNTS), "integer"),
    ):
        assert {header for header in headers if kinds[header] != {kind}} == set()
