"""What happens at mail 1 of 100 holds for the other 99: whatever it is, no further such mail goes (M3)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select

from app import clock
from app.actions import preferences
from app.database import session
from app.mail.gathering import Due, gather
from app.models import Account, Match, OutgoingMail, Prisoner, Sponsor
from app.queries.accounts import viewer_of
from app.reminder_words import ReminderKind
from app.reminders import Occasion
from app.transaction import transaction
from app.vocabulary import DetentionStatus, MatchState, OutgoingState
from tests.database.mail.letters import WHERE_NOON_IS_MORNING, change
from tests.database.mail.post import NOON, deliver
from tests.factories import make_account, make_match, make_prisoner, make_sponsor
from tests.factories.writing import writing
from tests.smtp_peer import SmtpPeer

MANY = 100

pytestmark = pytest.mark.slow


def _sponsor(**changes: object) -> Sponsor:
    return make_sponsor(account=make_account(time_zone=WHERE_NOON_IS_MORNING), **changes)


def _queue(matches: list[Match]) -> None:
    """Queue a letter reminder for each of the matches, of sponsors of their own: one mail each."""
    occasions = ((match, Occasion(ReminderKind.LETTER_DUE, match.id, NOON.date())) for match in matches)
    gather([Due(occasion, match.sponsor.account_id, NOON) for match, occasion in occasions])


def _many(prisoner: Callable[[], Prisoner]) -> None:
    """So many active matches, each with a reminder that is due."""
    with clock.at(NOON), writing():
        _queue([_active(prisoner(), _sponsor()) for _ in range(MANY)])


def _active(prisoner: Prisoner, sponsor: Sponsor) -> Match:
    long_ago = NOON - timedelta(days=15)
    return make_match(prisoner=prisoner, sponsor=sponsor, state=MatchState.ACTIVE, answered_at=long_ago)


def _pause(match: Match) -> None:
    with transaction():
        preferences.pause(by=viewer_of(match.sponsor.account), resumes_on=None)


def _unsubscribe(match: Match) -> None:
    with transaction():
        preferences.unsubscribe(match.sponsor.account_id, [ReminderKind.LETTER_DUE], from_all=False)


def _leave(match: Match) -> None:
    with transaction():
        preferences.leave(by=viewer_of(match.sponsor.account))


def _erase(match: Match) -> None:
    sponsor_id, account_id = match.sponsor_id, match.sponsor.account_id
    with transaction():
        session().execute(delete(Match).where(Match.sponsor_id == sponsor_id))
        session().execute(delete(Sponsor).where(Sponsor.id == sponsor_id))
        session().execute(delete(Account).where(Account.id == account_id))


TO_A_SPONSOR = {"pauses": _pause, "unsubscribes": _unsubscribe, "leaves": _leave, "is erased": _erase}
ABOUT_A_PRISONER = {"is released": DetentionStatus.RELEASED, "dies": DetentionStatus.DIED_IN_CUSTODY}


def _deliver_while(app: Flask, peer: SmtpPeer, happen: Callable[[Match], None]) -> int:
    """Deliver, have it happen to one whose mail still waits while the first is handed over; say how many went."""
    first = iter([happen])

    def once() -> None:
        for event in first:
            with app.app_context(), clock.at(NOON):
                event(session().scalars(select(Match).join(OutgoingMail).where(_WAITS).limit(1)).one())

    session().rollback()
    peer.script.taken = once
    counts = deliver()
    assert (counts.waiting, counts.failed, counts.in_doubt) == (0, 0, 0)
    assert deliver(timedelta(days=1)).sent == 0
    return len(peer.mails)


_WAITS = OutgoingMail.state == OutgoingState.QUEUED


@pytest.mark.parametrize("event", TO_A_SPONSOR)
def test_m3_a_sponsor_to_whom_something_happens_at_mail_1_of_100_gets_none(
    app: Flask, peer: SmtpPeer, event: str
) -> None:
    _many(make_prisoner)

    assert _deliver_while(app, peer, TO_A_SPONSOR[event]) == MANY - 1
    assert session().query(OutgoingMail).count() == (MANY - 1 if event == "is erased" else MANY)


@pytest.mark.parametrize("event", ABOUT_A_PRISONER)
def test_m3_nobody_is_reminded_of_a_prisoner_to_whom_something_happens_at_mail_1_of_100(
    app: Flask, peer: SmtpPeer, event: str
) -> None:
    prisoner = make_prisoner(letter_writer_seats=MANY)
    _many(lambda: prisoner)

    def happen(match: Match) -> None:
        change(match.prisoner, detention_status=ABOUT_A_PRISONER[event])

    assert _deliver_while(app, peer, happen) == 1


def test_m3_without_any_event_all_100_go(app: Flask, peer: SmtpPeer) -> None:
    _many(make_prisoner)

    assert _deliver_while(app, peer, lambda _match: None) == MANY
