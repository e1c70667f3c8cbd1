"""Runs declared checks over a table of metrics and says which subjects failed which. Fails closed.

Checks see one-row-per-subject metric tables computed in SQL, never rows of persons, so that no personal data can
reach a result of Great Expectations.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")

import great_expectations as gx
from great_expectations.core.expectation_suite import ExpectationSuite
from great_expectations.expectations.expectation import Expectation

Severity = Literal["critical", "warning"]
Outcome = Literal["issue", "issue_with_caveat", "withhold"]
OUTCOMES: tuple[Outcome, ...] = ("issue", "issue_with_caveat", "withhold")


@dataclass(frozen=True)
class Check:
    """One declared check: a critical one withholds its subjects, a warning becomes a caveat."""

    check_id: str
    expectation: Expectation
    severity: Severity
    reason_zh: str
    products: tuple[str, ...] = ()


@dataclass(frozen=True)
class Result:
    """What one check found. `ran` is False when it raised or returned nothing: then every subject has failed."""

    check: Check
    ran: bool
    failing: frozenset[str]


@dataclass(frozen=True)
class Verdict:
    """The outcome for one subject and product."""

    subject: str
    product: str
    outcome: Outcome
    checks_declared: int
    checks_run: int
    reasons: tuple[str, ...] = field(default=())


def run_checks(frame: pd.DataFrame, subject: str, checks: Sequence[Check]) -> list[Result]:
    """Runs every check over `frame` (one row per `subject`, unique). Order and number as declared."""
    if frame[subject].duplicated().any():
        raise ValueError(f"metrics hold a {subject} twice: a gate needs one row per subject")
    subjects = frame[subject].astype(str).tolist()
    everyone = frozenset(subjects)
    if frame.empty:
        return [Result(check, ran=False, failing=everyone) for check in checks]
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("metrics")
        .add_dataframe_asset("metrics")
        .add_batch_definition_whole_dataframe("all")
        .get_batch(batch_parameters={"dataframe": frame.reset_index(drop=True)})
    )
    for check in checks:
        check.expectation.meta = {"check_id": check.check_id, "reason": check.reason_zh}
    suite = ExpectationSuite(name="gate", expectations=[check.expectation for check in checks])
    found = {r.expectation_config.meta["check_id"]: r for r in batch.validate(suite, result_format="COMPLETE").results}
    return [_result(check, found.get(check.check_id), subjects, everyone) for check in checks]


def _result(check: Check, raw: Any, subjects: list[str], everyone: frozenset[str]) -> Result:
    if raw is None or raw.exception_info.get("raised_exception") or not raw.result:
        return Result(check, ran=False, failing=everyone)
    if raw.success:
        return Result(check, ran=True, failing=frozenset())
    rows = raw.result.get("unexpected_index_list")
    return Result(check, ran=True, failing=frozenset(subjects[i] for i in rows) if rows else everyone)


def judge(subjects: Sequence[str], product: str, declared: Sequence[Check], results: Sequence[Result]) -> list[Verdict]:
    """The outcome per subject for one product. A declared check without a result withholds."""
    mine = [check for check in declared if product in check.products]
    by_id = {r.check.check_id: r for r in results}
    verdicts = []
    for subject in subjects:
        reasons, worst, ran = [], 0, 0
        for check in mine:
            result = by_id.get(check.check_id)
            if result is None or not result.ran:
                reasons.append(f"{check.check_id}: 检查未执行")
                worst = 2
                continue
            ran += 1
            if subject in result.failing:
                reasons.append(f"{check.check_id}: {check.reason_zh}")
                worst = max(worst, 2 if check.severity == "critical" else 1)
        if not mine:
            reasons, worst = [f"{product}: 未声明任何检查"], 2
        verdicts.append(Verdict(subject, product, OUTCOMES[worst], len(mine), ran, tuple(reasons)))
    return verdicts
