"""Why a poll brought no delivery: refused by our own rules, or failed on the other side."""

from __future__ import annotations

from dataclasses import dataclass, field

from ingest.errors import DeliveryError


class PollSettings(DeliveryError):
    """The installation's polls.yml, or a contract's `transport`, does not say what it must."""


class PollRefused(DeliveryError):
    """A rule of ours forbids the address, the connection or the answer. Trying again changes nothing."""


@dataclass
class PollFailed(DeliveryError):
    """The other side is away, slow or broken. Only a later poll can tell more; it never means that something ended."""

    retry_after_seconds: float | None = field(default=None, kw_only=True)
    status: int | None = field(default=None, kw_only=True)
    may_pass: bool = field(default=True, kw_only=True)


class PollBusy(RuntimeError):
    """Another process is polling the same feed."""


@dataclass
class FeedsUnreachable(RuntimeError):
    """The last poll of these feeds brought nothing. What was known stands; each turns late when its grace is over."""

    feeds: dict[str, str]

    def __str__(self) -> str:
        listed = "、".join(f"{feed}（{code}）" for feed, code in sorted(self.feeds.items()))
        return f"the last poll brought nothing: {listed}; what was known stands, `shouxian status` says since when"
