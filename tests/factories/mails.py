"""Outgoing mails in every state, as delivery would have left them."""

from datetime import datetime, timedelta
from typing import Any

from app.clock import now
from app.models import OutgoingMail, ServerTrouble, SuppressedAddress, new_id
from app.queries import suppressions
from app.vocabulary import OutgoingState, SuppressionReason
from tests.factories.accounts import make_account
from tests.factories.writing import add, writing

_WITH_REASON = {
    OutgoingState.WAITING: "smtp_451",
    OutgoingState.FAILED: "recipient_refused",
    OutgoingState.SUPPRESSED: "match_changed",
    OutgoingState.IN_DOUBT: "lease_ran_out",
}


def make_mail(**changes: Any) -> OutgoingMail:
    """A mail that waits in the queue, to an account of its own unless `account_id` is given.

    With another `state`, what leads there is filled in. `match` names the match that it is about, and its sponsor.
    """
    match = changes.pop("match", None)
    with writing():
        if match is not None:
            changes = {"match_id": match.id, "account_id": match.sponsor.account_id} | changes
        if "account_id" not in changes:
            changes["account_id"] = make_account().id
        state = changes.setdefault("state", OutgoingState.QUEUED)
        moment = changes.get("due_at", now())
        values = {
            "message": "already_registered",
            "occasion": f"made:{new_id()}",
            "created_at": moment,
            "due_at": moment,
            "attempts": 0 if state in (OutgoingState.QUEUED, OutgoingState.SUPPRESSED) else 1,
            "reason": _WITH_REASON.get(state),
            "sent_at": moment if state is OutgoingState.SENT else None,
            "lease_until": moment + timedelta(minutes=10) if state is OutgoingState.SENDING else None,
        }
        return add(OutgoingMail(**values | changes))


def make_suppressed_address(email: str = "nobody@example.org") -> SuppressedAddress:
    """An address that refused our mail for good."""
    with writing():
        values = {"reason": SuppressionReason.REFUSED, "suppressed_at": now()}
        return add(SuppressedAddress(address_digest=suppressions.digest(email), **values))


def make_server_trouble(reason: str, *, paused_until: datetime) -> ServerTrouble:
    """The queue is paused for this reason."""
    with writing():
        return add(ServerTrouble(id=1, reason=reason, losses=0, paused_until=paused_until))
