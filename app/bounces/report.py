"""What a mail server reports of a mail that it could not deliver (RFC 3464), with status codes of RFC 3463."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from enum import StrEnum

RECIPIENT_FIELDS = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To")
"""Where the address stands that a report was sent to: what its writer said, and what servers on its way added."""

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")
_NOT_THE_MAILBOX = ("5.6.", "5.7.")
"""Refused for what the mail is, or for who we are: the mailbox takes others."""


class Fate(StrEnum):
    """What became of a mail."""

    FAILED = "failed"
    DELAYED = "delayed"


@dataclass(frozen=True)
class Report:
    """A mail's fate, the status code that says why, and what stands where the report's own recipient is named."""

    fate: Fate
    status: str
    sent_to: str

    @property
    def is_about_mailbox(self) -> bool:
        """Whether mail after mail would fail the same way."""
        return self.fate is Fate.FAILED and not self.status.startswith(_NOT_THE_MAILBOX)


def read(content: bytes) -> Report | None:
    """The report in a mail; None where it holds none, or reports nothing that went wrong. Never raises.

    Failed is what a server gave up for good: action `failed` with a status 5.x.x. Everything temporary is delayed.
    """
    try:
        return _read(message_from_bytes(content))
    except Exception:
        # Whoever writes to us decides what stands there, and the library's parser raises anything at some of it.
        return None


def _read(message: Message) -> Report | None:
    if message.get_content_type() != "multipart/report":
        return None
    found = dict(_fates(message))
    fate = next((fate for fate in Fate if fate in found), None)
    if fate is None:
        return None
    sent_to = " ".join(str(value) for name in RECIPIENT_FIELDS for value in message.get_all(name, []))
    return Report(fate, found[fate], sent_to)


def _fates(message: Message) -> Iterator[tuple[Fate, str]]:
    """What is said of each recipient: ours have one, but a list behind that one may have many."""
    for part in message.walk():
        if part.get_content_type() != "message/delivery-status" or not part.is_multipart():
            continue
        for recipient in part.get_payload():
            assert isinstance(recipient, Message)
            action = str(recipient.get("Action", "")).split(";")[0].strip().casefold()
            status = _STATUS.search(str(recipient.get("Status", "")))
            if status is None or action not in ("failed", "delayed"):
                continue
            for_good = action == "failed" and status[0].startswith("5")
            yield (Fate.FAILED if for_good else Fate.DELAYED), status[0]
