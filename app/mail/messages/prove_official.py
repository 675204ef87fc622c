"""To the official address that a member of a parliament named: a link that proves it is theirs."""

from app.mail.mailboxes import official_mailbox
from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.occasions import change_of
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries import officials


def why_not(mail: OutgoingMail) -> str | None:
    """Only for the newest wish, while it is not proven."""
    wanted = officials.wanted_by(mail.account_id)
    return None if wanted is not None and wanted.id == change_of(mail.occasion) else "overtaken"


def render(draft: Draft) -> Rendered:
    """The link opens a page with a button; fetching it changes nothing (M10)."""
    return letter(
        Message.PROVE_OFFICIAL,
        to=draft.mail.account,
        address=official_mailbox(draft.mail).address,
        link=page(f"/official/{draft.token}"),
    )
