"""Offices: inviting, joining, acting in a sponsor's place, and the end of it (A2, A6, A7, B2, Z2, Z4, Z7)."""

import json
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from app import clock
from app.actions import credentials, letters, matches, offices, own_data, preferences, privacy, sessions
from app.clock import now
from app.database import session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, TooManyAttempts
from app.mail import tokens
from app.models import Account, AuditEvent, LoginSession, Office, OutgoingMail, Sponsor, StaffGrant, TokenPurpose
from app.permissions import Permission, Viewer, permissions_of
from app.queries import accounts
from app.queries import offices as office_queries
from app.queries.accounts import viewer_of, viewer_of_session
from app.queries.letters import today_in
from app.transaction import transaction
from app.vocabulary import MatchState, RefusalReason, StaffRole, VettingState
from tests.factories import (
    fresh,
    make_account,
    make_coordinator,
    make_login,
    make_match,
    make_office_of,
    make_official_address,
    make_prisoner,
    make_sponsor,
)
from tests.factories.accounts import password_hash

COLLEAGUE = "colleague@example.org"


def viewer_as(sponsor: Sponsor) -> Viewer:
    return viewer_of(sponsor.account)


def office_viewer(office: Office) -> Viewer:
    return viewer_of(session().get_one(Account, office.account_id))


def invite(sponsor: Sponsor, email: str = COLLEAGUE) -> Office:
    with transaction():
        return offices.invite(email, password_hash=password_hash(), by=viewer_as(sponsor))


def link_to(office: Office) -> str:
    with transaction():
        account = session().get_one(Account, office.account_id)
        return tokens.issue(account, TokenPurpose.JOIN_OFFICE, moment=now(), address=account.email)


def messages() -> list[str]:
    session().rollback()
    return list(session().scalars(select(OutgoingMail.message).order_by(OutgoingMail.created_at)))


def by_whom(action: str) -> list[str | None]:
    return list(session().scalars(select(AuditEvent.by_account_id).where(AuditEvent.action == action)))


def test_whoever_follows_the_invitation_acts_for_the_sponsor_and_for_nobody_else(app: Flask) -> None:
    sponsor = make_sponsor()
    office = invite(sponsor)
    token = link_to(office)
    assert viewer_of(session().get_one(Account, office.account_id)).sponsor_id is None

    with transaction():
        account = offices.join(token, password_hash="x")

    viewer = viewer_of(account)
    assert (viewer.sponsor_id, viewer.is_office, viewer.confirmed) == (sponsor.id, True, True)
    assert Permission.DECIDE_FOR_ONESELF not in permissions_of(viewer)
    assert fresh(office).invited is None
    assert messages() == ["office_invited", "office_joined"]
    assert session().scalars(select(OutgoingMail.account_id).order_by(OutgoingMail.created_at)).all() == [
        account.id,
        sponsor.account_id,
    ]


def test_a7_the_link_works_once_for_three_days_and_a_newer_one_supersedes_it(app: Flask) -> None:
    office = invite(make_sponsor())
    first = link_to(office)
    second = link_to(office)

    for token, moment in ((first, now()), (second, now() + timedelta(days=3, minutes=1))):
        with clock.at(moment), pytest.raises(NotFound), transaction():
            offices.join(token, password_hash="x")
    with transaction():
        offices.join(second, password_hash="x")
    with pytest.raises(NotFound), transaction():
        offices.join(second, password_hash="y")

    assert session().get_one(Account, office.account_id).password_hash == "x"


def test_a2_an_address_with_an_account_looks_the_same_to_the_sponsor_and_gains_nothing(app: Flask) -> None:
    sponsor, owner = make_sponsor(), make_coordinator(email=COLLEAGUE)
    known, unknown = invite(sponsor), invite(sponsor, "other@example.org")

    standing = office_queries.of_sponsor(sponsor.id)

    assert [(one.invited, one.joined_at) for one in standing] == [(COLLEAGUE, None), ("other@example.org", None)]
    assert (known.account_id is None, unknown.account_id is None) == (True, False)
    assert sorted(messages()) == ["already_registered", "office_invited"]
    assert viewer_of(owner).sponsor_id is None


