"""A small pool of parsing children. Foreign bytes are parsed there or nowhere; a child that misbehaves is replaced."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from types import TracebackType
from typing import Any

import pyarrow as pa

from ingest import errors, frames
from ingest.contracts import Contract, Table
from ingest.errors import DeliveryError, UnreadableFile
from ingest.readers import Parsed, Spec

_ROOT = Path(__file__).parents[1]
_HEAD_LIMIT = 64 << 20
_START = "import sys; sys.path.insert(0, sys.argv.pop(1)); from ingest.sandbox_child import main; main()"
_TOO_MUCH = "more content than a parser may hold in memory"
_REMEDY = "Open the file in its own program, save it anew and send it again; if it is very large, split it."


@dataclass(frozen=True)
class Limits:
    """What one child may use: address space, CPU and wall-clock seconds a request, bytes of answer a file."""

    memory_bytes: int = 4 << 30
    cpu_seconds: int = 120
    deadline_seconds: float = 180.0
    output_bytes: int = 2 << 30


class _Dead(Exception):
    """The child ended, was too slow or answered too much; the message says which."""


@dataclass(frozen=True)
class Outcome:
    """What a file became: parsed rows, or the error that the sender should read."""

    parsed: Parsed | None
    error: DeliveryError | None


def reader_spec(contract: Contract) -> Spec:
    """What the child must know of a contract, as plain JSON."""
    return {**contract.reader, "feed": contract.feed, "tables": [_table_spec(t) for t in contract.tables]}


def _table_spec(table: Table) -> dict[str, Any]:
    columns = [
        {
            "name": c.name,
            "headers": list(c.headers),
            "kind": c.kind,
            "optional": c.optional,
            "is_control_sum": c.is_control_sum,
        }
        for c in table.columns
    ]
    spec: dict[str, Any] = {"name": table.name, "columns": columns, "melt": None}
    if table.melt:
        region = table.melt.get("into") or next(c.name for c in table.columns if c.kind == "region_code")
        made = (region, table.melt["value"], table.melt.get("unit"))
        spec["melt"] = {
            "columns": table.melt["columns"],
            "value": table.melt["value"],
            "unit": table.melt.get("unit"),
            "region": region,
            "region_map": {str(k): str(v) for k, v in table.melt.get("regionMap", {}).items()},
            "keys": [c.name for c in table.columns if c.name not in made],
        }
    return spec


class _Child:
    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", _START, str(_ROOT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8", "ARROW_DEFAULT_MEMORY_POOL": "system"},
        )
        self._send([frames.packed_json({"memory_bytes": limits.memory_bytes, "cpu_seconds": limits.cpu_seconds})])
        with _Deadline(self, 30.0):
            self.network = str(self._json()["network"])

    def parse(self, spec: Spec, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
        request = [frames.packed_json({"spec": spec, "files": [name for name, _ in files]})]
        for _, content in files:
            request += [frames.packed(content), content]
        # A child stuck in its parser stops reading: sending must not wait for it on the thread that watches the clock.
        with _Deadline(self, self._limits.deadline_seconds):
            sender = threading.Thread(target=self._send, args=(request,), daemon=True)
            sender.start()
            outcomes = [self._outcome(name) for name, _ in files]
            sender.join()
        return outcomes

    def stream(self, spec: Spec, file: str, chunks: Iterable[bytes]) -> Iterator[Parsed]:
        """The parts of one file; the chunks are taken from another thread. Raises DeliveryError, or what they raise."""
        over = threading.Event()

        def send() -> None:
            self._send([frames.packed_json({"spec": spec, "stream": file})])
            try:
                for chunk in chunks:
                    if over.is_set() or not self._send([frames.packed(chunk), chunk]):
                        break
            finally:
                self._send([frames.packed(b"")])

        with ThreadPoolExecutor(1) as sender:
            sent = sender.submit(send)
            outcome, last = Outcome(None, None), False
            try:
                while not last:
                    # The limit is a block's: how long a file takes is its size's affair.
                    with _Deadline(self, self._limits.deadline_seconds):
                        outcome, last = self._part(file)
                    if outcome.parsed is not None and not last:
                        yield outcome.parsed
            finally:
                over.set()
                if not last:
                    self.kill()  # nobody reads its answers any more: it must not keep the sender waiting
            sent.result()  # what is wrong with the bytes goes before what the parser made of them
        if outcome.error:
            raise outcome.error
        assert outcome.parsed is not None
        yield outcome.parsed

    def _outcome(self, name: str) -> Outcome:
        return self._part(name)[0]

    def _part(self, name: str) -> tuple[Outcome, bool]:
        head = self._json()
        stdout = self._process.stdout
        assert stdout is not None
        try:
            arrow = frames.read_frame(stdout, self._limits.output_bytes)
        except frames.Cut as error:
            raise _Dead(str(error)) from error
        if "error" in head:
            return Outcome(None, _error(head["error"], name)), True
        with pa.ipc.open_stream(arrow) as stream:
            rows = stream.read_all()
        rows.validate(full=True)
        return Outcome(Parsed(**{**head["parsed"], "rows": rows}), None), bool(head["last"])

    def _json(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        try:
            node: dict[str, Any] = json.loads(frames.read_frame(self._process.stdout, _HEAD_LIMIT))
        except frames.Cut as error:
            raise _Dead(str(error)) from error
        return node

    def _send(self, parts: list[bytes]) -> bool:
        assert self._process.stdin is not None
        try:
            for part in parts:
                view = memoryview(part)
                while view:
                    view = view[os.write(self._process.stdin.fileno(), view) :]
        except (BrokenPipeError, OSError):
            return False  # the reading side learns that the child is gone, and why
        return True

    def kill(self) -> None:
        self._process.kill()

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe:
                pipe.close()

    def how_it_ended(self) -> str:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            return "still answering"
        return "out of CPU time" if code == -signal.SIGXCPU else f"ended with code {code}"


class _Deadline:
    """Kills the child when the time is over: reads then end, and the caller learns that it was the clock."""

    def __init__(self, child: _Child, seconds: float) -> None:
        self._timer = threading.Timer(seconds, self._strike)
        self._child = child
        self.struck = False

    def _strike(self) -> None:
        self.struck = True
        self._child.kill()

    def __enter__(self) -> _Deadline:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self.struck and isinstance(error, _Dead):
            raise _Dead("out of time") from error


def _error(node: dict[str, Any], name: str) -> DeliveryError:
    kind = node.pop("type")
    if kind == "MemoryError":
        return UnreadableFile(name, _TOO_MUCH, "a file of ordinary size", _REMEDY, code="too_large")
    if kind == "Unforeseen":
        return UnreadableFile(name, f"content that no reader expects ({node['class']})", "a well-formed file", _REMEDY)
    known = {c.__name__: c for c in (errors.UnreadableFile, errors.BrokenContract, errors.ForbiddenFile)}
    error: DeliveryError = known[kind](**node)
    return error


def _stopped(file: str, why: str) -> UnreadableFile:
    found = f"content on which the parser was stopped ({why})"
    return UnreadableFile(file, found, "a file of ordinary size and form", _REMEDY, code="parser_stopped")


class Pool:
    """Parses batches of files in children; `parse` may be called from as many threads as there are children."""

    def __init__(self, children: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._idle: SimpleQueue[_Child | None] = SimpleQueue()
        self._all: list[_Child] = []
        for _ in range(children):
            self._idle.put(None)  # started when first needed

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for child in self._all:
            child.close()

    def parse(self, spec: Spec, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
        """One outcome a file, in order. If the child dies over a batch, each file is tried alone."""
        try:
            return self._once(spec, files)
        except _Dead as death:
            if len(files) == 1:
                return [Outcome(None, _stopped(files[0][0], str(death)))]
        return [outcome for file in files for outcome in self.parse(spec, [file])]

    def stream(self, spec: Spec, file: str, chunks: Iterable[bytes]) -> Iterator[Parsed]:
        """The parts of one file of any size as they are parsed; the last carries totals and facts.

        Raises DeliveryError at whichever part the fault shows, and what `chunks` raises. A child whose file was not
        read to its end is not used again.
        """
        child = self._taken()
        sound = False
        try:
            yield from child.stream(spec, file, chunks)
            sound = True
        except _Dead as death:
            raise _stopped(file, self._reason(child, death)) from death
        except DeliveryError:
            sound = True
            raise
        finally:
            self._give_back(child, sound=sound)

    def _once(self, spec: Spec, files: Sequence[tuple[str, bytes]]) -> list[Outcome]:
        child = self._taken()
        sound = False
        try:
            outcomes = child.parse(spec, files)
            sound = True
        except _Dead as death:
            raise _Dead(self._reason(child, death)) from death
        finally:
            self._give_back(child, sound=sound)
        return outcomes

    def _taken(self) -> _Child:
        child = self._idle.get()
        if child is None:
            try:
                child = _Child(self._limits)
            except BaseException:
                self._idle.put(None)
                raise
            self._all.append(child)
        return child

    def _give_back(self, child: _Child, *, sound: bool) -> None:
        if sound:
            self._idle.put(child)
        else:
            child.close()
            self._all.remove(child)
            self._idle.put(None)

    def _reason(self, child: _Child, death: _Dead) -> str:
        return str(death) if str(death) == "out of time" else f"{death}; {child.how_it_ended()}"
