"""The connection to our mail server: Flask-Mail's, with what that one lacks.

Certificates are verified, waits are bounded, the server's answer to each step is kept, and failures before the server
could have taken a mail are told from those after.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from typing import Self
from urllib.parse import urlsplit

import structlog
from flask import current_app
from flask_mail import Connection

from app.mail.building import Envelope
from app.mail.outcomes import Outcome, Refusal, Result, Trouble
from app.settings import current_settings

Ask = Callable[[], tuple[int, bytes]]

LOST = "connection_lost"
LOGIN_CODES = frozenset({530, 534, 535, 538})
CLOSING = 421
MAILBOX_FULL = 552

_LEADING_DOT = re.compile(rb"(?m)^\.")
_POLICY = re.compile(rb"\s*5\.7\.")

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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_failure: object) -> None:
        if self.host is None:
            return
        try:
            self.host.quit()
        except OSError:
            self._drop()
        self.host = None

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
        return self._announce(host, envelope) or self._transmit(host, envelope)

    def _announce(self, host: smtplib.SMTP, envelope: Envelope) -> Result | None:
        """Everything before the mail itself; None when the server waits for it. Until then it has taken nothing."""
        steps: tuple[tuple[Ask, int, Refusal | None], ...] = (
            (lambda: host.mail(envelope.sender), 250, None),
            (lambda: host.rcpt(envelope.recipient), 250, Refusal.RECIPIENT),
            (lambda: host.docmd("DATA"), 354, Refusal.CONTENT),
        )
        try:
            for ask, accepted, about in steps:
                code, text = ask()
                if code // 10 != accepted // 10:
                    self._clear(code)
                    return _refusal(code, text, about=about)
        except OSError:
            self._drop()
            return Result(Outcome.REFUSED_FOR_NOW, LOST)
        return None

    def _transmit(self, host: smtplib.SMTP, envelope: Envelope) -> Result:
        """The mail itself. Once it is on its way, only the server's answer says whether it was taken."""
        try:
            host.send(_LEADING_DOT.sub(b"..", envelope.content) + b".\r\n")
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
        return _refusal(code, text, about=Refusal.CONTENT)

    def _clear(self, code: int) -> None:
        """Make the connection ready for the next mail after a refusal."""
        if code == CLOSING or self.host is None:
            self._drop()
            return
        try:
            self.host.rset()
        except OSError:
            self._drop()

    def _drop(self) -> None:
        if self.host is not None:
            self.host.close()
        self.host = None


def _refusal(code: int, text: bytes, *, about: Refusal | None) -> Result:
    """What a refusal means. `about` is what a refusal for good would be about; None for what is our own fault."""
    log.warning("mail_refused", code=code, about=about)
    if code in LOGIN_CODES:
        return Result(Outcome.LOGIN_REFUSED, Trouble.LOGIN_REFUSED)
    if code // 100 != 5 or code == MAILBOX_FULL or about is None:
        return Result(Outcome.REFUSED_FOR_NOW, f"smtp_{code}")
    if about is Refusal.RECIPIENT and _POLICY.match(text):
        return Result(Outcome.REFUSED_FOR_GOOD, Refusal.POLICY)
    return Result(Outcome.REFUSED_FOR_GOOD, about)


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
