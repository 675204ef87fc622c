"""The address that a mail comes back to: one for each mail, so that a bounce says which, and cannot be made up (M8).

    bounces+<mail>.<tag>@example.org

The tag is keyed, and bound to the mail and to the address that it went to. It is all in lower case, since some servers
change the case of what they return.
"""

import base64
import hashlib
import hmac
import re
from functools import lru_cache

from sqlalchemy import select

from app.database import session
from app.keys import KeyPurpose, derive
from app.models import OutgoingMail
from app.queries import offices
from app.settings import current_settings

TAG_BYTES = 10
MOST_LOOKED_AT = 10
"""Whoever writes us a report decides how many addresses stand in it."""

_ID = "[a-z2-7]{16}"


def return_path(mail_id: str, address_key: str) -> str | None:
    """Where the mail to the address with this key comes back to; None where bounces are not read."""
    mailbox = current_settings().mail_bounces
    if mailbox is None:
        return None
    local, _at, domain = mailbox.rpartition("@")
    return f"{local}+{mail_id}.{_tag(mail_id, address_key)}@{domain}"


def mail_returned_to(text: str) -> OutgoingMail | None:
    """The mail that comes back to an address in the text; None where there is none that we made.

    That is so as well for a mail that was erased, and for one whose recipient has another address now.
    """
    mailbox = current_settings().mail_bounces
    if mailbox is None:
        return None
    for mail_id, tag in _shape(mailbox).findall(text.lower())[:MOST_LOOKED_AT]:
        mail = session().scalar(select(OutgoingMail).where(OutgoingMail.id == mail_id))
        reader = offices.reader_then(mail) if mail is not None else None
        if mail is not None and reader is not None and hmac.compare_digest(tag, _tag(mail.id, reader.email_key)):
            return mail
    return None


@lru_cache
def _shape(mailbox: str) -> re.Pattern[str]:
    local, _at, domain = mailbox.lower().rpartition("@")
    return re.compile(rf"(?<![\w.+-]){re.escape(local)}\+({_ID})\.({_ID})@{re.escape(domain)}(?![\w.-])")


def _tag(mail_id: str, address_key: str) -> str:
    key = derive(current_settings().secret_key, KeyPurpose.RETURN_PATH)
    signed = hmac.digest(key, f"{mail_id}\n{address_key}".encode(), hashlib.sha256)
    return base64.b32encode(signed[:TAG_BYTES]).decode("ascii").lower()
