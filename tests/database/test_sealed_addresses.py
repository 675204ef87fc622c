"""P1: e-mail addresses stand in no table and no file of the database, in whatever spelling, and everything works."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app import clock
from app.actions import credentials, limits
from app.addresses import address_key, mailbox_key
from app.attempts import Attempt
from app.database import scrub, session
from app.errors import SealBroken
from app.extensions import db
from app.mail import tokens
from app.mail.suppressions import suppress
from app.models import Account, AddressChange, TokenPurpose
from app.queries import accounts, suppressions
from app.transaction import transaction
from app.vocabulary import SuppressionReason
from tests.factories import make_account, make_coordinator, make_mail, make_sponsor, writing
from tests.stored import everything_stored

CANARY = "Kanarek.Zuzanna"
EMAIL = f"{CANARY}@example.org"
NEW = f"new.{EMAIL}"


def is_stored(*words: str) -> bool:
    stored = everything_stored().lower()
    return any(word.lower() in stored for word in words)


def _used_for_everything() -> Account:
    """An account whose address has been typed, mailed, refused, counted, and is to be changed."""
    account = make_sponsor(email=EMAIL).account
    make_mail(account=account)
    with transaction():
        for purpose in TokenPurpose:
            tokens.issue(account, purpose, moment=clock.now(), address=EMAIL)
        limits.begin([(Attempt.LOG_IN_OF_ACCOUNT, address_key(EMAIL))])
        limits.may_mail(mailbox_key(EMAIL))
        suppress(account.email_key, SuppressionReason.REFUSED)
        credentials.ask_for_address(NEW, by=accounts.viewer_of(account))
    return account


def test_p1_an_address_is_nowhere_in_what_is_stored(app: Flask) -> None:
    scrub()  # of what other tests left in SQLite's log
    account = _used_for_everything()
    wanted = accounts.wanted_address(account.id)
    assert (account.email, wanted and wanted.old_email, wanted and wanted.new_email) == (EMAIL, EMAIL, NEW)

    assert not is_stored(CANARY, CANARY.replace(".", ""), "@example.org")


def test_p1_the_log_of_sqlite_holds_no_address_either(app: Flask) -> None:
    """It is read while nobody has emptied it: each commit of the makers stands in it still."""
    if db.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's log is the server's own")
    with db.engine.connect() as holding:
        holding.exec_driver_sql("SELECT count(*) FROM account")
        make_account(email=EMAIL)

        assert "s1.tests." in everything_stored()
        assert not is_stored(CANARY)


@pytest.mark.parametrize("spelt", [EMAIL, EMAIL.lower(), EMAIL.upper(), f" {EMAIL} "])
def test_an_address_is_found_however_it_is_spelt(app: Flask, spelt: str) -> None:
    account = make_account(email=EMAIL)
    make_account()

    assert accounts.by_email(spelt) == account


def test_nobody_is_found_by_a_part_of_an_address_or_by_what_is_none(app: Flask) -> None:
    make_account(email=EMAIL)

    assert [accounts.by_email(part) for part in (CANARY, "@example.org", "", "%")] == [None] * 4


def test_two_accounts_never_have_one_address_in_two_spellings(app: Flask) -> None:
    make_account(email=EMAIL)

    with pytest.raises(IntegrityError):
        make_account(email=EMAIL.upper())
    session().rollback()


def test_digests_from_before_addresses_were_sealed_go_on_holding(app: Flask) -> None:
    """M2: they were made from the address as it is compared, and are made from the opened one now."""
    with writing():
        suppress(EMAIL.lower(), SuppressionReason.BOUNCED)

    assert suppressions.reason_for(make_account(email=EMAIL).email_key) is SuppressionReason.BOUNCED


def test_p1_the_ciphertext_of_an_address_opens_in_no_other_row_or_column(app: Flask) -> None:
    mine, other = make_account(email=EMAIL), make_account()
    with writing():
        change = AddressChange(account_id=mine.id, old_email=EMAIL, new_email=NEW, asked_at=clock.now())
        session().add(change)
    change_id = change.id
    with transaction():
        session().execute(update(Account).where(Account.id == other.id).values(email_sealed=mine.email_sealed))
        moved = {"old_email_sealed": change.new_email_sealed, "new_email_sealed": mine.email_sealed}
        session().execute(update(AddressChange).values(moved))
    session().expire_all()

    for row, name in ((other, "email"), (session().get_one(AddressChange, change_id), "old_email")):
        with pytest.raises(SealBroken):
            getattr(row, name)
    with pytest.raises(SealBroken):
        _ = session().get_one(AddressChange, change_id).new_email


def test_p1_the_ciphertexts_of_short_addresses_are_as_long_as_one_another(app: Flask) -> None:
    make_account(email="a@example.org"), make_coordinator(email="a.longer.one@example.org")

    lengths = {len(sealed) for sealed in session().scalars(select(Account.email_sealed))}

    assert len(lengths) == 1


def test_a7_a_link_that_went_to_another_address_does_not_act(app: Flask) -> None:
    account = make_account(email=EMAIL)
    with transaction():
        token = tokens.issue(account, TokenPurpose.RESET, moment=clock.now(), address=NEW)

    assert accounts.mailed_token(token, TokenPurpose.RESET) is None
    with clock.at(clock.now() + timedelta(minutes=1)), transaction():
        account.email = NEW
    assert accounts.mailed_token(token, TokenPurpose.RESET) is not None
