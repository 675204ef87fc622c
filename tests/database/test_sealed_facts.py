"""P1: what makes a prisoner vulnerable stands in no table and no file, neither in words nor in what betrays them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.clock import today
from app.database import scrub, session
from app.errors import SealBroken
from app.matching import facts_line, fingerprint
from app.models import MatchingRun, PrisonerFact
from app.queries import fingerprints
from app.queries import matching as facts
from app.transaction import transaction
from app.vocabulary import Fact, MailAccess, SupportKind, Visibility
from tests.factories import make_administrator, make_dry_run_task, make_prisoner, make_sponsor, make_stored_run, writing
from tests.stored import everything_stored

SOURCE = "canary-doctor"
ABOUT = {"urgency": {Fact.SERIOUS_ILLNESS: [4, 5]}, "prisoner": "somebody"}


def _somebody_ill(*known: Fact, visibility: Visibility = Visibility.COORDINATORS) -> str:
    with writing():
        prisoner = make_prisoner(facts=known or [Fact.SERIOUS_ILLNESS])
        for fact in prisoner.facts:
            fact.source, fact.visibility = SOURCE, visibility
    return prisoner.id


@pytest.mark.parametrize("visibility", Visibility)
def test_p1_facts_and_their_sources_are_nowhere_in_what_is_stored(app: Flask, visibility: Visibility) -> None:
    scrub()  # policies that other tests wrote name every fact, and stand in SQLite's log
    _somebody_ill(visibility=visibility)
    make_dry_run_task(by=make_administrator(), found={"version": 1, "kinds": {"godparent": {"prisoners": [ABOUT]}}})

    stored = everything_stored()

    assert (SOURCE in stored, Fact.SERIOUS_ILLNESS in stored) == (False, False)
    [known] = session().scalars(select(PrisonerFact))
    assert (known.fact, known.source, known.visibility) == (Fact.SERIOUS_ILLNESS, SOURCE, visibility)


def test_p1_no_ciphertext_tells_a_fact_by_its_length(app: Flask) -> None:
    _somebody_ill(*Fact)

    lengths = {len(sealed) for sealed in session().scalars(select(PrisonerFact.fact_sealed))}

    assert len(lengths) == 1


def test_p1_who_shares_a_fact_cannot_be_seen(app: Flask) -> None:
    _somebody_ill()
    _somebody_ill()

    rows = session().execute(select(PrisonerFact.fact_index, PrisonerFact.fact_sealed)).all()

    assert (len({row.fact_index for row in rows}), len({row.fact_sealed for row in rows})) == (2, 2)


def test_p1_what_a_run_keeps_of_everybody_cannot_be_tried_out(app: Flask) -> None:
    """Without a key seven facts are 128 tries."""
    prisoner_id = _somebody_ill()
    make_sponsor()
    make_stored_run()
    kept = session().scalars(select(MatchingRun.fingerprints)).one()
    [line] = facts.prisoner_facts(SupportKind.LETTER_WRITER, [prisoner_id])

    assert fingerprints.fingerprint(line) in (kept or ())
    assert Fact.SERIOUS_ILLNESS in facts_line(line)
    assert fingerprint(line, key=b"") not in (kept or ())


def test_a_prisoner_has_each_fact_once(app: Flask) -> None:
    prisoner_id = _somebody_ill()
    again = {"fact": Fact.SERIOUS_ILLNESS, "source": "another", "as_of": today()}

    with pytest.raises(IntegrityError), transaction():
        session().add(PrisonerFact(prisoner_id=prisoner_id, **again))


def test_no_fact_is_sealed_before_its_prisoner_is_named() -> None:
    with pytest.raises(ValueError, match="before the value"):
        PrisonerFact(fact=Fact.DISABILITY)


def test_p1_the_ciphertext_of_a_fact_opens_in_no_other_row(app: Flask) -> None:
    _somebody_ill(Fact.SERIOUS_ILLNESS, Fact.SMALL_CHILDREN)
    one, other = session().scalars(select(PrisonerFact))
    moved: dict[str, Any] = {"fact_sealed": one.fact_sealed, "source_sealed": one.fact_sealed}
    with transaction():
        session().execute(update(PrisonerFact).where(PrisonerFact.id == other.id).values(moved))
    session().expire_all()

    for row, name in ((other, "fact"), (other, "source")):
        with pytest.raises(SealBroken):
            getattr(row, name)
    with pytest.raises(SealBroken):
        facts.fact_sheet(SupportKind.LETTER_WRITER, today())


def test_a_run_reads_every_fact(app: Flask) -> None:
    _somebody_ill(Fact.SERIOUS_ILLNESS, Fact.SMALL_CHILDREN)
    make_prisoner(mail_access=MailAccess.OPEN)

    sheet = facts.fact_sheet(SupportKind.LETTER_WRITER, today())

    assert sorted(sorted(person.facts) for person in sheet.prisoners) == [
        [], [Fact.SERIOUS_ILLNESS, Fact.SMALL_CHILDREN],
    ]  # fmt: skip
