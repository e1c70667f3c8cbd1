"""A home, an inbox that fills by one call, and ID numbers that nobody can have."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from ingest.home import Home
from ingest.landing import Landed, land
from ingest.values import check_digit

settings.register_profile("shouxian", deadline=None)  # the first example pays for imports
settings.load_profile("shouxian")

FIXTURES = Path(__file__).parents[2] / "fixtures"
RECEIVED = datetime(2021, 2, 6, 1, 0, tzinfo=UTC)


def no_ones_id(number: int, born: str = "19700101") -> str:
    """An ID number of region 999302, which does not exist, with a valid check digit."""
    first = f"999302{born}{number:03d}"
    return first + check_digit(first)


Deliver = Callable[..., Landed]


@pytest.fixture
def home(shouxian_home: Path) -> Home:
    return Home(shouxian_home)


@pytest.fixture
def deliver(home: Home, tmp_path: Path) -> Deliver:
    """Lands files given as {"feed/name": bytes or fixture's name} from a fresh inbox."""
    calls = iter(range(1000))

    def _deliver(files: Mapping[str, bytes | str], received_at: datetime = RECEIVED) -> Landed:
        inbox = tmp_path / f"inbox_{next(calls)}"
        for name, content in files.items():
            path = inbox / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes((FIXTURES / content).read_bytes() if isinstance(content, str) else content)
        return land(inbox, home=home, received_at=received_at)

    return _deliver
