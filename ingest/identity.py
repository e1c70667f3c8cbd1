"""Identity leaves here: ID and household numbers become keys (HMAC-SHA256) that only this installation can make."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.durable import private_folder, write_private
from ingest.errors import VaultError
from ingest.home import Home

_KEY_BYTES = 32
_BLOCK_BYTES = 64  # SHA-256's
_KEY_HEX = 32
_REMEMBERED = 1_000_000  # keys of one purpose kept in memory, about 200 bytes each


class _Keys(dict[str, str]):
    """Keys of one purpose, made when first asked for and then remembered: the same persons come back every month.

    HMAC (RFC 2104) is a hash within a hash, each beginning with the padded secret. Both beginnings are hashed once and
    copied: for a short message that is more than twice as fast as `hmac.digest`, to which the tests compare it.
    """

    def __init__(self, secret: bytes, purpose: str) -> None:
        super().__init__()
        padded = secret.ljust(_BLOCK_BYTES, b"\0")
        self._inner = hashlib.sha256(bytes(b ^ 0x36 for b in padded) + f"{purpose}\0".encode()).copy
        self._outer = hashlib.sha256(bytes(b ^ 0x5C for b in padded)).copy

    def __missing__(self, value: str) -> str:
        inner, outer = self._inner(), self._outer()
        inner.update(value.encode())
        outer.update(inner.digest())
        key = self[value] = outer.hexdigest()[:_KEY_HEX]
        return key


class HmacKey:
    """The key behind person_key and household_key. It is not rotated: history would break."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != _KEY_BYTES:
            raise VaultError(f"the HMAC key must have {_KEY_BYTES} bytes; restore it from its backup")
        self._secret = secret
        self._made: dict[str, _Keys] = {}
        self.key_id = hashlib.sha256(b"shouxian hmac key id\0" + secret).hexdigest()[:12]

    def keys_in_order(self, values: Sequence[str], purpose: str) -> list[str]:
        """Normalised values → 32 hex characters each.

        The purpose (`person`, `household`, `name`) is part of the message: equal texts of two kinds get two keys.
        """
        made = self._made.get(purpose)
        if made is None or len(made) > _REMEMBERED:
            made = self._made[purpose] = _Keys(self._secret, purpose)
        return [made[value] for value in values]

    def keys_for(self, values: Iterable[str], purpose: str) -> dict[str, str]:
        """As `keys_in_order`, by value."""
        distinct = list(dict.fromkeys(values))
        return dict(zip(distinct, self.keys_in_order(distinct, purpose), strict=True))

    @classmethod
    def load_or_create(cls, home: Home) -> HmacKey:
        """The installation's key, made on first use.

        Raises VaultError if it is missing or another one while landings written with a key exist.
        """
        path = home.keys / "hmac.key"
        written_with = _landing_key_id(home)
        if not path.exists():
            if written_with:
                raise VaultError(
                    f"the HMAC key is missing from {path.parent}, but the landing was written with key {written_with}: "
                    "restore the key from its backup; nothing has been read"
                )
            private_folder(path.parent)
            write_private(path, os.urandom(_KEY_BYTES).hex().encode())
        try:
            key = cls(bytes.fromhex(path.read_text(encoding="ascii").strip()))
        except (ValueError, UnicodeDecodeError) as error:
            raise VaultError(f"{path} does not hold a key in hexadecimal: restore it from its backup") from error
        if written_with and written_with != key.key_id:
            raise VaultError(
                f"the landing was written with HMAC key {written_with}, but {path.name} holds key {key.key_id}: "
                "restore the right key; nothing has been read"
            )
        if not written_with:
            home.landing.mkdir(parents=True, exist_ok=True)
            write_private(_marker(home), key.key_id.encode())
        return key


def _marker(home: Home) -> Path:
    return home.landing / "key_id"


def _landing_key_id(home: Home) -> str | None:
    """The id of the key that the landing was written with; None while nothing has landed."""
    if _marker(home).exists():
        return _marker(home).read_text(encoding="ascii").strip()
    for receipt in home.landing.glob("*/*/receipt.json"):
        node = json.loads(receipt.read_text(encoding="utf-8"))
        if node.get("rows_path"):
            return str(node["key_id"])
    return None
