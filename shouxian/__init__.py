"""The command line and the tasks of the schedule: where the rooms are put together."""
