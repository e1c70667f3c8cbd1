"""A hostile reader inside the child reaches nothing, and the pool goes on."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from ingest import sandbox
from ingest.ahead import Ahead
from ingest.errors import UnreadableFile
from ingest.sandbox import Limits, Pool

SMALL = Limits(memory_bytes=1 << 30, cpu_seconds=1, deadline_seconds=20, output_bytes=1 << 20)


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """A reader that does what the file tells it to, put in the place of a real one inside the child."""
    (tmp_path / "hostile.py").write_text(
        dedent('''
        """A reader under the command of its file."""
        import ingest.readers as readers
        from ingest.readers import Parsed, text_table

        readers.READERS["hostile"] = "hostile"
        readers.STREAMED |= {"hostile"}

        def read(content, file, spec):
            exec(content.decode())
            return Parsed("t", text_table({"a": ["x"]}, [1]))

        def stream(chunks, file, spec):
            for chunk in chunks:
                exec(chunk.decode())
                yield Parsed("t", text_table({"a": ["x"]}, [1]))
        '''),
        encoding="utf-8",
    )
    start = sandbox._START.replace("from ingest", f"sys.path.insert(0, {str(tmp_path)!r}); import hostile; from ingest")
    monkeypatch.setattr(sandbox, "_START", start)
    return {"format": "hostile", "tables": []}


def fate(spec: dict[str, object], *programs: str, limits: Limits = SMALL) -> list[str]:
    with Pool(1, limits) as pool:
        outcomes = pool.parse(spec, [(f"file {n}", p.encode()) for n, p in enumerate(programs)])
        assert pool.parse(spec, [("after", b"pass")])[0].parsed is not None, "the pool did not recover"
    return ["read" if o.error is None else str(o.error) for o in outcomes]


def test_a_memory_bomb_is_one_unreadable_file(spec: dict[str, object]) -> None:
    (said,) = fate(spec, "x = bytearray(3 << 30)")
    assert "too_large" in said


def test_an_endless_loop_is_stopped_and_the_other_files_are_read(spec: dict[str, object]) -> None:
    good, bad, other = fate(spec, "pass", "while True: pass", "pass")
    assert (good, other) == ("read", "read")
    assert "out of CPU time" in bad


def test_a_sleeper_is_stopped_by_the_clock(spec: dict[str, object]) -> None:
    limits = Limits(memory_bytes=1 << 30, cpu_seconds=2, deadline_seconds=1.5, output_bytes=1 << 20)
    (said,) = fate(spec, "import time; time.sleep(60)", limits=limits)
    assert "out of time" in said


@pytest.mark.parametrize(
    "program",
    [
        "import socket; socket.socket().connect(('127.0.0.1', 9))",
        "import socket; socket.getaddrinfo('example.org', 80)",
        "import subprocess; subprocess.run(['true'])",
        "import os; os.fork()",
        "open('leak', 'w')",
    ],
)
def test_network_programs_and_files_are_out_of_reach(spec: dict[str, object], program: str) -> None:
    (said,) = fate(spec, program)
    assert "PermissionError" in said


def test_a_child_that_dies_is_replaced(spec: dict[str, object]) -> None:
    (said,) = fate(spec, "import os; os.kill(os.getpid(), 9)")
    assert "parser_stopped" in said


def test_an_answer_that_is_too_long_is_cut_off(spec: dict[str, object]) -> None:
    long_answer = "{'a': ['x' * 4_000_000]}"
    program = f"import ingest.readers as r; globals().update(text_table=lambda a, b: TABLE({long_answer}, [1]))"
    (said,) = fate(spec, f"global TABLE; TABLE = text_table; {program}")
    assert "bytes, 1,048,576 allowed" in said


def test_an_unforeseen_error_tells_its_class_and_no_content(spec: dict[str, object]) -> None:
    (said,) = fate(spec, "raise ValueError('999302197001010017')")
    assert "ValueError" in said
    assert "999302" not in said


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_the_network_is_cut_one_way_or_the_other(spec: dict[str, object]) -> None:
    with Pool(1, SMALL) as pool:
        pool.parse(spec, [("a", b"pass")])
        assert pool._all[0].network in {"namespace", "audit"}


def streamed(spec: dict[str, object], chunks: Iterable[bytes], limits: Limits = SMALL) -> int:
    """How many parts came; the pool must have recovered afterwards."""
    with Pool(1, limits) as pool:
        try:
            return sum(1 for _ in pool.stream(spec, "a file", chunks))
        finally:
            assert pool.parse(spec, [("after", b"pass")])[0].parsed is not None, "the pool did not recover"


def test_a_stream_gives_its_parts_in_order(spec: dict[str, object]) -> None:
    assert streamed(spec, [b"pass"] * 5) == 5


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import os; os.kill(os.getpid(), 9)", "ended with code -9"),
        ("while True: pass", "out of CPU time"),
        ("x = bytearray(3 << 30)", "too_large"),
        ("raise ValueError('999302197001010017')", "ValueError"),
    ],
)
def test_a_stream_that_ends_badly_is_one_unreadable_file(spec: dict[str, object], program: str, said: str) -> None:
    many = (b"pass" if n != 2 else program.encode() for n in range(10_000))
    with pytest.raises(UnreadableFile, match=said) as caught:
        streamed(spec, many)
    assert "999302" not in str(caught.value)


def test_what_is_wrong_with_the_bytes_is_said_before_what_the_parser_made_of_them(spec: dict[str, object]) -> None:
    def chunks() -> Iterator[bytes]:
        yield b"pass"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="disk"):
        streamed(spec, chunks())


def test_a_stream_that_is_not_read_to_its_end_leaves_no_child_behind(spec: dict[str, object]) -> None:
    with Pool(1, SMALL) as pool:
        with Ahead(lambda: pool.stream(spec, "a file", (b"pass" for _ in range(10_000))), 2) as parts:
            next(parts)
        assert pool.parse(spec, [("after", b"pass")])[0].parsed is not None
