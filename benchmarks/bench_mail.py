"""What delivery costs beside handing over bare mails.

The yardstick is a loop of smtplib over one connection that sends as many ready-made mails of the same size to the same
peer. Delivery claims each mail in the database, checks anew that it should go, writes it, hands it over and records
it, with a durable commit for each. The two take turns. The peer is a process of its own that throws everything away.
"""

import argparse
import os
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import cycle
from multiprocessing import Queue, get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from statistics import median

import structlog
from flask import Flask
from sqlalchemy import create_engine, make_url, select, text

from app import create_app
from app.clock import now
from app.database import session
from app.mail import messages
from app.mail.building import Envelope, build
from app.mail.delivery import deliver_due
from app.mail.messages.rendering import Draft
from app.mail.outbox import Message, enqueue
from app.models import Account, OutgoingMail, Sponsor
from app.queries.return_paths import return_path
from app.transaction import transaction
from app.vocabulary import VettingState
from benchmarks.world import introduce, invented_world, spread, table
from config import Settings

PRISONERS, SPONSORS = 400, 900
WORKERS = (1, 2, 4)
LOOPBACK = "127.0.0.1"
READY_SECONDS = 20


@dataclass(frozen=True)
class Order:
    """What is measured: how many mails, how often, and on which PostgreSQL server (None: a SQLite file)."""

    mails: int
    turns: int
    postgresql: str | None


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
    """The accounts of sponsors who may be told that they were vetted."""
    query = select(Account.id).join(Sponsor, Sponsor.account_id == Account.id)
    query = query.where(
        Sponsor.vetting_state == VettingState.VETTED,
        Account.disabled_at.is_(None),
        Account.email_confirmed_at.is_not(None),
    )
    return list(session().scalars(query.order_by(Account.id)))


def queue(account_ids: list[str], mails: int, *, turn: int) -> None:
    """Put so many mails into the outbox, to one account after the other."""
    with transaction():
        for number, account_id in zip(range(mails), cycle(account_ids), strict=False):
            enqueue(message=Message.SPONSOR_VETTED, occasion=f"bench:{turn}:{number}", account_id=account_id)


def sample() -> Envelope:
    """One of the queued mails, as it goes over the wire."""
    mail = session().scalars(select(OutgoingMail).where(OutgoingMail.occasion.startswith("bench:"))).first()
    if mail is None:
        raise RuntimeError("no mail was queued")
    rendered = messages.kind_of(mail).render(Draft(mail, None))
    back = return_path(mail.id, mail.account.email_key)
    return build(rendered, recipient=mail.account.email, mail_id=mail.id, moment=now(), return_path=back)


def deliver() -> int:
    """Deliver everything that is due; gives how many mails went. The log's lines are written as ever, but not shown."""
    with Path(os.devnull).open("w") as nowhere:
        structlog.configure(logger_factory=structlog.PrintLoggerFactory(file=nowhere))
        return deliver_due().sent


def drain(mails: int) -> None:
    """Deliver what was queued."""
    sent = deliver()
    if sent != mails:
        raise RuntimeError(f"{sent} of {mails} mails went")


def bare_loop(port: int, mail: Envelope, mails: int) -> None:
    """As many mails of the same size over one connection, and nothing else."""
    with smtplib.SMTP(LOOPBACK, port, timeout=10) as connection:
        for _ in range(mails):
            connection.sendmail(mail.sender, [mail.recipient], mail.content)


def measure(app: Flask, port: int, order: Order) -> list[tuple[Cost, Cost]]:
    """What draining and the bare loop cost, in turns; the first turn warms up and does not count."""
    found: list[tuple[Cost, Cost]] = []
    with app.app_context():
        deliver()  # what the world's own past left in the outbox
        account_ids = recipients()
        for turn in range(order.turns + 1):
            queue(account_ids, order.mails, turn=turn)
            mail = sample()
            session().rollback()
            drained = cost_of(partial(drain, order.mails))
            found.append((drained, cost_of(partial(bare_loop, port, mail, order.mails))))
    return found[1:]