def test_a2_an_invited_address_is_tried_as_long_as_any_other(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored of an account that nobody can enter yet is a hash, which takes its time to be refused."""
    office = invite(make_sponsor())
    invited = session().get_one(Account, office.account_id)

    assert invited.password_hash.startswith("$argon2id$")
    assert not accounts.is_erased(invited)
    assert sessions.verified_account(email=COLLEAGUE, password="some password of mine") is None


def test_z4_an_office_hands_its_access_to_no_other_mailbox(app: Flask) -> None:
    office = make_office_of(make_sponsor())
    acting = office_viewer(office)

    with pytest.raises(NotAllowed), transaction():
        credentials.ask_for_address("third@example.org", by=acting)

    assert messages() == []


def test_z2_z4_the_copy_of_an_office_holds_its_own_log_in_and_nothing_of_the_sponsor(app: Flask) -> None:
    prisoner = make_prisoner(name="Hidden-prisoner", name_latin="Hidden-prisoner")
    sponsor = make_sponsor(name="Hidden-sponsor", email="hidden@example.org")
    make_match(sponsor=sponsor, prisoner=prisoner, state=MatchState.ACTIVE)
    make_match(sponsor=sponsor, state=MatchState.REFUSED, refusal_note="Hidden-note")
    make_official_address(sponsor, address="hidden.official@example.org", confirmed_at=None)
    invite(sponsor, "hidden.colleague@example.org")
    office = make_office_of(sponsor, account=make_account(email="own.office@example.org"))

    with transaction():
        copy = own_data.own_copy(office.account_id or "")

    assert "hidden" not in json.dumps(copy).casefold()
    assert [one["email"] for one in copy["account"]] == ["own.office@example.org"]
    assert [one["invited"] for one in copy["offices"]] == [None]
    assert copy["matches"] == copy["letters"] == copy["official_addresses"] == []


def test_a2_taking_an_invitation_back_leaves_the_same_trace_whether_or_not_the_address_was_known(app: Flask) -> None:
    make_coordinator(email=COLLEAGUE)
    traces = []
    for email in (COLLEAGUE, "nobody.known@example.org"):
        sponsor = make_sponsor()
        office_id = invite(sponsor, email).id
        with transaction():
            offices.remove(office_id, by=viewer_as(sponsor))
        with transaction():
            copy = own_data.own_copy(sponsor.account_id)
        traces.append([(one["action"], one["what"]) for one in copy["done"]])

    assert traces[0] == traces[1]
    assert ("remove_office", "office") in traces[0]


def test_z7_nobody_is_a_sponsors_office_and_staff_or_a_sponsor_as_well(app: Flask) -> None:
    """The database refuses it, whatever the code does."""
    sponsor, staff, other = make_sponsor(), make_coordinator(), make_sponsor()
    office = make_office_of(sponsor)
    rows = (
        Office(sponsor_id=sponsor.id, account_id=staff.id, invited_at=now()),
        Office(sponsor_id=sponsor.id, account_id=other.account_id, invited_at=now()),
        StaffGrant(account_id=office.account_id, role=StaffRole.COORDINATOR, granted_at=now()),
    )

    for row in rows:
        with pytest.raises(DBAPIError, match="account_alone"), transaction():
            session().add(row)
            session().flush()


def test_only_a_vetted_sponsor_in_person_invites_and_no_more_than_three(app: Flask) -> None:
    waiting, sponsor = make_sponsor(vetting_state=VettingState.PENDING), make_sponsor()
    with pytest.raises(Conflict):
        invite(waiting)
    with pytest.raises(BadInput):
        invite(sponsor, sponsor.account.email.upper())
    office = make_office_of(sponsor)
    with pytest.raises(NotAllowed), transaction():
        offices.invite(COLLEAGUE, password_hash="x", by=office_viewer(office))
    make_office_of(sponsor)
    invite(sponsor)

    with pytest.raises(BadInput, match="Three"):
        invite(sponsor, "fourth@example.org")
    again = invite(sponsor)

    assert fresh(again).account_id is not None
    assert messages().count("office_invited") == 1


def test_b2_one_mailbox_gets_so_many_invitations_a_day_and_no_word_of_the_sponsor(app: Flask) -> None:
    for number in range(6):
        invite(make_sponsor(), f"some.one+{number}@example.org")

    with pytest.raises(TooManyAttempts):
        invite(make_sponsor(), "someone@example.org")


def test_what_an_office_does_bears_its_own_account(app: Flask) -> None:
    sponsor = make_sponsor()
    office = make_office_of(sponsor)
    accepted, refused = (make_match(sponsor=sponsor, state=MatchState.APPROVED) for _ in range(2))
    viewer = office_viewer(office)

    with transaction():
        matches.accept(match_id=accepted.id, by=viewer)
        matches.refuse(match_id=refused.id, by=viewer, reason=RefusalReason.TOO_MUCH)
        letter = letters.record_sent(match_id=accepted.id, by=viewer, sent_on=today_in("Europe/Berlin"))
        preferences.pause(by=viewer, resumes_on=None)

    session().rollback()
    assert [fresh(match).answered_by_office for match in (accepted, refused)] == [True, True]
    assert fresh(letter).by_office
    assert {*by_whom("accept"), *by_whom("refuse"), *by_whom("letter_sent"), *by_whom("pause")} == {office.account_id}
    assert fresh(sponsor).last_sign_on == clock.today()


def test_what_the_sponsor_does_is_not_marked(app: Flask) -> None:
    match = make_match(state=MatchState.APPROVED)
    make_office_of(match.sponsor)

    with transaction():
        matches.accept(match_id=match.id, by=viewer_as(match.sponsor))

    assert not fresh(match).answered_by_office


def test_z2_an_office_answers_for_its_own_sponsor_only(app: Flask) -> None:
    office = make_office_of(make_sponsor())
    foreign = make_match(state=MatchState.APPROVED)
    others = make_office_of(make_sponsor())

    with pytest.raises(NotFound), transaction():
        matches.accept(match_id=foreign.id, by=office_viewer(office))
    with pytest.raises(NotFound), transaction():
        offices.remove(others.id, by=viewer_as(make_sponsor()))


def test_a6_a_removed_office_is_out_with_its_next_request_and_its_marks_stay(app: Flask) -> None:
    """Z4 too: and its account is erased, for it was nothing else."""
    sponsor = make_sponsor()
    office, other = make_office_of(sponsor), make_office_of(sponsor)
    account = session().get_one(Account, office.account_id)
    account_id = account.id
    token, kept = make_login(account), make_login(session().get_one(Account, other.account_id))
    match = make_match(sponsor=sponsor, state=MatchState.ACTIVE)
    with transaction():
        letter = letters.record_sent(match_id=match.id, by=viewer_of(account), sent_on=today_in("Europe/Berlin"))
    letter_id = letter.id

    with transaction():
        offices.remove(office.id, by=viewer_as(sponsor))

    assert viewer_of_session(token) is None
    assert viewer_of_session(kept) is not None
    assert session().scalars(select(LoginSession).where(LoginSession.account_id == account_id)).all() == []
    left = session().get(Account, account_id)
    assert left is not None
    assert (left.disabled_at is None, left.email) == (False, f"erased-{account_id}")
    assert session().get_one(type(letter), letter_id).by_office


def test_an_office_outlives_neither_leaving_nor_erasure(app: Flask) -> None:
    leaving, erased = make_sponsor(), make_sponsor(email="erased@example.org")
    ids = [make_office_of(sponsor).account_id for sponsor in (leaving, erased)]
    waiting = invite(leaving).account_id

    with transaction():
        preferences.leave(by=viewer_as(leaving))
    with transaction():
        privacy.erase(email="erased@example.org", by=None)

    session().rollback()
    assert session().scalars(select(Office)).all() == []
    assert [session().get(Account, one) for one in (*ids, waiting)] == [None, None, None]


def test_an_office_cannot_leave_for_its_sponsor(app: Flask) -> None:
    office = make_office_of(make_sponsor())

    with pytest.raises(NotAllowed), transaction():
        preferences.leave(by=office_viewer(office))


def test_z4_where_the_sponsors_log_in_is_closed_the_office_opens_nothing(app: Flask) -> None:
    sponsor = make_sponsor()
    office = make_office_of(sponsor)
    token = make_login(session().get_one(Account, office.account_id))
    with transaction():
        session().get_one(Account, sponsor.account_id).disabled_at = now()

    viewer = viewer_of_session(token)

    assert viewer is not None
    assert permissions_of(viewer) == frozenset()


def test_erasing_an_office_leaves_its_sponsor_as_they_are(app: Flask) -> None:
    sponsor = make_sponsor()
    make_office_of(sponsor, account=make_account(email=COLLEAGUE))

    with transaction():
        privacy.erase(email=COLLEAGUE, by=None)

    session().rollback()
    assert session().scalars(select(Office)).all() == []
    assert fresh(sponsor).account.disabled_at is None


def test_p6_an_invitation_that_nobody_follows_is_forgotten_after_three_days(app: Flask) -> None:
    office = invite(make_sponsor())
    account_id = office.account_id
    with clock.at(now() + timedelta(days=2, hours=23)), transaction():
        assert privacy.drop_lapsed_invitations() == 0

    with clock.at(now() + timedelta(days=3, hours=1)), transaction():
        assert privacy.drop_lapsed_invitations() == 1

    session().rollback()
    assert session().get(Account, account_id) is None
    assert accounts.by_email(COLLEAGUE) is None


def test_logging_in_as_an_office_is_a_sign_of_life_of_its_sponsor(app: Flask) -> None:
    sponsor = make_sponsor(last_sign_on=None)
    office = make_office_of(sponsor)

    with transaction():
        assert office.account is not None
        sessions.open_session(office.account.id, password="x", checked_hash=office.account.password_hash)

    assert fresh(sponsor).last_sign_on == clock.today()


def test_the_sponsor_alone_chooses_one_office_for_the_mails(app: Flask) -> None:
    sponsor = make_sponsor()
    one, two = make_office_of(sponsor), make_office_of(sponsor)

    for chosen in (one, two):
        with transaction():
            offices.choose_mails(chosen.id, by=viewer_as(sponsor))
    with pytest.raises(NotAllowed), transaction():
        offices.choose_mails(one.id, by=office_viewer(one))
    with pytest.raises(NotFound), transaction():
        offices.choose_mails(make_office_of(make_sponsor()).id, by=viewer_as(sponsor))

    assert [fresh(office).gets_mails for office in (one, two)] == [False, True]
    with transaction():
        offices.choose_mails(None, by=viewer_as(sponsor))
    assert not fresh(two).gets_mails
