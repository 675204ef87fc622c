"""P8: what strangers are shown is who is public for a recorded reason, and lets nobody count anything else."""

import re
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from app.models import Prisoner
from app.vocabulary import DetentionStatus, MatchState, Publicity, VettingState
from tests.factories import (
    make_account,
    make_coordinator,
    make_match,
    make_prisoner,
    make_sponsor,
    writing,
)

PATHS = (
    "/", "/people", "/people?q=Vydumka", "/people?page=1", "/how-it-works", "/safety", "/privacy", "/signup",
    "/healthz", "/readyz",
)  # fmt: skip
NOT_PUBLIC = (Publicity.COORDINATORS_ONLY, Publicity.SPONSORS_ONLY)
HIDDEN = "Niabachny"


def _named(name: str, **changes: Any) -> Prisoner:
    return make_prisoner(name=name, name_latin=name, **changes)


def _shown(client: FlaskClient) -> dict[str, str]:
    """Every public page without what differs each time: the tokens of forms."""
    pages = {path: client.get(path).get_data(as_text=True) for path in PATHS}
    return {path: re.sub(r'name="csrf_token"[^>]*value="[^"]*"', "", page) for path, page in pages.items()}


def test_p8_no_public_page_changes_with_seats_sponsors_matches_or_hidden_people(
    app: Flask, client: FlaskClient
) -> None:
    """So no count can be read from them, nor made by looking again tomorrow or by subtraction."""
    alena = _named("Vydumka Alena", publicity=Publicity.PUBLIC)
    before = _shown(client)

    with writing():
        alena.godparent_seats, alena.letter_writer_seats, alena.pinned_tier = 7, 9, 0
    for number in range(4):
        make_match(prisoner=alena, sponsor=make_sponsor(country="FR"), state=MatchState.ACTIVE)
        _named(f"{HIDDEN} {number}", publicity=NOT_PUBLIC[number % 2])
        make_sponsor(vetting_state=VettingState.PENDING, account=make_account(email_confirmed_at=None))
    make_coordinator()
    _named(f"{HIDDEN} free", publicity=Publicity.PUBLIC, detention_status=DetentionStatus.RELEASED)

    assert _shown(client) == before


@pytest.mark.parametrize("publicity", NOT_PUBLIC)
def test_p8_nobody_is_on_a_public_page_who_is_not_public(client: FlaskClient, publicity: Publicity) -> None:
    hidden = _named(HIDDEN, publicity=publicity)

    pages = _shown(client) | {"search": client.get(f"/people?q={HIDDEN}").text.replace(f'value="{HIDDEN}"', "")}

    assert not [path for path, page in pages.items() if HIDDEN in page or hidden.id in page]


@pytest.mark.parametrize("publicity", [Publicity.SPONSORS_ONLY, Publicity.PUBLIC])
def test_p8_the_database_refuses_publicity_without_its_basis_and_who_recorded_it(
    app: Flask, publicity: Publicity
) -> None:
    for missing in ({"publicity_basis": None}, {"publicity_by": None, "publicity_at": None}):
        with pytest.raises(IntegrityError, match="publicity_has_basis"):
            make_prisoner(publicity=publicity, **missing)


def test_p8_publicity_is_coordinators_only_until_somebody_says_otherwise() -> None:
    assert Prisoner.__table__.c.publicity.default.arg is Publicity.COORDINATORS_ONLY  # type: ignore[attr-defined]