def work(settings: Settings, gate: Barrier, sent: "Queue[int]") -> None:
    """A worker process: gets ready, waits for the others, delivers until nothing is due."""
    app = create_app(settings)
    with app.app_context():
        recipients()
        session().rollback()
        gate.wait()
        sent.put(deliver())


def drain_together(settings: Settings, workers: int, mails: int) -> float:
    """The seconds that so many worker processes need for what is due, from when all are ready."""
    context = get_context("spawn")
    gate, sent = context.Barrier(workers + 1), context.Queue()
    processes = [context.Process(target=work, args=(settings, gate, sent)) for _ in range(workers)]
    for process in processes:
        process.start()
    gate.wait()
    begun = time.perf_counter()
    total = sum(sent.get() for _ in processes)
    seconds = time.perf_counter() - begun
    for process in processes:
        process.join()
    if total != mails:
        raise RuntimeError(f"{total} of {mails} mails went")
    return seconds


def measure_workers(app: Flask, order: Order, *, bare: float) -> list[list[object]]:
    """A row for each number of worker processes: milliseconds a mail, mails a second, and the ratio to the bare loop.

    `bare` is what that loop takes in this run, in milliseconds a mail.
    """
    rows: list[list[object]] = []
    with app.app_context():
        account_ids = recipients()
    for workers in WORKERS:
        seconds = []
        for turn in range(order.turns):
            with app.app_context():
                queue(account_ids, order.mails, turn=100 * workers + turn)
            seconds.append(drain_together(app.config["VESTKA"], workers, order.mails))
        each_mail = [each * 1000 / order.mails for each in seconds]
        rates = [1000 / each for each in each_mail]
        rows.append([workers, spread(each_mail), spread(rates, ".0f"), spread([bare / each for each in each_mail])])
    return rows


def costs(turns: list[tuple[Cost, Cost]], order: Order) -> list[list[object]]:
    """A row for the clock and one for the CPU; the ratio is above one where delivery is the quicker."""
    return [
        [
            what,
            spread([getattr(drained, kind) * 1000 / order.mails for drained, _ in turns]),
            spread([getattr(bare, kind) * 1000 / order.mails for _, bare in turns]),
            spread([getattr(bare, kind) / getattr(drained, kind) for drained, bare in turns]),
        ]
        for what, kind in (("clock", "wall"), ("CPU of this process", "cpu"))
    ]


@contextmanager
def own_database(server: str) -> Iterator[str]:
    """A database of our own on the PostgreSQL server, dropped in the end."""
    name, engine = f"vestka_bench_{os.getpid()}", create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        try:
            yield make_url(server).set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


def parse(arguments: list[str] | None = None) -> Order:
    """What is asked for on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--mails", type=int, default=2000, help="in each turn (2000)")
    parser.add_argument("--turns", type=int, default=5, help="so many times, beside the first that warms up (5)")
    parser.add_argument("--postgresql", metavar="URL", help="measure on this server, not on a SQLite file")
    return Order(**vars(parser.parse_args(arguments)))


def main() -> None:
    """Print what a mail costs, and the ratio of the bare loop to delivery by one worker and by several."""
    order = parse()
    where = "PostgreSQL" if order.postgresql else "SQLite"
    introduce(f"Delivery of {order.mails} mails on {where}, {order.turns} times, in turns with a loop of smtplib")
    with ExitStack() as stack:
        url = stack.enter_context(own_database(order.postgresql)) if order.postgresql else None
        port = stack.enter_context(peer())
        app = stack.enter_context(
            invented_world(prisoners=PRISONERS, sponsors=SPONSORS, mail_port=port, database_url=url)
        )
        headings = ["", "ms a mail, delivery: median (least–greatest)", "ms a mail, bare loop", "bare loop ÷ delivery"]
        turns = measure(app, port, order)
        table(headings, costs(turns, order))
        print()
        bare = median(loop.wall for _, loop in turns) * 1000 / order.mails
        together = ["worker processes", "ms a mail, together", "mails a second", "bare loop ÷ together"]
        table(together, measure_workers(app, order, bare=bare))


if __name__ == "__main__":
    main()
