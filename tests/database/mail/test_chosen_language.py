"""A mail that waits goes in the language that its recipient has chosen by the time it goes."""

from flask import Flask
from sqlalchemy import func, select

from app.actions.accounts import choose_language
from app.database import session
from app.mail.outbox import Message
from app.models import Account, AuditEvent
from app.queries.accounts import viewer_of
from app.queries.texts import TextKey
from app.transaction import transaction
from app.vocabulary import TextFamily
from tests.database.mail.letters import queue_for, somebody_for
from tests.database.mail.post import deliver
from tests.factories import make_text
from tests.factories.texts import WORDS
from tests.smtp_peer import SmtpPeer

RUSSIAN = "Есть новости"


def _choose(account_id: str, language: str) -> None:
    viewer = viewer_of(session().get_one(Account, account_id))
    with transaction():
        choose_language(language, by=viewer)


def test_what_waits_goes_in_the_language_that_was_chosen_meanwhile(app: Flask, peer: SmtpPeer) -> None:
    make_text(TextKey(TextFamily.MAIL, Message.OFFER, "ru"), parts={**WORDS, "subject": RUSSIAN})
    account_id, match_id = somebody_for(Message.OFFER)
    queue_for(Message.OFFER, account_id, match_id)

    _choose(account_id, "ru")
    deliver()

    assert [mail.message["Subject"] for mail in peer.mails] == [RUSSIAN]


def test_who_chooses_what_they_have_leaves_no_trace(app: Flask) -> None:
    account_id, _match_id = somebody_for(Message.OFFER)
    count = select(func.count()).select_from(AuditEvent)
    before = session().scalar(count)

    _choose(account_id, "en")

    assert session().scalar(count) == before
