"""What has outlived its period is deleted on schedule, and nothing else (P6)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from app import clock
from app.actions.purging import RULES, Purge
from app.clock import now
from app.database import session
from app.jobs import tasks
from app.mail.outbox import Message
from app.models import (
    Account,
    AuditEvent,
    Base,
    Canary,
    Match,
    OutgoingMail,
    Reminder,
    Sponsor,
)
from app.reminder_words import ReminderKind
from app.retention import PURGED, Category, period
from app.transaction import transaction
from app.vocabulary import MatchState, OutgoingState, QuarantineState, VettingState
from tests.database.cli.runner import answer, run
from tests.database.overdue import CANARY, DAY, SCENES, gone
from tests.database.reminders.people import EIGHT, occasions, schedule, writer
from tests.factories import (
    make_account,
    make_administrator,
    make_canary,
    make_coordinator,
    make_export,
    make_mail,
    make_match,
    make_office,
    make_quarantined_row,
    make_sponsor,
    make_suppressed_address,
    make_upload,
    vouch_for,
    writing,
)
from tests.factories.writing import add
from tests.stored import everything_stored


def purged(at: datetime) -> dict[str, int]:
    """What a purge at that moment takes, without the zeros."""
    session().rollback()
    purging = Purge()
    with clock.at(at):
        while not purging.is_over:
            with transaction():
                purging.take_batch()
    return {category.value: number for category, number in purging.gone.items() if number}


def left(table: type[Base]) -> int:
    session().rollback()
    return session().scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.parametrize("category", PURGED)
def test_p6_each_category_goes_when_its_period_is_over_and_not_before(app: Flask, category: Category) -> None:
    with clock.at(datetime(2026, 3, 1, tzinfo=now().tzinfo)):
        start = now()
        make_office()
        SCENES[category]()
    over = start + period(category)

    assert purged(over - timedelta(minutes=1)).get(category.value) is None or not period(category)
    assert purged(over + DAY)[category.value] == 1
    assert purged(over + DAY).get(category.value) is None
    events = session().scalars(select(AuditEvent).where(AuditEvent.action == "purge")).all()
    assert [
        (event.entity_id, event.by_account_id, event.fields) for event in events if event.entity_id == category
    ] == [(category, None, [])]


def test_p6_what_was_purged_stands_in_no_byte_and_the_trail_verifies(app: Flask) -> None:
    for state in (VettingState.REJECTED, VettingState.PENDING):
        make_sponsor(name=CANARY, email=f"{CANARY}{state}@example.org", conflict_notes=CANARY, vetting_state=state)
    make_quarantined_row(as_of=now().date(), says={"name": CANARY})
    make_upload(by=make_office(), content=CANARY.encode() * 2000, filename=CANARY)
    make_export(by=make_office(), reason=CANARY)
    assert CANARY in everything_stored()

    later = now() + 800 * DAY
    found = answer(app, "privacy", "purge", "--now", later.isoformat())

    assert list(found) == [category.value for category in PURGED]
    assert CANARY not in everything_stored()
    assert run(app, "audit", "verify").exit_code == 0


def test_p6_invented_people_people_at_work_and_people_with_a_match_stay(app: Flask) -> None:
    planted = make_sponsor(vetting_state=VettingState.REJECTED)
    make_canary(sponsor_id=planted.id, account_id=planted.account_id)
    make_canary(sponsor_id=make_sponsor().id)
    make_match(state=MatchState.ACTIVE)
    make_coordinator(regions=["DE"], disabled_at=now())
    make_administrator()
    before = left(Account)

    found = purged(now() + 3000 * DAY)

    assert left(Account) == before - 1  # the second canary names no account: its sponsor is like any other
    assert found == {"sponsors_not_heard_of": 1}
    assert left(Canary) == 1


def test_p6_a_disabled_administrator_is_erased_once_a_colleague_can_log_in(app: Flask) -> None:
    make_administrator(disabled_at=now(), email="gone@example.org")
    make_administrator(email_confirmed_at=None, email="invited@example.org")
    assert purged(now() + 366 * DAY) == {}
    make_administrator()

    assert purged(now() + 366 * DAY) == {"closed_accounts": 1}
    assert left(Account) == 2


def test_p6_whoever_shows_a_sign_of_life_stays(app: Flask) -> None:
    make_sponsor(last_sign_on=date(2028, 6, 1))
    make_sponsor(vetting_state=VettingState.PENDING, last_sign_on=date(2028, 6, 1))

    assert purged(datetime(2029, 5, 1, tzinfo=now().tzinfo)) == {}


def test_p6_with_the_last_match_go_the_empty_records_of_whoever_was_erased(app: Flask) -> None:
    gone()
    make_office()

    assert purged(now() + 731 * DAY)["matches_of_erased_people"] == 1

    assert (left(Match), left(Sponsor), left(Account)) == (0, 0, 1)


def test_m4_mails_that_may_still_go_and_an_unanswered_yearly_question_are_not_purged(app: Flask) -> None:
    sponsor = make_match(state=MatchState.ACTIVE).sponsor
    for state in set(OutgoingState) - {OutgoingState.SENT, OutgoingState.FAILED, OutgoingState.SUPPRESSED}:
        make_mail(account_id=sponsor.account_id, state=state)
    asked = make_mail(account_id=sponsor.account_id, state=OutgoingState.SENT, message=Message.RE_CONSENT)
    kind = ReminderKind.RE_CONSENT
    with writing():
        add(Reminder(occasion=f"{kind}:{sponsor.id}:{now():%Y-%m-%d}", kind=kind, mail_id=asked.id))
    before, later = left(OutgoingMail), now() + 401 * DAY

    assert purged(later) == {}
    assert left(OutgoingMail) == before
    with writing():
        sponsor.consented_on = later.date()
    assert purged(later) == {"mails": 1}
    assert left(Reminder) == 0


def test_m4_what_was_mailed_falls_due_no_second_time_after_its_mail_was_purged(app: Flask) -> None:
    match = writer()
    schedule(app)
    before = occasions()
    with writing():
        for mail in session().scalars(select(OutgoingMail)):
            mail.state, mail.sent_at = OutgoingState.SENT, EIGHT
    later = EIGHT + 27 * 15 * DAY  # so that a letter falls due again

    assert purged(later)["mails"] == len(before) == 1
    vouch_for(match.prisoner, verified_on=later.date())
    schedule(app, later)

    assert len(occasions()) == 1
    assert not set(before) & set(occasions())


def test_p6_decisions_about_rows_and_suppressed_addresses_outlive_the_purge(app: Flask) -> None:
    """F2: what was decided about a row must hold when a list brings it again; it names nobody."""
    make_quarantined_row(as_of=now().date(), state=QuarantineState.SAME_PERSON)
    make_suppressed_address()

    assert purged(now() + 3000 * DAY) == {}


def test_p6_a_purge_that_is_killed_is_ended_by_the_next_in_small_transactions(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    office = make_office()
    for _ in range(5):
        make_export(by=office)
        make_sponsor(account=make_account(email_confirmed_at=None))
    monkeypatch.setattr(
        "app.actions.purging.RULES", {one: replace(rule, at_once=min(2, rule.at_once)) for one, rule in RULES.items()}
    )
    began = Purge()

    with clock.at(now() + 366 * DAY):
        for _ in range(3):
            with transaction():
                began.take_batch()
        assert began.gone[Category.UNCONFIRMED] == 3
        result = tasks.purge(stopping=lambda: False)

    assert result == {"unconfirmed_sign_ups": 2, "export_requests": 5}
    assert tasks.purge(stopping=lambda: True) == {}
