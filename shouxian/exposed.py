"""From a prompt to its list of households: written at once without names, and with names for who asks on record."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ingest.home import Home, home
from ingest.vault import reidentify, reidentify_contacts
from ledger import Ledger
from ledger.tables import Prompt
from reporting.exposed_list import CONTACTS, REPORTED_ZH, Named, write
from reporting.wording import LEVEL_ZH, beijing_zh
from warehouse import release as releases
from warehouse.errors import WarehouseError
from warehouse.exposed import Exposed, exposed

FOLDER = "prompts"
# Who names households and whom to call: the vault need not open anything else while a warning runs.
HOUSEHOLD_FEEDS = frozenset({"household_register"})


def list_of(here: Home, prompt_id: str) -> Path:
    """Where the list of a prompt lies, once written."""
    return here.root / FOLDER / f"{prompt_id}.xlsx"


def without_households(here: Home, prompt_id: str) -> Path:
    """Where it is said why a prompt's households cannot be listed, until a later release can."""
    return here.root / FOLDER / f"{prompt_id}_未列农户.xlsx"


def unlisted(here: Home) -> list[Prompt]:
    """The prompts that the current release has to be asked about: none without a release.

    Those without a list, whatever landed them, unless this release has said already why it cannot tell.
    """
    folder = releases.current(here)
    if folder is None:
        return []
    released = (folder / "release.json").stat().st_mtime

    def is_answered(prompt_id: str) -> bool:
        untold = without_households(here, prompt_id)
        return list_of(here, prompt_id).exists() or (untold.exists() and untold.stat().st_mtime >= released)

    return [one for one in Ledger(here.ledger_url).prompts() if not is_answered(one.prompt_id)]


def write_lists() -> dict[str, int]:
    """Writes the list of every prompt that has none yet; households by prompt. Without a release nothing is written.

    A prompt whose households cannot be told gets a workbook that says why; each later release is asked again.
    """
    here = home()
    folder = releases.current(here)
    if folder is None:
        return {}
    (here.root / FOLDER).mkdir(parents=True, exist_ok=True)
    release_id = str(releases.read_manifest(folder)["release_id"])
    written = {}
    for prompt in unlisted(here):
        told, untold = list_of(here, prompt.prompt_id), without_households(here, prompt.prompt_id)
        found = _found(folder, prompt)
        written[prompt.prompt_id] = write(untold if found.why_not else told, prompt, found, release_id)
        if not found.why_not:
            untold.unlink(missing_ok=True)
    return written


def lines(newest: int = 20) -> Iterator[str]:
    """The newest prompts, each with its list."""
    here = home()
    prompts = Ledger(here.ledger_url).prompts()
    if not prompts:
        yield "没有待核提示：没有收到橙色、红色预警或值班电话报告。"
    for prompt in prompts[:newest]:
        told = f"{LEVEL_ZH[prompt.colour]}预警" if prompt.colour in LEVEL_ZH else REPORTED_ZH
        paths = (list_of(here, prompt.prompt_id), without_households(here, prompt.prompt_id))
        where = next((path for path in paths if path.exists()), "未生成：尚无发布")
        when = beijing_zh(prompt.issued_at)
        yield f"{prompt.prompt_id}  {when}  {prompt.region_code}  {prompt.hazard_text}（{told}）"
        yield f"        清单 {where}"
    if len(prompts) > newest:
        yield f"另有 {len(prompts) - newest} 条更早的提示。"


def write_named_list(prompt_id: str, out: Path, *, by: str, purpose: str) -> int:
    """Writes a prompt's list with household numbers, names and telephones; returns its rows.

    Raises LookupError for an unknown prompt; WarehouseError without a release; ValueError for an empty name or purpose.
    """
    here = home()
    ledger = Ledger(here.ledger_url)
    prompts = ledger.prompts(prompt_id)
    if not prompts:
        raise LookupError(f"no prompt {prompt_id}; `shouxian exposed` lists the prompts")
    folder = releases.current(here)
    if folder is None:
        raise WarehouseError("no release yet: there is no household state to list")
    found = _found(folder, prompts[0])

    def audit(entry: dict[str, Any]) -> None:
        ledger.audit(by, "reidentify", {**entry, "prompt_id": prompt_id})

    asked: dict[str, Any] = {"purpose": purpose, "actor": by, "role": "duty_officer", "audit": audit}
    keys = [row["household_key"] for row in found.households]
    people = {row[f"{c}_person_key"] for row in found.households for c in CONTACTS} - {None}
    named = Named(reidentify(here, keys, feeds=HOUSEHOLD_FEEDS, **asked), reidentify_contacts(here, people, **asked))
    return write(out, prompts[0], found, str(releases.read_manifest(folder)["release_id"]), named)


def _found(folder: Path, prompt: Prompt) -> Exposed:
    gates = releases.read_manifest(folder)["gates"]
    held = {g["region_code"] for g in gates if g["product"] == "worklist" and g["outcome"] == "withhold"}
    return exposed(folder / "warehouse.duckdb", prompt, held)
