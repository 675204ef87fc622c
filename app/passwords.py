"""Passwords: argon2id, and which ones are taken. Pure.

Hashing one password takes 64 MiB for a tenth of a second, so a flood of log-ins is met by a small number at a time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from app.common_passwords import is_common
from app.errors import BadInput, Unavailable

SHORTEST, LONGEST = 12, 128
PATIENCE_SECONDS = 10
"""How long a password waits for its turn; whoever comes later is asked to try again."""

_AT_ONCE = BoundedSemaphore(4)
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)
_nobody = _hasher.hash("the password of nobody at all")


def check_new(password: str) -> None:
    """Raise BadInput for a password that is too short, too long, or among the first that are guessed."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise BadInput(f"Use {SHORTEST} to {LONGEST} characters.")
    if is_common(password):
        raise BadInput("This is among the passwords that are guessed first. Use three or four unrelated words.")


def make_hash(password: str) -> str:
    """The argon2id hash to store. Raises Unavailable where too many wait for one."""
    with _turn():
        return _hasher.hash(password)


def matches(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; takes as long where that is no hash, or no account (`None`).

    An overlong password is refused before it is hashed. Raises Unavailable where too many wait.
    """
    if len(password) > LONGEST:
        return False
    with _turn():
        return _is_behind(stored or _nobody, password) and stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker settings than today's."""
    return _hasher.check_needs_rehash(stored)


def _is_behind(stored: str, password: str) -> bool:
    try:
        return _hasher.verify(stored, password)
    except InvalidHashError:
        _is_behind(_nobody, password)
        return False
    except VerificationError:
        return False


@contextmanager
def _turn() -> Iterator[None]:
    """One of the few places at which passwords are hashed (A4)."""
    if not _AT_ONCE.acquire(timeout=PATIENCE_SECONDS):
        raise Unavailable("Too many are logging in at this moment.")
    try:
        yield
    finally:
        _AT_ONCE.release()
