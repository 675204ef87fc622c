"""The demo's mailbox: takes every mail over SMTP, delivers none, and shows them on a page. Loopback only.

    python -m scripts.mailbox --smtp-port 2525 --page-port 8025

Browser tests use the same thing from inside:

    with Mailbox() as mailbox:
        [mail] = mailbox.wait_for(to="somebody@example.org")
"""

import argparse
import signal
import sys
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from scripts.mailbox_page import LOOPBACK, MailboxPage

KEPT_MAILS = 2_000
LONGEST_MAIL_BYTES = 10 * 1024 * 1024
WAIT_SECONDS = 60.0


@dataclass(frozen=True)
class Mail:
    """One mail as its reader would see it: encoded words decoded, the text and the HTML part apart."""

    id: int
    to: str
    sender: str
    subject: str
    received_at: datetime
    text: str
    html: str
    headers: dict[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, number: int, envelope: Envelope, received_at: datetime) -> Self:
        """The mail in this envelope; `to` is whom the envelope names, whatever the headers say."""
        message = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        return cls(
            id=number,
            to=", ".join(envelope.rcpt_tos),
            sender=envelope.mail_from or "",
            subject=str(message.get("Subject", "")),
            received_at=received_at,
            text=_part(message, "plain"),
            html=_part(message, "html"),
            headers={name: str(value) for name, value in message.items()},
        )


def _part(message: EmailMessage, kind: str) -> str:
    body = message.get_body(preferencelist=(kind,))
    return str(body.get_content()) if body is not None else ""


class Pile:
    """The newest mails, and a way to wait for more."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self._mails: deque[Mail] = deque(maxlen=KEPT_MAILS)
        self._arrival = threading.Condition()

    def add(self, envelope: Envelope) -> None:
        """Lay one mail on top and wake whoever waits."""
        with self._arrival:
            self._mails.appendleft(Mail.read(next(self._numbers), envelope, datetime.now(UTC)))
            self._arrival.notify_all()

    def mails(self) -> list[Mail]:
        """All that are kept, newest first."""
        with self._arrival:
            return list(self._mails)

    def wait_for(self, *, to: str | None, number: int, timeout: float) -> list[Mail]:
        """See Mailbox.wait_for."""
        with self._arrival:
            if not self._arrival.wait_for(lambda: len(self._addressed(to)) >= number, timeout):
                seen = ", ".join(f"{mail.to}: {mail.subject}" for mail in self._mails) or "nothing"
                raise TimeoutError(f"no {number} mails to {to or 'anybody'} within {timeout} s; there is {seen}")
            return self._addressed(to)

    def _addressed(self, to: str | None) -> list[Mail]:
        return [mail for mail in self._mails if to is None or mail.to == to]


class _Reception:
    """What aiosmtpd hands each mail to."""

    def __init__(self, pile: Pile) -> None:
        self._pile = pile

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - its name
        self._pile.add(envelope)
        return "250 kept, and delivered to nobody"


class _LoopbackController(Controller):
    """aiosmtpd's controller, which also learns the port that the system chose for port 0."""

    def _trigger_server(self) -> None:
        assert self.server is not None
        self.port = cast(Any, self.server).sockets[0].getsockname()[1]
        super()._trigger_server()  # type: ignore[no-untyped-call]


class Mailbox:
    """A running mailbox, from `with` to its end. Port 0 lets the system choose."""

    def __init__(self, *, smtp_port: int = 0, page_port: int = 0) -> None:
        self._pile = Pile()
        self._smtp = _LoopbackController(
            _Reception(self._pile), hostname=LOOPBACK, port=smtp_port, data_size_limit=LONGEST_MAIL_BYTES
        )
        self._page = MailboxPage(self._pile.mails, port=page_port)

    def __enter__(self) -> Self:
        self._smtp.start()
        self._page.start()
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._page.stop()
        self._smtp.stop()

    @property
    def smtp_port(self) -> int:
        """Where mail is taken."""
        return self._smtp.port

    @property
    def page_url(self) -> str:
        """Where the mails are shown."""
        return self._page.url

    def mails(self) -> list[Mail]:
        """All mails that are kept, newest first."""
        return self._pile.mails()

    def wait_for(self, *, to: str | None = None, count: int = 1, timeout: float = WAIT_SECONDS) -> list[Mail]:
        """All mails to this address (to anybody without one), newest first, as soon as there are `count`.

        Raises TimeoutError, naming what came instead, after `timeout` seconds.
        """
        return self._pile.wait_for(to=to, number=count, timeout=timeout)


def main(arguments: Sequence[str]) -> int:
    """Run until SIGINT or SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m scripts.mailbox", description="A mailbox that delivers nothing.")
    parser.add_argument("--smtp-port", type=int, default=0)
    parser.add_argument("--page-port", type=int, default=0)
    wanted = parser.parse_args(arguments)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with Mailbox(smtp_port=wanted.smtp_port, page_port=wanted.page_port) as mailbox:
        print(f"mail on port {mailbox.smtp_port}, page at {mailbox.page_url}", flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
