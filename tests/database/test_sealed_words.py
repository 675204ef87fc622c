"""P1: words that only coordinators read stand in no table and no file of the database."""

from flask import Flask

from app.database import session
from app.models import Match, Sponsor
from tests.factories import make_match, make_sponsor
from tests.stored import everything_stored

CANARY = "canary-words"


def test_p1_the_words_of_and_about_a_sponsor_are_nowhere_in_what_is_stored(app: Flask) -> None:
    sponsor = make_sponsor(conflict_notes=f"{CANARY}-1", vetting_reason=f"{CANARY}-2")
    notes = {name: f"{CANARY}-{name}" for name in ("decline_note", "refusal_note", "coordinator_note")}
    match = make_match(sponsor=sponsor, **notes)
    sponsor_id, match_id = sponsor.id, match.id

    assert CANARY not in everything_stored()
    stored = session().get_one(Sponsor, sponsor_id)
    assert (stored.conflict_notes, stored.vetting_reason) == (f"{CANARY}-1", f"{CANARY}-2")
    assert {name: getattr(session().get_one(Match, match_id), name) for name in notes} == notes
