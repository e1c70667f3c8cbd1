"""How the ledger's tables came about."""
