"""What DAGs tell one another: names of events, no data. Each is emitted by one DAG; Airflow shows who waits for it."""

from __future__ import annotations

from airflow.sdk import Asset

SEVERE_WARNINGS = Asset("severe_warnings_landed")
GATED_RUN = Asset("gated_run")
RELEASE = Asset("release")
