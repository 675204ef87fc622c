"""Planting the letters that sponsors wrote, as they noted them."""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from itertools import zip_longest
from typing import Any, Final

from sqlalchemy import insert

from app.audit_words import AuditAction, AuditEntity
from app.database import session
from app.demo.dice import Dice, derived_id
from app.demo.letters import MOST_LETTERS, InventedLetter, Span, letters_between, rhythm_of, writable_spans
from app.demo.lives import Step
from app.demo.people import InventedPrisoner, InventedSponsor
from app.demo.planting.chronicle import Change
from app.models import Letter
from app.vocabulary import MatchState, SupportKind

SPREAD_DAYS: Final = 15
"""Letters fall due on each of so many days, the day of the seeding first."""

_NOTED_AT: Final = time(18)


class Writing:
    """Deals out the days on which letters are due next, in turn: once among those who live by UTC, once elsewhere."""

    def __init__(self, seed: int, now: datetime) -> None:
        self._seed, self._now = seed, now
        self._turns = {True: 0, False: 0}

    def changes(
        self, match_id: str, steps: Sequence[Step], *, prisoner: InventedPrisoner, sponsor: InventedSponsor
    ) -> Iterator[Change]:
        """Plant the letters of one match, from its steps; gives what the audit trail says of them."""
        rhythm = rhythm_of(prisoner, sponsor)
        if sponsor.support_kind is not SupportKind.LETTER_WRITER or rhythm is None:
            return
        dice = Dice(self._seed, "letters", prisoner.id, sponsor.id)
        letters: list[InventedLetter] = []
        for active in self._active(steps):
            for begin, end in writable_spans(prisoner, active):
                last = end - rhythm / 2 if end else self._last_letter(begin, rhythm, sponsor)
                letters += letters_between(begin, last, rhythm=rhythm, now=self._now.date(), dice=dice)
        rows = [self._row(match_id, letter, sponsor) for letter in letters[-MOST_LETTERS:]]
        if rows:
            session().execute(insert(Letter), rows)
        for row in rows:
            yield Change(
                at=row["recorded_at"],
                by=sponsor.account_id,
                action=AuditAction.LETTER_SENT,
                entity=AuditEntity.LETTER,
                entity_id=row["id"],
                fields=("state", "sent_on"),
            )

    def _active(self, steps: Sequence[Step]) -> Iterator[Span]:
        """From when to when the match was active; the last without an end where it still is."""
        past = [step for step in steps if step.values and step.at <= self._now]
        for step, following in zip_longest(past, past[1:]):
            if step.values["state"] is MatchState.ACTIVE:
                yield step.at.date(), following.at.date() if following else None

    def _last_letter(self, begin: date, rhythm: timedelta, sponsor: InventedSponsor) -> date:
        """The day from which the next letter falls due in its turn; before `begin` where the match is too young."""
        by_utc = sponsor.time_zone == "UTC"
        due = self._now.date() + timedelta(days=self._turns[by_utc] % SPREAD_DAYS)
        last = due - rhythm
        if begin < last < self._now.date():
            self._turns[by_utc] += 1
        return min(last, self._now.date() - timedelta(days=1))

    def _row(self, match_id: str, letter: InventedLetter, sponsor: InventedSponsor) -> dict[str, Any]:
        recorded_at = datetime.combine(letter.sent_on, _NOTED_AT, UTC)
        return {
            "id": derived_id(self._seed, "letter", match_id, letter.sent_on),
            "match_id": match_id,
            "state": letter.state,
            "template": None,
            "language": next((code for code in ("ru", "be") if code in sponsor.languages), "ru"),
            "sent_on": letter.sent_on,
            "recorded_at": recorded_at,
            "recorded_by": sponsor.account_id,
            "version": 1,
        }
