"""Which prisoners, sponsors and contacts of families a page has read: counted where records are loaded, so that no page
can be forgotten.

A record that is loaded while a page of the staff is made counts as shown on it. Computations over everybody read
columns and not records (`app.queries.matching`), and count for nobody.
"""

from sqlalchemy import event
from sqlalchemy.orm import QueryContext, Session

from app.database import session
from app.models import FamilyContact, Prisoner, Sponsor

_READ = "vestka_people_read"
"""In a session's `info` while what it loads is counted: the ids."""


def begin() -> None:
    """Count what the current session loads from now on."""
    session().info[_READ] = set()


def taken() -> frozenset[str]:
    """The ids of the people loaded since `begin` or the last `taken`; nobody where nothing is counted."""
    read = frozenset(session().info.get(_READ, ()))
    if read:
        session().info[_READ] = set()
    return read


def _note(person: Prisoner | Sponsor | FamilyContact, context: QueryContext) -> None:
    current: Session = context.session
    read = current.info.get(_READ)
    if read is not None:
        read.add(person.id)


for _table in (Prisoner, Sponsor, FamilyContact):
    event.listen(_table, "load", _note)
