"""Reads figures by the metric dictionary (口径): the one place where a headline figure gets its formula.

MetricFlow makes the SQL from the semantic models beside the marts. It runs in a process of its own, over a run's
database opened to be read only; its command line is entered below its outermost group, which would ask the network
for a newer version.
"""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml

from warehouse.errors import WarehouseError
from warehouse.stages import PROJECT, dbt_environment

_ASK = """
import sys
from dbt_metricflow.cli.cli_configuration import CLIConfiguration
from dbt_metricflow.cli.main import query
query.main(args=sys.argv[1:], obj=CLIConfiguration(), standalone_mode=True)
"""
_MANIFEST = "semantic_manifest.json"
_DICTIONARY = PROJECT / "models" / "marts" / "metrics" / "household_metrics.yml"


class UnknownMetric(WarehouseError):
    """MetricFlow could not answer; the message is its own."""


def dictionary() -> list[tuple[str, str, int, str]]:
    """Name, Chinese label, version and description of every metric, in the dictionary's order."""
    node = yaml.safe_load(_DICTIONARY.read_text(encoding="utf-8"))
    return [(m["name"], m["label"], m["config"]["meta"]["version"], m["description"]) for m in node["metrics"]]


def read_metrics(
    database: Path, target: Path, metrics: Sequence[str], by: Sequence[str] = (), where: str = ""
) -> list[dict[str, str]]:
    """The metrics' values as text, one row per group.

    database: a run's warehouse.duckdb; target: the folder of dbt's artifacts; by: group-bys in MetricFlow's words,
    such as `metric_time__month` or `household_month__county_code`. Raises UnknownMetric.
    """
    with tempfile.TemporaryDirectory(prefix="shouxian-metrics-") as name:
        folder = Path(name)
        for path in PROJECT.iterdir():
            if path.name not in ("target", "logs", "profiles.yml"):
                (folder / path.name).symlink_to(path)
        (folder / "target").mkdir()
        shutil.copyfile(target / _MANIFEST, folder / "target" / _MANIFEST)
        (folder / "profiles.yml").write_text(_profile(database), encoding="utf-8")
        answer = folder / "answer.csv"
        asked = ["--metrics", ",".join(metrics), "--csv", str(answer), "--quiet"]
        asked += ["--group-by", ",".join(by), "--order", ",".join(by)] if by else []
        asked += ["--where", where] if where else []
        done = subprocess.run(
            [sys.executable, "-c", _ASK, *asked],
            cwd=folder,
            env={**dbt_environment(), "DBT_PROFILES_DIR": str(folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode or not answer.exists():
            said = [line for line in (done.stdout + done.stderr).splitlines() if line.strip()]
            raise UnknownMetric("\n".join(said[-12:]) or "no answer")
        with answer.open(encoding="utf-8", newline="") as source:
            return list(csv.DictReader(source))


def _profile(database: Path) -> str:
    output = {
        "type": "duckdb",
        "path": str(database),
        "config_options": {"access_mode": "read_only"},
        "threads": 1,
    }
    return yaml.safe_dump({"shouxian": {"target": "run", "outputs": {"run": output}}})
