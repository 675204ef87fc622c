"""One-time codes: what an authenticator app shows (RFC 6238), and the recovery codes for whoever lost theirs. Pure."""

import base64
import hashlib
import hmac
import re
import secrets
from datetime import datetime

import pyotp
import segno

SEED_BYTES = 20
"""As long as the HMAC's own output (RFC 4226, 4)."""

STEP_SECONDS = 30
CODE = re.compile(r"[0-9]{6}")
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
NAME_IN_APP = "Vestka"
"""All that an app shows of us: whoever opens the phone learns neither the address nor what this is about."""

_NOISE = re.compile(r"[\s-]+")


def new_seed() -> str:
    """A fresh random seed in base32."""
    return base64.b32encode(secrets.token_bytes(SEED_BYTES)).decode("ascii")


def code_at(seed: str, step: int) -> str:
    """The six digits that an app with this seed shows during the step."""
    return pyotp.TOTP(seed, interval=STEP_SECONDS).at(step * STEP_SECONDS)


def step_at(moment: datetime) -> int:
    """The number of the step that the moment lies in."""
    return int(moment.timestamp()) // STEP_SECONDS


def matching_step(seed: str, typed: str, *, moment: datetime, after: int | None) -> int | None:
    """The step whose code was typed, if it may still be used; None otherwise.

    One step before and one after `moment` pass as well, since clocks differ and people type slowly. No step up to
    `after` does: a code works once (RFC 6238, 5.2).
    """
    code = _NOISE.sub("", typed)
    if not CODE.fullmatch(code):
        return None
    present = step_at(moment)
    for step in (present - 1, present, present + 1):
        is_same = hmac.compare_digest(code_at(seed, step), code)
        if is_same and (after is None or step > after):
            return step
    return None


def app_address(seed: str) -> str:
    """The address that an authenticator app reads from the picture."""
    return pyotp.TOTP(seed, interval=STEP_SECONDS).provisioning_uri(name=NAME_IN_APP)


def picture(seed: str) -> str:
    """The picture for an authenticator app: an SVG element that needs no style and fetches nothing."""
    return segno.make(app_address(seed), error="m").svg_inline(light="#fff", svgclass="qr", omitsize=True)


def new_recovery_codes() -> list[str]:
    """Fresh random recovery codes, in groups that can be copied by hand."""
    codes = (
        base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode("ascii").lower() for _ in range(RECOVERY_CODES)
    )
    return ["-".join((code[0:4], code[4:8], code[8:12], code[12:16])) for code in codes]


def recovery_digest(typed: str) -> str:
    """How recovery codes are stored: their SHA-256 in hex. They are random (80 bits), so nothing slower is needed."""
    return hashlib.sha256(_NOISE.sub("", typed).casefold().encode()).hexdigest()
