"""Fingerprints of people's facts under a key: else whoever has the database could try out which facts fit one."""

from app import matching
from app.keys import KeyPurpose, derive
from app.settings import current_settings


def fingerprint(person: matching.PrisonerFacts | matching.SponsorFacts) -> str:
    """What a run keeps of one person's facts, to know later whether they are still the same."""
    return matching.fingerprint(person, key=derive(current_settings().secret_key, KeyPurpose.FINGERPRINT))
