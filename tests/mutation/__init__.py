"""Whether the clause tables would notice a rule that was written wrongly."""
