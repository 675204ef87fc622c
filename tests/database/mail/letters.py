"""Mails for the tests to send and read, and people with a canary in every word that is stored about them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bs4 import BeautifulSoup

from app import clock
from app.database import session
from app.mail.delivery import DeliveryCounts
from app.mail.outbox import Message, enqueue
from app.models import Account, Match, PrisonerFact
from app.partial_date import PartialDate
from app.reminders.rhythm import POSTAL_LEAD
from app.transaction import transaction
from app.vocabulary import DetentionStatus, Fact, MatchState, VettingState
from tests.database.mail.post import NOON, deliver, row
from tests.factories import make_account, make_administrator, make_match, make_prisoner, make_sponsor
from tests.smtp_peer import SmtpPeer, Taken

CANARY = "Canary"
REMINDERS = frozenset({Message.LETTER_DUE, Message.BIRTHDAY_AHEAD, Message.OFFER_UNANSWERED})
WHERE_NOON_IS_MORNING = "America/Halifax"


def approved_match(**changes: Any) -> Match:
    """An approved match between two people whose every word is a canary."""
    prisoner = make_prisoner(
        name=f"Prisoner{CANARY}", story=f"Story{CANARY}", home_area=f"Area{CANARY}", occupation=f"Work{CANARY}"
    )
    with transaction():
        illness = PrisonerFact(fact=Fact.SERIOUS_ILLNESS, source=f"Source{CANARY}", as_of=NOON.date())
        session().get_one(type(prisoner), prisoner.id).facts.append(illness)
    sponsor = make_sponsor(name=f"Sponsor{CANARY}", parliament=f"Parliament{CANARY}", conflict_notes=f"Notes{CANARY}")
    return make_match(prisoner=prisoner, sponsor=sponsor, **{"state": MatchState.APPROVED} | changes)


NOTICES: Mapping[Message, tuple[MatchState, DetentionStatus]] = {
    Message.RELEASED: (MatchState.ENDED, DetentionStatus.RELEASED),
    Message.CONDOLENCE: (MatchState.ENDED, DetentionStatus.DIED_IN_CUSTODY),
    Message.MOVED: (MatchState.ACTIVE, DetentionStatus.CONVICTED),
    Message.IN_TRANSFER: (MatchState.ACTIVE, DetentionStatus.IN_TRANSFER),
    Message.RETURNED: (MatchState.ACTIVE, DetentionStatus.RETURNED_TO_CUSTODY),
    Message.OFFER_WITHDRAWN: (MatchState.WITHDRAWN, DetentionStatus.RELEASED),
}
"""How match and prisoner stand when a notice is right."""


def told_of(notice: Message) -> Match:
    """A match of which the notice tells what is true."""
    state, status = NOTICES[notice]
    match = approved_match(state=state)
    change(match.prisoner, detention_status=status)
    return match


def somebody_for(message: Message) -> tuple[str, str | None]:
    """Somebody to whom the message may go now: the account's id, and the match's where it is about one."""
    if message is Message.OFFER:
        match = approved_match()
        return match.sponsor.account_id, match.id
    if message in NOTICES:
        match = told_of(message)
        return match.sponsor.account_id, match.id
    if message is Message.CONFIRM_ADDRESS:
        return make_account(email_confirmed_at=None).id, None
    if message is Message.SPONSOR_REJECTED:
        return make_sponsor(name=f"Sponsor{CANARY}", vetting_state=VettingState.REJECTED).account_id, None
    if message is Message.SPONSOR_VETTED:
        return make_sponsor(name=f"Sponsor{CANARY}").account_id, None
    if message in REMINDERS:
        return somebody_to_remind(message)
    if message is Message.ALERT:
        return make_administrator().id, None
    return make_account().id, None


def somebody_to_remind(message: Message) -> tuple[str, str | None]:
    """A sponsor for whom the reminder falls due today, and in whose morning noon (UTC) lies."""
    today = NOON.date()
    match = approved_match(decided_at=NOON - timedelta(days=5))
    change(match.sponsor.account, time_zone=WHERE_NOON_IS_MORNING)
    change(match.prisoner, birth_date=PartialDate.of((today + POSTAL_LEAD).replace(year=1980)))
    if message is not Message.OFFER_UNANSWERED:
        change(match, state=MatchState.ACTIVE, answered_at=NOON - timedelta(days=15))
    return match.sponsor.account_id, match.id


def queue_for(message: Message, account_id: str, match_id: str | None = None) -> str:
    """Queue the message to be sent at noon, and return its row's id."""
    occasion = f"{message}:{match_id}:{NOON.date()}" if message in REMINDERS else f"{message}:{account_id}"
    with clock.at(NOON), transaction():
        mail = enqueue(message=message, occasion=occasion, account_id=account_id, match_id=match_id)
        assert mail is not None
        return mail.id


def send_one(peer: SmtpPeer, message: Message, *, email: str | None = None) -> Taken:
    """The message as it reaches the peer."""
    account_id, match_id = somebody_for(message)
    if email is not None:
        with transaction():
            session().get_one(Account, account_id).email = email
    mail_id = queue_for(message, account_id, match_id)
    assert deliver() == DeliveryCounts(sent=1), row(mail_id).reason
    return peer.mails[-1]


def text_of(mail: Taken) -> str:
    """The mail's text part, with plain line ends."""
    part = mail.message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html_of(mail: Taken) -> BeautifulSoup:
    """The mail's HTML part, read."""
    part = mail.message.get_body(("html",))
    assert part is not None
    return BeautifulSoup(part.get_content(), "html.parser")


def change(thing: object, **values: Any) -> None:
    """Change a row while its mail waits."""
    with transaction():
        for name, value in values.items():
            setattr(thing, name, value)
