"""The parsing child: gives up network, files to write and memory before the first foreign byte is looked at."""

from __future__ import annotations

import ctypes
import os
import resource
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from typing import Any, BinaryIO, NoReturn

_CLONE_NEWUSER, _CLONE_NEWNET = 0x10000000, 0x40000000
_PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 4, 38
_FORBIDDEN = (
    *("socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.__new__"),
    *("subprocess.Popen", "os.exec", "os.posix_spawn", "os.fork", "os.forkpty", "os.system"),
)


def confine(memory_bytes: int) -> str:
    """Takes away what a parser does not need. Returns how the network was cut: `namespace`, or `audit` alone."""
    libc = ctypes.CDLL(None, use_errno=True)
    network = "namespace"
    if libc.unshare(_CLONE_NEWUSER | _CLONE_NEWNET) and libc.unshare(_CLONE_NEWNET):
        network = "audit"
    libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    sys.dont_write_bytecode = True
    sys.addaudithook(_refuse)
    return network


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(f"a parser may not do this: {event}")
    if event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        raise PermissionError("a parser may not write files")


def _limit_cpu(seconds: int) -> None:
    """From now on, this many seconds; the limit counts from the process's start."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def serve(source: BinaryIO, sink: BinaryIO) -> NoReturn:
    """Answers requests until the source ends: for each file a head in JSON and, if it was read, an Arrow stream."""
    import json

    settings = json.loads(_frame(source))
    network = confine(settings["memory_bytes"])
    # Imported under the limits, with no bytes read yet. The readers import their own libraries when first used.
    import pyarrow as pa

    from ingest import frames

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    sink.write(frames.packed_json({"network": network}))
    sink.flush()
    while True:
        try:
            request = json.loads(_frame(source))
        except frames.Cut:
            sys.exit(0)
        renew = partial(_limit_cpu, settings["cpu_seconds"])
        renew()
        if "stream" in request:
            _answer_stream(source, sink, request, renew)
        else:
            for file in request["files"]:
                _answer(sink, partial(_read_whole, _frame(source), file, request["spec"]))
        sink.flush()


def _read_whole(content: bytes, file: str, spec: dict[str, Any]) -> Iterator[tuple[Any, bool]]:
    from ingest.readers import reader_for

    yield reader_for(spec["format"])(content, file, spec), True


def _answer_stream(source: BinaryIO, sink: BinaryIO, request: dict[str, Any], renew: Callable[[], None]) -> None:
    """Reads a file as it comes in and answers part by part; the CPU limit is a block's, not the file's."""
    from ingest.readers import streaming_reader_for

    chunks = _chunks(source, renew)
    spec = request["spec"]

    def parts() -> Iterator[tuple[Any, bool]]:
        waiting = None
        for part in streaming_reader_for(spec["format"])(chunks, request["stream"], spec):
            if waiting is not None:
                yield waiting, False
            waiting = part
        yield waiting, True

    _answer(sink, parts)
    for _ in chunks:  # after an error: what is still on its way belongs to no one
        pass


def _chunks(source: BinaryIO, renew: Callable[[], None]) -> Iterator[bytes]:
    while chunk := _frame(source):
        renew()
        yield chunk


def _answer(sink: BinaryIO, parts: Callable[[], Iterator[tuple[Any, bool]]]) -> None:
    """For each part a head in JSON and an Arrow stream; an error is a head alone, and the last."""
    import pyarrow as pa

    from ingest import frames
    from ingest.errors import DeliveryError

    try:
        for parsed, last in parts():
            buffer = pa.BufferOutputStream()
            with pa.ipc.new_stream(buffer, parsed.rows.schema) as stream:
                stream.write_table(parsed.rows)
            arrow = memoryview(buffer.getvalue())
            rows, parsed.rows = parsed.rows, None  # the rest is the head
            sink.write(frames.packed_json({"parsed": {**asdict(parsed), "rows": len(rows)}, "last": last}))
            sink.write(frames.packed(arrow))
            sink.write(arrow)
            if not last:
                sink.flush()
        return
    except DeliveryError as error:
        head = {"error": {"type": type(error).__name__, **asdict(error)}}
    except MemoryError:
        head = {"error": {"type": "MemoryError"}}
    except (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError) as error:
        # A reader met what its author did not foresee. Its class is told; its message may hold cells.
        head = {"error": {"type": "Unforeseen", "class": type(error).__name__}}
    sink.write(frames.packed_json(head))
    sink.write(frames.packed(b""))


def _frame(source: BinaryIO) -> bytes:
    from ingest import frames

    return frames.read_frame(source, 1 << 33)


def main() -> NoReturn:
    """Serves on standard input and output."""
    sink = os.fdopen(os.dup(1), "wb", buffering=1 << 20)
    os.dup2(2, 1)  # a stray print must not break the frames
    serve(sys.stdin.buffer, sink)
