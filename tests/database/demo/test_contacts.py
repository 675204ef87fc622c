"""Contacts of families in the demo: a few, of people who are held, each within reach of a coordinator who tries it."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.database import session
from app.models import Account, Caseload, ContactOpening, FamilyContact, Prisoner
from app.vocabulary import NO_LONGER_HELD
from tests.database.cli.runner import answer

pytestmark = pytest.mark.slow


def test_every_coordinator_of_the_demo_has_contacts_to_open_and_their_numbers_are_nobodys(demo: Flask) -> None:
    answer(demo, "demo", "seed", "--prisoners", "40", "--sponsors", "40")

    query = select(FamilyContact, Account).join(Caseload, Caseload.prisoner_id == FamilyContact.prisoner_id)
    rows = session().execute(query.join(Account, Account.id == Caseload.account_id)).all()
    held = select(Prisoner.detention_status).where(Prisoner.id.in_([contact.prisoner_id for contact, _ in rows]))

    assert {account.email for _, account in rows} == {
        f"coordinator.{name}@example.org" for name in ("west", "east", "caseload")
    }
    assert all("+44 1632 960" in (contact.reach or "") for contact, _ in rows)
    assert not NO_LONGER_HELD.intersection(session().scalars(held))
    assert session().scalars(select(ContactOpening)).first() is not None
    assert answer(demo, "audit", "verify")["events"]
