"""What a fault case names: its number in the catalogue and the guards that keep the promise.

A case is a test `test_fault_<number>_<words>`, marked by `fault`. It runs once as the product is, and once for each
guard with that guard taken out: then its own assertion must fail, or the guard is not what keeps the promise.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case", bound=Callable[..., None])


@dataclass(frozen=True)
class Guard:
    """`module:name` (or `module:Class.name`) of what guards, and what stands there when it is taken out."""

    target: str
    instead: Any

    def take_out(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Puts `instead` in its place for one test."""
        module, _, path = self.target.partition(":")
        owner: Any = import_module(module)
        *holders, name = path.split(".")
        for holder in holders:
            owner = getattr(owner, holder)
        monkeypatch.setattr(owner, name, self.instead)

    def __str__(self) -> str:
        return "without " + self.target.removeprefix("ingest.")


def fault(number: int, *guards: Guard) -> Callable[[Case], Case]:
    """Marks a test as the case of that number. A case without a guard proves nothing, so there is at least one."""
    if not guards:
        raise ValueError(f"fault {number} names no guard")

    def mark(case: Case) -> Case:
        case.fault_number = number  # type: ignore[attr-defined] - a function carries its marks
        case.guards = guards  # type: ignore[attr-defined] - a function carries its marks
        return case

    return mark


def nothing(*arguments: Any, **named: Any) -> None:
    """Stands in for a check that raises: it never does."""
