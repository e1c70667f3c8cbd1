"""The DAGs as Airflow reads them: when they run, in what order, and that their tasks only call."""
