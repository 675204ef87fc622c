"""A mail server that does as a test tells it: answers, hangs, hangs up, demands TLS and a log-in, counts what it took.

    with SmtpPeer() as peer:
        peer.script.rcpt = "550 5.1.1 no such mailbox"
        …
        assert peer.taken() == {"<id@host>": 1}

A script says what happens at each step: an answer instead of the usual one, `HANG`, `DROP`, or a function that is
called there and may return any of these (the tests of M1 kill a worker in it). `content` is reached when the mail has
been read but not yet taken; at `taken` it counts as delivered, whatever is answered.
"""

import asyncio
import socket
import ssl
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

HANG = "hang"
DROP = "drop"
USUAL = None
HANG_SECONDS = 30.0

Happening = str | Callable[[], str | None] | None


@dataclass
class Script:
    """What happens at each step instead of the usual."""

    banner: Happening = USUAL
    mail: Happening = USUAL
    rcpt: Happening = USUAL
    data: Happening = USUAL
    content: Happening = USUAL
    taken: Happening = USUAL


@dataclass(frozen=True)
class Taken:
    """One mail that the peer took, and the envelope it came in."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage

    @property
    def id(self) -> str:
        """Its Message-ID."""
        return str(self.message["Message-ID"])


@dataclass
class _Clerk:
    """Follows the script; aiosmtpd calls one method for each step."""

    script: Script = field(default_factory=Script)
    mails: list[Taken] = field(default_factory=list)
    pipelining: bool = False
    connections: int = 0
    tried: int = 0
    open: set[asyncio.Transport] = field(default_factory=set)

    async def hang_up(self) -> None:
        """Close what is still open, and wait until whoever hung there has noticed."""
        for transport in self.open:
            transport.abort()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        await asyncio.gather(*others, return_exceptions=True)

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [responses[0], "250-PIPELINING", *responses[1:]] if self.pipelining else responses

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried += 1
        envelope.mail_from = address
        return await _follow(self.script.mail, server) or "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = await _follow(self.script.rcpt, server)
        if answer is None or answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        refusal = await _follow(self.script.content, server)
        if refusal is not None:
            return refusal
        message = message_from_bytes(bytes(envelope.content or b""), policy=policy.default)
        self.mails.append(Taken(envelope.mail_from or "", tuple(envelope.rcpt_tos), message))
        return await _follow(self.script.taken, server) or "250 taken"


async def _follow(happening: Happening, server: SMTP) -> str | None:
    """Do what the script says; the answer to give, or None for the usual one."""
    if callable(happening):
        happening = await asyncio.get_running_loop().run_in_executor(None, happening)
    if happening == DROP:
        server.transport.abort()
        return "421 gone"
    if happening == HANG:
        await asyncio.sleep(HANG_SECONDS)
    return None if happening in (HANG, USUAL) else happening


class _Server(SMTP):
    """aiosmtpd's, with the script's answers where that one asks nobody."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        self.event_handler.open.add(transport)

    def connection_lost(self, error: Exception | None) -> None:
        super().connection_lost(error)
        self.event_handler.open.discard(self.transport)

    async def _handle_client(self) -> None:
        clerk: _Clerk = self.event_handler
        clerk.connections += 1
        answer = await _follow(clerk.script.banner, self)
        if answer is not None:
            await self.push(answer)
            self.transport.close()
            return
        await super()._handle_client()

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802
        clerk: _Clerk = self.event_handler
        answer = await _follow(clerk.script.data, self)
        if answer is not None:
            await self.push(answer)
            return
        await super().smtp_DATA(arg)


class SmtpPeer:
    """The server in a thread of its own, on a free port of the loopback address.

    `tls` wraps every connection, `starttls` is offered and demanded; `login` is the one user it knows,
    with `pipelining` it lets itself be asked several things at once.
    """

    def __init__(
        self,
        *,
        tls: ssl.SSLContext | None = None,
        starttls: ssl.SSLContext | None = None,
        login: tuple[str, str] | None = None,
        pipelining: bool = False,
    ) -> None:
        self._clerk = _Clerk(pipelining=pipelining)
        self._login = login
        options: dict[str, Any] = {"tls_context": starttls, "require_starttls": starttls is not None}
        if login is not None:
            options |= {"authenticator": self._check, "auth_require_tls": starttls is not None}
        self._controller = _Controller(self._clerk, ssl_context=tls, options=options)

    def __enter__(self) -> Self:
        self._controller.start()
        self._clerk.connections = 0  # the controller itself knocked to see whether it listens
        return self

    def __exit__(self, *_failure: object) -> None:
        asyncio.run_coroutine_threadsafe(self._clerk.hang_up(), self._controller.loop).result(timeout=5)
        self._controller.stop()

    @property
    def port(self) -> int:
        """Where it listens."""
        port: int = self._controller.port
        return port

    @property
    def script(self) -> Script:
        """What happens at each step; change it at any time."""
        return self._clerk.script

    @script.setter
    def script(self, script: Script) -> None:
        self._clerk.script = script

    @property
    def mails(self) -> list[Taken]:
        """What it took, in order."""
        return self._clerk.mails

    @property
    def connections(self) -> int:
        """How often somebody connected."""
        return self._clerk.connections

    @property
    def tried(self) -> int:
        """How many mails were announced, whether or not they were taken."""
        return self._clerk.tried

    def taken(self) -> Counter[str]:
        """How often each Message-ID was taken."""
        return Counter(mail.id for mail in self.mails)

    def _check(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: LoginPassword
    ) -> AuthResult:
        given = (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self._login, handled=False, auth_data=data.login)


class _Controller(Controller):
    def __init__(self, clerk: _Clerk, *, ssl_context: ssl.SSLContext | None, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__(clerk, hostname="127.0.0.1", port=_free_port(), ssl_context=ssl_context)

    def factory(self) -> SMTP:
        return _Server(self.handler, hostname="peer.example", **self._options)


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port
