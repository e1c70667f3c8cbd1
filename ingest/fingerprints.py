"""Hashes of rows and keys as pairs of 64-bit words: compact, and compared in bulk, exactly."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Prints = npt.NDArray[np.uint64]
"""One line of two words a hash."""

Mask = npt.NDArray[np.bool_]
_NIBBLE = np.zeros(256, dtype=np.uint8)
_NIBBLE[np.frombuffer(b"0123456789abcdef", np.uint8)] = np.arange(16, dtype=np.uint8)
_HEX = 32
_AT_ONCE = 8_000_000


def packed(hashes: pa.Array) -> Prints:
    """Hashes of 32 hexadecimal characters each, as words."""
    if not len(hashes):
        return np.empty((0, 2), dtype=np.uint64)
    data: Any = hashes.buffers()[2]
    start = hashes.offset * _HEX
    signs = _NIBBLE[np.frombuffer(data, np.uint8)[start : start + len(hashes) * _HEX]]
    return ((signs[0::2] << 4) | signs[1::2]).view(np.uint64).reshape(-1, 2)


def surely_distinct(prints: Prints) -> bool:
    """Whether no two can be equal, told by their first words alone."""
    first = np.sort(np.ascontiguousarray(prints[:, 0]))
    return not (first[1:] == first[:-1]).any()


def repeated(prints: Prints) -> Mask:
    """All but the first occurrence of each."""
    mask = np.zeros(len(prints), dtype=bool)
    some, groups = _equal(prints)
    mask[some[1:][groups[1:] == groups[:-1]]] = True
    return mask


def shared(prints: Prints) -> Mask:
    """Every one that occurs more than once."""
    mask = np.zeros(len(prints), dtype=bool)
    some, groups = _equal(prints)
    again = groups[1:] == groups[:-1]
    mask[some[1:][again]] = True
    mask[some[:-1][again]] = True
    return mask


def _equal(prints: Prints) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Positions that may be equal to another, equal ones side by side, and a number for each distinct value."""
    nothing = np.empty(0, dtype=np.int64)
    if surely_distinct(prints):
        return nothing, nothing
    order = np.argsort(prints[:, 0])
    first = prints[order, 0]
    same = first[1:] == first[:-1]
    maybe = np.zeros(len(order), dtype=bool)
    maybe[1:] = same
    maybe[:-1] |= same
    some = order[maybe]
    some = some[np.lexsort((some, prints[some, 1], prints[some, 0]))]
    change = np.ones(len(some), dtype=np.int64)
    change[1:] = (prints[some[1:]] != prints[some[:-1]]).any(axis=1)
    return some, np.cumsum(change)


class Index:
    """Prints in the order of their words, to find others among them."""

    def __init__(self, prints: Prints) -> None:
        self._order = np.argsort(prints[:, 0], kind="stable")
        self._sorted = prints[self._order]

    def find(self, wanted: Prints) -> npt.NDArray[np.int64]:
        """Where each one stands (its last occurrence), -1 where it is not."""
        if not len(self._sorted):
            return np.full(len(wanted), -1, dtype=np.int64)
        place = np.searchsorted(self._sorted[:, 0], wanted[:, 0], side="right") - 1
        found = (place >= 0) & (self._sorted[place] == wanted).all(axis=1)
        return np.where(found, self._order[place], -1)


class Spool:
    """The prints of a whole file, on disk while it is read: what a file of any size needs of memory stays the same."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._sink = path.open("wb")
        self.length = 0

    def add(self, prints: Prints) -> None:
        self._sink.write(np.ascontiguousarray(prints).data)
        self.length += len(prints)

    def parts(self) -> Iterator[tuple[npt.NDArray[np.int64], Prints]]:
        """All prints in groups that share no value: positions, and the prints that stand there."""
        count = -(-self.length // _AT_ONCE) or 1
        for group in range(count):
            positions, prints = [], []
            for start, piece in self.pieces():
                chosen = piece[:, 0] % np.uint64(count) == group if count > 1 else np.ones(len(piece), dtype=bool)
                positions.append(np.flatnonzero(chosen) + start)
                prints.append(piece[chosen])
            if positions:
                yield np.concatenate(positions), np.concatenate(prints)

    def pieces(self) -> Iterator[tuple[int, Prints]]:
        """The prints in order, a million at a time, each piece with the position of its first."""
        self._sink.flush()
        with self._path.open("rb") as source:
            for start in range(0, self.length, 1_000_000):
                yield start, np.fromfile(source, np.uint64, 2 * min(1_000_000, self.length - start)).reshape(-1, 2)

    def close(self) -> None:
        self._sink.close()
        self._path.unlink(missing_ok=True)
