"""Erasure really erases (P5): a canary in every field is gone from rows and bytes, and the trail still holds."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from app.actions import privacy
from app.clock import now
from app.database import session
from app.errors import HasDuties, NotFound
from app.models import Account, AccountToken, AddressChange, Caseload, Match, Sponsor, TokenPurpose
from app.queries.suppressions import reason_for
from app.transaction import transaction
from app.vocabulary import EndReason, MatchState, StaffRole, SuppressionReason
from tests.database.cli.runner import run
from tests.factories import (
    make_account,
    make_administrator,
    make_coordinator,
    make_dry_run_task,
    make_export,
    make_letter,
    make_login,
    make_mail,
    make_match,
    make_prisoner,
    make_second_factor,
    make_sponsor,
    make_upload,
    writing,
)
from tests.factories.writing import add
from tests.stored import everything_stored

CANARY = "kanarek-zuzanna"
EMAIL = f"{CANARY}@example.org"


def _full_of_canaries() -> Sponsor:
    sponsor = make_sponsor(
        email=EMAIL,
        name=f"{CANARY} of Example",
        search_key=CANARY,
        parliament=CANARY,
        wish_home_area=CANARY,
        conflict_notes=CANARY,
        vetting_reason=CANARY,
    )
    account = sponsor.account
    make_login(account)
    make_second_factor(account)
    make_upload(by=account, content=CANARY.encode(), filename=f"{CANARY}.csv")
    make_login(account, browser=CANARY)
    make_export(by=account, reason=CANARY)
    make_dry_run_task(by=account, changed_policy={"name": CANARY})
    match = make_match(sponsor=sponsor, state=MatchState.ACTIVE, terms={CANARY: 1})
    make_letter(match=match)
    make_mail(account=account, match=match, occasion=f"offer:{CANARY}", reason=CANARY)
    with writing():
        match.coordinator_note = match.refusal_note = match.decline_note = CANARY
        changed = {"old_email": EMAIL, "new_email": f"new-{EMAIL}"}
        add(AddressChange(account_id=account.id, asked_at=now() - timedelta(days=1), **changed))
        token = {"token_hash": "x", "purpose": TokenPurpose.RESET, "email_index": account.email_index}
        add(AccountToken(account_id=account.id, created_at=now(), expires_at=now(), **token))
    return sponsor


def test_p5_of_whom_was_erased_no_canary_is_left_and_the_trail_verifies(app: Flask) -> None:
    sponsor_id = _full_of_canaries().id
    assert CANARY in everything_stored()

    result = run(app, "privacy", "erase", EMAIL)

    session().rollback()
    match = session().scalars(select(Match).where(Match.sponsor_id == sponsor_id)).one()
    assert (result.exit_code, result.stdout) == (0, "Erased.\n")
    assert CANARY not in everything_stored()
    assert (match.state, match.end_reason) == (MatchState.ENDED, EndReason.ERASED)
    assert reason_for(EMAIL) is SuppressionReason.ERASED
    assert run(app, "audit", "verify").exit_code == 0


def test_p5_of_an_emptied_account_nothing_stays_but_its_id_and_its_first_day(app: Flask) -> None:
    """A new column fails here until `app.actions.privacy` empties it."""
    account = _full_of_canaries().account
    with writing():
        account.interface_language = "be"
    names = inspect(Account).columns.keys()
    before = {name: getattr(account, name) for name in names}

    with transaction():
        privacy.erase(email=EMAIL, by=None)

    left = session().get_one(Account, before["id"])
    assert [name for name in names if getattr(left, name) == before[name]] == ["id", "created_at"]


def test_p5_of_an_emptied_sponsor_role_kind_of_support_and_country_stay() -> None:
    """A new column fails here until `app.actions.privacy` empties it."""
    stays = {"id", "account_id", "created_at", "version", "role", "support_kind", "country"}

    assert set(Sponsor.__table__.columns.keys()) - stays == set(privacy._NOBODY)


def test_p5_whom_nothing_points_at_leaves_no_row(app: Flask) -> None:
    sponsor = make_sponsor(email=EMAIL)
    ids = sponsor.id, sponsor.account_id

    with transaction():
        privacy.erase(email=EMAIL, by=None)

    assert session().get(Sponsor, ids[0]) is None
    assert session().get(Account, ids[1]) is None


def test_p5_the_others_keep_everything(app: Flask) -> None:
    other = make_sponsor(email="other@example.org", conflict_notes="mine")
    theirs = make_match(sponsor=other, state=MatchState.ACTIVE)
    ids = other.id, theirs.id
    _full_of_canaries()

    with transaction():
        privacy.erase(email=EMAIL, by=None)

    kept, match = session().get_one(Sponsor, ids[0]), session().get_one(Match, ids[1])
    assert (kept.conflict_notes, kept.account.email) == ("mine", "other@example.org")
    assert match.state is MatchState.ACTIVE


def test_nobody_with_the_address_is_said(app: Flask) -> None:
    make_account(email="other@example.org")

    with pytest.raises(NotFound), transaction():
        privacy.erase(email=EMAIL, by=None)


def test_the_last_administrator_stays_until_there_is_another(app: Flask) -> None:
    make_administrator(email=EMAIL)

    with pytest.raises(HasDuties, match="last administrator"), transaction():
        privacy.erase(email=EMAIL, by=None)
    make_administrator(email="second@example.org")
    with transaction():
        privacy.erase(email=EMAIL, by=None)

    assert reason_for(EMAIL) is SuppressionReason.ERASED


def test_a_coordinators_work_goes_to_a_colleague_or_nobody_is_erased(app: Flask) -> None:
    prisoner = make_prisoner()
    leaving = make_coordinator(email=EMAIL, regions=["DE"], caseload=[prisoner])
    colleague = make_coordinator(email="colleague@example.org", regions=["FR"])
    prisoner_id, leaving_id, colleague_id = prisoner.id, leaving.id, colleague.id

    refused = run(app, "privacy", "erase", EMAIL)
    assert refused.exit_code == 1
    assert "Say who takes these over" in refused.stderr
    run(app, "privacy", "erase", EMAIL, "--hand-over-to", "colleague@example.org")

    session().rollback()
    assert session().get(Account, leaving_id) is None
    assert session().get(Caseload, (colleague_id, prisoner_id)) is not None
    taken = session().get_one(Account, colleague_id)
    assert taken.region_codes == {"DE", "FR"}
    assert taken.staff_roles == {StaffRole.COORDINATOR}
