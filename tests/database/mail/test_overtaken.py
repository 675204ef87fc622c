"""What happens at mail 1 of 100 holds for the other 99: whatever it is, no further such mail goes (M3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete

from app import clock
from app.actions import preferences
from app.database import session
from app.mail import occasions
from app.mail.gathering import Due, gather
from app.mail.outbox import Message, enqueue
from app.models import Account, Match, OutgoingMail, Prisoner, Sponsor
from app.queries.accounts import viewer_of
from app.reminder_words import ReminderKind
from app.reminders import Occasion
from app.transaction import transaction
from app.vocabulary import DetentionStatus, MatchState
from tests.database.mail.letters import WHERE_NOON_IS_MORNING, change
from tests.database.mail.post import NOON, deliver, settings
from tests.factories import make_account, make_match, make_prisoner, make_sponsor
from tests.factories.writing import writing
from tests.smtp_peer import SmtpPeer

MANY = 100

pytestmark = pytest.mark.slow


def _sponsor(**changes: object) -> Sponsor:
    return make_sponsor(account=make_account(time_zone=WHERE_NOON_IS_MORNING), **changes)


def _many_reminded(prisoner: Prisoner) -> Match:
    """So many sponsors of one prisoner, each with a reminder that is due; the first match."""
    long_ago = NOON - timedelta(days=15)
    with clock.at(NOON), writing():
        matches = [
            make_match(prisoner=prisoner, sponsor=_sponsor(), state=MatchState.ACTIVE, answered_at=long_ago)
            for _ in range(MANY)
        ]
        due = [Occasion(ReminderKind.LETTER_DUE, match.id, NOON.date()) for match in matches]
        gather([Due(one, match.sponsor.account_id, NOON) for one, match in zip(due, matches, strict=True)])
        return matches[0]


def _many_offered() -> Match:
    """So many offers to one sponsor, whose reminders would all share one mail; the first match."""
    with clock.at(NOON), writing():
        sponsor = _sponsor(capacity=MANY)
        matches = [make_match(sponsor=sponsor, state=MatchState.APPROVED) for _ in range(MANY)]
        for match in matches:
            key = occasions.offer(match.id, version=match.version)
            enqueue(message=Message.OFFER, occasion=key, account_id=sponsor.account_id, match_id=match.id)
        return matches[0]


def _pause(match: Match) -> None:
    with transaction():
        preferences.pause(by=viewer_of(match.sponsor.account), resumes_on=None)


def _leave(match: Match) -> None:
    with transaction():
        preferences.leave(by=viewer_of(match.sponsor.account))


def _erase(match: Match) -> None:
    sponsor_id, account_id = match.sponsor_id, match.sponsor.account_id
    with transaction():
        session().execute(delete(Match).where(Match.sponsor_id == sponsor_id))
        session().execute(delete(Sponsor).where(Sponsor.id == sponsor_id))
        session().execute(delete(Account).where(Account.id == account_id))


TO_A_SPONSOR = {"pauses": _pause, "leaves": _leave, "is erased": _erase}
ABOUT_A_PRISONER = {"is released": DetentionStatus.RELEASED, "dies": DetentionStatus.DIED_IN_CUSTODY}


def _deliver_while(app: Flask, peer: SmtpPeer, match: Match, happen: Callable[[Match], None]) -> int:
    """Deliver, have it happen while the first mail is handed over, and say how many went."""
    first, match_id = iter([happen]), match.id

    def once() -> None:
        for event in first:
            with app.app_context(), clock.at(NOON):
                event(session().get_one(Match, match_id))

    session().rollback()
    peer.script.taken = once
    with settings(app, mail_timeout_seconds=60):  # so that it may take its time on a busy machine
        counts = deliver()
    assert (counts.waiting, counts.failed, counts.in_doubt) == (0, 0, 0)
    assert deliver(timedelta(days=1)).sent == 0
    return len(peer.mails)


@pytest.mark.parametrize("event", TO_A_SPONSOR)
def test_m3_a_sponsor_to_whom_something_happens_at_mail_1_of_100_gets_no_other(
    app: Flask, peer: SmtpPeer, event: str
) -> None:
    match = _many_offered()

    assert _deliver_while(app, peer, match, TO_A_SPONSOR[event]) == 1
    assert session().query(OutgoingMail).count() == (0 if event == "is erased" else MANY)


@pytest.mark.parametrize("event", ABOUT_A_PRISONER)
def test_m3_nobody_is_reminded_of_a_prisoner_to_whom_something_happens_at_mail_1_of_100(
    app: Flask, peer: SmtpPeer, event: str
) -> None:
    prisoner = make_prisoner(letter_writer_seats=MANY)
    match = _many_reminded(prisoner)

    def happen(match: Match) -> None:
        change(match.prisoner, detention_status=ABOUT_A_PRISONER[event])

    assert _deliver_while(app, peer, match, happen) == 1


@pytest.mark.parametrize("mails", ["reminders", "offers"])
def test_m3_without_any_event_all_100_go(app: Flask, peer: SmtpPeer, mails: str) -> None:
    prisoner = make_prisoner(letter_writer_seats=MANY)
    match = _many_reminded(prisoner) if mails == "reminders" else _many_offered()

    assert _deliver_while(app, peer, match, lambda _match: None) == MANY
