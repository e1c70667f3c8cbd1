"""What can be wrong with a delivery, said so that a clerk can mend it: where, what was expected, what to do."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class DeliveryError(Exception):
    """A delivery that cannot land. Nothing of it has been kept but its receipt.

    Never carries a cell's content where the column may hold personal data.
    """

    file: str
    found: str
    expected: str
    remedy: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    code: str = field(default="rejected", kw_only=True)

    def __str__(self) -> str:
        place = [f"file {self.file}"]
        place += [f"sheet {self.sheet}"] if self.sheet else []
        place += [f"row {self.row}"] if self.row is not None else []
        place += [f"column {self.column}"] if self.column else []
        return f"{self.code}: {', '.join(place)}: found {self.found}; expected {self.expected}. {self.remedy}"


class UnreadableFile(DeliveryError):
    """The bytes are not what the contract's reader reads (encoding, zip, XML, JSON, truncated)."""


class BrokenContract(DeliveryError):
    """The file is readable but not what was promised: a column renamed, dropped or of another type."""


class ForbiddenFile(DeliveryError):
    """A kind of file that is refused unread: macro workbooks, databases, Parquet, hidden sheets."""


class VaultError(RuntimeError):
    """A key is missing or is not the one that the landing was written with."""


class UnknownFeed(LookupError):
    """A folder of the inbox, or a name on the command line, that no contract declares."""
