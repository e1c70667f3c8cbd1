"""The landing as the warehouse sees it: typed, with known_at from the loads."""

from __future__ import annotations

from datetime import datetime, timedelta

import duckdb

from ingest.contracts import contracts
from ingest.home import Home
from ingest.landing_views import create_views
from ingest.receipts import read_receipts
from tests.unit.ingest.conftest import RECEIVED, Deliver


def test_every_table_is_there_typed_even_when_nothing_has_landed(home: Home) -> None:
    with duckdb.connect(":memory:") as connection:
        create_views(connection, home, [])
        for contract in contracts().values():
            for table in contract.tables:
                described = connection.execute(f"describe landing.{table.name}").fetchall()
                assert {row[0]: row[1] for row in described} == table.landed_columns
        (feeds,) = connection.execute("select count(*) from landing.feed_slas").fetchone() or (0,)
        assert feeds == len(contracts())


def test_landed_rows_have_the_promised_types_and_the_loads_known_at(deliver: Deliver, home: Home) -> None:
    deliver({"medical_insurance/a_341302_202101.csv": "medical_insurance/good.csv"})
    deliver({"warnings_poll/a.json": "warnings_poll/two_and_a_repeat.json"})
    earlier = RECEIVED - timedelta(days=2)
    deliver({"medical_insurance/b_341302_202101.csv": "medical_insurance/good.csv"}, earlier)
    with duckdb.connect(":memory:") as connection:
        create_views(connection, home, read_receipts(home))
        for feed in ("medical_insurance", "warnings_poll"):
            described = connection.execute(f"describe landing.{feed}").fetchall()
            assert {row[0]: row[1] for row in described} == contracts()[feed].tables[0].landed_columns
        known = connection.execute("select distinct known_at, known_at_basis from landing.medical_insurance").fetchall()
        assert known == [(earlier.replace(tzinfo=None), "received")]
        polls = connection.execute(
            "select poll_at, accepted, is_withheld from landing.loads where feed = 'warnings_poll'"
        )
        assert polls.fetchall() == [(datetime(2021, 7, 1, 17, 30), 2, False)]
