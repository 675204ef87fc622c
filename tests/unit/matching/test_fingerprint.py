"""A fingerprint changes with the facts and with nothing else."""

from dataclasses import replace
from functools import partial

import pytest

from app.matching import fingerprint as keyed
from app.vocabulary import Fact, SponsorRole
from tests.unit.matching.builders import a_prisoner, a_sponsor

fingerprint = partial(keyed, key=b"a key")


def test_the_order_in_which_facts_were_read_leaves_it_as_it_is():
    one = a_sponsor(languages={"ru": "basic", "be": "fluent"})
    other = a_sponsor(languages={"be": "fluent", "ru": "basic"})
    some, same = ({SponsorRole.ARTIST: 1, SponsorRole.VOLUNTEER: 0}, {SponsorRole.VOLUNTEER: 0, SponsorRole.ARTIST: 1})

    assert fingerprint(one) == fingerprint(other)
    assert fingerprint(a_prisoner(role_seats=some)) == fingerprint(a_prisoner(role_seats=same))


@pytest.mark.parametrize(
    "changes", [{"id": "P2"}, {"seats": 2}, {"facts": frozenset({Fact.DISABILITY})}, {"role_seats": {"artist": 1}}]
)
def test_whatever_changes_changes_it(changes):
    assert fingerprint(replace(a_prisoner(), **changes)) != fingerprint(a_prisoner())


def test_it_holds_nothing_that_can_be_read():
    assert len(fingerprint(a_sponsor(id="somebody"))) == 12
    assert "somebody" not in fingerprint(a_sponsor(id="somebody"))


def test_p1_without_the_key_nobody_can_try_out_which_facts_stand_behind_it():
    assert fingerprint(a_prisoner()) != keyed(a_prisoner(), key=b"another key")
