"""The ledger's history, one file a step."""
