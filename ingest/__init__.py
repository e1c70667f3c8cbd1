"""Deliveries become landing: contracts, readers, receipts, vault."""
