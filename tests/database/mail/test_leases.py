"""A mail whose worker is gone, or comes back too late: it is in doubt, and a person decides (M1)."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app import clock
from app.actions import mails
from app.database import session
from app.extensions import db
from app.mail.claims import LEASE, claim_next
from app.mail.delivery import DeliveryCounts
from app.models import OutgoingMail
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.database.mail.post import NOON, deliver, queue, row
from tests.smtp_peer import SmtpPeer

MINUTE = timedelta(minutes=1)


def test_m1_a_mail_whose_worker_is_gone_is_in_doubt_once_its_lease_ran_out(app: Flask, peer: SmtpPeer) -> None:
    """M1: and not before."""
    [mail_id] = queue()
    with transaction():
        assert claim_next(NOON) is not None

    assert deliver(LEASE) == DeliveryCounts()
    assert deliver(LEASE + MINUTE) == DeliveryCounts(in_doubt=1)
    assert (row(mail_id).state, row(mail_id).reason) == (OutgoingState.IN_DOUBT, "lease_ran_out")
    assert deliver(timedelta(days=30)) == DeliveryCounts()
    assert peer.mails == []


def test_the_mail_that_has_been_due_longest_is_claimed_and_one_that_was_tried_before_goes_first(app: Flask) -> None:
    older, newer, tried, later = queue(4)
    with transaction():
        waiting = session().get_one(OutgoingMail, tried)
        waiting.state, waiting.attempts, waiting.reason = OutgoingState.WAITING, 1, "smtp_451"
        session().get_one(OutgoingMail, later).due_at = NOON + MINUTE

    with transaction():
        claims = [claim_next(NOON) for _ in range(4)]

    assert [claim and (claim.mail_id, claim.attempts) for claim in claims] == [(tried, 2), (older, 1), (newer, 1), None]
    assert {row(mail_id).lease_until for mail_id in (tried, older, newer)} == {NOON + LEASE}
    assert (row(tried).state, row(tried).reason, row(later).attempts) == (OutgoingState.SENDING, None, 0)


def test_a_mail_that_another_worker_is_just_claiming_is_passed_over(app: Flask) -> None:
    """On PostgreSQL; on SQLite nobody else can be claiming while this worker writes."""
    first, second = queue(2)
    if app.config["VESTKA"].embedded:
        pytest.skip("a writer has the whole file to itself")

    with db.engine.begin() as elsewhere:
        elsewhere.execute(select(OutgoingMail.id).where(OutgoingMail.id == first).with_for_update())
        with transaction():
            claims = [claim_next(NOON) for _ in range(2)]

    assert [claim and claim.mail_id for claim in claims] == [second, None]


def test_a_worker_that_wakes_up_after_its_lease_writes_nothing(app: Flask, peer: SmtpPeer) -> None:
    [mail_id] = queue()

    def overslept() -> None:
        with app.app_context():
            assert deliver(LEASE + MINUTE) == DeliveryCounts(in_doubt=1)

    peer.script.taken = overslept

    assert deliver() == DeliveryCounts()
    assert row(mail_id).state is OutgoingState.IN_DOUBT


def test_a_worker_that_overslept_leaves_alone_what_another_has_claimed_since(app: Flask, peer: SmtpPeer) -> None:
    [mail_id] = queue()
    later = NOON + LEASE + 2 * MINUTE

    def overslept() -> None:
        with app.app_context():
            deliver(LEASE + MINUTE)
            with clock.at(later), transaction():
                mails.resolve_unsigned(mail_id=mail_id, finding=mails.Finding.REQUEUE)
            with transaction():
                assert claim_next(later) is not None

    peer.script.taken = overslept

    assert deliver() == DeliveryCounts()
    assert (row(mail_id).state, row(mail_id).lease_until) == (OutgoingState.SENDING, later + LEASE)


def test_a_mail_erased_while_it_is_sent_is_not_missed(app: Flask, peer: SmtpPeer) -> None:
    [mail_id] = queue()

    def erase() -> None:
        with app.app_context(), transaction():
            session().delete(session().get_one(OutgoingMail, mail_id))

    peer.script.content = erase

    assert deliver() == DeliveryCounts()
