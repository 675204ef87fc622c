"""An official address vouches for a member of a parliament, nobody's word does (B4; docs/decisions/0009)."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import accounts, closing, credentials, official_domains, officials, sponsors
from app.clock import now
from app.database import scrub, session
from app.errors import BadInput, Conflict, NotAllowed, NotFound, StaleRecord, TooManyAttempts
from app.mail import tokens
from app.models import Account, AuditEvent, OfficialAddress, OfficialDomain, OutgoingMail, Sponsor, TokenPurpose
from app.queries import officials as queries
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import SponsorRole, StaffRole, VettingBasis, VettingState
from tests.factories import (
    fresh,
    make_account,
    make_administrator,
    make_coordinator,
    make_office,
    make_office_of,
    make_official_address,
    make_official_domain,
    make_sponsor,
)
from tests.stored import everything_stored

OFFICIAL = "zuzanna.beispiel@parliament.example"
PARLIAMENT = "Parliament of Examplia"


def member(email: str = "private@example.org", *, confirmed: bool = True, **changes: Any) -> Sponsor:
    values = {
        "name": "Zuzanna Beispiel",
        "role": SponsorRole.PARLIAMENTARIAN,
        "parliament": PARLIAMENT,
        "vetting_state": VettingState.PENDING,
    }
    account = make_account(email=email, email_confirmed_at=now() if confirmed else None)
    return make_sponsor(account=account, **values | changes)


def confirm(sponsor: Sponsor) -> None:
    """Follow the link that confirms the log-in's address."""
    with transaction():
        account = session().get_one(Account, sponsor.account_id)
        purpose = TokenPurpose.CONFIRM_ADDRESS
        token = tokens.issue(account, purpose, moment=now(), address=account.email)
    with transaction():
        accounts.confirm_address(token)


def ask(sponsor: Sponsor, email: str = OFFICIAL) -> None:
    with transaction():
        officials.ask(email, by=viewer_of(sponsor.account))


def link(sponsor: Sponsor, email: str = OFFICIAL) -> str:
    with transaction():
        account = session().get_one(Account, sponsor.account_id)
        return tokens.issue(account, TokenPurpose.PROVE_OFFICIAL, moment=now(), address=email)


def prove(sponsor: Sponsor, email: str = OFFICIAL) -> None:
    ask(sponsor, email)
    token = link(sponsor, email)
    with transaction():
        officials.prove(token)


def state(sponsor: Sponsor) -> VettingState:
    session().rollback()
    return fresh(sponsor).vetting_state


def trail(action: str) -> list[str | None]:
    return list(session().scalars(select(AuditEvent.by_account_id).where(AuditEvent.action == action)))


def test_b4_a_confirmed_address_where_only_members_have_one_vets_by_itself(app: Flask) -> None:
    make_official_domain(members_only=True)
    sponsor = member(OFFICIAL, confirmed=False)

    confirm(sponsor)

    assert state(sponsor) is VettingState.VETTED
    assert (sponsor.vetting_basis, sponsor.vetted_by) == (VettingBasis.OFFICIAL_ADDRESS, make_office().id)
    assert sponsor.vetting_reason == "Official address at parliament.example (Parliament of Examplia)."
    assert trail("vetted") == [None]
    assert session().scalars(select(OutgoingMail.message)).all() == ["sponsor_vetted"]


def test_b4_who_has_a_private_address_proves_the_official_one_which_is_then_forgotten(app: Flask) -> None:
    make_official_domain(members_only=True)
    sponsor = member()

    ask(sponsor)
    assert state(sponsor) is VettingState.PENDING
    token = link(sponsor)
    with transaction():
        officials.prove(token)

    assert state(sponsor) is VettingState.VETTED
    assert sponsor.account.email == "private@example.org"
    scrub()
    assert OFFICIAL not in everything_stored()
    with pytest.raises(NotFound), transaction():
        officials.prove(token)


