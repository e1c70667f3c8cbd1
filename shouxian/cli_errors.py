"""Turns the typed errors of the rooms into one plain message and exit code 1."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import typer

from shouxian.progress import console


def says_errors(command: Callable[..., None]) -> Callable[..., None]:
    """Turns the typed errors of the rooms into one plain message and exit code 1."""

    @functools.wraps(command)
    def wrapped(*args: Any, **kwargs: Any) -> None:
        from ingest.errors import DeliveryError, UnknownFeed, VaultError
        from ingest.landing import LandingBusy
        from ingest.receipts import CorruptLanding, LandingFormat
        from ingest.transport.errors import FeedsUnreachable
        from ledger import LedgerError
        from shouxian.airflow_local import DagFailed
        from shouxian.airflow_serve import CannotServe
        from warehouse.errors import WarehouseError

        ingest = (DeliveryError, UnknownFeed, VaultError, LandingBusy, CorruptLanding, LandingFormat, FeedsUnreachable)
        known = (*ingest, LedgerError, WarehouseError, DagFailed, CannotServe)

        try:
            command(*args, **kwargs)
        except (*known, LookupError, ValueError) as error:
            console.print(f"[bold red]错误[/bold red] {type(error).__name__}", soft_wrap=True)
            console.print(
                str(error.args[0]) if isinstance(error, LookupError) and error.args else str(error), markup=False
            )
            raise typer.Exit(1) from error

    return wrapped
