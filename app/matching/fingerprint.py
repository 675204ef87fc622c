"""Whether somebody's facts are still those that a run looked at. Pure.

A fingerprint says neither who a person is nor what is known of them; equal facts have equal fingerprints. It needs a
key: there are few enough facts to try out all that could stand behind a plain digest.
"""

from collections.abc import Mapping
from hashlib import blake2b

from app.matching.facts import PrisonerFacts, SponsorFacts

FINGERPRINT_BYTES = 6
"""Two of 220,000 people share six bytes by chance about once in ten thousand runs."""


def facts_line(person: PrisonerFacts | SponsorFacts) -> str:
    """One person's facts as text; what has no order of its own is put in order, since a database's changes."""
    return repr({name: _in_order(value) for name, value in vars(person).items()})


def fingerprint(person: PrisonerFacts | SponsorFacts, *, key: bytes) -> str:
    """Twelve hex characters for one person's facts, their id included, under a key of at most 64 bytes."""
    return blake2b(facts_line(person).encode(), digest_size=FINGERPRINT_BYTES, key=key).hexdigest()


def _in_order(value: object) -> object:
    if isinstance(value, frozenset):
        return sorted(value)
    return sorted(value.items()) if isinstance(value, Mapping) else value
