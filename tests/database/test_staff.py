"""Appointing, handing over and closing: by administrators, never for oneself, and one of them stays (A6, Z7)."""

from collections.abc import Iterable

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import accounts, caseloads, closing, staff
from app.actions.caseloads import Whom
from app.clock import now
from app.database import session
from app.errors import BadInput, Conflict, HasDuties, NotAllowed, NotFound, StaleRecord
from app.mail.mailboxes import mailbox_of_account
from app.mail.messages import why_never, why_not
from app.mail.outbox import Message
from app.mail.tokens import issue
from app.models import Account, AccountClosing, Alert, AuditEvent, Caseload, LoginSession, OutgoingMail, TokenPurpose
from app.permissions import Viewer
from app.queries import mails
from app.queries.accounts import by_email, viewer_of, viewer_of_session
from app.transaction import transaction
from app.vocabulary import EndReason, MatchState, OutgoingState, StaffRole, VettingState
from app.watch_words import AlertKind
from tests.factories import (
    fresh,
    make_account,
    make_administrator,
    make_canary,
    make_coordinator,
    make_login,
    make_mail,
    make_match,
    make_prisoner,
    make_sponsor,
)
from tests.stored import everything_stored

COORDINATOR, PROGRAMME, ADMINISTRATOR = StaffRole.COORDINATOR, StaffRole.PROGRAMME, StaffRole.ADMINISTRATOR
NOBODYS_HASH = "!nobody"


@pytest.fixture
def boss(app: Flask) -> Viewer:
    """An administrator."""
    return viewer_of(make_administrator())


def appoint(account: Account, *roles: StaffRole, by: Viewer, seen: Iterable[StaffRole] | None = None) -> None:
    known = account.staff_roles if seen is None else frozenset(seen)
    with transaction():
        staff.change_roles(account_id=account.id, roles=roles, seen=known, by=by)


def caseload_of(account: Account) -> set[str]:
    return set(session().scalars(select(Caseload.prisoner_id).where(Caseload.account_id == account.id)))


def mails_to(account: Account) -> list[str]:
    query = select(OutgoingMail.message).where(OutgoingMail.account_id == account.id)
    return sorted(session().scalars(query))


def events() -> list[tuple[str, list[str]]]:
    query = select(AuditEvent.action, AuditEvent.fields).order_by(AuditEvent.number)
    return [(action, fields) for action, fields in session().execute(query)]


def test_an_invitation_makes_a_log_in_that_nobody_can_use_before_the_mailed_link(boss: Viewer) -> None:
    with transaction():
        staff.invite("new@example.org", roles=[COORDINATOR], password_hash=NOBODYS_HASH, by=boss)

    account = by_email("new@example.org")
    assert account is not None
    assert (account.email_confirmed_at, account.staff_roles) == (None, {COORDINATOR})
    assert mails_to(account) == [Message.INVITATION]
    assert events() == [("invite", ["roles"])]


def test_a7_the_link_of_an_invitation_works_once(boss: Viewer) -> None:
    account = make_coordinator(email_confirmed_at=None, second_factor=False)
    with transaction():
        found = session().get_one(Account, account.id)
        token = issue(found, TokenPurpose.INVITE, moment=now(), address=found.email)

    with transaction():
        accounts.accept_invitation(token, password_hash="!chosen")
    with pytest.raises(NotFound), transaction():
        accounts.accept_invitation(token, password_hash="!other")

    assert fresh(account).password_hash == "!chosen"
    assert fresh(account).email_confirmed_at is not None


def test_an_address_that_has_a_log_in_is_not_invited_a_sponsors_neither(boss: Viewer) -> None:
    sponsor = make_sponsor()

    with pytest.raises(BadInput), transaction():
        staff.invite(sponsor.account.email, roles=[COORDINATOR], password_hash=NOBODYS_HASH, by=boss)

    assert fresh(sponsor.account).staff_roles == frozenset()


