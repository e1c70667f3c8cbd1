"""The encrypted zone: deliveries, quarantined rows and names. One data key a delivery, wrapped by a master key."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.durable import private_folder, shred, write_private
from ingest.errors import VaultError
from ingest.home import Home
from ingest.receipts import read_receipts

_NONCE = 12
_ROOMS = ("deliveries", "quarantine", "identity")
_HEAD_RELATIONS = ("户主", "本人", "本人或户主")


class Vault:
    """Keeps bytes under AES-256-GCM. What belongs to one delivery shares one data key, so forgetting it is one act."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._folders = {room: private_folder(home.vault / room) for room in _ROOMS}
        home.vault.chmod(0o700)
        self._master = AESGCM(self._load_master())
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

    def open(self, delivery_id: str, room: str = "deliveries") -> bytes:
        """The bytes as they came. Raises VaultError if they are absent, forgotten, altered or under another key."""
        path = self._folders[room] / f"{delivery_id}.enc"
        if not path.exists():
            raise VaultError(f"the vault holds no {room} of {delivery_id}")
        return self._open(AESGCM(self._data_key(delivery_id)), path.read_bytes(), f"{room}/{delivery_id}")

    def forget(self, delivery_id: str) -> None:
        """Shreds the delivery's data key: its bytes, quarantine and names can never be read again."""
        shred(self._key_path(delivery_id))
        self._data_keys.pop(delivery_id, None)

    def _put(self, room: str, delivery_id: str, content: bytes, synced: bool) -> None:
        key = self._data_key(delivery_id, create=True, synced=synced)
        nonce = os.urandom(_NONCE)
        sealed = nonce + AESGCM(key).encrypt(nonce, content, f"{room}/{delivery_id}".encode())
        write_private(self._folders[room] / f"{delivery_id}.enc", sealed, synced=synced)

    def _data_key(self, delivery_id: str, *, create: bool = False, synced: bool = True) -> bytes:
        if delivery_id in self._data_keys:
            return self._data_keys[delivery_id]
        path = self._key_path(delivery_id)
        if path.exists():
            key = self._open(self._master, path.read_bytes(), delivery_id)
        elif create:
            key, nonce = AESGCM.generate_key(256), os.urandom(_NONCE)
            sealed = nonce + self._master.encrypt(nonce, key, delivery_id.encode())
            write_private(path, sealed, synced=synced)
        else:
            raise VaultError(f"the data key of {delivery_id} is gone: the delivery has been forgotten")
        self._data_keys = {delivery_id: key}  # only the delivery at hand: data keys do not linger in memory
        return key

    def _key_path(self, delivery_id: str) -> Path:
        return self._folders["deliveries"] / f"{delivery_id}.key"

    def _load_master(self) -> bytes:
        path = self._home.keys / "vault_master.key"
        if not path.exists():
            if any(self._folders["deliveries"].glob("*.key")):
                raise VaultError(
                    f"the vault's master key is missing from {path.parent}, but deliveries are wrapped with it: "
                    "restore it from its backup"
                )
            private_folder(path.parent)
            write_private(path, AESGCM.generate_key(256).hex().encode())
        try:
            return bytes.fromhex(path.read_text(encoding="ascii").strip())
        except ValueError as error:
            raise VaultError(f"{path} does not hold a key in hexadecimal: restore it from its backup") from error

    @staticmethod
    def _open(cipher: AESGCM, sealed: bytes, label: str) -> bytes:
        try:
            return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], label.encode())
        except InvalidTag as error:
            raise VaultError(f"{label} cannot be opened: altered, or kept under another master key") from error


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
) -> dict[str, dict[str, str | None]]:
    """The one function that gives names back: household_key → {household_no, head_name}, the newest known.

    The audit record (who, as what, why, how many, which keys) is written before anything is returned; if `audit`
    raises, nothing is. Keys that no delivery names are absent. Raises ValueError for an empty purpose, actor or role.
    """
    if not purpose.strip() or not actor.strip() or not role.strip():
        raise ValueError("re-identification needs a purpose, a named actor and a role")
    wanted = pa.array(sorted(set(household_keys)), pa.string())
    vault = Vault(home)
    found: dict[str, dict[str, str | None]] = {}
    for receipt in sorted(read_receipts(home), key=lambda r: (r.known_at, r.load_id)):
        if receipt.outcome != "landed" or not (home.vault / "identity" / f"{receipt.load_id}.enc").exists():
            continue
        names = from_bytes(vault.open(receipt.load_id, "identity"))
        names = names.filter(pc.is_in(names["household_key"], value_set=wanted))
        for row in names.to_pylist():
            known = found.setdefault(row["household_key"], {"household_no": None, "head_name": None})
            known["household_no"] = row["household_no"]
            if row.get("head_name"):
                known["head_name"] = row["head_name"]
            elif row.get("relation_text") in _HEAD_RELATIONS and row.get("person_name"):
                known["head_name"] = row["person_name"]
    audit(
        {
            "event": "reidentified",
            "at": datetime.now(UTC).isoformat(),
            "actor": actor,
            "role": role,
            "purpose": purpose,
            "asked": len(wanted),
            "found": len(found),
            "household_keys": wanted.to_pylist(),
        }
    )
    return found
