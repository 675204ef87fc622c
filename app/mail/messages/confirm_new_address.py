"""To the new address that somebody wants to use: a link that confirms it is theirs."""

from app.mail.mailboxes import change_behind, new_mailbox
from app.mail.messages.rendering import Draft, Rendered, letter, page
from app.mail.outbox import Message
from app.models import OutgoingMail
from app.queries.accounts import wanted_address


def why_not(mail: OutgoingMail) -> str | None:
    """Only for the newest wish, while it is not confirmed."""
    wanted = wanted_address(mail.account_id)
    return None if wanted is not None and wanted.id == change_behind(mail).id else "overtaken"


def render(draft: Draft) -> Rendered:
    """The link opens a page with a button; fetching it changes nothing (M10)."""
    return letter(
        Message.CONFIRM_NEW_ADDRESS,
        to=draft.mail.account,
        address=new_mailbox(draft.mail).address,
        link=page(f"/address/{draft.token}"),
    )
