"""A rendered mail becomes the message that goes over the wire: one recipient, text always, and honest headers.

The message is put together by hand, since the standard library's would read back every header that it is given: two
parts in quoted-printable under headers that are few and known (RFC 5322, RFC 2045). What has to be folded or encoded
is left to the library, once for each sender and subject. No recipient is remembered.
"""

import re
import unicodedata
from binascii import b2a_qp
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import lru_cache
from urllib.parse import urlsplit

from app.mail.messages.rendering import Rendered
from app.settings import current_settings

SENDER_NAME = "Vestka"
_BREAKING = frozenset({"Cc", "Zl", "Zp"})
_ATOMS = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_PLAIN_ADDRESS = re.compile(f"{_ATOMS}@{_ATOMS}")

_BOUNDARY = "=_vestka"
"""Stands in no part: in quoted-printable an equals sign is followed by two digits or the end of the line."""

_MESSAGE = """\
{sent_by}To: {to}\r
{subject}Date: {date}\r
Message-ID: {message_id}\r
Auto-Submitted: auto-generated\r
{unsubscribing}MIME-Version: 1.0\r
Content-Type: multipart/alternative; boundary="{boundary}"\r
\r
--{boundary}\r
Content-Type: text/plain; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
{text}\r
--{boundary}\r
Content-Type: text/html; charset="utf-8"\r
Content-Transfer-Encoding: quoted-printable\r
\r
{html}\r
--{boundary}--\r
"""


class Unsendable(Exception):
    """The mail cannot be put on the wire, now or later. The reason holds nothing personal."""


@dataclass(frozen=True)
class Envelope:
    """A mail ready to hand over: who sends it, to whom, and its bytes."""

    sender: str
    recipient: str
    content: bytes


def build(
    rendered: Rendered, *, recipient: str, mail_id: str, moment: datetime, return_path: str | None = None
) -> Envelope:
    """The mail as it goes over the wire; it comes back to `return_path`, without one to its sender.

    Its Message-ID is made from the row's id, so that it stays the same however often the mail is tried. Raises
    Unsendable for a subject or address with a line break or another control character, and for an address that is none.
    """
    settings = current_settings()
    to, sender = route(recipient, return_path)
    message = _MESSAGE.format(
        sent_by=_folded("From", str(_sender(settings.mail_from))),
        to=to,
        subject=_subject(rendered.subject),
        date=format_datetime(moment),
        message_id=f"<{mail_id}@{urlsplit(settings.public_url).hostname}>",
        unsubscribing=_unsubscribing(rendered.unsubscribe),
        boundary=_BOUNDARY,
        text=_quoted(rendered.text),
        html=_quoted(rendered.html),
    )
    return Envelope(sender=sender, recipient=to, content=message.encode("ascii"))


def route(recipient: str, return_path: str | None) -> tuple[str, str]:
    """To whom and from whom a mail goes, as its envelope will say. Raises Unsendable for an address that is none."""
    return _address(recipient), return_path or _sender(current_settings().mail_from).addr_spec


@lru_cache
def _sender(mail_from: str) -> Address:
    name, address = parseaddr(mail_from)
    return Address(display_name=_unbroken(name or SENDER_NAME), addr_spec=_address(address))


@lru_cache
def _subject(text: str) -> str:
    return _folded("Subject", _unbroken(text))


@lru_cache
def _folded(name: str, value: str) -> str:
    """The header in lines that are short enough, with words in ASCII (RFC 2047), and its line end."""
    _name, parsed = SMTP.header_store_parse(name, value)
    folded: str = SMTP.fold(name, parsed)
    return folded


def _unsubscribing(address: str | None) -> str:
    """The headers that let a mail program end such mails with one click (RFC 8058); none without an address.

    Never folded: the library would encode an address that is too long for its line, and nobody could read it.
    """
    if address is None:
        return ""
    return f"List-Unsubscribe: <{_unbroken(address)}>\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"


def _quoted(text: str) -> str:
    """The text in quoted-printable, in lines that end as lines of mail do."""
    lines = b"".join(line + b"\r\n" for line in text.encode().splitlines())
    return b2a_qp(lines).decode("ascii")


def _unbroken(text: str) -> str:
    if not text or any(unicodedata.category(character) in _BREAKING for character in text):
        raise Unsendable("broken_header")
    return text


def _address(text: str) -> str:
    """The address with its domain as DNS knows it."""
    if _PLAIN_ADDRESS.fullmatch(text):
        return text
    local, _at, domain = _unbroken(text).rpartition("@")
    try:
        written = f"{local}@{domain.encode('idna').decode('ascii')}"
        if _PLAIN_ADDRESS.fullmatch(written):
            return written
        local.encode("ascii")
        return Address(addr_spec=written).addr_spec
    except (MessageError, ValueError, IndexError) as failure:
        raise Unsendable("bad_address") from failure
