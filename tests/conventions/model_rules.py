"""Conventions of a model's YAML: one file per model, its grain first; marts under contract and labelled in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from tests.conventions.tree import MODELS, sql_files, yaml_files

GRAINS = ("_daily", "_monthly", "_weekly", "_yearly", "_per_episode", "_per_case")
PREFIXES = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("dim_", "fct_")}
HAN = re.compile(r"[\u4e00-\u9fff]")


def _described(root: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Each model that a YAML file describes, with the file's path."""
    for path, content in yaml_files(root, MODELS):
        for model in content.get("models") or [] if isinstance(content, dict) else []:
            yield path, model


def _marts(root: Path) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    return ((path, model) for path, model in _described(root) if path.is_relative_to(f"{MODELS}/marts"))


def every_model_has_its_own_yaml(root: Path) -> list[str]:
    """`x.sql` stands beside `x.yml`, which describes x and nothing else."""
    described = {(path, model.get("name")) for path, model in _described(root)}
    models = [path for path, _ in sql_files(root, MODELS)]
    wrong = [
        f"{path}: {path.with_suffix('.yml').name} does not describe it"
        for path in models
        if (path.with_suffix(".yml"), path.stem) not in described
    ]
    wrong += [f"{path}: describes {name}, not its namesake" for path, name in described if name != path.stem]
    return wrong


def descriptions_name_the_grain(root: Path) -> list[str]:
    """A model's description begins with its grain: One row per …"""
    return [
        f"{path}: the description of {model.get('name')} does not begin with 'One row per'"
        for path, model in _described(root)
        if not str(model.get("description") or "").strip().startswith("One row per ")
    ]


def names_follow_the_layer(root: Path) -> list[str]:
    """stg_ in staging, int_ in intermediate; a mart is dim_<entity> or fct_…_<grain>."""
    wrong = []
    for path, _ in sql_files(root, MODELS):
        layer = path.relative_to(MODELS).parts[0]
        if not path.stem.startswith(PREFIXES.get(layer, ("",))):
            wrong.append(f"{path}: a model in {layer} begins with {' or '.join(PREFIXES[layer])}")
        elif layer == "marts" and not path.stem.startswith("dim_") and not path.stem.endswith(GRAINS):
            wrong.append(f"{path}: a fact's name ends in its grain: {', '.join(GRAINS)}")
    return wrong


def marts_are_under_contract(root: Path) -> list[str]:
    """Each mart's own YAML enforces its contract, and types and describes every column."""
    wrong = []
    for path, model in _marts(root):
        contract = (model.get("config") or {}).get("contract") or {}
        if contract.get("enforced") is not True:
            wrong.append(f"{path}: {model.get('name')} does not say contract: {{enforced: true}}")
        if not model.get("columns"):
            wrong.append(f"{path}: {model.get('name')} has no columns")
        for column in model.get("columns") or []:
            wrong += [
                f"{path}: column {column.get('name')} has no {word}"
                for word in ("data_type", "description")
                if not column.get(word)
            ]
    return wrong


def monthly_marts_say_their_month(root: Path) -> list[str]:
    """A mart by the month has the column `period`: a release exports it month by month."""
    return [
        f"{path}: {model['name']} has no column period"
        for path, model in _marts(root)
        if str(model.get("name")).endswith("_monthly")
        and "period" not in {column.get("name") for column in model.get("columns") or []}
    ]


def mart_columns_have_chinese_labels(root: Path) -> list[str]:
    """Every column of a mart has meta.label_zh: page, workbook and briefing take their headings from there."""
    wrong = []
    for path, model in _marts(root):
        for column in model.get("columns") or []:
            meta = {**(column.get("meta") or {}), **((column.get("config") or {}).get("meta") or {})}
            if not HAN.search(str(meta.get("label_zh") or "")):
                wrong.append(f"{path}: column {column.get('name')} has no Chinese meta.label_zh")
    return wrong


RULES = (
    every_model_has_its_own_yaml,
    descriptions_name_the_grain,
    names_follow_the_layer,
    marts_are_under_contract,
    mart_columns_have_chinese_labels,
    monthly_marts_say_their_month,
)
