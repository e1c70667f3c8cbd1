"""Takes one stream out of a compound file (the container of xls): sectors, chains, a directory. Never trusts a link."""

from __future__ import annotations

import struct
from collections.abc import Iterator

_END = 0xFFFFFFFE
_MINI = 64


class Compound:
    """A compound file. Raises ValueError, IndexError or struct.error where it is damaged."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._size = 1 << struct.unpack_from("<H", content, 30)[0]
        if self._size not in (512, 4096):
            raise ValueError("sector size")
        self._limit = len(content) // self._size + 1
        self._table = self._allocation(struct.unpack_from("<I", content, 44)[0])
        first_directory = struct.unpack_from("<I", content, 48)[0]
        directory = self._joined(first_directory)
        self._entries = [directory[i : i + 128] for i in range(0, len(directory) - 127, 128)]

    def stream(self, *names: str) -> bytes:
        """The first stream of one of these names, in small letters. Raises ValueError where there is none."""
        for entry in self._entries:
            length = struct.unpack_from("<H", entry, 64)[0]
            if entry[: max(length - 2, 0)].decode("utf-16-le", "replace").lower() in names:
                start, total = struct.unpack_from("<II", entry, 116)
                cutoff = struct.unpack_from("<I", self._content, 56)[0]
                return (self._joined(start) if total >= cutoff else self._small(start))[:total]
        raise ValueError("no such stream")

    def _sector(self, number: int) -> bytes:
        if number >= self._limit:
            raise ValueError("a sector beyond the end")
        return self._content[(number + 1) * self._size : (number + 2) * self._size]

    def _links(self, number: int) -> list[int]:
        return list(struct.unpack(f"<{self._size // 4}I", self._sector(number)))

    def _allocation(self, count: int) -> list[int]:
        shares = list(struct.unpack_from("<109I", self._content, 76))
        following, more = struct.unpack_from("<II", self._content, 68)
        while more and following < _END and len(shares) <= self._limit + 109:
            entries = self._links(following)
            shares, following, more = shares + entries[:-1], entries[-1], more - 1
        used = [n for n in shares[: min(count, self._limit)] if n < _END]
        return [link for number in used for link in self._links(number)]

    def _chain(self, number: int, links: list[int]) -> Iterator[int]:
        seen = 0
        while number < _END:
            yield number
            number = links[number]
            seen += 1
            if seen > len(links):
                raise ValueError("a chain without end")

    def _joined(self, number: int) -> bytes:
        return b"".join(self._sector(n) for n in self._chain(number, self._table))

    def _small(self, number: int) -> bytes:
        """A stream below the cut-off stands in pieces of 64 bytes within the root's own stream."""
        root = self._joined(struct.unpack_from("<I", self._entries[0], 116)[0])
        links: list[int] = []
        for sector in self._chain(struct.unpack_from("<I", self._content, 60)[0], self._table):
            links += self._links(sector)
        return b"".join(root[n * _MINI : (n + 1) * _MINI] for n in self._chain(number, links))
