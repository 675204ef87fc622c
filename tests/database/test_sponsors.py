"""Signing up and vetting, as verbs."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.actions import sponsors
from app.clock import now
from app.database import session
from app.errors import BadInput, Conflict, InvalidTransition, NotAllowed, NotFound, StaleRecord
from app.models import Account, OutgoingMail, Sponsor
from app.models import Conflict as ConflictRow
from app.permissions import Viewer
from app.queries import accounts
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import (
    LanguageLevel,
    MatchState,
    ProfessionGroup,
    SponsorRole,
    StaffRole,
    SupportKind,
    VettingState,
)
from tests.factories import (
    fresh,
    make_account,
    make_administrator,
    make_coordinator,
    make_match,
    make_prisoner,
    make_sponsor,
)


def application(**changes: object) -> sponsors.Application:
    values = {
        "name": "Invented Writer",
        "role": SponsorRole.VOLUNTEER,
        "support_kind": SupportKind.LETTER_WRITER,
        "country": "FR",
        "time_zone": "Europe/Paris",
        "interface_language": "en",
        "profession_group": ProfessionGroup.ARTS,
        "capacity": 2,
        "letters_a_month": 1,
        "languages": {"ru": LanguageLevel.BASIC},
    }
    return sponsors.Application(**(values | changes))  # type: ignore[arg-type]


def sign_up(email: str = "new@example.org", **changes: object) -> Sponsor | None:
    with transaction():
        return sponsors.sign_up(application(**changes), email=email, password_hash="x")


def mails() -> list[tuple[str, str]]:
    return [(mail.message, mail.account_id) for mail in session().scalars(select(OutgoingMail))]


def count(table: type[Account] | type[Sponsor]) -> int:
    return session().scalar(select(func.count()).select_from(table)) or 0


def vet(sponsor: Sponsor, by: Viewer, **changes: object) -> Sponsor:
    values: dict[str, object] = {
        "seen_version": fresh(sponsor).version,
        "decision": VettingState.VETTED,
        "reason": "Telephoned the office.",
        "translation_offered": False,
    }
    with transaction():
        return sponsors.vet(sponsor_id=sponsor.id, by=by, **(values | changes))  # type: ignore[arg-type]


def test_an_application_is_stored_unvetted_and_its_address_is_asked_to_confirm(app: Flask) -> None:
    sponsor = sign_up()

    assert sponsor is not None
    assert fresh(sponsor).vetting_state is VettingState.PENDING
    assert sponsor.account.email_confirmed_at is None
    assert [(language.language, language.level) for language in sponsor.languages] == [("ru", "basic")]
    assert mails() == [("confirm_address", sponsor.account_id)]


@pytest.mark.parametrize("country", ["BY", "RU", "CN"])
def test_nothing_is_stored_of_somebody_in_a_detaining_country(app: Flask, country: str) -> None:
    with pytest.raises(BadInput):
        sign_up(country=country)

    assert (count(Account), count(Sponsor), mails()) == (0, 0, [])


def test_a2_a_known_address_stores_nothing_and_its_owner_is_told_once_a_day(app: Flask) -> None:
    owner = make_account(email="Known@example.org").id

    assert sign_up("known@EXAMPLE.org") is None
    assert sign_up("known@example.org") is None

    assert (count(Account), count(Sponsor)) == (1, 0)
    assert mails() == [("already_registered", owner)]


def test_b4_a_claim_to_a_mandate_vouches_for_nothing(app: Flask) -> None:
    sponsor = sign_up(role=SponsorRole.PARLIAMENTARIAN, parliament="Parliament of Nowhere")

    assert sponsor is not None
    assert fresh(sponsor).vetting_state is VettingState.PENDING


def test_a_coordinator_vets_and_the_sponsor_is_told(app: Flask) -> None:
    sponsor = make_sponsor(vetting_state=VettingState.PENDING)
    by = viewer_of(make_coordinator())

    vet(sponsor, by, translation_offered=True)

    stored = fresh(sponsor)
    assert (stored.vetting_state, stored.vetted_by) == (VettingState.VETTED, by.account_id)
    assert stored.translation_offered
    assert mails() == [("sponsor_vetted", sponsor.account_id)]


def test_z5_a_sponsor_of_another_region_is_not_there(app: Flask) -> None:
    sponsor = make_sponsor(vetting_state=VettingState.PENDING, country="DE")

    with pytest.raises(NotFound):
        vet(sponsor, viewer_of(make_coordinator(regions=["FR"])))


def test_z7_nobody_vets_themselves(app: Flask) -> None:
    account = make_coordinator()
    sponsor = make_sponsor(account=account, vetting_state=VettingState.PENDING)

    with pytest.raises(NotAllowed):
        vet(sponsor, viewer_of(account))


def test_an_administrator_does_not_vet(app: Flask) -> None:
    sponsor = make_sponsor(vetting_state=VettingState.PENDING)

    with pytest.raises(NotAllowed):
        vet(sponsor, viewer_of(make_administrator()))


def test_vetting_needs_a_reason_a_confirmed_address_and_the_page_as_it_was(app: Flask) -> None:
    by = viewer_of(make_coordinator())
    sponsor = make_sponsor(vetting_state=VettingState.PENDING)
    unconfirmed = make_sponsor(vetting_state=VettingState.PENDING, account=make_account(email_confirmed_at=None))

    with pytest.raises(BadInput):
        vet(sponsor, by, reason="  ")
    with pytest.raises(StaleRecord):
        vet(sponsor, by, seen_version=0)
    with pytest.raises(Conflict):
        vet(unconfirmed, by)
    assert fresh(sponsor).vetting_state is VettingState.PENDING


def test_vetted_twice_is_no_move(app: Flask) -> None:
    sponsor = make_sponsor(vetting_state=VettingState.PENDING)
    by = viewer_of(make_coordinator())
    vet(sponsor, by)

    with pytest.raises(InvalidTransition):
        vet(sponsor, by)


def test_a_conflict_is_mapped_once_and_parts_the_two(app: Flask) -> None:
    match = make_match(state=MatchState.APPROVED)
    by = viewer_of(make_coordinator(roles=list(StaffRole)))

    for _ in range(2):
        with transaction():
            sponsors.map_conflict(sponsor_id=match.sponsor_id, prisoner_id=match.prisoner_id, by=by)

    assert session().scalar(select(func.count()).select_from(ConflictRow)) == 1
    assert fresh(match).state is MatchState.WITHDRAWN


def test_z5_a_conflict_with_somebody_outside_the_caseload_is_not_mapped(app: Flask) -> None:
    sponsor, prisoner = make_sponsor(), make_prisoner()

    with pytest.raises(NotFound), transaction():
        sponsors.map_conflict(sponsor_id=sponsor.id, prisoner_id=prisoner.id, by=viewer_of(make_coordinator()))


def test_z4_whoever_is_turned_away_loses_everybody_at_once(app: Flask) -> None:
    sponsor = make_sponsor()
    states = (MatchState.PROPOSED, MatchState.APPROVED, MatchState.ACTIVE)
    matches = [make_match(sponsor=sponsor, state=state) for state in states]

    vet(sponsor, viewer_of(make_coordinator()), decision=VettingState.REJECTED, reason="Not who they said.")

    assert [fresh(match).state for match in matches] == [
        MatchState.WITHDRAWN,
        MatchState.WITHDRAWN,
        MatchState.ENDED,
    ]


def test_a_sign_up_that_nobody_confirmed_makes_way_for_the_next_with_its_address(app: Flask) -> None:
    """Whoever signs up with somebody's address keeps them out no longer than until they come themselves."""
    with transaction():
        squatter = sponsors.sign_up(application(name="Somebody Else"), email="new@example.org", password_hash="x")
        assert squatter is not None
        before = squatter.id
    with transaction():
        owner = sponsors.sign_up(application(name="Zuzanna Beispiel"), email="New@example.org", password_hash="y")

    assert owner is not None
    assert session().get(Sponsor, before) is None
    assert [(one.name, one.account.password_hash) for one in session().scalars(select(Sponsor))] == [
        ("Zuzanna Beispiel", "y")
    ]


