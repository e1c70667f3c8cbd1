"""Run, release, replay: one computation of the marts for a day and a state of knowledge."""
