"""Sealing: values that the database holds only as ciphertext (docs/threats.md, P1). Pure.

AES-256-GCM under one of the site's keys. The place of a value (table, column, row) is sealed with it, so ciphertext
that was moved to another row or column does not open. Each ciphertext names its key: old keys go on opening what they
sealed until everything is sealed anew under the current one. Values are filled up before they are sealed: the length
of its ciphertext tells no short word from another.
"""

import base64
import binascii
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.errors import SealBroken

NONCE_BYTES = 12
FILLED_UP_TO = 32
"""Bytes: a value is filled up to a multiple of so many."""

_VERSION = "s1"
_FILLING = b"\0"


@dataclass(frozen=True)
class Place:
    """Where a sealed value stands; it opens nowhere else."""

    table: str
    column: str
    row_id: str

    def associated_data(self, key_id: str) -> bytes:
        """What is authenticated beside the ciphertext: no two places write it alike."""
        return f"{_beginning(key_id, self.table, self.column)}{json.dumps(self.row_id)}]".encode()


@dataclass(frozen=True, repr=False)
class Keyring:
    """The site's seal keys as (id, 32 bytes); the first is current, the others only open."""

    keys: Sequence[tuple[str, bytes]]

    @property
    def current_id(self) -> str:
        """The id of the key that seals now. Raises SealBroken where there is no key at all."""
        if not self.keys:
            raise SealBroken("No seal key is set.")
        return self.keys[0][0]

    def seal(self, value: str, place: Place) -> str:
        """The ciphertext of `value` for `place` under the current key: ASCII text. A NUL at its end is not kept."""
        key_id = self.current_id
        nonce = secrets.token_bytes(NONCE_BYTES)
        sealed = _cipher(self._key(key_id)).encrypt(nonce, _filled(value.encode()), place.associated_data(key_id))
        return f"{sealed_under(key_id)}{base64.urlsafe_b64encode(nonce + sealed).decode('ascii')}"

    def open(self, sealed: str, place: Place) -> str:
        """The value behind `sealed`.

        Raises SealBroken where its key is missing or another, where it was changed, or where it was sealed for
        another place.
        """
        key_id, content = _parts(sealed)
        try:
            opened = _cipher(self._key(key_id)).decrypt(
                content[:NONCE_BYTES], content[NONCE_BYTES:], place.associated_data(key_id)
            )
        except (InvalidTag, ValueError) as failure:
            raise SealBroken("A sealed value does not open.") from failure
        return opened.rstrip(_FILLING).decode()

    def _key(self, key_id: str) -> bytes:
        for name, key in self.keys:
            if name == key_id:
                return key
        raise SealBroken("A value was sealed under a key that is not set.")


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


@lru_cache(maxsize=256)
def _beginning(key_id: str, table: str, column: str) -> str:
    """The associated data as far as it is the same for every row of a column."""
    return json.dumps([_VERSION, key_id, table, column])[:-1] + ", "


def _filled(value: bytes) -> bytes:
    return value + _FILLING * (-len(value) % FILLED_UP_TO)


def sealed_under(key_id: str) -> str:
    """How every ciphertext under that key begins, and none under another: ids hold no dot and no wildcard."""
    return f"{_VERSION}.{key_id}."


def _parts(sealed: str) -> tuple[str, bytes]:
    version, _, rest = sealed.partition(".")
    key_id, _, content = rest.partition(".")
    if version != _VERSION:
        raise SealBroken("A sealed value has no form that is known.")
    try:
        return key_id, base64.b64decode(content, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as failure:
        raise SealBroken("A sealed value has no form that is known.") from failure
