"""Every declared feed lands its example and refuses the example whose heading was renamed."""

from __future__ import annotations

from pathlib import Path

from ingest.contracts import contracts
from ingest.home import Home
from ingest.landing import land
from shouxian.example_files import ROWS, file_name
from tests.unit.ingest.conftest import FIXTURES, RECEIVED

WITH_EXAMPLES = [c for c in contracts().values() if c.format in ("csv", "xlsx")]


def inbox_of(word: str, folder: Path) -> dict[str, str]:
    """The examples of that word laid into an inbox; {file there: its table}."""
    files = {}
    for contract in WITH_EXAMPLES:
        for table in contract.tables:
            source = FIXTURES / contract.feed / f"{word}_{table.name}.{contract.format}"
            if not table.melt:
                target = folder / contract.feed / file_name(contract, table)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(source.read_bytes())
                files[f"{contract.feed}/{target.name}"] = table.name
    return files


def test_the_good_example_of_every_table_lands_whole(home: Home, tmp_path: Path) -> None:
    files = inbox_of("good", tmp_path / "inbox")
    landed = land(tmp_path / "inbox", home=home, received_at=RECEIVED)
    assert [str(e) for e in landed.rejected] == []
    found = {f"{r.feed}/{r.file_name}": (r.table, r.rows_in, r.accepted, r.cautions) for r in landed.receipts}
    assert found == {name: (table, ROWS, ROWS, {}) for name, table in files.items()}


def test_the_example_with_a_renamed_heading_is_refused_by_that_heading(home: Home, tmp_path: Path) -> None:
    files = inbox_of("broken", tmp_path / "inbox")
    landed = land(tmp_path / "inbox", home=home, received_at=RECEIVED)
    refused = {e.file: e for e in landed.rejected}
    assert set(refused) == set(files)
    headings = {t.name: next(c.header for c in t.columns if not c.optional) for k in WITH_EXAMPLES for t in k.tables}
    for name, error in refused.items():
        assert error.code in {"missing_column", "rejected"}, error
        assert headings[files[name]] in str(error)


def test_every_landed_kind_is_known() -> None:
    unknown = {c.kind for k in contracts().values() for t in k.tables for c in t.columns if c.landed_type is None}
    assert unknown <= {"personal_name", "contact", "narrative", "birth_date"}


def test_what_a_contract_names_are_columns_of_its_table() -> None:
    for contract in contracts().values():
        for table in contract.tables:
            names = {c.name for c in table.columns}
            assert {*table.version_by, *table.period_from, *table.ascending} <= names, table.name
            assert table.key, f"{table.name} has no key"


def test_a_blank_flag_means_no_where_the_contract_says_so() -> None:
    column = next(
        c for c in contracts()["national_monitored_export"].tables[0].columns if c.name == "is_safety_net_household"
    )
    assert column.blank_means == "no"