def test_whom_staff_shut_out_does_not_come_back_by_signing_up_anew(app: Flask) -> None:
    with transaction():
        closed = sponsors.sign_up(application(), email="new@example.org", password_hash="x")
        assert closed is not None
        closed.account.disabled_at = now()
        closed_id = closed.id

    with transaction():
        assert sponsors.sign_up(application(), email="new@example.org", password_hash="y") is None

    assert session().get_one(Sponsor, closed_id).account.disabled_at is not None


def test_whom_an_invitation_waits_for_is_not_signed_out_of_it_by_a_stranger(app: Flask) -> None:
    account_id = make_account(email="new@example.org", email_confirmed_at=None).id

    with transaction():
        assert sponsors.sign_up(application(), email="new@example.org", password_hash="x") is None

    assert session().get(Account, account_id) is not None


def test_a2_an_address_taken_in_the_same_moment_is_told_like_a_known_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = make_account(email="new@example.org").id
    found = iter([None, None, accounts.by_email("new@example.org")])
    monkeypatch.setattr("app.queries.accounts.by_email", lambda _email: next(found))

    assert sign_up() is None

    assert mails() == [("already_registered", owner)]


@pytest.mark.parametrize("spelling", ["KNOWN@example.org", "known@ｅxample.org", " known@example.org "])
def test_a2_every_spelling_of_one_mailbox_is_one_account(app: Flask, spelling: str) -> None:
    make_account(email="known@example.org")

    assert sign_up(spelling) is None
    assert count(Account) == 1


def test_a_name_that_grows_when_it_is_taken_apart_is_no_obstacle(app: Flask) -> None:
    assert sign_up(name="ﷺ" * 120) is not None
