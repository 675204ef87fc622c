"""Mails for the tests to send and read, and people with a canary in every word that is stored about them."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from bs4 import BeautifulSoup
from sqlalchemy import select

from app import clock
from app.database import session
from app.mail.delivery import DeliveryCounts
from app.mail.gathering import Due, gather
from app.mail.outbox import Message, enqueue
from app.models import Account, AddressChange, Match, OutgoingMail, PrisonerFact
from app.partial_date import PartialDate
from app.queries import reminders
from app.reminder_words import ReminderKind
from app.reminders import due
from app.reminders.calendar import POSTAL_LEAD, PREPARING
from app.reminders.keeping import QUIET_FOR
from app.transaction import transaction
from app.vocabulary import DetentionStatus, Fact, MatchState, Publicity, SponsorRole, SupportKind, VettingState
from tests.database.mail.post import NOON, deliver, row
from tests.factories import (
    make_account,
    make_administrator,
    make_match,
    make_office_of,
    make_official_address,
    make_prisoner,
    make_sponsor,
)
from tests.smtp_peer import SmtpPeer, Taken

CANARY = "Canary"
REMINDERS = frozenset({*map(Message, ReminderKind), Message.SEVERAL_REMINDERS})
ABOUT_ADDRESSES = frozenset({Message.CONFIRM_NEW_ADDRESS, Message.ADDRESS_CHANGED})
WHERE_NOON_IS_MORNING = "America/Halifax"


def approved_match(**changes: Any) -> Match:
    """An approved match between two people whose every word is a canary."""
    prisoner = make_prisoner(
        name=f"Prisoner{CANARY}", story=f"Story{CANARY}", home_area=f"Area{CANARY}", occupation=f"Work{CANARY}"
    )
    with transaction():
        illness = {"fact": Fact.SERIOUS_ILLNESS, "source": f"Source{CANARY}", "as_of": NOON.date()}
        session().add(PrisonerFact(prisoner_id=prisoner.id, **illness))
    sponsor = make_sponsor(name=f"Sponsor{CANARY}", parliament=f"Parliament{CANARY}", conflict_notes=f"Notes{CANARY}")
    return make_match(prisoner=prisoner, sponsor=sponsor, **{"state": MatchState.APPROVED} | changes)


NOTICES: Mapping[Message, tuple[MatchState, DetentionStatus]] = {
    Message.RELEASED: (MatchState.ENDED, DetentionStatus.RELEASED),
    Message.CONDOLENCE: (MatchState.ENDED, DetentionStatus.DIED_IN_CUSTODY),
    Message.MOVED: (MatchState.ACTIVE, DetentionStatus.CONVICTED),
    Message.IN_TRANSFER: (MatchState.ACTIVE, DetentionStatus.IN_TRANSFER),
    Message.RETURNED: (MatchState.ACTIVE, DetentionStatus.RETURNED_TO_CUSTODY),
    Message.OFFER_WITHDRAWN: (MatchState.WITHDRAWN, DetentionStatus.RELEASED),
    Message.MATCH_RESTS: (MatchState.PAUSED, DetentionStatus.CONVICTED),
    Message.MATCH_ENDED: (MatchState.ENDED, DetentionStatus.CONVICTED),
    Message.OFFER_LAPSED: (MatchState.LAPSED, DetentionStatus.CONVICTED),
}
"""How match and prisoner stand when a notice is right."""


DECISIONS = {Message.SPONSOR_REJECTED: VettingState.REJECTED, Message.SPONSOR_VETTED: VettingState.VETTED}
"""What was decided when a mail about somebody's vetting is right."""


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
    if message is Message.LOGIN_CLOSED:
        return make_account(disabled_at=NOON).id, None
    if message in (Message.CONFIRM_ADDRESS, Message.INVITATION):
        return make_account(email_confirmed_at=None).id, None
    if message in ABOUT_ADDRESSES:
        account = make_account()
        mailbox = f"new.{account.email}"
        addresses = {"old_email": account.email, "new_email": mailbox}
        with transaction():  # under the account's id, which `queue_for` puts into the occasion
            session().add(AddressChange(id=account.id, account_id=account.id, asked_at=NOON, **addresses))
        return account.id, None
    if message in DECISIONS:
        return make_sponsor(name=f"Sponsor{CANARY}", vetting_state=DECISIONS[message]).account_id, None
    if message in REMINDERS:
        return somebody_to_remind(message)
    if message in (Message.OFFICE_INVITED, Message.PROVE_OFFICIAL):
        return somebody_invited(message), None
    if message is Message.ALERT:
        return make_administrator().id, None
    return make_account().id, None


