"""Whether a month's new hardship is unusual, region by region: EARS, Farrington and the scan (signals/hardship_months).

A model of Python, since it stands between two models of SQL of one stage: what it reads is made there, and the level
reads it.
"""

from signals.hardship_months import judge_hardship


def model(dbt, session):
    """One row per region and month of int_level__hardship_monthly; columns HARDSHIP_TYPES."""
    months = dbt.ref("int_level__hardship_monthly").order("region_code, month_start_date").df()
    in_force = dbt.ref("int_policy__thresholds_in_force").filter("rule_id = 'R25'")
    columns = "threshold_id, parameter, level, cast(value as double) as value, valid_from_date, valid_to_date"
    return judge_hardship(months, in_force.project(columns).order("threshold_id, valid_from_date").df())
