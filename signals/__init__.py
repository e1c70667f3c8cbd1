"""Statistics and episodes on small regional aggregates: pure functions on frames, and one reader per subject."""
