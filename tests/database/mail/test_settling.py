"""What a person says of a mail in doubt: who may say it, of whose mail, and what the trail keeps (Z5, C4)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.actions import mails
from app.actions.mails import Finding
from app.clock import now
from app.database import session
from app.errors import InvalidTransition, NotAllowed, NotFound, StaleRecord
from app.models import Account, AuditEvent, OutgoingMail
from app.permissions import Viewer
from app.queries import doubtful
from app.queries.accounts import viewer_of
from app.transaction import transaction
from app.vocabulary import OutgoingState, StaffRole
from tests.factories import fresh, make_account, make_administrator, make_coordinator, make_mail, make_sponsor


def doubted(account: Account | None = None) -> OutgoingMail:
    """A mail in doubt, to a French sponsor unless an account is given."""
    to = account or make_sponsor(country="FR").account
    return make_mail(account_id=to.id, state=OutgoingState.IN_DOUBT, due_at=now() - timedelta(hours=1))


def settle(mail: OutgoingMail, finding: Finding, by: Viewer) -> OutgoingMail:
    seen = fresh(mail).due_at
    with transaction():
        return mails.resolve(mail_id=mail.id, finding=finding, by=by, seen_due_at=seen)


def test_a_coordinator_of_the_region_says_that_it_went(app: Flask) -> None:
    mail, by = doubted(), viewer_of(make_coordinator(regions=["FR"]))

    settle(mail, Finding.SENT, by)

    assert (fresh(mail).state, mail.reason) == (OutgoingState.SENT, None)
    assert mail.sent_at is not None
    event = session().scalars(select(AuditEvent)).one()
    assert (event.action, event.entity_id, event.by_account_id) == ("resolve_mail_sent", mail.id, by.account_id)


def test_a_coordinator_has_it_sent_again_from_the_first_try_on(app: Flask) -> None:
    mail = doubted()
    before = mail.due_at

    settle(mail, Finding.REQUEUE, viewer_of(make_coordinator(regions=["FR"])))

    assert (fresh(mail).state, mail.attempts, mail.reason) == (OutgoingState.QUEUED, 0, None)
    assert mail.due_at > before


def test_z5_a_mail_of_another_region_is_not_there(app: Flask) -> None:
    """Foreign and missing look alike."""
    mail, by = doubted(), viewer_of(make_coordinator(regions=["DE"]))

    with pytest.raises(NotFound) as foreign:
        settle(mail, Finding.SENT, by)
    with pytest.raises(NotFound) as missing, transaction():
        mails.resolve(mail_id="nothere", finding=Finding.SENT, by=by, seen_due_at=None)

    assert str(foreign.value) == str(missing.value)
    assert doubtful.find(by, mail.id) is None
    assert fresh(mail).state is OutgoingState.IN_DOUBT


@pytest.mark.parametrize("roles", [[], [StaffRole.PROGRAMME]])
def test_nobody_else_settles_mails(app: Flask, roles: list[StaffRole]) -> None:
    mail = doubted()

    with pytest.raises(NotAllowed):
        settle(mail, Finding.SENT, viewer_of(make_coordinator(roles=roles)))
    with pytest.raises(NotAllowed):
        settle(mail, Finding.SENT, viewer_of(make_sponsor().account))
    assert fresh(mail).state is OutgoingState.IN_DOUBT


def test_an_administrator_settles_mails_to_staff_and_no_sponsors(app: Flask) -> None:
    to_staff, to_sponsor = doubted(make_account()), doubted()
    administrator, coordinator = viewer_of(make_administrator()), viewer_of(make_coordinator())

    assert [row.mail.id for row in doubtful.page(administrator, number=1).items] == [to_staff.id]
    assert [row.mail.id for row in doubtful.page(coordinator, number=1).items] == [to_sponsor.id]
    with pytest.raises(NotFound):
        settle(to_sponsor, Finding.SENT, administrator)
    settle(to_staff, Finding.SENT, administrator)
    assert fresh(to_staff).state is OutgoingState.SENT


def test_c4_whoever_saw_an_earlier_doubt_is_refused_though_the_mail_is_in_doubt_again(app: Flask) -> None:
    mail, by = doubted(), viewer_of(make_coordinator())
    seen = mail.due_at
    settle(mail, Finding.REQUEUE, by)
    with transaction():
        mail.state, mail.reason = OutgoingState.IN_DOUBT, "lease_ran_out"

    with pytest.raises(StaleRecord), transaction():
        mails.resolve(mail_id=mail.id, finding=Finding.SENT, by=by, seen_due_at=seen)

    assert fresh(mail).state is OutgoingState.IN_DOUBT


@pytest.mark.parametrize("state", sorted(set(OutgoingState) - {OutgoingState.IN_DOUBT}))
def test_only_a_mail_in_doubt_is_settled(app: Flask, state: OutgoingState) -> None:
    mail = make_mail(account_id=make_sponsor().account_id, state=state)

    with pytest.raises(InvalidTransition):
        settle(mail, Finding.REQUEUE, viewer_of(make_coordinator()))
    assert fresh(mail).state is state


def test_who_settled_a_mail_last_is_known_and_the_command_line_is_nobody(app: Flask) -> None:
    mail, by = doubted(), make_coordinator(email="anna@example.org")
    assert doubtful.last_settled(mail.id) is None

    settle(mail, Finding.REQUEUE, viewer_of(by))
    named = doubtful.last_settled(mail.id)
    with transaction():
        mail.state, mail.reason = OutgoingState.IN_DOUBT, "lease_ran_out"
    with transaction():
        mails.resolve_unsigned(mail_id=mail.id, finding=Finding.SENT)
    unnamed = doubtful.last_settled(mail.id)

    assert named is not None
    assert (named.action, named.by) == ("resolve_mail_requeue", "anna@example.org")
    assert unnamed is not None
    assert (unnamed.action, unnamed.by) == ("resolve_mail_sent", None)
