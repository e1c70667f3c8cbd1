# The commands of this repository. Each sets up what it needs first, from pinned and hashed versions;
# when nothing changed that costs less than a second. `make` alone says what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-print-directory
unexport PYTHONDONTWRITEBYTECODE
export PYTHONUNBUFFERED := 1
export UV_PYTHON_DOWNLOADS := never
# Nothing we run may report home.
export DO_NOT_TRACK := 1
export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export GX_ANALYTICS_ENABLED := false

# The interpreter that makes .venv: the first of these that runs and is 3.11 or newer (the lock is tested on 3.11).
PYTHONS := python3.11 python3.12 python3.13 python3
PYTHON = $(firstword $(foreach p,$(PYTHONS),$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null && echo $(p))))

# .venv is ready when it holds a stamp with the digest of the locks and of its own place. dev holds all of run.
STAMP := $(shell { pwd; cat requirements/*.txt; } | cksum | cut -d ' ' -f 1)
ready = $(if $(wildcard .venv/bin/python),$(firstword $(wildcard $(1:%=.venv/.ready-%-$(STAMP)))))
set_up = $(if $(call ready,$(1)),,$(call install,$(firstword $(1))))
install = test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; none of these is: $(PYTHONS)" >&2; exit 1; }; \
	$(PYTHON) -P shouxian/setup_host.py env $(1) --stamp $(STAMP)

BIN := .venv/bin
PACKAGES := $(wildcard ledger ingest signals expectations warehouse reporting shouxian simulation benchmarks proof dags)
WORKERS ?= 2
# A file's tests go to one worker, files in the order in which tests/conftest.py puts them.
PYTEST := $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
QUICK_TESTS := $(wildcard tests/unit tests/conventions)
# Whole simulated worlds take their time: they are no unit tests.
ALL_TESTS := $(QUICK_TESTS) $(wildcard tests/faults tests/dags tests/simulation tests/mutation tests/oracle tests/e2e)
DEMO_OPTIONS := $(if $(SEED),--seed $(SEED)) $(if $(filter-out 0,$(NO_SHOCKS)),--no-shocks) $(ARGS)

# One step of the checks: its name, what it runs, and the time it took.
define step
@printf '%-12s ' '$(1)'; started=$$SECONDS; log=$$(mktemp); trap 'rm -f "$$log"' EXIT; \
if { $(2); } >"$$log" 2>&1; then printf 'ok  %3d s\n' $$((SECONDS - started)); \
else printf 'FAILED  %d s\n' $$((SECONDS - started)); cat "$$log"; exit 1; fi
endef

.PHONY: help run up test check test-long lint types sql models static lock host-packages env-run env-dev clean

help: ## this text
	@printf 'Shouxian 守线: early warning of large-scale relapse into poverty.\n\n'
	@printf '  %-19s %s\n' \
	  'make run' 'the main job: simulate five townships, land, judge, release; ends in plain words' \
	  '' 'SEED=7 repeats a run, NO_SHOCKS=1 leaves the region in peace' \
	  'make up' 'Airflow on this machine (web page, scheduler, triggerer) with the same jobs on schedule' \
	  'make check' 'style, types, SQL, unit and convention tests, dbt parse: under 2 minutes, offline' \
	  'make test' 'all of check, then the jobs and the whole spine: what it takes to trust a change' \
	  'make test-long' 'everything in test and the long tests; its figures go into the closing note' \
	  'make host-packages' 'fonts and programs of the distribution that some tests need (made by test itself)' \
	  'make lock' 'resolve the versions in pyproject.toml anew into requirements/' \
	  'make clean' 'forget the environment and the caches; var/, which holds your data, stays'
	@printf '\nState lives in ./var, or where SHOUXIAN_HOME says. One step of check alone: make lint|types|sql|models\n'
	@printf 'One test: .venv/bin/python -m pytest tests/unit -k NAME\n'

run: env-run ## the main job
	@$(BIN)/python -m shouxian demo $(DEMO_OPTIONS)

up: env-run ## Airflow with the jobs on schedule
	@$(BIN)/python -m shouxian up $(ARGS)

check: static ## what every change must pass
	@$(PYTEST) $(QUICK_TESTS) $(ARGS)

test: static host-packages ## what it takes to trust a change; pytest's closing line is the last
	@$(PYTEST) $(ALL_TESTS) $(ARGS)

test-long: static host-packages ## the long tests as well
	@$(PYTEST) --run-long $(ALL_TESTS) $(ARGS)

static: env-dev lint types sql models

lint: env-dev
	$(call step,ruff,$(BIN)/ruff check . && $(BIN)/ruff format --check .)

types: env-dev
	$(call step,mypy,$(BIN)/mypy --strict $(PACKAGES:%=--package %))

sql: env-dev
	$(call step,sqlfluff,$(BIN)/python -m tests.lint_sql $(wildcard dbt_project/models dbt_project/tests))

models: env-dev
	$(call step,dbt parse,$(BIN)/dbt parse --quiet --project-dir dbt_project --profiles-dir dbt_project)

host-packages: env-dev
	@$(BIN)/python -P shouxian/setup_host.py packages

lock: env-dev
	@$(BIN)/python -P shouxian/setup_host.py lock

env-run:
	@$(call set_up,run dev)

env-dev:
	@$(call set_up,dev)

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .sqlfluff_cache dbt_project/target dbt_project/logs
