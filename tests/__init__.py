"""The tests: unit and conventions are fast and offline; dags and e2e run the spine; faults break it."""
