"""`flask worker`: mail goes when it is queued, nothing is cut off when it stops, and a broken queue breaks nobody."""

import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from structlog.testing import capture_logs

from app.clock import now
from app.jobs import tasks, wake
from app.mail.outbox import Message, enqueue
from app.transaction import transaction
from app.vocabulary import OutgoingState
from tests.database.mail.post import message_id, row, settings
from tests.factories import make_account
from tests.faults.commands import environment, start
from tests.smtp_peer import SmtpPeer

SOON = 120.0
MANY = 40


@contextmanager
def _worker(app: Flask, peer: SmtpPeer) -> "Iterator[subprocess.Popen[str]]":
    worker = start(["flask", "--app", "wsgi", "worker"], environment(app, peer))
    try:
        yield worker
    finally:
        worker.kill()
        worker.communicate()


def _queue() -> str:
    account = make_account()
    with transaction():
        mail = enqueue(
            message=Message.ALREADY_REGISTERED,
            occasion=f"{account.id}:{now()}",
            account_id=account.id,
            due_at=now() - timedelta(hours=1),  # due even where the machine's clock is set back meanwhile
        )
        assert mail is not None
        return mail.id


@pytest.mark.slow
def test_the_worker_finds_what_is_queued_and_is_woken_by_what_follows(app: Flask) -> None:
    """The second mail comes long before the next sweep would: the commit that queued it woke the worker."""
    with SmtpPeer() as peer:
        first, came = _queue(), threading.Semaphore(0)
        peer.script.taken = lambda: came.release()
        with _worker(app, peer) as worker:
            assert came.acquire(timeout=SOON)
            second = _queue()
            assert came.acquire(timeout=SOON)
            worker.send_signal(signal.SIGINT)
            assert worker.wait(SOON) == 0

        assert list(peer.taken()) == [message_id(first), message_id(second)]
    assert {row(first).state, row(second).state} == {OutgoingState.SENT}


@pytest.mark.slow
@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_finishes_the_mail_in_hand_and_leaves_the_rest(app: Flask, stop: signal.Signals) -> None:
    with SmtpPeer() as peer:
        mails, workers = [_queue() for _ in range(MANY)], []

        def stop_once() -> None:
            if workers:
                workers.pop().send_signal(stop)

        with _worker(app, peer) as worker:
            workers.append(worker)
            peer.script.taken = stop_once
            assert worker.wait(SOON) == 0

        states = [row(mail).state for mail in mails]
        sent = [mail for mail, state in zip(mails, states, strict=True) if state is OutgoingState.SENT]
        assert peer.taken() == {message_id(mail): 1 for mail in sent}
    assert set(states) == {OutgoingState.SENT, OutgoingState.QUEUED}


def test_a_queue_that_cannot_be_reached_breaks_nobody_and_is_logged(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """O1: the row stands in the outbox, and the next sweep finds it."""
    monkeypatch.delitem(app.extensions, tasks.EXTENSION, raising=False)
    unreachable = {"queue_file": tmp_path / "nowhere" / "queue.db"}
    if app.config["VESTKA"].database_url.startswith("postgresql"):
        unreachable = {"database_url": "postgresql://nobody@127.0.0.1:1/nothing"}

    with settings(app, **unreachable), capture_logs() as logged:
        wake()

    assert [event["event"] for event in logged] == ["wake_failed"]
