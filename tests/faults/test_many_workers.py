"""C5: several schedulers and several workers at once: one mail per occasion, each sent once."""

import json
import threading
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import func, select

from app.database import session
from app.mail.outbox import Message, enqueue
from app.mail.outcomes import MOST_LOSSES
from app.models import OutgoingMail
from app.transaction import transaction
from tests.database.mail.post import NOON, message_id, queue
from tests.factories import make_account
from tests.faults.commands import start_delivery
from tests.smtp_peer import DROP, SmtpPeer

MAILS = 30

pytestmark = pytest.mark.slow


@pytest.fixture
def peer() -> Iterator[SmtpPeer]:
    """A server that counts."""
    with SmtpPeer() as peer:
        yield peer


def test_c5_two_workers_send_each_mail_once_between_them(app: Flask, peer: SmtpPeer) -> None:
    ids = queue(MAILS)
    both_are_there = threading.Barrier(2, timeout=180)
    arrivals = iter(range(2))

    def wait_for_the_other() -> None:
        if next(arrivals, None) is not None:
            both_are_there.wait()

    peer.script.mail = wait_for_the_other
    workers = [start_delivery(app, peer, NOON) for _ in range(2)]
    said = [worker.communicate(timeout=180) for worker in workers]

    assert [worker.returncode for worker in workers] == [0, 0], said
    sent = [json.loads(stdout)["sent"] for stdout, _stderr in said]
    assert sum(sent) == MAILS
    assert min(sent) > 0
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids}


def test_c5_schedulers_that_queue_the_same_occasions_at_once_queue_each_once(app: Flask) -> None:
    accounts = [make_account().id for _ in range(10)]
    session().rollback()
    start, added, lock = threading.Barrier(4, timeout=180), [], threading.Lock()

    def schedule() -> None:
        with app.app_context():
            start.wait()
            for account_id in accounts:
                with transaction():
                    mail = enqueue(
                        message=Message.ALREADY_REGISTERED, occasion=f"birthday:{account_id}", account_id=account_id
                    )
                with lock:
                    added.append(mail is not None)

    schedulers = [threading.Thread(target=schedule) for _ in range(4)]
    for scheduler in schedulers:
        scheduler.start()
    for scheduler in schedulers:
        scheduler.join()

    assert (len(added), sum(added)) == (40, 10)
    assert session().scalar(select(func.count()).select_from(OutgoingMail)) == 10


def test_a_server_that_breaks_off_over_every_mail_stops_all_workers_after_a_few(app: Flask, peer: SmtpPeer) -> None:
    """M2: they count together, so that each further worker puts at most one more mail in doubt."""
    queue(MAILS)
    peer.script.taken = DROP

    workers = [start_delivery(app, peer, NOON) for _ in range(3)]
    said = [worker.communicate(timeout=180) for worker in workers]

    assert [worker.returncode for worker in workers] == [0, 0, 0], said
    lost = sum(json.loads(stdout)["in_doubt"] for stdout, _stderr in said)
    assert MOST_LOSSES <= lost <= MOST_LOSSES + 2
    assert len(peer.mails) == lost
