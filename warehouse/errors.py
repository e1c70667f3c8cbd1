"""What stops a run or a release, said with what to do."""

from __future__ import annotations


class WarehouseError(RuntimeError):
    """A run or release that cannot go on; what was released before stays as it was."""


class MissingFeed(WarehouseError):
    """A mandatory feed has never been delivered."""

    def __init__(self, feeds: list[str], known_at: str) -> None:
        names = ", ".join(feeds)
        options = " ".join(f"--without {feed}" for feed in feeds)
        super().__init__(
            f"missing: nothing of {names} had been landed by {known_at} UTC. Land a delivery "
            f"(`shouxian land --inbox DIR`), or run without, which is shown as withheld: {options}"
        )


class StageFailed(WarehouseError):
    """A stage of the models did not build."""


class GateBlocked(WarehouseError):
    """The gates let nothing of this run out."""


class UnknownRun(WarehouseError):
    """No run, or no complete one, under that id."""


class UnknownThreshold(WarehouseError):
    """No threshold of that name, or not at that level."""


class ReleaseLate(WarehouseError):
    """The release of a day was not out at the hour that was promised."""

    def __init__(self, as_of: str, due_at: str, current_as_of: str | None) -> None:
        super().__init__(
            f"late: the release of {as_of} was due at {due_at} and is not out; readers see "
            f"{current_as_of or 'no release at all'}. What to do: docs/runbooks/late_run.md"
        )
