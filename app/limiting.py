"""Flask-Limiter's counters in the database of the site: shared by all web processes, kept over a restart.

A key holds the network that asked, so only its keyed hash is stored.
"""

from datetime import timedelta
from typing import Any

from limits.storage import Storage
from sqlalchemy import case, delete, select
from sqlalchemy.exc import DBAPIError

from app.clock import now
from app.database import inserting, session
from app.keys import KeyPurpose, signature
from app.models import AttemptCount
from app.settings import current_settings
from app.transaction import transaction

ADDRESS = "vestka-database://"
"""What Flask-Limiter is told to find this storage by."""


class DatabaseStorage(Storage):
    """Counts in `attempt_count`, one statement for each hit, however many processes hit at once."""

    STORAGE_SCHEME = ["vestka-database"]

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the storage's own failures are: they are not hidden, and become the page with 503."""
        return DBAPIError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a hit and return how many there are in the window, which lasts `expiry` seconds from its first."""
        with transaction():
            count: int = session().scalars(_hit(_stored(key), expiry, amount)).one()
            return count

    def get(self, key: str) -> int:
        """How many hits there are in the window that goes on."""
        found = self._found(key)
        return found.count if found else 0

    def get_expiry(self, key: str) -> float:
        """When the window ends, in seconds of the system's clock; now, where there is none."""
        found = self._found(key)
        return (found.expires_at if found else now()).timestamp()

    def check(self) -> bool:
        """Whether the storage answers."""
        session().execute(select(AttemptCount.key).limit(1))
        return True

    def reset(self) -> int | None:
        """Not offered: one table counts more than Flask-Limiter's hits."""
        return None

    def clear(self, key: str) -> None:
        """Begin a window anew."""
        with transaction():
            session().execute(delete(AttemptCount).where(AttemptCount.key == _stored(key)))

    def _found(self, key: str) -> AttemptCount | None:
        return session().scalar(
            select(AttemptCount).where(AttemptCount.key == _stored(key), AttemptCount.expires_at > now())
        )


def _stored(key: str) -> str:
    return signature(current_settings().secret_key, KeyPurpose.LIMIT, key)


def _hit(key: str, expiry: int, amount: int) -> Any:
    moment = now()
    ends = moment + timedelta(seconds=expiry)
    over = AttemptCount.expires_at <= moment
    adding = inserting(AttemptCount).values(key=key, count=amount, expires_at=ends)
    return adding.on_conflict_do_update(
        index_elements=["key"],
        set_={
            "count": case((over, amount), else_=AttemptCount.count + amount),
            "expires_at": case((over, ends), else_=AttemptCount.expires_at),
        },
    ).returning(AttemptCount.count)