def somebody_invited(message: Message) -> str:
    """The account of whoever is invited to an office at noon, or has named an official address."""
    sponsor = make_sponsor(role=SponsorRole.PARLIAMENTARIAN)
    if message is Message.OFFICE_INVITED:
        office = make_office_of(sponsor, invited_at=NOON, joined_at=None)
        return office.account_id or ""
    # Under the account's id, which `queue_for` puts into the occasion.
    named = {"address": f"member.{sponsor.id}@parliament.example", "digest": None, "confirmed_at": None}
    make_official_address(sponsor, id=sponsor.account_id, **named)
    return sponsor.account_id


def somebody_to_remind(message: Message) -> tuple[str, str | None]:
    """A sponsor for whom the reminder falls due at its moment, in whose morning noon (UTC) lies."""
    today = moment_of(message).date()
    offered = message is Message.OFFER_UNANSWERED
    match = approved_match(decided_at=NOON - timedelta(days=5))
    change(match.sponsor.account, time_zone=WHERE_NOON_IS_MORNING)
    if not offered:
        change(match, state=MatchState.ACTIVE, answered_at=NOON - timedelta(days=15))
    birthday = PartialDate.of((today + POSTAL_LEAD).replace(year=1980))
    change(match.prisoner, birth_date=birthday, arrested_on=PartialDate(2020, 1, 5), publicity=Publicity.PUBLIC)
    change(match.sponsor, last_sign_on=today, consented_on=today)
    _make_due(message, match, today)
    return match.sponsor.account_id, match.id


def _make_due(message: Message, match: Match, today: date) -> None:
    """What makes a reminder of a kind due that would not be due by itself."""
    if message in (Message.ACTION_IDEA, Message.SPEAK_UP_DATE):
        change(match, kind=SupportKind.GODPARENT, answered_at=NOON - timedelta(weeks=4))
    if message is Message.SPEAK_UP_DATE:
        change(match.prisoner, arrested_on=PartialDate.of((today + PREPARING).replace(year=2020)))
    if message is Message.LONG_QUIET:
        change(match.sponsor, last_sign_on=today - QUIET_FOR)
    if message is Message.MANDATE_ENDING:
        change(match.sponsor, mandate_ends=today + timedelta(days=90))
    if message is Message.RE_CONSENT:
        change(match.sponsor, consented_on=today - timedelta(days=365))


def moment_of(message: Message) -> datetime:
    """When a mail of the kind can go: at noon, but for what waits for its holiday."""
    return NOON + timedelta(days=12) if message is Message.HOLIDAY_AHEAD else NOON


def queue_for(message: Message, account_id: str, match_id: str | None = None) -> str:
    """Queue the message to be sent at its moment, and return its row's id."""
    moment = moment_of(message)
    with clock.at(moment), transaction():
        if message in REMINDERS:
            gather(reminders_of(message, account_id))
            return session().scalars(select(OutgoingMail.id).where(OutgoingMail.account_id == account_id)).one()
        mail = enqueue(message=message, occasion=f"{message}:{account_id}", account_id=account_id, match_id=match_id)
        assert mail is not None
        return mail.id


def reminders_of(message: Message, account_id: str) -> list[Due]:
    """What falls due for the account at the message's moment: of its kind, or a letter and a birthday together."""
    moment, supporter = moment_of(message), reminders.of_account(account_id)
    assert supporter is not None
    wanted = (Message.LETTER_DUE, Message.BIRTHDAY_AHEAD) if message is Message.SEVERAL_REMINDERS else (message,)
    found = [occasion for occasion, reason in due(supporter, moment.date()) if occasion.kind in wanted and not reason]
    assert len(found) == len(wanted)
    return [Due(occasion, account_id, moment) for occasion in found]


def send_one(peer: SmtpPeer, message: Message, *, email: str | None = None) -> Taken:
    """The message as it reaches the peer."""
    account_id, match_id = somebody_for(message)
    if email is not None:
        with transaction():
            session().get_one(Account, account_id).email = email
            for change in session().scalars(select(AddressChange)):
                change.old_email = change.new_email = email
    mail_id = queue_for(message, account_id, match_id)
    assert deliver(moment_of(message) - NOON) == DeliveryCounts(sent=1), row(mail_id).reason
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