@pytest.mark.parametrize(
    ("domain", "changes", "email"),
    [
        ({"members_only": False}, {}, OFFICIAL),
        ({"members_only": True, "country": "FR"}, {}, OFFICIAL),
        ({"members_only": True}, {"parliament": "Another parliament"}, OFFICIAL),
        ({"members_only": True}, {"name": "Somebody Else"}, OFFICIAL),
        ({"members_only": True}, {"person_vets": True}, OFFICIAL),
        ({"members_only": True}, {}, "zuzanna.beispiel@staff.parliament.example"),
        ({"members_only": True}, {}, "zuzanna.beispiel.office@parliament.example"),
        ({"members_only": True}, {"name": "Anna Press"}, "press@parliament.example"),
        ({"members_only": True}, {}, "zuzanna.beispiel+1@parliament.example"),
    ],
)
def test_b4_otherwise_the_address_is_shown_to_a_coordinator_who_decides(
    app: Flask, domain: dict[str, Any], changes: dict[str, Any], email: str
) -> None:
    make_official_domain(**domain)
    sponsor = member(**changes)

    prove(sponsor, email)

    assert state(sponsor) is VettingState.PENDING
    proven = queries.proven(sponsor.id)
    assert proven is not None
    assert (proven.domain, proven.address) == ("parliament.example", None)


@pytest.mark.parametrize(
    "email",
    [
        "zuzanna.beispiel@parliament.example.evil.example",
        "zuzanna.beispiel@xparliament.example",
        "zuzanna.beispiel@pаrliament.example",  # a Cyrillic letter
    ],
)
def test_b4_a_look_alike_is_no_official_address(app: Flask, email: str) -> None:
    make_official_domain(members_only=True)
    by_asking, by_log_in = member(), member(email=email, confirmed=False)

    with pytest.raises(BadInput):
        ask(by_asking, email)
    confirm(by_log_in)

    assert (state(by_asking), state(by_log_in)) == (VettingState.PENDING, VettingState.PENDING)
    assert session().scalars(select(OfficialAddress)).all() == []


def test_b4_nobody_but_a_member_in_person_proves_one(app: Flask) -> None:
    make_official_domain(members_only=True)
    volunteer, sponsor = make_sponsor(vetting_state=VettingState.PENDING), member()
    office = make_office_of(sponsor)

    for account_id in (volunteer.account_id, office.account_id, make_coordinator().id):
        with pytest.raises(NotAllowed), transaction():
            officials.ask(OFFICIAL, by=viewer_of(session().get_one(Account, account_id)))


@pytest.mark.parametrize(
    "spelling", [OFFICIAL, "zuzannabeispiel@parliament.example", "Zuzanna.Beispiel+zuzanna@parliament.example"]
)
def test_b4_one_mailbox_vouches_for_one_sponsor_however_it_is_spelled(app: Flask, spelling: str) -> None:
    make_official_domain()
    first, second = member(), member("second@example.org")
    prove(first)
    prove(first)
    ask(second, spelling)
    token = link(second, spelling)

    with pytest.raises(NotFound), transaction():
        officials.prove(token)

    assert queries.proven(second.id) is None
    assert queries.proven(first.id) is not None


def test_a7_a_newer_wish_supersedes_the_link_of_the_one_before(app: Flask) -> None:
    make_official_domain()
    sponsor = member()
    ask(sponsor)
    older = link(sponsor)
    ask(sponsor, "other.address@parliament.example")

    with pytest.raises(NotFound), transaction():
        officials.prove(older)


def test_b2_one_official_mailbox_gets_so_many_of_these_mails_a_day(app: Flask) -> None:
    make_official_domain()
    sponsor = member()
    for _ in range(6):
        ask(sponsor)

    with pytest.raises(TooManyAttempts):
        ask(sponsor)


def test_a_coordinator_vets_on_a_proven_address_with_that_as_the_recorded_basis(app: Flask) -> None:
    sponsor, coordinator = member(), viewer_of(make_coordinator())
    version = sponsor.version
    with pytest.raises(Conflict), transaction():
        officials.vet(sponsor_id=sponsor.id, by=coordinator, seen_version=version)
    make_official_address(sponsor)
    with pytest.raises(StaleRecord), transaction():
        officials.vet(sponsor_id=sponsor.id, by=coordinator, seen_version=version + 1)

    with transaction():
        officials.vet(sponsor_id=sponsor.id, by=coordinator, seen_version=version)

    assert state(sponsor) is VettingState.VETTED
    assert (sponsor.vetting_basis, sponsor.vetted_by) == (VettingBasis.OFFICIAL_ADDRESS, coordinator.account_id)


