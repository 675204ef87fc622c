"""The talk with a mail server about one mail: what it is asked before the mail itself, and what its refusals mean."""

import re
import smtplib
from typing import NamedTuple

import structlog

from app.mail.building import Envelope
from app.mail.outcomes import Outcome, Refusal, Result, Trouble

LOGIN_CODES = frozenset({530, 534, 535, 538})
CLOSING = 421
MAILBOX_FULL = 552

GO_AHEAD = 354
"""After a refusal: the server waits for a mail that nobody is to get, and that only hanging up takes back."""

_POLICY = re.compile(rb"\s*5\.7\.")

log = structlog.get_logger()


class _Step(NamedTuple):
    """One question to the server: what stands for a yes, and what a refusal for good would be about."""

    accepted: int
    about: Refusal | None


_STEPS = (_Step(250, None), _Step(250, Refusal.RECIPIENT), _Step(GO_AHEAD, Refusal.CONTENT))
"""Who sends it, who gets it, and whether the mail may follow."""


class Talk:
    """The questions about one mail, up to the mail itself, of which the server has taken nothing before the last.

    One that offers PIPELINING (RFC 2920) is asked several at once, and answers all; any other answers one before it is
    asked the next, up to its first refusal. The last answer is only waited for when somebody listens.
    """

    def __init__(self, host: smtplib.SMTP, sender: str) -> None:
        self._host, self._sender = host, sender
        self._recipient: str | None = None
        self._asked = self._answered = 0
        self.refused: Result | None = None
        self.code = 0

    def is_about(self, envelope: Envelope) -> bool:
        """Whether what was asked so far is what this mail needs."""
        return self._sender == envelope.sender and self._recipient in (None, envelope.recipient)

    def ask_for_sender(self) -> None:
        """Who sends it."""
        self._ask(f"MAIL FROM:<{self._sender}>\r\n")

    def ask_for_recipient(self, recipient: str) -> None:
        """Who gets it."""
        self._recipient = recipient
        self._ask(f"RCPT TO:<{recipient}>\r\n")

    def ask_for_all(self, envelope: Envelope) -> None:
        """What was not asked yet, and listen until everything is answered."""
        questions = (f"MAIL FROM:<{envelope.sender}>\r\n", f"RCPT TO:<{envelope.recipient}>\r\n", "DATA\r\n")
        self._ask(*questions[self._asked :])
        self.listen()

    def listen(self) -> None:
        """Hear the answers that are still to come: `refused` is what the first refusal means, `code` what came last."""
        while self._answered < self._asked:
            self.code, text = self._host.getreply()
            step = _STEPS[self._answered]
            self._answered += 1
            if self.refused is None and self.code // 10 != step.accepted // 10:
                self.refused = refusal(self.code, text, about=step.about)

    def _ask(self, *questions: str) -> None:
        if self._host.has_extn("pipelining"):
            self._send("".join(questions), asking=len(questions))
            return
        for question in questions:
            self.listen()
            if self.refused is not None:
                return
            self._send(question, asking=1)

    def _send(self, written: str, *, asking: int) -> None:
        self._host.send(written)
        self._asked += asking


def refusal(code: int, text: bytes, *, about: Refusal | None) -> Result:
    """What a refusal means. `about` is what a refusal for good would be about; None for what is our own fault."""
    log.warning("mail_refused", code=code, about=about)
    if code in LOGIN_CODES:
        return Result(Outcome.LOGIN_REFUSED, Trouble.LOGIN_REFUSED)
    if code // 100 != 5 or code == MAILBOX_FULL or about is None:
        return Result(Outcome.REFUSED_FOR_NOW, f"smtp_{code}")
    if about is Refusal.RECIPIENT and _POLICY.match(text):
        return Result(Outcome.REFUSED_FOR_GOOD, Refusal.POLICY)
    return Result(Outcome.REFUSED_FOR_GOOD, about)
