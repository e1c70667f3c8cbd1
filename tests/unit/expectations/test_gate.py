"""The gate fails closed: a check that did not run withholds, an empty table passes nothing, each check can fail."""

from __future__ import annotations

import pandas as pd
import pytest
from great_expectations.expectations import ExpectColumnValuesToBeBetween

from expectations.gate import Check, judge, run_checks
from expectations.release import BRIEFING, CHECKS, REGIONAL_RISK, WORKLIST

GOOD = {
    "region_code": "341321101000",
    "region_level": "township",
    "level_rows": 1,
    "findings_lost": 0,
    "household_count": 12000,
    "household_share_of_last_year": 1.0,
    "income_unknown_ratio": 0.01,
    "missing_feed_count": 0,
    "cross_source_difference_ratio": 0.0,
    "level_steps_since_release": 0,
}


def outcome(product: str, **changes: object) -> tuple[str, tuple[str, ...]]:
    frame = pd.DataFrame([{**GOOD, **changes}])
    verdict = judge([GOOD["region_code"]], product, CHECKS, run_checks(frame, "region_code", CHECKS))[0]
    assert verdict.checks_run <= verdict.checks_declared
    return verdict.outcome, verdict.reasons


@pytest.mark.parametrize("product", [REGIONAL_RISK, WORKLIST, BRIEFING])
def test_a_good_region_is_issued(product: str) -> None:
    assert outcome(product) == ("issue", ())


@pytest.mark.parametrize(
    ("check_id", "product", "changes", "expected"),
    [
        ("one_level_per_region", REGIONAL_RISK, {"level_rows": 0}, "withhold"),
        ("one_level_per_region", REGIONAL_RISK, {"level_rows": 2}, "withhold"),
        ("findings_conserved", WORKLIST, {"findings_lost": 1}, "withhold"),
        ("register_coverage", REGIONAL_RISK, {"household_share_of_last_year": 0.79}, "withhold"),
        ("register_coverage", REGIONAL_RISK, {"household_share_of_last_year": 1.26}, "withhold"),
        ("income_known_at_all", WORKLIST, {"income_unknown_ratio": 0.51}, "withhold"),
        ("income_known", REGIONAL_RISK, {"income_unknown_ratio": 0.11}, "issue_with_caveat"),
        ("sources_agree", REGIONAL_RISK, {"cross_source_difference_ratio": 0.11}, "withhold"),
        ("sources_agree_closely", BRIEFING, {"cross_source_difference_ratio": 0.006}, "issue_with_caveat"),
        ("feeds_on_time", REGIONAL_RISK, {"missing_feed_count": 1}, "issue_with_caveat"),
        ("households_registered", REGIONAL_RISK, {"household_count": 0}, "issue_with_caveat"),
        ("level_change", REGIONAL_RISK, {"level_steps_since_release": 3}, "issue_with_caveat"),
        ("level_change", REGIONAL_RISK, {"level_steps_since_release": -3}, "issue_with_caveat"),
    ],
)
def test_each_check_bites(check_id: str, product: str, changes: dict[str, object], expected: str) -> None:
    found, reasons = outcome(product, **changes)
    assert found == expected
    assert any(reason.startswith(check_id) for reason in reasons)


def test_what_is_not_known_yet_does_not_fail_a_comparison() -> None:
    assert (
        outcome(
            REGIONAL_RISK,
            household_share_of_last_year=None,
            level_steps_since_release=None,
            cross_source_difference_ratio=None,
        )[0]
        == "issue"
    )


def test_one_region_does_not_withhold_its_neighbour() -> None:
    frame = pd.DataFrame([GOOD, {**GOOD, "region_code": "341322101000", "findings_lost": 5}])
    results = run_checks(frame, "region_code", CHECKS)
    verdicts = judge(frame["region_code"].tolist(), REGIONAL_RISK, CHECKS, results)
    assert [v.outcome for v in verdicts] == ["issue", "withhold"]


def test_a_declared_check_without_a_result_withholds() -> None:
    results = run_checks(pd.DataFrame([GOOD]), "region_code", CHECKS)
    verdict = judge([GOOD["region_code"]], REGIONAL_RISK, CHECKS, results[1:])[0]
    assert verdict.outcome == "withhold"
    assert verdict.checks_run == verdict.checks_declared - 1


def test_a_check_on_a_column_that_is_not_there_withholds() -> None:
    check = Check(
        "gone", ExpectColumnValuesToBeBetween(column="gone", min_value=0), "warning", "没有", (REGIONAL_RISK,)
    )
    results = run_checks(pd.DataFrame([GOOD]), "region_code", [check])
    assert results[0].ran is False
    assert judge([GOOD["region_code"]], REGIONAL_RISK, [check], results)[0].outcome == "withhold"


def test_an_empty_table_passes_nothing() -> None:
    results = run_checks(pd.DataFrame([GOOD]).iloc[:0], "region_code", CHECKS)
    assert not any(result.ran for result in results)


def test_no_declared_check_withholds() -> None:
    assert judge(["x"], "unheard_of", CHECKS, [])[0].outcome == "withhold"


def test_two_rows_for_one_region_are_refused() -> None:
    with pytest.raises(ValueError, match="twice"):
        run_checks(pd.DataFrame([GOOD, GOOD]), "region_code", CHECKS)
