"""What outlives any release: leases, runs, releases, episodes, notices, approvals, audit."""

from ledger.store import Ledger, LeaseBusy, LeaseLost, LedgerError

__all__ = ["Ledger", "LeaseBusy", "LeaseLost", "LedgerError"]
