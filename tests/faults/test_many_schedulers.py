"""C5: two schedulers and two workers at once: one mail per occasion, each sent once."""

import json
import signal
import threading
from datetime import timedelta

import pytest
from flask import Flask

from app import clock
from app.jobs.queue import open_queue
from app.jobs.tasks import REMINDERS_OF, is_first_this_hour
from app.reminders import is_morning, zone_of
from app.vocabulary import OutgoingState
from tests.database.reminders.people import EIGHT, outbox, writer
from tests.faults.commands import environment, start
from tests.smtp_peer import SmtpPeer

MATCHES = 24
SOON = 120.0
DAY = timedelta(days=1)

pytestmark = pytest.mark.slow


def test_two_schedulers_and_two_workers_make_one_mail_of_each_occasion(app: Flask) -> None:
    for _ in range(MATCHES):
        writer()
    commands = [["reminders", "schedule"], ["reminders", "schedule"], ["mail", "deliver"], ["mail", "deliver"]]

    with SmtpPeer() as peer:
        for moment in (EIGHT, EIGHT + timedelta(minutes=5)):
            options = ["--json", "--now", moment.isoformat()]
            running = [start(["flask", "--app", "wsgi", *c, *options], environment(app, peer)) for c in commands]
            said = [process.communicate(timeout=180)[0] for process in running]
            assert [process.returncode for process in running] == [0] * 4
            queued, already = (sum(json.loads(text)[name] for text in said[:2]) for name in ("queued", "already"))
            assert queued + already == 2 * MATCHES
            assert queued == (MATCHES if moment == EIGHT else 0)

        mails = outbox()
        assert len(mails) == len({mail.match_id for mail in mails}) == MATCHES
        assert {mail.state for mail in mails} == {OutgoingState.SENT}
        assert sorted(peer.taken().values()) == [1] * MATCHES


def test_of_the_workers_of_a_queue_one_schedules_each_hour(app: Flask) -> None:
    queues = [open_queue(app.config["VESTKA"]) for _ in range(2)]

    with clock.at(EIGHT):
        first = [is_first_this_hour(queue, REMINDERS_OF) for queue in (*queues, *queues)]
    with clock.at(EIGHT + timedelta(hours=1)):
        second = [is_first_this_hour(queue, REMINDERS_OF) for queue in reversed(queues)]

    assert (first, second) == ([True, False, False, False], [True, False])
    for queue in queues:
        queue.storage.flush_all()
        queue.storage.close()


def _zone_where_it_is_just_morning() -> str:
    """A zone of whole hours where the morning has begun and has an hour to go."""
    earlier, later = clock.now(), clock.now() + timedelta(minutes=58)
    names = [f"Etc/GMT{hours:+d}" for hours in range(-14, 13)]
    return next(name for name in names if all(is_morning(moment, zone_of(name)) for moment in (earlier, later)))


def test_workers_remind_by_themselves_and_once(app: Flask) -> None:
    zone = _zone_where_it_is_just_morning()
    writer(time_zone=zone, due=clock.now() - DAY)
    came = threading.Event()

    with SmtpPeer() as peer:
        peer.script.taken = lambda: came.set()
        workers = [start(["flask", "--app", "wsgi", "worker"], environment(app, peer)) for _ in range(2)]
        try:
            assert came.wait(SOON)
            for worker in workers:
                worker.send_signal(signal.SIGINT)
                worker.wait(SOON)
        finally:
            for worker in workers:
                worker.kill()
                worker.communicate()

        assert [mail.state for mail in outbox()] == [OutgoingState.SENT]
        assert list(peer.taken().values()) == [1]
