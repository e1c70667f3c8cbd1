"""Is the early warning any good: simulated years with shocks of known truth, scored, beside simple rivals."""
