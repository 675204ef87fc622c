"""M4, M5 over months: whoever schedules whenever, every letter that falls due is mailed once, in a morning, in time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from app.reminders import MatchFacts, NextMornings, Occasion, interval, is_morning, standing
from app.reminders.occasions import KEEPS
from app.vocabulary import MailAccess
from tests.unit.reminders.facts import match

DAY = timedelta(days=1)
ZONES = ("Europe/Kyiv", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe", "Pacific/Kiritimati", "Asia/Tehran")
BEGINS = datetime(2026, 1, 1, tzinfo=UTC)


def _mails(facts: MatchFacts, runs: list[datetime]) -> dict[Occasion, datetime]:
    """What schedulers that run at these moments queue, and when each goes."""
    mails: dict[Occasion, datetime] = {}
    for moment in runs:
        goes_at, day = NextMornings(moment).of(facts.sponsor.time_zone)
        for occasion in standing(facts, day):
            mails.setdefault(occasion, goes_at)
    return mails


@given(
    st.sampled_from(ZONES),
    st.integers(1, 31),
    st.integers(0, 364),
    st.lists(st.integers(1, 80), min_size=40, max_size=120),
)
def test_with_outages_of_up_to_three_days_nothing_is_lost_doubled_or_late(
    zone: str, letters: int, began: int, hours_between: list[int]
) -> None:
    since = BEGINS + began * DAY
    facts = match(time_zone=zone, letters_a_month=letters, active_since=since.date())
    runs = [since]
    for hours in hours_between:
        runs.append(runs[-1] + timedelta(hours=hours))

    mails = _mails(facts, runs)

    rhythm = interval(letters, MailAccess.OPEN)
    assert rhythm
    expected = {since.date() + number * rhythm for number in range(1, (runs[-1] - since) // rhythm + 1)}
    certain = {day for day in expected if day + 5 * DAY < runs[-1].date()}
    assert certain <= {occasion.due_on for occasion in mails}
    for occasion, goes_at in mails.items():
        there = goes_at.astimezone(ZoneInfo(zone))
        assert is_morning(goes_at, ZoneInfo(zone))
        assert occasion.due_on <= there.date() <= occasion.due_on + KEEPS[occasion.kind]


@given(st.sampled_from(ZONES), st.integers(0, 364), st.permutations(range(0, 60)))
def test_a_clock_that_jumps_makes_no_occasion_of_its_own(zone: str, began: int, order: list[int]) -> None:
    since = BEGINS + began * DAY
    facts = match(time_zone=zone, active_since=since.date())
    in_order, jumping = (_mails(facts, [since + number * DAY for number in days]) for days in (range(60), order))

    assert jumping.keys() == in_order.keys()
