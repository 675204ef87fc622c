"""Reminders: the occasions that fall due by each sponsor's next morning go into the outbox, one mail each, ever."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from app.clock import now
from app.mail import outbox
from app.queries import reminders as queries
from app.reminders import MatchFacts, NextMornings, Occasion, hindrance, standing

BATCH = 500
"""Matches that one transaction looks at: other writers wait no longer than it takes."""


class Round:
    """One look at every match that a sponsor can be reminded of, in short transactions.

        scheduling = Round()
        while not scheduling.is_over:
            with transaction():
                scheduling.take_batch()

    Any number of rounds may run at once, be broken off and be begun again: an occasion is queued by one of them.
    `queued` and `already` count mails, `skipped` by its reason each occasion that is due and held back.
    """

    def __init__(self) -> None:
        self.is_over = False
        self.queued = 0
        self.already = 0
        self.skipped: Counter[str] = Counter()
        self._last_id = ""
        self._mornings = NextMornings(now())

    def take_batch(self) -> None:
        """Queue what is due in the next matches. Belongs inside the caller's `with transaction():`."""
        matches = queries.batch(after=self._last_id, size=BATCH)
        due = [found for match in matches for found in self._due(match)]
        before = queries.queued_before(occasion.key for occasion, *_ in due)
        for occasion, match, goes_at in due:
            is_new = occasion.key not in before and _queue(occasion, match, goes_at)
            self.queued, self.already = self.queued + is_new, self.already + (not is_new)
        self.is_over = len(matches) < BATCH
        self._last_id = matches[-1].match_id if matches else self._last_id

    def _due(self, match: MatchFacts) -> Iterator[tuple[Occasion, MatchFacts, datetime]]:
        """The match's occasions that may be mailed in the sponsor's next morning, and when that begins."""
        goes_at, day = self._mornings.of(match.sponsor.time_zone, match.sponsor.quiet_days)
        for occasion in standing(match, day):
            reason = hindrance(occasion.kind, match, on=day)
            if reason is None:
                yield occasion, match, goes_at
            else:
                self.skipped[reason] += 1


def _queue(occasion: Occasion, match: MatchFacts, goes_at: datetime) -> bool:
    """Queue the mail, unless another round has just done so."""
    mail = outbox.enqueue(
        message=outbox.Message(occasion.kind),
        occasion=occasion.key,
        account_id=match.sponsor.account_id,
        match_id=match.match_id,
        due_at=goes_at,
    )
    return mail is not None
