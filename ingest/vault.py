"""The encrypted zone: deliveries, quarantined rows and names. One data key a delivery, wrapped by a master key."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Iterator, Sized
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.durable import private_folder, shred, write_private
from ingest.errors import VaultError
from ingest.home import Home
from ingest.master_key import MasterRing
from ingest.receipts import read_receipts
from ingest.sealed import SealedReader, SealedWriter, sealing

ROOMS = ("deliveries", "quarantine", "identity")
_MODES = {"deliveries": 0o400, "quarantine": 0o600, "identity": 0o600}
_HEAD_RELATIONS = ("户主", "本人", "本人或户主")
# Feeds that say whom to call, and how they name that person.
_CONTACTS = {"helpers": "helper", "grid_keepers": "keeper"}


class Vault:
    """Keeps bytes under AES-256-GCM. What belongs to one delivery shares one data key, so forgetting it is one act."""

    def __init__(self, home: Home) -> None:
        self._folders = {room: private_folder(home.vault / room) for room in ROOMS}
        home.vault.chmod(0o700)
        self._ring = MasterRing.load_or_create(home, wrapped=any(self._folders["deliveries"].glob("*.key")))
        self._data_keys: dict[str, bytes] = {}

    def keep(self, content: bytes, delivery_id: str, *, synced: bool = True) -> None:
        """Encrypts the delivery's bytes. Keeping the same delivery again changes nothing that can be seen."""
        self._put("deliveries", delivery_id, content, synced)

    def keep_quarantine(self, content: bytes, delivery_id: str, *, synced: bool = True) -> None:
        """Encrypts the delivery's quarantined rows."""
        self._put("quarantine", delivery_id, content, synced)

    def keep_identity(self, content: bytes, delivery_id: str, *, synced: bool = True) -> None:
        """Encrypts the delivery's table of keys and names."""
        self._put("identity", delivery_id, content, synced)

    @contextmanager
    def writing(self, room: str, delivery_id: str, *, synced: bool = True) -> Iterator[SealedWriter]:
        """A sink for what is too large for memory: in place, sealed, when the context ends without an error."""
        key = self._data_key(delivery_id, create=True, synced=synced)
        path = self._path(room, delivery_id)
        with sealing(path, key, f"{room}/{delivery_id}", mode=_MODES[room], synced=synced) as sink:
            yield sink

    def reading(self, delivery_id: str, room: str = "deliveries") -> SealedReader:
        """The bytes as they came, as a file to be read and closed. Raises VaultError as `open` does."""
        path = self._path(room, delivery_id)
        if not path.exists():
            raise VaultError(f"the vault holds no {room} of {delivery_id}")
        return SealedReader(path, self._data_key(delivery_id), f"{room}/{delivery_id}")

    def holds(self, delivery_id: str, room: str = "deliveries") -> bool:
        """Whether there is something to open."""
        return self._path(room, delivery_id).exists() and self._key_path(delivery_id).exists()

    def open(self, delivery_id: str, room: str = "deliveries") -> bytes:
        """The bytes as they came. Raises VaultError if they are absent, forgotten, altered or under another key."""
        with self.reading(delivery_id, room) as source:
            return source.readall()

    def forget(self, delivery_id: str) -> None:
        """Shreds the delivery's data key: its bytes, quarantine and names can never be read again."""
        shred(self._key_path(delivery_id))
        self._data_keys.pop(delivery_id, None)

    def discard(self, delivery_id: str) -> None:
        """As `forget`, and the sealed files go too: what did not land, or landed under another id, takes no room."""
        self.forget(delivery_id)
        for room in ROOMS:
            self._path(room, delivery_id).unlink(missing_ok=True)

    def discard_rows(self, delivery_id: str) -> None:
        """Takes away quarantine and names of what turned out broken; the delivery itself stays."""
        for room in ("quarantine", "identity"):
            self._path(room, delivery_id).unlink(missing_ok=True)

    def _put(self, room: str, delivery_id: str, content: bytes, synced: bool) -> None:
        with self.writing(room, delivery_id, synced=synced) as sink:
            sink.write(content)

    def _data_key(self, delivery_id: str, *, create: bool = False, synced: bool = True) -> bytes:
        known = self._data_keys.get(delivery_id)
        if known is not None:
            return known
        path = self._key_path(delivery_id)
        if path.exists():
            key = self._ring.unwrap(path.read_bytes(), delivery_id)
        elif create:
            key = AESGCM.generate_key(256)
            write_private(path, self._ring.wrap(key, delivery_id), synced=synced)
        else:
            raise VaultError(f"the data key of {delivery_id} is gone: the delivery has been forgotten")
        self._data_keys = {delivery_id: key}  # only the delivery at hand: data keys do not linger in memory
        return key

    def _path(self, room: str, delivery_id: str) -> Path:
        return self._folders[room] / f"{delivery_id}.enc"

    def _key_path(self, delivery_id: str) -> Path:
        return self._folders["deliveries"] / f"{delivery_id}.key"


