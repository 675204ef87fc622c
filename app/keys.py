"""Keys for single purposes, derived from the site's secret. Pure.

One secret never serves two purposes: whoever learns how a token is signed learns nothing of the audit chain.
"""

import base64
import hashlib
import hmac
from enum import StrEnum
from functools import lru_cache


class KeyPurpose(StrEnum):
    """What a derived key is for; the value takes part in the derivation and must never change."""

    AUDIT = "audit"
    AUDIT_HEAD = "audit_head"
    SUPPRESSION = "suppression"
    QUARANTINE = "quarantine"
    UNSUBSCRIBE = "unsubscribe"
    REMINDER_ANSWER = "reminder_answer"
    RETURN_PATH = "return_path"
    LIMIT = "limit"
    OFFICIAL_ADDRESS = "official_address"
    ADDRESS = "address"
    FACT = "fact"
    FINGERPRINT = "fingerprint"


@lru_cache(maxsize=64)
def derive(secret: str, purpose: KeyPurpose) -> bytes:
    """The 32-byte key for `purpose`: the extract-and-expand scheme of RFC 5869 with one block."""
    extracted = hmac.digest(b"vestka", secret.encode(), hashlib.sha256)
    return hmac.digest(extracted, purpose.value.encode() + b"\x01", hashlib.sha256)


def signature(secret: str, purpose: KeyPurpose, *parts: str) -> str:
    """The HMAC-SHA-256 over the parts, for a link: 43 letters of URL-safe base64. No part may hold a line feed."""
    signed = hmac.digest(derive(secret, purpose), "\n".join(parts).encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(signed).decode("ascii").rstrip("=")
