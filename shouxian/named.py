"""The one way from a worklist back to names: asked for by a person, with a purpose, on record."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from ingest.home import home
from ingest.vault import reidentify
from ledger import Ledger
from reporting.worklist import write_named
from warehouse import release as releases
from warehouse.errors import WarehouseError


def write_named_worklist(region_code: str, out: Path, *, by: str, purpose: str) -> int:
    """Writes the township's worklist with household numbers and names; returns its rows.

    Raises WarehouseError without a release, or if the gates withheld this township's worklist; VaultError for a
    missing key; ValueError for an empty name or purpose.
    """
    here, code = home(), region_code.ljust(12, "0")
    folder = releases.current(here)
    if folder is None:
        raise WarehouseError("no release yet: there is no worklist to write")
    manifest = releases.read_manifest(folder)
    gate = [g for g in manifest["gates"] if g["product"] == "worklist" and g["region_code"] == code]
    if not gate or gate[0]["outcome"] == "withhold":
        raise WarehouseError(f"{code}: no worklist in the current release, or the gates withheld it")
    warehouse = folder / "warehouse.duckdb"
    with duckdb.connect(str(warehouse), read_only=True) as con:
        keys = [
            row[0]
            for row in con.execute(
                "select distinct household_key from intermediate.int_lead__household_leads where township_code = ?",
                [code],
            ).fetchall()
        ]
    ledger = Ledger(here.ledger_url)

    def audit(entry: dict[str, Any]) -> None:
        ledger.audit(by, "reidentify", entry)

    found = reidentify(here, keys, purpose=purpose, actor=by, role="township", audit=audit)
    # A head that no delivery names is left for the township to fill in.
    identities = {key: {name: value or "" for name, value in person.items()} for key, person in found.items()}
    return write_named(out, warehouse, code, manifest, identities=identities)
