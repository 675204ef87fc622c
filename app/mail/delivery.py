"""Delivery: takes mails that are due out of the outbox and hands them over, one durable claim for each.

Claim (committed) → is it still right to send it, *now*? → render → hand over → record (committed). Whatever dies in
between leaves the row `sending`; when its lease has run out it becomes `in_doubt`, and is never blindly sent again.
"""

import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from app.clock import now
from app.database import end_reading
from app.mail import messages, tokens
from app.mail.building import Envelope, Unsendable, build, route
from app.mail.claims import Claim, claim_next, give_up_expired, record
from app.mail.connection import MailConnection
from app.mail.mailboxes import Mailbox
from app.mail.messages import Kind
from app.mail.messages.rendering import Draft, Rendered
from app.mail.outcomes import Outcome, Refusal, Result, next_step
from app.mail.suppressions import suppress
from app.mail.trouble import Watch
from app.models import OutgoingMail
from app.queries import mails
from app.queries.return_paths import return_path
from app.transaction import transaction
from app.vocabulary import OutgoingState, SuppressionReason

log = structlog.get_logger()


@dataclass(frozen=True)
class DeliveryCounts:
    """How many mails a delivery moved, by the state it left them in."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    suppressed: int = 0
    in_doubt: int = 0

    @property
    def moved(self) -> int:
        """All of them together."""
        return self.sent + self.waiting + self.failed + self.suppressed + self.in_doubt


@dataclass(frozen=True)
class Ready:
    """A mail that may go, and the key of the address it goes to."""

    envelope: Envelope
    address_key: str


def _never() -> bool:
    return False


def deliver_due(limit: int | None = None, *, stopping: Callable[[], bool] = _never) -> DeliveryCounts:
    """Hand over the mails that are due, at most `limit` of them, and count what became of each.

    Any number of workers may do so at once. Ends early when `stopping` says so, between two mails, and when our mail
    server cannot be used, or leaves one mail after the other in doubt: then the queue is paused, and until the pause is
    over nothing is tried. Mails whose worker died count among `in_doubt`. Leases and delays follow `app.clock`.
    """
    tally: Counter[OutgoingState] = Counter()
    with transaction():
        tally[OutgoingState.IN_DOUBT] += give_up_expired(now())
        watch = Watch()
        claim = None if stopping() or paused_until() else claim_next(now())
    tried = 0
    with MailConnection() as connection:
        while claim is not None:
            tried += 1
            prepared = _prepared(claim, connection)
            result = connection.hand_over(prepared.envelope) if isinstance(prepared, Ready) else prepared
            moment = now()
            step = next_step(result, attempts=claim.attempts, moment=moment)
            with transaction():  # one for each mail: what came of this, and the claim on the next
                state = record(claim, step, moment=moment)
                if isinstance(prepared, Ready) and result.reason is Refusal.RECIPIENT:
                    suppress(prepared.address_key, SuppressionReason.REFUSED, mail_id=claim.mail_id)
                paused = watch.see(result, step, moment=moment)
                claim = None if paused or tried == limit or stopping() else claim_next(moment)
            tally.update([state] if state else [])
    return DeliveryCounts(**{state.value: number for state, number in tally.items()})


def _prepared(claim: Claim, connection: MailConnection) -> Ready | Result:
    """The claimed mail as it is to go now, or why not. One that cannot be written ends, and holds up no other."""
    try:
        return _prepare(claim.mail_id, connection)
    except (OperationalError, PoolTimeout):
        return Result(Outcome.REFUSED_FOR_NOW, "database_unavailable")
    except Unsendable as failure:
        return Result(Outcome.UNSENDABLE, str(failure))
    except Exception as failure:
        # Of the failure only its kind and place: what it says may hold an address or a name.
        place = traceback.extract_tb(failure.__traceback__)[-1]
        log.error("mail_unsendable", mail=claim.mail_id, kind=type(failure).__name__, line=place.lineno, of=place.name)
        return Result(Outcome.UNSENDABLE, f"unsendable:{type(failure).__name__}")
    finally:
        end_reading()


def _prepare(mail_id: str, connection: MailConnection) -> Ready | Result:
    """What `_prepared` promises. What the server can be asked before anything is decided, it answers meanwhile."""
    claimed = mails.claimed(mail_id)
    if claimed is None:
        return Result(Outcome.NOT_ELIGIBLE, "erased")
    reason = messages.why_never(claimed)
    if reason is not None:
        return Result(Outcome.NOT_ELIGIBLE, reason)
    mail, kind = claimed.mail, messages.kind_of(claimed.mail)
    mailbox = kind.mailbox(mail)
    back = return_path(mail_id, mailbox.key)
    recipient, sender = route(mailbox.address, back)
    connection.announce(sender)
    not_now = _why_not_now(mail, kind, mailbox)
    if not_now is not None:
        return not_now
    rendered = _rendered(mail, kind, mailbox)
    end_reading()  # no transaction stays open while we wait for the network
    connection.address(recipient)
    envelope = build(rendered, recipient=mailbox.address, mail_id=mail_id, moment=now(), return_path=back)
    return Ready(envelope, mailbox.key)


def _why_not_now(mail: OutgoingMail, kind: Kind, mailbox: Mailbox) -> Result | None:
    """Why the mail must not go, or not yet; None when it may. What of its contents may not go is taken out of it."""
    reason = messages.why_not(mail, mailbox)
    if reason is not None:
        return Result(Outcome.NOT_ELIGIBLE, reason)
    later = messages.not_before(mail, now())
    if later is not None:
        return Result(Outcome.NOT_YET, "outside_morning", until=later)
    if kind.settle is None:
        return None
    with transaction():
        reason = kind.settle(mail)
    return None if reason is None else Result(Outcome.NOT_ELIGIBLE, reason)


def _rendered(mail: OutgoingMail, kind: Kind, mailbox: Mailbox) -> Rendered:
    token = None
    if mailbox.reader_id != mail.reader_id:
        with transaction():
            mail.reader_id = mailbox.reader_id
    if kind.token is not None:
        with transaction():
            token = tokens.issue(mail.account, kind.token, moment=now(), address=mailbox.address)
    return kind.render(Draft(mail, token, mailbox.address))


def paused_until() -> datetime | None:
    """Until when nothing is tried because our own mail server cannot be used; None when the queue runs."""
    trouble = mails.server_trouble(now())
    return trouble.paused_until if trouble else None
