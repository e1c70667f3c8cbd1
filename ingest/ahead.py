"""Lets a slow source work ahead of its reader: a thread fills a short queue while the reader is busy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

import numpy as np
import pyarrow as pa

T = TypeVar("T")
_PATIENCE_SECONDS = 0.1


class Ahead(Generic[T]):
    """Iterates over `make()`, at most `depth` items ahead of the reader. An error of the source is the reader's.

    Use it as a context: when it ends, the source is stopped after the item it is at, and closed in its own thread.
    """

    def __init__(self, make: Callable[[], Iterator[T]], depth: int) -> None:
        self._make = make
        self._queue: Queue[tuple[T, ...]] = Queue(depth)
        self._abandoned = threading.Event()
        self._thread = ThreadPoolExecutor(1)
        self._done: Future[None] = Future()

    def __enter__(self) -> Iterator[T]:
        self._done = self._thread.submit(self._fill)
        return self._items()

    def __exit__(self, *ended: object) -> None:
        self._abandoned.set()
        while not self._done.done():
            try:
                self._queue.get(timeout=_PATIENCE_SECONDS)
            except Empty:
                continue
        self._thread.shutdown()

    def _fill(self) -> None:
        source = self._make()
        try:
            for item in source:
                if not self._put((item,)):
                    break
        finally:
            close = getattr(source, "close", None)
            if close:
                close()
            self._put(())

    def _put(self, entry: tuple[T, ...]) -> bool:
        while not self._abandoned.is_set():
            try:
                self._queue.put(entry, timeout=_PATIENCE_SECONDS)
            except Full:
                continue
            return True
        return False

    def _items(self) -> Iterator[T]:
        while entry := self._queue.get():
            yield entry[0]
        self._done.result()  # raises what ended the source


def warm_up() -> None:
    """Has Arrow load pandas, as it does when it first meets numpy: best done while a parsing child gets ready."""
    pa.array(np.zeros(1))
