"""The vault's master keys: a ring whose first key wraps, and whose others still open what they wrapped.

Rotation makes a new first key, wraps every data key anew, and drops the old key when nothing needs it any more. The
ring is one file that is replaced in one step, so that a kill at any point leaves every data key readable, and the next
call goes on where the last one ended.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ingest.durable import private_folder, sync_filesystem, write_private
from ingest.errors import VaultError
from ingest.home import Home

MASTER_FILE = "vault_master.key"
_MAGIC = b"SXKEY\x02"
_KEY_BYTES, _ID_BYTES, _NONCE = 32, 6, 12


def key_id(master: bytes) -> bytes:
    """Names a master key without telling anything of it."""
    return hashlib.sha256(b"shouxian master key id\0" + master).digest()[:_ID_BYTES]


class MasterRing:
    """The master keys of one installation, the wrapping one first."""

    def __init__(self, masters: list[bytes]) -> None:
        self._masters = {key_id(master): AESGCM(master) for master in masters}
        self.current_id = key_id(masters[0])
        self.secrets = tuple(masters)

    @classmethod
    def load_or_create(cls, home: Home, *, wrapped: bool) -> MasterRing:
        """The ring of this installation, made on first use.

        Raises VaultError if it is missing while data keys are `wrapped` with it, or holds no keys.
        """
        path = home.keys / MASTER_FILE
        if not path.exists():
            _refuse_loss(path, wrapped=wrapped)
            private_folder(path.parent)
            write_ring(home, [AESGCM.generate_key(256)])
        try:
            masters = [bytes.fromhex(line) for line in path.read_text(encoding="ascii").split()]
        except ValueError as error:
            raise VaultError(f"{path} does not hold keys in hexadecimal: restore it from its backup") from error
        if not masters or any(len(master) != _KEY_BYTES for master in masters):
            raise VaultError(f"{path} does not hold keys of {_KEY_BYTES} bytes: restore it from its backup")
        return cls(masters)

    def wrap(self, data_key: bytes, delivery_id: str) -> bytes:
        """The data key under the first master key, with that key's id."""
        nonce = os.urandom(_NONCE)
        head = _MAGIC + self.current_id
        return head + nonce + self._masters[self.current_id].encrypt(nonce, data_key, head + delivery_id.encode())

    def unwrap(self, wrapped: bytes, delivery_id: str) -> bytes:
        """The data key. Raises VaultError if it was altered, or wrapped with a key that is not in the ring."""
        if wrapped.startswith(_MAGIC):
            head, rest = wrapped[: len(_MAGIC) + _ID_BYTES], wrapped[len(_MAGIC) + _ID_BYTES :]
            named = self._masters.get(head[len(_MAGIC) :])
            candidates, label = [named] if named else [], head + delivery_id.encode()
        else:  # the first format names no key
            candidates, label, rest = list(self._masters.values()), delivery_id.encode(), wrapped
        for master in candidates:
            try:
                return master.decrypt(rest[:_NONCE], rest[_NONCE:], label)
            except (InvalidTag, ValueError):
                continue
        raise VaultError(f"{delivery_id} cannot be opened: altered, or kept under another master key")

    def is_current(self, wrapped: bytes) -> bool:
        """Whether the first master key wrapped it."""
        return wrapped.startswith(_MAGIC + self.current_id)


def _refuse_loss(path: Path, *, wrapped: bool) -> None:
    if wrapped:
        raise VaultError(
            f"the vault's master key is missing from {path.parent}, but deliveries are wrapped with it: "
            "restore it from its backup"
        )


def write_ring(home: Home, masters: list[bytes]) -> None:
    """Replaces the ring in one step."""
    write_private(home.keys / MASTER_FILE, "\n".join(master.hex() for master in masters).encode())


def rotate(home: Home, *, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Brings every data key under a new master key; how many there were. The caller holds the landing's lock.

    An unfinished rotation is finished first, and counts as this one. Raises VaultError if a data key opens with no key
    of the ring: then nothing is dropped.
    """
    paths = sorted((home.vault / "deliveries").glob("*.key"))
    ring = MasterRing.load_or_create(home, wrapped=bool(paths))
    if len(ring.secrets) == 1:
        write_ring(home, [AESGCM.generate_key(256), *ring.secrets])
        ring = MasterRing.load_or_create(home, wrapped=True)
    for number, path in enumerate(paths, 1):
        _wrap_anew(ring, path)
        progress(number, len(paths))
    if not all(ring.is_current(path.read_bytes()) for path in (home.vault / "deliveries").glob("*.key")):
        raise VaultError("a data key was added while the master key was rotated: rotate again")
    sync_filesystem(home.vault)  # once for all of them, and before the old key is gone
    write_ring(home, [ring.secrets[0]])
    return len(paths)


def _wrap_anew(ring: MasterRing, path: Path) -> None:
    wrapped = path.read_bytes()
    if not ring.is_current(wrapped):
        write_private(path, ring.wrap(ring.unwrap(wrapped, path.stem), path.stem), synced=False)
