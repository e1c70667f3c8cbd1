"""When the work is done: schedules, order, retries, what each DAG publishes. How it is done: `shouxian.tasks`."""
