"""Every convention can fail: a small tree with one violation planted goes red, the same tree without it stays green."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conventions.contract_rules import (
    contract_columns_name_their_unit,
    contracts_follow_the_standard,
    every_feed_has_a_contract,
    triggers_stand_in_the_seed,
)
from tests.conventions.model_rules import (
    descriptions_name_the_grain,
    every_model_has_its_own_yaml,
    mart_columns_have_chinese_labels,
    marts_are_under_contract,
    monthly_marts_say_their_month,
    names_follow_the_layer,
)
from tests.conventions.python_rules import (
    checks_are_switched_off_with_a_reason,
    files_open_with_their_purpose,
    files_stay_short,
    handlers_name_what_they_catch,
    imports_point_up_the_list,
    names_say_what_is_inside,
    skips_have_a_reason,
)
from tests.conventions.repository_rules import (
    no_file_holds_a_secret,
    no_file_is_huge,
    no_file_names_a_machine_path,
    no_file_names_a_package_index,
    no_rule_sees_the_truth,
)
from tests.conventions.sql_rules import (
    comparisons_are_used_through_their_gate,
    every_caution_has_its_words,
    every_rule_has_unit_tests,
    known_at_is_filtered_once,
    models_hold_no_policy_number,
    models_say_nothing_forbidden,
    no_rule_reads_a_projection,
    sql_files_open_with_their_purpose,
    sql_files_stay_short,
)
from tests.conventions.test_conventions import RULES, Rule

PY = '"""A file."""\n'
CUT = "¦"  # cuts a word in two here, so that the rules do not find it in this file; gone once planted
MODELS = "dbt_project/models"
MART = "fct_region_risk_daily"
MART_SQL, MART_YML = f"{MODELS}/marts/region/{MART}.sql", f"{MODELS}/marts/region/{MART}.yml"
STAGED = f"{MODELS}/staging/a/stg_a__b.sql"
CONTRACT = "ingest/feeds/a/contract.yml"


def mart_yml(
    name: str = MART,
    grain: str = "One row per region",
    contract: str = "true",
    label: str = "地区",
    kind: str = "varchar",
) -> str:
    return (
        f"models:\n- name: {name}\n  description: '{grain}. Answers: what.'\n"
        f"  config: {{contract: {{enforced: {contract}}}}}\n"
        f"  columns:\n  - {{name: region_code, data_type: {kind}, description: Which., meta: {{label_zh: {label}}}}}\n"
    )


def feed(name: str = "pay_cny", kind: str = "money_cny", feed_id: str = "a", more: str = "") -> str:
    return (
        f"apiVersion: v3.1.0\nkind: DataContract\nid: {feed_id}\nversion: 1.0.0\nstatus: active\n{more}"
        f"schema:\n- name: t\n  properties:\n  - {{name: {name}, logicalType: string, physicalType: {kind}}}\n"
    )


# (rule, what is planted, what the finding must name); each planted file's innocent twin stands in INNOCENT.
PLANTED: list[tuple[Rule, str, str, str]] = [
    (imports_point_up_the_list, "ingest/x.py", PY + "import warehouse.run\n", "ingest/x.py:2"),
    (imports_point_up_the_list, "signals/x.py", PY + "def f():\n    from reporting import y\n", "signals/x.py:3"),
    (imports_point_up_the_list, "ledger/x.py", PY + "import_module('ingest.home')\n", "ledger/x.py:2"),
    (imports_point_up_the_list, "simulation/x.py", PY + "from ingest import contracts\n", "imports nothing of ours"),
    (imports_point_up_the_list, "warehouse/x.py", PY + "import simulation\n", "must not know simulation"),
    (imports_point_up_the_list, "reporting/x.py", PY + "import dags.daily\n", "reporting imports dags.daily"),
    (names_say_what_is_inside, "signals/utils.py", PY, "'utils'"),
    (names_say_what_is_inside, "ingest/shared/x.py", PY, "'shared'"),
    (names_say_what_is_inside, "warehouse/build_v2.py", PY, "'build_v2'"),
    (files_open_with_their_purpose, "signals/x.py", "# a comment\nx = 1\n", "signals/x.py"),
    (files_open_with_their_purpose, "signals/__init__.py", "", "signals/__init__.py"),
    (files_stay_short, "signals/x.py", PY + "x = 1\n" * 400, "401 lines"),
    (handlers_name_what_they_catch, "a.py", PY + "try:\n    f()\nexcept:\n    g()\n", "a.py:4"),
    (
        handlers_name_what_they_catch,
        "a.py",
        PY + "try:\n    f()\nexcept (OSError, Exception) as e:\n    g()\n",
        "a.py:4",
    ),
    (handlers_name_what_they_catch, "a.py", PY + "try:\n    f()\nexcept BaseException:\n    g()\n", "BaseException"),
    (handlers_name_what_they_catch, "a.py", PY + "with suppress(Exception):\n    f()\n", "a.py:2"),
    (checks_are_switched_off_with_a_reason, "a.py", PY + "x = 1  # no¦qa: E501\n", "a.py:2"),
    (checks_are_switched_off_with_a_reason, "a.py", PY + "x = f()  # type: ig¦nore[misc]\n", "a.py:2"),
    (checks_are_switched_off_with_a_reason, "a.py", PY + "# TO¦DO: later\n", "unfinished"),
    (skips_have_a_reason, "tests/test_a.py", PY + "@pytest.mark.skip\ndef test_a(): ...\n", "mark.skip"),
    (skips_have_a_reason, "tests/test_a.py", PY + "def test_a():\n    pytest.skip('')\n", "tests/test_a.py:3"),
    (skips_have_a_reason, "tests/test_a.py", PY + "x = pytest.mark.skipif(True)\n", "mark.skipif"),
    (skips_have_a_reason, "tests/test_a.py", PY + "x = pytest.mark.xfail(reason='')\n", "mark.xfail"),
    (sql_files_open_with_their_purpose, STAGED, "select 1\n", STAGED),
    (sql_files_stay_short, STAGED, "-- a\n" + "select 1\n" * 100, "101 lines"),
    (models_say_nothing_forbidden, STAGED, "-- a\nselect {{ var('day') }}\n", f"{STAGED}:2"),
    (models_say_nothing_forbidden, STAGED, "-- a\nselect * from a asof join b\n", "ASOF"),
    (models_say_nothing_forbidden, STAGED, "-- a\nwith recursive t as (select 1)\n", "recursive"),
    (models_say_nothing_forbidden, STAGED, "-- a\nselect 1\nQualify true\n", f"{STAGED}:3"),
    (models_say_nothing_forbidden, STAGED, "-- a\nselect now()\n", "no clock"),
    (models_say_nothing_forbidden, STAGED, "-- a\nselect random()\n", "no chance"),
    (models_say_nothing_forbidden, STAGED, "-- a\nselect 1\nlimit 5\n", "R11"),
    (models_hold_no_policy_number, STAGED, "-- a\nselect a < 6000 as b\n", f"{STAGED}:2"),
    (models_hold_no_policy_number, STAGED, "-- a\nselect spent > 0.3 * income as b\n", "0.3"),
    (models_hold_no_policy_number, STAGED, "-- a\nselect 12 >= months as b\n", "12"),
    (models_hold_no_policy_number, STAGED, "-- a\nselect a between 16 and 59 as b\n", "16"),
    (known_at_is_filtered_once, MART_SQL, "-- a\nselect 1 where a.known_at <= b.known_at\n", f"{MART_SQL}:2"),
    (every_rule_has_unit_tests, f"{MODELS}/intermediate/rules/int_rule__r99.sql", "-- a\n", "int_rule__r99"),
    (
        comparisons_are_used_through_their_gate,
        MART_SQL,
        "-- a\nselect has_hit from {{ ref('int_case__comparisons_judged') }}\n",
        "int_case__usable_comparisons",
    ),
    (no_rule_reads_a_projection, STAGED, "-- a\nselect projected_net_income_cny from b\n", f"{STAGED}:2"),
    (no_rule_reads_a_projection, MART_SQL, "-- a\nfrom {{ ref('int_planning__list_windows') }}\n", f"{MART_SQL}:2"),
    (
        every_caution_has_its_words,
        MART_SQL,
        "-- a\nselect case when a then 'unheard_of' end as caution\n",
        "unheard_of",
    ),
    (every_caution_has_its_words, MART_SQL, "-- a\nselect 'unheard_of' as caution\n", "unheard_of"),
    (
        every_caution_has_its_words,
        MART_SQL,
        "-- a\n{{ rule(caution=\"case when a then 'unheard_of' end\") }}\n",
        "unheard",
    ),
    (every_model_has_its_own_yaml, f"{MODELS}/staging/a/stg_a__c.sql", "-- a\n", "stg_a__c"),
    (every_model_has_its_own_yaml, MART_YML, mart_yml(name="fct_other_daily"), "fct_other_daily"),
    (descriptions_name_the_grain, MART_YML, mart_yml(grain="Regions"), "One row per"),
    (names_follow_the_layer, f"{MODELS}/marts/region/fct_region_risk.sql", "-- a\n", "ends in its grain"),
    (names_follow_the_layer, f"{MODELS}/staging/a/int_a__b.sql", "-- a\n", "begins with stg_"),
    (marts_are_under_contract, MART_YML, mart_yml(contract="false"), "enforced"),
    (marts_are_under_contract, MART_YML, mart_yml(kind="''"), "data_type"),
    (mart_columns_have_chinese_labels, MART_YML, mart_yml(label="region"), "region_code"),
    (monthly_marts_say_their_month, MART_YML, mart_yml(name="fct_region_risk_monthly"), "period"),
    (no_file_names_a_package_index, "Dockerfile", "RUN pip install -i https://a.example/si¦mple x\n", "Dockerfile:1"),
    (no_file_names_a_package_index, "requirements/a.txt", "--index-u¦rl https://a.example/x\n", "requirements/a.txt:1"),
    (no_file_names_a_machine_path, "README.md", "It stands in /ho¦me/li/shouxian.\n", "README.md:1"),
    (no_file_holds_a_secret, "key.pem", "-----BEGIN PRIV¦ATE KEY-----\n", "a private key"),
    (
        no_file_holds_a_secret,
        "docker-compose.yml",
        "environment:\n  POSTGRES_PASSWORD: hunter22\n",
        "docker-compose.yml:2",
    ),
    (no_file_holds_a_secret, "a.py", 'URL = "postgresql:¦//shouxian:hunter22@db/x"\n', "a.py:1"),
    (no_file_is_huge, "data.csv", "1\n" * 600_000, "data.csv"),
    (no_rule_sees_the_truth, "warehouse/a.py", PY + 'WHO = root / "truth" / "households.csv"\n', "warehouse/a.py:2"),
    (no_rule_sees_the_truth, STAGED, "-- A.\nselect * from read_csv('world/truth/cases.csv')\n", f"{STAGED}:2"),
    (contracts_follow_the_standard, CONTRACT, feed(more="unknownWord: 1\n"), "unknownWord"),
    (contracts_follow_the_standard, CONTRACT, feed(feed_id="b"), "its id is b"),
    (contracts_follow_the_standard, CONTRACT, feed().split("schema")[0], "declares no column"),
    (every_feed_has_a_contract, "ingest/feeds/b/connector.py", PY, "ingest/feeds/b"),
    (contract_columns_name_their_unit, CONTRACT, feed(name="payCny"), "not snake_case"),
    (contract_columns_name_their_unit, CONTRACT, feed(name="pay"), "t.pay is of kind money_cny"),
    (contract_columns_name_their_unit, CONTRACT, feed(name="insured", kind="yes_no"), "t.insured"),
    (
        triggers_stand_in_the_seed,
        CONTRACT,
        feed().replace("schema:", "customProperties: [{property: triggers, value: [gone]}]\nschema:"),
        "the trigger gone does not stand",
    ),
]

INNOCENT = {
    "README.md": "Run `make run`; state stands in ./var.\n",
    "docker-compose.yml": "environment:\n  POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set it}\n",
    "ledger/x.py": PY + "import os\ntry:\n    f()\nexcept OSError:\n    g()\n",
    "ingest/x.py": PY + "import ledger.store\ntry:\n    f()\nexcept BaseException:\n    g()\n    raise\n",
    "signals/x.py": PY + "x = eval('1')  # no¦qa: S307 - the planted reason of a test\n",
    "simulation/x.py": PY + "import numpy\nfrom simulation import y\n",
    "shouxian/x.py": PY + "import simulation\nimport reporting.notices\n",
    "dags/x.py": PY + "import warehouse\nimport simulation\n",
    "tests/test_a.py": PY + "@pytest.mark.skip(reason='why')\ndef test_a():\n    pytest.skip(f'no {x}')\n",
    STAGED: "-- What it is for: incomes < 6000, not by now()\n"
    "select a < b as c, '> 99' as d, e ->> 'f' as g from h where i > 0\n",
    STAGED.replace(".sql", ".yml"): "models:\n- {name: stg_a__b, description: One row per a.}\n",
    f"{MODELS}/intermediate/rules/int_rule__r01.sql": "{# A rule. #}\nselect 1\n",
    f"{MODELS}/intermediate/rules/int_rule__r01.yml": (
        "models:\n- {name: int_rule__r01, description: One row per household.}\n"
    ),
    "dbt_project/tests/r01.yml": "unit_tests:\n- {name: on_the_line_is_clear, model: int_rule__r01}\n",
    MART_SQL: "-- A mart.\nselect known_at from a\n",
    MART_YML: mart_yml(),
    CONTRACT: feed(),
}


def plant(root: Path, planted: dict[str, str]) -> Path:
    for name, text in {**INNOCENT, **planted}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text.replace(CUT, ""), encoding="utf-8")
    return root


@pytest.mark.parametrize(
    ("rule", "name", "text", "named"), PLANTED, ids=[f"{rule.__name__}-{n}" for n, (rule, *_) in enumerate(PLANTED)]
)
def test_a_planted_violation_is_found(rule: Rule, name: str, text: str, named: str, tmp_path: Path) -> None:
    wrong = rule(plant(tmp_path, {name: text}))
    assert wrong
    assert any(named in line for line in wrong), wrong


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_an_innocent_tree_is_left_alone(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path, {})) == []


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule.__name__ for rule in RULES} == {rule.__name__ for rule, *_ in PLANTED}


def test_a_finding_does_not_repeat_the_secret(tmp_path: Path) -> None:
    secret = "hunter22"
    wrong = no_file_holds_a_secret(plant(tmp_path, {"a.yml": f"password: {secret}\n"}))
    assert len(wrong) == 1
    assert secret not in wrong[0]
