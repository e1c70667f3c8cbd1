"""True, False and not known (None), and the words in which a finding says them."""

from __future__ import annotations

from collections.abc import Iterable

RAISED, CLEAR, UNKNOWN, NOT_APPLICABLE = "raised", "clear", "unknown", "not_applicable"
Truth = bool | None


def any_of(parts: Iterable[Truth]) -> Truth:
    """True if one is; not known if none is but one could be."""
    told = list(parts)
    return True if True in told else None if None in told else False


def all_of(parts: Iterable[Truth]) -> Truth:
    """False if one is; not known if none is but one could be."""
    told = list(parts)
    return False if False in told else None if None in told else True


def status(breached: Truth) -> str:
    """Missing data is unknown, never clear."""
    return UNKNOWN if breached is None else RAISED if breached else CLEAR
