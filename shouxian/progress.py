"""Shows what is going on: a line for every step with its time; a moving one where a person watches."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console

# In a log file a share every so often is enough.
SECONDS_BETWEEN_LINES = 10

console = Console(stderr=True, highlight=False, soft_wrap=True)


class Steps:
    """A context in which `step(name)` ends the step before and begins the next."""

    def __init__(self) -> None:
        self._name = ""
        self._began = time.monotonic()
        self._said = self._began
        self._status = console.status("", spinner="dots")

    def __enter__(self) -> Steps:
        self._status.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, _error: object, _trace: TracebackType | None) -> None:
        self._end("✗" if kind else "✓")
        self._status.stop()

    def __call__(self, name: str) -> None:
        """Ends the running step and begins `name`."""
        self._end("✓")
        self._name, self._began = name, time.monotonic()
        self._status.update(name)
        if not console.is_terminal:
            console.print(f"  … {name}")

    def share(self, name: str, done: float) -> None:
        """Says how far a step is (0 to 1); begins it if it is not the running one."""
        if name != self._name:
            self(name)
        self._status.update(f"{name} {done:.0%}")
        if not console.is_terminal and time.monotonic() - self._said >= SECONDS_BETWEEN_LINES:
            self._said = time.monotonic()
            console.print(f"    {name} {done:.0%}")

    def _end(self, sign: str) -> None:
        if self._name:
            console.print(f"  {sign} {self._name} [dim]{time.monotonic() - self._began:.1f} s[/dim]")
        self._name = ""
