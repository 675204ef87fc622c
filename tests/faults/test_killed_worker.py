"""M1: a worker killed at any point sends nothing twice, leaves at most one mail in doubt, and all others arrive."""

import os
import signal
import subprocess
from collections.abc import Iterator
from itertools import count

import pytest
from flask import Flask

from app.mail.claims import LEASE
from app.mail.delivery import DeliveryCounts
from app.vocabulary import OutgoingState
from tests.database.mail.post import NOON, deliver, message_id, queue, row, settings
from tests.faults.commands import environment, start, start_delivery
from tests.smtp_peer import DROP, Script, SmtpPeer

MAILS = 6
STEPS = ("rcpt", "data", "content", "taken")
"""Before DATA, at DATA, in DATA, and once the server has taken the mail but before the worker hears so."""

pytestmark = pytest.mark.slow


@pytest.fixture
def peer(app: Flask) -> Iterator[SmtpPeer]:
    """A server for the test's own deliveries and those of the processes it starts."""
    with SmtpPeer() as peer, settings(app, mail_port=peer.port):
        yield peer


class Killer:
    """Kills a worker when its n-th mail reaches the step of the script where this stands; the server then hangs up."""

    def __init__(self, number: int) -> None:
        self.worker: subprocess.Popen[str] | None = None
        self._number, self._numbers = number, count(1)

    def __call__(self) -> str | None:
        if next(self._numbers) != self._number:
            return None
        assert self.worker is not None
        os.kill(self.worker.pid, signal.SIGKILL)
        return DROP


def _deliver_and_die(app: Flask, peer: SmtpPeer, *, step: str, number: int) -> None:
    """Have another process deliver, and kill it when its `number`-th mail reaches `step`."""
    killer = Killer(number)
    peer.script = Script(**{step: killer})
    killer.worker = start_delivery(app, peer, NOON)
    killer.worker.communicate(timeout=180)
    peer.script = Script()
    assert killer.worker.returncode == -signal.SIGKILL


@pytest.mark.parametrize("step", ["content", "taken"])
def test_m1_a_worker_killed_after_it_asked_everything_at_once_leaves_one_mail_in_doubt(app: Flask, step: str) -> None:
    """PIPELINING: the worker has written DATA before it hears of the recipient, and still one mail is in doubt."""
    ids = queue(MAILS)

    with SmtpPeer(pipelining=True) as peer, settings(app, mail_port=peer.port):
        _deliver_and_die(app, peer, step=step, number=3)
        others, after_the_lease = deliver(), deliver(LEASE * 2)

    assert (others, after_the_lease) == (DeliveryCounts(sent=MAILS - 3), DeliveryCounts(in_doubt=1))
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids if mail_id != ids[2] or step == "taken"}


@pytest.mark.parametrize("step", STEPS)
def test_m1_a_worker_killed_while_it_hands_over_leaves_one_mail_in_doubt_and_the_rest_arrive_once(
    app: Flask, peer: SmtpPeer, step: str
) -> None:
    ids = queue(MAILS)
    doubtful = ids[2]

    _deliver_and_die(app, peer, step=step, number=3)
    others = deliver()
    after_the_lease = deliver(LEASE * 2)

    assert (others, after_the_lease) == (DeliveryCounts(sent=MAILS - 3), DeliveryCounts(in_doubt=1))
    assert row(doubtful).state is OutgoingState.IN_DOUBT
    expected = {message_id(mail_id): 1 for mail_id in ids if mail_id != doubtful or step == "taken"}
    assert peer.taken() == expected


def test_m1_a_worker_killed_between_the_servers_250_and_its_record_sends_nothing_twice(
    app: Flask, peer: SmtpPeer
) -> None:
    ids = queue(MAILS)

    worker = start(["tests.faults.dying", NOON.isoformat(), "3"], environment(app, peer))
    worker.communicate(timeout=180)
    deliver()
    deliver(LEASE * 2)

    assert worker.returncode == -signal.SIGKILL
    assert peer.taken() == {message_id(mail_id): 1 for mail_id in ids}
    assert [row(mail_id).state for mail_id in ids].count(OutgoingState.SENT) == MAILS - 1
    assert row(ids[2]).state is OutgoingState.IN_DOUBT


def test_m1_worker_after_worker_killed_leaves_no_more_in_doubt_than_were_killed(app: Flask, peer: SmtpPeer) -> None:
    """O2's sum: what was queued is what now stands in some state."""
    ids = queue(MAILS)
    for step in ("content", "taken", "rcpt"):
        _deliver_and_die(app, peer, step=step, number=2)

    deliver()
    deliver(LEASE * 2)

    states = [row(mail_id).state for mail_id in ids]
    assert states.count(OutgoingState.IN_DOUBT) == 3
    assert states.count(OutgoingState.SENT) == MAILS - 3
    assert max(peer.taken().values()) == 1
    assert set(peer.taken()) >= {message_id(mail_id) for mail_id in ids if row(mail_id).state is OutgoingState.SENT}
