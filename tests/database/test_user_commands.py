"""`flask users create-admin`: the first way in."""

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app import passwords
from app.database import session
from app.models import Account
from app.queries.accounts import by_email
from app.vocabulary import StaffRole
from tests.factories import make_account

COMMAND = ["users", "create-admin", "First@example.org"]
PASSWORD = "a long enough one"


def _create(app: Flask, *more: str, said: str) -> Result:
    return app.test_cli_runner().invoke(args=[*COMMAND, *more], input=said)


def _accounts() -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(Account)) or 0


def test_an_administrator_is_made_who_can_log_in_and_do_no_coordinators_work(app: Flask) -> None:
    result = _create(app, "--password-stdin", said=f"{PASSWORD}\n")

    session().rollback()
    account = by_email("first@example.org")
    assert result.exit_code == 0
    assert account is not None
    assert account.email_confirmed_at is not None
    assert account.staff_roles == {StaffRole.ADMINISTRATOR}
    assert passwords.matches(account.password_hash, PASSWORD)


def test_the_password_is_asked_for_twice_and_never_shown(app: Flask) -> None:
    result = _create(app, said=f"{PASSWORD}\n{PASSWORD}\n")

    assert (result.exit_code, _accounts()) == (0, 1)
    assert PASSWORD not in result.output


@pytest.mark.parametrize("weak", ["", "short", "aaaaaaaaaaaaaaaa"])
def test_a_weak_password_is_refused_with_one_line(app: Flask, weak: str) -> None:
    result = _create(app, "--password-stdin", said=f"{weak}\n")

    assert (result.exit_code, result.stdout, _accounts()) == (2, "", 0)
    assert result.stderr.count("\n") == 1


def test_an_address_that_has_an_account_is_refused(app: Flask) -> None:
    make_account(email="FIRST@example.org")

    result = _create(app, "--password-stdin", said=f"{PASSWORD}\n")

    assert (result.exit_code, _accounts()) == (2, 1)
    assert result.stderr == "Error: First@example.org has an account already.\n"


@pytest.mark.parametrize("address", ["nobody", "a@b", "a b@example.org", "a@example.org\nBcc: x", "@example.org"])
def test_what_is_no_address_is_refused_before_a_password_is_asked_for(app: Flask, address: str) -> None:
    result = app.test_cli_runner().invoke(args=["users", "create-admin", address])

    assert (result.exit_code, result.stdout, _accounts()) == (2, "", 0)
    assert result.stderr.endswith("is not an e-mail address.\n")
