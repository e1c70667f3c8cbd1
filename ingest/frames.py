"""The wire between the landing process and its parsing children: sized JSON and sized bytes, never pickle."""

from __future__ import annotations

import json
import struct
from typing import Any, Protocol

_SIZE = struct.Struct(">Q")


class Source(Protocol):
    """Anything that gives exactly n bytes, or fewer at its end."""

    def read(self, n: int, /) -> bytes | None: ...


class Cut(EOFError):
    """The other side ended in the middle of a frame, or sent more than was allowed."""


def packed(content: bytes | memoryview) -> bytes:
    """The frame's size, to be followed by its content."""
    return _SIZE.pack(len(content))


def packed_json(node: Any) -> bytes:
    """A whole frame of JSON."""
    content = json.dumps(node, ensure_ascii=False).encode()
    return packed(content) + content


def read_frame(source: Source, limit: int) -> bytes:
    """The next frame's content. Raises Cut at the end, or if it would be longer than `limit` bytes."""
    (size,) = _SIZE.unpack(_exactly(source, _SIZE.size))
    if size > limit:
        raise Cut(f"a frame of {size:,} bytes, {limit:,} allowed")
    return _exactly(source, size)


def _exactly(source: Source, size: int) -> bytes:
    parts = []
    while size:
        part = source.read(min(size, 1 << 24))
        if not part:
            raise Cut("the stream ended")
        parts.append(part)
        size -= len(part)
    return parts[0] if len(parts) == 1 else b"".join(parts)
