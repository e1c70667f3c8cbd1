"""Does every wrong to every rule and asks its clause table: `python -m tests.mutation.run HOME [MODEL…]`.

HOME is an installation with a finished run: dbt takes the relations' types from its database. A mutant dies when some
unit test of its model no longer holds; the survivors are printed. Those that no input can tell from the rule itself are
listed with their reasons in equivalent.yml and left out of the count; an entry there that no survivor answers to is
refused.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import yaml

from tests.mutation.mutants import Mutant, mutants
from warehouse.stages import PROJECT, dbt, dbt_environment

RULES = "int_rule__*"
EQUIVALENT = Path(__file__).with_name("equivalent.yml")


@dataclass
class Outcome:
    """What became of one model's mutants; those that are no SQL count for nothing, nor do equivalent ones."""

    killed: int = 0
    survivors: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)

    @property
    def total(self) -> int:
        return self.killed + len(self.survivors)


def compiled_tests(database: Path, models: Sequence[str]) -> dict[str, list[str]]:
    """The compiled unit tests of the models, by model."""
    with tempfile.TemporaryDirectory(prefix="shouxian-mutation-") as name:
        folder = Path(name)
        shutil.copy(database, folder / "warehouse.duckdb")
        selected = " ".join(f"{model},test_type:unit" for model in models)
        done = subprocess.run(
            dbt("test", "--quiet", "--select", *selected.split(), target=folder / "target", logs=folder / "logs"),
            cwd=folder,
            env=dbt_environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError("the clause tables do not hold as they are:\n" + done.stdout[-3000:])
        # By file and name: two models may call a test alike.
        of = {}
        for path in (PROJECT / "models").rglob("*_unit_tests.yml"):
            for test in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("unit_tests") or ():
                of[path.name, test["name"]] = test["model"]
        found = defaultdict(list)
        for file in sorted((folder / "target" / "run").rglob("*_unit_tests.yml")):
            for path in sorted(file.rglob("*.sql")):
                found[of[file.name, path.stem]].append(path.read_text(encoding="utf-8"))
    return dict(found)


def equivalents(path: Path = EQUIVALENT) -> dict[str, list[str]]:
    """The texts of the mutants that no input can tell from the rule, by model. Raises ValueError for an unfit entry."""
    found = defaultdict(list)
    for entry in yaml.safe_load(path.read_text(encoding="utf-8")) or ():
        if set(entry) != {"models", "mutant", "reason"} or not all(entry.values()):
            raise ValueError(f"an entry is models, mutant and reason, not: {entry}")
        for model in entry["models"]:
            if not any((PROJECT / "models").rglob(f"{model}.sql")):
                raise ValueError(f"{path.name} names a model that there is not: {model}")
            found[model].append(entry["mutant"])
    return dict(found)


def without_equivalents(model: str, outcome: Outcome, texts: Sequence[str]) -> Outcome:
    """Leaves equivalent mutants out, one survivor an entry. Raises ValueError for an entry that none answers to."""
    survivors, equivalent = list(outcome.survivors), []
    for text in texts:
        answering = [mutant for mutant in survivors if str(mutant) == text]
        if not answering:
            raise ValueError(f"{model}: listed as equivalent, but no mutant that survives is: {text}")
        survivors.remove(answering[0])
        equivalent.append(answering[0])
    return Outcome(outcome.killed, survivors, equivalent)


def holds(connection: duckdb.DuckDBPyConnection, sql: str) -> bool:
    """Whether a compiled unit test finds what it expects. Raises duckdb.Error if it is no SQL."""
    relation = connection.sql(sql)
    rows = relation.fetchall()
    place = relation.columns.index("actual_or_expected")
    sides: dict[str, Counter[tuple[object, ...]]] = {"actual": Counter(), "expected": Counter()}
    for row in rows:
        sides[row[place]][row[:place] + row[place + 1 :]] += 1
    return sides["actual"] == sides["expected"]


def judged(tests: Sequence[str]) -> Outcome:
    """Does every wrong to one model, whose compiled unit tests these are."""
    outcome = Outcome()
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        for mutant in mutants(tests[0]):
            dies = _dies(connection, mutant, tests)
            if dies:
                outcome.killed += 1
            elif dies is False:
                outcome.survivors.append(mutant)
    return outcome


def _dies(connection: duckdb.DuckDBPyConnection, mutant: Mutant, tests: Sequence[str]) -> bool | None:
    """None where the mutant is no SQL."""
    for sql in tests:
        try:
            if not holds(connection, mutant.done_to(sql)):
                return True
        except duckdb.ConversionException:
            return True
        except duckdb.Error:
            return None
    return False


def report(database: Path, models: Sequence[str] = (RULES,)) -> Iterator[tuple[str, Outcome]]:
    """Each model's outcome."""
    listed = equivalents()
    for model, tests in sorted(compiled_tests(database, models).items()):
        yield model, without_equivalents(model, judged(tests), listed.get(model, ()))


def main(arguments: Sequence[str]) -> None:
    """Prints a line a model, its survivors, and the share of all that died."""
    home, *models = arguments
    (database,) = sorted(Path(home).glob("runs/*/warehouse.duckdb"))[-1:]
    killed = total = 0
    for model, outcome in report(database, models or (RULES,)):
        killed, total = killed + outcome.killed, total + outcome.total
        left_out = f", {len(outcome.equivalent)} equivalent" if outcome.equivalent else ""
        sys.stdout.write(f"{model:<32} {outcome.killed:>4} of {outcome.total:>4} died{left_out}\n")
        for survivor in outcome.survivors:
            sys.stdout.write(f"    {survivor}\n")
        sys.stdout.flush()
    sys.stdout.write(f"{killed} of {total} died ({killed / max(total, 1):.1%})\n")


if __name__ == "__main__":
    main(sys.argv[1:])
