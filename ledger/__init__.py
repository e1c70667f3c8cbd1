"""What outlives any release: leases, runs, releases, episodes, notices, approvals, audit."""

from ledger.store import LeaseBusy, LeaseLost, Ledger, LedgerError

__all__ = ["LeaseBusy", "LeaseLost", "Ledger", "LedgerError"]
