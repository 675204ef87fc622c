"""Which seal keys this database was written with, so that a wrong or missing one is noticed at the start (P2)."""

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.clock import now
from app.database import session
from app.errors import SealBroken
from app.models import SealKey
from app.models.sealed import keyring

PROOF = "sealed with the right key"


def check() -> bool:
    """Whether the current key is known here already; else the caller lets `begin` write it down.

    Raises SealBroken where a key that something was sealed with is missing, or has other bytes under its id.
    """
    known = session().scalars(select(SealKey)).all()
    for key in known:
        if key.proof != PROOF:
            raise SealBroken("A seal key is not the one it was.")
    return keyring().current_id in {key.id for key in known}


def begin() -> None:
    """Write the current key down, by its id and a text sealed with it; once, however many begin together."""
    key = SealKey(id=keyring().current_id, begun_at=now())
    key.proof = PROOF
    insert = postgresql.insert if session().get_bind().dialect.name == "postgresql" else sqlite.insert
    fresh = insert(SealKey).values(id=key.id, proof_sealed=key.proof_sealed, begun_at=key.begun_at)
    session().execute(fresh.on_conflict_do_nothing(index_elements=["id"]))
