"""Sealed columns: plain in Python, ciphertext in the table, and bound to their row and column (P1)."""

from collections.abc import Iterator
from dataclasses import replace
from enum import StrEnum
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import String, create_engine, text
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from app.database import WRITING
from app.errors import SealBroken
from app.keys import KeyPurpose
from app.models.sealed import BY_ADDRESS, BlindIndex, BlindText, EmailIndex, Sealed, SealedText
from tests.conftest import make_settings

CANARY = "+375 00 000 00 00"


class Base(DeclarativeBase):
    """Apart from the real tables, which migrations are compared with."""


class Tie(StrEnum):
    """Who they are to the prisoner."""

    SISTER = "sister"


class Contact(Base):
    __tablename__ = "contact"

    id: Mapped[str] = mapped_column(String(16), primary_key=True)
    telephone_sealed: Mapped[SealedText | None]
    email_sealed: Mapped[SealedText | None]
    email_index: Mapped[EmailIndex | None]
    family: Mapped[str | None] = mapped_column(String(16))
    tie_sealed: Mapped[SealedText | None]
    tie_index: Mapped[BlindText | None]

    telephone = Sealed[str | None]()
    email = Sealed[str | None](index=BY_ADDRESS)
    tie = Sealed[Tie | None](Tie, index=BlindIndex(KeyPurpose.FACT, within="family"))


@pytest.fixture
def keys(tmp_path: Path) -> Iterator[Flask]:
    """An application with seal keys, and nothing else."""
    app = Flask(__name__)
    app.config["VESTKA"] = make_settings(tmp_path, "sqlite://")
    with app.app_context():
        yield app


def test_p1_a_row_comes_back_whole_and_its_table_holds_ciphertext(keys: Flask) -> None:
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    with Session(engine, info={WRITING: True}) as session:
        session.add(Contact(telephone=CANARY))
        session.commit()

        stored = session.execute(text("SELECT telephone_sealed, email_sealed FROM contact")).one()
        [contact] = session.query(Contact).all()

        assert CANARY not in stored[0]
        assert stored[1] is None
        assert (contact.telephone, contact.email) == (CANARY, None)
    engine.dispose()


def test_p1_ciphertext_copied_to_another_column_or_row_fails_closed(keys: Flask) -> None:
    contact = Contact(telephone=CANARY)
    contact.email_sealed = contact.telephone_sealed
    other = Contact(id="another", telephone_sealed=contact.telephone_sealed)

    for row, name in ((contact, "email"), (other, "telephone")):
        with pytest.raises(SealBroken):
            getattr(row, name)


def test_p1_equal_values_are_found_by_a_digest_that_needs_the_sites_secret(keys: Flask) -> None:
    one, same = Contact(email="Somebody@example.org"), Contact(email="somebody@example.org")
    before = one.email_index
    keys.config["VESTKA"] = replace(keys.config["VESTKA"], secret_key="another-secret-0123456789-abcdefghij")

    assert one.email_index == same.email_index
    assert Contact.email.digest("somebody@example.org") != before
    one.email = None
    assert (one.email_sealed, one.email_index) == (None, None)


def test_p1_the_same_value_has_another_digest_within_another_family(keys: Flask) -> None:
    one, other = (Contact(family=family, tie=Tie.SISTER) for family in ("one", "other"))

    assert one.tie is Tie.SISTER
    assert one.tie_index == Contact.tie.digest(Tie.SISTER, within="one") != other.tie_index
    with pytest.raises(ValueError, match="before the value"):
        Contact(tie=Tie.SISTER)


def test_what_has_no_blind_index_is_not_looked_for() -> None:
    with pytest.raises(TypeError, match="telephone_sealed"):
        Contact.telephone.digest(CANARY)


def test_nothing_is_sealed_for_a_row_without_its_key(keys: Flask) -> None:
    class Part(Base):
        __tablename__ = "part"

        contact_id: Mapped[str] = mapped_column(String(16), primary_key=True)
        note_sealed: Mapped[SealedText | None]
        note = Sealed[str]()

    with pytest.raises(ValueError, match="primary key"):
        Part(note=CANARY)
