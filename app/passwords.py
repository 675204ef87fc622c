"""Passwords: argon2id, and which ones are taken. Pure.

Hashing one password takes 64 MiB for a tenth of a second, so a flood of log-ins is met by a small number at a time.
"""

from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.errors import BadInput

SHORTEST, LONGEST = 12, 128
_AT_ONCE = BoundedSemaphore(4)
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_nobody = _hasher.hash("the password of nobody at all")


def check_new(password: str) -> None:
    """Raise BadInput for a password that is too short, too long, or one letter over and over."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"Use {SHORTEST} to {LONGEST} characters.")
    if len(set(password)) < 4:
        raise BadInput("Use more than a few different characters.")


def make_hash(password: str) -> str:
    """The argon2id hash to store."""
    with _AT_ONCE:
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; takes as long where there is no account (`None`).

    An overlong password is refused before it is hashed.
    """
    if len(password) > LONGEST:
        return False
    with _AT_ONCE:
        try:
            return _hasher.verify(stored or _nobody, password) and stored is not None
        except (VerificationError, InvalidHashError):
            return False


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)
