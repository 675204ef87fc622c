"""Reminders: the occasions that fall due by each sponsor's next morning go into the outbox, each in one mail, ever."""

from collections import Counter
from collections.abc import Iterator

from app.actions import offers
from app.clock import now
from app.mail.gathering import MAILED_TODAY, Due, gather
from app.queries import reminders as queries
from app.reminders import NextMornings, Supporter, due

BATCH = 500
"""Sponsors that one transaction looks at: other writers wait no longer than it takes."""


class Round:
    """One look at every sponsor who can be reminded of something, in short transactions; before that, offers lapse.

        scheduling = Round()
        while not scheduling.is_over:
            with transaction():
                scheduling.take_batch()

    Any number of rounds may run at once, be broken off and be begun again: an occasion is queued by one of them.
    `queued` and `already` count occasions, `skipped` by its reason each occasion that is due and held back, and
    `lapsed` the offers that nobody answered in time.
    """

    def __init__(self) -> None:
        self.is_over = False
        self.queued = 0
        self.already = 0
        self.lapsed = 0
        self.skipped: Counter[str] = Counter()
        self._offers_are_done = False
        self._last_id = ""
        self._mornings = NextMornings(now())
        self._routes = queries.routes()

    def take_batch(self) -> None:
        """Do the next piece. Belongs inside the caller's `with transaction():`."""
        if self._offers_are_done:
            self._take_sponsors()
            return
        lapsed = offers.lapse_some()
        self.lapsed += lapsed
        self._offers_are_done = lapsed < offers.AT_ONCE
        if self._offers_are_done:
            self._take_sponsors()

    def _take_sponsors(self) -> None:
        """Queue what is due for the next sponsors."""
        supporters = queries.page(after=self._last_id, size=BATCH, routes=self._routes)
        gathered = gather([found for supporter in supporters for found in self._due(supporter)])
        self.queued, self.already = self.queued + gathered.queued, self.already + gathered.already
        if gathered.waiting:
            self.skipped[MAILED_TODAY] += gathered.waiting
        self.is_over = len(supporters) < BATCH
        self._last_id = supporters[-1].sponsor.sponsor_id if supporters else self._last_id

    def _due(self, supporter: Supporter) -> Iterator[Due]:
        """What may be mailed to the sponsor in their next morning."""
        sponsor = supporter.sponsor
        goes_at, day = self._mornings.of(sponsor.time_zone, sponsor.quiet_days)
        for occasion, reason in due(supporter, day):
            if reason is None:
                yield Due(occasion, sponsor.account_id, goes_at)
            else:
                self.skipped[reason] += 1
