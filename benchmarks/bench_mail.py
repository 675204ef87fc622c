"""What delivery costs beside handing over bare mails.

The yardstick is a loop of smtplib over one connection that sends as many ready-made mails of the same size to the same
peer. Delivery claims each mail in the database, checks anew that it should go, writes it, hands it over and records
it, with a durable commit for each. The two take turns. The peer is a process of its own that throws everything away.
"""

import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import structlog
from flask import Flask
from sqlalchemy import select

from app.clock import now
from app.database import session
from app.mail import messages
from app.mail.building import Envelope, build
from app.mail.delivery import deliver_due
from app.mail.messages.rendering import Draft
from app.mail.outbox import Message, enqueue
from app.models import Account, OutgoingMail, Sponsor
from app.transaction import transaction
from app.vocabulary import OutgoingState, VettingState
from benchmarks.world import introduce, invented_world, spread, table

MAILS, TURNS = 500, 5
PRISONERS, SPONSORS = 400, 900
LOOPBACK = "127.0.0.1"
READY_SECONDS = 20


@dataclass(frozen=True)
class Cost:
    """Seconds on the clock and of this process's CPU."""

    wall: float
    cpu: float


def cost_of(act: Callable[[], None]) -> Cost:
    """What `act` takes."""
    wall, cpu = time.perf_counter(), time.process_time()
    act()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


@contextmanager
def peer() -> Iterator[int]:
    """A mail server that takes everything and keeps nothing; gives its port."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port = int(probe.getsockname()[1])
    command = [sys.executable, "-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"{LOOPBACK}:{port}"]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 - our own peer
    try:
        _wait_until_ready(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_until_ready(port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while True:
        try:
            smtplib.SMTP(LOOPBACK, port, timeout=1).quit()
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return


def recipients() -> list[str]:
    """The accounts of sponsors who may be told that they were vetted, and whose mailbox has never refused a mail."""
    refused = select(OutgoingMail.account_id).where(OutgoingMail.state == OutgoingState.FAILED)
    query = select(Account.id).join(Sponsor, Sponsor.account_id == Account.id)
    query = query.where(
        Sponsor.vetting_state == VettingState.VETTED,
        Account.disabled_at.is_(None),
        Account.email_confirmed_at.is_not(None),
        Account.id.not_in(refused),
    )
    ids = list(session().scalars(query.order_by(Account.id).limit(MAILS)))
    if len(ids) < MAILS:
        raise RuntimeError(f"only {len(ids)} sponsors may be mailed")
    return ids


def queue(account_ids: list[str], *, turn: int) -> None:
    """Put a mail to each account into the outbox."""
    with transaction():
        for account_id in account_ids:
            enqueue(message=Message.SPONSOR_VETTED, occasion=f"bench:{turn}:{account_id}", account_id=account_id)


def sample() -> Envelope:
    """One of the queued mails, as it goes over the wire."""
    mail = session().scalars(select(OutgoingMail).where(OutgoingMail.occasion.startswith("bench:"))).first()
    if mail is None:
        raise RuntimeError("no mail was queued")
    rendered = messages.kind_of(mail).render(Draft(mail, None))
    return build(rendered, recipient=mail.account.email, mail_id=mail.id, moment=now())


def deliver() -> int:
    """Deliver everything that is due; gives how many mails went. The log's lines are written as ever, but not shown."""
    with Path(os.devnull).open("w") as nowhere:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=nowhere))
        return deliver_due().sent


def drain() -> None:
    """Deliver what was queued."""
    sent = deliver()
    if sent != MAILS:
        raise RuntimeError(f"{sent} of {MAILS} mails went")


def bare_loop(port: int, mail: Envelope) -> None:
    """The same number of the same mail over one connection, and nothing else."""
    with smtplib.SMTP(LOOPBACK, port, timeout=10) as connection:
        for _ in range(MAILS):
            connection.sendmail(mail.sender, [mail.recipient], mail.content)


def measure(app: Flask, port: int) -> list[tuple[Cost, Cost]]:
    """What draining and the bare loop cost, in turns; the first turn warms up and does not count."""
    found: list[tuple[Cost, Cost]] = []
    with app.app_context():
        deliver()  # what the world's own past left in the outbox
        account_ids = recipients()
        for turn in range(TURNS + 1):
            queue(account_ids, turn=turn)
            mail = sample()
            session().rollback()
            found.append((cost_of(drain), cost_of(partial(bare_loop, port, mail))))
    return found[1:]


def main() -> None:
    """Print what a mail costs, and the ratio to the bare loop."""
    introduce(f"Delivery of {MAILS} mails, {TURNS} times, in turns with a loop of smtplib")
    with peer() as port, invented_world(prisoners=PRISONERS, sponsors=SPONSORS, mail_port=port) as app:
        turns = measure(app, port)
    rows = [
        [
            what,
            spread([getattr(drained, kind) * 1000 / MAILS for drained, _ in turns]),
            spread([getattr(bare, kind) * 1000 / MAILS for _, bare in turns]),
            spread([getattr(drained, kind) / getattr(bare, kind) for drained, bare in turns], ".1f"),
        ]
        for what, kind in (("clock", "wall"), ("CPU of this process", "cpu"))
    ]
    table(["", "ms a mail, delivery: median (least–greatest)", "ms a mail, bare loop", "delivery ÷ bare loop"], rows)


if __name__ == "__main__":
    main()
