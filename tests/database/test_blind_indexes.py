"""Another secret than the one that addresses are found by: it stops the start, and can be gone over to (P2)."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from app import create_app
from app.actions import blind_indexes
from app.database import session
from app.extensions import db
from app.models import Account, PrisonerFact
from app.queries.accounts import by_email
from app.transaction import transaction
from app.vocabulary import Fact
from config import MissingSetting
from tests.factories import make_account, make_prisoner

ANOTHER = "another-secret-0123456789-abcdefghij"
EMAILS = [f"somebody.{number}@example.org" for number in range(5)]


@pytest.fixture
def planted(app: Flask) -> Iterator[None]:
    """Accounts and a fact, found by the secret that the site had; it is put back after the test."""
    settings = app.config["VESTKA"]
    for email in EMAILS:
        make_account(email=email)
    make_prisoner(facts=[Fact.DISABILITY])
    session().rollback()
    yield
    app.config["VESTKA"] = settings


def start(app: Flask, **changes: Any) -> None:
    """Another program of the site."""
    session().rollback()
    with create_app(replace(app.config["VESTKA"], **changes)).app_context():
        db.engine.dispose()


def reindex(app: Flask) -> Any:
    app.config["VESTKA"] = replace(app.config["VESTKA"], secret_key=ANOTHER)
    session().rollback()
    return app.test_cli_runner().invoke(args=["keys", "reindex", "--json"])


def test_p2_another_secret_refuses_to_start_and_says_what_to_set(app: Flask, planted: None) -> None:
    start(app)

    with pytest.raises(MissingSetting, match="VESTKA_SECRET_KEY is not the one"):
        start(app, secret_key=ANOTHER)

    start(app, secret_key=ANOTHER, new_secret=True)


def test_p2_before_there_is_an_account_any_secret_will_do(app: Flask) -> None:
    start(app, secret_key=ANOTHER)


def test_p2_one_row_that_was_spoilt_does_not_stop_the_site(app: Flask, planted: None) -> None:
    with transaction():
        session().execute(update(Account).values(email_sealed="s1.tests.AAAA"))

    start(app)


def test_p2_everybody_is_found_again_once_the_indexes_are_written_under_the_new_secret(
    app: Flask, planted: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(blind_indexes, "BATCH", 2)

    answer = json.loads(reindex(app).stdout)

    assert answer["indexed_anew"] == {
        "account.email_sealed": 5 + _staff(), "address_change.new_email_sealed": 0, "prisoner_fact.fact_sealed": 1,
    }  # fmt: skip
    assert all(by_email(email) for email in EMAILS)
    [fact] = session().scalars(select(PrisonerFact))
    assert fact.fact_index == PrisonerFact.fact.digest(Fact.DISABILITY, within=fact.prisoner_id)
    start(app)


def test_p2_a_second_time_finds_nothing_to_do_and_what_does_not_open_is_named(app: Flask, planted: None) -> None:
    spoilt = by_email(EMAILS[0])
    assert spoilt is not None
    spoilt_id = spoilt.id
    with transaction():
        spoilt.email_sealed = "s1.tests.AAAA"
    reindex(app)

    again = reindex(app)

    assert again.exit_code == 1
    assert set(json.loads(again.stdout)["indexed_anew"].values()) == {0}
    assert json.loads(again.stdout)["broken"] == [f"account.email_sealed {spoilt_id}"]


def _staff() -> int:
    """Whoever the makers made beside them."""
    return len(list(session().scalars(select(Account.id)))) - len(EMAILS)
