"""docker-compose.yml is valid Compose, holds no secret, and waits for what must be ready before."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

REPOSITORY = Path(__file__).resolve().parent.parent.parent.parent
SCHEMA = json.loads((REPOSITORY / "tests/fixtures/compose/compose-spec.json").read_text())
AIRFLOW = {"migrate", "api-server", "scheduler", "dag-processor", "triggerer"}


@pytest.fixture
def compose() -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((REPOSITORY / "docker-compose.yml").read_text())
    return document


def errors(document: dict[str, Any]) -> list[str]:
    return [error.message for error in jsonschema.Draft7Validator(SCHEMA).iter_errors(document)]


def test_the_schema_of_the_specification_accepts_it(compose: dict[str, Any]) -> None:
    assert errors(compose) == []


def test_the_schema_sees_a_word_it_does_not_know(compose: dict[str, Any]) -> None:
    compose["services"]["scheduler"]["helthcheck"] = {}
    assert errors(compose)


def test_airflow_s_processes_and_the_database_are_there(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == AIRFLOW | {"postgres"}


def test_what_runs_on_is_watched_and_what_it_needs_comes_first(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for name in set(services) - {"migrate"}:
        assert services[name]["healthcheck"]["test"], name
    for name in AIRFLOW - {"migrate"}:
        assert services[name]["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    assert services["migrate"]["depends_on"]["postgres"] == {"condition": "service_healthy"}


def test_no_secret_stands_in_it(compose: dict[str, Any]) -> None:
    folder = re.compile(r"\$\{SHOUXIAN_SECRETS:\?[^}]*}/[\w.]+")
    for name, secret in compose["secrets"].items():
        assert set(secret) == {"file"}, name
        assert folder.fullmatch(secret["file"]), name
    words = re.compile(r"PASSWORD|SECRET|KEY|CONN|TOKEN")
    for name, service in compose["services"].items():
        for variable, value in service["environment"].items():
            if words.search(variable):
                told = variable.endswith(("_FILE", "_CMD")) or str(value).startswith("${")
                assert told, f"{name}: {variable}"


def test_every_secret_a_service_reads_is_given_to_it(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        read = set(re.findall(r"/run/secrets/(\w+)", json.dumps([service["environment"], service.get("command")])))
        assert read <= set(service["secrets"]), name
        assert set(service["secrets"]) <= set(compose["secrets"]), name


def test_the_page_answers_this_machine_only_unless_told_otherwise(compose: dict[str, Any]) -> None:
    ports = [port for service in compose["services"].values() for port in service.get("ports", [])]
    assert ports == ["${SHOUXIAN_LISTEN:-127.0.0.1:8080}:8080"]


def test_every_volume_is_declared_and_the_keys_lie_apart(compose: dict[str, Any]) -> None:
    places = {
        volume.split(":")[1]: volume.split(":")[0]
        for service in compose["services"].values()
        for volume in service["volumes"]
    }
    assert set(places.values()) == set(compose["volumes"])
    assert places["/var/lib/shouxian"] != places["/var/lib/shouxian-keys"]


def test_the_image_takes_hashed_packages_and_leaves_data_outside() -> None:
    recipe = (REPOSITORY / "Dockerfile").read_text()
    assert "--require-hashes --requirement" in recipe
    assert "USER shouxian" in recipe
    left_out = (REPOSITORY / ".dockerignore").read_text().split("\n")
    assert {"var", ".git", ".venv"} <= set(left_out)
