"""Conventions of Python files: imports, names, docstrings, size, handlers, and what may not be switched off."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.conventions.tree import OUTSIDE_THE_LIST, ROOMS, files, python_files

MAX_LINES = 400
SHORTEST_REASON = 8  # letters; a reason in Chinese has as many signs
SHAPELESS = frozenset({"util", "utils", "common", "commons", "shared", "helper", "helpers", "misc", "stuff"})
VERSIONED = re.compile(r"(^|_)v\d+$")
SWITCHED_OFF = re.compile(
    r"(noqa(?::\s*[A-Z]+\d+(?:,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?|pragma:\s*no\s*cover)(?P<rest>.*)"
)
UNFINISHED = re.compile(r"\b(TO[D]O|FIX[M]E|XX[X]|HA[C]K)\b")


def imports_point_up_the_list(root: Path) -> list[str]:
    """A room imports rooms above it only; only entrances, benchmarks and proof know the simulation."""
    wrong = []
    for path, _, tree in python_files(root):
        room = path.parts[0]
        if room not in ROOMS and room not in OUTSIDE_THE_LIST:
            continue
        for line, name in _imported(tree):
            other = name.split(".")[0]
            if other == room or (other not in ROOMS and other not in OUTSIDE_THE_LIST):
                continue
            if room == "simulation":
                wrong.append(f"{path}:{line}: the simulation imports nothing of ours, but names {name}")
            elif other in OUTSIDE_THE_LIST and room not in {"shouxian", "dags", "benchmarks", "proof"}:
                wrong.append(f"{path}:{line}: {room} must not know {other}")
            elif other in ROOMS and ROOMS[other] >= ROOMS.get(room, 99):
                wrong.append(f"{path}:{line}: {room} imports {name}, which stands below it in the list of rooms")
    return wrong


def _imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.lineno, node.module
        elif isinstance(node, ast.Call) and _name(node.func).split(".")[-1] in {"import_module", "__import__"}:
            yield from ((node.lineno, str(value.value)) for value in node.args[:1] if isinstance(value, ast.Constant))


def _name(node: ast.expr) -> str:
    return ast.unparse(node) if isinstance(node, ast.Name | ast.Attribute) else ""


def names_say_what_is_inside(root: Path) -> list[str]:
    """No drawer for everything, and no copy by version number. A feed bears the field's own word (helpers)."""
    wrong = []
    for path in files(root):
        relative = path.relative_to(root)
        if relative.parts[:2] in {("ingest", "feeds"), ("tests", "fixtures")}:
            continue
        parts = (*relative.parts[:-1], relative.stem) if path.suffix in {".py", ".sql", ".yml"} else relative.parts[:-1]
        for part in parts:
            if part.lower() in SHAPELESS or VERSIONED.search(part.lower()):
                wrong.append(f"{relative}: the name {part!r} does not say what is inside")
    return wrong


def files_open_with_their_purpose(root: Path) -> list[str]:
    """The first statement of every Python file is a docstring."""
    return [f"{path}: opens without a docstring" for path, _, tree in python_files(root) if not ast.get_docstring(tree)]


def files_stay_short(root: Path) -> list[str]:
    """A Python file has at most 400 lines."""
    counted = ((path, len(text.splitlines())) for path, text, _ in python_files(root))
    return [f"{path}: {lines} lines, more than {MAX_LINES}" for path, lines in counted if lines > MAX_LINES]


def handlers_name_what_they_catch(root: Path) -> list[str]:
    """No bare handler, none for Exception; BaseException only to clean up and raise again."""
    wrong = []
    for path, _, tree in python_files(root):
        for node in ast.walk(tree):
            if isinstance(node, ast.ExceptHandler):
                caught = {_name(n) for n in _members(node.type)} if node.type else {"everything"}
                raises_again = isinstance(node.body[-1], ast.Raise) and node.body[-1].exc is None
                broad = caught & {"everything", "Exception", *([] if raises_again else ["BaseException"])}
            elif isinstance(node, ast.Call) and _name(node.func).endswith("suppress"):
                broad = {_name(n) for n in node.args} & {"Exception", "BaseException"}
            else:
                continue
            if broad:
                wrong.append(f"{path}:{node.lineno}: catches {', '.join(broad)}; name the errors that are expected")
    return wrong


def _members(node: ast.expr) -> list[ast.expr]:
    return node.elts if isinstance(node, ast.Tuple) else [node]


def checks_are_switched_off_with_a_reason(root: Path) -> list[str]:
    """A comment that silences a tool names the rule and says why; nothing is left unfinished."""
    wrong = []
    for path, text, _ in python_files(root):
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type != tokenize.COMMENT:
                continue
            if UNFINISHED.search(token.string):
                wrong.append(f"{path}:{token.start[0]}: unfinished work is an issue, not a comment")
            found = SWITCHED_OFF.search(token.string)
            if found and len(re.findall(r"\w", found["rest"])) < SHORTEST_REASON:
                wrong.append(f"{path}:{token.start[0]}: {found[1]} without a reason (add ` - why`)")
    return wrong


def skips_have_a_reason(root: Path) -> list[str]:
    """skip, skipif and xfail say why."""
    wrong = []
    for path, _, tree in python_files(root):
        called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if not isinstance(node, ast.Attribute) or _name(node) not in SKIPS:
                continue
            call = called.get(id(node))
            positional_is_reason = not _name(node).endswith(("skipif", "mark.xfail"))
            given = [word.value for word in call.keywords if word.arg == "reason"] if call else []
            given += call.args[:1] if call and positional_is_reason else []
            if not any(not isinstance(value, ast.Constant) or str(value.value or "").strip() for value in given):
                wrong.append(f"{path}:{node.lineno}: {_name(node)} without a reason")
    return wrong


SKIPS = frozenset(
    {"pytest.skip", "pytest.xfail", "pytest.mark.skip", "pytest.mark.skipif", "pytest.mark.xfail", "unittest.skip"}
)

RULES = (
    imports_point_up_the_list,
    names_say_what_is_inside,
    files_open_with_their_purpose,
    files_stay_short,
    handlers_name_what_they_catch,
    checks_are_switched_off_with_a_reason,
    skips_have_a_reason,
)
