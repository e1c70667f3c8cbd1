"""Sealed files: AES-256-GCM in chunks, so that a file of any size is written and read with a megabyte in memory.

Layout: magic with the format's version, 7 random bytes, then chunks of a mebibyte, each with its tag. The nonce of a
chunk is those 7 bytes, its number (4 bytes) and whether it is the last (1 byte): no chunk can be dropped, repeated,
moved or cut off without its tag failing. The label (room and delivery) is authenticated with every chunk.
Files of the first format (a nonce and one ciphertext) stay readable.
"""

from __future__ import annotations

import io
import os
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.durable import private_file
from ingest.errors import VaultError

MAGIC = b"SXSEAL\x02\n"
CHUNK = 1 << 20
_TAG, _NONCE, _PREFIX = 16, 12, 7
_COUNT = struct.Struct(">IB")
_HEAD = len(MAGIC) + _PREFIX


class SealedWriter(io.RawIOBase):
    """A sink that seals what is written to it. `finish` writes the last chunk; without it the file does not open."""

    def __init__(self, sink: BinaryIO, key: bytes, label: str) -> None:
        super().__init__()
        self._sink, self._cipher, self._label = sink, AESGCM(key), label.encode()
        self._prefix = os.urandom(_PREFIX)
        self._waiting = bytearray()
        self._chunks = self._length = 0
        sink.write(MAGIC + self._prefix)

    def writable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._length

    def write(self, content: Any, /) -> int:
        view = memoryview(content).cast("B")
        self._waiting += view
        self._length += len(view)
        start = 0
        # A full chunk is held back until it is known not to be the last.
        while len(self._waiting) - start > CHUNK:
            self._seal(bytes(memoryview(self._waiting)[start : start + CHUNK]), last=False)
            start += CHUNK
        if start:
            del self._waiting[:start]
        return len(view)

    def finish(self) -> None:
        self._seal(bytes(self._waiting), last=True)
        self._waiting.clear()

    def _seal(self, chunk: bytes, *, last: bool) -> None:
        nonce = self._prefix + _COUNT.pack(self._chunks, last)
        self._sink.write(self._cipher.encrypt(nonce, chunk, self._label))
        self._chunks += 1


@contextmanager
def sealing(path: Path, key: bytes, label: str, *, mode: int = 0o600, synced: bool = True) -> Iterator[SealedWriter]:
    """A sink whose content is at `path`, sealed, once the context ends without an error; else nothing is."""
    with private_file(path, mode=mode, synced=synced) as sink:
        writer = SealedWriter(sink, key, label)
        yield writer
        writer.finish()


class SealedReader(io.RawIOBase):
    """The content of a sealed file, readable from any place. Raises VaultError where a chunk does not open."""

    def __init__(self, path: Path, key: bytes, label: str) -> None:
        super().__init__()
        self._source = path.open("rb")
        self._cipher, self._label = AESGCM(key), label
        self._position, self._held, self._chunk = 0, -1, b""
        head = self._source.read(_HEAD)
        self._prefix = head[len(MAGIC) :]
        self._whole = not head.startswith(MAGIC)
        sealed = os.fstat(self._source.fileno()).st_size
        if self._whole:
            self._source.seek(0)
            content = self._source.read()
            self._chunk, self._held = self._opened(content[:_NONCE], content[_NONCE:]), 0
            self._length = len(self._chunk)
        else:
            body = sealed - _HEAD
            self._chunks = max(1, -(-body // (CHUNK + _TAG)))
            self._length = body - self._chunks * _TAG

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        self._position = offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._length}[whence]
        return self._position

    def readinto(self, buffer: Any, /) -> int:
        target = memoryview(buffer).cast("B")
        if self._length <= 0 and not self._whole:
            self._take(0)  # an empty file has a tag as well
        if self._position >= self._length:
            return 0
        size = self._length if self._whole else CHUNK
        number, start = divmod(self._position, size)
        self._take(number)
        part = self._chunk[start : start + len(target)]
        target[: len(part)] = part
        self._position += len(part)
        return len(part)

    def readall(self) -> bytes:
        parts = []
        while part := self.read(CHUNK):
            parts.append(part)
        return b"".join(parts)

    def close(self) -> None:
        if not self.closed:
            self._source.close()
        super().close()

    def _take(self, number: int) -> None:
        if self._held == number:
            return
        self._source.seek(_HEAD + number * (CHUNK + _TAG))
        last = number == self._chunks - 1
        self._chunk = self._opened(self._prefix + _COUNT.pack(number, last), self._source.read(CHUNK + _TAG))
        self._held = number

    def _opened(self, nonce: bytes, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(nonce, sealed, self._label.encode())
        except (InvalidTag, ValueError) as error:
            raise VaultError(f"{self._label} cannot be opened: altered, or kept under another master key") from error