def test_an_address_taken_in_the_same_moment_is_not_invited_either(
    boss: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_account(email="new@example.org")
    monkeypatch.setattr("app.queries.accounts.by_email", lambda _email: None)

    with pytest.raises(BadInput), transaction():
        staff.invite("new@example.org", roles=[COORDINATOR], password_hash=NOBODYS_HASH, by=boss)

    assert events() == []


def test_a5_a6_a_change_of_roles_ends_every_session_and_is_told_by_a_mail(boss: Viewer) -> None:
    account = make_coordinator()
    tokens = [make_login(account), make_login(account)]

    appoint(account, COORDINATOR, PROGRAMME, by=boss)

    assert [viewer_of_session(token) for token in tokens] == [None, None]
    assert fresh(account).staff_roles == {COORDINATOR, PROGRAMME}
    assert mails_to(account) == [Message.ACCESS_CHANGED]
    assert events() == [("appoint", ["roles"])]


def test_a6_a_change_of_regions_ends_every_session(boss: Viewer) -> None:
    account = make_coordinator(regions=["DE"])
    token = make_login(account)

    with transaction():
        staff.change_regions(account_id=account.id, regions=["DE", "FR"], seen=frozenset({"DE"}), by=boss)

    assert fresh(account).region_codes == {"DE", "FR"}
    assert viewer_of_session(token) is None


@pytest.mark.parametrize("regions", [["XX"], ["de"], ["*; drop"]])
def test_a_region_is_a_country_or_all_of_them(boss: Viewer, regions: list[str]) -> None:
    account = make_coordinator(regions=[])

    with pytest.raises(BadInput), transaction():
        staff.change_regions(account_id=account.id, regions=regions, seen=frozenset(), by=boss)


def test_z7_nobody_changes_what_they_are_appointed_to(boss: Viewer) -> None:
    make_administrator()
    mine = {"account_id": boss.account_id, "by": boss}
    acts = (
        lambda: staff.change_roles(**mine, roles=[ADMINISTRATOR, COORDINATOR], seen=boss.roles),
        lambda: staff.change_regions(**mine, regions=["*"], seen=frozenset()),
        lambda: staff.close(**mine, reason="x", hand_over_to=None),
        lambda: staff.hand_over(**mine, colleague_id=boss.account_id),
        lambda: caseloads.give(**mine, whom=Whom(country=None, facility_id=None, unattended=True)),
    )
    for act in acts:
        with pytest.raises(NotAllowed), transaction():
            act()

    assert events() == []


@pytest.mark.parametrize("roles", [[COORDINATOR], [PROGRAMME], [COORDINATOR, PROGRAMME]])
def test_only_administrators_appoint(boss: Viewer, roles: list[StaffRole]) -> None:
    account, other = make_coordinator(roles=roles), make_coordinator()

    with pytest.raises(NotAllowed):
        appoint(other, ADMINISTRATOR, by=viewer_of(account))
    with pytest.raises(NotAllowed), transaction():
        staff.invite("new@example.org", roles=[ADMINISTRATOR], password_hash=NOBODYS_HASH, by=viewer_of(account))


def test_z7_whoever_was_an_administrator_until_now_acts_no_more(boss: Viewer) -> None:
    """Their request began before the change: they are looked at once more."""
    other = make_administrator()
    then = viewer_of(other)
    appoint(other, COORDINATOR, by=boss)

    with pytest.raises(NotAllowed):
        appoint(session().get_one(Account, boss.account_id), COORDINATOR, by=then)


def test_of_a_new_administrator_all_others_are_alerted(boss: Viewer) -> None:
    account, other = make_coordinator(regions=[]), make_administrator()

    appoint(account, COORDINATOR, ADMINISTRATOR, by=boss)

    alert = session().scalars(select(Alert)).one()
    assert (alert.kind, alert.about, alert.caused_by) == (
        AlertKind.ADMINISTRATOR_APPOINTED,
        account.id,
        boss.account_id,
    )
    assert mails_to(other) == [Message.ALERT]


def test_roles_that_somebody_else_changed_meanwhile_are_not_overwritten(boss: Viewer) -> None:
    account = make_coordinator(roles=[COORDINATOR, PROGRAMME])

    with pytest.raises(StaleRecord):
        appoint(account, COORDINATOR, ADMINISTRATOR, by=boss, seen=[COORDINATOR])


def test_somebody_has_one_role_at_least_and_a_sponsor_none(boss: Viewer) -> None:
    account = make_coordinator(regions=[])
    both = make_coordinator(regions=[])
    make_sponsor(account=both)

    with pytest.raises(BadInput):
        appoint(account, by=boss)
    with pytest.raises(Conflict):
        appoint(both, COORDINATOR, PROGRAMME, by=boss)
    with pytest.raises(NotFound):
        appoint(make_sponsor().account, COORDINATOR, by=boss)
    appoint(both, by=boss)

    assert fresh(both).staff_roles == frozenset()


def test_a_coordinator_with_work_stays_one_until_a_colleague_has_it(boss: Viewer) -> None:
    prisoner = make_prisoner()
    account, colleague = make_coordinator(regions=["DE"], caseload=[prisoner]), make_coordinator(regions=["FR"])
    token = make_login(colleague)

    with pytest.raises(HasDuties):
        appoint(account, PROGRAMME, by=boss)
    with transaction():
        staff.hand_over(account_id=account.id, colleague_id=colleague.id, by=boss)
    appoint(fresh(account), PROGRAMME, by=boss)

    assert (caseload_of(account), caseload_of(colleague)) == (set(), {prisoner.id})
    assert (fresh(account).region_codes, fresh(colleague).region_codes) == (frozenset(), {"DE", "FR"})
    assert viewer_of_session(token) is None


def test_a6_closing_ends_sessions_stops_mail_and_hands_over(boss: Viewer) -> None:
    prisoner = make_prisoner()
    account, colleague = make_coordinator(regions=["DE"], caseload=[prisoner]), make_coordinator(regions=[])
    token, waiting = make_login(account), make_mail(account=account)
    with pytest.raises(HasDuties), transaction():
        staff.close(account_id=account.id, reason="left us", hand_over_to=None, by=boss)

    with transaction():
        staff.close(account_id=account.id, reason="left us", hand_over_to=colleague.id, by=boss)

    assert viewer_of_session(token) is None
    assert fresh(account).disabled_at is not None
    assert (caseload_of(colleague), fresh(colleague).region_codes) == ({prisoner.id}, {"DE"})
    assert (fresh(waiting).state, fresh(waiting).reason) == (OutgoingState.SUPPRESSED, "account_closed")
    last = session().scalars(select(OutgoingMail).where(OutgoingMail.message == Message.LOGIN_CLOSED)).one()
    claimed = mails.claimed(last.id)
    assert claimed is not None
    assert (why_never(claimed), why_not(last, mailbox_of_account(last))) == (None, None)
    assert session().get_one(AccountClosing, account.id).reason == "left us"
    assert "left us" not in everything_stored()


def test_a_log_in_that_is_opened_again_has_its_roles_and_no_work(boss: Viewer) -> None:
    account, colleague = make_coordinator(regions=["DE"]), make_coordinator(regions=[])
    with transaction():
        staff.close(account_id=account.id, reason="x", hand_over_to=colleague.id, by=boss)

    with transaction():
        staff.open_again(account_id=account.id, by=boss)

    assert (fresh(account).disabled_at, fresh(account).staff_roles) == (None, {COORDINATOR})
    assert fresh(account).region_codes == frozenset()
    assert session().get(AccountClosing, account.id) is None


@pytest.mark.parametrize("whom", ["closed", "programme", "nobody"])
def test_work_goes_to_somebody_who_coordinates(boss: Viewer, whom: str) -> None:
    account = make_coordinator(regions=["DE"])
    ids = {
        "programme": make_coordinator(roles=[PROGRAMME]).id,
        "nobody": "a" * 16,
        "closed": make_coordinator(disabled_at=fresh(account).created_at).id,
    }

    with pytest.raises(BadInput), transaction():
        staff.hand_over(account_id=account.id, colleague_id=ids[whom], by=boss)


def test_z8_invented_prisoners_come_with_the_first_and_are_alone_in_no_caseload(boss: Viewer) -> None:
    """Whoever saw them alone would know who was invented."""
    real, invented = make_prisoner(country="BY"), make_prisoner(country="PL")
    make_canary(prisoner_id=invented.id)
    account, colleague = make_coordinator(roles=[PROGRAMME], regions=[]), make_coordinator()

    appoint(account, COORDINATOR, by=boss)
    appointed = caseload_of(account)
    with transaction():
        caseloads.give(account_id=account.id, whom=Whom(country="BY", facility_id=None, unattended=False), by=boss)
    given = caseload_of(account)
    with transaction():
        staff.hand_over(account_id=account.id, colleague_id=colleague.id, by=boss)

    assert (appointed, given) == (set(), {real.id, invented.id})
    assert (caseload_of(account), caseload_of(colleague)) == (set(), {real.id, invented.id})


def test_prisoners_are_given_by_what_they_have_in_common(boss: Viewer) -> None:
    account, colleague = make_coordinator(), make_coordinator(caseload=[make_prisoner()])
    here, there = make_prisoner(country="BY"), make_prisoner(country="RU")

    with transaction():
        number = caseloads.give(
            account_id=account.id, whom=Whom(country="BY", facility_id=None, unattended=True), by=boss
        )

    assert (number, caseload_of(account)) == (1, {here.id})
    assert there.id not in caseload_of(account)
    assert caseload_of(colleague).isdisjoint(caseload_of(account))
    assert [action for action, _fields in events()] == ["give_caseload", "give_caseload"]


def test_z5_one_prisoner_is_given_by_whoever_sees_them(boss: Viewer) -> None:
    prisoner, colleague = make_prisoner(), make_coordinator()
    runs = viewer_of(make_coordinator(roles=[COORDINATOR, PROGRAMME]))
    stranger = viewer_of(make_coordinator())

    for by, refused in ((boss, NotFound), (stranger, NotAllowed)):
        with pytest.raises(refused), transaction():
            caseloads.give_one(prisoner_id=prisoner.id, account_id=colleague.id, by=by)
    for _ in range(2):
        with transaction():
            caseloads.give_one(prisoner_id=prisoner.id, account_id=colleague.id, by=runs)

    assert caseload_of(colleague) == {prisoner.id}
    assert mails_to(colleague) == [Message.ACCESS_CHANGED]


@pytest.mark.parametrize("by_address", [True, False], ids=["administrator", "coordinator"])
def test_z4_a_closed_sponsor_is_out_at_once_and_whom_they_stood_by_is_back(boss: Viewer, by_address: bool) -> None:
    sponsor = make_sponsor(country="DE")
    match, offer = make_match(sponsor=sponsor, state=MatchState.ACTIVE), make_match(sponsor=sponsor)
    token = make_login(sponsor.account)
    coordinator = viewer_of(make_coordinator(regions=["DE"]))

    with transaction():
        if by_address:
            closing.close_sponsor_of(sponsor.account.email, reason="why", by=boss)
        else:
            closing.close_sponsor(sponsor_id=sponsor.id, reason="why", by=coordinator)

    assert viewer_of_session(token) is None
    assert (fresh(match).state, fresh(match).end_reason) == (MatchState.ENDED, EndReason.SPONSOR_LEFT)
    assert fresh(offer).state is MatchState.WITHDRAWN
    assert mails_to(sponsor.account) == [Message.LOGIN_CLOSED]


def test_whoever_is_opened_again_is_vetted_anew(boss: Viewer) -> None:
    sponsor = make_sponsor(country="DE")
    coordinator = viewer_of(make_coordinator(regions=["DE"]))
    with transaction():
        closing.close_sponsor(sponsor_id=sponsor.id, reason="why", by=coordinator)

    with transaction():
        closing.open_sponsor_again(sponsor_id=sponsor.id, by=coordinator)

    assert fresh(sponsor).vetting_state is VettingState.PENDING
    assert fresh(sponsor.account).disabled_at is None


def test_z5_a_coordinator_of_another_region_closes_nobody(boss: Viewer) -> None:
    sponsor = make_sponsor(country="DE")
    foreign = viewer_of(make_coordinator(regions=["FR"]))

    for sponsor_id in (sponsor.id, "a" * 16):
        with pytest.raises(NotFound, match="no such sponsor"), transaction():
            closing.close_sponsor(sponsor_id=sponsor_id, reason="why", by=foreign)
    with pytest.raises(NotAllowed), transaction():
        closing.close_sponsor_of(sponsor.account.email, reason="why", by=foreign)


def test_nobody_who_works_here_is_closed_as_a_sponsor_and_nobody_at_all_without_a_reason(boss: Viewer) -> None:
    both = make_coordinator(regions=["DE"])
    sponsor = make_sponsor(account=both, country="DE")

    with pytest.raises(Conflict), transaction():
        closing.close_sponsor_of(both.email, reason="why", by=boss)
    with pytest.raises(NotAllowed), transaction():
        closing.close_sponsor(sponsor_id=sponsor.id, reason="why", by=viewer_of(both))
    with pytest.raises(BadInput), transaction():
        closing.close_sponsor_of(make_sponsor().account.email, reason="  ", by=boss)
    with pytest.raises(NotFound), transaction():
        closing.close_sponsor_of(make_account().email, reason="why", by=boss)


def test_sessions_begun_by_a_password_alone_end_too(boss: Viewer) -> None:
    account = make_coordinator(regions=[])
    make_login(account, code_due=True)

    with transaction():
        staff.close(account_id=account.id, reason="x", hand_over_to=None, by=boss)

    assert session().scalars(select(LoginSession.ended_at)).one() is not None
