"""The connection to our mail server: Flask-Mail's, with what that one lacks.

Certificates are verified, waits are bounded, the server's answer to each step is kept, and failures before the server
could have taken a mail are told from those after.
"""

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self
from urllib.parse import urlsplit

import structlog
from flask import current_app
from flask_mail import Connection

from app.mail.building import Envelope
from app.mail.outcomes import Outcome, Refusal, Result, Trouble
from app.mail.talk import CLOSING, GO_AHEAD, Talk, refusal
from app.settings import current_settings

LOST = "connection_lost"

_LEADING_DOT = re.compile(rb"(?m)^\.")

log = structlog.get_logger()


class _NotReached(Exception):
    """No connection, or none that may be used."""

    def __init__(self, outcome: Outcome, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.result = Result(outcome, trouble)


class MailConnection(Connection):
    """One connection for a whole batch. It opens with the first mail, and again when it broke."""

    host: smtplib.SMTP | None

    def __init__(self) -> None:
        super().__init__(current_app.extensions["mail"])
        self._talk: Talk | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        self._fall_silent()
        if self.host is None:
            return
        try:
            self.host.quit()
        except OSError:
            self._drop()
        self.host = None

    def announce(self, sender: str) -> None:
        """Tell the server who sends the mail that comes next, while the caller looks whether and how it goes.

        Over a connection that is open already, and not where everything is asked at once anyway. Waits for nothing and
        raises nothing: what is wrong shows when the mail is handed over. One that does not go after all is forgotten.
        """
        self._fall_silent()
        if self.host is None or self.host.has_extn("pipelining"):
            return
        self._talk = Talk(self.host, sender)
        with self._dropping():
            self._talk.ask_for_sender()

    def address(self, recipient: str) -> None:
        """Tell the server who gets the mail that was announced, while the caller writes it; raises nothing."""
        if self._talk is not None:
            with self._dropping():
                self._talk.ask_for_recipient(recipient)

    def hand_over(self, envelope: Envelope) -> Result:
        """Give one mail for one recipient to the server, and say what came of it; raises nothing."""
        was_open = self.host is not None
        result = self._try(envelope)
        if was_open and self.host is None and result.outcome is Outcome.REFUSED_FOR_NOW:
            # The server had closed the connection between two mails, which says nothing of this one.
            return self._try(envelope)
        return result

    def configure_host(self) -> smtplib.SMTP:
        """Connect as the settings say: with verified TLS where they ask for it, and never with less."""
        host = _connect()
        try:
            _start_tls(host)
            _greet(host)
            _log_in(host)
        except _NotReached:
            host.close()
            raise
        return host

    def _try(self, envelope: Envelope) -> Result:
        try:
            host = self.host = self.host or self.configure_host()
        except _NotReached as failure:
            log.warning("mail_server_not_reached", trouble=failure.result.reason)
            return failure.result
        return self._ask(host, envelope) or self._transmit(host, envelope)

    def _ask(self, host: smtplib.SMTP, envelope: Envelope) -> Result | None:
        """Everything before the mail itself; None when the server waits for it. Until then it has taken nothing."""
        if self._talk is not None and not self._talk.is_about(envelope):
            self._fall_silent()
            return self._try(envelope)
        talk, self._talk = self._talk or Talk(host, envelope.sender), None
        try:
            talk.ask_for_all(envelope)
        except OSError:
            self._drop()
            return talk.refused or Result(Outcome.REFUSED_FOR_NOW, LOST)
        if talk.refused is not None:
            self._clear(talk.code)
        return talk.refused

    def _fall_silent(self) -> None:
        """Forget what was announced and not handed over."""
        talk, self._talk = self._talk, None
        if talk is not None:
            with self._dropping():
                talk.listen()
                self._clear(talk.code)

    @contextmanager
    def _dropping(self) -> Iterator[None]:
        """Take a connection that breaks inside the block for closed, as if it had never been open."""
        try:
            yield
        except OSError:
            self._drop()

    def _transmit(self, host: smtplib.SMTP, envelope: Envelope) -> Result:
        """The mail itself. Once it is on its way, only the server's answer says whether it was taken."""
        try:
            host.send(_stuffed(envelope.content) + b".\r\n")
            code, text = host.getreply()
        except OSError:
            self._drop()
            return Result(Outcome.UNKNOWN, LOST)
        if code // 100 == 2:
            return Result(Outcome.DELIVERED)
        if code // 100 not in (4, 5):
            self._drop()
            return Result(Outcome.UNKNOWN, "answer_not_understood")
        self._clear(code)
        return refusal(code, text, about=Refusal.CONTENT)

    def _clear(self, code: int) -> None:
        """Make the connection ready for the next mail after a refusal, of which this was the last answer."""
        if code in (CLOSING, GO_AHEAD) or self.host is None:
            self._drop()
            return
        try:
            self.host.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        if self.host is not None:
            self.host.close()
        self.host = self._talk = None


def _stuffed(content: bytes) -> bytes:
    """The mail with a dot more before each line that begins with one, so that none of them ends it (RFC 5321)."""
    return _LEADING_DOT.sub(b"..", content) if b"\n." in content or content.startswith(b".") else content


def _connect() -> smtplib.SMTP:
    settings = current_settings()
    server, port, patience = settings.mail_server, settings.mail_port, settings.mail_timeout_seconds
    # Without a name of our own smtplib would announce this machine's.
    name = urlsplit(settings.public_url).hostname
    try:
        if settings.mail_tls == "tls":
            verified = ssl.create_default_context()
            return smtplib.SMTP_SSL(server, port, local_hostname=name, timeout=patience, context=verified)
        return smtplib.SMTP(server, port, local_hostname=name, timeout=patience)
    except ssl.SSLError as failure:
        raise _NotReached(Outcome.UNREACHABLE, Trouble.TLS_FAILED) from failure
    except OSError as failure:
        raise _NotReached(Outcome.UNREACHABLE, Trouble.SERVER_UNREACHABLE) from failure


def _start_tls(host: smtplib.SMTP) -> None:
    if current_settings().mail_tls != "starttls":
        return
    try:
        host.starttls(context=ssl.create_default_context())
    except OSError as failure:
        raise _NotReached(Outcome.UNREACHABLE, Trouble.TLS_FAILED) from failure


def _greet(host: smtplib.SMTP) -> None:
    try:
        host.ehlo_or_helo_if_needed()
    except OSError as failure:
        raise _NotReached(Outcome.UNREACHABLE, Trouble.SERVER_UNREACHABLE) from failure


def _log_in(host: smtplib.SMTP) -> None:
    settings = current_settings()
    if settings.mail_username is None:
        return
    try:
        host.login(settings.mail_username, settings.mail_password or "")
    except smtplib.SMTPServerDisconnected as failure:
        raise _NotReached(Outcome.UNREACHABLE, Trouble.SERVER_UNREACHABLE) from failure
    except smtplib.SMTPException as failure:
        raise _NotReached(Outcome.LOGIN_REFUSED, Trouble.LOGIN_REFUSED) from failure
