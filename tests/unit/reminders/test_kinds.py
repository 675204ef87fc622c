"""What falls due beside letters: holidays, ideas, days to speak up, the end of a mandate, silence, a year gone by."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.reminder_words import ActionIdea, Holiday, ReminderAnswer, ReminderKind
from app.reminders import MatchFacts, answers_to, coming_days, due, idea_of, standing, why_not_to
from app.reminders.calendar import GREETED, SPOKEN_OF
from app.vocabulary import DetentionStatus, MailAccess, MatchState, Publicity, SponsorRole, SupportKind
from tests.unit.reminders.facts import BEGAN, match, supporter

DAY = timedelta(days=1)
GODPARENT = SupportKind.GODPARENT
QUIET = {"last_sign_on": BEGAN, "consented_on": date(2030, 1, 1), "letters_a_month": 0, "idea_weeks": 0}


def days_of(kind: ReminderKind, facts: MatchFacts, *, year: int = 2027) -> list[date]:
    """When occasions of the kind fall due in that year."""
    whole_year = (date(year, 1, 1) + number * DAY for number in range(365))
    found = {one.due_on for day in whole_year for one in standing(facts, day) if one.kind is kind}
    return sorted(day for day in found if day.year == year)


@pytest.mark.parametrize(
    ("changes", "days"),
    [
        ({}, [date(2027, 12, 4)]),
        ({"is_woman": True}, [date(2027, 2, 8), date(2027, 12, 4)]),
        ({"kind": GODPARENT}, []),
        ({"mail_access": MailAccess.INCOMMUNICADO}, []),
    ],
)
def test_letter_writers_are_told_of_holidays_on_which_a_card_is_welcome(
    changes: dict[str, Any], days: list[date]
) -> None:
    assert days_of(ReminderKind.HOLIDAY_AHEAD, match(**changes)) == days


def test_no_letter_is_asked_for_on_the_day_of_political_prisoners() -> None:
    """docs/domain.md, "Letters" 3: a letter that names it does not pass, and can harm."""
    assert {day.holiday for day in GREETED}.isdisjoint(day.holiday for day in SPOKEN_OF)
    assert days_of(ReminderKind.SPEAK_UP_DATE, match(arrested_on=date(2020, 9, 7))) == []


def test_godparents_are_told_of_it_and_of_the_arrest_two_weeks_ahead() -> None:
    facts = match(kind=GODPARENT, arrested_on=date(2020, 9, 7))

    assert days_of(ReminderKind.SPEAK_UP_DATE, facts) == [date(2027, 5, 7), date(2027, 8, 24)]


def test_an_arrest_has_no_anniversary_before_a_year_has_passed() -> None:
    facts = match(kind=GODPARENT, arrested_on=date(2027, 9, 7))

    assert days_of(ReminderKind.SPEAK_UP_DATE, facts) == []


@given(st.dates(date(2027, 1, 1), date(2029, 12, 31)), st.sampled_from([2, 4, 8, 12]))
def test_ideas_come_in_their_rhythm_and_never_two_at_once(on: date, weeks: int) -> None:
    found = [one for one in standing(match(kind=GODPARENT, idea_weeks=weeks), on) if one.kind == "action_idea"]

    assert len(found) <= 1
    assert all((one.due_on - BEGAN) % timedelta(weeks=weeks) == timedelta() for one in found)


def test_each_interval_brings_another_idea_and_parliaments_have_one_more() -> None:
    def ideas(**changes: Any) -> list[ActionIdea | None]:
        facts = match(kind=GODPARENT, **changes)
        return [idea_of(facts, BEGAN + number * timedelta(weeks=4)) for number in range(14)]

    assert len(set(ideas())) == 6
    assert set(ideas(role=SponsorRole.PARLIAMENTARIAN)) == set(ActionIdea)
    quiet = {ActionIdea.LETTER_TO_AUTHORITY, ActionIdea.EMBASSY_CONTACT}
    assert set(ideas(publicity=Publicity.SPONSORS_ONLY)) == quiet
    assert set(ideas(publicity=Publicity.COORDINATORS_ONLY)) == {None}


def sponsor_due(on: date, *matches: MatchFacts, **changes: Any) -> list[tuple[str, str | None]]:
    found = due(supporter(*matches, **QUIET | changes), on)
    return [(occasion.kind, reason) for occasion, reason in found]


def test_a_silence_is_asked_about_once() -> None:
    days = [number for number in range(200) if ("long_quiet", None) in sponsor_due(BEGAN + number * DAY)]

    assert (days[0], days[-1]) == (90, 104)


def test_a_pause_that_ran_out_by_itself_was_no_silence() -> None:
    resumed = {"paused": True, "resumes_on": BEGAN + 80 * DAY}

    assert sponsor_due(BEGAN + 95 * DAY, **resumed) == []
    assert sponsor_due(BEGAN + 170 * DAY, **resumed) == [("long_quiet", None)]


@pytest.mark.parametrize(
    "lost",
    [{"detention_status": DetentionStatus.RELEASED}, {"died": True}, {"state": MatchState.APPROVED}, {"silent": True}],
)
def test_whoever_stands_by_nobody_is_left_in_peace(lost: dict[str, Any]) -> None:
    assert "long_quiet" not in dict(sponsor_due(BEGAN + 95 * DAY, match(**QUIET | lost)))


def test_m3_soon_after_a_death_nobody_asks_a_sponsor_about_themselves() -> None:
    since = {"mourning_since": BEGAN + 85 * DAY}

    assert sponsor_due(BEGAN + 95 * DAY, **since) == [("long_quiet", "in_mourning")]


def test_what_was_due_for_a_sponsor_falls_away_with_a_sign_of_life() -> None:
    on = BEGAN + 95 * DAY
    [(occasion, _reason)] = due(supporter(**QUIET), on)

    heard = supporter(**QUIET | {"last_sign_on": BEGAN + 94 * DAY})
    found = [why_not_to(who, occasion, on=day) for who, day in ((supporter(**QUIET), on), (heard, on))]

    assert found == [None, "no_longer_due"]
    assert why_not_to(supporter(**QUIET), occasion, on=on + 30 * DAY) == "stale"


@pytest.mark.parametrize(
    ("kinds", "answers"),
    [
        (["letter_due"], ["sent", "later", "pause"]),
        (["letter_due", "birthday_ahead"], ["later", "pause"]),
        (["letter_due", "re_consent"], ["sent", "go_on", "later", "pause"]),
        (["action_idea"], ["later", "pause"]),
        (["long_quiet"], ["go_on", "pause"]),
        (["mandate_ending", "speak_up_date"], ["pause"]),
    ],
)
def test_a_mail_offers_the_answers_of_all_that_it_holds(kinds: list[str], answers: list[str]) -> None:
    assert list(answers_to([ReminderKind(kind) for kind in kinds])) == [ReminderAnswer(one) for one in answers]


def test_the_page_names_the_days_that_the_mail_only_tells_of() -> None:
    writer = match(birthday=date(1980, 12, 24))
    godparent = match(kind=GODPARENT, arrested_on=date(2020, 5, 20))

    assert coming_days(writer, date(2026, 12, 10)) == [
        (Holiday.BIRTHDAY, date(2026, 12, 24)),
        (Holiday.NEW_YEAR, date(2027, 1, 1)),
    ]
    assert coming_days(godparent, date(2027, 5, 10)) == [
        (Holiday.ARREST_ANNIVERSARY, date(2027, 5, 20)),
        (Holiday.DAY_OF_POLITICAL_PRISONERS, date(2027, 5, 21)),
    ]
    assert coming_days(match(kind=GODPARENT, publicity=Publicity.SPONSORS_ONLY), date(2027, 5, 10)) == []
