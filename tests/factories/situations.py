"""Small worlds after a run, for whatever is said about runs."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from app.actions import runs
from app.clock import today
from app.models import MatchingRun, Prisoner, Sponsor
from app.transaction import transaction
from app.vocabulary import SupportKind
from tests.factories.prisoners import make_prisoner
from tests.factories.sponsors import make_sponsor


@dataclass(frozen=True)
class Rivals:
    """A prisoner with one seat for letters, the sponsor whom a run proposes, and the one who would be next."""

    prisoner: Prisoner
    first: Sponsor
    second: Sponsor


def make_rivals(*, first: dict[str, Any] | None = None, second: dict[str, Any] | None = None, **changes: Any) -> Rivals:
    """Two who suit but for ten points: the first writes Russian well, the second a little."""
    return Rivals(
        prisoner=make_prisoner(**{"letter_writer_seats": 1} | changes),
        first=make_sponsor(**{"name": "Zoja Pieršaja", "capacity": 1} | (first or {})),
        second=make_sponsor(**{"name": "Ihar Druhi", "capacity": 1, "languages": {"ru": "basic"}} | (second or {})),
    )


def make_stored_run(*, kind: SupportKind = SupportKind.LETTER_WRITER, day: date | None = None) -> MatchingRun:
    """Run the matching on whatever there is, and keep it."""
    computed = runs.compute(kind, day or today())
    with transaction():
        return runs.store(computed, by=None)