def test_z5_and_only_of_their_own_regions(app: Flask) -> None:
    sponsor, foreign = member(), viewer_of(make_coordinator(regions=["FR"]))
    make_official_address(sponsor)

    with pytest.raises(NotFound), transaction():
        officials.vet(sponsor_id=sponsor.id, by=foreign, seen_version=sponsor.version)


def test_whom_a_coordinator_opened_again_no_address_vets(app: Flask) -> None:
    make_official_domain(members_only=True)
    sponsor = member(OFFICIAL, confirmed=False)
    confirm(sponsor)
    version = fresh(sponsor).version
    with transaction():
        sponsors.reopen(sponsor_id=sponsor.id, by=viewer_of(make_coordinator()), seen_version=version)

    confirm(sponsor)
    prove(sponsor, "z.beispiel@parliament.example")

    assert state(sponsor) is VettingState.PENDING


def test_whose_log_in_was_closed_and_opened_again_no_address_vets(app: Flask) -> None:
    """A coordinator shut them out for a reason: a coordinator decides whether they come back (0009)."""
    make_official_domain(members_only=True)
    sponsor, coordinator = member(OFFICIAL, confirmed=False), viewer_of(make_coordinator())
    confirm(sponsor)
    assert state(sponsor) is VettingState.VETTED
    with transaction():
        closing.close_sponsor(sponsor_id=sponsor.id, reason="Asked for relatives' addresses.", by=coordinator)
    with transaction():
        closing.open_sponsor_again(sponsor_id=sponsor.id, by=coordinator)

    prove(sponsor, "z.beispiel@parliament.example")

    assert state(sponsor) is VettingState.PENDING
    assert fresh(sponsor).vetting_basis is None


def test_b4_another_address_takes_the_vetting_with_it_unless_it_is_official_itself(app: Flask) -> None:
    make_official_domain(members_only=True)
    sponsor = member(OFFICIAL, confirmed=False)
    confirm(sponsor)

    for email, after in (("elsewhere@example.org", VettingState.PENDING), (OFFICIAL, VettingState.VETTED)):
        with transaction():
            credentials.ask_for_address(email, by=viewer_of(session().get_one(Account, sponsor.account_id)))
        with transaction():
            account = session().get_one(Account, sponsor.account_id)
            purpose = TokenPurpose.CHANGE_ADDRESS
            token = tokens.issue(account, purpose, moment=now(), address=email)
        with transaction():
            credentials.change_address(token)
        assert state(sponsor) is after
    assert len(trail("vetted")) == 2


def test_the_list_is_kept_by_administrators_and_the_programmes_people(app: Flask) -> None:
    programme = viewer_of(make_coordinator(roles=[StaffRole.PROGRAMME]))
    administrator = viewer_of(make_administrator())
    with transaction():
        row = official_domains.add(parliament="P", country=None, domain="@Parliament.Example", by=programme)
    for bad, country in (("parliament.example", None), ("example", None), ("gov.example", "BY")):
        with pytest.raises(BadInput), transaction():
            official_domains.add(parliament="P", country=country, domain=bad, by=programme)

    with transaction():
        official_domains.vouch(domain_id=row.id, by=administrator)
    assert fresh(row).members_by == administrator.account_id
    with transaction():
        official_domains.take_back(domain_id=row.id, by=administrator)
        official_domains.remove(domain_id=row.id, by=administrator)
    with pytest.raises(NotAllowed), transaction():
        official_domains.add(parliament="P", country=None, domain="other.example", by=viewer_of(make_coordinator()))

    assert session().scalars(select(OfficialDomain)).all() == []
    changes = select(AuditEvent.action).where(AuditEvent.entity == "official_domain").order_by(AuditEvent.number)
    assert session().scalars(changes).all() == ["add", "vouch", "take_back", "take_out"]