def to_bytes(table: pa.Table) -> bytes:
    """A table as Parquet bytes, in memory: plain names never touch a disk."""
    sink = io.BytesIO()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue()


def from_bytes(content: bytes) -> pa.Table:
    """The table of `to_bytes`."""
    return pq.read_table(io.BytesIO(content))


def reidentify(
    home: Home,
    household_keys: Collection[str],
    *,
    purpose: str,
    actor: str,
    role: str,
    audit: Callable[[dict[str, Any]], None],
    feeds: Collection[str] | None = None,
) -> dict[str, dict[str, str | None]]:
    """Gives names back: household_key → {household_no, head_name}, the newest known; of `feeds` alone, if given.

    The audit record (who, as what, why, how many, which keys) is written before anything is returned; if `audit`
    raises, nothing is. Keys that no delivery names are absent. Raises ValueError for an empty purpose, actor or role.
    """
    _refuse_unnamed(purpose, actor, role)
    wanted = pa.array(sorted(set(household_keys)), pa.string())
    found: dict[str, dict[str, str | None]] = {}
    for names in _names_kept(home, feeds):
        for row in names.filter(pc.is_in(names["household_key"], value_set=wanted)).to_pylist():
            known = found.setdefault(row["household_key"], {"household_no": None, "head_name": None})
            known["household_no"] = row["household_no"]
            if row.get("head_name"):
                known["head_name"] = row["head_name"]
            elif row.get("relation_text") in _HEAD_RELATIONS and row.get("person_name"):
                known["head_name"] = row["person_name"]
    audit(_asked_for(purpose, actor, role, found, {"household_keys": wanted.to_pylist()}))
    return found


def reidentify_contacts(
    home: Home,
    person_keys: Collection[str],
    *,
    purpose: str,
    actor: str,
    role: str,
    audit: Callable[[dict[str, Any]], None],
) -> dict[str, dict[str, str | None]]:
    """Helpers and grid keepers: person key → {name, phone}, each as told last. Audit and errors as `reidentify`."""
    _refuse_unnamed(purpose, actor, role)
    wanted = pa.array(sorted(set(person_keys)), pa.string())
    found: dict[str, dict[str, str | None]] = {}
    for feed, who in _CONTACTS.items():
        for names in _names_kept(home, {feed}):
            for row in names.filter(pc.is_in(names[f"{who}_person_key"], value_set=wanted)).to_pylist():
                known = found.setdefault(row[f"{who}_person_key"], {"name": None, "phone": None})
                known |= {"name": row[f"{who}_name"] or known["name"], "phone": row[f"{who}_phone"] or known["phone"]}
    audit(_asked_for(purpose, actor, role, found, {"person_keys": wanted.to_pylist()}))
    return found


def _refuse_unnamed(purpose: str, actor: str, role: str) -> None:
    if not purpose.strip() or not actor.strip() or not role.strip():
        raise ValueError("re-identification needs a purpose, a named actor and a role")


def _names_kept(home: Home, feeds: Collection[str] | None) -> Iterator[pa.Table]:
    """The tables of keys and names of what landed, the newest last."""
    vault = Vault(home)
    for receipt in sorted(read_receipts(home), key=lambda r: (r.known_at, r.load_id)):
        if receipt.outcome != "landed" or (feeds is not None and receipt.feed not in feeds):
            continue
        if (home.vault / "identity" / f"{receipt.load_id}.enc").exists():
            yield from_bytes(vault.open(receipt.load_id, "identity"))


def _asked_for(purpose: str, actor: str, role: str, found: Sized, keys: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "event": "reidentified",
        "at": datetime.now(UTC).isoformat(),
        "actor": actor,
        "role": role,
        "purpose": purpose,
        "asked": sum(len(asked) for asked in keys.values()),
        "found": len(found),
        **keys,
    }
