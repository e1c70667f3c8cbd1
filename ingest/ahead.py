"""Lets a slow source work ahead of its reader: a thread fills a short queue while the reader is busy."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from queue import Empty, Full, Queue
from typing import Generic, TypeVar

T = TypeVar("T")
_PATIENCE_SECONDS = 0.1


class Ahead(Generic[T]):
    """Iterates over `make()`, at most `depth` items ahead of the reader. An error of the source is the reader's.

    Use it as a context: when it ends, the source is stopped after the item it is at, and closed in its own thread.
    """

    def __init__(self, make: Callable[[], Iterator[T]], depth: int) -> None:
        self._make = make
        self._queue: Queue[tuple[T | None, BaseException | None]] = Queue(depth)
        self._abandoned = threading.Event()
        self._thread = threading.Thread(target=self._fill, daemon=True)

    def __enter__(self) -> Iterator[T]:
        self._thread.start()
        return self._items()

    def __exit__(self, *ended: object) -> None:
        self._abandoned.set()
        while self._thread.is_alive():
            try:
                self._queue.get(timeout=_PATIENCE_SECONDS)
            except Empty:
                continue
        self._thread.join()

    def _fill(self) -> None:
        source = self._make()
        try:
            for item in source:
                if not self._put((item, None)):
                    break
            else:
                self._put((None, StopIteration()))
        except BaseException as error:  # noqa: BLE001 - handed to the reader's thread, where it is raised again
            self._put((None, error))
        finally:
            close = getattr(source, "close", None)
            if close:
                close()

    def _put(self, entry: tuple[T | None, BaseException | None]) -> bool:
        while not self._abandoned.is_set():
            try:
                self._queue.put(entry, timeout=_PATIENCE_SECONDS)
            except Full:
                continue
            return True
        return False

    def _items(self) -> Iterator[T]:
        while True:
            item, error = self._queue.get()
            if isinstance(error, StopIteration):
                return
            if error is not None:
                raise error
            assert item is not None
            yield item
